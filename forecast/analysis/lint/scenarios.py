"""Scenarios: which can never come about, which are taken by earlier ones, which parts are dead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from forecast.analysis.beforehand import Beforehand
from forecast.analysis.lint.subject import Subject, without
from forecast.errors import Fault, Path
from forecast.model.network import SCENARIO
from forecast.spec.expression import Expression, Or, Term
from forecast.spec.load import ScenarioSpec
from forecast.spec.scenario import NamedScenario

NEARLY_ALL = 0.97
"""Share of a scenario's condition that earlier scenarios take, above which little is left of it."""


def scenario_conditions(spec: ScenarioSpec) -> dict[str, Expression]:
    """Return the condition of each scenario, and of each of the parts of an `or`."""
    out: dict[str, Expression] = {}
    earlier: tuple[Term, ...] = ()
    for name, condition in _named(spec).items():
        out[f"scenario {name}"] = condition
        parts = _parts(condition)
        for i, part in enumerate(parts):
            others = parts[:i]
            out[f"part {i} of {name}"] = Expression("", part)
            out[f"part {i} of {name} alone"] = without(part, *earlier, *others)
        earlier = (Or((*earlier, condition.term)),) if earlier else (condition.term,)
    return out


def scenario_lint(subject: Subject) -> Iterator[Fault]:
    """Yield scenarios and parts of them that can never be, or hardly ever."""
    before, spec = subject.before, subject.spec
    names = list(spec.file.scenarios)
    for name, condition in _named(spec).items():
        path = _place(name, spec)
        if not before.possible[f"scenario {name}"]:
            text = f"`{name}` can never come about: `{condition.text}` never holds"
            fix = "mend the condition, or take the scenario out"
            yield _warning(subject, path, "impossible-scenario", text, fix)
        elif not before.possible[f"{SCENARIO}{names.index(name)}"]:
            takers = " and ".join(f"`{other}`" for other in _takers(name, subject))
            text = f"nothing is left for `{name}`: {takers} above it takes every such future"
            text = text.replace("takes", "take") if " and " in takers else text
            fix = "put it above, or take it out"
            yield _warning(subject, path, "contained-scenario", text, fix)
        else:
            yield from _dead_parts(name, condition, path, subject)
            yield from _nearly_taken(name, path, subject)
    last = names[-1]
    if not before.possible[f"{SCENARIO}{len(names) - 1}"] and len(names) > 1:
        text = f"nothing is left for `{last}`: the scenarios above it cover every future"
        fix = "no fault if that is meant; else widen it or narrow one above"
        yield _warning(subject, _place(last, spec), "contained-scenario", text, fix)


def _dead_parts(name: str, condition: Expression, path: Path, subject: Subject) -> Iterator[Fault]:
    possible = subject.before.possible
    parts = _parts(condition)
    for i, part in enumerate(parts):
        if possible[f"part {i} of {name} alone"]:
            continue
        said = f"part {i + 1} of the `or` in `{name}`"
        if not possible[f"part {i} of {name}"]:
            text = f"{said} can never hold"
        elif within := [j for j in range(i) if _is_within(part, parts[j], subject)]:
            text = f"{said} adds nothing: part {within[0] + 1} covers it"
        elif takers := [
            other for other in _above(name, subject) if _is_within(part, other[1], subject)
        ]:
            text = f"{said} is dead: `{takers[0][0]}` above takes every such future"
        else:
            text = f"{said} is dead: what stands above and before it takes every such future"
        yield _warning(subject, path, "dead-clause", text, "take it out, or mend it")


def _nearly_taken(name: str, path: Path, subject: Subject) -> Iterator[Fault]:
    before = subject.before
    whole = before.conditions[f"scenario {name}"].mean()
    left = before.scenarios[list(subject.spec.file.scenarios).index(name)].mean()
    if whole > 0 and 1 - left / whole > NEARLY_ALL:
        taken = {
            other: _shared(name, condition, subject)
            for other, condition in _named(subject.spec).items()
            if other in dict(_above(name, subject))
        }
        most = max(taken, key=lambda other: taken[other])
        text = (
            f"`{name}` is nearly the same as `{most}` above it, which takes "
            f"{100 * taken[most] / whole:.0f} % of its futures"
        )
        fix = "put the narrower one first, or merge the two"
        yield _warning(subject, path, "near-duplicate", text, fix)


def _named(spec: ScenarioSpec) -> Mapping[str, Expression]:
    """Return the scenarios with a condition of their own."""
    conditions = spec.file.scenario_conditions()
    return {name: c for name, c in conditions.items() if not c.is_otherwise}


def _parts(condition: Expression) -> tuple[Term, ...]:
    return condition.term.terms if isinstance(condition.term, Or) else ()


def _above(name: str, subject: Subject) -> list[tuple[str, Term]]:
    named = list(_named(subject.spec).items())
    place = [other for other, _ in named].index(name)
    return [(other, condition.term) for other, condition in named[:place]]


def _takers(name: str, subject: Subject) -> list[str]:
    """Return the earlier scenario that takes all of one, or the fewest from the top that do."""
    term = _named(subject.spec)[name].term
    above = _above(name, subject)
    alone = [other for other, taker in above if _is_within(term, taker, subject)]
    if alone:
        return alone[:1]
    needed = list(above)
    for other in above:  # a deletion filter: what can be left out is left out
        rest = [entry for entry in needed if entry is not other]
        if rest and _is_within(term, Or(tuple(t for _, t in rest)), subject):
            needed = rest
    return [other for other, _ in needed]


def _is_within(one: Term, other: Term, subject: Subject) -> bool:
    """Whether one condition holds in no world in which the other does not."""
    asked = Beforehand(subject.network, {"apart": without(one, other)}, {})
    return not asked.possible["apart"]


def _shared(name: str, other: Expression, subject: Subject) -> float:
    term = _named(subject.spec)[name].term
    asked = Beforehand(subject.network, {"apart": without(term, other.term)}, {})
    whole = subject.before.conditions[f"scenario {name}"].mean()
    return float(whole - asked.conditions["apart"].mean())


def _place(name: str, spec: ScenarioSpec) -> Path:
    named = isinstance(spec.file.scenarios[name], NamedScenario)
    return ("scenarios", name, "when") if named else ("scenarios", name)


def _warning(subject: Subject, path: Path, code: str, text: str, fix: str) -> Fault:
    return subject.spec.context.fault(path, code, text, fix, severity="warning")
