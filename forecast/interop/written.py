"""Networks as texts: a scenario file, or BIF."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from forecast.interop.bayes_net import BayesNet, Variable
from forecast.model.cells import VOID

_PLAIN = re.compile(r"\w[\w.+/-]*")
_LATIN = re.compile(r"[^A-Za-z0-9_]+")

_MARKS = '"\\'

MARGIN = 40
"""Column in which the states of the parents stand beside a row."""


def as_yaml(net: BayesNet, origin: str) -> str:
    """Return a network as a scenario file, its numbers digit by digit as they were read.

    Parameters
    ----------
    net
        The network.
    origin
        What it was made from, for the first line.
    """
    head = [f"# {_comment(origin)}" + (f" (network {_comment(net.name)})" if net.name else "")]
    head += ["forecast: 1", "numbers: exact", "defaults: {type: categorical}", "", "questions:"]
    return "\n".join(itertools.chain(head, _questions(net))) + "\n"


def _questions(net: BayesNet) -> Iterator[str]:
    for name, variable in net.variables.items():
        parents = variable.table.parents
        yield f"  {_scalar(name)}:"
        yield f"    states: [{', '.join(map(_scalar, variable.states))}]"
        yield "    prior:"
        yield "      table:"
        if parents:
            yield f"        parents: [{', '.join(map(_scalar, parents))}]"
            yield "        rows:".ljust(MARGIN) + f"# {_comment(', '.join(parents))}"
        else:
            yield "        rows:"
        worlds = itertools.product(*(net.variables[parent].states for parent in parents))
        for text, world in zip(variable.table.rows.texts, worlds, strict=True):
            row = f"        - {' '.join(text.replace(',', ' ').split())}"
            yield f"{row.ljust(MARGIN - 1)} # {_comment(', '.join(world))}" if world else row


def _scalar(text: str) -> str:
    """Return a text that YAML reads back as itself.

    >>> _scalar("5-12"), _scalar("<5"), _scalar("no")
    ('5-12', '"<5"', 'no')
    """
    if _PLAIN.fullmatch(text):
        return text
    return f'"{"".join(c if c.isprintable() and c not in _MARKS else _escape(c) for c in text)}"'


def _escape(character: str) -> str:
    if character in _MARKS:
        return f"\\{character}"
    return f"\\U{ord(character):08X}"


def _comment(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else "?" for c in text).split())


def as_bif(net: BayesNet, header: Iterable[str] = ()) -> str:
    """Return a network as BIF that every reader takes: names are words of Latin letters and digits.

    Parameters
    ----------
    net
        The network.
    header
        Lines that stand above it, as comments; below them each name that had to be changed.
    """
    names = safe_names(net.variables, "v")
    states = {name: safe_names(v.states, "s") for name, v in net.variables.items()}
    lines = [f"// {_comment(line)}" for line in header]
    for name in net.variables:
        if name != names[name]:
            lines.append(f"// `{_comment(name)}` is written {names[name]}")
        changed = [f"`{_comment(s)}` as {t}" for s, t in states[name].items() if s != t]
        if changed:
            lines.append(f"// states of {names[name]}: {', '.join(changed)}")
    lines += [f"network {safe_names([net.name or 'unknown'], 'n')[net.name or 'unknown']} {{", "}"]
    for name, variable in net.variables.items():
        written = ", ".join(states[name].values())
        lines.append(f"variable {names[name]} {{")
        lines.append(f"  type discrete [ {len(variable.states)} ] {{ {written} }};")
        lines.append("}")
    for name, variable in net.variables.items():
        lines += _probability(name, variable, names, states)
    return "\n".join(lines) + "\n"


def _probability(
    name: str,
    variable: Variable,
    names: Mapping[str, str],
    states: Mapping[str, Mapping[str, str]],
) -> Iterator[str]:
    parents = variable.table.parents
    rows = (", ".join(text.replace(",", " ").split()) for text in variable.table.rows.texts)
    if not parents:
        yield f"probability ( {names[name]} ) {{"
        yield f"  table {next(rows)};"
    else:
        yield f"probability ( {names[name]} | {', '.join(names[p] for p in parents)} ) {{"
        worlds = itertools.product(*(states[parent].values() for parent in parents))
        for row, world in zip(rows, worlds, strict=True):
            yield f"  ({', '.join(world)}) {row};"
    yield "}"


def safe_names(names: Iterable[str], initial: str) -> dict[str, str]:
    """Return for each name a word of Latin letters, digits and ``_``, different from all others.

    ``initial`` stands before one that would begin with a sign, or be empty.

    >>> list(safe_names(["visit moscow", "visit-moscow", "방문", "7", "over"], "v").values())
    ['visit_moscow', 'visit_moscow_2', 'v_', '7', 'over']
    """
    wanted: Sequence[str] = list(names)
    used = {name for name in wanted if _is_safe(name)}
    out = {}
    for name in wanted:
        safe = name
        if not _is_safe(name):
            stem = _LATIN.sub("_", name)
            stem = f"{initial}_{VOID}" if name == VOID else stem
            stem = stem if stem[:1].isalnum() else f"{initial}{stem}"
            again = (f"{stem}_{i}" for i in itertools.count(2))
            safe = next(word for word in itertools.chain([stem], again) if word not in used)
            used.add(safe)
        out[name] = safe
    return out


def _is_safe(name: str) -> bool:
    return name != VOID and bool(re.fullmatch(r"[A-Za-z0-9]\w*", name, re.ASCII))
