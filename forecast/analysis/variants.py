"""Variants of a file: what is wrong with each, or should be looked at, beside the file itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import chain

from forecast import pipeline
from forecast.analysis.beforehand import Beforehand
from forecast.analysis.lint import Subject, conditions
from forecast.analysis.lint import lint as of_network
from forecast.errors import Fault, InvalidModel
from forecast.model.network import Network
from forecast.spec.expression import Expression
from forecast.spec.lint import lint as of_text
from forecast.spec.load import ScenarioSpec, told_of

MOST_QUESTIONS = 200
"""Questions up to which each variant is worked out anew; of larger files only the text of what a
variant sets is looked at, and whether its network can be built."""


def variant_conditions(spec: ScenarioSpec) -> dict[str, Expression]:
    """Return what each variant takes as known, by keys that `variant_lint` knows."""
    return {
        f"variant {name}": variant.given
        for name, variant in spec.file.variants.items()
        if variant.given is not None
    }


def variant_lint(
    varied: Mapping[str, ScenarioSpec], told: Collection[Fault], possible: Mapping[str, bool]
) -> Iterator[Fault]:
    """Yield what is wrong with the variants of a file, and what should be looked at in them.

    Parameters
    ----------
    varied
        The variants, carried out.
    told
        What has been said of the file itself, and is not said again.
    possible
        Whether what they take as known can hold at all, by the keys of `variant_conditions`.
    """
    known = {(fault.path, fault.code, fault.text) for fault in told}
    for name, spec in varied.items():
        if not possible.get(f"variant {name}", True):
            yield _never(name, spec)
        else:
            for fault in _of(name, spec):
                if (fault.path, fault.code, fault.text) not in known:
                    yield told_of(fault, name, spec.source)


def _of(name: str, spec: ScenarioSpec) -> Iterator[Fault]:
    variant = spec.file.variants[name]
    small = len(spec.context.questions) <= MOST_QUESTIONS
    if variant.set:
        yield from chain(pipeline.warned(spec).warnings, of_text(spec.context))
    if not (variant.set or variant.do or small):  # the network is that of the file
        return
    try:
        network = pipeline.build(spec)
    except InvalidModel as error:
        yield from error.faults
        return
    if small:
        yield from _worked_out(name, spec, network)


def _worked_out(name: str, spec: ScenarioSpec, network: Network) -> Iterator[Fault]:
    """Yield what only the numbers show."""
    variant = spec.file.variants[name]
    before = Beforehand(network, conditions(spec) if variant.set else {}, {})
    if not before.is_affordable:
        return
    if variant.set and not variant.do:
        yield from of_network(Subject(spec, network, before))
    elif variant.given is not None and (clash := before.clash()):
        verb = "cannot all be so" if len(clash) > 1 else "cannot be so"
        yield spec.context.fault(
            ("variants", name, "given"),
            "impossible-evidence",
            f"{' and '.join(clash)} {verb}",
            "suppose what the evidence leaves open, or drop the report",
        )


def _never(name: str, spec: ScenarioSpec) -> Fault:
    given = spec.file.variants[name].given
    assert given is not None
    text = f"`{given.text}` can never hold: there is nothing to suppose"
    path = ("variants", name, "given")
    return spec.context.fault(path, "impossible-condition", text, "mend the condition")
