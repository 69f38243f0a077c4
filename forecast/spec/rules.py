"""Rules that tie the parts of a scenario file together: windows, rows, reports, claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from forecast.errors import Fault, Path, nearest
from forecast.spec import walk
from forecast.spec.accounts import account_faults
from forecast.spec.context import Context
from forecast.spec.dependence import cycle_faults
from forecast.spec.evidence import TELLS, Evidence
from forecast.spec.expression import Earliest, Expression, Latest
from forecast.spec.magnitude import AmountCases, RateCases
from forecast.spec.number import number_faults, rate_of_date_faults
from forecast.spec.question import (
    AnyQuestion,
    Binary,
    Cases,
    Categorical,
    CountQuestion,
    Date,
    Quantity,
    ShareCases,
    ShareCounts,
    TimingCases,
)
from forecast.spec.so_far import so_far_faults
from forecast.spec.table import TabledShares
from forecast.spec.tabled import table_faults
from forecast.spec.timing import date_faults, window, window_faults
from forecast.spec.undated import undated_faults

__all__ = ["rules", "window"]


def rules(context: Context) -> Iterator[Fault]:
    """Yield every fault that shows when the parts are held against each other."""
    yield from _frame(context)
    undated = list(undated_faults(context))
    yield from undated
    if undated:  # the other rules ask for days
        for name, question in context.file.questions.items():
            if isinstance(question, Binary | Categorical):
                yield from table_faults(question, ("questions", name), context)
        return
    for name, question in context.questions.items():
        section = "latents" if name in context.file.latents else "questions"
        yield from _question(name, question, (section, name), context)
    yield from cycle_faults(context)
    yield from _scenarios(context)
    yield from _evidence(context)
    yield from _statements(context)
    yield from _watch(context)
    yield from account_faults(context)
    yield from _otherwise(context)


def _frame(context: Context) -> Iterator[Fault]:
    file = context.file
    if file.as_of and file.horizon and file.horizon <= file.as_of:
        text = f"the horizon {file.horizon} is not after as_of {file.as_of}"
        yield context.fault(("horizon",), "date", text)
    if file.as_of and file.observed_through and file.observed_through < file.as_of:
        text = f"observed_through {file.observed_through} is before as_of {file.as_of}"
        yield context.fault(("observed_through",), "date", text)
    if not file.questions and not any(path[0] == "questions" for path in context.broken):
        yield context.fault(("questions",), "missing", "at least one question is needed", key=True)
    for alias in file.experts:
        if alias not in file.use and alias != "own" and not context.is_lost(alias):
            text, fix = f"`{alias}` is no source under `use:`", nearest(alias, file.use)
            yield context.fault(("experts", alias), "unknown-source", text, fix, key=True)


def _question(name: str, question: AnyQuestion, path: Path, context: Context) -> Iterator[Fault]:
    yield from _name(name, path, context)
    yield from window_faults(name, question, path, context)
    days = window(question, context.file)
    match question:
        case Binary():
            yield from _exactly_one(question, ("prior", "means"), path, context)
            yield from table_faults(question, path, context)
            if question.means is not None and isinstance(question.means.term, Earliest | Latest):
                text = f"`{question.means.text}` is a date: it stands under a question of type date"
                yield context.fault((*path, "means"), "type", text)
        case Date():
            yield from _exactly_one(question, ("occurs", "rate", "means"), path, context)
            yield from rate_of_date_faults(question, path, context)
            if days.first <= days.last:
                yield from date_faults(name, question, path, context)
        case Categorical():
            yield from _states(question, path, context)
            for here, table in walk.share_tables(question.prior, (*path, "prior")):
                yield from _shares(table, question.states, here, context)
            yield from table_faults(question, path, context)
        case CountQuestion() | Quantity():
            yield from number_faults(question, path, context)
    yield from _row_order(question, path, context)


def _name(name: str, path: Path, context: Context) -> Iterator[Fault]:
    """Yield what is wrong with the name of a question, or with where it stands."""
    if "`" in name:
        text = "a name cannot hold a backquote: no condition could name it"
        yield context.fault(path, "reserved-name", text, "call it something else", key=True)
    if path[0] == "latents":
        if context.file.questions.get(name) is not None:
            text = f"`{name}` is already a latent"
            yield context.fault(("questions", name), "duplicate-key", text, "rename one", key=True)
        for field in ("resolves", "sources"):
            if getattr(context.file.latents[name], field):
                text = "a latent is never observed: it has nothing that resolves it"
                yield context.fault((*path, field), "value", text, key=True)


def _exactly_one(
    question: AnyQuestion, fields: tuple[str, ...], path: Path, context: Context
) -> Iterator[Fault]:
    given = [name for name in fields if getattr(question, name) is not None]
    if not given:
        text = f"one of {', '.join(f'`{name}`' for name in fields)} is missing"
        yield context.fault(path, "missing", text, key=True)
    for extra in given[1:]:
        text = f"`{given[0]}` and `{extra}` both say how likely it is: keep one"
        yield context.fault((*path, extra), "value", text, key=True)


def _states(question: Categorical, path: Path, context: Context) -> Iterator[Fault]:
    states = question.states
    for i, state in enumerate(states):
        here = (*path, "states", i)
        if state in states[:i]:
            yield context.fault(here, "duplicate-key", f"`{state}` is named twice")
        if state == "void":
            text = "`void` is kept for questions whose `only_if` fails"
            yield context.fault(here, "value", text)
    if len(states) < 2 and not isinstance(question.prior, TabledShares):
        yield context.fault((*path, "states"), "value", "two states at least are needed")


def _shares(
    table: walk.ShareLeaf, states: tuple[str, ...], here: Path, context: Context
) -> Iterator[Fault]:
    if isinstance(table, str):
        if table not in states:
            text = f"there is no state `{table}`"
            yield context.fault(here, "unknown-state", text, nearest(table, states))
        return
    field = "counts" if isinstance(table, ShareCounts) else "shares"
    for state in getattr(table, field):
        if state not in states:
            place, text = (*here, field, state), f"there is no state `{state}`"
            yield context.fault(place, "unknown-state", text, nearest(state, states), key=True)
    if isinstance(table, ShareCounts):
        for state in states:
            if state not in table.counts:
                text, fix = f"`{state}` has no count", f"write {state}: 0 if it never came"
                yield context.fault((*here, "counts"), "missing", text, fix, key=True)
        return
    total = sum(table.shares.values())
    if abs(total - 1) > 1e-6:
        text = f"shares sum to {100 * total:g} %"
        if total:
            scaled = (f"{100 * share / total:.3g} %" for share in table.shares.values())
            text += f"; rescale to {', '.join(scaled)}"
        yield context.fault((*here, "shares"), "shares-sum", text, key=True)


def _row_order(question: AnyQuestion, path: Path, context: Context) -> Iterator[Fault]:
    for field in ("prior", "occurs", "timing", "zero", "rate", "amount"):
        for here, rows in _tables(getattr(question, field, None), (*path, field)):
            for condition in list(rows)[:-1]:
                if condition.is_otherwise:
                    text = "`otherwise` takes all that is left: it stands last"
                    yield context.fault((*here, condition.text), "dead-row", text, key=True)


def _tables(value: object, here: Path) -> Iterator[tuple[Path, Mapping[Expression, object]]]:
    if isinstance(value, Cases | ShareCases | TimingCases | RateCases | AmountCases):
        yield (*here, "cases"), value.cases
        for condition, inner in value.cases.items():
            yield from _tables(inner, (*here, "cases", condition.text))


def _otherwise(context: Context) -> Iterator[Fault]:
    """Yield where `otherwise` stands although nothing stands before it."""
    for placed in walk.in_file(context.file):
        if isinstance(placed, walk.PlacedCondition) and placed.condition.is_otherwise:
            among_rows = placed.is_key and placed.path[-2] in ("cases", "likelihood")
            if not among_rows and placed.role != "scenario":
                text = "`otherwise` has no meaning here"
                yield context.fault(placed.path, "value", text, key=placed.is_key)


def _scenarios(context: Context) -> Iterator[Fault]:
    conditions = context.file.scenario_conditions()
    names = list(conditions)
    for name in names[:-1]:
        if conditions[name].is_otherwise:
            text = "`otherwise` takes all that is left: it stands last"
            yield context.fault(("scenarios", name), "dead-row", text, key=True)
    if any(path[0] == "scenarios" for path in context.broken):
        return
    if not names and context.file.as_of is None:
        return
    if not names:
        text = "at least one scenario is needed"
        yield context.fault(("scenarios",), "missing", text, "end with `rest: otherwise`", key=True)
    elif not any(condition.is_otherwise for condition in conditions.values()):
        text = "the scenarios do not cover every future"
        fix = "end them with `rest: otherwise`"
        yield context.fault(("scenarios",), "uncovered", text, fix, key=True)


def _evidence(context: Context) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for i, item in enumerate(context.file.evidence):
        if item.id in seen:
            first = context.place(("evidence", seen[item.id], "id"))
            text = f"`{item.id}` is already defined on line {context.source.mark(first).line}"
            yield context.fault(("evidence", i, "id"), "duplicate-key", text)
        seen.setdefault(item.id, i)
        yield from _report(item, ("evidence", i), context)


def _report(item: Evidence, path: Path, context: Context) -> Iterator[Fault]:
    file = context.file
    if len([field for field in TELLS if getattr(item, field) is not None]) != 1:
        text = f"exactly one of {', '.join(f'`{field}`' for field in TELLS)} says what it tells"
        yield context.fault(path, "missing", text)
    yield from so_far_faults(item, path, context)
    if item.known is not None and item.known < item.date.first:
        text = f"known on {item.known}, before it happened"
        yield context.fault((*path, "known"), "date", text)
    if file.as_of and item.known_on > file.looked_through:
        limit = "observed_through" if file.observed_through else "as_of"
        text = f"dated after {limit} {file.looked_through}"
        fix = (
            f"to update the forecast leave as_of, write `observed_through: {item.known_on}` "
            f"(or a later day, up to which you have looked), and run with `--as-of {item.known_on}`"
        )
        field = "known" if item.known else "date"
        yield context.fault((*path, field), "after-as-of", text, fix)


def _statements(context: Context) -> Iterator[Fault]:
    ids = context.evidence_ids()
    for i, statement in enumerate(context.file.statements):
        path: Path = ("statements", i)
        informed = statement.informed_by
        for j, item in enumerate(informed if isinstance(informed, tuple) else ()):
            if item not in ids and not context.is_broken("evidence", item):
                text, place = f"there is no evidence `{item}`", (*path, "informed_by", j)
                yield context.fault(place, "unknown-evidence", text, nearest(item, ids))
        if context.fixed(statement.says) in (0.0, 1.0):
            text = "a statement cannot be certain: nothing could ever move it"
            yield context.fault((*path, "says"), "value", text, "write 98% (95..99.5)")


def _watch(context: Context) -> Iterator[Fault]:
    file = context.file
    for i, name in enumerate(file.watch):
        if name in file.latents or ("latents", name) in context.broken:
            text = f"`{name}` is never observed: it cannot be watched"
            yield context.fault(("watch", i), "value", text)
        elif not context.exists(name):
            text = f"there is no question `{name}`"
            fix = nearest(name, file.questions)
            yield context.fault(("watch", i), "unknown-question", text, fix)
