"""What `forecast check` finds, as it is published; ``output_version`` 1 is only ever extended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from forecast.errors import Fault
from forecast.summary.contract import OUTPUT_VERSION, Interval, plain


@dataclass(frozen=True)
class QuestionRow:
    """A question as it was understood.

    Attributes
    ----------
    role, type
        Whether it is asked, derived or never observed, and what its answers are.
    window
        First and last day.
    states, parents
        Its states, and the questions that it depends on.
    table
        Number of cells of its table.
    parameters
        The judgements that enter the table.
    """

    role: str
    type: str
    text: str
    window: tuple[str, str] | None
    states: tuple[str, ...]
    parents: tuple[str, ...]
    table: int
    parameters: tuple[str, ...]


@dataclass(frozen=True)
class ParameterRow:
    """A judgement: what stands in the file, who said it, how it was read."""

    words: str
    distribution: str
    mean: float
    quantiles: Mapping[str, float]
    who: str
    said: str
    place: str


@dataclass(frozen=True)
class SourceRow:
    """A source: how many of its claims the model uses, and how many are left out with a reason."""

    who: str
    said: str
    file: str
    claims: int
    used: int
    unused: int


@dataclass(frozen=True)
class EvidenceRow:
    """A report: when it was known, how reliable it is, what it would tell if true."""

    date: str
    known: str
    source: str
    grade: str | None
    reliability: float
    group: str | None
    tells: Mapping[str, str]
    counts: bool


@dataclass(frozen=True)
class StatementRow:
    """What an expert said, as it enters the model; ``sd`` is its spread in logits."""

    id: str
    of: str
    says: str
    side: str | None
    who: str
    stated: float
    sd: float
    knew: tuple[str, ...]


@dataclass(frozen=True)
class SignOff:
    """A consequence of the numbers before any evidence, to be signed off by the analyst.

    Attributes
    ----------
    kind
        A scenario, a question alone, or a question together with one of its causes.
    says
        The condition, in the language of the file.
    probability
        Its chance before any evidence or statement.
    interval
        The central 80 % of it over the judgements; None where nothing is uncertain.
    phrase, phrase_range
        The lexicon's phrase for it, and what that phrase stands for.
    """

    kind: Literal["scenario", "question", "together"]
    says: str
    probability: float
    interval: Interval | None
    phrase: str
    phrase_range: Interval


@dataclass(frozen=True)
class Understood:
    """What a sound file says.

    ``judgements`` is the number of uncertain judgements; shares of several states are one.
    ``draws`` of them stand behind the chances under ``sign_off``.
    """

    title: str | None
    as_of: str | None
    horizon: str | None
    lexicon: str | None
    draws: int
    judgements: int
    questions: Mapping[str, QuestionRow]
    parameters: Mapping[str, ParameterRow]
    sources: Mapping[str, SourceRow]
    evidence: Mapping[str, EvidenceRow]
    statements: tuple[StatementRow, ...]
    scenarios: Mapping[str, str]
    variants: tuple[str, ...]
    sign_off: tuple[SignOff, ...]


@dataclass(frozen=True)
class FileReport:
    """One file: what is wrong with it or should be looked at; what it says, if it is sound."""

    file: str
    faults: tuple[Fault, ...]
    understood: Understood | None

    @property
    def errors(self) -> int:
        """How many of the faults are errors."""
        return sum(fault.severity == "error" for fault in self.faults)


@dataclass(frozen=True)
class CheckReport:
    """All files that were checked."""

    files: tuple[FileReport, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults of all files, each once: files may share sources."""
        return tuple(dict.fromkeys(fault for report in self.files for fault in report.faults))

    def to_json(self) -> str:
        """Return the report as JSON."""
        whole = {"output_version": OUTPUT_VERSION, "files": plain(self.files)}
        return json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
