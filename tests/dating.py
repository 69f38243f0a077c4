"""Dates as they stand in a file, beside their laws: what enumeration is held against."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import daily
from daily import Law, Said, World, iso
from hypothesis import strategies as st
from modelling import chance, network_of

from forecast.model.network import Network


def atoms(names: tuple[str, ...], lags: bool) -> st.SearchStrategy[Said]:
    pair = st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda p: p[0] != p[1])
    first = pair.map(lambda p: Said(f"{p[0]} before {p[1]}", lambda w: daily.before(w, *p)))
    near = st.tuples(pair, st.integers(0, 4)).map(
        lambda x: Said(
            f"{x[0][0]} within {x[1]} days of {x[0][1]}",
            lambda w: daily.within(w, x[0][0], x[1], x[0][1]),
        )
    )
    return st.one_of(
        first,
        *([near] if lags else [first]),
        st.tuples(st.sampled_from(names), st.integers(1, 8)).map(
            lambda x: Said(f"{x[0]} by {iso(x[1])}", lambda w: daily.by(w, *x))
        ),
        st.tuples(st.sampled_from(names), st.integers(1, 8)).map(
            lambda x: Said(f"{x[0]} before {iso(x[1])}", lambda w: daily.by(w, x[0], x[1] - 1))
        ),
        st.sampled_from(names).map(lambda n: Said(n, lambda w: daily.happens(w, n))),
    )  # fmt: skip


def conditions(names: tuple[str, ...], lags: bool = True) -> st.SearchStrategy[Said]:
    """Conditions on some dates; ``lags``: also how far apart they are."""
    one = atoms(names, lags)
    return st.recursive(
        one,
        lambda inner: st.one_of(
            inner.map(daily.negated),
            st.tuples(inner, inner).map(lambda p: daily.both(*p)),
            st.tuples(inner, inner).map(lambda p: daily.either(*p)),
            st.lists(inner, min_size=2, max_size=3, unique_by=lambda s: s.text).flatmap(
                lambda parts: st.integers(1, len(parts)).map(lambda k: daily.count(k, *parts))
            ),
        ),
        max_leaves=4,
    )


@dataclasses.dataclass(frozen=True)
class Written:
    """A date as it stands in a file, and its law."""

    text: str
    law: Law


@st.composite
def dates(draw: st.DrawFn, actor: str | None = None) -> Written:
    """A date in some days of two weeks, whose chance and timing depend on a cause."""
    first = draw(st.integers(1, 5))
    last = first + draw(st.integers(0, 6))
    low, high = draw(st.floats(0.05, 0.95)), draw(st.floats(0.05, 0.95))
    start = draw(st.integers(first, last))
    end = draw(st.integers(start, last))
    shapes: dict[str, tuple[str, Callable[[float], Mapping[int, float]]]] = {
        "evenly": ("[evenly]", lambda _: daily.evenly(first, last)),
        "constant": ("[constant]", lambda p: daily.constant(first, last, p)),
        "around": (
            f"[{{between: {iso(start)}..{iso(end)}}}]",
            lambda _: daily.around(first, last, start, end),
        ),
        "mixed": (
            f"[{{between: {iso(start)}..{iso(end)}, share: 30%}}, constant]",
            lambda p: {
                day: 0.3 * share + 0.7 * daily.constant(first, last, p)[day]
                for day, share in daily.around(first, last, start, end).items()
            },
        ),
    }
    kind = draw(st.sampled_from([*shapes, "rate"]))
    void = draw(st.booleans())
    head = f"type: date, window: {iso(first)}..{iso(last)}" + (", only_if: h" if void else "")
    factor = round(draw(st.floats(0.2, 5)), 3)
    if kind == "rate":
        times = f"g: x2{'' if actor is None else f', {actor}: x{factor}'}"
        text = f"{{{head}, rate: own.pace, times: {{{times}}}}}"

        def law(world: World) -> Mapping[object, float]:
            def rate(day: int) -> float:
                acts = actor is not None and daily.by(world, actor, day)
                return PACE * (2 if world["g"] else 1) * (factor if acts else 1)

            return daily.first_event(first, last, rate)

    elif draw(st.booleans()):
        text, days = shapes[kind]
        text = f"{{{head}, occurs: {{cases: {{g: {high}, otherwise: {low}}}}}, timing: {text}}}"

        def law(world: World) -> Mapping[object, float]:
            p = high if world["g"] else low
            return daily.happening(p, days(p))

    else:
        (yes, during), (no, else_) = shapes[kind], shapes["evenly"]
        text = f"{{{head}, occurs: {high}, timing: {{cases: {{g: {yes}, otherwise: {no}}}}}}}"

        def law(world: World) -> Mapping[object, float]:
            return daily.happening(high, (during if world["g"] else else_)(high))

    def whole(world: World) -> Mapping[object, float]:
        return {"void": 1.0} if void and not world["h"] else law(world)

    return Written(text, whole)


PACE = 0.13

HEAD = """\
judgements: {pace: {read_as: {events: 3, in: 20 days}}}
questions:
  g: {type: binary, prior: 40%}
  h: {type: binary, prior: {cases: {g: 80%, otherwise: 60%}}}
  unused: {type: date, observable: never, rate: own.pace}
"""
CAUSES: dict[str, Law] = {
    "g": daily.cause(0.4),
    "h": lambda w: {True: 0.8, False: 0.2} if w["g"] else {True: 0.6, False: 0.4},
}


def joined(questions: Mapping[str, Written], said: Said, **frame: str) -> Network:
    body = HEAD + "".join(f"  {name}: {q.text}\n" for name, q in questions.items())
    return network_of(body + f'scenarios: {{s: "{said.text}", rest: otherwise}}', **frame)


def solved(network: Network) -> float:
    return chance(network, **{"own.pace": PACE})
