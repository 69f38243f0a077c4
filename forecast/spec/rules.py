"""Rules that tie the parts of a scenario file together: windows, rows, cycles, accounted claims."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping

from forecast.errors import Fault, Path, nearest
from forecast.spec import walk
from forecast.spec.calendar import Span
from forecast.spec.check import Complaint, Context, condition_faults
from forecast.spec.expression import Earliest, Expression
from forecast.spec.judgement import Point
from forecast.spec.question import AnyQuestion, Around, Binary, Cases, Categorical, Date, ShareCases
from forecast.spec.scenario import ScenarioFile
from forecast.spec.walk import PlacedJudgement


def window(question: AnyQuestion, file: ScenarioFile) -> Span:
    """Return the days in which a question may resolve.

    ``window:``, else from the day after the file's as-of date to ``by:`` or the horizon.
    """
    if question.window is not None:
        return question.window
    return Span(file.as_of + dt.timedelta(days=1), question.by or file.horizon)


def rules(context: Context) -> Iterator[Fault]:
    """Yield every fault that shows when the parts are held against each other."""
    yield from _frame(context)
    for name, question in context.questions.items():
        section = "latents" if name in context.file.latents else "questions"
        yield from _question(name, question, (section, name), context)
    yield from _cycles(context)
    yield from _scenarios(context)
    yield from _evidence(context)
    yield from _statements(context)
    yield from _references(context)
    yield from _unused(context)


def _frame(context: Context) -> Iterator[Fault]:
    file, source = context.file, context.source
    if file.horizon <= file.as_of:
        text = f"the horizon {file.horizon} is not after as_of {file.as_of}"
        yield source.fault(("horizon",), "date", text)
    if file.observed_through is not None and file.observed_through < file.as_of:
        text = f"observed_through {file.observed_through} is before as_of {file.as_of}"
        yield source.fault(("observed_through",), "date", text)
    for name in file.latents:
        if name in file.questions:
            text = f"`{name}` is already a latent"
            yield source.fault(("questions", name), "duplicate-key", text, "rename one", key=True)
    for alias, expert in file.experts.items():
        if alias not in file.use and alias != "own":
            yield source.fault(
                ("experts", alias), "unknown-source", f"`{alias}` is no source under `use:`",
                nearest(alias, file.use), key=True,
            )  # fmt: skip
        for name in ("shift", "scatter"):
            if getattr(expert, name) < 0:
                text = f"`{name}` is a standard deviation in logits: it cannot be negative"
                yield source.fault(("experts", alias, name), "value", text)


def _question(name: str, question: AnyQuestion, path: Path, context: Context) -> Iterator[Fault]:
    source, file = context.source, context.file
    if path[0] == "latents":
        for field in ("resolves", "sources"):
            if getattr(question, field):
                text = "a latent is never observed: it has nothing that resolves it"
                yield source.fault((*path, field), "value", text, key=True)
    if question.window is not None and question.by is not None:
        text = "`by` and `window` both say when: keep one"
        yield source.fault((*path, "by"), "value", text, key=True)
    days = window(question, file)
    if days.last < days.first:
        text = f"the window of `{name}` ends on {days.last}, before it opens on {days.first}"
        place = (*path, "by") if question.by else path
        yield source.fault(place, "date", text, "write window: A..B for one that opened earlier")
    match question:
        case Binary():
            yield from _exactly_one(question, ("prior", "means"), path, context)
        case Date():
            yield from _date(name, question, path, days, context)
        case Categorical(states=states):
            yield from _states(question, states, path, context)
        case _:
            for i, cut in enumerate(getattr(question, "cuts", ())):
                if cut != int(cut) or cut < 0:
                    text = f"`{cut:g}` is no count"
                    yield source.fault((*path, "cuts", i), "value", text)
    yield from _row_order(question, path, context)


def _exactly_one(
    question: AnyQuestion, fields: tuple[str, ...], path: Path, context: Context
) -> Iterator[Fault]:
    given = [name for name in fields if getattr(question, name) is not None]
    if not given:
        text = f"one of {', '.join(f'`{name}`' for name in fields)} is missing"
        yield context.source.fault(path, "missing", text, key=True)
    for extra in given[1:]:
        text = f"`{given[0]}` and `{extra}` both say how likely it is: keep one"
        yield context.source.fault((*path, extra), "value", text, key=True)


def _date(name: str, question: Date, path: Path, days: Span, context: Context) -> Iterator[Fault]:
    source = context.source
    yield from _exactly_one(question, ("occurs", "rate", "means"), path, context)
    if question.occurs is not None and question.timing is None:
        text = "`occurs` needs `timing`: when, if it happens?"
        yield source.fault((*path, "occurs"), "missing", text, "add timing: [evenly]", key=True)
    if question.timing is not None and question.occurs is None:
        yield source.fault((*path, "timing"), "value", "`timing` belongs to `occurs`", key=True)
    if question.means is not None:
        term = question.means.term
        if not isinstance(term, Earliest):
            text = "a date question means `earliest(a, b)` of other dates"
            yield source.fault((*path, "means"), "type", text)
        for part in term.names if isinstance(term, Earliest) else ():
            if not isinstance(context.questions.get(part, question), Date):
                yield source.fault((*path, "means"), "type", f"`{part}` is no date question")
    for i, day in enumerate(question.report_by):
        if not days.first <= day <= days.last:
            text = f"{day} lies outside the window of `{name}`, {days}"
            yield source.fault((*path, "report_by", i), "date", text)
    yield from _timing(question, path, days, source=context)


def _timing(question: Date, path: Path, days: Span, source: Context) -> Iterator[Fault]:
    items = question.timing or ()
    uncertain = 0
    for i, item in enumerate(items):
        here, last = (*path, "timing", i), i == len(items) - 1
        if not isinstance(item, Around):
            if not last:
                text = f"`{item}` takes the rest: it stands last"
                yield source.source.fault(here, "value", text)
            continue
        if item.between.last < days.first or item.between.first > days.last:
            text = f"{item.between} lies outside the window {days}"
            yield source.source.fault((*here, "between"), "date", text)
        if item.share is None and not last:
            yield source.source.fault(
                here, "missing", "`share` is missing: only the last takes the rest"
            )
        if item.share is not None and last:
            text = "the last item takes the rest: it needs no `share`"
            yield source.source.fault(
                (*here, "share"), "value", text, "add `- evenly` below it", key=True
            )
        fixed = isinstance(item.share, Point) and item.share.low is None
        uncertain += item.share is not None and not fixed
    if uncertain > 1:
        text = "several uncertain shares are not yet supported"
        fix = "give all but one as a fixed number"
        yield source.source.fault((*path, "timing"), "not-yet-supported", text, fix, key=True)
    shares = [item.share for item in items if isinstance(item, Around)]
    total = sum(s.mean for s in shares if isinstance(s, Point))
    if total > 1 + 1e-9:
        text = f"the shares of `timing` sum to {100 * total:g} %"
        yield source.source.fault((*path, "timing"), "shares-sum", text, key=True)


def _states(
    question: Categorical, states: tuple[str, ...], path: Path, context: Context
) -> Iterator[Fault]:
    source = context.source
    for i, state in enumerate(states):
        if state in states[:i]:
            yield source.fault((*path, "states", i), "duplicate-key", f"`{state}` is named twice")
        if state == "void":
            text = "`void` is kept for questions whose `only_if` fails"
            yield source.fault((*path, "states", i), "value", text)
    if len(states) < 2:
        yield source.fault((*path, "states"), "value", "two states at least are needed")
    for here, table in walk.share_tables(question.prior, (*path, "prior")):
        if isinstance(table, str):
            if table not in states:
                text = f"there is no state `{table}`"
                yield source.fault(here, "unknown-state", text, nearest(table, states))
            continue
        for state in table.shares:
            if state not in states:
                text = f"there is no state `{state}`"
                yield source.fault(
                    (*here, "shares", state),
                    "unknown-state",
                    text,
                    nearest(state, states),
                    key=True,
                )
        total = sum(table.shares.values())
        if abs(total - 1) > 1e-6:
            scaled = (
                ", ".join(f"{100 * share / total:.3g} %" for share in table.shares.values())
                if total
                else ""
            )
            text = f"shares sum to {100 * total:g} %" + (f"; rescale to {scaled}" if scaled else "")
            yield source.fault((*here, "shares"), "shares-sum", text, key=True)


def _row_order(question: AnyQuestion, path: Path, context: Context) -> Iterator[Fault]:
    def tables(value: object, here: Path) -> Iterator[tuple[Path, Mapping[Expression, object]]]:
        if isinstance(value, Cases | ShareCases):
            yield (*here, "cases"), value.cases
            for condition, inner in value.cases.items():
                yield from tables(inner, (*here, "cases", condition.text))

    for field in ("prior", "occurs"):
        for here, rows in tables(getattr(question, field, None), (*path, field)):
            for i, condition in enumerate(rows):
                if condition.is_otherwise and i < len(rows) - 1:
                    text = "`otherwise` takes all that is left: it stands last"
                    yield context.source.fault((*here, condition.text), "dead-row", text, key=True)
    for placed in walk.in_question(question, path):
        if isinstance(placed, walk.PlacedCondition) and placed.condition.is_otherwise:
            in_cases = len(placed.path) > 1 and placed.path[-2] == "cases"
            if not in_cases:
                yield context.source.fault(
                    placed.path, "value", "`otherwise` has no meaning here", key=placed.is_key
                )


def _cycles(context: Context) -> Iterator[Fault]:
    questions = context.questions
    graph = {name: [p for p in walk.parents(q) if p in questions] for name, q in questions.items()}
    done: set[str] = set()
    for start in graph:
        cycle = _cycle_from(start, graph, done)
        if cycle:
            section = "latents" if cycle[0] in context.file.latents else "questions"
            if len(cycle) == 1:
                text = f"{cycle[0]} depends on itself"
            else:
                named = f"{', '.join(cycle[:-1])} and {cycle[-1]}"
                text = f"{named} depend on each other: {' -> '.join([*cycle, cycle[0]])}"
            fix = "break the circle: which of them comes first?"
            yield context.source.fault((section, cycle[0]), "cycle", text, fix, key=True)
            return


def _cycle_from(start: str, graph: Mapping[str, list[str]], done: set[str]) -> list[str]:
    trail: list[str] = []
    stack: list[tuple[str, Iterator[str]]] = []

    def enter(name: str) -> None:
        trail.append(name)
        stack.append((name, iter(graph[name])))

    if start not in done:
        enter(start)
    while stack:
        name, parents = stack[-1]
        parent = next((p for p in parents if p not in done), None)
        if parent is None:
            done.add(name)
            stack.pop()
            trail.pop()
        elif parent in trail:
            return trail[trail.index(parent) :]
        else:
            enter(parent)
    return []


def _scenarios(context: Context) -> Iterator[Fault]:
    source, conditions = context.source, context.file.scenario_conditions()
    names = list(conditions)
    for name, condition in conditions.items():
        if condition.is_otherwise and name != names[-1]:
            text = "`otherwise` takes all that is left: it stands last"
            yield source.fault(("scenarios", name), "dead-row", text, key=True)
    lost = any(path[0] == "scenarios" for path in context.broken)
    if names and not conditions[names[-1]].is_otherwise and not lost:
        text = "the scenarios do not cover every future"
        yield source.fault(
            ("scenarios",), "uncovered", text, "end them with `rest: otherwise`", key=True
        )


def _evidence(context: Context) -> Iterator[Fault]:
    file, source = context.file, context.source
    seen: dict[str, int] = {}
    for i, item in enumerate(file.evidence):
        path: Path = ("evidence", i)
        if item.id in seen:
            line = source.mark(("evidence", seen[item.id], "id")).line
            text = f"`{item.id}` is already defined on line {line}"
            yield source.fault((*path, "id"), "duplicate-key", text)
        seen.setdefault(item.id, i)
        if (item.observed is None) == (item.odds is None):
            text = "exactly one of `observed` and `odds` says what the report tells"
            yield source.fault(path, "missing", text)
        if item.known is not None and item.known < item.date.first:
            text = f"known on {item.known}, before it happened"
            yield source.fault((*path, "known"), "date", text)
        if item.known_on > file.looked_through:
            field = "known" if item.known else "date"
            limit = "observed_through" if file.observed_through else "as_of"
            text = f"dated after {limit} {file.looked_through}"
            fix = "the forecast knows nothing of later days: leave it out or move the date on"
            yield source.fault((*path, field), "after-as-of", text, fix)
        for placed in walk.in_evidence(item, path):
            if isinstance(placed, walk.PlacedCondition) and placed.condition.is_otherwise:
                yield source.fault(
                    placed.path, "value", "`otherwise` has no meaning here", key=placed.is_key
                )


def _statements(context: Context) -> Iterator[Fault]:
    ids = {item.id for item in context.file.evidence}
    for i, statement in enumerate(context.file.statements):
        path: Path = ("statements", i)
        informed = statement.informed_by
        for j, item in enumerate(informed if isinstance(informed, tuple) else ()):
            if item not in ids:
                text = f"there is no evidence `{item}`"
                yield context.source.fault(
                    (*path, "informed_by", j), "unknown-evidence", text, nearest(item, ids)
                )
        says = statement.says
        if isinstance(says, Point) and says.mean in (0.0, 1.0):
            text = "a statement cannot be certain: nothing could ever move it"
            yield context.source.fault((*path, "says"), "value", text, "write 98% (95..99.5)")
        for placed_name, condition in (("of", statement.of), ("given", statement.given)):
            if condition is not None and condition.is_otherwise:
                yield context.source.fault(
                    (*path, placed_name), "value", "`otherwise` has no meaning here"
                )


def _references(context: Context) -> Iterator[Fault]:
    file, source = context.file, context.source
    for i, name in enumerate(file.watch):
        if name in file.latents:
            text = f"`{name}` is never observed: it cannot be watched"
            yield source.fault(("watch", i), "value", text)
        elif name not in file.questions and not context.is_broken("questions", name):
            text = f"there is no question `{name}`"
            yield source.fault(
                ("watch", i), "unknown-question", text, nearest(name, file.questions)
            )
    for name, question in context.questions.items():
        section = "latents" if name in file.latents else "questions"
        for i, claim in enumerate(question.claims):
            if not _is_known_claim(claim, context):
                text = f"there is no judgement `{claim}`"
                yield source.fault(
                    (section, name, "claims", i),
                    "unknown-judgement",
                    text,
                    nearest(claim, _claims(context)),
                )


def _claims(context: Context) -> list[str]:
    aliases = ("own", *context.priors)
    return [f"{alias}.{name}" for alias in aliases for name in context.stored(alias)]


def _is_known_claim(claim: str, context: Context) -> bool:
    return claim.partition(".")[0] in context.lost or claim in _claims(context)


def used_claims(file: ScenarioFile) -> Collection[str]:
    """Return the references that the model uses."""
    return {
        str(reference)
        for placed in walk.in_file(file)
        if isinstance(placed, PlacedJudgement)
        and (reference := walk.reference_of(placed.judgement)) is not None
    }


def _unused(context: Context) -> Iterator[Fault]:
    file, source = context.file, context.source
    used = used_claims(file)
    for claim in file.unused:
        if not _is_known_claim(claim, context):
            text = f"there is no judgement `{claim}`"
            yield source.fault(
                ("unused", claim),
                "unknown-judgement",
                text,
                nearest(claim, _claims(context)),
                key=True,
            )
        elif claim in used:
            text = f"`{claim}` is used by the model"
            yield source.fault(
                ("unused", claim), "value", text, "take it out of `unused:`", key=True
            )
    incomplete = any(
        path[0] in ("questions", "latents", "statements", "evidence", "unused")
        for path in context.broken
    )
    if incomplete:
        return
    for claim in _claims(context):
        if claim not in used and claim not in file.unused:
            text = f"`{claim}` is neither used nor listed"
            fix = f"use it, or write under `unused:` why not: `{claim}: reason`"
            place: Path = ("unused",) if file.unused else ("use", claim.partition(".")[0])
            yield source.fault(place, "unaccounted", text, fix, key=True)


__all__ = ["Complaint", "condition_faults", "rules", "used_claims", "window"]
