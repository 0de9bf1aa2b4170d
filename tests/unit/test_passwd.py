"""`venue passwd`: what it asks, what it stores, and what it says."""

import getpass
import io
import sys
from pathlib import Path

import pytest

from venue.cli import main
from venue.password_file import PasswordFile
from venue.passwords import matches, parse_hash


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "made" / "data"


def run(monkeypatch: pytest.MonkeyPatch, typed: str, *arguments: str) -> int:
    """Run it with `typed` coming from a pipe; return the exit status."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    with pytest.raises(SystemExit) as exit:
        main(["passwd", *arguments])
    assert isinstance(exit.value.code, int)
    return exit.value.code


def test_a_password_is_set_changed_and_removed(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("TRADER1", "--data", str(data))
    assert run(monkeypatch, "correct horse\n", *where) == 0
    out, err = capsys.readouterr()
    assert out == "password of TRADER1 set\n"
    assert "does not ask for it: say `password: stored` of TRADER1" in err
    assert matches("correct horse", PasswordFile(data).hashes()["TRADER1"])
    assert run(monkeypatch, "battery staple\r\n", *where) == 0
    assert capsys.readouterr().out == "password of TRADER1 changed\n"
    assert matches("battery staple", PasswordFile(data).hashes()["TRADER1"])
    for told in ("password of TRADER1 removed\n", "TRADER1 had no password\n"):
        assert run(monkeypatch, "", *where, "--remove") == 0
        assert capsys.readouterr() == (told, "")
    assert PasswordFile(data).hashes() == {}


def test_a_hash_for_the_configuration(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "correct horse", "--print") == 0
    assert matches("correct horse", parse_hash(capsys.readouterr().out.strip()))


@pytest.mark.parametrize(
    ("typed", "comp_id", "status", "told"),
    [
        ("short", "TRADER1", 1, "the password has 5 characters, expected 8 to 128 printable ASCII"),
        ("", "TRADER1", 1, "the password has 0 characters"),
        (
            "correct horse",
            "NOBODY",
            2,
            "COMP_ID: found NOBODY, expected one of the sessions TRADER1",
        ),
    ],
)
def test_what_cannot_be_a_password_or_a_session(
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    comp_id: str,
    status: int,
    told: str,
) -> None:
    assert run(monkeypatch, typed, comp_id, "--data", str(data)) == status
    out, err = capsys.readouterr()
    assert out == "" and told in err and "horse" not in err
    assert not data.exists()


@pytest.mark.parametrize("arguments", [(), ("TRADER1", "--print"), ("--print", "--remove")])
def test_arguments_that_make_no_sense(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    assert run(monkeypatch, "correct horse", *arguments) == 2


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("again", ["correct horse", "correct house"])
def test_on_a_terminal_it_is_typed_twice(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], again: str
) -> None:
    typed = iter(["correct horse", again])
    monkeypatch.setattr(getpass, "getpass", lambda prompt: next(typed))
    monkeypatch.setattr(sys, "stdin", Terminal())
    with pytest.raises(SystemExit) as exit:
        main(["passwd", "TRADER1", "--data", str(data)])
    if again == "correct horse":
        assert exit.value.code == 0 and "TRADER1" in PasswordFile(data).hashes()
    else:
        assert exit.value.code == 1 and not data.exists()
        assert "the two passwords differ" in capsys.readouterr().err
