"""pyAgrum as a reader of BIF and an oracle for what the network says."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

with (
    warnings.catch_warnings()
):  # its SWIG classes warn when they are made, and crash if that raises
    warnings.simplefilter("ignore")
    import pyagrum as gum


def loaded(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return gum.loadBN(str(path))


def posteriors(net: Any, evidence: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """Variable -> state -> probability."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        inference = gum.LazyPropagation(net)
        inference.setEvidence(dict(evidence))
        inference.makeInference()
        return {
            name: dict(
                zip(net.variable(name).labels(), inference.posterior(name).tolist(), strict=True)
            )
            for name in net.names()
        }
