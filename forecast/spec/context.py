"""A scenario file with all that its names may refer to, as the checks see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from forecast.errors import Fault, Path
from forecast.spec import walk
from forecast.spec.judgement import ReadAs, StoredJudgement
from forecast.spec.lexicon import Lexicon
from forecast.spec.notation import Phrase, Point, Reference
from forecast.spec.question import AnyQuestion
from forecast.spec.read import Source
from forecast.spec.scenario import ScenarioFile
from forecast.spec.sources import PriorsFile

type Priors = tuple[PriorsFile, Source, Lexicon | None]
"""A priors file, its text, and what its words mean."""


@dataclass(frozen=True)
class Context:
    """A scenario file with all that its names may refer to.

    Attributes
    ----------
    file, source, lexicon
        The file, its text, and what its words mean.
    priors
        Alias -> the file behind it.
    broken
        Entries left out because their shape is wrong: they exist, so naming them is no fault.
    lost
        What exists behind ``use:`` but cannot be used: ``doo``, or a single ``doo.trip``.
    varied
        Whether a variant has changed values: it owes no account of claims that it left out.
    """

    file: ScenarioFile
    source: Source
    lexicon: Lexicon | None
    priors: Mapping[str, Priors]
    broken: frozenset[Path] = frozenset()
    lost: Collection[str] = field(default=())
    varied: bool = False

    @property
    def questions(self) -> Mapping[str, AnyQuestion]:
        """Latents and questions whose shape is sound."""
        return walk.all_questions(self.file)

    def is_broken(self, section: str, name: str) -> bool:
        """Whether an entry exists but could not be read."""
        return (section, name) in self.broken or (section,) in self.broken

    def exists(self, name: str) -> bool:
        """Whether there is such a question or latent, sound or broken."""
        broken = self.is_broken("questions", name) or self.is_broken("latents", name)
        return broken or name in self.questions

    def is_lost(self, reference: str) -> bool:
        """Whether a judgement may exist but could not be read."""
        alias, _, name = reference.partition(".")
        if alias == "own":
            return self.is_broken("judgements", name)
        return ("use",) in self.broken or alias in self.lost or reference in self.lost

    def stored(self, alias: str) -> Mapping[str, StoredJudgement]:
        """Return the judgements behind an alias."""
        return self.file.judgements if alias == "own" else self.priors[alias][0].judgements

    def evidence_ids(self) -> Collection[str]:
        """Return the ids of all reports, sound or broken."""
        items = self.source.data.get("evidence") if isinstance(self.source.data, dict) else ()
        written = items if isinstance(items, list) else ()
        return {str(item.get("id")) for item in written if isinstance(item, dict)}

    def place(self, path: Path) -> Path:
        """Return the path in the file of a path in the model.

        They differ where broken items of a list were left out: the numbers of those after them.
        """
        if len(path) < 2 or not isinstance(path[1], int):
            return path
        number = path[1]
        left_out = (p[1] for p in self.broken if p[0] == path[0] and len(p) > 1)
        for gone in sorted(item for item in left_out if isinstance(item, int)):
            number += gone <= number
        return (path[0], number, *path[2:])

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
        """Return a fault that stands at a value of the scenario file, or at its key."""
        return self.source.fault(self.place(path), code, text, fix, key=key, severity=severity)

    def said_on(self, judgement: object) -> dt.date:
        """Return the day on which a judgement was made: its source's, or the file's own as-of.

        A pool is as late as the latest of its members.
        """
        pooled = walk.pool_of(judgement, (), self.file)
        if pooled is not None:
            return max(self.said_on(member) for member in pooled[0].pool)
        reference = walk.reference_of(judgement)
        if reference is None or reference.alias not in self.priors:
            return self.file.day
        return self.priors[reference.alias][0].source.said

    def fixed(self, judgement: object) -> float | None:
        """Return the number of a judgement that has no spread; None for all others."""
        lexicon = self.lexicon
        while isinstance(judgement, ReadAs):
            judgement = judgement.read_as
        if isinstance(judgement, Reference):
            known = judgement.alias == "own" or judgement.alias in self.priors
            found = self.stored(judgement.alias).get(judgement.id) if known else None
            if found is None:
                return None
            lexicon = lexicon if judgement.alias == "own" else self.priors[judgement.alias][2]
            judgement = found.read_as
        if isinstance(judgement, Phrase) and judgement.upper is None and lexicon is not None:
            word = lexicon.synonyms.get(judgement.lower, judgement.lower)
            judgement = lexicon.phrases.get(word)
        fixed = isinstance(judgement, Point) and judgement.low is None
        return judgement.mean if fixed and isinstance(judgement, Point) else None
