"""The digest changes with all that a result follows from, and with nothing else."""

import datetime as dt
import hashlib
import json
import os

import numpy as np
import pytest

from forecast.store import manifest as m

INPUTS = {"visit.yaml": "title: 방문\nx: 1\n", "../priors/doo.yaml": "a: b\n"}
SETTINGS = {
    "engine": "exact",
    "draws": None,
    "error_target": 0.005,
    "given": None,
    "as_of": dt.date(2025, 4, 8),
}


def digest(inputs=INPUTS, settings=SETTINGS, **more):
    return m.digest(inputs, settings, **({"seed": 42, "version": "1"} | more))


def test_it_is_sha256_of_canonical_json():
    written = (
        '{"forecast":"1","inputs":{"../priors/doo.yaml":"a: b\\n","visit.yaml":"title: 방문\\nx: 1\\n"},'
        '"output_version":1,"seed":42,"settings":{"as_of":"2025-04-08","draws":null,"engine":"exact",'
        '"error_target":0.005,"given":null}}'
    )
    assert digest() == hashlib.sha256(written.encode()).hexdigest()
    assert m.run_id(digest()) == digest()[:12]


@pytest.mark.parametrize(
    ("inputs", "settings", "more"),
    [
        ({"visit.yaml": "x: 2\n"}, {}, {}),
        ({"visit.yaml": INPUTS["visit.yaml"] + " "}, {}, {}),
        ({"more.yaml": ""}, {}, {}),
        *(
            ({}, {key: value}, {})
            for key, value in [
                ("engine", "nuts"),
                ("draws", 9),
                ("error_target", 0.004),
                ("given", "a by 2025-05-09"),
                ("as_of", dt.date(2025, 4, 9)),
                ("new", None),
            ]
        ),
        *(
            ({}, {}, {key: value})
            for key, value in [("seed", 43), ("version", "2"), ("output_version", 2)]
        ),
    ],
)
def test_whatever_counts_changes_it(inputs, settings, more):
    assert digest(INPUTS | inputs, SETTINGS | settings, **more) != digest()


def test_a_label_counts():
    other = {
        "visit2.yaml": INPUTS["visit.yaml"],
        "../priors/doo.yaml": INPUTS["../priors/doo.yaml"],
    }
    assert digest(other) != digest()


@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text,
    ],
)
def test_line_ends_and_byte_order_marks_do_not(written):
    assert digest({name: written(text) for name, text in INPUTS.items()}) == digest()


def test_order_does_not():
    assert digest(dict(reversed(INPUTS.items())), dict(reversed(SETTINGS.items()))) == digest()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), np.arange(2), {1}])
def test_a_setting_that_cannot_be_written_is_refused(value):
    with pytest.raises(ValueError, match=r"setting|JSON"):
        digest(settings={"engine": value})


@pytest.mark.parametrize("name", ["/home/me/visit.yaml", "C:\\visit.yaml", "\\\\host\\visit.yaml"])
def test_an_absolute_label_is_refused(name):
    with pytest.raises(ValueError, match="absolute"):
        digest({name: ""})
    with pytest.raises(ValueError, match="absolute"):
        m.manifest({name: ""}, SETTINGS, seed=1)


def test_manifest():
    found = m.manifest(INPUTS, SETTINGS, seed=42)
    assert json.loads(json.dumps(found)) == found
    assert found["digest"] == m.digest(INPUTS, SETTINGS, seed=42)
    assert found["run"] == found["digest"][:12]
    assert (found["engine"], found["seed"], found["output_version"]) == ("exact", 42, 1)
    assert found["settings"] == SETTINGS | {"as_of": "2025-04-08"}
    assert found["inputs"]["../priors/doo.yaml"] == hashlib.sha256(b"a: b\n").hexdigest()
    assert set(found["versions"]) == {"forecast", "python", "numpy", "scipy", "h5py"}
    assert found["versions"]["numpy"] == np.__version__
    assert found["versions"]["forecast"] == m.forecast_version() != "unknown"


def test_pymc_counts_where_it_is_used():
    assert "pymc" in m.manifest(INPUTS, SETTINGS | {"engine": "nuts"}, seed=42)["versions"]


def test_manifest_tells_nothing_of_time_and_place(tmp_path, monkeypatch):
    before = m.manifest(INPUTS, SETTINGS, seed=42)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOSTNAME", "elsewhere")
    assert m.manifest(INPUTS, SETTINGS, seed=42) == before
    text = json.dumps(before)
    assert os.path.expanduser("~") not in text
    assert str(dt.date.today().year) + "-" not in text.replace("2025-04-08", "")


def test_where_it_is_not_installed(monkeypatch):
    def missing(name):
        raise m.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(m.metadata, "version", missing)
    assert m.forecast_version() == "unknown"
    assert digest() == digest(version="1")
