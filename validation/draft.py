"""A scenario file in the making: questions that hang together, reports, statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.special import expit, logit

from forecast.inference.exact import ExactNetwork
from forecast.model.network import Network
from validation.chances import FORMS, Dice, factor, pick, written
from validation.model import SCENARIO, Model
from validation.truth.space import Space

AS_OF, HORIZON, SAID = "2025-06-30", "2025-12-31", "2025-03-01"
NEAR = 6
"""Parents are among the questions just before, so that exact sums stay small."""

LEAST = 0.0005
"""Least chance that anybody states."""


@dataclass(frozen=True)
class Said:
    """A statement before its number is known: what it is about, and how far off it is to be.

    Attributes
    ----------
    of, rest
        The condition; what stands behind ``says`` (side, given, informed_by).
    conflict
        How far what is said lies from what the model implies, in standard deviations of both.
    expert
        Whose statement it is; ``own`` is the analyst.
    """

    of: str
    conflict: float
    rest: str = ""
    expert: str = "own"


@dataclass
class Draft:
    """A scenario file in the making.

    Attributes
    ----------
    dice
        What decides; the same seed writes the same file.
    forms, worth
        How chances are written, and the least and greatest a + b of their Betas.
    """

    dice: Dice
    forms: tuple[str, ...] = FORMS[:1]
    worth: tuple[float, float] = (5.0, 40.0)
    lines: dict[str, list[str]] = field(
        default_factory=lambda: {"latents": [], "questions": [], "evidence": []}
    )
    plain: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    experts: dict[str, tuple[float, float]] = field(default_factory=dict)
    claims: dict[str, list[str]] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)

    def chance(self, expert: str | None = None) -> str:
        """Return a chance; an expert's stands in his own file."""
        text = written(self.dice, self.forms, self.worth)
        return text if expert is None else self.claim(expert, text)

    def claim(self, expert: str, text: str) -> str:
        """Put a judgement into the file of an expert and return the reference to it."""
        listed = self.claims.setdefault(expert, [])
        listed.append(f"  j{len(listed)}: {{about: a, read_as: {text}}}")
        return f"{expert}.j{len(listed) - 1}"

    def binaries(
        self, count: int, expert: Sequence[str] = (), most: int = 2, kinds: Sequence[str] = ()
    ) -> None:
        """Add yes/no questions, each with some of those just before as parents."""
        for _ in range(count):
            who = pick(self.dice, tuple(expert)) if expert and self.dice.random() < 0.6 else None
            name = f"q{len(self.plain)}"
            near = self.plain[-NEAR:]
            parents = self.dice.choice(
                near, min(len(near), int(self.dice.integers(most + 1))), replace=False
            ).tolist()
            kind = pick(self.dice, tuple(kinds) or ("cases", "cases", "odds", "any_of"))
            prior = self._prior(kind, parents, who)
            self.lines["questions"].append(f"  {name}: {{type: binary, prior: {prior}}}")
            self.plain.append(name)
            self.events.append(name)

    def _prior(self, kind: str, parents: list[str], expert: str | None) -> str:
        if not parents:
            return self.chance(expert)
        if kind == "odds":
            rows = ", ".join(f"{p}: {self._factor(expert)}" for p in parents)
            return f"{{base: {self.chance(expert)}, odds: {{{rows}}}}}"
        if kind == "any_of":
            rows = ", ".join(f"{p}: {self.chance(expert)}" for p in parents)
            return f"{{any_of: {{leak: {self.chance(expert)}, {rows}}}}}"
        worlds: list[list[str]] = [[]]
        for parent in parents:
            worlds = [[*w, sign + parent] for w in worlds for sign in ("", "not ")]
        rows = ", ".join(f"{' and '.join(w)}: {self.chance(expert)}" for w in worlds[:-1])
        return f"{{cases: {{{rows}, otherwise: {self.chance(expert)}}}}}"

    def _factor(self, expert: str | None) -> str:
        text = factor(self.dice)
        return text if expert is None else self.claim(expert, text)

    def condition(self) -> str:
        """Return a condition about one event or two."""
        events = self.events
        if len(events) == 1 or self.dice.random() < 0.5:
            return pick(self.dice, tuple(events))
        a, b = self.dice.choice(events, 2, replace=False).tolist()
        return pick(self.dice, (f"{a} and {b}", f"{a} or {b}", f"{a} and not ({b})"))

    def report(self, strength: float = 0.9) -> None:
        """Add a report: odds, an observation with a grade, or a likelihood."""
        number = len(self.lines["evidence"])
        grade = pick(self.dice, ("", "grade: B2, ", "grade: C3, "))
        about = pick(self.dice, tuple(self.plain))
        match pick(self.dice, ("odds", "odds", "group", "observed", "likelihood")):
            case "observed":
                grade = grade or "grade: B2, "
                tells = f"observed: {pick(self.dice, ('', 'not '))}{about}"
            case "likelihood":
                tells = f"likelihood: {{{about}: {self.chance()}, otherwise: {self.chance()}}}"
            case "group":  # one origin cannot pull both ways
                grade += f"group: of_{about}, "
                tells = f"odds: {{{about}: x{self.dice.uniform(1.2, 4):.3f}}}"
            case _:
                tells = f"odds: {{{about}: {factor(self.dice, strength)}}}"
        day = f"2025-{int(self.dice.integers(3, 7)):02d}-{int(self.dice.integers(1, 29)):02d}"
        self.lines["evidence"].append(
            f"- {{id: e{number}, date: {day}, text: t, source: s, {grade}{tells}}}"
        )

    def state(
        self, count: int, conflict: tuple[float, float], sides: float = 0.0, expert: str = "own"
    ) -> None:
        """Add statements about conditions, so many standard deviations off to either side."""
        for _ in range(count):
            off = float(self.dice.uniform(*conflict)) * float(self.dice.choice([-1, 1]))
            rest = ""
            if self.dice.random() < sides:
                rest = ", side: " + pick(self.dice, ("at most", "at least"))
            if self.dice.random() < 0.3:
                rest += ", informed_by: none"
            self.said.append(Said(self.condition(), off, rest, expert))

    def finished(self, family: str, number: int, headlines: Sequence[str] = ()) -> Model:
        """Return the model, what is stated worked out from what the network implies."""
        named = tuple(headlines) or self._headlines()
        draft = Model(family, number, self._files(named, ["50%"] * len(self.said)))
        if not self.said:
            return draft
        says = stated(draft.network(), self.said)
        return Model(family, number, self._files(named, says))

    def _headlines(self) -> tuple[str, str]:
        a, b = self.dice.choice(self.events, 2, replace=False).tolist()
        return f"{a} and {b}", a

    def _files(self, headlines: Sequence[str], says: Sequence[str]) -> dict[str, str]:
        claims = {name: list(lines) for name, lines in self.claims.items()}
        statements = []
        for said, number in zip(self.said, says, strict=True):
            if said.expert != "own":
                listed = claims.setdefault(said.expert, [])
                listed.append(f"  j{len(listed)}: {{about: a, read_as: {number}}}")
                number = f"{said.expert}.j{len(listed) - 1}"
            statements.append(f'- {{of: "{said.of}", says: {number}{said.rest}}}')
        text = ["forecast: 1", "title: T", f"as_of: {AS_OF}", f"horizon: {HORIZON}"]
        text += ["lexicon: icd203"]
        if claims:
            text += ["use:", *(f"  {name}: {name}.yaml" for name in claims)]
        if self.experts:
            text += ["experts:"]
            for name, (shift, scatter) in self.experts.items():
                text.append(f"  {name}: {{shift: {shift:.3f}, scatter: {scatter:.3f}}}")
        sections = {**self.lines, "statements": statements}
        for section, lines in sections.items():
            text += [f"{section}:", *lines] if lines else []
        text += ["scenarios:"]
        text += [f'  s{i}: "{condition}"' for i, condition in enumerate(headlines)]
        files = {SCENARIO: "\n".join([*text, "  rest: otherwise", ""])}
        for name, lines in claims.items():
            head = f"priors: 1\nsource: {{who: {name}, said: {SAID}}}\nlexicon: icd203\njudgements:"
            files[f"{name}.yaml"] = "\n".join([head, *lines, ""])
        return files


def stated(network: Network, said: Sequence[Said]) -> list[str]:
    """Return the chances that lie so many standard deviations from what the network implies.

    On the logit scale; the standard deviation is that of the implied chance over the prior and of
    the statement together.
    """
    space = Space(network)
    z = np.random.default_rng(0).standard_normal((len(space), 400))
    implied = ExactNetwork(network).solution(space.parameters(z)).implied
    with np.errstate(invalid="ignore", divide="ignore"):
        logits = logit(np.clip(implied, 1e-6, 1 - 1e-6))
    out = []
    for j, (one, statement) in enumerate(zip(said, network.statements, strict=True)):
        known = logits[np.isfinite(logits[:, j]), j]
        spread = np.hypot(known.std(), statement.sd)
        chance = float(expit(known.mean() + one.conflict * spread))
        out.append(f"{min(max(chance, LEAST), 1 - LEAST):.5f}")
    return out
