"""Writing one file whole: who reads it finds the old text or the new one, never a part."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from forecast.errors import UsageError


def replace(path: Path, text: str) -> None:
    """Put a text in the place of a file's own, in one step; its permissions stay.

    Raises
    ------
    UsageError
        Where it cannot be written.
    """
    target = path.resolve()  # a link stays a link
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            if target.exists():
                shutil.copymode(target, name)
            else:
                os.chmod(name, 0o666 & ~_umask())
            os.replace(name, target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None


def _umask() -> int:
    """Return the mask of new files; it can be read only by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
