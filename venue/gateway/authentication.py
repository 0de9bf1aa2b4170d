"""Whether who logs on knows the password, and how often it may not."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import structlog

from venue.config import LockoutConfig
from venue.errors import VenueError
from venue.fix.message import Fields
from venue.gateway.caller import Caller
from venue.gateway.lockout import Lockout, origin
from venue.gateway.password_checks import Check, PasswordChecks
from venue.gateway.sessions import Session
from venue.passwords import fault

USERNAME, PASSWORD, NEW_PASSWORD = "553", "554", "925"
WRONG = "Username(553) or Password(554) is wrong"
BUSY = "passwords cannot be looked at now, try again"

log = structlog.get_logger()


class SessionStatus:
    """SessionStatus(1409), which FIXT.1.1 has."""

    PASSWORD_CHANGED = "1"
    NEW_PASSWORD_REFUSED = "3"
    WRONG_PASSWORD = "5"
    LOCKED = "6"
    NOT_ALLOWED_NOW = "7"


class LogonFault(NamedTuple):
    """Why a Logon is refused: Text(58) and SessionStatus(1409) of the Logout."""

    text: str
    status: str = ""


class Authentication:
    """Decides on passwords; a stored one is in the directory `data`."""

    def __init__(self, lockout: LockoutConfig, data: Path) -> None:
        self._config = lockout
        self._lockout = Lockout(lockout, time.monotonic)
        self._checks = PasswordChecks(data)

    def decide(self, session: Session, logon: Fields, caller: Caller) -> LogonFault | bool:
        """Say whether a session may log on: why not, or False while that is not known.

        Nothing is looked at while the address is locked out, so that it costs nothing.
        """
        if not session.has_password:
            return True
        if caller.check is None:
            new = logon.get(NEW_PASSWORD)
            given = logon.get(USERNAME, ""), logon.get(PASSWORD, ""), new
            known = self._checks.known(session.comp_id, session.password_hash)
            locked = self._locked(session, caller)
            if locked is not None:
                return locked
            check = Check(origin(caller.address), session.username, known, *given)
            if self._checks.begin(check):
                caller.check = check
            return False
        check = caller.check
        if not check.is_done:
            return False
        if check.fault:
            log.error("passwords cannot be checked", session=session.name, error=check.fault)
            return LogonFault(BUSY, SessionStatus.NOT_ALLOWED_NOW)
        if not check.is_right:
            if self._lockout.fail(session.comp_id, caller.address):
                seconds = self._config.seconds
                address = str(caller.address)
                log.warning("locked out", session=session.name, address=address, seconds=seconds)
            return LogonFault(WRONG, SessionStatus.WRONG_PASSWORD)
        locked = self._locked(session, caller)  # by others of that address, meanwhile
        if locked is None:
            self._lockout.forget(session.comp_id, caller.address)
        return True if locked is None else locked

    def prepare(self, sessions: Iterable[Session]) -> None:
        """See that stored passwords can be read. Raise `VenueError` where they cannot."""
        stored = {each.comp_id for each in sessions if each.has_password and not each.password_hash}
        if stored:
            missing = sorted(stored - self._checks.file.hashes().keys())
            if missing:
                log.warning("no password yet: see venue passwd", comp_ids=", ".join(missing))

    def change(self, session: Session, caller: Caller) -> bool:
        """Store the password that a Logon asks for; tell whether that can be done."""
        check = caller.check
        assert check is not None
        try:
            check.old_hash = self._checks.file.set(session.comp_id, check.new_hash)
        except VenueError as error:
            log.error("a password cannot be changed", session=session.name, error=str(error))
            return False
        log.info("password changed", session=session.name)
        return True

    def change_back(self, session: Session, caller: Caller) -> None:
        """Store the password again that `change` has replaced: the Logon came to nothing."""
        assert caller.check is not None
        try:
            self._checks.file.set(session.comp_id, caller.check.old_hash)
        except VenueError as error:
            log.error("a password stays changed", session=session.name, error=str(error))
            return
        log.info("password changed back, QuickFIX refuses the Logon", session=session.name)

    def unlock(self, comp_id: str) -> None:
        """Let who is locked out of a CompID try again."""
        self._lockout.unlock(comp_id)

    def close(self) -> None:
        self._checks.close()

    def _locked(self, session: Session, caller: Caller) -> LogonFault | None:
        if not self._lockout.seconds_left(session.comp_id, caller.address):
            return None
        text = f"locked for {self._config.seconds} s after {self._config.failures} failed Logons"
        return LogonFault(text, SessionStatus.LOCKED)


def new_password_fault(logon: Fields, session: Session) -> LogonFault | None:
    """What is wrong with NewPassword(925)."""
    new = logon.get(NEW_PASSWORD)
    if new is None:
        return None
    text = ""
    if not session.version.session_status:
        name = session.version.name
        text = f"is not in {name}: change the password in FIX.5.0SP2, or ask the operator"
    elif not session.has_password:
        text = "is given, but this session has no password"
    elif session.password_hash is not None:
        text = "is given, but the password is in the venue's configuration: ask the operator"
    elif new == logon.get(PASSWORD):
        text = "is the same as Password(554)"
    elif why := fault(new):
        text = why
    refused = SessionStatus.NEW_PASSWORD_REFUSED
    return LogonFault(f"NewPassword(925) {text}", refused) if text else None
