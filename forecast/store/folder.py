"""Folders of results that are whole or absent, whatever happens while they are written.

A result is written to a hidden folder beside its place, waited for until it is on the disk, and
then renamed. One run at a time writes beside another, under a lock that ends with its process; so
what is hidden when a run has the lock was left by a dead one, and goes.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import hashlib
import json
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from forecast.errors import ForecastError, UsageError
from forecast.store import system
from forecast.store.manifest import run_id

type Content = bytes | Callable[[Path], None]

MANIFEST = "manifest.json"

_HIDDEN = re.compile(r"\.[0-9a-f]{12}\.[0-9a-f]{8}\.(tmp|old)")

_LONGEST = 120
"""Bytes of the name of a scenario; file systems take 255 for a name."""

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
"""What Windows keeps for devices."""


def save(
    root: str | os.PathLike[str],
    scenario: str,
    as_of: dt.date | None,
    digest: str,
    files: Mapping[str, Content],
    manifest: Mapping[str, Any] | None = None,
) -> Path:
    """Save a result as ``root/<scenario>/<as-of>/<run id>/``.

    Parameters
    ----------
    root
        Where results go; made if need be.
    scenario
        The stem of the scenario file.
    as_of
        The as-of date; None where there is none.
    digest
        What the result follows from, in full; its first digits are the run id.
    files
        Name (``summary.json``, ``plots/a.svg``) -> bytes, or what writes them to the path it is
        given.
    manifest
        What stands in ``manifest.json``, besides ``digest`` and ``files`` (name -> SHA-256).

    Returns
    -------
    Path
        The folder. Where it is there already, with this digest, and all of ``files`` are in it
        and unharmed, nothing is written. Else it is replaced at one stroke; whatever others have
        put into it moves along.

    Raises
    ------
    UsageError
        Where nothing can be written: a file is in the way, no permission, no space.
    ForecastError
        Where the folder holds the result of another digest.
    ValueError
        Where ``digest`` is none, or a name in ``files`` leads out of the folder.
    """
    if not re.fullmatch(r"[0-9a-f]{12,}", digest):
        raise ValueError(f"`{digest}` is no digest")
    with _in_words(root):
        parent = Path(root) / folder_name(scenario) / (as_of.isoformat() if as_of else "undated")
        final = parent / run_id(digest)
        if _has(final, digest, files):
            return final
        _make(parent)
        with system.locked(parent) as alone:
            if alone:
                _sweep(parent)
            if not _has(final, digest, files):
                _write_folder(final, digest, files, manifest or {})
        return final


def is_whole(folder: str | os.PathLike[str]) -> bool:
    """Return whether a folder has a manifest and every file it lists, unharmed."""
    return _harm(Path(folder)) == set()


def folder_name(scenario: str) -> str:
    """Return a name that every file system takes; what it does not take becomes ``_``.

    >>> folder_name("victory_day_2025"), folder_name("방문 / 2025?"), folder_name("..")
    ('victory_day_2025', '방문 _ 2025_', '_')
    """
    name = unicodedata.normalize("NFC", scenario)
    name = "".join(c if c.isalnum() or c in " -_.,+()" else "_" for c in name)
    name = re.sub(r"^[ .]+|[ .]+$", "", name) or "_"
    if _RESERVED.match(name):
        name = f"_{name}"
    if len(raw := name.encode()) > _LONGEST:
        short = hashlib.sha256(raw).hexdigest()[:8]
        name = f"{raw[: _LONGEST - 9].decode(errors='ignore')}-{short}"
    return name


def _harm(folder: Path) -> set[str] | None:
    """Return which of the files that a manifest lists are missing or harmed; None: no manifest."""
    listed = _manifest(folder)
    if listed is None:
        return None
    return {name for name, sha in listed["files"].items() if _sha256(folder / name) != sha}


def _manifest(folder: Path) -> dict[str, Any] | None:
    try:
        read = json.loads((folder / MANIFEST).read_bytes())
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, ValueError):
        return None
    sound = isinstance(read, dict) and isinstance(read.get("files"), dict) and "digest" in read
    return read if sound else None


def _sha256(file: Path) -> str | None:
    try:
        with open(file, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _has(final: Path, digest: str, files: Mapping[str, Content]) -> bool:
    """Return whether a result is there, with all of these files, unharmed."""
    listed = _manifest(final)
    if listed is None:
        return False
    if listed["digest"] != digest:
        raise ForecastError(
            f"`{final}` holds another result, whose digest begins alike; move it away"
        )
    return files.keys() <= listed["files"].keys() and _harm(final) == set()


def _make(folder: Path) -> None:
    """Make a folder and those above it, each on the disk before the next."""
    if folder.is_dir():
        return
    if folder.parent != folder:
        _make(folder.parent)
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder)
        system.sync(folder.parent)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))


def _sweep(parent: Path) -> None:
    """Clear up after dead runs."""
    system.restore(parent)
    for left in parent.iterdir():
        if _HIDDEN.fullmatch(left.name):
            shutil.rmtree(left, ignore_errors=True)


def _write_folder(
    final: Path, digest: str, files: Mapping[str, Content], manifest: Mapping[str, Any]
) -> None:
    hidden = final.with_name(f".{final.name}.{secrets.token_hex(4)}.tmp")
    os.mkdir(hidden)
    try:
        written = _fill(hidden, files)
        written |= _carry(final, hidden, written)
        about = {**manifest, "digest": digest, "files": dict(sorted(written.items()))}
        text = json.dumps(about, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        _write(hidden / MANIFEST, text.encode())
        for folder in [*(path for path in hidden.rglob("*") if path.is_dir()), hidden]:
            system.sync(folder)
        try:
            os.rename(hidden, final)
        except OSError as error:
            # A harmed folder is in the way, or (without a lock) another run was faster.
            in_the_way = (errno.EEXIST, errno.ENOTEMPTY, errno.EACCES)
            if error.errno not in in_the_way or not final.is_dir():
                raise
            system.exchange(hidden, final)
        system.sync(final.parent)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _fill(folder: Path, files: Mapping[str, Content]) -> dict[str, str]:
    """Write the files; return the SHA-256 of each."""
    written = {}
    for name, content in files.items():
        inside = Path(name)
        if inside.is_absolute() or ".." in inside.parts or str(inside) in (".", MANIFEST):
            raise ValueError(f"`{name}` is no name of a file in a result")
        path = folder / inside
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            _write(path, content)
            written[name] = hashlib.sha256(content).hexdigest()
        else:
            content(path)
            system.sync(path)
            written[name] = _sha256(path) or ""
    return written


def _write(path: Path, content: bytes) -> None:
    with open(path, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _carry(old: Path, new: Path, written: Mapping[str, str]) -> dict[str, str]:
    """Copy what is in the old folder and not in the new; return which of it a manifest listed."""
    listed = _manifest(old) or {"files": {}}
    harmed = _harm(old) or set()
    kept = {}
    for path in sorted(old.rglob("*")) if old.is_dir() else ():
        name = path.relative_to(old).as_posix()
        if path.is_dir() or name in written or name in harmed or name == MANIFEST:
            continue
        (new / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, new / name)
        system.sync(new / name)
        if name in listed["files"]:
            kept[name] = listed["files"][name]
    return kept


@contextlib.contextmanager
def _in_words(root: str | os.PathLike[str]) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        place = os.fspath(error.filename2 or error.filename or root)
        reason = {
            errno.ENOSPC: "there is no space left on the disk",
            errno.EDQUOT: "the quota of the disk is used up",
            errno.EFBIG: "the file grows larger than the system allows",
            errno.EACCES: "permission is denied",
            errno.EPERM: "permission is denied",
            errno.EROFS: "the disk is read-only",
            errno.ENOTDIR: "a file stands where a folder is needed",
            errno.EISDIR: "a folder stands where a file is needed",
            errno.ENAMETOOLONG: "the name is too long",
            errno.ELOOP: "its links lead in a circle",
        }.get(error.errno or 0, (error.strerror or str(error)).lower())
        raise UsageError(f"the result cannot be saved at `{place}`: {reason}") from error
