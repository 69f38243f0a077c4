"""The network: discrete questions over uncertain parameters, with evidence and statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forecast.model.cells import Cells
from forecast.model.distributions import Distribution
from forecast.model.formula import Const, Formula
from forecast.model.seen import Seen

SCENARIO = "`scenario`"
"""The gate whose state is the scenario. Gates are named in backquotes, as no question can be."""


@dataclass(frozen=True)
class Origin:
    """Where a number came from.

    Attributes
    ----------
    who
        The source: a person, a record, the analyst.
    said
        The day on which it was said.
    words
        What stands in the file: ``likely``, ``x2.5 (1.2..5)``.
    place
        ``file:line``, the file by its way from the scenario file.
    quote, note
        The words of the source and how they were read, where given.
    """

    who: str
    said: dt.date
    words: str
    place: str
    quote: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Lean:
    """How a parameter shares its expert's lean b: z = sqrt(1 - rho^2) eps + direction rho b."""

    expert: str
    rho: float
    direction: int


@dataclass(frozen=True)
class Parameter:
    """A judgement as a random variable; ``path`` is its name everywhere.

    ``components`` names the states that shares are about; it is empty for a single number.
    """

    path: str
    distribution: Distribution
    origin: Origin
    lean: Lean | None = None
    components: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table over the cells of several questions whose entries are formulas of the parameters.

    Attributes
    ----------
    scope
        The questions, one axis each; in the cpd of a question the question itself is last.
    index
        For each cell the number of its entry, shape ``tuple(len(cells[q]) for q in scope)``.
    entries
        The distinct entries.
    """

    scope: tuple[str, ...]
    index: NDArray[np.intp]
    entries: tuple[Formula, ...]

    @property
    def is_fixed(self) -> bool:
        """Whether no entry depends on a parameter."""
        return all(isinstance(entry, Const) for entry in self.entries)


@dataclass(frozen=True)
class Number:
    """What a count or quantity is distributed like, beyond its cells.

    Attributes
    ----------
    laws
        The law in each world of the parents (the axes of the cpd but the last); None where void.
    events
        Date -> days of the window up to it, for each date that is reported.
    """

    laws: NDArray[np.object_]
    events: Mapping[dt.date, float]


@dataclass(frozen=True)
class Node:
    """A question of the network, or an auxiliary node that a condition needs.

    ``role``: a ``latent`` is never observed; a ``derived`` question is defined by others;
    a ``gate`` is no question at all: it says whether a condition holds, or on which day a date
    happens; then ``tells`` is that date; or, where it ``is_pool``, which of several people is
    right. ``number`` holds more of a count or a quantity than its cells.
    """

    name: str
    role: Literal["question", "latent", "derived", "gate"]
    cells: Cells
    cpd: Table
    tells: str | None = None
    number: Number | None = None
    is_pool: bool = False


@dataclass(frozen=True)
class Report:
    """A piece of evidence, as it enters the model."""

    id: str
    text: str
    source: str
    grade: str | None
    reliability: float
    known: dt.date


@dataclass(frozen=True)
class Item:
    """What one table of a view rests on.

    Attributes
    ----------
    kind, names
        Reports by their ids (several where they share an origin); a count so far, or silence, of a
        question.
    reliability, noise
        r: the chance that it carries information; q: how often one that carries none would say so.
    """

    kind: Literal["report", "count", "silence"]
    names: tuple[str, ...]
    reliability: float
    noise: float


@dataclass(frozen=True)
class View:
    """What somebody knew: reports and silence, as likelihood tables.

    Attributes
    ----------
    reports
        The reports, by id.
    until
        The day on which nothing more had been seen to happen; None: silence tells nothing.
    likelihoods
        The tables whose product is P(reports, silence | cells).
    labels
        What each of the tables stands for, in words.
    silent
        The questions whose silence counts, with the days.
    seen
        Question -> how many had been counted so far.
    items
        What each of the first tables rests on; what is taken as given comes after them.
    """

    reports: tuple[str, ...]
    until: dt.date | None
    likelihoods: tuple[Table, ...]
    labels: tuple[str, ...]
    silent: tuple[tuple[str, str], ...]
    seen: Mapping[str, Seen] = field(default_factory=dict)
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Target:
    """A chance that is asked of the network: P(gate = yes, or of the given gate, | view)."""

    gate: str
    given: str | None
    view: int


@dataclass(frozen=True)
class Statement:
    """What an expert said about a question that also has causes.

    With m = P(target | theta) and u = stated + direction * shift * b - logit m the likelihood is
    Normal(u; 0, sd), or Phi(u / sd) for ``side: at most``, Phi(-u / sd) for ``at least``.
    """

    id: str
    of: str
    says: str
    target: Target
    stated: float
    sd: float
    shift: float
    direction: int
    expert: str
    side: Literal["at most", "at least"] | None
    origin: Origin


@dataclass(frozen=True)
class Network:
    """Everything that inference needs; theta is the set of ``parameters``.

    Attributes
    ----------
    title, as_of
        None where the file says nothing of days.
    nodes
        Name -> node, parents first; gates last.
    scenarios
        The names of the scenarios; the states of the gate `SCENARIO`. Where a file names none, the
        gate has one state that is reported nowhere.
    views
        What was known, by whom: ``views[0]`` is nothing, ``views[1]`` all that counts as of the
        as-of date; statements refer to others by number.
    given
        What was taken as known, as it was written.
    file
        The scenario file, as the user named it.
    done
        Question -> the value that it was set to from the as-of date on.
    """

    title: str | None
    as_of: dt.date | None
    nodes: Mapping[str, Node]
    parameters: Mapping[str, Parameter]
    scenarios: tuple[str, ...]
    views: tuple[View, ...]
    statements: tuple[Statement, ...]
    reports: Mapping[str, Report]
    given: tuple[str, ...] = ()
    file: str = ""
    done: Mapping[str, str] = field(default_factory=dict)

    @property
    def experts(self) -> tuple[str, ...]:
        """The experts whose lean b is a coordinate of theta, in alphabetical order."""
        named = {s.expert for s in self.statements if s.shift > 0}
        named |= {p.lean.expert for p in self.parameters.values() if p.lean is not None}
        return tuple(sorted(named))

    @property
    def stated_gates(self) -> tuple[str, ...]:
        """The gates that hold where what statements are about is so, or their conditions."""
        gates = ((s.target.gate, s.target.given) for s in self.statements)
        return tuple(dict.fromkeys(gate for pair in gates for gate in pair if gate is not None))

    def parents(self, name: str) -> tuple[str, ...]:
        """Return the questions that a question depends on, directly or through gates."""
        found: dict[str, None] = {}
        stack = list(reversed(self.nodes[name].cpd.scope[:-1]))
        while stack:
            node = self.nodes[stack.pop()]
            if node.role != "gate":
                found[node.name] = None
            elif node.tells not in (None, name):
                found[str(node.tells)] = None
            else:
                stack += reversed(node.cpd.scope[:-1])
        return tuple(other for other in found if other != name)

    @property
    def questions(self) -> Mapping[str, Node]:
        """The nodes that are questions or latents, without the gates."""
        return {name: node for name, node in self.nodes.items() if node.role != "gate"}

    @property
    def pools(self) -> Mapping[str, Node]:
        """The nodes that say which of several people is right."""
        return {name: node for name, node in self.nodes.items() if node.is_pool}
