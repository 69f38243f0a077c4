"""A BIF file under the hands of its reader: words, signs, and the places of both."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple

from forecast.spec.text import Mark
from forecast.spec.traps import short

SIGNS = "{}[]();,|"

_BLANK = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_WORD = re.compile(r"""(?:(?!//|/\*)[^\s{}\[\]();,|"])+""")
_QUOTED = re.compile(r'"([^"\n]*)"')


class Stop(Exception):
    """What stopped the reading of a block."""

    def __init__(self, at: int, code: str, text: str, fix: str = "") -> None:
        super().__init__(text)
        self.at, self.code, self.text, self.fix = at, code, text, fix


class Word(NamedTuple):
    """A name, a keyword or a number, and where it begins."""

    text: str
    at: int


class Cursor:
    """A place in a text that moves on as it is read.

    Parameters
    ----------
    text
        The text.

    Examples
    --------
    >>> cursor = Cursor('variable "a b" /* two words */ { }')
    >>> cursor.word("").text, cursor.word("a name").text, cursor.sign()
    ('variable', 'a b', '{')
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.block = ""  # the block that is being read, in words

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def mark(self, at: int) -> Mark:
        """Return the place of an index."""
        line = bisect_right(self._lines, at)
        return Mark(line, at - self._lines[line - 1] + 1)

    def skip(self) -> None:
        """Move on to the next word or sign."""
        if found := _BLANK.match(self.text, self.at):
            self.at = found.end()
        if self.text.startswith("/*", self.at):
            raise Stop(self.at, "comment", "the comment that begins here is never closed")

    def sign(self) -> str:
        """Return the sign that comes next, and stay before it; "" for a word or the end."""
        self.skip()
        sign = self.text[self.at : self.at + 1]
        return sign if sign in SIGNS else ""

    def ended(self) -> bool:
        """Whether nothing comes next."""
        self.skip()
        return self.at >= len(self.text)

    def take(self, sign: str) -> bool:
        """Move past a sign if it comes next."""
        if self.sign() != sign:
            return False
        self.at += 1
        return True

    def expect(self, sign: str, where: str) -> None:
        """Move past a sign, which must come next."""
        if not self.take(sign):
            raise self.unexpected(f"a `{sign}` is missing {where}")

    def word(self, wanted: str) -> Word:
        """Return the next word, with or without quotes, and move past it."""
        self.skip()
        at = self.at
        if found := _QUOTED.match(self.text, at):
            self.at = found.end()
            return Word(found[1], at)
        if self.text.startswith('"', at):
            raise Stop(at, "unclosed-quote", "the quotation that begins here is never closed")
        if found := _WORD.match(self.text, at):
            self.at = found.end()
            return Word(found[0], at)
        raise self.unexpected(f"{wanted} is missing")

    def unexpected(self, text: str) -> Stop:
        """Return what to tell where something else should come next."""
        if self.ended():
            return Stop(self.at, "truncated", f"the file ends within {self.block}: {text}")
        here = re.match(r"[^\s;{}()]{1,40}|\S", self.text[self.at : self.at + 80])
        return Stop(self.at, "syntax", f"{text} before `{short(here[0] if here else '')}`")
