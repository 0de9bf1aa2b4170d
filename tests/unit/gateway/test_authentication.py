"""What becomes of passwords: who is let in, who is told what, and who has to wait."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from venue.config import LockoutConfig, Role, SessionConfig
from venue.errors import VenueError
from venue.fix.versions import FIX50SP2
from venue.gateway import password_checks
from venue.gateway.authentication import BUSY, WRONG, Authentication, LogonFault
from venue.gateway.caller import Caller
from venue.gateway.password_checks import MOST_OF_ONE, MOST_WAITING, Check, PasswordChecks
from venue.gateway.sessions import Session
from venue.password_file import PasswordFile
from venue.passwords import PasswordHash, hash_password, matches

RIGHT = hash_password("correct horse")
HERE = "192.0.2.1"


def session(**choices: Any) -> Session:
    chosen = {"password": "stored"} | choices
    return Session(SessionConfig("TRADER1", "ALPHA", (Role.ORDER_ENTRY,), **chosen), FIX50SP2)


def caller(address: str = HERE) -> Caller:
    with socket.socket() as connection:
        made = Caller(connection)
    made.address = ip_address(address)
    return made


def logon(password: str | None, username: str | None = "TRADER1", **more: str) -> dict[str, str]:
    fields = {"553": username, "554": password} | {tag[1:]: more[tag] for tag in more}
    return {tag: value for tag, value in fields.items() if value is not None}


@pytest.fixture
def authentication(tmp_path: Path) -> Iterator[Authentication]:
    PasswordFile(tmp_path).set("TRADER1", RIGHT)
    with closing(Authentication(LockoutConfig(failures=3), tmp_path)) as made:
        yield made


def decided(
    authentication: Authentication, fields: dict[str, str], by: Caller, of: Session | None = None
) -> LogonFault | bool:
    """What comes of it in the end."""
    of = of or session()
    deadline = time.monotonic() + 30
    while (found := authentication.decide(of, fields, by)) is False:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    return found


def test_the_right_password_lets_in(authentication: Authentication) -> None:
    """Not at once: it is looked at elsewhere. Once known it stays so."""
    one, by = session(), caller()
    assert authentication.decide(one, logon("correct horse"), by) is False
    assert decided(authentication, logon("correct horse"), by, one) is True
    assert authentication.decide(one, logon("correct horse"), by) is True


@pytest.mark.parametrize(
    "fields",
    [
        logon("wrong horse"),
        logon("correct horse", "TRADER2"),
        logon("correct horse", ""),
        logon("correct horse", None),
        logon(""),
        logon(None),
        logon("correct horse" * 300),
        logon("corr\xe9ct"),
    ],
)
def test_whatever_is_wrong_sounds_the_same(
    authentication: Authentication, fields: dict[str, str]
) -> None:
    assert decided(authentication, fields, caller()) == LogonFault(WRONG, "5")


def test_a_hash_is_computed_whatever_is_wrong(
    authentication: Authentication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also for a wrong user, and for one without a password: nobody can tell by the time."""
    computed: list[PasswordHash] = []

    def counted(password: str, known: PasswordHash) -> bool:
        computed.append(known)
        return matches(password, known)

    monkeypatch.setattr(password_checks, "matches", counted)
    decided(authentication, logon("correct horse", "TRADER2"), caller())
    authentication._checks.file.set("TRADER1", None)
    assert decided(authentication, logon("correct horse"), caller()) == LogonFault(WRONG, "5")
    assert [each.n for each in computed] == [RIGHT.n, RIGHT.n]


def test_a_username_and_a_hash_may_be_configured(authentication: Authentication) -> None:
    own = session(username="desk@alpha", password=str(hash_password("battery staple")))
    assert decided(authentication, logon("battery staple", "desk@alpha"), caller(), own) is True
    wrong = LogonFault(WRONG, "5")
    assert decided(authentication, logon("battery staple"), caller(), own) == wrong
    assert decided(authentication, logon("correct horse", "desk@alpha"), caller(), own) == wrong


def test_a_password_that_is_changed_meanwhile_counts_from_then_on(
    authentication: Authentication,
) -> None:
    authentication._checks.file.set("TRADER1", hash_password("battery staple"))
    assert decided(authentication, logon("correct horse"), caller()) == LogonFault(WRONG, "5")
    assert decided(authentication, logon("battery staple"), caller()) is True


def test_too_many_failures_lock_an_address_out(authentication: Authentication) -> None:
    """Even with the right password, and without looking at it; others are let in."""
    for _ in range(3):
        assert decided(authentication, logon("wrong"), caller()) == LogonFault(WRONG, "5")
    locked = LogonFault("locked for 300 s after 3 failed Logons", "6")
    by = caller()
    assert authentication.decide(session(), logon("correct horse"), by) == locked
    assert by.check is None
    assert decided(authentication, logon("correct horse"), caller("192.0.2.2")) is True


def test_a_guess_that_came_with_the_others_is_too_late(authentication: Authentication) -> None:
    guesses = [caller() for _ in range(4)]
    one = session()
    for by, password in zip(guesses, ("a", "b", "c", "correct horse"), strict=True):
        assert authentication.decide(one, logon(password), by) is False
    for by in guesses[:3]:
        assert decided(authentication, logon("?"), by, one) == LogonFault(WRONG, "5")
    told = decided(authentication, logon("?"), guesses[3], one)
    assert told == LogonFault("locked for 300 s after 3 failed Logons", "6")


def test_the_right_password_makes_up_for_wrong_ones(authentication: Authentication) -> None:
    for password in ("wrong", "wrong", "correct horse", "wrong", "wrong"):
        decided(authentication, logon(password), caller())
    assert decided(authentication, logon("correct horse"), caller()) is True


def test_a_file_that_is_not_trusted_lets_nobody_in(
    authentication: Authentication, tmp_path: Path
) -> None:
    """And locks nobody out. A start is stopped by it."""
    (tmp_path / "passwords").chmod(0o644)
    for _ in range(4):
        told = decided(authentication, logon("correct horse"), caller())
        assert told == LogonFault(BUSY, "7")
    with pytest.raises(VenueError, match="mode is 0644, expected 0600"):
        authentication.prepare([session()])
    authentication.prepare([session(password="none"), session(password=str(RIGHT))])
    (tmp_path / "passwords").chmod(0o600)
    authentication.prepare([session()])
    assert decided(authentication, logon("correct horse"), caller()) is True


def test_a_new_password_is_hashed_only_for_who_knows_the_old(
    authentication: Authentication,
) -> None:
    by = caller()
    fields = logon("correct horse", _925="battery staple")
    assert decided(authentication, fields, by) is True
    assert by.check is not None and by.check.new_hash is not None
    assert authentication._checks.file.hashes() == {"TRADER1": RIGHT}, "not before it is let in"
    assert authentication.change(session(), by)
    assert matches("battery staple", authentication._checks.file.hashes()["TRADER1"])
    stranger = caller()
    assert decided(authentication, fields, stranger) == LogonFault(WRONG, "5")
    assert stranger.check is not None and stranger.check.new_hash is None


def test_a_new_password_that_cannot_be_written(
    authentication: Authentication, tmp_path: Path
) -> None:
    by = caller()
    decided(authentication, logon("correct horse", _925="battery staple"), by)
    (tmp_path / "passwords").chmod(0o644)
    assert not authentication.change(session(), by)


class Gate:
    """What keeps the thread busy until it is opened."""

    def __init__(self) -> None:
        self.opened = threading.Event()

    def __call__(self) -> PasswordHash:
        assert self.opened.wait(30)
        return PasswordHash(2, 1, 1, b"", bytes(32))


def test_checks_are_bounded_in_all_and_by_address(tmp_path: Path) -> None:
    checks, gate = PasswordChecks(tmp_path), Gate()
    begun = [Check(1, "X", gate, "X", "?") for _ in range(MOST_OF_ONE)]
    assert all(map(checks.begin, begun))
    assert not checks.begin(Check(1, "X", gate, "X", "?"))
    others = [Check(address, "X", gate, "X", "?") for address in range(2, 1 + MOST_WAITING)]
    taken = [checks.begin(each) for each in others]
    assert taken == [True] * (MOST_WAITING - MOST_OF_ONE) + [False] * (MOST_OF_ONE - 1)
    gate.opened.set()
    deadline = time.monotonic() + 30
    while not all(each.is_done for each in begun):
        assert time.monotonic() < deadline
        time.sleep(0.001)
    assert checks.begin(Check(1, "X", gate, "X", "?"))
    checks.close()


def test_the_end_does_not_wait_for_who_is_waiting(tmp_path: Path) -> None:
    """The check that is under way ends; the others are left."""
    checks, gate = PasswordChecks(tmp_path), Gate()
    first, second = Check(1, "X", gate, "X", "?"), Check(2, "X", lambda: 1 / 0, "X", "?")  # type: ignore[arg-type, return-value]
    checks.begin(first)
    checks.begin(second)
    end = threading.Thread(target=checks.close)
    end.start()
    deadline = time.monotonic() + 30
    while not second.is_dropped and time.monotonic() < deadline:
        time.sleep(0.001)
    gate.opened.set()
    end.join(10)
    assert first.is_done and second.is_done and not second.fault
    assert checks._thread is None
    checks.close()


def test_a_check_nobody_waits_for_any_more_is_left_out(tmp_path: Path) -> None:
    checks, gate = PasswordChecks(tmp_path), Gate()
    first, gone = Check(1, "X", gate, "X", "?"), Check(2, "X", lambda: 1 / 0, "X", "?")  # type: ignore[arg-type, return-value]
    checks.begin(first)
    checks.begin(gone)
    with socket.socket() as connection:
        by = Caller(connection)
        by.check = gone
        by.close()
    gate.opened.set()
    deadline = time.monotonic() + 30
    while not gone.is_done:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    checks.close()
    assert gone.is_done and not gone.fault


def test_a_defect_ends_no_thread(tmp_path: Path) -> None:
    checks = PasswordChecks(tmp_path)
    broken = Check(1, "X", lambda: 1 / 0, "X", "?")  # type: ignore[arg-type, return-value]
    checks.begin(broken)
    after = Check(1, "X", lambda: RIGHT, "X", "correct horse")
    checks.begin(after)
    deadline = time.monotonic() + 30
    while not after.is_done:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    assert after.is_right and not broken.is_right and "division by zero" in broken.fault
    assert after.password == "", "it is not kept"
    checks.close()
