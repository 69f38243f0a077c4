"""From a file to plain data: every scalar a text, every value with its place.

YAML is read as events of libyaml, never composed or constructed: `no`, `1.10` and `null` stay the
texts they look like, and nothing in a file can build an object or exhaust the memory.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path as FilePath
from typing import Any, Literal

from forecast.errors import Fault, InvalidSpecification, Path, nearest
from forecast.spec.events import MOST_FAULTS, Reader
from forecast.spec.text import Mark, Text
from forecast.spec.traps import Trap, strange_characters, without_strange_characters

__all__ = ["Mark", "Source", "read", "read_text"]

LARGEST = 12_000_000
MOST_PATCHES = 20
NEAR = 5
MOST_READ_AGAIN = 500_000
"""Characters: how much reading on after syntax errors may cost."""

_SUFFIXES = (".yaml", ".yml", ".bif")

_TOO_LARGE = f"this file is larger than {LARGEST // 10**6} MB"


@dataclass(frozen=True)
class Source:
    """What a file says, and where it says it.

    Attributes
    ----------
    file
        The file as the user named it.
    data
        Mappings, lists and texts. A value at the path of an error is empty or a guess, there only
        so that the rest can be checked.
    keys, values
        Where each key and each value begins.
    faults
        What reading itself found.
    lines
        The text for excerpts, free of control characters.
    """

    file: str
    data: Any
    keys: Mapping[Path, Mark]
    values: Mapping[Path, Mark]
    faults: tuple[Fault, ...]
    lines: tuple[str, ...]

    def mark(self, path: Path, *, key: bool = False) -> Mark:
        r"""Return the place of a value (or of its key), or of the nearest one around it.

        >>> read_text("a:\n  b: c", "x.yaml").mark(("a", "b", "missing"))
        Mark(line=2, column=6)
        """
        for length in range(len(path), 0, -1):
            here = path[:length]
            mark = (self.keys.get(here) if key else None) or self.values.get(here)
            if mark is not None:
                return mark
        return Mark(1, 1)

    def fault(
        self,
        path: Path,
        code: str,
        text: str,
        fix: str = "",
        *,
        key: bool = False,
        severity: Literal["error", "warning"] = "error",
    ) -> Fault:
        """Return a fault that stands at a value, or at its key.

        >>> print(read_text("a: b", "x.yaml").fault(("a",), "value", "there is no `b`"))
        x.yaml:1:4: error[value]: a: there is no `b`
        """
        return Fault(self.file, *self.mark(path, key=key), path, code, text, fix, severity)


def read(path: str | os.PathLike[str]) -> Source:
    """Read a YAML file.

    Parameters
    ----------
    path
        The file; faults call it what the caller calls it.

    Returns
    -------
    Source
        Data, marks and the faults found on the way.

    Raises
    ------
    InvalidSpecification
        Where nothing can be made of it: missing, a directory, no text, too large, not YAML.

    Examples
    --------
    >>> read("no_such_file.yaml")
    Traceback (most recent call last):
    ...
    forecast.errors.InvalidSpecification: no_such_file.yaml: error[no-file]: there is no such file
    """
    file = os.fspath(path)
    return read_text(text_of(file), file)


def text_of(file: str) -> str:
    """Return a file as text.

    Raises
    ------
    InvalidSpecification
        Where there is none, it is no UTF-8, or it is too large.
    """
    try:
        with open(file, "rb") as stream:
            raw = stream.read(LARGEST + 1)
    except (FileNotFoundError, ValueError):
        raise _refusal(file, "no-file", "there is no such file", _similar(file)) from None
    except IsADirectoryError:
        raise _refusal(file, "directory", "this is a directory, not a file") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise _refusal(file, "no-file", f"this file cannot be read: {reason}") from None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refusal(file, "encoding", "this file is in UTF-16", "save it as UTF-8")
    if b"\0" in raw:
        raise _refusal(file, "binary", "this is not a text file")
    if len(raw) > LARGEST:
        raise _refusal(file, "too-large", _TOO_LARGE)
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        text = f"this file is not UTF-8: byte 0x{raw[error.start]:02X} on line {line}"
        raise _refusal(file, "encoding", text, "save it as UTF-8") from None


def read_text(text: str, file: str) -> Source:
    r"""Read YAML from a text.

    Parameters
    ----------
    text
        The YAML.
    file
        What faults call it.

    Returns
    -------
    Source
        Data, marks and the faults found on the way.

    Raises
    ------
    InvalidSpecification
        Where nothing can be made of it.

    Examples
    --------
    >>> source = read_text("title: T\nanswer: no", "x.yaml")
    >>> source.data, source.values["answer",]
    ({'title': 'T', 'answer': 'no'}, Mark(line=2, column=9))
    """
    if len(text) > LARGEST:
        raise _refusal(file, "too-large", _TOO_LARGE)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    # libyaml puts what it misses at the end on a line of its own, which therefore must exist.
    text = text if text.endswith("\n") else text + "\n"
    strange = islice(strange_characters(text), MOST_FAULTS)
    faults = [_fault(file, Text(text).mark(trap.at), (), trap) for trap in strange]
    if len(faults) == MOST_FAULTS:
        raise InvalidSpecification(faults)
    if faults:
        text = without_strange_characters(text)
    reader, met, whole = _read_on(file, Text(text))
    # What else is wrong on a line that had to be mended is most likely a consequence.
    faults += [fault for fault in reader.faults if fault.line not in met]
    for mark, trap in met.values():
        faults.append(_fault(file, mark, _path_at(reader, mark) if whole else (), trap))
    if not faults and not reader.root:
        faults.append(Fault(file, 0, 0, (), "empty-file", "this file is empty"))
    if not whole or not reader.root:
        raise InvalidSpecification(faults)
    faults.sort(key=lambda fault: (fault.line, fault.column))
    lines = tuple(text.split("\n"))
    return Source(file, reader.root[0], reader.keys, reader.values, tuple(faults), lines)


def _read_on(file: str, text: Text) -> tuple[Reader, dict[int, tuple[Mark, Trap]], bool]:
    """Read; at a syntax error with a known cure mend one character and read again.

    Returns the last reader, the first trap of each line, and whether the end was reached.
    """
    met: dict[int, tuple[Mark, Trap]] = {}
    again = min(MOST_PATCHES, MOST_READ_AGAIN // (1 + len(text.now)))
    while True:
        reader = Reader(file, text)
        trap = reader.run()
        if trap is None:
            return reader, met, True
        mark = text.mark(trap.at)
        # What cannot be mended close below something that was is most likely its consequence.
        if trap.patch or not any(mark.line - NEAR <= line < mark.line for line in met):
            met.setdefault(mark.line, (mark, trap))
        if trap.patch is None or again == 0:
            return reader, met, False
        text = text.mended(*trap.patch)
        again -= 1


def _path_at(reader: Reader, mark: Mark) -> Path:
    """Return the path of what begins at a place, or last before it."""
    places = chain(reader.keys.items(), reader.values.items())
    found = [(place, len(path), path) for path, place in places if place <= mark]
    return max(found, key=lambda entry: entry[:2])[2] if found else ()


def _fault(file: str, mark: Mark, path: Path, trap: Trap) -> Fault:
    return Fault(file, *mark, path, trap.code, trap.text, trap.fix)


def _refusal(file: str, code: str, text: str, fix: str = "") -> InvalidSpecification:
    return InvalidSpecification([Fault(file, 0, 0, (), code, text, fix)])


def _similar(file: str) -> str:
    try:
        names = [p.name for p in FilePath(file).parent.iterdir() if p.suffix in _SUFFIXES]
    except (OSError, ValueError):
        return ""
    return nearest(FilePath(file).name, names[:1000])
