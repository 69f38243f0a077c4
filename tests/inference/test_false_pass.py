"""A study of the certificate on random models with conflict, J-shaped priors and tight statements.

Two roots a, b and x with a random table; one report; one to four statements about random conditions.
Truth by the trapezoidal rule in two dimensions, on two grids that must agree. What passes must be
right, and its errors must mean what they say.

Of seeds 0..349, which pick harder models than files hold, 17 % are refused; of the others none is
off by more than 3.5 errors, and the scores have a standard deviation of 1.06.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from modelling import Array, errors, means, network_of, posterior_of
from scipy import stats
from scipy.special import logit, ndtr

CONDITIONS = ("a", "b", "x", "x and a", "a or b", "x and not b", "a and b")


class Model:
    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        bent = rng.choice([1, 1, 0.2], 2)[:, None]  # one in three is J- or U-shaped
        self.priors = np.round(bent * rng.uniform(0.5, 6, (2, 2)) + 0.05, 2)
        self.table = np.round(rng.beta(0.6, 0.6, (2, 2)).clip(0.02, 0.98), 3)
        self.statements = [
            (
                str(rng.choice(CONDITIONS)),
                round(0.02 + 0.96 * float(rng.beta(0.8, 0.8)), 3),
                str(rng.choice(["", "", "at most", "at least"])),
            )
            for _ in range(rng.integers(1, 5))
        ]
        self.sd = float(rng.choice([0.1, 0.2, 0.4, 0.8]))
        self.ratio, self.about = float(rng.choice([1, 3, 8])), str(rng.choice(["a", "x"]))

    def body(self) -> str:
        (a, b), t = self.priors.tolist(), self.table
        told = [
            f"- {{of: {of}, says: {p}{side and ', side: ' + side}}}"
            for of, p, side in self.statements
        ]
        return "\n".join(
            [
                f"experts: {{own: {{shift: 0, scatter: {self.sd}}}}}",
                "questions:",
                f"  a: {{type: binary, prior: {{beta: {a}}}}}",
                f"  b: {{type: binary, prior: {{beta: {b}}}}}",
                f"  x: {{type: binary, prior: {{cases: {{a and b: {t[1, 1]}, a: {t[1, 0]}, b: {t[0, 1]}, otherwise: {t[0, 0]}}}}}}}",
                f"evidence: [{{id: e, date: 2025-04-01, text: t, source: s, odds: {{{self.about}: x{self.ratio}}}}}]",
                "statements:",
                *told,
                "scenarios: {x: x, a: a, rest: otherwise}",
            ]
        )

    def truth(self, nodes: int) -> Array:
        z = np.linspace(-7.4, 7.4, nodes)
        p, q = (stats.beta(*prior).ppf(ndtr(z)) for prior in self.priors)
        worlds: dict[tuple[int, int, int], Array] = {}
        for a, b, x in itertools.product((0, 1), repeat=3):
            told = self.ratio if (a if self.about == "a" else x) else 1.0
            chance = self.table[a, b] if x else 1 - self.table[a, b]
            roots = np.multiply.outer(p if a else 1 - p, q if b else 1 - q)
            worlds[a, b, x] = roots * chance * told
        total = sum(worlds.values())

        def implied(condition: str) -> Array:
            held = (eval(condition, {}, dict(zip("abx", world, strict=True))) for world in worlds)
            return np.asarray(
                sum(w * bool(h) for w, h in zip(worlds.values(), held, strict=True)) / total
            )

        log = np.log(total) - 0.5 * np.add.outer(z**2, z**2)
        for condition, says, side in self.statements:
            u = (logit(says) - logit(implied(condition).clip(1e-9, 1 - 1e-9))) / self.sd
            log += {
                "": -0.5 * u**2,
                "at most": stats.norm.logcdf(u),
                "at least": stats.norm.logsf(u),
            }[side]
        weights = np.exp(log - log.max())
        return np.array(
            [(weights * implied(c)).sum() / weights.sum() for c in ("x", "a and not x")]
        )


def study(seeds: range) -> tuple[list[float], int]:
    """Return (estimate - truth) / error of all that passed, and how many runs failed."""
    scores, failed = [], 0
    for seed in seeds:
        model = Model(seed)
        truth = model.truth(600)
        if np.abs(truth - model.truth(300)).max() > 2e-5:
            continue
        found = posterior_of(network_of(model.body()), seed)
        if found.diagnostics.status == "fail":
            failed += 1
        else:
            scores += ((means(found)[:2] - truth) / np.maximum(errors(found)[:2], 1e-7)).tolist()
    return scores, failed


def test_what_passes_is_right() -> None:
    scores, failed = study(range(8))
    assert len(scores) + 2 * failed >= 12
    assert max(map(abs, scores)) < 4.5


def test_a_second_mode_is_found_from_a_likely_draw_of_the_prior() -> None:
    """Model 253: nearly all mass lies in a mode that linearisation from the prior's centre misses.

    From one start each half settled in the other, and four runs of six passed with 84 to 94 %
    where the truth is 92.6 %.
    """
    model = Model(253)
    truth = model.truth(600)
    passed = 0
    for seed in range(6):
        found = posterior_of(network_of(model.body()), seed)
        if found.diagnostics.status != "fail":
            passed += 1
            assert (np.abs(means(found)[:2] - truth) < 4.5 * errors(found)[:2]).all()
    assert passed >= 3


@pytest.mark.slow
def test_what_passes_is_right_and_its_errors_mean_what_they_say() -> None:
    """Scores of one model go together, so some 110 independent ones: their sd is 1 +- 0.07."""
    scores, failed = study(range(8, 128))
    assert max(map(abs, scores)) < 4.5
    assert 0.75 < np.std(scores) < 1.3
    assert failed < 0.3 * (failed + len(scores) / 2)
