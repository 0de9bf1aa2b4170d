"""Room on the disk for the last batch."""

from pathlib import Path

import pytest

from venue.errors import JournalError
from venue.journal.reserve import SIZE, Reserve


def test_it_takes_room_until_it_is_given_up(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path)
    [file] = tmp_path.iterdir()
    assert file.stat().st_blocks * 512 >= SIZE
    reserve.give_up()
    reserve.give_up()
    assert list(tmp_path.iterdir()) == []


def test_one_that_is_there_is_kept(tmp_path: Path) -> None:
    Reserve(tmp_path)
    [file] = tmp_path.iterdir()
    content = file.read_bytes()
    Reserve(tmp_path)
    assert file.read_bytes() == content


def test_one_that_holds_no_room_is_made_anew(tmp_path: Path) -> None:
    """A file of holes, or one that a full disk cut short."""
    with (tmp_path / "reserve").open("wb") as file:
        file.truncate(SIZE)
    Reserve(tmp_path)
    assert (tmp_path / "reserve").stat().st_blocks * 512 >= SIZE


def test_there_is_no_room(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match=r"no room for .*reserve of 1048576 bytes"):
        Reserve(tmp_path / "missing")
