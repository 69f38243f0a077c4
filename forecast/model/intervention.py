"""``do``: what a question is set to from the as-of date on, with the past as it was.

The network is split in two worlds that share everything the intervention does not reach. In the
world as it was, reports, silence and statements are learned from, by the mechanisms of the file. In
the world to come the question is set, and what it moves is drawn anew by its own mechanism, given
what had not happened yet. Theta is the same in both, so that its posterior is that of the file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecast.model.cells import VOID, Cells
from forecast.model.cpd import tabulated
from forecast.model.formula import ONE, ZERO, Const, Formula, ratio, weighted_sum
from forecast.model.network import SCENARIO, Network, Node, Statement, Table, View
from forecast.model.past import as_it_was

type Allowed = NDArray[np.bool_]
"""The states of a question that hard evidence leaves."""


@dataclass(frozen=True)
class Obstacle:
    """Why the world to come cannot be told from what is known."""

    text: str
    fix: str


def intervene(network: Network, done: Mapping[str, int]) -> Network:
    """Return the network whose outcomes are those after an intervention.

    Parameters
    ----------
    network
        The network as the file has it; `obstacles` has found none.
    done
        Question -> the state that it is set to.

    Returns
    -------
    Network
        Nodes of the world to come bear the names of the questions; those of the world as it was
        that differ are gates, and carry the evidence.

    References
    ----------
    Richardson and Robins (2013), Single world intervention graphs, University of Washington CSSS
    working paper 128 (the question is split: evidence keeps its mechanism, its children the value);
    Pearl (2009), Causality, section 7.1 (learn, act, predict).
    """
    seen = _hard_evidence(network)
    moved = _moved(network, done, seen)
    past = {name: as_it_was(name) for name in moved}

    def before(name: str) -> str:
        return past.get(name, name)

    def table(table: Table) -> Table:
        return replace(table, scope=tuple(before(name) for name in table.scope))

    views = tuple(
        replace(view, likelihoods=tuple(table(t) for t in view.likelihoods))
        for view in network.views
    )
    statements = tuple(_renamed(statement, before) for statement in network.statements)
    nodes: dict[str, Node] = {}
    for name, node in network.nodes.items():
        role = "gate" if name in past else node.role
        nodes[before(name)] = replace(node, name=before(name), role=role, cpd=table(node.cpd))
        if name not in moved:
            continue
        if name in done:
            cpd = _set_to(node, done[name], before)
        else:
            cpd = node.cpd
            if name in seen:
                cpd = _not_before(cpd, seen[name])
            scope = tuple(n if n in moved else before(n) for n in cpd.scope)
            cpd = replace(cpd, scope=scope)
        nodes[name] = replace(node, cpd=cpd)
    kept = _needed(nodes, network, views, statements)
    return replace(
        network,
        nodes={name: node for name, node in nodes.items() if name in kept},
        views=views,
        statements=statements,
    )


def obstacles(
    network: Network, done: Mapping[str, int], questions: Sequence[str]
) -> Iterator[Obstacle]:
    """Yield what keeps the world to come from being told; ``questions`` are those that are set.

    Evidence on what the intervention moves belongs to the world as it was. It passes where it is
    settled (a fact of the past, which stays), or where it is silence (what had not happened yet).
    Any other report on a moved question would have to be unrolled in time, and so would a moved
    question that stands between the intervention and a report.
    """
    seen = _hard_evidence(network)
    below = _descendants(network, done)
    reported = {name for view in network.views[1:2] for t in view.likelihoods for name in t.scope}
    for name in questions:
        if name in seen and seen[name].sum() == 1:
            text = f"`{name}` is settled by what is known: nothing acts on the past"
            yield Obstacle(text, "suppose something else, or choose an earlier --as-of")
    told: set[str] = set()
    for name in network.nodes:
        if name not in below or name not in reported or name in questions:
            continue
        if network.nodes[name].role == "gate":
            conditions = " and ".join(f"`{condition}`" for condition in network.given)
            text = f"{conditions} is taken as known, and hangs on {_listed(questions)}"
            fix = "what is given must not hang on what is done: ask for it as a scenario"
            yield Obstacle(text, fix)
            continue
        if not (_is_settled(network, name, seen) or _is_silent(network, name, seen)):
            yield _unrolled(name, name, questions)
        for between in _above(name, network, below - {*done, *questions}):
            free = _is_settled(network, between, seen) or _is_silent(network, between, seen)
            if not free and between not in told and network.nodes[between].role != "gate":
                told.add(between)
                yield _unrolled(between, name, questions)


def state_of(cells: Cells, value: str) -> int:
    """Return the state that a value of ``do`` lies in: its name, or the cell of a day or number.

    >>> state_of(Cells("binary", ("yes", "no"), (None, None)), "no")
    1
    """
    if value in cells.states:
        return cells.states.index(value)
    place = dt.date.fromisoformat(value).toordinal() if cells.kind == "date" else float(value)
    return next(
        i for i, bound in enumerate(cells.bounds) if bound and bound[0] <= place <= bound[1]
    )


def _listed(done: Sequence[str]) -> str:
    return " and ".join(f"`{name}`" for name in done)


def _unrolled(name: str, reported: str, done: Sequence[str]) -> Obstacle:
    what = (
        "a report speaks of it"
        if name == reported
        else f"what is known of `{reported}` rests on it"
    )
    text = (
        f"{_listed(done)} moves `{name}`, and {what}: the report is of the time before, "
        f"and `{name}` has no time in this file"
    )
    return Obstacle(text, f"split `{name}` into what was and what is to come, or drop the report")


def _hard_evidence(network: Network) -> dict[str, Allowed]:
    """Return, for questions of which facts are known, the states that are left.

    Left out are those of which some report is uncertain, or speaks of other questions too.
    """
    found: dict[str, Allowed] = {}
    doubtful: set[str] = set()
    for table in network.views[1].likelihoods:
        values = [entry.value if isinstance(entry, Const) else None for entry in table.entries]
        allowed = np.array([value != 0.0 for value in values])[table.index]
        if len(table.scope) > 1 or None in values or len(set(values) - {0.0}) > 1 or allowed.all():
            doubtful.update(table.scope)
            continue
        (name,) = table.scope
        found[name] = found.get(name, np.ones_like(allowed)) & allowed
    return {name: allowed for name, allowed in found.items() if name not in doubtful}


def _is_past(network: Network, name: str) -> Allowed:
    """Return which states of a date question lie wholly before the intervention."""
    bounds = network.nodes[name].cells.bounds
    if network.as_of is None:
        return np.zeros(len(bounds), dtype=bool)
    last = network.as_of.toordinal()
    return np.array([b is not None and b[1] <= last for b in bounds])


def _is_settled(network: Network, name: str, seen: Mapping[str, Allowed]) -> bool:
    if name not in seen:
        return False
    dated = network.nodes[name].cells.kind == "date"
    past = dated and not (seen[name] & ~_is_past(network, name)).any()
    return bool(seen[name].sum() == 1 or past)


def _is_silent(network: Network, name: str, seen: Mapping[str, Allowed]) -> bool:
    if name not in seen or network.nodes[name].cells.kind != "date":
        return False
    return bool(seen[name][~_is_past(network, name)].all())


def _children(network: Network) -> dict[str, list[str]]:
    children: dict[str, list[str]] = {name: [] for name in network.nodes}
    for name, node in network.nodes.items():
        for parent in node.cpd.scope[:-1]:
            children[parent].append(name)
    return children


def _descendants(network: Network, done: Mapping[str, int]) -> set[str]:
    children, stack, found = _children(network), list(done), set[str]()
    while stack:
        for child in children[stack.pop()]:
            if child not in found:
                found.add(child)
                stack.append(child)
    return found


def _moved(
    network: Network, done: Mapping[str, int], seen: Mapping[str, Allowed]
) -> frozenset[str]:
    """Return what is set and what hangs on it, as far as the past has not settled it."""
    children, stack, found = _children(network), list(done), set(done)
    while stack:
        for child in children[stack.pop()]:
            if child not in found and not _is_settled(network, child, seen):
                found.add(child)
                stack.append(child)
    return frozenset(found)


def _above(name: str, network: Network, among: set[str]) -> list[str]:
    """Return the ancestors of a node that are among some others."""
    stack, found = [name], dict[str, None]()
    while stack:
        for parent in network.nodes[stack.pop()].cpd.scope[:-1]:
            if parent in among and parent not in found:
                found[parent] = None
                stack.append(parent)
    return list(found)


def _set_to(node: Node, state: int, before: object) -> Table:
    """Return the cpd of a question that is set; where it means nothing it stays void."""
    assert callable(before)
    states = len(node.cells)
    row = [ONE if i == state else ZERO for i in range(states)]
    if VOID not in node.cells.states:
        return tabulated((node.name,), (states,), iter([row]))
    void = node.cells.states.index(VOID)
    is_void = np.array([entry == ONE for entry in node.cpd.entries])[node.cpd.index[..., void]]
    stays = [ONE if i == void else ZERO for i in range(states)]
    rows = (stays if here else row for here in is_void.ravel())
    parents = tuple(before(parent) for parent in node.cpd.scope[:-1])
    return tabulated((*parents, node.name), node.cpd.index.shape, rows)


def _not_before(cpd: Table, allowed: Allowed) -> Table:
    """Return the chances of a date given that it had not happened yet."""

    def row(entries: Sequence[Formula]) -> list[Formula]:
        left = weighted_sum(0.0, [(1.0, e) for e, a in zip(entries, allowed, strict=True) if a])
        if left in (ZERO, ONE):
            return list(entries)
        return [ratio(e, left) if a else ZERO for e, a in zip(entries, allowed, strict=True)]

    rows = cpd.index.reshape(-1, cpd.index.shape[-1])
    return tabulated(
        cpd.scope, cpd.index.shape, (row([cpd.entries[i] for i in line]) for line in rows)
    )


def _renamed(statement: Statement, before: object) -> Statement:
    assert callable(before)
    target = statement.target
    given = None if target.given is None else before(target.given)
    return replace(statement, target=replace(target, gate=before(target.gate), given=given))


def _needed(
    nodes: Mapping[str, Node],
    network: Network,
    views: Sequence[View],
    statements: Sequence[Statement],
) -> set[str]:
    """Return the nodes that answers or evidence rest on."""
    stack = [SCENARIO, *network.questions]
    stack += [name for view in views for table in view.likelihoods for name in table.scope]
    for statement in statements:
        stack += [g for g in (statement.target.gate, statement.target.given) if g is not None]
    needed: set[str] = set()
    while stack:
        name = stack.pop()
        if name not in needed:
            needed.add(name)
            stack.extend(nodes[name].cpd.scope[:-1])
    return needed
