"""The files: scenario, priors, lexicon. One schema model for each."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, PlainValidator, Tag, WithJsonSchema

from forecast.spec.calendar import Day
from forecast.spec.chance import Share
from forecast.spec.editor import numeric, written
from forecast.spec.evidence import Evidence, Statement
from forecast.spec.judgement import BetaShape, StoredJudgement
from forecast.spec.notation import CHANCE, RANGE, Band, Point, read_chance, read_range
from forecast.spec.policy import DIGITS, LETTERS, Policy
from forecast.spec.problem import as_text, kind_of, problem
from forecast.spec.question import Condition, Question, Texts, one_or_more
from forecast.spec.strict import Discount, Logits, Positive, Strict
from forecast.spec.traps import short


def _exactly_one(value: Any) -> str:
    if (text := as_text(value)) != "1":
        raise problem(f"version `{short(text)}` is not known here", "write 1", "version")
    return text


Version = Annotated[
    str,
    BeforeValidator(_exactly_one),
    WithJsonSchema({"enum": [1, "1"], "description": "The version of the language: 1."}),
]


class Expert(Strict):
    """How far what he meant may lie from the truth, in logits."""

    shift: Logits
    """How far all that he says may be off in one direction."""
    scatter: Logits
    """How far each of his claims may be off on its own."""


def _grades(value: Any) -> Any:
    for key in value if isinstance(value, dict) else ():
        if key not in (*LETTERS, *DIGITS):
            raise problem(
                f"`{short(key)}` is no part of a grade",
                "write a letter A to F or a digit 1 to 6, and the chance that it stands for",
            )
    return value


class Defaults(Strict):
    """What is taken where the file does not say; printed in every report that used it."""

    type: Literal["binary", "categorical", "date", "count", "quantity"] | None = None
    """The type of every question that names none."""
    grades: Annotated[dict[str, Share], BeforeValidator(_grades)] = {}
    """A letter A to F or a digit 1 to 6: the chance that such a report carries information."""
    shift: Logits | None = None
    """How far all that a speaker says may be off, in logits, where `experts` does not name him."""
    scatter: Logits | None = None
    """How far each of his claims may be off on its own."""
    disagreement: Positive | None = None
    """How far members of a pool are thought to disagree, in logits, before they are heard."""
    discount: Discount | None = None
    """What a case of a base rate counts that states no discount."""


class NamedScenario(Strict):
    """A scenario with its description."""

    when: Condition
    """When the future is this one, if no scenario before it was."""
    text: str = ""
    """What the scenario means to a reader."""


def _scenario_form(value: Any) -> str:
    return "<named>" if isinstance(value, dict) else "<condition>"


type ScenarioEntry = Annotated[
    Annotated[Condition, Tag("<condition>")] | Annotated[NamedScenario, Tag("<named>")],
    Discriminator(_scenario_form),
]


class Variant(Strict):
    """A named change of the file."""

    text: str = ""
    """What the variant is for."""
    given: Condition | None = None
    """A condition that is taken as known."""
    do: dict[str, str] | None = None
    """Question: the state that it is set to, by intervention."""
    drop: Texts | None = None
    """Sources, judgements or reports that are left out."""
    set: dict[str, Any] | None = None
    """Path in this file: what stands there instead."""


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
    """A scenario file, as the analyst wrote it.

    Without ``as_of`` it is *undated*: a network of fixed tables that says nothing of days, such as
    textbooks and repositories publish. All others are a `DatedFile`.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": ["title", "as_of", "horizon", "lexicon", "scenarios"]},
                {"required": ["numbers"], "not": {"required": ["as_of"]}},
            ]
        }
    )

    forecast: Version
    """The version of the language: 1."""
    title: str | None = None
    """What the forecast is about, in a line."""
    about: str | None = None
    """What a reader must know before the numbers."""
    as_of: Day | None = None
    """The day whose knowledge the forecast holds."""
    observed_through: Day | None = None
    """How far the author has looked for what did not happen; as_of by default."""
    horizon: Day | None = None
    """The last day of every window that names none."""
    lexicon: str | None = None
    """What words such as likely mean: icd203, plain, or the path of a lexicon."""
    numbers: Literal["exact"] | None = None
    """exact: fixed numbers are meant, as in a textbook."""
    author: str | None = None
    """Who answers for the numbers that name no source."""
    marking: str | None = None
    """How the page may be handled; shown above and below."""
    retrospective: str | None = None
    """Said above the result where the events are over."""
    defaults: Defaults = Defaults()
    """What is taken where the file does not say."""
    use: dict[str, str] = {}
    """Alias: path of a priors file; its judgements are then alias.id."""
    experts: dict[str, Expert] = {}
    """Alias of a source: how far what he meant may lie from the truth."""
    judgements: dict[str, StoredJudgement] = {}
    """The author's own judgements by name; used as own.id."""
    latents: dict[str, Question] = {}
    """Causes that nobody will observe; never resolved, never scored."""
    questions: Annotated[dict[str, Question], BeforeValidator(_mapping)]
    """What will resolve, by name."""
    statements: Annotated[tuple[Statement, ...], BeforeValidator(_as_items)] = ()
    """What experts said of questions that also have causes."""
    evidence: Annotated[tuple[Evidence, ...], BeforeValidator(_as_items)] = ()
    """Dated reports."""
    scenarios: dict[str, ScenarioEntry] = {}
    """Named futures; the first whose condition holds wins, the last is `otherwise`."""
    variants: dict[str, Variant] = {}
    """Named changes of this file."""
    watch: Texts = ()
    """Questions that the report always shows."""
    unused: dict[str, str] = {}
    """Stored judgement that is left out on purpose: why."""

    @property
    def day(self) -> dt.date:
        """The as-of date; nothing in an undated file asks for it."""
        assert self.as_of is not None
        return self.as_of

    @property
    def policy(self) -> Policy:
        """Return the constants in force: those of the house, as far as the file does not say."""
        own = {key: value for key, value in self.defaults if key not in ("type", "grades")}
        grades = self.defaults.grades
        return Policy(
            {letter: grades.get(letter, r) for letter, r in LETTERS.items()},
            {digit: grades.get(digit, r) for digit, r in DIGITS.items()},
            **{key: value for key, value in own.items() if value is not None},
        )

    @property
    def looked_through(self) -> dt.date:
        """How far the author has looked for things that did not happen."""
        return self.observed_through or self.day

    def scenario_conditions(self) -> dict[str, Any]:
        """Return each scenario's `Expression`, in order."""
        return {
            name: entry.when if isinstance(entry, NamedScenario) else entry
            for name, entry in self.scenarios.items()
        }


class DatedFile(ScenarioFile):
    """A scenario file of a forecast: it stands on a day, and looks to another."""

    title: str
    as_of: Day
    horizon: Day
    lexicon: str
    scenarios: dict[str, ScenarioEntry]


class SourceOfPriors(Strict):
    """Who said it, when and where."""

    who: str
    """The person, the record or the house."""
    role: str | None = None
    """In what capacity."""
    said: Day
    """On which day."""
    where: str | None = None
    """On what occasion, or in which publication."""
    reported_by: str | None = None
    """Through whom we know of it."""
    url: str | None = None
    """Where it can be read."""


class PriorsFile(Strict):
    """The judgements of one source."""

    priors: Version
    """The version of the language: 1."""
    source: SourceOfPriors
    """Who said it, when and where."""
    lexicon: str
    """What his words mean: icd203, plain, or the path of a lexicon."""
    note: str | None = None
    """Anything a reader should know of the source."""
    judgements: Annotated[dict[str, StoredJudgement], BeforeValidator(one_or_more)]
    """His claims by name; a scenario uses them as alias.name."""


def _phrase_form(value: Any) -> str:
    return "<beta>" if isinstance(value, dict) else "<band>"


def _meaning(value: Any) -> Point | Band:
    read = read_chance(as_text(value))
    if not isinstance(read, Point | Band):
        raise problem(f"`{short(value)}` is no probability", "write 55..80%, 70% or {beta: [a, b]}")
    return read


type Meaning = Annotated[
    Annotated[BetaShape, Tag("<beta>")]
    | Annotated[
        Point | Band,
        PlainValidator(_meaning),
        numeric("A central 90 %, or one number.", "55..80%", "70%", pattern=CHANCE, low=0, high=1),
        Tag("<band>"),
    ],
    Discriminator(_phrase_form),
]


Bounds = Annotated[
    tuple[float, float],
    PlainValidator(lambda value: read_range(as_text(value))),
    written("The chances for which the word stands in a report.", "55..80%", pattern=RANGE),
]


class LexiconFile(Strict):
    """What words of estimative probability mean."""

    lexicon: Version
    """The version of the language: 1."""
    name: str
    """What it is called in reports."""
    source: str
    """Who published it."""
    licence: str | None = None
    """Under which terms."""
    phrases: Annotated[dict[str, Meaning], BeforeValidator(one_or_more)]
    """Phrase: the chance that it stands for."""
    synonyms: dict[str, str] = {}
    """Other spelling: the phrase."""
    yardstick: dict[str, Bounds] = {}
    """Word of a report: the range for which it stands; the ranges cover 0 to 100 % once."""
    refused: dict[str, str] = {}
    """Trap word: why no number can be read from it."""
