"""One pass over YAML: from the events of libyaml to plain data with marks.

Iterative, because libyaml's composer overflows the stack at 100,000 brackets; bounded throughout.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from forecast.errors import Fault, InvalidSpecification, Path
from forecast.spec import traps
from forecast.spec.syntax import diagnose
from forecast.spec.text import Mark, Text
from forecast.spec.traps import TEXTS, Trap

DEEPEST = 40
MOST_EVENTS = 200_000
MOST_FAULTS = 100

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_BOXES: dict[Any, Any] = {yaml.MappingStartEvent: dict, yaml.SequenceStartEvent: list}
_ENDS = frozenset({yaml.MappingEndEvent, yaml.SequenceEndEvent})
_ALIAS = (
    "anchors and aliases are not used here; name the judgement under `judgements:` and refer to it"
)


@dataclass(slots=True)
class _Frame:
    """A mapping or list that is being filled."""

    box: Any
    path: Path
    flow: bool
    is_map: bool
    name: str | None = None  # the key whose value comes next ...
    key: Any = None  # ... and its event
    skip: bool = False  # that value is not kept
    until: int = -1  # what begins before this index is part of a text already mended
    last: tuple[str, Any] | None = None  # the entry before, if a plain text: key and event
    told: bool = False  # the entry before had no colon, and a fault says so
    hollow: bool = False  # an entry had no value: those that follow may be meant to be in it


class Reader:
    """What one pass has made of a text.

    Attributes
    ----------
    root
        Holds the data, once there is any.
    keys, values
        Where each key and each value begins.
    faults
        What was found on the way.
    """

    def __init__(self, file: str, text: Text) -> None:
        self._file, self._source, self._text = file, text, text.now
        self.root: list[Any] = []
        self.keys: dict[Path, Mark] = {}
        self.values: dict[Path, Mark] = {}
        self.faults: list[Fault] = []
        self._stack = [_Frame(self.root, (), False, False)]
        self._ignored = 0  # depth inside a value that is not kept
        self._last: Any = None  # the last scalar that says something
        self._anchors: dict[str, tuple[Mark, Path]] = {}

    def run(self) -> Trap | None:
        """Read the text; return what stopped it, if anything did."""
        try:
            self._read()
        except yaml.YAMLError as error:
            last = self._last
            span = (last.start_mark.index, last.end_mark.index) if last else (0, 0)
            return diagnose(self._text, error, span, self._stack[-1].name or "")
        for mark, path in self._anchors.values():
            self._fault(mark, path, "alias", _ALIAS)
        return None

    def _fault(
        self, mark: Mark, path: Path, code: str, text: str, fix: str = "", warn: bool = False
    ) -> None:
        place = (self._file, *mark, path)
        self.faults.append(Fault(*place, code, text, fix, "warning" if warn else "error"))
        if len(self.faults) >= MOST_FAULTS:
            raise InvalidSpecification(self.faults)

    def _give_up(self, event: Any, code: str, text: str) -> None:
        self._fault(self._at(event.start_mark), (), code, text)
        raise InvalidSpecification(self.faults)

    def _at(self, mark: Any) -> Mark:
        if self._source.inserted:
            return self._source.written(mark.line, mark.column)
        return Mark(mark.line + 1, mark.column + 1)

    def _read(self) -> None:
        handle: dict[Any, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._collection,
            yaml.SequenceStartEvent: self._collection,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        for count, event in enumerate(yaml.parse(self._text, Loader=_LOADER)):
            kind: Any = type(event)
            if self._ignored:
                self._ignored += (kind in _BOXES) - (kind in _ENDS)
            elif kind in handle:
                handle[kind](event)
            elif kind in _ENDS:
                self._stack.pop()
            if len(self._stack) + self._ignored > DEEPEST + 1:
                self._give_up(event, "too-deep", f"this is nested deeper than {DEEPEST} levels")
            if count > MOST_EVENTS:
                self._give_up(event, "too-large", "this file holds more than any model needs")

    def _document(self, event: Any) -> None:
        if self.root:
            text = "a file holds one document: what follows this line is not read"
            self._fault(self._at(event.start_mark), (), "documents", text, "delete the `---`")
            self._ignored = 1  # no end event brings it back to zero

    def _alias(self, event: Any) -> None:
        frame = self._stack[-1]
        self._anchors.pop(event.anchor, None)
        if frame.is_map and frame.name is None:
            self._refuse_key(frame, event, "alias", _ALIAS)
        elif not self._skipped(frame, event):
            path = self._path(frame)
            self._put(frame, path, "", event)
            self._fault(self.values[path], path, "alias", _ALIAS)

    def _collection(self, event: Any) -> None:
        frame = self._stack[-1]
        if frame.is_map and frame.name is None:
            self._refuse_key(frame, event, "key", "a key must be a word, or a text in quotes")
            self._ignored = 1
        elif self._skipped(frame, event):
            self._ignored = 1
        else:
            box, path = _BOXES[type(event)](), self._path(frame)
            self._put(frame, path, box, event)
            self._stack.append(_Frame(box, path, event.flow_style, type(box) is dict))
            if event.anchor or event.tag:
                self._decoration(event, path)

    def _scalar(self, event: Any) -> None:
        frame, value, style = self._stack[-1], event.value, event.style
        self._last = event if value else self._last
        if frame.is_map and frame.name is None:
            self._key(frame, event, value)
            return
        if self._skipped(frame, event):
            return
        path = self._path(frame)
        if event.anchor or event.tag:
            self._decoration(event, path)
            self._put(frame, path, value, event)
        elif (not value and style not in ("'", '"')) or (value == "~" and not style):
            self._nothing(frame, event, path)
        elif style:
            self._put(frame, path, value, event)
        else:
            self._plain(frame, event, path)

    def _decoration(self, event: Any, path: Path) -> None:
        if event.anchor:
            self._anchors[event.anchor] = (self._at(event.start_mark), path)
        if event.tag:
            start = event.start_mark.index
            text = f"tags such as `{self._text[start : start + 40].split()[0]}` are not used here"
            fix = "put a text that begins with ! in quotes"
            self._fault(self._at(event.start_mark), path, "tag", text, fix)

    def _key(self, frame: _Frame, event: Any, name: str) -> None:
        frame.name, frame.key = name, event
        if event.start_mark.index < frame.until:
            frame.skip = True
        elif name == "" and not event.style:
            self._refuse_key(frame, event, "key", "there is no key before this colon")
        elif name == "<<" and not event.style:
            text = "merge keys `<<` are not used here: write the fields out"
            self._refuse_key(frame, event, "merge-key", text)
        elif name in frame.box:
            frame.skip = True
            if not frame.hollow:
                path = (*frame.path, name)
                text = f"`{traps.short(name)}` is already defined on line {self.keys[path].line}"
                self._fault(self._at(event.start_mark), path, "duplicate-key", text)
        elif frame.flow and "(" in name and self._cut(frame, event, frame.path, ""):
            frame.skip = True
        elif event.anchor or event.tag:
            self._decoration(event, (*frame.path, name))

    def _refuse_key(self, frame: _Frame, event: Any, code: str, text: str) -> None:
        """Tell what is wrong with a key; its value is not kept."""
        frame.name, frame.skip = frame.name or "", True
        self._fault(self._at(event.start_mark), frame.path, code, text)

    def _skipped(self, frame: _Frame, event: Any) -> bool:
        if frame.skip or event.start_mark.index < frame.until:
            frame.name, frame.skip = None, False
            return True
        return False

    def _path(self, frame: _Frame) -> Path:
        if frame.name is not None:
            return (*frame.path, frame.name)
        return (*frame.path, len(frame.box)) if len(self._stack) > 1 else ()

    def _put(self, frame: _Frame, path: Path, value: Any, event: Any) -> None:
        """Keep a value, with its place."""
        self.values[path] = self._at(event.start_mark)
        if frame.name is None:
            frame.box.append(value)
        else:
            self.keys[path] = self._at(frame.key.start_mark)
            frame.box[frame.name] = value
            frame.name, frame.last, frame.told = None, None, False

    def _plain(self, frame: _Frame, event: Any, path: Path) -> None:
        """Keep a plain text, unless YAML has made something else of it."""
        name, value = frame.name, event.value
        on_own_line = not path if name is None else event.start_mark.line > frame.key.end_mark.line
        if name in TEXTS:
            # Two spaces set a comment off, as in every file of ours; one is more likely a text.
            if self._text.startswith(" #", event.end_mark.index):
                sign = self._source.mark(event.end_mark.index + 1)
                self._fault(sign, path, "hash-in-text", traps.comment(name), warn=True)
        elif not frame.flow and on_own_line:
            first = self._text[event.start_mark.index : event.end_mark.index].partition("\n")[0]
            if found := traps.glued(first):
                self._fault(self._at(event.start_mark), path, *found[1:])
        if frame.flow and "(" in value:
            value = self._cut(frame, event, path, name or "") or value
        self._put(frame, path, value, event)
        if name is not None:
            frame.last = (name, event)

    def _cut(self, frame: _Frame, event: Any, path: Path, field: str) -> str:
        """Tell of a comma in parentheses that has cut a text inside brackets; return it whole."""
        value = event.value
        if event.style or value.count("(") <= value.count(")"):
            return ""
        start, end = event.start_mark.index, event.end_mark.index
        brackets = "{ }" if frame.is_map else "[ ]"
        found = traps.cut(self._text, start, end, brackets, field)
        if found is None:
            return ""
        frame.until, text, meant = found
        self._fault(self._at(event.end_mark), path, "comma-in-flow", text)
        return meant

    def _nothing(self, frame: _Frame, event: Any, path: Path) -> None:
        """Tell of a value that is not there; it stays in the data as an empty text."""
        start = event.start_mark.index
        if len(self._stack) == 1:
            return
        if frame.name is None:
            text = "nothing stands here" if frame.flow else "nothing after `-`"
        elif frame.flow and ":" not in self._text[frame.key.end_mark.index : start]:
            self._bare(frame, path)
            return
        else:
            text = f"nothing after `{traps.short(frame.name)}:`"
        fix = "" if frame.flow else "write a value, or indent the lines that belong to it"
        frame.hollow = True
        if frame.name in TEXTS and self._text.startswith(" #", start):
            fix = traps.comment(frame.name)
        code = "empty-value"
        if re.match(r"[>|][+-]?\d", self._text[start : start + 3]):
            # `> 5` stops libyaml; `>5` is, without a word, an empty text indented by five.
            code, text, fix = "leading-gt", traps.folded(self._text[start], frame.name or ""), ""
        self._put(frame, path, "", event)
        self._fault(self.values[path], path, code, text, fix)

    def _bare(self, frame: _Frame, path: Path) -> None:
        """Tell of an entry inside { } without a colon; it is not kept."""
        key, name, last, told = frame.key, frame.name or "", frame.last, frame.told
        frame.name, frame.told = None, True
        if last and (last[0] in TEXTS or " " in last[1].value) and not traps.glued(name):
            frame.box[last[0]] += f", {name}"
            path, place = (*frame.path, last[0]), last[1].end_mark
            code, text, fix = "comma-in-flow", traps.comma("{ }"), ""
        elif not key.style and (found := traps.glued(name)):
            path, place = frame.path, key.start_mark
            (_, code, text), fix = found, ""
        else:
            place, code, fix = key.start_mark, "empty-value", "a list stands in [ ]"
            text = f"nothing after `{traps.short(name)}`"
        if not told:
            self._fault(self._at(place), path, code, text, fix)
