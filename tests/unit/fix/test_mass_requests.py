from typing import Any

import pytest
from msgspec.structs import replace

from tests.unit.fix.texts import INSTRUMENTS, TRADER, VIEWER, message
from venue.core import commands as c
from venue.core.types import MassCancelRejectReason, MassScope, Side
from venue.fix.inbound import parse
from venue.fix.refusal import BusinessReject, BusinessRejectReason, SessionReject
from venue.fix.versions import FIX42

WHO = "TRADER1", "NORTH"


def parsed(msg_type: str, party: Any = TRADER, **fields: str | None) -> Any:
    given = {"11": "Y", "530": "7"} if msg_type == "q" else {"584": "M", "585": "7"}
    changes = {name[1:]: value for name, value in fields.items()}
    return parse(message(msg_type, given | changes), party, INSTRUMENTS)


@pytest.mark.parametrize(
    ("fields", "scope", "symbol", "side"),
    [
        ({}, MassScope.ALL, "", None),
        ({"t54": "1"}, MassScope.ALL, "", Side.BUY),
        ({"SCOPE": "1", "t55": "AAPL"}, MassScope.SECURITY, "AAPL", None),
        ({"SCOPE": "1", "t55": "AAPL", "t54": "2"}, MassScope.SECURITY, "AAPL", Side.SELL),
        ({"SCOPE": "1", "t55": "NOPE"}, MassScope.SECURITY, "NOPE", None),
        ({"SCOPE": "1", "t55": "Z" * 70}, MassScope.SECURITY, "Z" * 64, None),
    ],
)
def test_mass_requests(
    fields: dict[str, str], scope: MassScope, symbol: str, side: Side | None
) -> None:
    def named(tag: str) -> dict[str, str]:
        return {name.replace("SCOPE", tag): value for name, value in fields.items()}

    canceled = parsed("q", **named("t530"))
    assert canceled == c.MassCancel(*WHO, "Y", scope, symbol, side)
    asked = parsed("AF", **named("t585"))
    assert asked == c.RequestMassStatus(*WHO, "M", scope, symbol, side)


@pytest.mark.parametrize(
    ("fields", "reason", "why"),
    [
        (
            {"SCOPE": "3", "t55": "AAPL"},
            MassCancelRejectReason.NOT_SUPPORTED,
            "{scope} 3 is not one of 1, 7",
        ),
        (
            {"SCOPE": "1"},
            MassCancelRejectReason.OTHER,
            "Symbol(55) is required for {scope} 1",
        ),
        (
            {"t55": "AAPL"},
            MassCancelRejectReason.OTHER,
            "Symbol(55) AAPL contradicts {scope} 7, every instrument",
        ),
        ({"t54": "5"}, MassCancelRejectReason.OTHER, "Side(54) 5 is not one of 1, 2"),
    ],
)
def test_refused_mass_requests(
    fields: dict[str, str], reason: MassCancelRejectReason, why: str
) -> None:
    def named(tag: str) -> dict[str, str]:
        return {name.replace("SCOPE", tag): value for name, value in fields.items()}

    refused = parsed("q", **named("t530"))
    text = why.format(scope="MassCancelRequestType(530)")
    said = fields.get("SCOPE", "7"), fields.get("t55", ""), fields.get("t54", "")
    assert refused == c.RefuseMassCancel(*WHO, "Y", *said, reason, text)
    reject = parsed("AF", **named("t585"))
    text = why.format(scope="MassStatusReqType(585)")
    assert reject == BusinessReject("7", "AF", BusinessRejectReason.OTHER, text, "M")


@pytest.mark.parametrize(
    ("msg_type", "tag", "name"), [("q", "11", "ClOrdID"), ("AF", "584", "MassStatusReqID")]
)
def test_ids_of_mass_requests(msg_type: str, tag: str, name: str) -> None:
    without = parsed(msg_type, **{f"t{tag}": None})
    assert isinstance(without, BusinessReject)
    assert without.text == f"{name}({tag}) is required"
    long = parsed(msg_type, **{f"t{tag}": "i" * 65})
    assert isinstance(long, SessionReject)
    assert long.text == f"{name}({tag}) has 65 characters, at most 64 are allowed"


@pytest.mark.parametrize("msg_type", ["q", "AF"])
def test_who_may_not(msg_type: str) -> None:
    reject = parsed(msg_type, VIEWER)
    assert reject.reason is BusinessRejectReason.NOT_AUTHORIZED
    assert reject.ref_id in ("Y", "M")


@pytest.mark.parametrize("msg_type", ["q", "AF"])
def test_4_2_has_no_mass_requests(msg_type: str) -> None:
    reject = parsed(msg_type, replace(TRADER, version=FIX42))
    assert reject.reason is BusinessRejectReason.UNSUPPORTED_MESSAGE_TYPE
