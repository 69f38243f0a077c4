"""In which order fields stand in a file: the order of the models, and so of the reference."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from forecast.spec import chance, defaults, evidence, judgement, question, scenario, sources

NAMED = frozenset(
    {"use", "experts", "judgements", "latents", "questions", "scenarios", "variants", "unused"}
    | {"cases", "odds", "any_of", "shares", "counts", "likelihood", "times", "do", "set"}
    | {"phrases", "synonyms", "refused", "yardstick", "quantiles", "roulette", "decisions"}
)
"""Fields that hold names or conditions, each with something of its own: their order is the
author's, and that of conditions has a meaning."""

VERBATIM = frozenset({"set"})
"""Fields whose inside belongs to other places of the file."""

_FILES: dict[str, type[BaseModel]] = {
    "forecast": scenario.ScenarioFile,
    "priors": sources.PriorsFile,
    "lexicon": sources.LexiconFile,
}
_ENTRIES: dict[str, type[BaseModel]] = {
    "statements": evidence.Statement,
    "evidence": evidence.Evidence,
    "scenarios": scenario.NamedScenario,
    "variants": scenario.Variant,
    "judgements": judgement.StoredJudgement,
    "experts": defaults.Expert,
    "source": sources.SourceOfPriors,
}
_FIRST = ("text", "type", "states", "ordered", "window", "by", "only_if", "claims")
_LAST = ("observable", "note", "resolves", "sources")
"""Of a question; between the two stands how likely it is, which differs from type to type."""
_INNER: tuple[type[BaseModel], ...] = (
    judgement.ReadAs,
    judgement.Frequency,
    judgement.EventRate,
    chance.Odds,
    chance.ShareTable,
    question.Around,
)


def fields_in_order(section: str, keys: Sequence[str]) -> tuple[str, ...]:
    """Return the order of the fields of a mapping.

    Parameters
    ----------
    section
        The field in which the mapping stands, ``""`` for the file itself.
    keys
        The keys that it has.

    >>> fields_in_order("evidence", ["source", "id"])[:3]
    ('id', 'date', 'known')
    """
    if not section:
        model = next((_FILES[kind] for kind in _FILES if kind in keys), scenario.ScenarioFile)
        return _names(model)
    if section in ("latents", "questions"):
        return _of_questions()
    if section in _ENTRIES:
        return _names(_ENTRIES[section])
    known = (_names(model) for model in _INNER)
    return next((names for names in known if set(keys) <= set(names)), ())


def _names(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(field.alias or name for name, field in model.model_fields.items())


@functools.cache
def _of_questions() -> tuple[str, ...]:
    """Return what is asked and when, then how likely it is, then how it is settled."""

    def models(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
        yield base
        for below in base.__subclasses__():
            yield from models(below)

    names = (name for model in models(question.BaseQuestion) for name in _names(model))
    middle = (name for name in names if name not in _LAST)
    return tuple(dict.fromkeys([*_FIRST, *middle, *_LAST]))
