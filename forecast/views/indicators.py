"""What to watch: signposts in words, and a table of what each would tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forecast.analysis.indicators_contract import AnswerResult, Indicator, Indicators, Outlook
from forecast.summary.contract import significant
from forecast.views.long_table import Row, delimited
from forecast.views.section import Section
from forecast.views.tables import Block, Line, in_markdown, on_terminal
from forecast.views.words import clean, condition, day, humanised, percent

MOST_SIGNPOSTS = 8
MOST_ANSWERS = 3
LEAST_SHARE = 0.005
"""Of what is uncertain: an indicator that tells less is only named."""

NOTICED = 0.005
CLEAR = 2.0

COLUMNS = (
    *("run", "as_of", "indicator", "question", "watched", "known", "days"),
    *("information", "information_mcse", "share", "per_month"),
    *("answer", "answer_probability", "scenario", "probability", "mcse", "change"),
)
"""The columns of the long table, explained in docs/indicators.md; only ever added to."""


def render(found: Indicators, *, width: int, colour: bool) -> str:
    """Return it as text.

    Parameters
    ----------
    found
        From `forecast.analysis.indicators.indicators`.
    width, colour
        Cells of the terminal, and whether to write ANSI codes.
    """
    return on_terminal(_blocks(found), width, colour)


def render_markdown(found: Indicators) -> str:
    """Return it in Markdown."""
    return in_markdown(_blocks(found))


def render_csv(found: Indicators) -> str:
    """Return every number, a row for each answer and scenario."""
    return delimited(COLUMNS, _rows(found))


def _blocks(found: Indicators) -> Iterator[Block]:
    as_of = f", as of {found.as_of}" if found.as_of else ""
    yield [Line(f"What to watch: {clean(found.title or 'Forecast')}{as_of}", "bold")]
    telling = [each for each in found.indicators if each.share >= LEAST_SHARE]
    silent = [each for each in found.indicators if each.share < LEAST_SHARE]
    if telling:
        yield [_table(telling, found)]
        yield [Line("Signposts", "bold"), *_signposts(telling, found)]
    else:
        yield [Line("No open question tells anything of the scenarios.")]
    last = []
    if silent:
        names = ", ".join(condition(each.name, _year(found)) for each in silent)
        last.append(Line(f"Tell next to nothing: {names}."))
    last += [Line(f"Not open: {humanised(name)} ({why}).") for name, why in found.closed.items()]
    key = (
        f"tells: share of what is uncertain about the scenarios ({found.entropy:.2f} bits) that is "
        "gone, on average, once the answer is known; known: at the latest; *: watched by the file."
    )
    yield [*last, Line(key, "dim"), Line(f"Run {found.run}, {found.draws:,} draws.", "dim")]


def _year(found: Indicators) -> str:
    return (found.as_of or "")[:4]


def _table(telling: Sequence[Indicator], found: Indicators) -> Section:
    dated = any(each.known for each in telling)
    rows = []
    for each in telling:
        star = " *" if each.watched else ""
        row = [f"{condition(each.name, _year(found))}{star}"]
        if dated:
            row.append(day(each.known or "", _year(found)))
        row.append(percent(each.share, 1.0))
        if dated:
            row.append(f"{100 * _monthly(each):.1f} %")
        rows.append(tuple(row))
    heads = ("known", "tells", "a month") if dated else ("tells",)
    return Section("Indicators", "indicator", heads, tuple(rows))


def _monthly(each: Indicator) -> float:
    if each.per_month is None or not each.information:
        return 0.0
    return each.share * each.per_month / each.information


def _signposts(telling: Sequence[Indicator], found: Indicators) -> Iterator[Line]:
    first = [each for each in telling if each.watched]
    chosen = {each.name: each for each in (*first, *telling)}
    shown = list(chosen.values())[: max(MOST_SIGNPOSTS, len(first))]
    for each in sorted(shown, key=lambda each: (each.known or "", telling.index(each))):
        yield Line(_signpost(each, found), deep=True)


def _signpost(each: Indicator, found: Indicators) -> str:
    """Write what follows from each answer.

    The scenario that an answer moves most is told of, by its chance then.
    """
    year = _year(found)
    by = f"By {day(each.known, year)}: " if each.known else ""
    ranked = sorted(each.answers, key=lambda answer: -_largest(answer)[1])[:MOST_ANSWERS]
    kept = [answer for answer in each.answers if answer in ranked]
    parts = [_consequence(answer, found, year) for answer in kept]
    if len(kept) == 2 and kept[1].says == f"not {kept[0].says}":
        parts[1] = f"if not ({percent(kept[1].probability, 1.0)}), {_told(kept[1], found)}"
    return f"{by}{'; '.join(parts)}."


def _largest(answer: AnswerResult) -> tuple[str, float]:
    name = max(answer.scenarios, key=lambda n: abs(answer.scenarios[n].change))
    return name, abs(answer.scenarios[name].change)


def _consequence(answer: AnswerResult, found: Indicators, year: str) -> str:
    chance = percent(answer.probability, 1.0)
    return f"if {condition(answer.says, year)} ({chance}), {_told(answer, found)}"


def _told(answer: AnswerResult, found: Indicators) -> str:
    name, _ = _largest(answer)
    return _moved(name, found.scenarios[name], answer.scenarios[name])


def _moved(name: str, now: float, then: Outlook) -> str:
    if abs(then.change) < max(NOTICED, CLEAR * then.mcse):
        return "next to nothing changes"
    verb = "rises" if then.change > 0 else "falls"
    before, after = (percent(p, 1.0) for p in (now, then.probability))
    return f'"{humanised(name)}" {verb} from {before.removesuffix(" %")} to {after}'


def _rows(found: Indicators) -> Iterator[Row]:
    for each in found.indicators:
        for answer in each.answers:
            for scenario, then in answer.scenarios.items():
                monthly = each.per_month
                yield {
                    "run": found.run,
                    "as_of": found.as_of,
                    "indicator": each.name,
                    "question": each.question,
                    "watched": "yes" if each.watched else "no",
                    "known": each.known,
                    "days": each.days,
                    "information": significant(each.information),
                    "information_mcse": significant(each.mcse),
                    "share": significant(each.share),
                    "per_month": None if monthly is None else significant(monthly),
                    "answer": answer.says,
                    "answer_probability": significant(answer.probability),
                    "scenario": scenario,
                    "probability": significant(then.probability),
                    "mcse": significant(then.mcse),
                    "change": significant(then.change),
                }
