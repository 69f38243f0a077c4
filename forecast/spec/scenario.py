"""The files: scenario, priors, lexicon. One schema model for each."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, PlainValidator, Tag

from forecast.spec.calendar import Day
from forecast.spec.evidence import Evidence, Statement
from forecast.spec.judgement import BetaShape, Logits, StoredJudgement, Strict
from forecast.spec.notation import Band, Point, read_chance, read_range
from forecast.spec.problem import as_text, kind_of, problem
from forecast.spec.question import Condition, Question, Texts, one_or_more
from forecast.spec.traps import short


def _exactly_one(value: Any) -> str:
    if (text := as_text(value)) != "1":
        raise problem(f"version `{short(text)}` is not known here", "write 1", "version")
    return text


Version = Annotated[str, BeforeValidator(_exactly_one)]


class Expert(Strict):
    """How far what he meant may lie from the truth, in logits."""

    shift: Logits
    scatter: Logits


class Defaults(Strict):
    """What a question is where it does not say."""

    type: Literal["binary", "categorical", "date", "count"] | None = None


class NamedScenario(Strict):
    """A scenario with its description."""

    when: Condition
    text: str = ""


def _scenario_form(value: Any) -> str:
    return "<named>" if isinstance(value, dict) else "<condition>"


type ScenarioEntry = Annotated[
    Annotated[Condition, Tag("<condition>")] | Annotated[NamedScenario, Tag("<named>")],
    Discriminator(_scenario_form),
]


class Variant(Strict):
    """A named change of the file."""

    text: str = ""
    given: Condition | None = None
    do: dict[str, str] | None = None
    drop: Texts | None = None
    set: dict[str, Any] | None = None


def _mapping(value: Any) -> Any:
    if not isinstance(value, dict):
        raise problem(f"a mapping of names stands here, not {kind_of(value)}", code="type")
    return value


def _as_items(value: Any) -> Any:
    if not isinstance(value, list):
        raise problem(
            f"a list of entries stands here, not {kind_of(value)}", "begin each with `- `", "type"
        )
    return tuple(value)


class ScenarioFile(Strict):
    """A scenario file, as the analyst wrote it."""

    forecast: Version
    title: str
    about: str | None = None
    as_of: Day
    observed_through: Day | None = None
    horizon: Day
    lexicon: str
    numbers: Literal["exact"] | None = None
    author: str | None = None
    marking: str | None = None
    retrospective: str | None = None
    defaults: Defaults = Defaults()
    use: dict[str, str] = {}
    experts: dict[str, Expert] = {}
    judgements: dict[str, StoredJudgement] = {}
    latents: dict[str, Question] = {}
    questions: Annotated[dict[str, Question], BeforeValidator(_mapping)]
    statements: Annotated[tuple[Statement, ...], BeforeValidator(_as_items)] = ()
    evidence: Annotated[tuple[Evidence, ...], BeforeValidator(_as_items)] = ()
    scenarios: dict[str, ScenarioEntry]
    variants: dict[str, Variant] = {}
    watch: Texts = ()
    unused: dict[str, str] = {}

    @property
    def looked_through(self) -> dt.date:
        """How far the author has looked for things that did not happen."""
        return self.observed_through or self.as_of

    def scenario_conditions(self) -> dict[str, Any]:
        """Return each scenario's `Expression`, in order."""
        return {
            name: entry.when if isinstance(entry, NamedScenario) else entry
            for name, entry in self.scenarios.items()
        }


class SourceOfPriors(Strict):
    """Who said it, when and where."""

    who: str
    role: str | None = None
    said: Day
    where: str | None = None
    reported_by: str | None = None
    url: str | None = None


class PriorsFile(Strict):
    """The judgements of one source."""

    priors: Version
    source: SourceOfPriors
    lexicon: str
    note: str | None = None
    judgements: Annotated[dict[str, StoredJudgement], BeforeValidator(one_or_more)]


def _phrase_form(value: Any) -> str:
    return "<beta>" if isinstance(value, dict) else "<band>"


def _meaning(value: Any) -> Point | Band:
    read = read_chance(as_text(value))
    if not isinstance(read, Point | Band):
        raise problem(f"`{short(value)}` is no probability", "write 55..80%, 70% or {beta: [a, b]}")
    return read


type Meaning = Annotated[
    Annotated[BetaShape, Tag("<beta>")]
    | Annotated[Point | Band, PlainValidator(_meaning), Tag("<band>")],
    Discriminator(_phrase_form),
]


Bounds = Annotated[tuple[float, float], PlainValidator(lambda value: read_range(as_text(value)))]


class LexiconFile(Strict):
    """What words of estimative probability mean."""

    lexicon: Version
    name: str
    source: str
    licence: str | None = None
    yardstick: dict[str, Bounds] = {}
    phrases: Annotated[dict[str, Meaning], BeforeValidator(one_or_more)]
    synonyms: dict[str, str] = {}
    refused: dict[str, str] = {}
