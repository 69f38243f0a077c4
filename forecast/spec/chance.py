"""The one grammar of chance: judgements, cases, base and odds, shares."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Discriminator, PlainValidator, Tag, model_validator

from forecast.spec.editor import Explained, free, numeric
from forecast.spec.expression import Expression, ExpressionError, parse
from forecast.spec.judgement import Judgement, MultiplierText
from forecast.spec.notation import CHANCE, read_chance
from forecast.spec.problem import as_text, kind_of, problem
from forecast.spec.strict import Count, Discount, Positive, Strict
from forecast.spec.table import TabledShares


def _expression(value: Any) -> Expression:
    try:
        return parse(as_text(value))
    except ExpressionError as error:
        raise problem(str(error), error.fix, error.code) from None


Condition = Annotated[
    Expression,
    PlainValidator(_expression),
    free(
        "A condition over questions, joined by and, or, not.",
        "visit by 2025-06-30",
        "visit in 2025-05-01..2025-05-09 and not ceasefire",
        "leader is kim|premier",
        "launches >= 3",
        "otherwise",
    ),
]


def one_or_more(value: Any) -> Any:
    """Refuse an empty list or mapping."""
    if isinstance(value, (dict, list)) and not value:
        raise problem("at least one entry is needed here")
    return value


def _chance_shape(value: Any) -> str:
    if isinstance(value, dict):
        forms = {
            "cases": "cases",
            "any_of": "any_of",
            **dict.fromkeys(("odds", "base", "average"), "odds"),
        }
        for key, form in forms.items():
            if key in value:
                return f"<{form}>"
    return "<judgement>"


class Cases(Strict):
    """Rows by condition; the first that matches wins."""

    cases: Annotated[dict[Condition, Chance], BeforeValidator(one_or_more)]
    """Condition: chance; the first that holds wins, the last is `otherwise`."""


class Odds(Strict):
    """A chance when no condition holds, and what each condition that holds does to its odds."""

    base: Chance | None = None
    """The chance when none of the conditions holds; no average."""
    average: Judgement | None = None
    """Instead of base: the chance on average over all conditions, before any evidence."""
    odds: Annotated[dict[Condition, MultiplierText], BeforeValidator(one_or_more)]
    """Condition: what multiplies the odds if it holds; all that hold multiply."""

    @model_validator(mode="after")
    def _one_start(self) -> Self:
        if self.base is None and self.average is None:
            raise problem("`base` is missing", "or write `average`, the chance over all", "missing")
        if self.base is not None and self.average is not None:
            raise problem("`base` and `average` both say where the odds start: keep one")
        return self


LEAK = "leak"
"""The key of ``any_of:`` for all that is not named; a question of that name needs backquotes."""

WIDE = 5
"""Causes above which a noisy-or is built as a chain of small tables."""


class AnyOf(Strict):
    """Noisy-or: each cause that holds brings it about with its own chance, independently."""

    any_of: Annotated[dict[Condition, Judgement], BeforeValidator(one_or_more)]
    """Cause: the chance that it suffices alone; `leak` is all that is not named."""

    @model_validator(mode="after")
    def _with_a_cause(self) -> Self:
        if not self.causes:
            raise problem("a leak alone is no noisy-or", "write the chance itself")
        return self

    @property
    def leak(self) -> Any:
        """The chance that something brings it about that is not named; None where nothing can."""
        return next((chance for cause, chance in self.any_of.items() if cause.text == LEAK), None)

    @property
    def causes(self) -> dict[Expression, Any]:
        """Each named cause, with the chance that it suffices alone."""
        return {cause: chance for cause, chance in self.any_of.items() if cause.text != LEAK}


type Chance = Annotated[
    Annotated[Judgement, Tag("<judgement>")]
    | Annotated[Cases, Tag("<cases>")]
    | Annotated[AnyOf, Tag("<any_of>")]
    | Annotated[Odds, Tag("<odds>")],
    Discriminator(_chance_shape),
]


def _share(value: Any) -> float:
    point = read_chance(as_text(value))
    mean, low = getattr(point, "mean", None), getattr(point, "low", None)
    if mean is None or low is not None:
        raise problem(
            f"`{value}`: a share is one number such as 30%",
            "how sure you are goes into `worth:` (the number of cases that the shares are worth)",
        )
    return float(mean)


Share = Annotated[
    float,
    BeforeValidator(_share),
    numeric("A share: one fixed number.", "30%", pattern=CHANCE, low=0, high=1),
]


class ShareTable(Strict):
    """``{shares: {a: 30%, b: 70%}, worth: 8}``; without ``worth`` the shares are fixed."""

    shares: Annotated[dict[str, Share], BeforeValidator(one_or_more)]
    """State: its share; they sum to 100 %."""
    worth: Positive | None = None
    """How many cases the shares are worth (a Dirichlet); without it they are fixed."""


class ShareCounts(Strict):
    """``{counts: {a: 3, b: 9}, discount: 0.7}``: cases seen; alpha = w(n + 1/2) for each state."""

    counts: Annotated[dict[str, Count], BeforeValidator(one_or_more)]
    """State: in how many of the cases it was so."""
    discount: Discount = 1.0
    """How much each case tells of this one: 1 is a case just like it, 0.5 half as much."""


class ShareCases(Strict):
    """Rows of shares by condition; the first that matches wins."""

    cases: Annotated[dict[Condition, Shares], BeforeValidator(one_or_more)]
    """Condition: shares; the first that holds wins, the last is `otherwise`."""


def _shares_form(value: Any) -> str:
    if isinstance(value, str):
        return "<state>"
    if isinstance(value, dict):
        for key in ("shares", "counts", "cases", "table"):
            if key in value:
                return f"<{key}>"
    return "<refused>"


def _refused_shares(value: Any) -> Any:
    raise problem(
        f"{kind_of(value)} that is no set of shares",
        "write {shares: {a: 30%, b: 70%}, worth: 8}, {counts: {a: 3, b: 7}}, {cases: ...} "
        "or the name of a state",
    )


type Shares = Annotated[
    Annotated[str, Tag("<state>")]
    | Annotated[ShareTable, Tag("<shares>")]
    | Annotated[ShareCounts, Tag("<counts>")]
    | Annotated[ShareCases, Tag("<cases>")]
    | Annotated[TabledShares, Tag("<table>")]
    | Annotated[Any, PlainValidator(_refused_shares), Explained(), Tag("<refused>")],
    Discriminator(_shares_form),
]


def _prior_form(value: Any) -> str:
    return "<table>" if isinstance(value, dict) and "table" in value else "<chance>"


type Prior = Annotated[
    Annotated[Chance, Tag("<chance>")] | Annotated[TabledShares, Tag("<table>")],
    Discriminator(_prior_form),
]
"""The chance of a yes/no question, or a table of fixed numbers: yes, then no."""
