"""Sound projects, and ways to spoil them: characters, words, lines, bytes, parts put elsewhere."""

from __future__ import annotations

import copy
import functools
import json
import random
import re
from pathlib import Path
from typing import Any

from writing import BASE, PRIORS

from forecast.spec.read import read_text

REPOSITORY = Path(__file__).parents[1]

SMALL = """\
forecast: 1
title: Small
as_of: 2025-04-08
observed_through: 2025-04-20
horizon: 2025-12-31
lexicon: plain
experts: {own: {shift: 0.5, scatter: 0.8}}
judgements:
  push: {read_as: x2.5 (1.3..5), widen: 1.5}
  pace: {read_as: {events: 3, in: 10 weeks, discount: 0.5}}
latents:
  cause: {prior: {successes: 2, of: 7, discount: 0.7}}
questions:
  talks: {type: date, window: 2025-03-01..2025-10-31, occurs: {base: 30..60%, odds: {cause: own.push}}, timing: [{between: 2025-05-01..2025-05-31, share: 40% (20..60)}, constant], observable: 5 days}
  strike: {type: date, rate: own.pace, report_by: [2025-06-30]}
  first: {type: date, means: "earliest(talks, strike)"}
  place: {type: categorical, states: [a, b, none of these], only_if: talks, prior: {cases: {talks by 2025-06-30: {shares: {a: 20%, b: 50%, none of these: 30%}, worth: 6}, otherwise: b}}}
  incidents: {type: count, rate: own.pace, cuts: [2, 5]}
  deal: {type: binary, prior: {cases: {"place is a|`none of these`": {read_as: likely, widen: 2}, incidents in 2..5: {beta: [2, 5]}, otherwise: unlikely to about even}}}
  calm: {type: binary, means: not strike and incidents <= 1}
statements:
  - {of: deal, given: talks by 2025-06-30, says: we believe, side: at most, informed_by: [leak]}
evidence:
  - {id: leak, date: 2025-03, text: t, source: s, grade: C3, group: g, odds: {cause: x3 (1.5..6), not talks: x0.5}}
  - {id: echo, date: 2025-03-20..2025-04-02, known: 2025-04-01, text: t, source: s, group: g, odds: {cause: x1.5}}
  - {id: seen, date: 2025-04-10, text: t, source: s, grade: A1, observed: incidents >= 1}
scenarios:
  good: {when: deal and calm, text: x}
  bad: first in 2025-05-01..2025-06-30 or place is not b
  rest: otherwise
variants:
  v: {given: talks, do: {strike: never, place: a}, drop: [leak, push], set: {questions.deal.type: binary}}
watch: [talks, first]
"""

WORDS = [
    *("0", "1", "-1", "75", "120%", "30%", "1e999", "0.5", "(0..100)", "(55..85)", "70% (80..85)", "30..60%", "9" * 400),
    *("x2", "x0", "x-1", "x2 (1..3)", "likely", "possible", "certain", "impossible", "to", "even to even", "doo.trip", "own.mine"),
    *("base.multilateral", "own.own", "none of these", "otherwise", "not", "and", "or", "(", ")", "is", "in", "by", "|", ".."),
    *(",", ":", "-", "#", "&", "*", "!", "'", '"', "`", "[", "]", "{", "}", "[]", "{}", "~", "<<", "?", "> 1", "%", "@"),
    *("type:", "prior:", "occurs:", "timing:", "means:", "only_if:", "cases:", "shares:", "odds:", "base:", "window:", "by:"),
    *("rate:", "cuts:", "states:", "observed:", "widen:", "worth:", "says:", "of:", "given:", "known:", "date:", "drop:", "do:"),
    *("set:", "use:", "lexicon:", "binary", "date", "count", "categorical", "quantity", "evenly", "constant", "at once", "never"),
    *("yes", "no", "void", "scenario", "earliest(troops, troops)", "a before b", "true", "null", "2025-04-08", "2025-02-30"),
    *("2025-13", "9999-12-31", "0001-01-01", "1000-01-01..8999-12-31", "2025-05-09..2025-05-01", "9999999 days", "0 days"),
    *("1000000", "0.000001", "\t", "\x00", "\x7f", "\x85", "\u2028", "\ufeff", "é", "漢", "😀", "a" * 2000, "[" * 50),
]  # fmt: skip
"""What is put in: words of the language, and what breaks texts."""

Files = dict[str, str]


@functools.cache
def projects() -> tuple[Files, ...]:
    """Return the sound projects that are spoilt; the scenario of each is the first file."""
    shared = {
        str(path.relative_to(REPOSITORY)): path.read_text("utf-8")
        for folder in ("priors", "lexicons")
        for path in sorted((REPOSITORY / folder).glob("*.yaml"))
    }
    cases = ("victory_day_2025", "korea_1950", "chest_clinic")
    shipped = ({f"scenarios/{case}.yaml": (REPOSITORY / f"scenarios/{case}.yaml").read_text("utf-8"), **shared} for case in cases)  # fmt: skip
    return (
        {"scenarios/s.yaml": SMALL},
        {"scenarios/s.yaml": BASE, "priors/doo.yaml": PRIORS},
        *shipped,
    )


def spoilt(text: str, edits: random.Random) -> str:
    """Change a text in a few places, by characters, words or lines."""
    for _ in range(edits.choice([1, 1, 1, 2, 3, 8])):
        lines = text.split("\n")
        line, other = (edits.randrange(len(lines)) for _ in range(2))
        at = edits.randrange(len(text) + 1)
        match edits.randrange(9):
            case 0:
                del lines[line]
            case 1:
                lines.insert(other, lines[line])
            case 2:
                lines[line] = lines[other]
            case 3:
                lines[line] = " " * edits.randrange(8) + lines[line].lstrip()
            case 4 | 5:
                words = lines[line].split(" ")
                words[edits.randrange(len(words))] = edits.choice(WORDS)
                lines[line] = " ".join(words)
            case 6:
                text = text[:at] + edits.choice(WORDS) + text[at:]
                continue
            case 7:
                text = text[:at] + text[at + edits.choice([1, 1, 2, 10, 200]) :]
                continue
            case 8:
                text = (
                    text[:at]
                    + chr(edits.choice([0, 9, 10, 13, 32, 35, 58, 96, 123, 233]))
                    + text[at + 1 :]
                )
                continue
        text = "\n".join(lines)
    return text


type Place = tuple[Any, Any]
"""A mapping or list, and the key or position of something in it."""


def places(data: Any) -> list[Place]:
    """Return every place of a nested structure."""
    found: list[Place] = []
    boxes = [data]
    while boxes:
        box = boxes.pop()
        keys = list(box) if isinstance(box, dict) else list(range(len(box)))
        found += [(box, key) for key in keys]
        boxes += [box[key] for key in keys if isinstance(box[key], dict | list)]
    return found


def reshaped(text: str, edits: random.Random) -> str:
    """Change what a file says rather than its letters: values, names, parts put elsewhere."""
    data = copy.deepcopy(read_text(text, "s.yaml").data)
    for _ in range(edits.choice([1, 1, 2, 3, 8])):
        known = places(data)
        (box, key), (source, part) = edits.choice(known), edits.choice(known)
        value = copy.deepcopy(source[part])
        match edits.randrange(7):
            case 0:
                box[key] = value
            case 1 | 2:
                box[key] = edits.choice(WORDS)
            case 3:
                box[key] = edits.choice([{}, [], [value], {"a": value}, {str(part): value}])
            case 4 if isinstance(box, dict):
                box[str(part)] = box.pop(key)
            case 5 if isinstance(box, dict):
                box[edits.choice(WORDS)] = box.pop(key)
            case 6 if len(known) > 20:
                del box[key]
            case _ if isinstance(box, list):
                box.append(value)
            case _:
                box[str(part)] = value
    return json.dumps(data, indent=1, ensure_ascii=False)


def mangled(text: str, edits: random.Random) -> bytes:
    """Change the bytes of a file: what a broken disk, a bad transfer or another encoding leaves."""
    raw = bytearray(text.encode())
    for _ in range(edits.choice([1, 1, 2, 5, 30])):
        at = edits.randrange(len(raw) + 1)
        match edits.randrange(6):
            case 0:
                raw[at : at + 1] = bytes([edits.randrange(256)])
            case 1:
                raw[at:at] = edits.randbytes(edits.choice([1, 2, 8]))
            case 2:
                del raw[at : at + edits.choice([1, 3, 50, 1000])]
            case 3:
                other = edits.randrange(len(raw) + 1)
                raw[at:at] = raw[other : other + edits.choice([1, 10, 300])]
            case 4:
                raw[at : at + 1] = edits.choice(
                    [b"\xe9", b"\xff\xfe", b"\xc3", b"\x00", b"\r", b"\t"]
                )
            case 5 if raw:
                place = min(at, len(raw) - 1)
                raw[place] ^= 1 << edits.randrange(8)
    return bytes(raw)


def retokened(text: str, edits: random.Random) -> str:
    """Change single tokens: swap two, take one out, double one, or put a word in its place."""
    tokens = re.split(r"(\s+|[{}\[\],:()|\"])", text)
    for _ in range(edits.choice([1, 1, 2, 4])):
        i, j = (edits.randrange(len(tokens)) for _ in range(2))
        match edits.randrange(5):
            case 0:
                tokens[i], tokens[j] = tokens[j], tokens[i]
            case 1:
                tokens[i] = ""
            case 2:
                tokens[i] += tokens[i]
            case 3:
                tokens[i] = edits.choice(WORDS)
            case 4:
                tokens[i] = tokens[j]
    return "".join(tokens)
