"""The command line: parse flags, call the pipeline, save, print. Heavy modules come late."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line and exit with its status.

    0 done, 1 a bug, 2 wrong usage, 3 invalid file, 4 failed diagnostics, 130 interrupted.
    """
    # The matrices are small: threads would only wait for each other, and change the last bits.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from forecast.cli.app import app

    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader (such as `head`) has gone; nothing more may be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
