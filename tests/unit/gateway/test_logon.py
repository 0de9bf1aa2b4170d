"""Who is let in, what for, and what the others are told."""

import re
import socket
from collections.abc import Container
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from venue.config import HeartBtIntConfig, LockoutConfig, Role, SessionConfig
from venue.fix.versions import VERSIONS
from venue.gateway.authentication import WRONG, Authentication, LogonFault
from venue.gateway.caller import Caller
from venue.gateway.door import first_message
from venue.gateway.entrance import LogonRefusedError
from venue.gateway.logon import Guests, logon_fault, masked, presence, second_logon_fault
from venue.gateway.password_checks import Check
from venue.gateway.schedule import Schedule
from venue.gateway.sessions import Presence, Session
from venue.passwords import NOBODYS

HASH = str(NOBODYS)
FIXT = {"8": "FIXT.1.1", "1137": "9"}


class Link:
    """What QuickFIX's session knows."""

    def getExpectedSenderNum(self) -> int:  # noqa: N802 - QuickFIX's name
        return 17


def session(version: str = "FIX.4.4", comp_id: str = "TRADER1", **choices: Any) -> Session:
    made = Session(
        SessionConfig(comp_id, "ALPHA", (Role.ORDER_ENTRY,), **choices), VERSIONS[version]
    )
    made.link = Link()
    return made


def guests(*sessions: Session, disallowed: Container[str] = ()) -> Guests:
    nowhere = Authentication(LockoutConfig(), Path("/nowhere"))
    return Guests("VENUE", sessions, nowhere, disallowed)


def caller(address: str = "192.0.2.1") -> Caller:
    """Somebody who calls from an address; nothing comes over the connection."""
    with socket.socket() as connection:
        made = Caller(connection)
    made.address = ip_address(address)
    return made


def looked_at(is_right: bool) -> Caller:
    """Somebody whose password has been looked at."""
    made = caller()
    made.check = Check(made.address, "TRADER1", lambda: None, "TRADER1", "")
    made.check.is_right, made.check.is_done = is_right, True
    return made


GUESTS = guests(*map(session, VERSIONS))


def logon(**changes: str | None) -> str:
    """A Logon; `_8="FIX.4.2"` changes a field, None leaves it out."""
    fields: dict[str, str | None] = {
        "8": "FIX.4.4",
        "9": "0",
        "35": "A",
        "34": "1",
        "49": "TRADER1",
        "56": "VENUE",
        "98": "0",
        "108": "30",
        "141": "Y",
    }
    fields |= {tag.lstrip("_"): value for tag, value in changes.items()}
    return "".join(f"{tag}={value}\x01" for tag, value in fields.items() if value is not None)


def _name(found: Session | None) -> str:
    assert found is not None
    return found.name


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "FIX.4.4:TRADER1"),
        ({"_8": "FIX.4.2"}, "FIX.4.2:TRADER1"),
        ({"_8": "FIXT.1.1", "_1137": "9"}, "FIX.5.0SP2:TRADER1"),
        ({"_9001": "Y"}, "FIX.4.4:TRADER1"),
    ],
)
def test_a_session_is_known_by_version_and_names(changes: dict[str, str], name: str) -> None:
    assert _name(GUESTS.recognize(logon(**changes), caller())) == name


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"_8": "FIX.4.3"}, "no session FIX.4.3:TRADER1"),
        ({"_8": "FIX.5.0"}, "no session FIX.5.0:TRADER1"),
        ({"_49": "NOBODY"}, "no session FIX.4.4:NOBODY"),
        ({"_49": "NOBODY", "_8": "FIXT.1.1"}, "no session FIXT.1.1:NOBODY"),
        ({"_56": "NOWHERE"}, r"TargetCompID\(56\) NOWHERE"),
        ({"_35": "D"}, r"MsgType\(35\) D"),
        ({"_98": "5"}, "tag 98"),
    ],
)
def test_a_stranger_is_told_nothing(changes: dict[str, str], text: str) -> None:
    with pytest.raises(LogonRefusedError, match=text) as refusal:
        GUESTS.recognize(logon(**changes), caller())
    assert refusal.value.answer == b""


@pytest.mark.parametrize(
    ("changes", "number", "text"),
    [
        ({"_8": "FIXT.1.1"}, 1, "DefaultApplVerID(1137) is missing, not 9"),
        ({"_8": "FIXT.1.1", "_1137": "7"}, 1, "DefaultApplVerID(1137) is 7, not 9"),
        ({"_9001": "X"}, 1, "CancelOnDisconnect(9001) is X, not Y or N"),
        ({"_9001": "", "_141": None}, 17, "CancelOnDisconnect(9001) is , not Y or N"),
        ({"_9001": "y", "_141": "N"}, 17, "CancelOnDisconnect(9001) is y, not Y or N"),
    ],
)
def test_who_asks_for_the_wrong_thing_gets_a_logout(
    changes: dict[str, str], number: int, text: str
) -> None:
    with pytest.raises(LogonRefusedError) as refusal:
        GUESTS.recognize(logon(**changes), caller())
    version = {"FIXT.1.1": "FIX.5.0SP2"}.get(changes.get("_8") or "", "FIX.4.4")
    assert str(refusal.value) == f"{version}:TRADER1: {text}"
    answer = refusal.value.answer
    assert first_message(answer) == answer, "BodyLength(9) and CheckSum(10)"
    fields = answer.decode().split("\x01")
    begin_string = changes.get("_8", "FIX.4.4")
    assert fields[0] == f"8={begin_string}"
    assert fields[2:5] == ["35=5", f"34={number}", "49=VENUE"]
    assert fields[6:8] == ["56=TRADER1", f"58={text}"]


@pytest.mark.parametrize(("usual", "asked"), [(u, a) for u in (True, False) for a in "YN?"])
def test_cancel_on_disconnect_is_the_logons_choice(usual: bool, asked: str) -> None:
    fields = {} if asked == "?" else {"9001": asked}
    wanted = asked == "Y" or (asked == "?" and usual)
    made = presence(fields, session(cancel_on_disconnect=usual))
    assert made is (Presence.LOGON_CANCEL_ON_DISCONNECT if wanted else Presence.LOGON)
    assert logon_fault({"108": "30"} | fields, session()) is None


@pytest.mark.parametrize("version", ["FIX.4.2", "FIX.4.4"])
def test_older_versions_have_no_default_version(version: str) -> None:
    assert logon_fault({"1137": "7", "108": "30"}, session(version)) is None


def test_a_session_whose_numbers_begin_anew() -> None:
    """It says so, or is told that it has to, under the number 1."""
    anew = session()
    anew.begins_anew = True
    known = guests(anew)
    for right in ({}, {"_141": None}, {"_34": "01"}):
        assert known.recognize(logon(**right), caller()) is anew
    with pytest.raises(LogonRefusedError, match=r"MsgSeqNum\(34\) is 57, expected 1: numb") as told:
        known.recognize(logon(_34="57", _141=None), caller())
    assert b"\x0134=1\x01" in told.value.answer
    assert b"\x0158=MsgSeqNum(34) is 57" in told.value.answer


@pytest.mark.parametrize(("asked", "is_right"), [(4, False), (5, True), (30, True), (31, False)])
def test_heart_bt_int_has_bounds(asked: int, is_right: bool) -> None:
    bounded = session(heart_bt_int=HeartBtIntConfig(min=5, max=30))
    known = guests(bounded)
    if is_right:
        assert known.recognize(logon(_108=str(asked)), caller()) is bounded
        return
    with pytest.raises(LogonRefusedError, match=rf"HeartBtInt\(108\) is {asked}, expected 5 to 30"):
        known.recognize(logon(_108=str(asked)), caller())


@pytest.mark.parametrize(
    ("address", "is_let_in"),
    [
        ("192.0.2.1", True),
        ("192.0.2.255", True),
        ("192.0.3.1", False),
        ("2001:db8::7", True),
        ("2001:db8::8", False),
    ],
)
def test_a_session_may_be_bound_to_addresses(address: str, is_let_in: bool) -> None:
    """From elsewhere it is a stranger, who is told nothing."""
    bound = session(addresses=("192.0.2.0/24", "2001:db8::7"))
    known = guests(bound)
    if is_let_in:
        assert known.recognize(logon(), caller(address)) is bound
        return
    with pytest.raises(LogonRefusedError, match=f"may not log on from {address}") as refusal:
        known.recognize(logon(), caller(address))
    assert refusal.value.answer == b""


@pytest.mark.parametrize("version", VERSIONS)
def test_an_operator_keeps_a_comp_id_out(version: str) -> None:
    """In every version, from one moment to the next."""
    kept_out = set[str]()
    one = session(version)
    known = guests(one, disallowed=kept_out)
    asks = logon(_8=one.version.begin_string, _1137=one.version.appl_ver_id or None)
    assert known.recognize(asks, caller()) is one
    kept_out.add("TRADER1")
    with pytest.raises(LogonRefusedError, match="the operator has disabled this session") as told:
        known.recognize(asks, caller())
    assert (b"\x011409=7\x01" in told.value.answer) is (version == "FIX.5.0SP2")


def test_who_needs_no_password_may_send_one() -> None:
    for sent in ({"_553": "ME", "_554": "SECRET"}, {"_554": ""}, {"_553": "x" * 500}):
        assert _name(GUESTS.recognize(logon(**sent), caller())) == "FIX.4.4:TRADER1"


@pytest.mark.parametrize(
    ("version", "choices", "sent", "text"),
    [
        ("FIX.4.2", {"password": "stored"}, {}, "is not in FIX.4.2"),
        ("FIX.4.4", {"password": "stored"}, {}, "is not in FIX.4.4"),
        ("FIX.5.0SP2", {}, {}, "this session has no password"),
        ("FIX.5.0SP2", {"password": HASH}, {}, "is in the venue's configuration"),
        (
            "FIX.5.0SP2",
            {"password": "stored"},
            {"_554": "correct horse"},
            "is the same as Password",
        ),
        (
            "FIX.5.0SP2",
            {"password": "stored"},
            {"_925": "short"},
            "has 5 characters, expected 8 to",
        ),
        ("FIX.5.0SP2", {"password": "stored"}, {"_925": ""}, "has 0 characters, expected 8 to 128"),
        ("FIX.5.0SP2", {"password": "stored"}, {"_925": "x" * 129}, "has 129 characters"),
        ("FIX.5.0SP2", {"password": "stored"}, {"_925": "pässword"}, "has other characters"),
    ],
)
def test_a_new_password_that_cannot_be(
    version: str, choices: dict[str, str], sent: dict[str, str], text: str
) -> None:
    """Refused to who knows the present one; nobody repeats the password."""
    one = session(version, **choices)
    asks = {"_8": one.version.begin_string, "_1137": one.version.appl_ver_id or None}
    asks |= {"_553": "TRADER1", "_554": "battery staple", "_925": "correct horse"} | sent
    with pytest.raises(LogonRefusedError) as refusal:
        guests(one).recognize(logon(**asks), looked_at(is_right=True))
    assert "NewPassword(925) " in str(refusal.value) and text in str(refusal.value)
    assert (b"\x011409=3\x01" in refusal.value.answer) is (version == "FIX.5.0SP2")
    assert not asks["_925"] or asks["_925"] not in str(refusal.value)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, "outside the session's hours"),
        ({"_34": "2"}, "expected 1: numbers begin anew"),
        ({"_108": "4"}, "HeartBtInt(108) is 4"),
        ({"_9001": "X"}, "CancelOnDisconnect(9001) is X"),
        ({"_1137": "7"}, "DefaultApplVerID(1137) is 7"),
        ({"_925": "short"}, "NewPassword(925) has 5 characters"),
        ({}, "the operator has disabled this session"),
    ],
)
def test_only_who_knows_the_password_is_told_more(sent: dict[str, str], told: str) -> None:
    """Who does not cannot tell such a session from any other."""
    bounds = HeartBtIntConfig(min=5, max=30)
    one = session("FIX.5.0SP2", password="stored", heart_bt_int=bounds)
    one.begins_anew = "begin anew" in told
    if "hours" in told:
        now = datetime.now(UTC)
        begins, ends = (now + timedelta(hours=each) for each in (2, 3))
        one.schedule = Schedule(begins.time(), ends.time())
    known = guests(one, disallowed={"TRADER1"} if "operator" in told else ())
    asks = logon(**{"_8": "FIXT.1.1", "_1137": "9"} | sent)
    with pytest.raises(LogonRefusedError) as refusal:
        known.recognize(asks, looked_at(is_right=False))
    assert str(refusal.value) == f"FIX.5.0SP2:TRADER1: {WRONG}"
    with pytest.raises(LogonRefusedError) as refusal:
        known.recognize(asks, looked_at(is_right=True))
    assert told in str(refusal.value)


def test_quickfix_hears_no_secrets() -> None:
    plain = framed(logon(_553="TRADER1"))
    assert masked(plain) == plain
    told = framed(
        logon(_553="TRADER1", _554="correct horse", _925="battery", _95="3", _96="a\x01b")
    )
    heard = masked(told)
    assert first_message(heard) == heard, "BodyLength(9) and CheckSum(10)"
    assert b"\x01553=TRADER1\x01554=***\x01" in heard
    for secret in (b"correct", b"battery", b"a\x01b", b"925=", b"95="):
        assert secret not in heard
    assert masked(framed(logon(_554=""))).count(b"\x01554=***\x01") == 1
    assert second_logon_fault({"925": "x"}) == LogonFault(
        "NewPassword(925) is for the first Logon of a connection", "3"
    )
    assert second_logon_fault({"554": "x"}) is None


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ("049=OTHER|", "tag '049' of the Logon is no number"),
        ("+49=OTHER|", "tag '+49' of the Logon is no number"),
        ("4294967345=OTHER|", "tag '429496734' of the Logon is no number"),
        ("x|49=OTHER|", "tag 49 is in the Logon twice"),
        ("049=OTHER|095=16|096=x|49=TRADER1|", "tag '049'"),
    ],
)
def test_a_logon_can_be_read_in_one_way_only(more: str, text: str) -> None:
    """Else QuickFIX might take it for another session's than the one whose password was right."""
    with pytest.raises(LogonRefusedError, match=re.escape(text)):
        GUESTS.recognize(logon() + more.replace("|", "\x01"), caller())
    groups = "384=2|372=D|385=S|372=8|385=R|".replace("|", "\x01")
    assert _name(GUESTS.recognize(logon() + groups, caller())) == "FIX.4.4:TRADER1"


@pytest.mark.parametrize(("length", "data"), [("90", "91"), ("212", "213"), ("93", "89")])
def test_quickfix_hears_no_data_fields(length: str, data: str) -> None:
    """It would end some at the first SOH, and see in them what is none of the Logon's fields."""
    text = logon(_35="A", _34=None).replace(
        "35=A\x01", f"35=A\x01{length}=13\x01{data}=x\x0149=OTHER123\x0134=1\x01"
    )
    assert _name(GUESTS.recognize(text, caller())) == "FIX.4.4:TRADER1"
    heard = masked(framed(text))
    assert first_message(heard) == heard
    assert b"OTHER" not in heard and b"\x0149=TRADER1\x01" in heard and b"\x0134=1\x01" in heard


def framed(text: str) -> bytes:
    """The Logon with its right length and sum."""
    begin, _, body = text.partition("\x019=0\x01")
    whole = f"{begin}\x019={len(body)}\x01{body}".encode("latin-1")
    return whole + b"10=%03d\x01" % (sum(whole) % 256)
