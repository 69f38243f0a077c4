"""The result as it is published; ``output_version`` 1 is only ever extended."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal

from forecast.summary.disagreement import ConflictResult as ConflictResult
from forecast.summary.disagreement import Opponent as Opponent
from forecast.summary.disagreement import StatementResult as StatementResult
from forecast.summary.disagreement import Yielded as Yielded

type Interval = tuple[float, float]
type Levels = Mapping[str, Interval]
"""``"0.5"``, ``"0.8"``, ``"0.9"`` -> lower and upper end."""

OUTPUT_VERSION = 1


@dataclass(frozen=True)
class Stages:
    """A probability as it stood after each stage."""

    inputs: float
    evidence: float
    statements: float


@dataclass(frozen=True)
class Chance:
    """A reported probability.

    Attributes
    ----------
    probability
        E[P(event | evidence, theta)] over theta.
    stages
        The same after the inputs, with evidence and silence, with the statements.
    mcse
        Monte Carlo standard error of ``probability``.
    intervals
        Where it would lie if the judgements were pinned down; None where nothing is uncertain.
    interval_mcse
        Monte Carlo standard errors of the ends.
    """

    probability: float
    stages: Stages
    mcse: float
    intervals: Levels | None
    interval_mcse: Levels | None


@dataclass(frozen=True)
class ScenarioResult(Chance):
    """A named scenario.

    Attributes
    ----------
    phrase, phrase_range
        The word of the lexicon for the probability, and the range for which it stands.
    text, when
        What the scenario means, in words and as a condition.
    """

    phrase: str
    phrase_range: Interval
    text: str
    when: str


@dataclass(frozen=True)
class QuestionResult:
    """A question: the chances of its states, and of the days or counts asked about.

    Attributes
    ----------
    window
        First and last day on which it may resolve.
    states
        State -> its chance; the states of dates and counts are the cells between all cuts.
    by
        Day -> the chance that it has happened by then; null but for dates.
    at_least
        Day -> number -> the chance of so many or more by then; null but for counts and quantities.
    quantiles
        Level -> the number below which it lies with that chance; null but for counts and
        quantities.
    unit
        What is counted or measured.
    """

    type: str
    role: Literal["question", "latent", "derived"]
    status: Literal["open", "resolved", "unresolved", "void-able"]
    text: str
    window: tuple[str, str] | None
    states: Mapping[str, Chance]
    by: Mapping[str, Chance] | None
    at_least: Mapping[str, Mapping[str, Chance]] | None
    quantiles: Mapping[str, float] | None = None
    unit: str = ""


@dataclass(frozen=True)
class Ignored:
    """A report or statement that does not count, and why."""

    id: str
    why: str
    kind: Literal["report", "statement"] = "report"


@dataclass(frozen=True)
class EvidenceResult:
    """The evidence: its probability under the model, what was used, what was not.

    Attributes
    ----------
    probability, log_probability
        P(reports and silence); null where it is too small for a number, but never its logarithm.
    silent
        Question -> the days in which it was not seen to happen.
    """

    probability: float | None
    log_probability: float
    used: tuple[str, ...]
    ignored: tuple[Ignored, ...]
    silent: Mapping[str, str]


@dataclass(frozen=True)
class Driver:
    """What a judgement does to a scenario: E[P | top tenth of it] against its bottom tenth.

    Attributes
    ----------
    low, high
        The probability of the scenario in the bottom and in the top tenth of the judgement.
    swing, mcse
        high - low, and its Monte Carlo standard error.
    """

    scenario: str
    parameter: str
    who: str
    words: str
    low: float
    high: float
    swing: float
    mcse: float


@dataclass(frozen=True)
class ExpertResult:
    """An expert: how far he may be off, and the lean that the rest of the model lends him.

    ``sharpness`` is what the logits of his claims were multiplied by.
    """

    who: str
    said: str
    shift: float
    scatter: float
    lean_mean: float | None
    lean_sd: float | None
    sharpness: float


@dataclass(frozen=True)
class PoolResult:
    """A linear pool: which of the people is right, before and after what is known.

    Attributes
    ----------
    members
        Person, or number of the judgement -> the chance that he is the one who is right; its stage
        ``inputs`` is his weight.
    names
        Who each of them is: his name, or what stands in the file.
    questions
        The questions whose chances hang on it.
    """

    members: Mapping[str, Chance]
    names: Mapping[str, str]
    questions: tuple[str, ...]


@dataclass(frozen=True)
class DiagnosticsResult:
    """The certificate.

    Attributes
    ----------
    status
        fail: the numbers must not be shown as a result.
    khat, ess
        Pareto shape of the weights and effective number of draws; null where nothing is uncertain.
    reasons
        What is behind a status that is not pass.
    detail
        Further figures by name; null where one is not finite.
    """

    status: Literal["pass", "warn", "fail"]
    khat: float | None
    ess: float | None
    reasons: tuple[str, ...]
    detail: Mapping[str, float]


@dataclass(frozen=True)
class ParameterResult:
    """A judgement: what was said, what it became, what the evidence made of it.

    Attributes
    ----------
    distribution, mean, quantiles
        The prior: in words, its mean, its 5, 50 and 95 % points.
    posterior_mean
        The mean after evidence and statements.
    who, said, words, place
        The source, the day, what stands in the file, and where: file:line.
    hindsight
        Whether it was said after the as-of date.
    """

    name: str
    distribution: str
    mean: float
    quantiles: Mapping[str, float]
    posterior_mean: float
    who: str
    said: str
    words: str
    place: str
    quote: str | None
    note: str | None
    hindsight: bool


@dataclass(frozen=True)
class VariantResult:
    """The variant that a run is of: its name, what it is for, what it changed in the file."""

    name: str
    text: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Provenance:
    """Where the numbers came from; ``done`` is what questions were set to, from ``as_of`` on."""

    about: str | None
    author: str | None
    marking: str | None
    retrospective: str | None
    lexicon: str | None
    observed_through: str | None
    given: tuple[str, ...]
    parameters: tuple[ParameterResult, ...]
    sources: Mapping[str, str]
    unused: Mapping[str, str]
    policy: Mapping[str, Any]
    warnings: tuple[str, ...]
    done: Mapping[str, str] = field(default_factory=dict)
    variant: VariantResult | None = None


@dataclass(frozen=True)
class Lead:
    """The likeliest scenario, and in how many readings of the judgements it is ahead."""

    scenario: str
    runner_up: str | None
    likelier_in: float | None


@dataclass(frozen=True)
class Summary:
    """A forecast, whole: everything that any view shows."""

    output_version: int
    title: str | None
    as_of: str | None
    digest: str
    seed: int
    draws: int
    engine: str
    scenarios: Mapping[str, ScenarioResult]
    lead: Lead | None
    questions: Mapping[str, QuestionResult]
    statements: tuple[StatementResult, ...]
    evidence: EvidenceResult
    drivers: tuple[Driver, ...]
    experts: Mapping[str, ExpertResult]
    watch: tuple[str, ...]
    diagnostics: DiagnosticsResult
    provenance: Provenance
    conflicts: tuple[ConflictResult, ...] = ()
    pools: Mapping[str, PoolResult] = field(default_factory=dict)

    @property
    def run(self) -> str:
        """The first twelve characters of the digest: the name of the run."""
        return self.digest[:12]

    def to_json(self) -> str:
        """Return the JSON contract, numbers to 10 significant digits."""
        return json.dumps(plain(self), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def significant(number: float) -> float | None:
    """Return a number as it is published: to 10 significant digits, None where it is not finite.

    >>> significant(2 / 3)
    0.6666666667
    """
    return float(f"{number:.10g}") if math.isfinite(number) else None


def plain(value: Any) -> Any:
    """Return a value as JSON holds it: numbers to 10 significant digits, what is no number null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list):
        return [plain(entry) for entry in value]
    if isinstance(value, bool) or value is None or isinstance(value, str | int):
        return value
    return significant(float(value))
