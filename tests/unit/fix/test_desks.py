"""Who of a session's identities sends a message, and for which account."""

import pytest
from msgspec.structs import replace

from tests.unit.fix.texts import INSTRUMENTS, TIME, TRADER, cancel, message, new_order
from tests.unit.fix.texts import replace as replaced
from venue.core import commands as c
from venue.core.types import OrdRejReason
from venue.fix.desks import addressed, return_header
from venue.fix.inbound import parse
from venue.fix.party import Party
from venue.fix.refusal import BusinessReject, BusinessRejectReason

DESK = replace(TRADER, session="TRADER1/S1", firm="SOUTH")
CLIENT = replace(TRADER, session="TRADER1//C1", firm="WEST")
BOTH = replace(TRADER, session="TRADER1/S1/C1", firm="EAST")
BROKER = replace(TRADER, desks={("S1", ""): DESK, ("", "C1"): CLIENT, ("S1", "C1"): BOTH})
BOUND = replace(TRADER, account="A-1", accounts=frozenset({"A-1", "A-2"}))


def with_header(text: str, **tags: str) -> str:
    """A message as QuickFIX has it, with these fields in its header."""
    fields = "".join(f"{tag[1:]}={value}\x01" for tag, value in sorted(tags.items()))
    return text.replace("\x0149=TRADER1\x01", f"\x0149=TRADER1\x01{fields}")


REQUESTS = {
    "D": new_order(),
    "long D": new_order(t15="USD"),
    "F": cancel(),
    "G": replaced(),
    "H": message("H", {"11": "X", "54": "1", "55": "AAPL"}),
    "q": message("q", {"11": "Y", "530": "7", "60": TIME}),
    "AF": message("AF", {"584": "M", "585": "7"}),
}


@pytest.mark.parametrize("text", REQUESTS.values(), ids=REQUESTS)
@pytest.mark.parametrize(
    ("header", "party"),
    [
        ({}, TRADER),
        ({"t50": "S1"}, DESK),
        ({"t115": "C1"}, CLIENT),
        ({"t50": "S1", "t115": "C1"}, BOTH),
    ],
)
def test_a_request_is_its_desks(text: str, header: dict[str, str], party: Party) -> None:
    request = parse(with_header(text, **header), BROKER, INSTRUMENTS)
    assert isinstance(request, c.Command)
    assert (request.session, request.firm) == (party.session, party.firm)  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", REQUESTS.values(), ids=REQUESTS)
@pytest.mark.parametrize(
    ("header", "told"),
    [
        ({"t50": "S2"}, "SenderSubID(50) S2 is no desk"),
        ({"t115": "C2"}, "OnBehalfOfCompID(115) C2 is no desk"),
        ({"t50": "S2", "t115": "C1"}, "SenderSubID(50) S2 and OnBehalfOfCompID(115) C1 is no desk"),
        ({"t115": "x" * 99}, f"OnBehalfOfCompID(115) {'x' * 64} is no desk"),
    ],
)
def test_nobody_else_has_a_desk(text: str, header: dict[str, str], told: str) -> None:
    refusal = parse(with_header(text, **header), BROKER, INSTRUMENTS)
    assert isinstance(refusal, BusinessReject)
    assert refusal.reason is BusinessRejectReason.NOT_AUTHORIZED
    known = "50=S1, 115=C1, 50=S1 with 115=C1 or none of them"
    assert refusal.text == f"{told} of this session: {known}"


def test_a_session_without_desks() -> None:
    """It may call its traders what it likes, but has nobody to send for."""
    assert isinstance(parse(with_header(new_order(), t50="S1"), TRADER, INSTRUMENTS), c.NewOrder)
    refusal = parse(with_header(new_order(), t115="C1"), TRADER, INSTRUMENTS)
    assert isinstance(refusal, BusinessReject)
    assert refusal.text == "OnBehalfOfCompID(115) C1 is no desk of this session: none of them"


def test_a_trader_means_nothing_where_no_desk_has_one() -> None:
    clients = replace(TRADER, desks={("", "C1"): CLIENT})
    request = parse(with_header(new_order(), t50="JIM", t115="C1"), clients, INSTRUMENTS)
    assert isinstance(request, c.NewOrder) and request.session == CLIENT.session
    request = parse(with_header(new_order(), t50="JIM"), clients, INSTRUMENTS)
    assert isinstance(request, c.NewOrder) and request.session == TRADER.session


def test_many_desks_are_counted() -> None:
    many = replace(TRADER, desks={(f"S{number}", ""): DESK for number in range(9)})
    refusal = parse(with_header(new_order(), t50="X"), many, INSTRUMENTS)
    assert isinstance(refusal, BusinessReject) and "its 9 desks or none of them" in refusal.text


def test_an_answer_names_whom_it_is_for() -> None:
    request = with_header(new_order(), t50="S1", t115="nobody")
    header = return_header(request, BROKER)
    assert header == "57=S1\x01128=nobody\x01"
    answer = "8=FIX.4.4\x019=0\x0135=8\x01150=0\x0110=0\x01"
    assert addressed(answer, header) == (
        "8=FIX.4.4\x019=0\x0135=8\x0157=S1\x01128=nobody\x01150=0\x0110=0\x01"
    )
    assert return_header(request, TRADER) == return_header(new_order(), BROKER) == ""


@pytest.mark.parametrize("long_way", [{}, {"t15": "USD"}])
@pytest.mark.parametrize(("given", "used"), [("A-1", "A-1"), ("A-2", "A-2"), (None, "A-1")])
def test_an_account_of_the_session(long_way: dict[str, str], given: str | None, used: str) -> None:
    request = parse(new_order(t1=given, **long_way), BOUND, INSTRUMENTS)
    assert isinstance(request, c.NewOrder) and request.account == used


@pytest.mark.parametrize("long_way", [{}, {"t15": "USD"}])
def test_an_account_of_somebody_else(long_way: dict[str, str]) -> None:
    request = parse(new_order(t1="A-3", **long_way), BOUND, INSTRUMENTS)
    assert isinstance(request, c.RefuseOrder)
    assert request.reason is OrdRejReason.UNKNOWN_ACCOUNT
    assert (request.text, request.account) == ("Account(1) A-3 is not one of A-1, A-2", "A-3")


def test_any_account_where_there_is_no_list() -> None:
    for given, used in (("A-3", "A-3"), (None, "")):
        request = parse(new_order(t1=given), TRADER, INSTRUMENTS)
        assert isinstance(request, c.NewOrder) and request.account == used
