"""The traps of YAML: places where a text means something else than its author thinks.

These functions look at texts alone; `forecast.spec.events` meets the traps that are valid YAML,
`forecast.spec.syntax` explains those that are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

TEXTS = frozenset({"title", "text", "about", "note", "resolves", "quote"})
"""Fields that hold prose, in which signs like # and : stand for themselves."""

# U+0085, U+2028 and U+2029 end a line for libyaml, but in no editor: every mark below them would
# be wrong. Directives go too: libyaml compares each %TAG with all before it, hours for 4 MB.
_CONTROL = "\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"
_STRANGE = re.compile(
    rf"(?P<control>[{_CONTROL}]+)"
    "|(?m:^[ -]*(?:\\w+:)?(?P<space>\u00a0+))|(?m:^(?P<directive>%))"
)
_PERHAPS_STRANGE = re.compile(rf"[{_CONTROL}\u00a0]|\n%")
_INSTEAD = {"control": "\ufffd", "space": " ", "directive": "#"}

_GLUED_COLON = re.compile(r"([^\W\d][^:\n]{0,80}):(?!//)([^\s:,}\]][^\n]*)")
_GLUED_DASH = re.compile(r"-([^\s\d.>-].*)")
_CUT = re.compile(r"[^()\[\]{}\n]{0,400}\([^()\[\]{}]{0,400}\)[^()\[\]{},:#\n]{0,400}")
_AMONG = re.compile(r"\b(in|is|not in|is not) \(([^()]+)\)")
_RANGE = re.compile(r"(.*)\(([\d.%]+), *([\d.%]+)\)")


class Trap(NamedTuple):
    """A place where YAML and the author disagree.

    Attributes
    ----------
    at
        Index into the text.
    code, text, fix
        What the fault says.
    patch
        Index of one character, and what to read in its place to get over a syntax error.
    """

    at: int
    code: str
    text: str
    fix: str = ""
    patch: tuple[int, str] | None = None


def strange_characters(text: str) -> Iterator[Trap]:
    """Find what a YAML text cannot hold.

    >>> [trap.text for trap in strange_characters("title: a" + chr(7))]
    ['a control character (U+0007) cannot stand in a text']
    """
    perhaps = _PERHAPS_STRANGE.search(text) or text.startswith("%")
    for match in _STRANGE.finditer(text) if perhaps else ():
        at = match.start(match.lastgroup or 0)
        if match["directive"]:
            said = "a line cannot begin with %: put a text in quotes"
            yield Trap(at, "reserved-character", said)
            continue
        kind = "a control" if text[at] < "\xa0" else "an invisible"
        said, fix = f"{kind} character (U+{ord(text[at]):04X}) cannot stand in a text", "delete it"
        if match["space"]:
            said = "a non-breaking space (U+00A0) stands where a plain space belongs"
            fix = "type the space again"
        yield Trap(at, "control-character", said, fix)


def without_strange_characters(text: str) -> str:
    """Put something harmless in their place, length by length.

    >>> without_strange_characters("title: a" + chr(7))
    'title: a�'
    """

    def replace(match: re.Match[str]) -> str:
        kind = match.lastgroup or "control"
        return match[0][: -len(match[kind])] + _INSTEAD[kind] * len(match[kind])

    return _STRANGE.sub(replace, text)


def short(text: str, limit: int = 60) -> str:
    r"""Show a text in a message: on one line, and not all of it if it is long.

    >>> short("a \n b"), short("a" * 99, 7)
    ('a b', 'aaaa...')
    """
    text = " ".join(text[: 4 * limit].split())
    return text if len(text) <= limit else text[: limit - 3] + "..."


def glued(raw: str) -> tuple[int, str, str] | None:
    """Find a colon or dash that lacks its space: where the space belongs, code, text.

    >>> glued("p:0.3"), glued("https://x.org"), glued("p: 0.3")
    ((2, 'space-after-colon', 'a colon needs a space after it: `p: 0.3`'), None, None)
    >>> glued("-KCNA")
    (1, 'space-after-dash', 'a dash needs a space after it: `- KCNA`')
    """
    if match := _GLUED_COLON.fullmatch(raw):
        said = f"a colon needs a space after it: `{short(f'{match[1]}: {match[2]}')}`"
        return match.start(2), "space-after-colon", said
    if match := _GLUED_DASH.fullmatch(raw):
        said = f"a dash needs a space after it: `- {short(match[1])}`"
        return 1, "space-after-dash", said
    return None


def comma(brackets: str) -> str:
    """Say that a comma has ended a plain text inside brackets."""
    return (
        f"a comma ends a plain text inside {brackets}: "
        "quote the text, or write the entry on its own lines"
    )


def cut(text: str, start: int, end: int, brackets: str, field: str) -> tuple[int, str, str] | None:
    """Mend a text that a comma in parentheses has cut: its real end, what to say, what was meant.

    >>> cut("{a: b in (c, d)}", 4, 9, "{ }", "a")
    (15, 'a comma ends the expression inside { }; write `b is c|d`', 'b is c|d')
    """
    match = _CUT.match(text, start)
    if match is None or match.end() <= end:
        return None
    meant = raw = " ".join(match[0].split())
    said = comma(brackets)
    if field not in TEXTS:
        if _AMONG.search(raw):
            meant = _AMONG.sub(_alternatives, raw)
        elif pair := _RANGE.fullmatch(raw):
            meant = f"{pair[1]}({pair[2]}..{pair[3]})"
        if meant != raw or re.search(r"\w\(", raw):
            better = f"`{meant}`" if meant != raw else f'it in quotes: `"{raw}"`'
            said = f"a comma ends the expression inside {brackets}; write {better}"
    return match.end(), said, meant


def _alternatives(match: re.Match[str]) -> str:
    states = "|".join(state.strip() for state in match[2].split(","))
    return f"{'is not' if 'not' in match[1] else 'is'} {states}"


def comment(field: str) -> str:
    """Say that a # has cut a text short."""
    noun = field if field in ("title", "note") else "text"
    return f"everything from # on is a comment; quote the {noun}"


def folded(sign: str, field: str) -> str:
    """Say what a > or | at the start of a value does."""
    if field in TEXTS:
        return f"after {sign} the text begins on the next line"
    kind = "a folded text" if sign == ">" else "a text of several lines"
    return f"an expression starts with a name; {sign} at the start of a value begins {kind}"
