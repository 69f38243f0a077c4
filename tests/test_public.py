"""What the package offers, and that offering it costs nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

import forecast


def test_public_names() -> None:
    assert forecast.__all__ == [
        "ForecastError",
        "build",
        "infer",
        "load",
        "summarise",
        "to_pymc",
        "with_sources",
    ]
    assert all(hasattr(forecast, name) for name in forecast.__all__)


def test_the_pipeline_step_by_step() -> None:
    spec = forecast.load("scenarios/korea_1950.yaml")
    network = forecast.build(spec)
    posterior = forecast.infer(network)
    summary = forecast.summarise(spec, network, posterior)
    # Odds 1:9 times 27 is 3:1; the other two share the rest as 30:60.
    assert summary.scenarios["large"].probability == pytest.approx(0.75, abs=1e-12)


def test_importing_the_package_imports_nothing_else() -> None:
    code = "import sys, forecast; print(len([m for m in sys.modules if m.startswith(('forecast.', 'numpy', 'pydantic'))]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "0"
