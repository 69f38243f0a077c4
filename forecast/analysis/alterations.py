"""What a forecast takes for granted, altered one by one: voices, words, policy, fixed numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any, Literal

from forecast import pipeline
from forecast.analysis.altered import read_by, without
from forecast.analysis.carriers import edited
from forecast.analysis.changes import names
from forecast.analysis.column import Solved
from forecast.errors import Path
from forecast.model.network import Network
from forecast.model.parameters import Judgements
from forecast.spec import walk
from forecast.spec.lexicon import SHIPPED
from forecast.spec.load import ScenarioSpec, with_data
from forecast.spec.notation import Multiplier

MOST_FIXED = 40
"""Fixed numbers that are swung; a published network may have thousands."""

FACTOR = 2.0
"""By how much policy is turned down and up: half and double; for grades, in odds."""

type Kind = Literal["expert", "report", "lexicon", "policy", "fixed"]


@dataclass(frozen=True)
class Altered:
    """An alteration that can be built.

    Attributes
    ----------
    kind, name, words
        As in `forecast.analysis.sensitivity_contract.Alteration`.
    spec
        Makes the altered scenario; raises InvalidFile or UsageError where that cannot be.
    """

    kind: Kind
    name: str
    words: str
    spec: Callable[[], ScenarioSpec]


def altered(solved: Solved) -> Iterator[Altered]:
    """Yield the alterations of a scenario, but for single statements, which need no network."""
    spec, network = solved.spec, solved.network
    yield from _left_out(spec, network)
    yield from _words(spec)
    yield from _policy(spec, network)
    yield from _fixed(spec)


def network_of(spec: ScenarioSpec, base: Network) -> Network:
    """Build an altered scenario under the same suppositions as the one that was solved."""
    supposed = () if spec.variation is None else spec.variation.supposed
    written = [expression.text for expression in supposed]
    given = [text for text in base.given if text not in written]
    mine = {} if spec.variation is None else spec.variation.do
    do = {name: value for name, value in base.done.items() if name not in mine}
    as_of = base.as_of if spec.file.as_of else None
    return pipeline.build(spec, given=given, as_of=as_of, do=do or None)


def _left_out(spec: ScenarioSpec, network: Network) -> Iterator[Altered]:
    for alias in sorted({s.expert for s in network.statements if s.expert in spec.priors}):
        yield Altered("expert", alias, "left out", partial(without, spec, [alias]))
    used = [item for item in spec.file.evidence if item.id in network.views[1].reports]
    for name in dict.fromkeys(item.group or item.id for item in used):
        count = sum((item.group or item.id) == name for item in used)
        words = "left out" if count == 1 else f"its {count} reports left out"
        yield Altered("report", name, words, partial(without, spec, [name]))


def _words(spec: ScenarioSpec) -> Iterator[Altered]:
    used = {spec.lexicon.name, *(words.name for _, _, words in spec.priors.values())}
    if spec.file.lexicon is None:
        return
    for name in sorted(SHIPPED):
        words = f"all words read by it, not by {', '.join(sorted(used))}"
        yield Altered("lexicon", name, words, partial(read_by, spec, name))


def _policy(spec: ScenarioSpec, network: Network) -> Iterator[Altered]:
    if network.statements:
        for which in ("shift", "scatter"):
            for factor, words in ((1 / FACTOR, "halved"), (FACTOR, "doubled")):
                make = partial(_speakers, spec, which, factor)
                yield Altered("policy", which, f"of every speaker {words}", make)
    graded = any(network.reports[report].grade for report in network.views[1].reports)
    if graded:
        for factor, words in ((1 / FACTOR, "halved"), (FACTOR, "doubled")):
            make = partial(_grades, spec, factor)
            yield Altered("policy", "grades", f"odds of each letter and digit {words}", make)
    if any(
        "discount" in p.origin.words or " of " in p.origin.words
        for p in network.parameters.values()
    ):
        make = partial(_default, spec, discount=spec.file.policy.discount / FACTOR)
        yield Altered("policy", "discount", "of base rates that state none halved", make)


def _default(spec: ScenarioSpec, **values: Any) -> ScenarioSpec:
    defaults = spec.file.defaults.model_copy(update=values)
    return replace(spec, file=spec.file.model_copy(update={"defaults": defaults}))


def _speakers(spec: ScenarioSpec, which: str, factor: float) -> ScenarioSpec:
    experts = {
        alias: expert.model_copy(update={which: factor * getattr(expert, which)})
        for alias, expert in spec.file.experts.items()
    }
    changed = _default(spec, **{which: factor * getattr(spec.file.policy, which)})
    return replace(changed, file=changed.file.model_copy(update={"experts": experts}))


def _grades(spec: ScenarioSpec, factor: float) -> ScenarioSpec:
    policy = spec.file.policy
    known = {**policy.letters, **policy.digits}
    return _default(spec, grades={name: moved(r, math.log(factor)) for name, r in known.items()})


def moved(chance: float, logits: float) -> float:
    """Return a chance moved by so many logits.

    >>> round(moved(0.5, 1.0), 3), moved(1.0, -1.0)
    (0.731, 1.0)
    """
    odds = chance * math.exp(logits)
    return odds / (1 - chance + odds)


def _fixed(spec: ScenarioSpec) -> Iterator[Altered]:
    for path, value, is_multiplier in islice(fixed_numbers(spec), MOST_FIXED):
        for logits, words in ((-1.0, "lower"), (1.0, "higher")):
            text = (
                f"x{value * math.exp(logits):.10g}"
                if is_multiplier
                else f"{100 * moved(value, logits):.10g}%"
            )
            shown = f"x{value:g}" if is_multiplier else f"{100 * value:g} %"
            yield Altered(
                "fixed",
                Judgements(spec).keyed(path),
                f"{shown}, a logit {words}: {_short(text)}",
                partial(_with, spec, path, text),
            )


def _short(text: str) -> str:
    return f"x{float(text[1:]):.2g}" if text.startswith("x") else f"{float(text[:-1]):.3g} %"


def fixed_numbers(spec: ScenarioSpec) -> Iterator[tuple[Path, float, bool]]:
    """Yield the numbers without a range that stand in a file: path, value, whether it multiplies.

    Those of statements have the spread of their speaker, 0 and 1 are meant, and a number behind a
    name stands in another file: all these are left alone.
    """
    judgements = Judgements(spec)
    for placed in walk.in_file(spec.file):
        if not isinstance(placed, walk.PlacedJudgement) or placed.path[0] == "statements":
            continue
        reference = walk.reference_of(placed.judgement)
        pooled = walk.pool_of(placed.judgement, placed.path, spec.file) is not None
        if reference is not None or pooled or placed.wanted not in ("chance", "multiplier"):
            continue
        _, distribution, _ = judgements.elicited(placed.judgement, placed.path)
        multiplies = placed.wanted == "multiplier" or isinstance(placed.judgement, Multiplier)
        if isinstance(distribution, float) and (multiplies or 0 < distribution < 1):
            yield placed.path, distribution, multiplies


def _with(spec: ScenarioSpec, path: Path, text: str) -> ScenarioSpec:
    found = with_data(spec, edited(spec.source.data, _named(spec.source.data, path), text))
    return replace(found, variation=spec.variation, priors=spec.priors)


def _named(data: Any, path: Path) -> tuple[str, ...]:
    """Return a path with the items of lists by their names."""
    out: list[str] = []
    for part in path:
        if isinstance(data, list):
            assert isinstance(part, int)
            out.append(names(data)[part])
            data = data[part]
        else:
            out.append(str(part))
            data = data.get(str(part)) if isinstance(data, dict) else None
    return tuple(out)


def flipping(chances: Sequence[float]) -> int:
    """Return the place of the largest chance; of equal ones the first."""
    return max(range(len(chances)), key=lambda i: (round(chances[i], 12), -i))
