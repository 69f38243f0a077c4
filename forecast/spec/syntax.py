"""What a YAML syntax error means to the one who wrote the text.

libyaml speaks of tokens. `diagnose` says what to do instead and, where one character stands in the
way, what to read in its place, so that the faults behind it are found in the same run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import yaml

from forecast.spec.traps import Trap, comment, folded, glued, short


class _Stop(NamedTuple):
    """Where libyaml gave up."""

    text: str
    at: int
    start: int  # where the thing that it was reading begins
    last: tuple[int, int]  # where the last scalar begins and ends
    field: str  # the key whose value it was reading

    @property
    def sign(self) -> str:
        return self.text[self.at : self.at + 1]

    def line(self, at: int) -> str:
        """Return the line from an index on, as far as anyone needs it."""
        return self.text[at : at + 2000].partition("\n")[0]

    def column(self, at: int) -> int:
        return at - self.text.rfind("\n", 0, at) - 1

    def indent(self, at: int) -> int:
        line = self.line(at - self.column(at))
        return len(line) - len(line.lstrip(" "))

    def breaks(self, start: int, end: int) -> bool:
        return "\n" in self.text[start:end]

    def follows_last(self) -> bool:
        return self.last[1] <= self.at and not self.text[self.last[1] : self.at].strip(" ")


def diagnose(text: str, error: yaml.YAMLError, last: tuple[int, int], field: str) -> Trap:
    """Explain a YAML syntax error.

    Parameters
    ----------
    text, error
        What was read, and what libyaml raised.
    last
        Where the last scalar begins and ends.
    field
        The key whose value was being read.

    Returns
    -------
    Trap
        With a patch if reading can go on.

    Examples
    --------
    >>> try:
    ...     list(yaml.parse("a: @b"))
    ... except yaml.YAMLError as error:
    ...     diagnose("a: @b", error, (0, 1), "a").text
    'a text cannot begin with @: put it in quotes'
    """
    problem = str(getattr(error, "problem", None) or error)
    mark, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    at = mark.index if mark else 0
    stop = _Stop(text, at, context.index if context else at, last, field)
    for pattern, explain in _EXPLAIN:
        if re.search(pattern, problem) and (trap := explain(stop)):
            return trap
    return Trap(at, "yaml-syntax", f"this cannot be read as YAML: {problem}")


def _after_quote(stop: _Stop) -> Trap | None:
    start, end = stop.last
    if stop.text[start : start + 1] not in ("'", '"') or not stop.follows_last():
        return None
    if stop.breaks(start, end):
        said = f"this quotation ends only on line {stop.text.count('\n', 0, end) + 1}"
        return Trap(start, "unclosed-quote", said, "close it where it should end", (start, "_"))
    said = "the text goes on after its closing quote"
    fix = "put all of it in quotes; a quote inside is doubled ('') or of the other kind"
    return Trap(end, "text-after-quote", said, fix, (start, "_"))


def _comment(stop: _Stop) -> Trap | None:
    rest = stop.line(stop.last[1])
    sign = stop.last[1] + len(rest) - len(rest.lstrip(" \t"))
    if sign == stop.last[1] or stop.text[sign : sign + 1] != "#":
        return None
    if stop.text[stop.start : stop.start + 1] in ("{", "["):
        hides_more = bool(re.search(r"[,}\]]", rest))
    else:
        between = stop.text[sign + len(stop.line(sign)) : stop.at].strip(" \n")
        hides_more = rest.startswith(" #") and not between
        hides_more = hides_more and stop.column(stop.at) > stop.indent(sign)
    if not hides_more:
        return None
    return Trap(sign, "hash-in-text", comment(stop.field), patch=(sign, "_"))


def _colon(stop: _Stop) -> Trap | None:
    start, end = stop.last
    if stop.sign != ":":
        return None
    if not stop.follows_last():
        said = "there is no key before this colon"
        return Trap(stop.at, "key", said, patch=(stop.at, " "))
    begins_line = not stop.text[start - stop.column(start) : start].strip(" -")
    if begins_line and (trap := _glued(stop._replace(start=start))):
        return trap
    line = stop.at - stop.column(stop.at)
    word = stop.text[line : stop.at].strip()
    if stop.breaks(start, end) and re.fullmatch(r"[\w.-]+", word):
        said = f"`{short(word)}` is indented too far: it belongs to the text above"
        fix = "start it in the column of the field above, or put the text in quotes"
        return Trap(line + stop.indent(line), "indentation", said, fix)
    if begins_line and end - start > 1024:
        return Trap(start, "key", "a key may have at most 1,024 characters")
    said = "a colon and a space inside a text: put the text in quotes"
    return Trap(stop.at, "colon-in-text", said, patch=(stop.at, "_"))


def _glued(stop: _Stop) -> Trap | None:
    if found := glued(stop.line(stop.start)):
        place, code, said = found
        place += stop.start - 1
        return Trap(stop.start, code, said, patch=(place, stop.text[place] + " "))
    return None


def _no_colon(stop: _Stop) -> Trap | None:
    if trap := _comment(stop._replace(at=stop.start)) or _glued(stop):
        return trap
    line = stop.line(stop.start)
    if len(line) > 1024:
        return Trap(stop.start, "key", "a key may have at most 1,024 characters")
    fix = "write `key: value`, or indent the line to go on with the text above"
    return Trap(stop.start, "no-colon", f"`{short(line)}` has no colon", fix)


def _block(stop: _Stop) -> Trap | None:
    if stop.sign in ("}", "]"):
        return Trap(stop.at, "bracket", f"there is one `{stop.sign}` too many", "", (stop.at, " "))
    if stop.sign == ":":
        return Trap(stop.at, "key", "there is no key before this colon")
    if stop.text[stop.at - stop.column(stop.at) : stop.at].rstrip().endswith(("]", "}")):
        fix = "put a text that begins with [ or { in quotes"
        return Trap(stop.at, "bracket", "nothing can follow a closing bracket on its line", fix)
    said = "the indentation of this line fits no line above"
    if stop.text.startswith("- ", stop.at):
        said = "a list item cannot stand among the fields of a mapping"
    fix = "start it in the column of the line that it belongs with"
    return Trap(stop.at, "indentation", said, fix)


def _end(stop: _Stop) -> Trap | None:
    if stop.sign in ("}", "]"):
        return _block(stop)
    return Trap(
        stop.at, "documents", "nothing can follow here: the one value of the file has ended"
    )


def _flow(stop: _Stop) -> Trap | None:
    sign, opening = stop.sign, stop.text[stop.start : stop.start + 1]
    below = stop.breaks(stop.start, stop.at)
    if not sign or (below and stop.indent(stop.at) <= stop.indent(stop.start)):
        return Trap(stop.start, "bracket", f"the `{opening}` that begins here is never closed")
    if not below and (trap := _colon(stop)):
        return trap
    if sign in ("}", "]"):
        return Trap(stop.at, "bracket", f"`{sign}` cannot close a `{opening}`")
    if sign in ("[", "{") and stop.follows_last():
        return Trap(stop.at, "bracket", f"a {sign} inside a text: put the text in quotes")
    at, said = stop.at, "a comma is missing before this, or a text needs quotes"
    if below:
        line = stop.text.count("\n", 0, stop.start) + 1
        said = f"a comma is missing before this, or the `{opening}` of line {line} is never closed"
    if stop.breaks(*stop.last):
        at += stop.indent(at) - stop.column(at)
    return Trap(at, "comma", said)


def _sign(stop: _Stop) -> Trap | None:
    if stop.sign in (">", "|"):
        return Trap(stop.at, "leading-gt", folded(stop.sign, stop.field), "", (stop.at, "_"))
    if stop.sign == "\t":
        return Trap(stop.at, "tab", "a tab cannot indent a line: use spaces")
    said = f"a text cannot begin with {stop.sign}: put it in quotes"
    return Trap(stop.at, "reserved-character", said, patch=(stop.at, "_"))


def _sign_at_start(stop: _Stop) -> Trap | None:
    return _sign(stop._replace(at=stop.start))


def _unclosed(stop: _Stop) -> Trap | None:
    said = "the quotation that begins here is never closed"
    return Trap(stop.start, "unclosed-quote", said, patch=(stop.start, "_"))


def _escape(stop: _Stop) -> Trap | None:
    said = "a backslash inside double quotes begins an escape"
    fix = "write two of them, or use single quotes"
    return Trap(stop.at, "escape", said, fix, (stop.at, "/"))


def _tight_colon(stop: _Stop) -> Trap | None:
    name, value = stop.text[stop.start : stop.at], re.split("[,}]", stop.line(stop.at + 1))[0]
    if value.startswith(("[", "{")):
        value = f"{value[0]}..."
    if value.strip(" ]"):
        said = f"a colon needs a space after it: `{short(f'{name}: {value}')}`"
        return Trap(stop.start, "space-after-colon", said, patch=(stop.at, ": "))
    return Trap(stop.at, "empty-value", f"nothing after `{short(name)}:`", "", (stop.at, ': ""'))


def _list(stop: _Stop) -> Trap | None:
    fix = "write the list below its key, or put a text that begins with - in quotes"
    return Trap(stop.at, "indentation", "a list cannot begin on the line of its key", fix)


def _no_item(stop: _Stop) -> Trap | None:
    if trap := _glued(stop._replace(start=stop.at)):
        return trap
    fix = "begin each item with `- `, in the column of the others"
    return Trap(stop.at, "indentation", "this line stands in a list, but is no item of it", fix)


def _nothing(stop: _Stop) -> Trap | None:
    if stop.sign in ("}", "]", ":"):
        return _block(stop)
    if stop.sign != ",":
        return None
    fix = "delete the comma, or put a text that begins with one in quotes"
    return Trap(stop.at, "comma", "nothing stands before this comma", fix)


_EXPLAIN: tuple[tuple[str, Callable[[_Stop], Trap | None]], ...] = (
    # libyaml and PyYAML's own parser differ in a few words; these patterns fit both.
    (r"mapping values|expected (key|<block end>|'-'|',' or|<document)", _after_quote),
    (r"expected (key|<block end>|',' or)", _comment),
    (r"mapping values", _colon),
    (r"could not find expected ':'", _no_colon),
    (r"expected '-'", _no_item),
    (r"expected (key|<block end>)", _block),
    (r"expected <document", _end),
    (r"expected ',' or", _flow),
    (
        r"(comment|whitespace) or (a )?line break|alphabetic or numeric|tag|expected '!'|URI",
        _sign_at_start,
    ),
    (r"a tab|cannot start any token|mapping keys", _sign),
    (r"unexpected (end of stream|document)", _unclosed),
    (r"escape", _escape),
    (r"unexpected ':'", _tight_colon),
    (r"sequence entries", _list),
    (r"node content", _nothing),
)
