"""The scenario file: its schema model."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, Tag

from forecast.spec.calendar import Day
from forecast.spec.defaults import Defaults, Expert
from forecast.spec.evidence import Evidence, Statement
from forecast.spec.judgement import StoredJudgement
from forecast.spec.policy import Policy
from forecast.spec.problem import kind_of, problem
from forecast.spec.question import Condition, Question, Texts
from forecast.spec.strict import Strict
from forecast.spec.version import Version


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
        return self.defaults.policy

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
