"""One pass over YAML: from the events of libyaml to plain data with marks.

Iterative, because libyaml's own composer overflows the stack at 100,000 brackets, and bounded in
depth, values and faults.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

import yaml

from forecast.errors import Fault, InvalidSpecification, Path
from forecast.spec import traps
from forecast.spec.syntax import diagnose
from forecast.spec.text import Mark, Text
from forecast.spec.traps import TEXTS, Trap

DEEPEST = 40
MOST_EVENTS = 250_000
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
    name: str | None = None  # the key whose value comes next ...
    key: Any = None  # ... and its event
    skip: bool = False  # that value is not kept
    until: int = -1  # what begins before this index is part of a text already mended
    last: tuple[str, Any] | None = None  # the entry before, if a plain text: key and event
    told: bool = False  # the entry before had no colon, and a fault says so

    @property
    def wants_key(self) -> bool:
        return self.name is None and type(self.box) is dict


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
        self._stack = [_Frame(self.root, (), False)]
        self._ignored = 0  # depth inside a value that is not kept
        self._last = (0, 0)
        self._anchors: dict[str, tuple[Mark, Path]] = {}

    def run(self) -> Trap | None:
        """Read the text; return what stopped it, if anything did."""
        try:
            self._read()
        except yaml.YAMLError as error:
            return diagnose(self._text, error, self._last, self._stack[-1].name or "")
        for mark, path in self._anchors.values():
            self.fault(mark, path, "alias", _ALIAS)
        return None

    def path_at(self, mark: Mark) -> Path:
        """Return the path of what begins at a place, or last before it."""
        places = chain(self.keys.items(), self.values.items())
        found = [(place, len(path), path) for path, place in places if place <= mark]
        return max(found, key=lambda entry: entry[:2])[2] if found else ()

    def fault(
        self,
        mark: Mark,
        path: Path,
        code: str,
        text: str,
        fix: str = "",
        severity: Literal["error", "warning"] = "error",
    ) -> None:
        """Note a fault; a file with too many of them is given up."""
        self.faults.append(Fault(self._file, *mark, path, code, text, fix, severity))
        if len(self.faults) >= MOST_FAULTS:
            self._give_up(mark, "too-many", f"after {MOST_FAULTS} faults nothing more is read")

    def _give_up(self, mark: Mark, code: str, text: str) -> None:
        raise InvalidSpecification([*self.faults, Fault(self._file, *mark, (), code, text)])

    def _at(self, mark: Any) -> Mark:
        return self._source.written(mark.line, mark.column)

    def _read(self) -> None:
        handle = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._collection,
            yaml.SequenceStartEvent: self._collection,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        for count, event in enumerate(yaml.parse(self._text, Loader=_LOADER)):
            kind: Any = type(event)
            if self._ignored:
                self._ignored += (kind in _BOXES) - (kind in _ENDS)
            elif kind in handle:
                handle[kind](event)
            if len(self._stack) + self._ignored > DEEPEST + 1:
                text = f"this is nested deeper than {DEEPEST} levels"
                self._give_up(self._at(event.start_mark), "too-deep", text)
            if count > MOST_EVENTS:
                text = "this file holds more values than any model needs"
                self._give_up(self._at(event.start_mark), "too-large", text)

    def _document(self, event: Any) -> None:
        if self.root:
            text = "a file holds one document: what follows this line is not read"
            self.fault(self._at(event.start_mark), (), "documents", text, "delete the `---`")
            self._ignored = 1  # no end event brings it back to zero

    def _end(self, event: Any) -> None:
        self._stack.pop()

    def _alias(self, event: Any) -> None:
        frame = self._stack[-1]
        self._anchors.pop(event.anchor, None)
        if frame.wants_key:
            self._key(frame, event, None)
        elif not self._skipped(frame, event):
            path = self._put(frame, "", event)
            self.fault(self.values[path], path, "alias", _ALIAS)

    def _collection(self, event: Any) -> None:
        frame = self._stack[-1]
        if frame.wants_key:
            self._key(frame, event, None)
            self._ignored = 1
        elif self._skipped(frame, event):
            self._ignored = 1
        else:
            box = _BOXES[type(event)]()
            path = self._put(frame, box, event)
            self._stack.append(_Frame(box, path, event.flow_style))
            self._decoration(event, path)

    def _scalar(self, event: Any) -> None:
        frame, value, style = self._stack[-1], event.value, event.style
        if value:
            self._last = (event.start_mark.index, event.end_mark.index)
        if frame.wants_key:
            self._key(frame, event, value)
        elif not self._skipped(frame, event):
            path = self._path(frame)
            self._decoration(event, path)
            if style in ("'", '"'):
                self._put(frame, value, event)
            elif not event.tag and (not value or (value == "~" and not style)):
                self._nothing(frame, event, path)
            elif style:
                self._put(frame, value, event)
            else:
                self._plain(frame, event, path)

    def _decoration(self, event: Any, path: Path) -> None:
        if event.anchor:
            self._anchors[event.anchor] = (self._at(event.start_mark), path)
        if event.tag:
            start = event.start_mark.index
            text = f"tags such as `{self._text[start : start + 40].split()[0]}` are not used here"
            fix = "put a text that begins with ! in quotes"
            self.fault(self._at(event.start_mark), path, "tag", text, fix)

    def _key(self, frame: _Frame, event: Any, name: str | None) -> None:
        """Take a key; its value is skipped where it cannot be kept."""
        mark, path = self._at(event.start_mark), frame.path
        frame.name, frame.key, frame.skip = name or "", event, True
        if event.start_mark.index < frame.until:
            return
        if type(event) is yaml.AliasEvent:
            self.fault(mark, path, "alias", _ALIAS)
        elif name is None:
            self.fault(mark, path, "key", "a key must be a word, or a text in quotes")
        elif name == "":
            self.fault(mark, path, "key", "there is no key before this colon")
        elif name == "<<":
            text = "merge keys `<<` are not used here: write the fields out"
            self.fault(mark, path, "merge-key", text)
        elif name in frame.box:
            path = (*path, name)
            text = f"`{traps.short(name)}` is already defined on line {self.keys[path].line}"
            self.fault(mark, path, "duplicate-key", text)
        elif not self._cut(frame, event, path, ""):
            frame.skip = False
            if event.anchor or event.tag:
                self._decoration(event, (*path, name))

    def _skipped(self, frame: _Frame, event: Any) -> bool:
        if frame.skip or event.start_mark.index < frame.until:
            frame.name, frame.skip = None, False
            return True
        return False

    def _path(self, frame: _Frame) -> Path:
        if len(self._stack) == 1:
            return ()
        return (*frame.path, len(frame.box) if frame.name is None else frame.name)

    def _put(self, frame: _Frame, value: Any, event: Any) -> Path:
        """Keep a value, with its place."""
        path = self._path(frame)
        self.values[path] = self._at(event.start_mark)
        if frame.name is None:
            frame.box.append(value)
        else:
            self.keys[path] = self._at(frame.key.start_mark)
            frame.box[frame.name] = value
            frame.name, frame.last, frame.told = None, None, False
        return path

    def _plain(self, frame: _Frame, event: Any, path: Path) -> None:
        """Keep a plain text, unless YAML has made something else of it."""
        name, value = frame.name, event.value
        if name in TEXTS:
            # Two spaces set a comment off, as in every file of ours; one is more likely a text.
            if self._text.startswith(" #", event.end_mark.index):
                sign = self._source.mark(event.end_mark.index + 1)
                self.fault(sign, path, "hash-in-text", traps.comment(name), severity="warning")
        elif not frame.flow and self._on_own_line(frame, event):
            first = self._text[event.start_mark.index : event.end_mark.index].partition("\n")[0]
            if found := traps.glued(first):
                self.fault(self._at(event.start_mark), path, *found[1:])
        self._put(frame, self._cut(frame, event, path, name or "") or value, event)
        if name is not None:
            frame.last = (name, event)

    def _on_own_line(self, frame: _Frame, event: Any) -> bool:
        if frame.name is None:
            return len(self._stack) == 1
        return bool(event.start_mark.line > frame.key.end_mark.line)

    def _cut(self, frame: _Frame, event: Any, path: Path, field: str) -> str:
        """Tell of a comma in parentheses that has cut a plain text; return what was meant."""
        value = event.value
        if not frame.flow or event.style or value.count("(") <= value.count(")"):
            return ""
        start, end = event.start_mark.index, event.end_mark.index
        found = traps.cut(self._text, start, end, _brackets(frame), field)
        if found is None:
            return ""
        frame.until, text, meant = found
        self.fault(self._at(event.end_mark), path, "comma-in-flow", text)
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
        if frame.name in TEXTS and self._text.startswith(" #", start):
            fix = traps.comment(frame.name)
        code = "empty-value"
        if re.match(r"[>|][+-]?\d", self._text[start : start + 3]):
            # `> 5` stops libyaml; `>5` is, without a word, an empty text indented by five.
            code, text, fix = "leading-gt", traps.folded(self._text[start], frame.name or ""), ""
        self._put(frame, "", event)
        self.fault(self.values[path], path, code, text, fix)

    def _bare(self, frame: _Frame, path: Path) -> None:
        """Tell of an entry inside { } without a colon; it is not kept."""
        key, name, last, told = frame.key, frame.name or "", frame.last, frame.told
        frame.name, frame.told = None, True
        if last and (last[0] in TEXTS or " " in last[1].value) and not traps.glued(name):
            frame.box[last[0]] += f", {name}"
            path, place = (*frame.path, last[0]), last[1].end_mark
            code, text, fix = "comma-in-flow", traps.comma(_brackets(frame)), ""
        elif not key.style and (found := traps.glued(name)):
            path, place = frame.path, key.start_mark
            (_, code, text), fix = found, ""
        else:
            place, code, fix = key.start_mark, "empty-value", "a list stands in [ ]"
            text = f"nothing after `{traps.short(name)}`"
        if not told:
            self.fault(self._at(place), path, code, text, fix)


def _brackets(frame: _Frame) -> str:
    return "{ }" if type(frame.box) is dict else "[ ]"
