"""The blocks of a BIF file: what each says, before anything is held against anything else.

The format of Cozman's JavaBayes (Interchange Format 0.15) as bnlearn, GeNIe, pyAgrum, SamIam and
pgmpy write and read it: any characters in names, with or without quotes; properties, which are
passed over; comments; `table`, rows by the parents' states, `default`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from forecast.errors import nearest
from forecast.interop.bif_text import Cursor, Stop, Word
from forecast.spec.traps import short

KEYWORDS = ("network", "variable", "probability", "property")
MOST_STOPS = 100
MOST_WORDS = 10_000

_ROW = re.compile(r"\s*\(([^()\";]*)\)([^;(){}\"/]*);")
_NUMBERS = re.compile(r"([^;(){}\"/]*);")
_BLOCK = re.compile(r"^[ \t]*(?:network|variable|probability)\b", re.MULTILINE | re.IGNORECASE)
_PROPERTY = re.compile(r'(?:"[^"\n]*"|[^";{}])*;')


@dataclass
class VariableBlock:
    """``variable X { type discrete [ n ] { a, b }; }``."""

    name: Word
    states: list[Word] = field(default_factory=list)
    declared: Word | None = None


@dataclass
class ProbabilityBlock:
    """``probability ( X | A, B ) { ... }``.

    ``rows`` holds the states of the parents, the numbers as they are written, and where; ``table``
    and ``default`` the numbers alone.
    """

    at: int
    child: Word
    parents: list[Word] = field(default_factory=list)
    rows: list[tuple[tuple[str, ...], str, int]] = field(default_factory=list)
    table: Word | None = None
    default: Word | None = None


@dataclass
class Blocks:
    """All that a file says."""

    name: str = ""
    variables: list[VariableBlock] = field(default_factory=list)
    probabilities: list[ProbabilityBlock] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)


def read_blocks(cursor: Cursor) -> Blocks:
    """Read all blocks; after one that cannot be read go on with the next."""
    blocks = Blocks()
    while len(blocks.stops) < MOST_STOPS:
        try:
            if cursor.ended():
                break
            _block(cursor, blocks)
        except Stop as stop:
            blocks.stops.append(stop)
            following = _BLOCK.search(cursor.text, max(cursor.at, stop.at + 1))
            if following is None or stop.code == "truncated":
                break
            cursor.at = following.start()
    return blocks


def _block(cursor: Cursor, blocks: Blocks) -> None:
    cursor.block = "this file"
    word = cursor.word("`network`, `variable` or `probability`")
    match word.text.lower():
        case "network":
            _network(cursor, blocks)
        case "variable":
            blocks.variables.append(_variable(cursor))
        case "probability":
            blocks.probabilities.append(_probability(cursor, word.at))
        case "property":
            _property(cursor)
        case _:
            text = f"`{short(word.text)}` begins no block"
            fix = nearest(word.text[:40], KEYWORDS)
            if not blocks.variables and not blocks.probabilities:
                fix = fix or "a BIF file is made of network, variable and probability blocks"
            raise Stop(word.at, "syntax", text, fix)


def _network(cursor: Cursor, blocks: Blocks) -> None:
    cursor.block = "the network block"
    if cursor.sign() != "{":
        blocks.name = cursor.word("the name of the network").text
    cursor.expect("{", "after the name of the network")
    while not cursor.take("}"):
        word = cursor.word("a `}`")
        if word.text.lower() != "property":
            raise Stop(
                word.at, "syntax", f"`{short(word.text)}` cannot stand here", "a property can"
            )
        _property(cursor)


def _property(cursor: Cursor) -> None:
    found = _PROPERTY.match(cursor.text, cursor.at)
    if found is None:
        raise Stop(cursor.at, "syntax", "a `;` is missing after this property")
    cursor.at = found.end()


def _variable(cursor: Cursor) -> VariableBlock:
    cursor.block = "a variable block"
    block = VariableBlock(cursor.word("the name of the variable"))
    cursor.block = f"the block of variable `{short(block.name.text)}`"
    cursor.expect("{", "after the name of the variable")
    while not cursor.take("}"):
        word = cursor.word("a `}`")
        match word.text.lower():
            case "property":
                _property(cursor)
            case "type":
                _type(cursor, block)
            case _:
                fix = nearest(word.text[:40], ("type", "property")) or "`type` or `property` can"
                raise Stop(word.at, "syntax", f"`{short(word.text)}` cannot stand here", fix)
    cursor.take(";")
    return block


def _type(cursor: Cursor, block: VariableBlock) -> None:
    kind = cursor.word("the type of the variable")
    if kind.text.lower() != "discrete":
        text = f"`type {short(kind.text)}` is not supported: only `discrete` is"
        raise Stop(kind.at, "not-yet-supported", text, nearest(kind.text[:40], ("discrete",)))
    if cursor.take("["):
        block.declared = cursor.word("the number of states")
        cursor.expect("]", "after the number of states")
    cursor.expect("{", "before the states")
    block.states += _words(cursor, "}", "a state")
    cursor.take(";")


def _words(cursor: Cursor, end: str, wanted: str) -> Iterator[Word]:
    for count in itertools.count():
        if cursor.take(end):
            return
        if count == MOST_WORDS:
            said = f"more than {MOST_WORDS:,} names stand in one list"
            raise Stop(cursor.at, "too-large", said)
        yield cursor.word(f"a `{end}`")
        while cursor.take(","):
            if cursor.sign():
                raise cursor.unexpected(f"{wanted} is missing")


def _probability(cursor: Cursor, at: int) -> ProbabilityBlock:
    cursor.block = "a probability block"
    cursor.expect("(", "after `probability`")
    block = ProbabilityBlock(at, cursor.word("the name of the variable"))
    cursor.block = f"the probability block of `{short(block.child.text)}`"
    if not cursor.take("|"):
        cursor.take(",")
    block.parents += _words(cursor, ")", "a parent")
    cursor.expect("{", "after the names")
    while not cursor.take("}"):
        _entry(cursor, block)
    cursor.take(";")
    return block


def _entry(cursor: Cursor, block: ProbabilityBlock) -> None:
    text, parents = cursor.text, len(block.parents)
    while found := _ROW.match(text, cursor.at):
        labels, numbers = found[1], found[2]
        if "/" in labels and ("//" in labels or "/*" in labels):
            break
        states = tuple(label.strip() for label in labels.split(","))
        if len(states) != parents:
            break
        block.rows.append((states, numbers, found.start(1) - 1))
        cursor.at = found.end()
    if cursor.sign() == "}":
        return
    at = cursor.at
    if cursor.take("("):
        states = tuple(word.text for word in _words(cursor, ")", "a state"))
        block.rows.append((states, _numbers(cursor), at))
        return
    word = cursor.word("a `}`")
    match word.text.lower():
        case "property":
            _property(cursor)
        case "table":
            _once(block.table, word)
            block.table = Word(_numbers(cursor), word.at)
        case "default":
            _once(block.default, word)
            block.default = Word(_numbers(cursor), word.at)
        case _:
            fix = nearest(word.text[:40], ("table", "default", "property"))
            fix = fix or "write `table`, a row such as `(yes, no) 0.9, 0.1;` or `default`"
            raise Stop(word.at, "syntax", f"`{short(word.text)}` cannot stand here", fix)


def _once(known: Word | None, word: Word) -> None:
    if known is not None:
        raise Stop(word.at, "duplicate-key", f"`{word.text}` stands here twice", "keep one")


def _numbers(cursor: Cursor) -> str:
    if found := _NUMBERS.match(cursor.text, cursor.at):
        cursor.at = found.end()
        return found[1]
    words = []
    while not cursor.take(";"):
        if not cursor.take(","):
            words.append(cursor.word("a `;`").text)
    return " ".join(words)
