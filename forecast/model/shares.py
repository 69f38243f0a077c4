"""Shares that sum to one: fixed, worth so many cases, counted, or judged one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forecast.errors import Path, dotted
from forecast.model import elicitation
from forecast.model.distributions import Beta, Dirichlet, Distribution
from forecast.model.formula import ONE, Const, Formula, Value, product, weighted_sum
from forecast.model.network import Origin, Parameter
from forecast.model.parameters import Judgements
from forecast.spec.question import Around, ShareCounts, ShareTable


def doubted(
    worth: float, masses: Mapping[str, float], words: str, path: Path, judgements: Judgements
) -> list[Formula]:
    """Return the chances of cells that are worth so many cases: Dirichlet(worth x masses)."""
    some = [state for state, mass in masses.items() if mass > 0]
    if len(some) < 2:
        return [Const(mass) for mass in masses.values()]
    alpha = tuple(worth * masses[state] for state in some)
    found = _dirichlet(some, alpha, f"{words} (worth {worth:g})", path, judgements)
    return [found.get(state, Const(0.0)) for state in masses]


def shares(
    table: ShareTable | ShareCounts, path: Path, judgements: Judgements
) -> dict[str, Formula]:
    """Return the chance of each state that has a share above zero."""
    if isinstance(table, ShareCounts):
        return _counted(table, path, judgements)
    states = [state for state, share in table.shares.items() if share > 0]
    total = sum(table.shares.values())
    if table.worth is None or len(states) == 1:
        return {state: Const(table.shares[state] / total) for state in states}
    alpha = tuple(table.worth * table.shares[state] / total for state in states)
    words = ", ".join(f"{state} {100 * table.shares[state]:g} %" for state in states)
    return _dirichlet(states, alpha, f"{words} (worth {table.worth:g})", path, judgements)


def _counted(table: ShareCounts, path: Path, judgements: Judgements) -> dict[str, Formula]:
    """Cases seen: alpha = w (n + 1/2), Jeffreys' start discounted like the cases."""
    stated = "discount" in table.model_fields_set
    discount = table.discount if stated else judgements.policy.discount
    alpha = tuple(discount * (n + 0.5) for n in table.counts.values())
    words = ", ".join(f"{n:g} {state}" for state, n in table.counts.items())
    if discount != 1:
        words += f", discount {discount:g}"
    return _dirichlet(list(table.counts), alpha, words, path, judgements)


def _dirichlet(
    states: Sequence[str],
    alpha: tuple[float, ...],
    words: str,
    path: Path,
    judgements: Judgements,
) -> dict[str, Formula]:
    name, origin = dotted(path), judgements.own_origin(path, words)
    judgements.parameters[name] = Parameter(
        name, Dirichlet(alpha), origin, components=tuple(states)
    )
    return {state: Value(name, i) for i, state in enumerate(states)}


def timing_shares(
    items: Sequence[object], path: Path, judgements: Judgements
) -> tuple[Formula, ...]:
    """Return the share of the occurrences of each shape of timing; the last takes the rest.

    One uncertain share is a parameter like any chance. Several, or one beside fixed ones, are
    Dirichlet in what the fixed ones leave: the means stay as stated, and the concentration is
    the one that keeps the sum of their variances.
    """
    stated: list[tuple[str, Distribution | float, Origin, Path]] = []
    for i, item in enumerate(items):
        if isinstance(item, Around) and item.share is not None:
            here = (*path, i, "share")
            stated.append((*judgements.elicited(item.share, here), here))
    uncertain = {i: s[1] for i, s in enumerate(stated) if isinstance(s[1], Beta)}
    if len(stated) < 2 or not uncertain:
        shares = [judgements.parameter(*found) for found in stated]
        return (*shares, weighted_sum(1.0, [(-1.0, share) for share in shares]))
    left = 1.0 - sum(share for _, share, _, _ in stated if isinstance(share, float))
    means = [beta.mean / left if left > 0 else 1.0 for beta in uncertain.values()]
    if sum(means) > 1 - 1e-6:
        total = 1.0 - left + sum(beta.mean for beta in uncertain.values())
        text = f"the shares of `timing` sum to {100 * total:g} %: the last item gets nothing"
        judgements.refuse(path, "shares-sum", text, "lower them", key=True)
        return (ONE,) * len(items)
    name = dotted(path)
    alpha = elicitation.joint_shares(means, [b.variance / left**2 for b in uncertain.values()])
    if min(alpha) <= 0:
        text = "the shares of `timing` are too wide to sum to one"
        judgements.refuse(path, "range-too-wide", text, "narrow their ranges", key=True)
        return (ONE,) * len(items)
    words = ", ".join(stated[i][2].words for i in uncertain)
    components = (*(f"share {i + 1}" for i in uncertain), "the rest")
    judgements.parameters[name] = Parameter(
        name, Dirichlet(alpha), judgements.own_origin(path, words), components=components
    )
    parts = iter([product(Const(left), Value(name, i)) for i in range(len(alpha))])
    shares = [
        next(parts) if i in uncertain else judgements.parameter(*s) for i, s in enumerate(stated)
    ]
    return (*shares, next(parts))
