"""Results as NetCDF-4, written by h5py alone; xarray, ArviZ and NetCDF-C open it.

The file is made in memory and then written at once: HDF5 itself never meets a full disk, from
which it does not recover, and its bytes depend on the result only (no times are recorded).
"""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
from h5py import h5a, h5d, h5ds, h5f, h5g, h5p, h5r, h5s, h5t
from numpy.typing import NDArray

from forecast.errors import UsageError
from forecast.model.network import Network
from forecast.posterior import Posterior
from forecast.store.layout import Attributes, Group, Layout, Variable, layout

if TYPE_CHECKING:
    from xarray import DataTree

_NETCDF = ("CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST")
"""Attributes by which HDF5 keeps its dimensions."""

_IN_ORDER = h5p.CRT_ORDER_TRACKED | h5p.CRT_ORDER_INDEXED
"""Groups list their members in the order in which they were made, as NetCDF-4 asks."""

_TEXT = h5py.string_dtype()
_REFERENCES = h5py.vlen_dtype(h5py.ref_dtype)
_USER = np.dtype([("dataset", h5py.ref_dtype), ("dimension", np.int32)])


def write(path: str | os.PathLike[str], posterior: Posterior, network: Network) -> None:
    """Write a result as NetCDF-4, and wait until it is on the disk.

    Parameters
    ----------
    path
        The file; one that exists is overwritten.
    posterior
        What the engine returned.
    network
        What it was asked about.

    Raises
    ------
    OSError
        Where the file cannot be written; `forecast.store.folder` puts that in words.
    """
    content = dumps(posterior, network)
    with open(path, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def dumps(posterior: Posterior, network: Network) -> bytes:
    """Return the bytes of the NetCDF-4 file of a result; the same result gives the same bytes."""
    laid_out = layout(posterior, network)
    access = h5p.create(h5p.FILE_ACCESS)
    size = sum(v.values.nbytes + 4096 for group in laid_out.groups for v in group.variables)
    access.set_fapl_core(size, False)
    access.set_fclose_degree(h5f.CLOSE_STRONG)
    access.set_libver_bounds(h5f.LIBVER_V18, h5f.LIBVER_V110)
    file = h5f.create(b"result.nc", h5f.ACC_TRUNC, _creation(h5p.FILE_CREATE), access)
    try:
        _attributes(file, laid_out.attributes)
        for group in laid_out.groups:
            _group(file, group)
        h5f.flush(file)
        return bytes(file.get_file_image())
    finally:
        file.close()


def read(path: str | os.PathLike[str]) -> Layout:
    """Read a file that `write` wrote.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Layout
        What was written, name by name; `forecast.store.layout.decoded` gives names as in the
        scenario.

    Raises
    ------
    UsageError
        Where there is no such file, or it is no NetCDF-4.
    """
    try:
        file = h5py.File(path, "r")
    except FileNotFoundError:
        raise UsageError(f"there is no file `{os.fspath(path)}`") from None
    except OSError:
        raise UsageError(f"`{os.fspath(path)}` cannot be read as NetCDF-4") from None
    with file:
        groups = tuple(
            Group(
                name,
                tuple(_variable(key, dataset) for key, dataset in group.items()),
                _said(group.attrs),
            )
            for name, group in file.items()
        )
        return Layout(groups, _said(file.attrs))


def to_datatree(path: str | os.PathLike[str]) -> DataTree:
    """Open a result as an xarray DataTree, the form that ArviZ works on.

    It needs no NetCDF library; `xarray.open_datatree` reads the same where one is installed.

    Parameters
    ----------
    path
        A file that `write` wrote.

    Returns
    -------
    xarray.DataTree
        The groups of `forecast.store.layout`, in memory.

    Raises
    ------
    UsageError
        Where there is no such file, or it is no NetCDF-4.
    """
    return _tree(read(path))


def datatree(posterior: Posterior, network: Network) -> DataTree:
    """Return a result as an xarray DataTree without a file between; as `to_datatree`."""
    return _tree(layout(posterior, network))


def _tree(laid_out: Layout) -> DataTree:
    from xarray import Dataset, DataTree

    def members(group: Group, *, coordinates: bool) -> dict[str, Any]:
        return {
            v.name: (v.dims, v.values, dict(v.attributes))
            for v in group.variables
            if v.is_coordinate == coordinates
        }

    tree = DataTree(Dataset(attrs=dict(laid_out.attributes)))
    for group in laid_out.groups:
        values, labels = members(group, coordinates=False), members(group, coordinates=True)
        tree[group.name] = DataTree(Dataset(values, labels, dict(group.attributes)))
    return tree


def _creation(kind: Any) -> Any:
    properties = h5p.create(kind)
    properties.set_obj_track_times(False)
    if kind is not h5p.DATASET_CREATE:
        properties.set_link_creation_order(_IN_ORDER)
    return properties


def _group(file: Any, group: Group) -> None:
    # The low level of h5py: its high level takes twice as long for so many small objects.
    place = h5g.create(file, group.name.encode(), gcpl=_creation(h5p.GROUP_CREATE))
    _attributes(place, group.attributes)
    creation = _creation(h5p.DATASET_CREATE)
    scales = _Scales()
    for variable in group.variables:
        values = np.ascontiguousarray(variable.values)
        if values.dtype.kind == "U":
            values = values.astype(_TEXT)
        name = variable.name.encode()
        dataset = h5d.create(place, name, _type(values.dtype), _space(values.shape), creation)
        dataset.write(h5s.ALL, h5s.ALL, values)
        scales.add(variable, dataset)
        _attributes(dataset, variable.attributes)
    scales.close()


class _Scales:
    """The coordinates of a group, and which variables use them.

    As ``H5DSattach_scale`` would do it; but that writes the users of a coordinate anew for every
    user, which takes nearly as long as all the rest together.
    """

    def __init__(self) -> None:
        self._scales: dict[str, tuple[Any, Any]] = {}
        self._lists: dict[tuple[str, ...], Any] = {}
        self._users: dict[str, list[tuple[Any, int]]] = {}
        self._list_type = h5t.py_create(_REFERENCES, logical=True)

    def add(self, variable: Variable, dataset: Any) -> None:
        reference = h5r.create(dataset, b".", h5r.OBJECT)
        if variable.is_coordinate:
            h5ds.set_scale(dataset, variable.name.encode())
            self._scales[variable.name] = dataset, reference
            return
        dims = variable.dims
        if dims not in self._lists:
            self._lists[dims] = np.empty(len(dims), dtype=_REFERENCES)
            for axis, dim in enumerate(dims):
                self._lists[dims][axis] = np.array([self._scales[dim][1]], dtype=h5py.ref_dtype)
        attribute = h5a.create(dataset, b"DIMENSION_LIST", self._list_type, _space((len(dims),)))
        attribute.write(self._lists[dims])
        for axis, dim in enumerate(dims):
            self._users.setdefault(dim, []).append((reference, axis))

    def close(self) -> None:
        kind = h5t.py_create(_USER, logical=True)
        for dim, users in self._users.items():
            space = _space((len(users),))
            attribute = h5a.create(self._scales[dim][0], b"REFERENCE_LIST", kind, space)
            attribute.write(np.array(users, dtype=_USER))


@functools.lru_cache
def _space(shape: tuple[int, ...]) -> Any:
    return h5s.create_simple(shape) if shape else h5s.create(h5s.SCALAR)


@functools.lru_cache
def _type(dtype: np.dtype[Any]) -> Any:
    # To a cache all dtypes of Python objects are one; here only texts are such.
    return h5t.py_create(_TEXT if dtype.kind == "O" else dtype, logical=True)


@functools.lru_cache
def _text_type(length: int) -> Any:
    kind = h5t.C_S1.copy()
    kind.set_size(length)
    kind.set_cset(h5t.CSET_UTF8)
    return kind


def _attributes(owner: Any, attributes: Attributes) -> None:
    for name, value in attributes.items():
        if isinstance(value, int):
            number = np.asarray(value, dtype=np.int64)
            h5a.create(owner, name.encode(), h5t.STD_I64LE, _space(())).write(number)
        elif raw := value.encode():
            kind = _text_type(len(raw))
            text = np.array(raw, dtype=f"S{len(raw)}")
            h5a.create(owner, name.encode(), kind, _space(())).write(text, mtype=kind)


def _variable(name: str, dataset: Any) -> Variable:
    values: NDArray[Any] = dataset[()]
    if values.dtype.kind == "O":
        values = np.array([text.decode() for text in values])
    dims = (name,)
    if not dataset.is_scale:
        dims = tuple(dim[0].name.rsplit("/", 1)[-1] for dim in dataset.dims)
    return Variable(name, dims, values, _said(dataset.attrs))


def _said(attributes: Mapping[str, Any]) -> dict[str, str | int]:
    return {
        name: value.decode() if isinstance(value, bytes) else int(value)
        for name, value in attributes.items()
        if name not in _NETCDF
    }
