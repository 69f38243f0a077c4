"""Judgements become parameters: one id, one parameter, wherever it is used."""

from __future__ import annotations

import datetime as dt
import math
import os

from pydantic_core import PydanticCustomError

from forecast.errors import Fault, Path, dotted
from forecast.model import elicitation, paces, pooled
from forecast.model.distributions import Beta, Dirichlet, Distribution, Gamma, LogNormal
from forecast.model.formula import ONE, Const, Formula, Value
from forecast.model.network import Lean, Origin, Parameter
from forecast.spec import walk
from forecast.spec.judgement import EventRate, Frequency, ReadAs, StoredJudgement
from forecast.spec.lexicon import Lexicon
from forecast.spec.load import ScenarioSpec
from forecast.spec.notation import DAYS, Multiplier, Reference
from forecast.spec.read import Source
from forecast.spec.spread import Dispersion, Pace


class Judgements:
    """The parameters of a scenario, gathered while its tables are built.

    Parameters
    ----------
    spec
        The scenario.
    """

    def __init__(self, spec: ScenarioSpec) -> None:
        self.spec = spec
        self.policy = spec.file.policy
        self.parameters: dict[str, Parameter] = {}
        self.faults: list[Fault] = []

    def chance(self, judgement: object, path: Path) -> Formula:
        """Return a chance as a formula: a parameter, or a number where it is fixed."""
        joined = pooled.pool_at(judgement, path, self.spec)
        if joined is not None:
            return pooled.chance(joined, self)
        name, distribution, origin = self.elicited(judgement, path)
        return self.parameter(name, distribution, origin, path)

    def multiplier(self, judgement: object, path: Path) -> Formula:
        """Return an odds multiplier as a formula; what a variant drops leaves the odds alone."""
        if self.is_dropped(judgement):
            return ONE
        return self.chance(judgement, path)

    def is_dropped(self, judgement: object) -> bool:
        """Whether a judgement is one that a variant leaves out, or a pool of nothing but such."""
        joined = pooled.pool_at(judgement, (), self.spec)
        if joined is not None:
            return not joined.kept
        return str(walk.reference_of(judgement)) in self.spec.dropped

    def rate(self, judgement: object, path: Path) -> Formula:
        """Return a rate a day as a formula."""
        return self.chance(judgement, path)

    def mean(self, judgement: object, path: Path) -> float:
        """Return the mean of a judged chance; of a pool, the mean of its members'."""
        joined = pooled.pool_at(judgement, path, self.spec)
        if joined is not None:
            return pooled.mean(joined, [self.mean(m, place) for m, place in joined.members])
        _, distribution, _ = self.elicited(judgement, path)
        return distribution.mean if isinstance(distribution, Beta) else float(str(distribution))

    def amount(self, leaf: object) -> object:
        """Return what an amount says: a stored one where it is a reference."""
        reference = walk.reference_of(leaf)
        return leaf if reference is None else self._behind(reference)[0].read_as

    def elicited(self, judgement: object, path: Path) -> tuple[str, Distribution | float, Origin]:
        """Return the name of a judgement, its distribution (or fixed number), and its origin."""
        widen, note = 1.0, None
        while isinstance(judgement, ReadAs):
            widen, note, judgement = widen * judgement.widen, judgement.note, judgement.read_as
        if isinstance(judgement, Reference):
            stored, source, lexicon, who, said = self._behind(judgement)
            here: Path = ("judgements", judgement.id, "read_as")
            distribution = self._distribution(
                stored.read_as, widen * stored.widen, lexicon, source, here
            )
            words = written(stored.read_as, source, here)
            if (sharpness := self.sharpness(judgement, stored)) != 1:
                distribution = _sharpened(distribution, sharpness, stored.read_as)
                words = f"{words}, sharpness {sharpness:g}"
            place = self._place(source, here)
            origin = Origin(stored.source or who, said, words, place, stored.quote, stored.note)
            return str(judgement), distribution, origin
        source = self.spec.source
        distribution = self._distribution(judgement, widen, self.spec.lexicon, source, path)
        origin = self.own_origin(path, written(judgement, source, path), note)
        return self.keyed(path), distribution, origin

    def keyed(self, path: Path) -> str:
        """Return a path as text: reports by their id, own judgements as ``own.id``."""
        if path[0] == "judgements" and path[2:3] == ("read_as",):
            return dotted((f"own.{path[1]}", *path[3:]))
        if path[0] == "evidence" and isinstance(path[1], int):
            return dotted(("evidence", self.spec.file.evidence[path[1]].id, *path[2:]))
        return dotted(path)

    def said(self, judgement: object) -> dt.date:
        """Return the day on which a judgement was made."""
        return self.spec.context.said_on(judgement)

    def lean(self, reference: str, logit: float) -> Lean | None:
        """Return how a judgement leans with its expert; None where it is data or another's."""
        alias, _, name = reference.partition(".")
        expert = self.spec.file.experts.get(alias)
        if expert is None or self.by_another(alias, name):
            return None
        spread = math.hypot(expert.shift, expert.scatter)
        if expert.shift == 0 or logit == 0:
            return None
        return Lean(alias, expert.shift / spread, 1 if logit > 0 else -1)

    def sharpness(self, reference: Reference, stored: StoredJudgement) -> float:
        """Return what the logits of a claim are multiplied by; records of cases stay as counted."""
        expert = self.spec.file.experts.get(reference.alias)
        counted = isinstance(stored.read_as, Frequency | EventRate)
        if expert is None or counted or self.by_another(reference.alias, reference.id):
            return 1.0
        return expert.sharpness

    def by_another(self, alias: str, name: str) -> bool:
        """Whether a claim in a source's file was made by somebody else: it has no lean of his."""
        stored = self.spec.context.stored(alias).get(name)
        return stored is not None and stored.by == "journalist"

    def refuse(self, path: Path, code: str, text: str, fix: str = "", *, key: bool = False) -> None:
        """Note a fault of the scenario file; nothing is built from a file that has one."""
        self.faults.append(self.spec.source.fault(path, code, text, fix, key=key))

    def parameter(
        self, name: str, distribution: Distribution | float, origin: Origin, path: Path
    ) -> Formula:
        """Return a parameter as a formula, or the number where it is fixed; one name is one."""
        if isinstance(distribution, float):
            return Const(distribution)
        if name not in self.parameters:
            lean = self.lean(name, _direction(distribution))
            self.parameters[name] = Parameter(name, distribution, origin, lean)
        elif self.parameters[name].distribution != distribution:
            text = f"`{name}` is one random number, but is widened here and not elsewhere"
            self.refuse(path, "widened", text, "write `widen:` where it is stored")
        return Value(name)

    def _distribution(
        self, judgement: object, widen: float, lexicon: Lexicon, source: Source, path: Path
    ) -> Distribution | float:
        if isinstance(judgement, Frequency | EventRate) and "discount" not in (
            judgement.model_fields_set
        ):
            judgement = judgement.model_copy(update={"discount": self.policy.discount})
        try:
            match judgement:
                case Multiplier(word=word):
                    meant = Multiplier(*self.policy.multipliers[word]) if word else judgement
                    return elicitation.multiplier(meant, widen)
                case EventRate():
                    return elicitation.rate(judgement)
                case Pace():
                    return paces.pace(judgement)
                case Dispersion():
                    return paces.dispersion(judgement)
                case _:
                    return elicitation.chance(judgement, lexicon, widen)
        except PydanticCustomError as error:
            told = error.context or {}
            self.faults.append(
                source.fault(path, str(told["code"]), str(told["text"]), str(told["fix"]))
            )
            return 0.5

    def _behind(
        self, reference: Reference
    ) -> tuple[StoredJudgement, Source, Lexicon, str, dt.date]:
        spec = self.spec
        if reference.alias == "own":
            stored = spec.file.judgements[reference.id]
            return stored, spec.source, spec.lexicon, spec.file.author or "own", spec.file.day
        file, source, lexicon = spec.priors[reference.alias]
        stored = file.judgements[reference.id]
        return stored, source, lexicon, file.source.who, file.source.said

    def _place(self, source: Source, path: Path) -> str:
        """Return ``file:line``, the file by its way from the scenario, wherever that lies."""
        folder = os.path.dirname(os.path.abspath(self.spec.source.file))
        file = os.path.relpath(os.path.abspath(source.file), folder).replace(os.sep, "/")
        return f"{file}:{source.mark(path).line}"

    def own_origin(self, path: Path, words: str, note: str | None = None) -> Origin:
        """Return the origin of what the author of the file wrote himself."""
        spec = self.spec
        place = self._place(spec.source, path)
        return Origin(spec.file.author or "own", spec.file.day, words, place, None, note)


def written(judgement: object, source: Source, path: Path) -> str:
    """Return a judgement as it stands in its file; counts as people say them: ``2 of 3``."""
    while isinstance(judgement, ReadAs):
        judgement = judgement.read_as
    if isinstance(judgement, Frequency | EventRate):
        counted = (
            f"{judgement.successes:g} of {judgement.of:g}"
            if isinstance(judgement, Frequency)
            else f"{judgement.events:g} in {judgement.within / DAYS['month']:.3g} months"
        )
        return counted + ("" if judgement.discount == 1 else f", discount {judgement.discount:g}")
    value = source.data
    for part in path:
        if isinstance(value, dict) and part in value:
            value = value[str(part)]
        elif isinstance(value, list) and isinstance(part, int):
            value = value[part]
        else:
            return str(judgement)
    if isinstance(value, dict):
        value = value.get("read_as", value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_listed(entry)}" for key, entry in value.items())
    return _listed(value)


def _listed(value: object) -> str:
    """Write a list as it stands in a file.

    >>> _listed(["9", "0.5"])
    '[9, 0.5]'
    """
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)


def _sharpened(
    distribution: Distribution | float, sharpness: float, claim: object
) -> Distribution | float:
    """Multiply the logit of a chance, or the log of an odds multiplier."""
    match distribution:
        case Beta():
            return elicitation.sharpened(distribution, sharpness)
        case LogNormal(mu=mu, sd=sd):
            return LogNormal(sharpness * mu, sharpness * sd)
        case float() if isinstance(claim, Multiplier):
            return float(distribution**sharpness)
        case float() if 0 < distribution < 1 and not isinstance(claim, Pace):
            return float(1 / (1 + ((1 - distribution) / distribution) ** sharpness))
        case _:
            return distribution


def _direction(distribution: Distribution) -> float:
    match distribution:
        case Beta():
            return elicitation.logit_mean(distribution)
        case LogNormal(mu=mu):
            return mu
        case Gamma() | Dirichlet():
            return 0.0
