"""The one grammar of chance: judgements, cases, base and odds, shares."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, PlainValidator, Tag

from forecast.spec.expression import Expression, ExpressionError, parse
from forecast.spec.judgement import Judgement, MultiplierText, Positive, Strict
from forecast.spec.notation import read_chance
from forecast.spec.problem import as_text, kind_of, problem, unsupported


def _expression(value: Any) -> Expression:
    try:
        return parse(as_text(value))
    except ExpressionError as error:
        raise problem(str(error), error.fix, error.code) from None


Condition = Annotated[Expression, PlainValidator(_expression)]


def one_or_more(value: Any) -> Any:
    """Refuse an empty list or mapping."""
    if isinstance(value, (dict, list)) and not value:
        raise problem("at least one entry is needed here")
    return value


def _chance_shape(value: Any) -> str:
    if isinstance(value, dict):
        if "cases" in value:
            return "<cases>"
        if "odds" in value or "base" in value:
            return "<odds>"
    return "<judgement>"


class Cases(Strict):
    """Rows by condition; the first that matches wins."""

    cases: Annotated[dict[Condition, Chance], BeforeValidator(one_or_more)]


class Odds(Strict):
    """A chance when no condition holds, and what each condition that holds does to its odds."""

    base: Chance
    odds: Annotated[dict[Condition, MultiplierText], BeforeValidator(one_or_more)]


type Chance = Annotated[
    Annotated[Judgement, Tag("<judgement>")]
    | Annotated[Cases, Tag("<cases>")]
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


Share = Annotated[float, BeforeValidator(_share)]


class ShareTable(Strict):
    """``{shares: {a: 30%, b: 70%}, worth: 8}``; without ``worth`` the shares are fixed."""

    shares: Annotated[dict[str, Share], BeforeValidator(one_or_more)]
    worth: Positive | None = None


class ShareCases(Strict):
    """Rows of shares by condition; the first that matches wins."""

    cases: Annotated[dict[Condition, Shares], BeforeValidator(one_or_more)]


def _shares_form(value: Any) -> str:
    if isinstance(value, str):
        return "<state>"
    if isinstance(value, dict):
        for key in ("shares", "cases"):
            if key in value:
                return f"<{key}>"
    return "<refused>"


def _refused_shares(value: Any) -> Any:
    if isinstance(value, dict) and "counts" in value:
        raise unsupported("counts")
    raise problem(
        f"{kind_of(value)} that is no set of shares",
        "write {shares: {a: 30%, b: 70%}, worth: 8}, {cases: ...} or the name of a state",
    )


type Shares = Annotated[
    Annotated[str, Tag("<state>")]
    | Annotated[ShareTable, Tag("<shares>")]
    | Annotated[ShareCases, Tag("<cases>")]
    | Annotated[Any, PlainValidator(_refused_shares), Tag("<refused>")],
    Discriminator(_shares_form),
]
