"""Families of models: what each of them puts to the test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from validation.cache import cached
from validation.chances import FORMS, Dice, pick
from validation.draft import Draft, Said
from validation.model import Model

WRITERS = ("families.py", "draft.py", "chances.py", "truth/space.py")
"""The modules that decide what a model is."""


@dataclass(frozen=True)
class Family:
    """Models of one kind.

    Attributes
    ----------
    name, about
        What it is called, and what it puts to the test.
    write
        Writes the draft of one model; returns its headline scenarios, or none for any.
    models, seeds
        How many models, and with how many seeds each is run.
    adversarial
        Whether it was made to deceive.
    """

    name: str
    about: str
    write: Callable[[Dice, int], Draft]
    models: int = 10
    seeds: int = 30
    adversarial: bool = False

    def model(self, number: int) -> Model:
        """Return a model; the same number gives the same."""
        dice = np.random.default_rng([number, *self.name.encode()])
        return self.write(dice, number).finished(self.name, number)

    def kept_model(self, number: int) -> Model:
        """Return the same model, from the cache while nothing that writes models has changed."""
        here = Path(__file__).parent
        sources = [(here / name).read_text("utf-8") for name in WRITERS]
        files = cached(
            f"model-{self.name}-{number}",
            [self.name, number, sources],
            lambda: dict(self.model(number).files),
        )
        return Model(self.name, number, files)


def conflict(dice: Dice, number: int) -> Draft:
    """Two to six statements, up to six standard deviations off."""
    draft = Draft(dice, experts={"own": (0.0, float(dice.choice([0.15, 0.3, 0.8])))})
    draft.binaries(int(dice.integers(5, 15)))
    worst = 6.0 * number / 9
    draft.state(int(dice.integers(2, 7)), (worst / 2, worst))
    draft.report()
    return draft


def two_modes(dice: Dice, number: int) -> Draft:
    """Either cause alone explains what is stated, both together do not."""
    draft = Draft(dice, worth=(3.0, 8.0), experts={"own": (0.0, float(dice.choice([0.1, 0.3])))})
    causes = 2 if number % 2 == 0 else 3
    draft.binaries(causes, most=0)
    near, far = round(dice.uniform(0.01, 0.06), 3), round(dice.uniform(0.94, 0.99), 3)
    odd = [(signs, far if sum(signs) % 2 else near) for signs in np.ndindex(*(2,) * causes)]
    rows = ", ".join(
        " and ".join(("" if on else "not ") + f"q{i}" for i, on in enumerate(signs)) + f": {p}"
        for signs, p in odd[:-1]
    )
    prior = f"{{cases: {{{rows}, otherwise: {odd[-1][1]}}}}}"
    draft.lines["questions"].append(f"  x: {{type: binary, prior: {prior}}}")
    draft.plain.append("x")
    draft.events.append("x")
    draft.said.append(Said("x", float(dice.uniform(1.5, 3.5))))
    if number % 3 == 2:
        draft.binaries(4)
    return draft


def j_shaped(dice: Dice, number: int) -> Draft:
    """Priors that pile up at the ends."""
    draft = Draft(dice, worth=(0.15, 1.2), experts={"own": (0.0, float(dice.choice([0.15, 0.4])))})
    draft.binaries(int(dice.integers(2, 9)))
    draft.state(int(dice.integers(1, 4)), (0.0, 2.5))
    draft.report()
    return draft


def tight(dice: Dice, number: int) -> Draft:
    """Statements with a standard deviation of 0.02 to 0.05."""
    draft = Draft(dice, experts={"own": (0.0, float(dice.choice([0.02, 0.03, 0.05])))})
    draft.binaries(int(dice.integers(3, 12)))
    draft.state(int(dice.integers(1, 5)), (0.0, 3.0))
    return draft


def reports(dice: Dice, number: int) -> Draft:
    """Fifteen to a hundred and fifty reports."""
    draft = Draft(dice, experts={"own": (0.3, 0.8)})
    draft.binaries(int(dice.integers(8, 31)))
    for _ in range(15 + 15 * number):
        draft.report(0.5)
    draft.state(int(dice.integers(0, 3)), (0.0, 2.0))
    return draft


def leaning(dice: Dice, number: int) -> Draft:
    """Priors and statements of experts who lean one way or the other in all they say."""
    draft = Draft(dice, experts={"doo": (float(dice.uniform(0.3, 1.2)), 0.5), "ana": (0.6, 0.4)})
    draft.binaries(int(dice.integers(5, 13)), expert=("doo", "doo", "ana"))
    for expert in ("doo", "ana"):
        draft.state(int(dice.integers(1, 4)), (0.0, 3.0), expert=expert)
    for _ in range(3):
        draft.report()
    return draft


def sixty(dice: Dice, number: int) -> Draft:
    """Sixty questions, some 220 parameters, experts who lean, ten statements in conflict."""
    draft = Draft(dice, experts=dict.fromkeys(("e0", "e1", "e2", "e3"), (0.5, 0.15)))
    draft.binaries(60, expert=("e0", "e1", "e2", "e3"), most=3)
    for _ in range(15):
        draft.report()
    worst = 3.0 * number / 7
    for expert in ("e0", "e1", "e2", "e3"):
        draft.state(2, (worst / 2, worst), expert=expert)
    draft.state(2, (worst / 2, worst))
    return draft


def sizes(dice: Dice, number: int) -> Draft:
    """Ten to a thousand questions; of the largest what is true takes ten minutes."""
    draft = Draft(dice, experts={"own": (0.0, 0.5)})
    draft.binaries((10, 30, 100, 300, 1000)[number % 5])
    for _ in range(5):
        draft.report()
    draft.state(4, (0.0, 2.0))
    return draft


def dated(dice: Dice, number: int) -> Draft:
    """Dates of which nothing has been seen so far, said months ago."""
    draft = Draft(dice, experts={"doo": (0.4, 0.5)})
    draft.binaries(2)
    window = "window: 2025-03-02..2025-12-31"
    for name in ("d0", "d1", "d2"):
        timing = pick(dice, ("evenly", "constant", "between"))
        if timing == "between":
            share = draft.chance("doo")
            timing = f"{{between: 2025-07-01..2025-08-15, share: {share}}}, evenly"
        occurs = draft.chance("doo")
        if name != "d2":
            occurs = f"{{cases: {{q0: {occurs}, otherwise: {draft.chance('doo')}}}}}"
        draft.lines["questions"].append(
            f"  {name}: {{type: date, occurs: {occurs}, timing: [{timing}], {window}}}"
        )
        draft.events += [name, f"{name} by 2025-09-15"]
    draft.state(int(dice.integers(0, 4)), (0.0, 2.5), expert="doo")
    draft.report()
    return draft


def counted(dice: Dice, number: int) -> Draft:
    """Write counts of which some have been seen, and shares that hang on them."""
    draft = Draft(dice, experts={"own": (0.0, 0.4)})
    draft.binaries(2)
    seen, known = int(dice.integers(0, 9)), int(dice.integers(1, 12))
    draft.lines["questions"] += [
        "  n0: {type: count, window: 2025-01-01..2025-12-31, cuts: [4, 8], "
        f"rate: {{events: {known}, in: 18 months, discount: 0.8}}}}",
        "  n1: {type: count, window: 2025-07-01..2025-12-31, cuts: [2], "
        f"rate: {{events: 3, in: 20 months}}, times: {{q0: x{dice.uniform(1.5, 4):.2f} (1..6)}}}}",
        "  c: {type: categorical, states: [low, middle, high], ordered: true, prior: {cases: {"
        "n0 >= 5: {shares: {low: 20%, middle: 30%, high: 50%}, worth: 6}, "
        "otherwise: {shares: {low: 60%, middle: 30%, high: 10%}, worth: 5}}}}",
    ]
    draft.lines["evidence"].append(
        f"- {{id: seen, date: 2025-06-29, text: t, source: s, so_far: {{n0: {seen}}}}}"
    )
    draft.events += ["n0 >= 9", "n0 <= 4", "n1 > 2", "c >= middle", "c is high"]
    draft.state(int(dice.integers(0, 4)), (0.0, 2.5))
    draft.report()
    return draft


def pooled(dice: Dice, number: int) -> Draft:
    """Judgements of several experts on one number, pooled either way."""
    draft = Draft(dice, experts={"own": (0.0, 0.4)})
    for name in ("q0", "q1", "q2"):
        method = pick(dice, ("linear", "log_odds"))
        pool = f"{{pool: [{', '.join(draft.chance() for _ in range(3))}], method: {method}}}"
        draft.lines["questions"].append(f"  {name}: {{type: binary, prior: {pool}}}")
        draft.plain.append(name)
        draft.events.append(name)
    draft.binaries(4)
    draft.state(int(dice.integers(1, 4)), (0.0, 3.0))
    draft.report()
    return draft


def forms(dice: Dice, number: int) -> Draft:
    """Chances in all their forms, and statements that only bound."""
    draft = Draft(dice, forms=FORMS, worth=(2.5, 40.0), experts={"own": (0.3, 0.5)})
    draft.binaries(int(dice.integers(4, 12)))
    draft.state(int(dice.integers(2, 6)), (0.0, 4.0), sides=0.7)
    for _ in range(4):
        draft.report()
    return draft


FAMILIES = {
    family.name: family
    for family in (
        Family("conflict", "statements up to 6 sd off", conflict, 20, 16),
        Family("two-modes", "either cause explains, both do not", two_modes, 10, 24, True),
        Family("j-shaped", "priors that pile up at the ends", j_shaped, 12, 32, True),
        Family("tight", "statements with an sd of .02 to .05", tight, 12, 24, True),
        Family("reports", "15 to 150 reports", reports, 10, 8),
        Family("leaning", "experts who lean", leaning, 15, 64),
        Family("dated", "dates and silence", dated, 15, 64),
        Family("counted", "counts, shares", counted, 15, 64),
        Family("pooled", "pools of experts", pooled, 15, 64),
        Family("forms", "every form of a chance; bounds", forms, 15, 64),
        Family("sizes", "10 to 300 questions", sizes, 4, 8),
        Family("sixty", "60 questions, 200 parameters, conflict", sixty, 4, 8, True),
    )
}
