"""The disk that fails, and what a lost write cache leaves."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.recovery import faulty_disk
from tests.recovery.lost_cache import restore

pytestmark = pytest.mark.skipif(faulty_disk.COMPILER is None, reason="there is no C compiler")

WRITER = """
import os, sys
def put(name, content, sync, at=None):
    file = os.open(name, os.O_RDWR | os.O_CREAT)
    if at is None:
        os.lseek(file, 0, os.SEEK_END)
        os.write(file, content)
    else:
        os.pwrite(file, content, at)
    if sync:
        os.fsync(file)
    os.close(file)
os.chdir(sys.argv[1])
"""


class Disk:
    """A directory, and scripts that write to it."""

    def __init__(self, directory: Path) -> None:
        self.data, self.orders = directory / "data", directory / "orders"
        self.undo, self.copy = directory / "undo", directory / "copy"
        self.data.mkdir()

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        disk = faulty_disk.environment(self.data, self.orders, self.undo)
        command = [sys.executable, "-c", WRITER + script, str(self.data)]
        return subprocess.run(
            command, env=os.environ | disk, capture_output=True, text=True, timeout=90
        )

    def restored(self, name: str, some: random.Random | None = None) -> bytes:
        restore(self.data, self.undo, self.copy, some)
        return (self.copy / name).read_bytes()


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path)


@pytest.mark.parametrize(
    ("order", "left"),
    [
        ("kill-in * 2", b"one"),
        ("kill-before write * 2", b"one"),
        ("kill-after write * 2", b"oneTWO!"),
        ("kill-before sync * 3", b"oneTWO!three"),
        ("kill-in other 1", b"oneTWO!three"),
        ("kill-before write file@7 1", b"oneTWO!"),
        ("kill-before write file@5 1", b"oneTWO!three"),
        ("kill-after truncate * 1", b"oneTWO!three"),
    ],
)
def test_kill(disk: Disk, order: str, left: bytes) -> None:
    faulty_disk.give(disk.orders, order)
    done = disk.run("for part in (b'one', b'TWO!', b'three'): put('file', part, True)")
    killed = left != b"oneTWO!three" or "sync" in order
    assert done.returncode == (-signal.SIGKILL if killed else 0), done.stderr
    assert (disk.data / "file").read_bytes() == left


def test_kill_in_the_middle_of_a_write(disk: Disk) -> None:
    """As far as the last sector that is whole."""
    faulty_disk.give(disk.orders, "kill-in * 2")
    done = disk.run("for part in (b'one', b'x' * 4096): put('file', part, True)")
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert (disk.data / "file").read_bytes() == b"one" + b"x" * (2048 - 3)


@pytest.mark.parametrize(
    ("order", "error"),
    [("fail write * ENOSPC", 28), ("fail sync f* EIO", 5), ("fail any * EROFS", 30)],
)
def test_failure_comes_and_goes(disk: Disk, order: str, error: int) -> None:
    script = f"""
put('file', b'one', True)
open({str(disk.orders)!r}, 'w').write({order!r})
try:
    put('file', b'two', True)
except OSError as failure:
    assert failure.errno == {error}, failure
else:
    raise AssertionError
print('elsewhere')
os.unlink({str(disk.orders)!r})
put('file', b'three', True)
"""
    done = disk.run(script)
    assert (done.returncode, done.stdout) == (0, "elsewhere\n"), done.stderr
    assert (disk.data / "file").read_bytes().startswith(b"one")


def test_what_was_synced_stays(disk: Disk) -> None:
    script = """
put('file', b'0123456789', True)
put('file', b'ab', False, 2)
put('file', b'ABCDE', False, 8)
put('other', b'never', False)
os.truncate(os.open('file', os.O_RDWR), 5)
put('whole', b'x', False)
put('whole', b'y', True)
"""
    done = disk.run(script)
    assert done.returncode == 0, done.stderr
    assert (disk.data / "file").read_bytes() == b"01ab4"
    assert disk.restored("file") == b"0123456789"
    assert (disk.copy / "other").read_bytes() == b""
    assert (disk.copy / "whole").read_bytes() == b"xy"


def test_some_of_what_was_not_synced_may_be_lost(disk: Disk, tmp_path: Path) -> None:
    done = disk.run("put('file', b'....', True)\nfor at in range(8): put('file', b'x', False, at)")
    assert done.returncode == 0, done.stderr
    seen = set()
    for seed in range(20):
        disk.copy = tmp_path / f"copy{seed}"
        seen.add(disk.restored("file", random.Random(seed)))
    assert len(seen) > 10
    assert all(set(content[:4]) <= set(b".x") for content in seen)
    assert all(set(content[4:]) <= set(b"\0x") for content in seen)


def test_the_log_is_emptied_when_all_is_synced(disk: Disk) -> None:
    done = disk.run("for _ in range(9): put('file', b'x' * 1000, True)")
    assert done.returncode == 0, done.stderr
    [log] = disk.undo.parent.glob("undo.*")
    assert log.stat().st_size == 0
