"""What a killed process leaves behind is removed by the next, and nothing else is."""

import fcntl
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from venue.scratch import PREFIX, ScratchDirectory

HOLD = """
import sys
from venue.scratch import ScratchDirectory
print(ScratchDirectory().path, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)


def held() -> tuple["subprocess.Popen[str]", Path]:
    """A process that has one, and where it is."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen([sys.executable, "-c", HOLD], text=True, **pipes)  # type: ignore[call-overload]
    return process, Path(process.stdout.readline().strip())


def test_is_ones_own_and_goes_away(tmp_path: Path) -> None:
    with ScratchDirectory() as directory:
        assert directory.parent == tmp_path
        assert directory.stat().st_mode & 0o777 == 0o700
        Path(directory, "file").write_text("x")
    assert not list(tmp_path.iterdir())


def test_left_by_who_was_killed() -> None:
    process, path = held()
    Path(path, "file").write_text("x")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert path.is_dir()
    with ScratchDirectory():
        assert not path.exists()


def test_of_the_living_stays() -> None:
    process, path = held()
    with ScratchDirectory() as first, ScratchDirectory() as second:
        assert path.is_dir() and first.is_dir() and second.is_dir()
    process.communicate("")


def test_of_others_stays(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir(mode=0o700)
    file = tmp_path / f"{PREFIX}file"
    file.write_text("x")
    shared = tmp_path / f"{PREFIX}shared"
    shared.mkdir()
    shared.chmod(0o755)
    link = tmp_path / f"{PREFIX}link"
    link.symlink_to(kept)
    with ScratchDirectory():
        assert kept.is_dir() and file.is_file() and shared.is_dir() and link.is_symlink()


def test_taken_for_left_before_it_was_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = fcntl.flock
    removed: list[Path] = []

    def too_late(descriptor: int, operation: int) -> None:
        if not removed:
            removed.extend(tmp_path.iterdir())
            removed[0].rmdir()
        lock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", too_late)
    with ScratchDirectory() as directory:
        assert directory.is_dir() and directory not in removed
