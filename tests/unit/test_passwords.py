"""Hashes of passwords, what a password may be, and the file that keeps them."""

import fcntl
import os
import stat
from pathlib import Path

import pytest

from venue.errors import VenueError
from venue.password_file import PasswordFile
from venue.passwords import (
    NOBODYS,
    PasswordHash,
    fault,
    hash_password,
    matches,
    parse_hash,
    same,
)

CORRECT = parse_hash(
    "scrypt$16384$8$1$AAECAwQFBgcICQoLDA0ODw==$JbN2hANm9NOw4h5BRHZnbjzQ6Jr0QwNWojTOC2WgIbU="
)
"""Of "correct horse", always the same: tests are named after it."""


def test_a_hash_knows_its_password_and_no_other() -> None:
    assert matches("correct horse", CORRECT)
    for wrong in ("", "correct hors", "correct horse ", "Correct horse", "x" * 4000, "pässw\xff"):
        assert not matches(wrong, CORRECT)
    assert not matches("correct horse", NOBODYS)


def test_two_hashes_of_one_password_differ() -> None:
    other = hash_password("correct horse")
    assert other.salt != CORRECT.salt and other.digest != CORRECT.digest
    assert matches("correct horse", other)


def test_bytes_beyond_ascii_are_compared_as_they_came() -> None:
    known = hash_password("caf\xe9caf\xe9")
    assert matches("caf\xe9caf\xe9", known) and not matches("cafecafe", known)


def test_what_is_written_is_read_again() -> None:
    assert parse_hash(str(CORRECT)) == CORRECT
    assert str(CORRECT).startswith("scrypt$16384$8$1$")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "none",
        "correct horse",
        "bcrypt$16384$8$1$AAAAAAAAAAAAAAAAAAAAAA==$" + "A" * 43 + "=",
        str(CORRECT)[:-1],
        str(CORRECT) + " ",
        str(CORRECT).replace("$16384$", "$016384$"),
        str(CORRECT).replace("$16384$", "$16383$"),
        str(CORRECT).replace("$16384$", "$1$"),
        str(CORRECT).replace("$16384$", "$1048576$"),
        str(CORRECT).replace("$8$1$", "$0$1$"),
        str(CORRECT).replace("$8$1$", "$8$17$"),
        str(CORRECT).replace("$8$1$", "$8$-1$"),
        str(PasswordHash(16384, 8, 1, b"short", bytes(32))),
        str(PasswordHash(16384, 8, 1, bytes(16), b"short")),
    ],
)
def test_what_is_no_hash(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_hash(text)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("eight888", None),
        ("a b" * 42, None),
        ("seven77", "has 7 characters"),
        ("", "has 0 characters"),
        ("x" * 129, "has 129 characters"),
        ("caf\xe9caf\xe9", "has other characters"),
        ("with\ttab", "has other characters"),
    ],
)
def test_what_a_password_may_be(password: str, why: str | None) -> None:
    found = fault(password)
    assert (found is None) if why is None else why in (found or "")


def test_names_are_the_same_or_not() -> None:
    assert same("TRADER1", "TRADER1") and not same("TRADER1", "TRADER11") and not same("", "X")
    assert not same("TR\xc4DER", "TRADER")


@pytest.fixture
def file(tmp_path: Path) -> PasswordFile:
    return PasswordFile(tmp_path)


def test_nobody_has_a_password_at_first(file: PasswordFile) -> None:
    assert file.hashes() == {}
    assert not file.set("TRADER1", None)


def test_a_password_is_stored_replaced_and_forgotten(file: PasswordFile) -> None:
    assert not file.set("TRADER2", CHEAP_ENOUGH)
    assert not file.set("#1", CORRECT)
    assert file.set("TRADER2", CORRECT)
    assert file.hashes() == {"TRADER2": CORRECT, "#1": CORRECT}
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert file.set("TRADER2", None)
    assert PasswordFile(file.path.parent).hashes() == {"#1": CORRECT}
    assert [path.name for path in file.path.parent.iterdir()] == ["passwords"]


CHEAP_ENOUGH = PasswordHash(16384, 8, 1, bytes(16), bytes(32))


def test_what_was_left_of_a_write_does_not_matter(file: PasswordFile) -> None:
    (file.path.parent / "passwords.new").write_text("half")
    file.set("TRADER1", CORRECT)
    assert file.hashes() == {"TRADER1": CORRECT}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o602])
def test_a_file_that_others_may_use_is_not_trusted(file: PasswordFile, mode: int) -> None:
    file.set("TRADER1", CORRECT)
    file.path.chmod(mode)
    for act in (file.hashes, lambda: file.set("TRADER2", CORRECT)):
        with pytest.raises(
            VenueError, match=f"passwords: others may use it, its mode is {mode:04o}"
        ):
            act()
    file.path.chmod(0o400)
    assert file.hashes() == {"TRADER1": CORRECT}


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        ("TRADER1\n", 1),
        ("# ok\n\nTRADER1 secret\n", 3),
        (f"TRADER1 {CORRECT} \n", 1),
        (f"A {CORRECT}\nA {CORRECT}\n", 2),
        ("\x00\xff\x00", 1),
    ],
)
def test_a_file_that_is_damaged_is_not_guessed_at(
    file: PasswordFile, lines: str, where: int
) -> None:
    """Nor is it written over; the error has no password in it."""
    file.path.write_bytes(lines.encode("latin-1"))
    file.path.chmod(0o600)
    for act in (file.hashes, lambda: file.set("TRADER2", CORRECT)):
        with pytest.raises(VenueError, match=f"passwords:{where}: ") as damaged:
            act()
        assert "secret" not in str(damaged.value)
    assert file.path.read_bytes() == lines.encode("latin-1")


def test_a_directory_in_its_place(file: PasswordFile) -> None:
    file.path.mkdir()
    with pytest.raises(VenueError, match="passwords"):
        file.hashes()


def test_a_write_that_fails_leaves_what_there_was(
    file: PasswordFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.set("TRADER1", CORRECT)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(VenueError, match="passwords: cannot be written: No space left"):
        file.set("TRADER1", None)
    assert file.hashes() == {"TRADER1": CORRECT}


def test_nobody_waits_for_who_keeps_the_directory(file: PasswordFile) -> None:
    """Whoever may read it can lock it: the venue is not to hang for that."""
    file.set("TRADER1", CORRECT)
    directory = os.open(file.path.parent, os.O_RDONLY)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        with pytest.raises(VenueError, match="passwords: cannot be written"):
            file.set("TRADER1", None)
    finally:
        os.close(directory)
    assert file.hashes() == {"TRADER1": CORRECT}
    assert file.set("TRADER1", None)
