"""A scenario altered in one respect that its file does not name as a variant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forecast.errors import InvalidSpecification, UsageError, nearest
from forecast.spec.lexicon import SHIPPED, load_lexicon
from forecast.spec.load import ScenarioSpec, with_variant
from forecast.spec.scenario import Variant
from forecast.spec.variant import variant_faults


def without(spec: ScenarioSpec, names: Sequence[str]) -> ScenarioSpec:
    """Return a scenario without some sources, claims, reports or groups, as ``drop:`` does it.

    Parameters
    ----------
    spec
        The scenario; what its variant leaves out stays left out.
    names
        As ``drop:`` takes them.

    Raises
    ------
    UsageError
        Where there is no such name.
    InvalidSpecification
        Where a judgement that would be dropped is a chance itself: nothing would be left there.
    """
    name = f"without {', '.join(names)}"
    extra = {name: Variant(drop=tuple(names))}
    asked = replace(spec, file=spec.file.model_copy(update={"variants": extra}))
    for fault in variant_faults(asked.context):
        raise UsageError(f"--drop: {fault.text}" + (f" ({fault.fix})" if fault.fix else ""))
    _, found, faults = with_variant(asked, name)
    if found is None or found.variation is None:
        raise InvalidSpecification(faults)
    variation = found.variation
    if spec.variation is not None:
        variation = replace(
            spec.variation,
            name=f"{spec.variation.name}, {name}",
            dropped=frozenset((*spec.variation.dropped, *variation.dropped)),
            changes=(*spec.variation.changes, *variation.changes),
        )
    file = found.file.model_copy(update={"variants": spec.file.variants})
    return replace(found, file=file, variation=variation)


def read_by(spec: ScenarioSpec, lexicon: str) -> ScenarioSpec:
    """Return a scenario whose words, and those of its sources, are read by another lexicon.

    Parameters
    ----------
    spec
        The scenario.
    lexicon
        The name of a lexicon that is shipped.

    Raises
    ------
    UsageError
        Where there is no such lexicon.
    """
    if lexicon not in SHIPPED:
        hint = nearest(lexicon, SHIPPED) or f"one of {', '.join(SHIPPED)}"
        raise UsageError(f"--lexicon: there is no lexicon `{lexicon}`: {hint}")
    words = load_lexicon(lexicon)
    priors = {alias: (file, source, words) for alias, (file, source, _) in spec.priors.items()}
    file = spec.file.model_copy(update={"lexicon": lexicon})
    return replace(spec, file=file, lexicon=words, priors=priors)
