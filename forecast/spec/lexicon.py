"""Lexicons: what words of estimative probability are taken to mean."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise

from forecast.errors import Fault, InvalidSpecification, nearest
from forecast.spec.judgement import BetaShape
from forecast.spec.notation import Band, Phrase, Point
from forecast.spec.problem import problem
from forecast.spec.read import Source, read, read_text
from forecast.spec.shape import validate
from forecast.spec.sources import LexiconFile

SHIPPED = ("icd203", "plain")

SPELLING = 0.8
"""How alike two phrases must be to be one phrase misspelt; a wrong guess may be the opposite."""


@dataclass(frozen=True)
class Lexicon:
    """The meaning of each phrase, and the ranges in which a computed probability is worded.

    Attributes
    ----------
    name, source
        What it is called and who published it.
    phrases
        Phrase -> the judgement that it stands for.
    synonyms
        Other spellings -> the phrase.
    refused
        Trap words -> why no number can be read from them.
    yardstick
        Phrase, lower and upper bound, upward; half-open except the last.
    text
        The file that it was read from.
    """

    name: str
    source: str
    phrases: Mapping[str, BetaShape | Point | Band]
    synonyms: Mapping[str, str]
    refused: Mapping[str, str]
    yardstick: tuple[tuple[str, float, float], ...]
    text: Source

    def meaning(self, phrase: str) -> BetaShape | Point | Band:
        """Return what a phrase stands for.

        Raises
        ------
        pydantic_core.PydanticCustomError
            For a trap word or a phrase that is not in the lexicon.
        """
        word = self.synonyms.get(phrase, phrase)
        if word in self.phrases:
            return self.phrases[word]
        if phrase in self.refused:
            raise problem(
                f"`{phrase}` {self.refused[phrase]}: give a number",
                "for example 40% (20..65)",
                "trap-word",
            )
        near = _meant(phrase, [*self.phrases, *self.synonyms])
        knows = f"it knows: {', '.join(self.phrases)}; or write 70% (55..85)"
        raise problem(
            f"`{phrase}` is not in the lexicon {self.name}",
            f"{near} {knows}" if near else knows,
            "unknown-phrase",
        )

    def word(self, probability: float) -> tuple[str, float, float]:
        """Return the phrase for a probability and the bounds of its range."""
        for phrase, low, high in self.yardstick:
            if probability < high:
                return phrase, low, high
        return self.yardstick[-1]


def _meant(phrase: str, known: Sequence[str]) -> str:
    """Return a guess at what was meant: first by whole words, since `unlikely` looks like `likely`.

    >>> _meant("quite likely", ["likely", "unlikely", "very likely"])
    'did you mean `likely`?'
    >>> _meant("likley", ["likely", "unlikely"]), _meant("fancy", ["likely"])
    ('did you mean `likely`?', '')
    """
    words = set(phrase.split())

    def shared(other: str) -> float:
        theirs = set(other.split())
        return len(words & theirs) / len(words | theirs)

    best = max(known, key=shared, default="")
    if best and shared(best) > 0:
        return f"did you mean `{best}`?"
    return nearest(phrase, known, cutoff=SPELLING)


def load_lexicon(name: str, *, path: str | None = None) -> Lexicon:
    """Load a shipped lexicon by name, or one of the user's own from a path.

    Raises
    ------
    InvalidSpecification
        With every fault of the file.
    """
    return _shipped(name) if path is None else _lexicon(read(path))


@functools.cache
def _shipped(name: str) -> Lexicon:
    text = (resources.files("forecast") / "lexicons" / f"{name}.yaml").read_text("utf-8")
    return _lexicon(read_text(text, f"{name}.yaml"))


def _lexicon(source: Source) -> Lexicon:
    errors = [fault for fault in source.faults if fault.severity == "error"]
    file, faults, _ = validate(LexiconFile, source, source.data)
    errors += faults
    if file is not None:
        errors += [
            source.fault(
                ("synonyms", word),
                "unknown-phrase",
                f"`{phrase}` is no phrase of this lexicon",
                nearest(phrase, file.phrases),
            )
            for word, phrase in file.synonyms.items()
            if phrase not in file.phrases
        ]
        errors += _gaps(file, source)
    if errors or file is None:
        raise InvalidSpecification(errors)
    return Lexicon(
        file.name,
        file.source,
        file.phrases,
        file.synonyms,
        file.refused,
        _yardstick(file),
        source,
    )


def _gaps(file: LexiconFile, source: Source) -> Iterator[Fault]:
    """Yield where the published yardstick does not word each probability exactly once."""
    rows = sorted(file.yardstick.items(), key=lambda row: row[1])
    reached, word = 0.0, ""
    for word, (low, high) in rows:
        if abs(low - reached) > 1e-9:
            kind = "leaves a gap" if low > reached else "overlaps"
            text = f"the yardstick {kind} between {100 * reached:g} % and {100 * low:g} %"
            yield source.fault(("yardstick", word), "yardstick", text)
        reached = high
    if rows and abs(reached - 1) > 1e-9:
        text = f"the yardstick ends at {100 * reached:g} %, not at 100 %"
        yield source.fault(("yardstick", word), "yardstick", text)


def _yardstick(file: LexiconFile) -> tuple[tuple[str, float, float], ...]:
    """Bounds as published; else half-way between the means of neighbouring phrases."""
    if file.yardstick:
        rows = ((word, low, high) for word, (low, high) in file.yardstick.items())
        return tuple(sorted(rows, key=lambda row: row[1]))
    means = sorted((_mean(meaning), phrase) for phrase, meaning in file.phrases.items())
    cuts = [0.0, *((a + b) / 2 for (a, _), (b, _) in pairwise(means)), 1.0]
    return tuple((phrase, cuts[i], cuts[i + 1]) for i, (_, phrase) in enumerate(means))


def _mean(meaning: BetaShape | Point | Band) -> float:
    match meaning:
        case Point(mean=mean):
            return mean
        case Band(low=low, high=high):
            return (low + high) / 2
        case BetaShape(beta=(a, b)):
            return a / (a + b)


def phrases_of(phrase: Phrase) -> tuple[str, ...]:
    """Return the one or two phrases of a judgement in words."""
    return (phrase.lower,) if phrase.upper is None else (phrase.lower, phrase.upper)
