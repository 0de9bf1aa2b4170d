"""Who is let in, what for, and what the others are told."""

from typing import Any

import pytest

from venue.config import Role, SessionConfig
from venue.fix.versions import VERSIONS
from venue.gateway.door import first_message
from venue.gateway.entrance import LogonRefusedError
from venue.gateway.logon import Guests, logon_fault, presence
from venue.gateway.sessions import Presence, Session

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


GUESTS = Guests("VENUE", [session(version) for version in VERSIONS])


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
    assert GUESTS.recognize(logon(**changes)).name == name


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
        GUESTS.recognize(logon(**changes))
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
        GUESTS.recognize(logon(**changes))
    assert str(refusal.value) == text
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
    assert logon_fault(fields, VERSIONS["FIX.4.4"]) is None


@pytest.mark.parametrize("version", ["FIX.4.2", "FIX.4.4"])
def test_older_versions_have_no_default_version(version: str) -> None:
    assert logon_fault({"1137": "7"}, VERSIONS[version]) is None


def test_a_session_whose_numbers_begin_anew() -> None:
    """It says so, or is told that it has to, under the number 1."""
    anew = session()
    anew.begins_anew = True
    guests = Guests("VENUE", [anew])
    for right in ({}, {"_141": None}, {"_34": "01"}):
        assert guests.recognize(logon(**right)) is anew
    with pytest.raises(LogonRefusedError, match=r"MsgSeqNum\(34\) is 57, expected 1: numb") as told:
        guests.recognize(logon(_34="57", _141=None))
    assert b"\x0134=1\x01" in told.value.answer
    assert b"\x0158=MsgSeqNum(34) is 57" in told.value.answer
