"""Run by the tests: saves are killed after each line in turn; or several go on at once.

It imports little, so that forking it often is cheap; and has one thread, so that it is safe.
"""

import json
import os
import shutil
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from forecast.store import folder, system

DIGEST, OTHER, THIRD = "a1" * 32, "b2" * 32, "c3" * 32
OLD, NEW = b"old summary", b"new summary" * 1000
NAMES = ("forecast/store/folder.py", "forecast/store/system.py", "/shutil.py", "/saver.py")


def write_figure(path):
    with open(path, "wb") as stream:
        for _ in range(3):
            stream.write(b"figure" * 100)
            stream.flush()


FILES = {"summary.json": NEW, "plots/a.svg": write_figure}


def save(root, files=FILES, digest=DIGEST):
    return folder.save(root, "방문", None, digest, files, {"seed": 1})


def place(root):
    return root / "방문" / "undated" / DIGEST[:12]


def content(path):
    if not path.exists():
        return None
    return {
        str(p.relative_to(path)): p.read_bytes() for p in sorted(path.rglob("*")) if p.is_file()
    }


def prepare(root, case):
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    if case == "fresh":
        return
    if case == "lacking":
        save(root, {"summary.json": OLD})
    elif case == "harmed":
        (save(root) / "plots/a.svg").write_bytes(b"half")
    elif case == "no manifest":
        (save(root) / folder.MANIFEST).unlink()
    (place(root) / "notes.txt").write_bytes(b"mine")


def child(work):
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except BaseException as error:
            print(repr(error), file=sys.stderr)
            os._exit(1)
        os._exit(0)
    return pid


def killed_at(n):
    """Kill this process with no chance to clear up when it begins its nth line.

    Of lines in loops the first two rounds count, the first one in the library.
    """
    left, met = n, Counter()

    def trace(frame, event, argument):
        nonlocal left
        if not frame.f_code.co_filename.endswith(NAMES):
            return None
        if event == "line":
            met[frame.f_code, frame.f_lineno] += 1
            rounds = 1 if frame.f_code.co_filename == shutil.__file__ else 2
            if met[frame.f_code, frame.f_lineno] <= rounds:
                left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)


def kill_everywhere(root, case, step):
    """Return what was left by each kill, in short, and how many kills there were."""
    os.fsync = lambda descriptor: None  # Processes die here, not the machine.
    if step:
        system._exchanged = lambda one, other: False
    prepare(root, case)
    old = content(place(root))
    save(root)
    new = content(place(root))
    found, kills = {}, 0
    for n in range(1, 10**6):
        prepare(root, case)

        def work(n=n):
            killed_at(n)
            save(root)

        _, status = os.waitpid(child(work), 0)
        if status == 0:
            break
        assert os.WIFSIGNALED(status), "the save failed by itself"
        kills += 1
        now = content(place(root))
        what = (
            "old" if now == old else "new" if now == new else "nothing" if now is None else "half"
        )
        if what == "nothing":
            # A save of something else brings back what was put aside.
            save(root, {"x": b""}, OTHER)
            what = "restored" if content(place(root)) == old else "lost"
        found[what] = found.get(what, 0) + 1
        save(root)
        assert content(place(root)) == new, "the next save does not mend it"
        save(root, {"x": b""}, THIRD)
        hidden = [p.name for p in place(root).parent.iterdir() if p.name.startswith(".")]
        assert not hidden, f"left behind: {hidden}"
    return {"found": found, "kills": kills}


def at_once(root, case, unlocked):
    """Save the same from many processes; return how many wrote, and what there is at the end."""
    if unlocked:
        import contextlib

        system.locked = lambda parent: contextlib.nullcontext(False)
    prepare(root, case)
    log = root / "log"

    def slow(path):
        with open(log, "a") as stream:
            stream.write("x")
        time.sleep(0.05)
        write_figure(path)

    start = time.time() + 0.2

    def work():
        time.sleep(max(0, start - time.time()))
        assert save(root, {**FILES, "plots/a.svg": slow}) == place(root)

    statuses = [os.waitpid(pid, 0)[1] for pid in [child(work) for _ in range(8)]]
    hidden = [p.name for p in place(root).parent.iterdir() if p.name.startswith(".")]
    return {
        "statuses": statuses,
        "wrote": len(log.read_text()),
        "whole": folder.is_whole(place(root)),
        "names": sorted(content(place(root))),
        "hidden": hidden,
    }


if __name__ == "__main__":
    what, root, *more = sys.argv[1:]
    print(json.dumps(globals()[what](Path(root), *json.loads(more[0]))))
