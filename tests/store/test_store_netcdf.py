"""Results as NetCDF: what xarray and ArviZ read is what the engine returned."""

import os
import pickle
import re
import subprocess
import sys
import time

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.errors import UsageError
from forecast.store import netcdf
from forecast.store.layout import decoded, encoded, layout, systematic

ENGINES = {"h5netcdf": "h5netcdf", "netcdf4": "netCDF4"}


@pytest.fixture
def path(tmp_path, posterior, network):
    path = tmp_path / "posterior.nc"
    netcdf.write(path, posterior, network)
    return path


@pytest.fixture
def tree(path):
    return netcdf.to_datatree(path)


def test_groups(tree, posterior, network):
    assert list(tree.children) == ["prior", "posterior", "proposal", "outcomes", "scenarios"]
    assert dict(tree["prior"].sizes) == {
        "chain": 1,
        "draw": 50,
        "questions.place.prior:state": 3,
        "own.loose:state": 2,
    }
    assert tree["posterior"].sizes["draw"] == posterior.draws
    for name in ("", *tree.children):
        attrs = (tree[name] if name else tree).attrs
        assert attrs["title"] == "Payback / 방문"
        assert (attrs["as_of"], attrs["engine"], attrs["seed"]) == ("2025-04-08", "exact", 7)


def test_proposal_holds_the_draws_as_they_were(tree, posterior):
    group = tree["proposal"]
    for name, drawn in posterior.parameters.items():
        np.testing.assert_array_equal(group[encoded(name)].values[0], drawn.T)
        assert group[encoded(name)].dtype == np.float64
        assert group[encoded(name)].dims[:2] == ("chain", "draw")
    np.testing.assert_array_equal(group["experts.doo.lean"].values[0], posterior.leans["doo"])
    np.testing.assert_array_equal(group["log_weight"].values[0], posterior.log_weights)
    for name, drawn in posterior.prior.items():
        np.testing.assert_array_equal(tree["prior"][encoded(name)].values[0], drawn.T)


def test_components_bear_the_names_of_states_where_known(tree):
    place = tree["posterior"]["questions.place.prior"]
    assert place.coords["questions.place.prior:state"].values.tolist() == [
        "moscow",
        "far/east",
        "elsewhere",
    ]
    loose = tree["posterior"]["own.loose"]
    assert loose.coords["own.loose:state"].values.tolist() == [0, 1]


def test_origin_of_each_parameter(tree, network):
    for name in network.parameters:
        attrs = tree["posterior"][encoded(name)].attrs
        assert (attrs["who"], attrs["said"], attrs["place"]) == (
            "Doo Jin-ho",
            "2025-04-08",
            "a.yaml:3",
        )
    attrs = tree["posterior"][encoded("questions.방문.prior")].attrs
    assert (attrs["words"], attrs["quote"]) == ("40% (22..78)", '"회담" / talks')
    assert "quote" not in tree["posterior"]["questions.place.prior"].attrs


def test_outcomes(tree, posterior, network):
    outcomes = tree["outcomes"]
    assert set(map(decoded, outcomes.data_vars)) == {"place", "방문", "draw"}
    for name, chances in posterior.final.questions.items():
        found = outcomes[encoded(name)]
        np.testing.assert_array_equal(found.values[0], chances.astype(np.float32))
        assert (
            tuple(found.coords[f"{encoded(name)}:state"].values) == network.nodes[name].cells.states
        )
        assert found.attrs["role"] == network.nodes[name].role
    assert outcomes.attrs["draws_of"] == "proposal"


def test_resampled_means_are_the_weighted_ones_within_their_error(tree, posterior):
    raw, equal = tree["proposal"], tree["posterior"]
    weights = np.exp(raw["log_weight"])
    assert float(weights.sum()) == pytest.approx(1)
    for name in (*posterior.parameters, "experts.doo.lean"):
        drawn = raw[encoded(name)]
        mean = (weights * drawn).sum(("chain", "draw"))
        error = np.sqrt((weights * (drawn - mean) ** 2).sum(("chain", "draw")) / posterior.draws)
        difference = abs(equal[encoded(name)].mean(("chain", "draw")) - mean)
        assert (difference < 3 * error).all()
        # Taken as they come the draws would not do: the weights matter here.
        if name == "experts.doo.lean":
            assert abs(drawn.mean() - mean) > difference


def test_scenarios(tree, posterior, network):
    group = tree["scenarios"]
    assert group["probability"].dims == ("chain", "draw", "scenario")
    assert tuple(group["scenario"].values) == network.scenarios
    assert group["stage"].values.tolist() == ["inputs", "evidence", "statements"]
    for name, stage in posterior.stages.items():
        np.testing.assert_allclose(
            group["mean"].sel(stage=name), stage.weights @ stage.scenarios, rtol=1e-12
        )
    weights = np.exp(tree["proposal"]["log_weight"])
    weighted = (weights * group["probability"]).sum(("chain", "draw"))
    np.testing.assert_allclose(weighted, group["mean"].sel(stage="statements"), rtol=1e-12)


def test_equal_weights_need_no_proposal(tmp_path, make, network):
    posterior = make.posterior(network, weighted=False, engine="nuts")
    netcdf.write(tmp_path / "a.nc", posterior, network)
    tree = netcdf.to_datatree(tmp_path / "a.nc")
    assert "proposal" not in tree.children
    assert tree["outcomes"].attrs["draws_of"] == tree["scenarios"].attrs["draws_of"] == "posterior"
    for name, drawn in posterior.parameters.items():
        np.testing.assert_array_equal(tree["posterior"][encoded(name)].values[0], drawn.T)


def test_nothing_uncertain_no_title_no_scenarios(tmp_path, make):
    network = make.network(parameters={}, title=None, as_of=None, scenarios=())
    posterior = make.posterior(network, draws=1, weighted=False)
    netcdf.write(tmp_path / "a.nc", posterior, network)
    tree = netcdf.to_datatree(tmp_path / "a.nc")
    assert list(tree.children) == ["prior", "posterior", "outcomes"]
    assert not tree["prior"].data_vars
    assert "title" not in tree.attrs
    assert "as_of" not in tree.attrs
    assert tree["outcomes"]["place"].shape == (1, 1, 3)


def test_a_condition_is_told(tmp_path, make):
    network = make.network(given=("방문 is yes",))
    tree = netcdf.datatree(make.posterior(network), network)
    assert tree.attrs["given"] == tree["posterior"].attrs["given"] == "방문 is yes"


def test_a_draw_without_weight_is_never_chosen(tmp_path, make, network):
    posterior = make.posterior(network)
    posterior.log_weights[[0, 5, -1]] = -np.inf
    netcdf.write(tmp_path / "a.nc", posterior, network)
    tree = netcdf.to_datatree(tmp_path / "a.nc")
    chosen = set(tree["posterior"]["experts.doo.lean"].values.ravel())
    assert not chosen & set(posterior.leans["doo"][[0, 5, -1]])
    assert np.isneginf(tree["proposal"]["log_weight"].values[0, 0])


def test_without_a_file_it_is_the_same(tree, posterior, network):
    xarray = pytest.importorskip("xarray")
    xarray.testing.assert_identical(netcdf.datatree(posterior, network), tree)


@pytest.mark.parametrize("engine", ENGINES)
def test_xarray_opens_it(engine, path, tree):
    pytest.importorskip(ENGINES[engine])
    import xarray

    with xarray.open_datatree(path, engine=engine) as opened:
        xarray.testing.assert_identical(opened.load(), tree)
        assert [list(g.data_vars) for g in opened.children.values()] == [
            list(g.data_vars) for g in tree.children.values()
        ]


@pytest.mark.slow
def test_arviz_reads_it(path, tree, posterior):
    import arviz

    names = ["experts.doo.lean", "questions.place.prior"]
    found = arviz.summary(tree, var_names=names, round_to="none")
    assert list(found.index) == [
        "experts.doo.lean",
        *(f"questions.place.prior[{s}]" for s in ("moscow", "far/east", "elsewhere")),
    ]
    equal = tree["posterior"]["experts.doo.lean"].values
    assert found.loc["experts.doo.lean", "mean"] == pytest.approx(equal.mean())
    # Copies stand side by side, so that they are not taken for independent draws.
    effective = 1 / (np.exp(posterior.log_weights) ** 2).sum()
    assert found.loc["experts.doo.lean", "ess_bulk"] < 1.5 * effective < 0.75 * posterior.draws
    assert arviz.extract(tree, group="prior").sizes["sample"] == 50


def test_arviz_opens_it(path, tree):
    pytest.importorskip("h5netcdf")
    import arviz
    import xarray

    with arviz.from_netcdf(path, engine="h5netcdf") as opened:
        xarray.testing.assert_identical(opened.load(), tree)


def test_hdf5_agrees_about_dimensions(path):
    with h5py.File(path) as file:
        for group in file.values():
            for dataset in group.values():
                for axis in () if dataset.is_scale else range(dataset.ndim):
                    scale = dataset.dims[axis][0]
                    assert len(scale) == dataset.shape[axis]
                    assert h5py.h5ds.is_attached(dataset.id, scale.id, axis)


def test_the_same_result_gives_the_same_bytes(tmp_path, path, posterior, network):
    """In other processes, at other times, whatever the memory held before."""
    (tmp_path / "result.pickle").write_bytes(pickle.dumps((posterior, network)))
    code = (
        "import pickle, sys; from forecast.store import netcdf\n"
        "netcdf.write(sys.argv[2], *pickle.load(open(sys.argv[1], 'rb')))"
    )
    for run, filled in (("1", "165"), ("2", "90")):
        time.sleep(1.1)  # HDF5 counts seconds.
        out = tmp_path / f"{run}.nc"
        subprocess.run(
            [sys.executable, "-c", code, tmp_path / "result.pickle", out],
            env=os.environ | {"MALLOC_PERTURB_": filled, "PYTHONHASHSEED": run},
            check=True,
        )
        assert out.read_bytes() == path.read_bytes()


def test_another_seed_gives_other_bytes(path, make, network):
    assert netcdf.dumps(make.posterior(network, seed=8), network) != path.read_bytes()


def test_writing_again_overwrites(path, posterior, network):
    before = path.read_bytes()
    path.write_bytes(before + b"more")
    netcdf.write(path, posterior, network)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [None, b"", b"no NetCDF"])
def test_what_is_no_result_is_refused(tmp_path, content):
    path = tmp_path / "a.nc"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=re.escape(str(path))):
        netcdf.to_datatree(path)


def test_names_come_back(tree, make, network):
    for group in ("prior", "posterior", "proposal"):
        variables = tree[group].data_vars
        names = {v.attrs.get("long_name", decoded(str(k))) for k, v in variables.items()}
        assert names >= set(network.parameters)
    assert encoded(make.names["hangul"]) == make.names["hangul"]
    assert all("/" not in str(name) for group in tree.children.values() for name in group.variables)


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
def test_any_name_can_be_encoded_and_decoded(name):
    short = encoded(name)
    assert decoded(short) == name
    assert "/" not in short
    assert short not in (".", "draw", "chain")
    assert not short.endswith(" ")


@given(st.lists(st.text("ab가/%:. ", min_size=1, max_size=300), max_size=8, unique=True))
def test_names_stay_different_and_short_enough(names):
    short = [encoded(name) for name in names]
    assert len(set(short)) == len(names)
    assert all(len(f"{name}:state".encode()) < 256 for name in short)


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=60).filter(lambda w: sum(w) > 1e-6),
    st.integers(0, 9),
)
def test_systematic_resampling_rounds_each_weight_up_or_down(weights, seed):
    weights = np.array(weights) / sum(weights)
    chosen = systematic(weights, seed)
    counts = np.bincount(chosen, minlength=len(weights))
    assert len(chosen) == len(weights) == counts.sum()
    assert (np.diff(chosen) >= 0).all()
    assert (counts[weights == 0] == 0).all()
    assert (abs(counts - len(weights) * weights) < 1 + 1e-9).all()


def test_resampling_depends_on_the_seed_alone(posterior):
    weights = np.exp(posterior.log_weights)
    first = systematic(weights, 1)
    assert (first == systematic(weights, 1)).all()
    assert any((first != systematic(weights, seed)).any() for seed in (2, 3))


def test_the_layout_names_no_variable_twice(posterior, network):
    for group in layout(posterior, network).groups:
        names = [variable.name for variable in group.variables]
        assert len(set(names)) == len(names)


def test_no_xarray_to_write(tmp_path):
    code = "import sys; import forecast.store.netcdf; print({'xarray', 'arviz', 'netCDF4', 'h5netcdf'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"
