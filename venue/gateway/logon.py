"""What a Logon has to say before QuickFIX hears of it, and what it asks of the venue."""

import re
import time
from collections.abc import Callable, Container, Iterable

from venue.fix.masking import MASK
from venue.fix.message import DATA_AFTER, SOH, Fields, format_time, parse_pairs
from venue.gateway.authentication import (
    NEW_PASSWORD,
    PASSWORD,
    Authentication,
    LogonFault,
    SessionStatus,
    new_password_fault,
)
from venue.gateway.caller import Address, Caller
from venue.gateway.entrance import LogonRefusedError
from venue.gateway.sessions import Presence, Session

CANCEL_ON_DISCONNECT = "9001"
"""A tag of the venue's own, in a range that every version leaves to its users."""
DEFAULT_APPL_VER_ID = "1137"
ANEW = "numbers begin anew with every Logon here, send ResetSeqNumFlag(141)=Y"
LEFT_OUT = frozenset({NEW_PASSWORD, *DATA_AFTER.keys(), *DATA_AFTER.values()})
"""NewPassword, and data fields with their lengths: some are secrets (RawData, EncryptedPassword),
and QuickFIX has its own idea of where one ends.
"""
REPEATED = frozenset({"372", "385", "1130", "1131", "1406", "1410", "628", "629", "630"})
"""What the groups NoMsgTypes and NoHops have in them; anything else is in a Logon once."""
_is_tag = re.compile("[1-9][0-9]{0,8}").fullmatch

_NEEDED: tuple[tuple[str, Callable[[str], object], str], ...] = (
    ("34", re.compile("[0-9]{1,9}").fullmatch, "a sequence number"),
    ("98", "0".__eq__, "0"),
    ("108", re.compile("[0-9]{1,6}").fullmatch, "0 to 999999 seconds"),
)
"""What a Logon needs for QuickFIX to answer it at all: tag, test, what it should be."""


class Guests:
    """The sessions that may log on to the venue named `comp_id`."""

    def __init__(
        self,
        comp_id: str,
        sessions: Iterable[Session],
        authentication: Authentication,
        disallowed: Container[str] = (),
    ) -> None:
        """`disallowed` are, at any time, the CompIDs that an operator keeps out."""
        self._comp_id = comp_id
        self._sessions = {
            (session.version.begin_string, session.comp_id): session for session in sessions
        }
        self._authentication = authentication
        self._disallowed = disallowed

    def recognize(self, message: str, caller: Caller) -> Session | None:
        """The session whose Logon a connection's first message is, None while its password is not
        yet known to be right; else `LogonRefusedError`.

        A stranger is told nothing, not even that he is one, and who does not know the password of
        a session that has one nothing of that session.
        """
        fields = fields_of(message)
        session = self._named(fields, caller.address)
        decided = self._authentication.decide(session, fields, caller)
        if decided is False:
            return None
        if decided is True:
            fault = (
                self._refusal(fields, session)
                or logon_fault(fields, session)
                or new_password_fault(fields, session)
            )
        else:
            fault = decided
        if fault is not None:
            raise refusal(fields, session, fault)
        return session

    def _named(self, fields: Fields, address: Address) -> Session:
        """The session that a Logon is for, if it can be one."""
        if fields.get("35") != "A":
            raise LogonRefusedError(f"MsgType(35) {fields.get('35')} before a Logon")
        comp_id, target = fields.get("49", ""), fields.get("56", "")
        session = self._sessions.get((fields["8"], comp_id))
        if session is None or target != self._comp_id:
            raise LogonRefusedError(
                f"no session {fields['8']}:{comp_id} with TargetCompID(56) {target}"
            )
        allowed = session.networks
        if allowed is not None and not any(address in network for network in allowed):
            raise LogonRefusedError(f"{session.name} may not log on from {address}")
        for tag, is_right, right in _NEEDED:
            if not is_right(fields.get(tag, "")):
                raise LogonRefusedError(f"tag {tag} of the Logon is {fields.get(tag)}, not {right}")
        return session

    def _refusal(self, fields: Fields, session: Session) -> LogonFault | None:
        """Why a session may not log on as things are now, though it is that session."""
        schedule = session.schedule
        if session.begins_anew and int(fields["34"]) != 1:
            return LogonFault(f"MsgSeqNum(34) is {fields['34']}, expected 1: {ANEW}")
        not_now = SessionStatus.NOT_ALLOWED_NOW
        if session.comp_id in self._disallowed:
            return LogonFault("the operator has disabled this session", not_now)
        if schedule is not None and not schedule.is_open(time.time_ns()):
            return LogonFault(f"outside the session's hours: {schedule}", not_now)
        return None


def fields_of(logon: str) -> Fields:
    """The fields of a Logon. Raise `LogonRefusedError` for one that can be read in two ways: who
    it is for is decided here, and by QuickFIX again.
    """
    fields: Fields = {}
    for tag, value in parse_pairs(logon):
        if not _is_tag(tag):
            raise LogonRefusedError(f"tag {tag[:9]!r} of the Logon is no number as FIX writes it")
        if tag in fields and tag not in REPEATED:
            raise LogonRefusedError(f"tag {tag} is in the Logon twice")
        fields.setdefault(tag, value)
    return fields


def logon_fault(fields: Fields, session: Session) -> LogonFault | None:
    """What is wrong with what a Logon asks for, if anything."""
    wanted, given = session.version.appl_ver_id, fields.get(DEFAULT_APPL_VER_ID)
    if wanted and given != wanted:
        given = given or "missing"
        return LogonFault(f"DefaultApplVerID({DEFAULT_APPL_VER_ID}) is {given}, not {wanted}")
    asked = fields.get(CANCEL_ON_DISCONNECT)
    if asked not in (None, "Y", "N"):
        return LogonFault(f"CancelOnDisconnect({CANCEL_ON_DISCONNECT}) is {asked}, not Y or N")
    least, most = session.heart_bt_int
    if not least <= int(fields["108"]) <= most:
        text = f"HeartBtInt(108) is {fields['108']}, expected {least} to {most} seconds"
        return LogonFault(text)
    return None


def second_logon_fault(fields: Fields) -> LogonFault | None:
    """What is wrong with a Logon that has come past the door: with the first of a connection
    nothing, for `masked` has taken out what matters.
    """
    if NEW_PASSWORD not in fields:
        return None
    text = "NewPassword(925) is for the first Logon of a connection"
    return LogonFault(text, SessionStatus.NEW_PASSWORD_REFUSED)


def presence(fields: Fields, session: Session) -> Presence:
    """What the session's Logon makes of it: a word for this connection, or the configuration's."""
    asked = fields.get(CANCEL_ON_DISCONNECT)
    if asked == "Y" or (asked is None and session.cancel_on_disconnect):
        return Presence.LOGON_CANCEL_ON_DISCONNECT
    return Presence.LOGON


def masked(logon: bytes) -> bytes:
    """A Logon as QuickFIX, and whatever it writes, may have it: without its secrets, and without
    what it might read otherwise than `fields_of`.
    """
    pairs = parse_pairs(logon.decode("latin-1"))
    body = "".join(
        f"{tag}={MASK if tag == PASSWORD else value}{SOH}"
        for tag, value in pairs
        if tag not in ("8", "9", "10") and tag not in LEFT_OUT
    )
    return _framed(dict(pairs)["8"], body)


def refusal(logon: Fields, session: Session, fault: LogonFault) -> LogonRefusedError:
    """The refusal of a Logon, with a Logout that takes no number."""
    anew = session.begins_anew or logon.get("141") == "Y"
    number = 1 if anew else session.link.getExpectedSenderNum()
    has_status = fault.status and session.version.session_status
    status = f"1409={fault.status}{SOH}" if has_status else ""
    body = SOH.join(
        (
            "35=5",
            f"34={number}",
            f"49={logon['56']}",
            f"52={format_time(time.time_ns())}",
            f"56={logon['49']}",
            f"58={fault.text}{SOH}{status}",
        )
    )
    return LogonRefusedError(f"{session.name}: {fault.text}", _framed(logon["8"], body))


def _framed(begin_string: str, body: str) -> bytes:
    whole = f"8={begin_string}{SOH}9={len(body)}{SOH}{body}".encode("latin-1")
    return whole + b"10=%03d\x01" % (sum(whole) % 256)
