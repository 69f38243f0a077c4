"""What `forecast.store.folder` asks of the operating system: sync, lock, exchange."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

_UNSUPPORTED = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EBADF)


def sync(path: Path) -> None:
    """Wait until a file, or the list of names that a folder is, has reached the disk."""
    folder = path.is_dir()
    if folder and sys.platform == "win32":
        return  # There folders cannot be opened.
    descriptor = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network file systems sync files only.
        if not folder or error.errno not in _UNSUPPORTED:
            raise
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[bool]:
    """Wait until no other process or thread has the folder; a lock ends with its process.

    Yields
    ------
    bool
        Whether there is such a lock: Windows and some network file systems have none.
    """
    if sys.platform == "win32":
        yield False
        return
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            alone = True
        except OSError as error:
            if error.errno not in (*_UNSUPPORTED, errno.ENOLCK):
                raise
            alone = False
        yield alone
    finally:
        os.close(descriptor)


def exchange(one: Path, other: Path) -> None:
    """Exchange the names of two folders at one stroke where the system can, else in three steps.

    Killed between the steps, ``other`` is left as ``.<name>.<random>.old``; see `restore`.
    """
    if _exchanged(one, other):
        return
    aside = other.with_name(f".{other.name}.{secrets.token_hex(4)}.old")
    os.rename(other, aside)
    try:
        os.rename(one, other)
    except BaseException:
        os.rename(aside, other)
        raise
    os.rename(aside, one)


def restore(parent: Path) -> None:
    """Give folders that `exchange` left aside their names back, where nobody else took them."""
    for aside in sorted(parent.glob(".*.*.old")):
        name = parent / aside.name.split(".")[1]
        if not name.exists():
            os.rename(aside, name)


def _exchanged(one: Path, other: Path) -> bool:
    if sys.platform != "linux":
        return False
    import ctypes

    here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(here, os.fsencode(one), here, os.fsencode(other), swap) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNSUPPORTED:
        return False
    raise OSError(number, os.strerror(number), str(other))
