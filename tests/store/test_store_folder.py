"""Folders of results are whole or absent, however a run ends."""

import datetime as dt
import errno
import hashlib
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from forecast.errors import ForecastError, UsageError
from forecast.store import folder, system

DIGEST = "0123456789abcdef" * 4
AS_OF = dt.date(2025, 4, 8)
POSIX = pytest.mark.skipif(os.name == "nt", reason="forks")


def save(root, files=None, *, digest=DIGEST, scenario="visit", manifest=None):
    files = (
        {"summary.json": b"{}\n", "posterior.nc": lambda p: p.write_bytes(b"nc")}
        if files is None
        else files
    )
    return folder.save(root, scenario, AS_OF, digest, files, manifest)


def state(path):
    return {p: (p.stat().st_ino, p.stat().st_mtime_ns) for p in [path, *path.rglob("*")]}


def names(path):
    return sorted(p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file())


def test_where_it_goes_and_what_is_in_it(tmp_path):
    path = save(tmp_path / "results", manifest={"seed": 1})
    assert path == tmp_path / "results" / "visit" / "2025-04-08" / DIGEST[:12]
    assert names(path) == ["manifest.json", "posterior.nc", "summary.json"]
    assert json.loads((path / "manifest.json").read_text()) == {
        "seed": 1,
        "digest": DIGEST,
        "files": {
            "posterior.nc": hashlib.sha256(b"nc").hexdigest(),
            "summary.json": hashlib.sha256(b"{}\n").hexdigest(),
        },
    }
    assert folder.is_whole(path)
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_files_may_lie_in_folders(tmp_path):
    path = save(tmp_path, {"plots/a/b.svg": b"x"})
    assert names(path) == ["manifest.json", "plots/a/b.svg"]
    assert folder.is_whole(path)


def test_a_root_that_goes_up(tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    monkeypatch.chdir(tmp_path / "a")
    assert save("../results") == Path("../results/visit/2025-04-08") / DIGEST[:12]


def test_no_as_of(tmp_path):
    assert folder.save(tmp_path, "x", None, DIGEST, {}).parent == tmp_path / "x" / "undated"


def test_the_same_again_writes_nothing(tmp_path):
    path = save(tmp_path)
    before = state(path)

    def never(path):
        raise AssertionError

    assert save(tmp_path, {"summary.json": b"other", "posterior.nc": never}) == path
    assert save(tmp_path, {"summary.json": b"fewer"}) == path
    assert state(path) == before


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: (path / "manifest.json").unlink(),
        lambda path: (path / "manifest.json").write_bytes(b'{"digest": '),
        lambda path: (path / "manifest.json").write_bytes(b"[]"),
        lambda path: (path / "manifest.json").write_bytes(b"\xff\xfe"),
        lambda path: (path / "posterior.nc").unlink(),
        lambda path: (path / "posterior.nc").write_bytes(b"n"),
        lambda path: [(path / "posterior.nc").unlink(), (path / "posterior.nc").mkdir()],
    ],
)
def test_what_is_harmed_is_replaced(tmp_path, harm):
    path = save(tmp_path)
    (path / "notes.txt").write_text("mine")
    harm(path)
    assert not folder.is_whole(path)
    assert save(tmp_path) == path
    assert folder.is_whole(path)
    assert names(path) == ["manifest.json", "notes.txt", "posterior.nc", "summary.json"]
    assert (path / "posterior.nc").read_bytes() == b"nc"
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_new_file_joins_those_that_are_there(tmp_path):
    path = save(tmp_path)
    assert save(tmp_path, {"brief.html": b"<p>"}) == path
    listed = json.loads((path / "manifest.json").read_text())["files"]
    assert sorted(listed) == ["brief.html", "posterior.nc", "summary.json"]
    assert folder.is_whole(path)


def test_another_result_is_not_overwritten(tmp_path):
    path = save(tmp_path)
    before = state(path)
    with pytest.raises(ForecastError, match="another result"):
        save(tmp_path, digest=DIGEST[:-1] + "0")
    assert state(path) == before


def test_another_digest_lies_beside(tmp_path):
    assert save(tmp_path).parent == save(tmp_path, digest="f" * 64).parent


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "/x", "a/../../x", "manifest.json"])
def test_files_stay_inside(tmp_path, name):
    with pytest.raises(ValueError, match="no name"):
        save(tmp_path, {name: b""})
    assert not [p for p in tmp_path.rglob("*") if p.is_file() or p.name.startswith(".")]


def test_what_is_no_digest(tmp_path):
    with pytest.raises(ValueError, match="no digest"):
        save(tmp_path, digest="../../../x")


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, UsageError])
def test_a_failure_leaves_nothing_behind(tmp_path, error):
    def fail(path):
        path.write_bytes(b"half")
        raise error("stop")

    with pytest.raises(error, match="stop"):
        save(tmp_path, {"a": b"", "b": fail})
    assert not list((tmp_path / "visit" / "2025-04-08").iterdir())


def test_all_is_on_the_disk_before_the_name(tmp_path, monkeypatch):
    events = []
    sync, rename, mkdir = os.fsync, os.rename, os.mkdir

    def record(what, real):
        def recorded(*args, **more):
            inode = os.fstat(args[0]).st_ino if what == "sync" else None
            events.append((what, inode))
            return real(*args, **more)

        return recorded

    monkeypatch.setattr(os, "fsync", record("sync", sync))
    monkeypatch.setattr(os, "rename", record("rename", rename))
    monkeypatch.setattr(os, "mkdir", record("mkdir", mkdir))
    path = save(tmp_path / "results", {"a": b"x", "plots/b": lambda p: p.write_bytes(b"y")})
    at = events.index(("rename", None))
    before = {inode for what, inode in events[:at] if what == "sync"}
    after = {inode for what, inode in events[at:] if what == "sync"}
    for one in (path, *path.rglob("*")):
        assert one.stat().st_ino in before, one
    assert path.parent.stat().st_ino in after
    for above in (tmp_path, tmp_path / "results", tmp_path / "results" / "visit"):
        assert above.stat().st_ino in before, above


@POSIX
@pytest.mark.parametrize(
    "case",
    [
        "fresh",
        *(pytest.param(c, marks=pytest.mark.slow) for c in ("lacking", "harmed", "no manifest")),
    ],
)
def test_killed_at_any_line(tmp_path, case):
    """What was there (in the first case nothing), or the new result; and the next run clears up."""
    if not _can_exchange(tmp_path):
        pytest.skip("this file system cannot exchange folders at one stroke")
    ran = _run("kill_everywhere", tmp_path / "results", case, False)
    assert set(ran["found"]) == {"old", "new"}
    assert ran["kills"] > 100


@POSIX
@pytest.mark.slow
def test_killed_where_folders_are_exchanged_in_steps(tmp_path):
    """Between two steps the old result has a hidden name; the next run gives its own back."""
    ran = _run("kill_everywhere", tmp_path / "results", "lacking", True)
    assert set(ran["found"]) == {"old", "restored", "new"}


@POSIX
@pytest.mark.parametrize("case", ["fresh", "harmed"])
def test_many_at_once(tmp_path, case):
    ran = _run("at_once", tmp_path / "results", case, False)
    assert ran["statuses"] == [0] * 8
    assert ran["wrote"] == 1
    assert ran["whole"]
    assert set(ran["names"]) - {"notes.txt"} == {"manifest.json", "plots/a.svg", "summary.json"}
    assert ran["hidden"] == []


@POSIX
def test_many_at_once_without_locks(tmp_path):
    ran = _run("at_once", tmp_path / "results", "fresh", True)
    assert ran["statuses"] == [0] * 8
    assert ran["whole"]
    assert ran["hidden"] == []


def test_only_what_is_ours_is_swept(tmp_path):
    parent = save(tmp_path).parent
    dead = parent / f".{DIGEST[:12]}.0a1b2c3d.tmp"
    dead.mkdir()
    (dead / "posterior.nc").write_bytes(b"half")
    kept = [parent / ".notes.tmp", parent / ".git", parent / "x.tmp"]
    for path in kept:
        path.mkdir()
    save(tmp_path, digest="e" * 64)
    assert not dead.exists()
    assert all(path.exists() for path in kept)


def test_nothing_is_swept_without_a_lock(tmp_path, monkeypatch):
    fcntl = pytest.importorskip("fcntl")

    def unsupported(descriptor, how):
        raise OSError(errno.ENOLCK, "no locks")

    parent = save(tmp_path).parent
    living = parent / f".{DIGEST[:12]}.0a1b2c3d.tmp"
    living.mkdir()
    monkeypatch.setattr(fcntl, "flock", unsupported)
    assert folder.is_whole(save(tmp_path, digest="e" * 64))
    assert living.exists()


def _refused(match, root, *args, **more):
    with pytest.raises(UsageError, match=match) as caught:
        save(root, *args, **more)
    assert caught.value.exit_status == 2
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    "where", [".", "visit", "visit/2025-04-08", f"visit/2025-04-08/{DIGEST[:12]}"]
)
def test_a_file_in_the_way(tmp_path, where):
    blocked = tmp_path / "results" / where
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.write_bytes(b"")
    assert str(blocked) in _refused("a file stands where a folder is needed", tmp_path / "results")
    assert blocked.read_bytes() == b""
    assert not [p for p in tmp_path.rglob("*") if p.name.endswith(".tmp")]


@POSIX
def test_no_permission(tmp_path):
    root = tmp_path / "results"
    root.mkdir()
    root.chmod(stat.S_IRUSR | stat.S_IXUSR)
    if os.geteuid() == 0:
        code = (
            "import os, sys; from forecast.store import folder; os.chdir(sys.argv[1]); os.seteuid(65534)\n"
            "try: folder.save('results', 'visit', None, 'a' * 64, {'x': b''})\n"
            "except Exception as error: print(type(error).__name__, error)"
        )
        root.chmod(0o555)
        tmp_path.chmod(0o755)
        said = subprocess.check_output([sys.executable, "-c", code, tmp_path], text=True)
        assert (
            said
            == "UsageError the result cannot be saved at `results/visit`: permission is denied\n"
        )
    else:
        _refused("permission is denied", root)
    root.chmod(0o755)
    assert not list(root.iterdir())


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_no_space(tmp_path):
    def fill(path):
        with open("/dev/full", "wb") as full:
            full.write(b"x")

    _refused("there is no space left", tmp_path, {"posterior.nc": fill})
    assert not list((tmp_path / "visit" / "2025-04-08").iterdir())


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EIO])
@pytest.mark.parametrize("name", ["fsync", "rename", "mkdir"])
def test_whatever_the_disk_answers_comes_in_words(tmp_path, monkeypatch, number, name):
    def fail(*args, **more):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(os, name, fail)
        _refused("cannot be saved", tmp_path / "results")
    assert not [p for p in tmp_path.rglob("*") if p.is_file() or p.name.startswith(".")]


def test_a_folder_that_cannot_be_replaced_stays(tmp_path, monkeypatch):
    path = save(tmp_path)
    (path / "posterior.nc").write_bytes(b"half")
    before = state(path)

    def fail(one, other):
        raise OSError(errno.ENOSPC, "no space")

    with monkeypatch.context() as patched:
        patched.setattr(system, "_exchanged", fail)
        _refused("no space", tmp_path)
    assert state(path) == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_folder_that_cannot_be_replaced_in_steps_stays(tmp_path, monkeypatch):
    path = save(tmp_path)
    (path / "posterior.nc").write_bytes(b"half")
    before, rename = state(path), os.rename

    def fail_at_the_last(one, other):
        if other == path and not one.name.endswith(".old") and not path.exists():
            raise OSError(errno.EIO, "broken")
        rename(one, other)

    with monkeypatch.context() as patched:
        patched.setattr(system, "_exchanged", lambda one, other: False)
        patched.setattr(os, "rename", fail_at_the_last)
        _refused("broken", tmp_path)
    assert state(path) == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_network_file_system_that_cannot_sync_folders(tmp_path, monkeypatch):
    real = os.fsync

    def files_only(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "files only")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", files_only)
    assert folder.is_whole(save(tmp_path))


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("victory_day_2025", "victory_day_2025"),
        ("방문", "방문"),
        ("a/b\\c", "a_b_c"),
        ("../../etc", "_.._etc"),
        ("..", "_"),
        ("", "_"),
        (".hidden ", "hidden"),
        ("con", "_con"),
        ("COM1.x", "_COM1.x"),
        ("console", "console"),
        ("a\0b\nc", "a_b_c"),
        ("e\u0301t\u00e9", "\u00e9t\u00e9"),
    ],
)
def test_names_of_scenarios(tmp_path, stem, name):
    assert folder.folder_name(stem) == name
    assert save(tmp_path, scenario=stem).parent.parent == tmp_path / name


def test_long_names_stay_different(tmp_path):
    one, other = save(tmp_path, scenario="방" * 300), save(tmp_path, scenario="방" * 301)
    assert one != other
    assert len(one.parent.parent.name.encode()) <= 120


def _can_exchange(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    return system._exchanged(one, other)


def _run(what, root, *args):
    script = Path(__file__).with_name("saver.py")
    ran = subprocess.run(
        [sys.executable, script, what, root, json.dumps(args)],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)
