"""What a Logon has to say before QuickFIX hears of it, and what it asks of the venue."""

import re
import time
from collections.abc import Callable, Iterable

from venue.fix.message import SOH, Fields, format_time, parse_fields
from venue.fix.versions import Version
from venue.gateway.entrance import LogonRefusedError
from venue.gateway.sessions import Presence, Session

CANCEL_ON_DISCONNECT = "9001"
"""A tag of the venue's own, in a range that every version leaves to its users."""
DEFAULT_APPL_VER_ID = "1137"
ANEW = "numbers begin anew with every Logon here, send ResetSeqNumFlag(141)=Y"

_NEEDED: tuple[tuple[str, Callable[[str], object], str], ...] = (
    ("34", re.compile("[0-9]{1,9}").fullmatch, "a sequence number"),
    ("98", "0".__eq__, "0"),
    ("108", re.compile("[0-9]{1,6}").fullmatch, "0 to 999999 seconds"),
)
"""What a Logon needs for QuickFIX to answer it at all: tag, test, what it should be."""


class Guests:
    """The sessions that may log on to the venue named `comp_id`."""

    def __init__(self, comp_id: str, sessions: Iterable[Session]) -> None:
        self._comp_id = comp_id
        self._sessions = {
            (session.version.begin_string, session.comp_id): session for session in sessions
        }

    def recognize(self, message: str) -> Session:
        """The session whose Logon a connection's first message is; else `LogonRefusedError`.

        A stranger is told nothing, not even that he is one.
        """
        fields = parse_fields(message)
        if fields.get("35") != "A":
            raise LogonRefusedError(f"MsgType(35) {fields.get('35')} before a Logon")
        comp_id, target = fields.get("49", ""), fields.get("56", "")
        session = self._sessions.get((fields["8"], comp_id))
        if session is None or target != self._comp_id:
            raise LogonRefusedError(
                f"no session {fields['8']}:{comp_id} with TargetCompID(56) {target}"
            )
        for tag, is_right, right in _NEEDED:
            if not is_right(fields.get(tag, "")):
                raise LogonRefusedError(f"tag {tag} of the Logon is {fields.get(tag)}, not {right}")
        fault = logon_fault(fields, session.version)
        schedule = session.schedule
        if schedule is not None and not schedule.is_open(time.time_ns()):
            fault = f"outside the session's hours: {schedule}"
        if session.begins_anew and int(fields["34"]) != 1:
            fault = f"MsgSeqNum(34) is {fields['34']}, expected 1: {ANEW}"
        if fault is not None:
            anew = session.begins_anew or fields.get("141") == "Y"
            number = 1 if anew else session.link.getExpectedSenderNum()
            raise LogonRefusedError(fault, _logout(fields, number, fault))
        return session


def logon_fault(fields: Fields, version: Version) -> str | None:
    """What is wrong with what a Logon asks for, if anything."""
    wanted, given = version.appl_ver_id, fields.get(DEFAULT_APPL_VER_ID)
    if wanted and given != wanted:
        given = given or "missing"
        return f"DefaultApplVerID({DEFAULT_APPL_VER_ID}) is {given}, not {wanted}"
    asked = fields.get(CANCEL_ON_DISCONNECT)
    if asked not in (None, "Y", "N"):
        return f"CancelOnDisconnect({CANCEL_ON_DISCONNECT}) is {asked}, not Y or N"
    return None


def presence(fields: Fields, session: Session) -> Presence:
    """What the session's Logon makes of it: a word for this connection, or the configuration's."""
    asked = fields.get(CANCEL_ON_DISCONNECT)
    if asked == "Y" or (asked is None and session.cancel_on_disconnect):
        return Presence.LOGON_CANCEL_ON_DISCONNECT
    return Presence.LOGON


def _logout(logon: Fields, number: int, text: str) -> bytes:
    """A whole Logout that answers `logon`."""
    body = SOH.join(
        (
            "35=5",
            f"34={number}",
            f"49={logon['56']}",
            f"52={format_time(time.time_ns())}",
            f"56={logon['49']}",
            f"58={text}{SOH}",
        )
    )
    whole = f"8={logon['8']}{SOH}9={len(body)}{SOH}{body}".encode("latin-1")
    return whole + b"10=%03d\x01" % (sum(whole) % 256)
