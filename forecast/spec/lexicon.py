"""Lexicons: what words of estimative probability are taken to mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from forecast.errors import InvalidSpecification, nearest
from forecast.spec.judgement import Band, BetaShape, Phrase, Point, problem
from forecast.spec.read import Source, read, read_text
from forecast.spec.scenario import LexiconFile
from forecast.spec.shape import validate

SHIPPED = ("icd203", "plain")


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
        known = [*self.phrases, *self.synonyms]
        raise problem(
            f"`{phrase}` is not in the lexicon {self.name}",
            nearest(phrase, known) or f"it knows: {', '.join(self.phrases)}; or write 70% (55..85)",
            "unknown-phrase",
        )

    def word(self, probability: float) -> tuple[str, float, float]:
        """Return the phrase for a probability and the bounds of its range."""
        for phrase, low, high in self.yardstick:
            if probability < high:
                return phrase, low, high
        return self.yardstick[-1]


def load_lexicon(name: str, *, path: str | None = None) -> Lexicon:
    """Load a shipped lexicon by name, or one of the user's own from a path.

    Raises
    ------
    InvalidSpecification
        With every fault of the file.
    """
    if path is not None:
        source = read(path)
    else:
        shipped = resources.files("forecast") / "lexicons" / f"{name}.yaml"
        source = read_text(shipped.read_text("utf-8"), f"{name}.yaml")
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


def _yardstick(file: LexiconFile) -> tuple[tuple[str, float, float], ...]:
    """Bounds as published; else half-way between the means of neighbouring phrases."""
    if file.yardstick:
        bands = [(word, _band(text)) for word, text in file.yardstick.items()]
        return tuple(sorted(((w, low, high) for w, (low, high) in bands), key=lambda row: row[1]))
    means = sorted((_mean(meaning), phrase) for phrase, meaning in file.phrases.items())
    cuts = [0.0, *((a + b) / 2 for (a, _), (b, _) in zip(means, means[1:], strict=False)), 1.0]
    return tuple((phrase, cuts[i], cuts[i + 1]) for i, (_, phrase) in enumerate(means))


def _band(text: str) -> tuple[float, float]:
    low, _, high = text.rstrip("% ").partition("..")
    return float(low) / 100, float(high) / 100


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
