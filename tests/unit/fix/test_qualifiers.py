"""What orders say beyond their plain terms: how it is read, and what contradicts what."""

from typing import Any

import pytest
from msgspec.structs import replace

from tests.unit.fix.texts import INSTRUMENTS, TRADER, new_order
from tests.unit.fix.texts import replace as replace_request
from venue.core import commands as c
from venue.core.qualifiers import Changes, Qualifiers
from venue.core.types import (
    CxlRejReason,
    OrdRejReason,
    OrdType,
    PostOnly,
    SelfMatchPreventionInstruction,
    TimeInForce,
    TriggerPriceType,
)
from venue.fix.inbound import parse
from venue.fix.party import Party

UNSUPPORTED = OrdRejReason.UNSUPPORTED_ORDER_CHARACTERISTIC
QUANTITY = OrdRejReason.INCORRECT_QUANTITY
INCREMENT = OrdRejReason.INVALID_PRICE_INCREMENT
OTHER = OrdRejReason.OTHER
INSTRUCTION = SelfMatchPreventionInstruction
PREVENTING = replace(
    TRADER,
    self_match_prevention_id="S",
    self_match_prevention_instruction=INSTRUCTION.CANCEL_AGGRESSOR,
)
TOUCHED = {"t1100": "4", "t1102": "101"}
DAY = TimeInForce.DAY


def parsed(text: str, party: Party = TRADER) -> Any:
    return parse(text, party, INSTRUMENTS)


def market(**fields: str | None) -> str:
    return new_order(**{"t44": None} | fields)


@pytest.mark.parametrize(
    ("text", "ord_type", "price", "stop_px"),
    [
        (market(t40="3", t99="101"), OrdType.STOP, None, 10100),
        (new_order(t40="4", t99="101.01"), OrdType.STOP_LIMIT, 10000, 10101),
        (market(t40="J", t99="99"), OrdType.MARKET_IF_TOUCHED, None, 9900),
        (new_order(**TOUCHED), OrdType.LIMIT_IF_TOUCHED, 10000, 10100),
        (
            new_order(**TOUCHED, t1101="1", t1107="2", t1109="D"),
            OrdType.LIMIT_IF_TOUCHED,
            10000,
            10100,
        ),
        (
            new_order(**TOUCHED, t1109="U", t54="2"),
            OrdType.LIMIT_IF_TOUCHED,
            10000,
            10100,
        ),
    ],
)
def test_triggers(text: str, ord_type: OrdType, price: int | None, stop_px: int) -> None:
    order = parsed(text)
    assert isinstance(order, c.NewOrder)
    assert (order.ord_type, order.price) == (ord_type, price)
    assert order.qualifiers == Qualifiers(stop_px=stop_px)


def test_the_price_that_a_trigger_watches() -> None:
    party = replace(TRADER, trigger_price_type=TriggerPriceType.BEST_QUOTE)
    quotes = Qualifiers(stop_px=10100, trigger_price_type=TriggerPriceType.BEST_QUOTE)
    assert parsed(market(t40="3", t99="101"), party).qualifiers == quotes
    assert parsed(new_order(**TOUCHED), party).qualifiers == quotes
    assert parsed(new_order(**TOUCHED, t1107="2"), party).qualifiers == Qualifiers(stop_px=10100)
    assert parsed(new_order(t47="A"), party).qualifiers is None


def test_a_market_order_with_leftover_as_limit_has_no_qualifiers() -> None:
    order = parsed(market(t40="K"))
    assert order.ord_type is OrdType.MARKET_WITH_LEFT_OVER_AS_LIMIT
    assert (order.price, order.qualifiers) == (None, None)


@pytest.mark.parametrize(
    ("fields", "time_in_force", "qualifiers"),
    [
        ({"t59": "2"}, TimeInForce.AT_THE_OPENING, None),
        ({"t59": "7"}, TimeInForce.AT_THE_CLOSE, None),
        ({"t59": "7", "t40": "1", "t44": None}, TimeInForce.AT_THE_CLOSE, None),
        ({"t59": "6", "t432": "20240301"}, TimeInForce.GTD, Qualifiers(expire_date="20240301")),
        (
            {"t59": "6", "t126": "20240229-12:00:00"},
            TimeInForce.GTD,
            Qualifiers(expire_time=1_709_208_000_000_000_000),
        ),
        (
            {"t59": "6", "t126": "20240229-12:00:00.5"},
            TimeInForce.GTD,
            Qualifiers(expire_time=1_709_208_000_500_000_000),
        ),
        (
            {"t59": "6", "t126": "20240229-12:00:00.123456789"},
            TimeInForce.GTD,
            Qualifiers(expire_time=1_709_208_000_123_456_789),
        ),
        ({"t111": "2"}, DAY, Qualifiers(display_qty=2, refresh_qty=2)),
        ({"t1138": "2", "t1088": "3"}, DAY, Qualifiers(display_qty=2, refresh_qty=3)),
        ({"t1138": "2", "t1088": "0"}, DAY, Qualifiers(display_qty=2, refresh_qty=2)),
        ({"t1138": "5"}, DAY, Qualifiers(display_qty=5, refresh_qty=5)),
        (
            {"t1138": "2", "t1083": "2", "t1084": "2", "t1088": "1"},
            DAY,
            Qualifiers(display_qty=2, refresh_qty=1),
        ),
        (
            {"t111": "2", "t40": "K", "t44": None},
            DAY,
            Qualifiers(display_qty=2, refresh_qty=2),
        ),
        ({"t110": "5"}, DAY, Qualifiers(min_qty=5)),
        ({"t110": "5", "t59": "4"}, TimeInForce.FOK, Qualifiers(min_qty=5)),
        ({"t18": "6"}, DAY, Qualifiers(post_only=PostOnly.REFUSE)),
        ({"t18": "K"}, DAY, Qualifiers(cancel_on_halt=True)),
        (
            {"t18": "6 K"},
            DAY,
            Qualifiers(post_only=PostOnly.REFUSE, cancel_on_halt=True),
        ),
        ({"t18": "G", "t59": "4"}, TimeInForce.FOK, Qualifiers(all_or_none=True)),
        ({"t2362": "S"}, DAY, Qualifiers(self_match_prevention_id="S")),
        ({"t9362": "S"}, DAY, Qualifiers(self_match_prevention_id="S")),
        ({"t2362": "S", "t9362": "S"}, DAY, Qualifiers(self_match_prevention_id="S")),
        *(
            (
                {"t2362": "S", tag: code.value},
                DAY,
                Qualifiers(self_match_prevention_id="S", self_match_prevention_instruction=code),
            )
            for code in INSTRUCTION
            for tag in ("t2964", "t9964")
        ),
    ],
)
def test_qualifiers(
    fields: dict[str, str | None], time_in_force: TimeInForce, qualifiers: Qualifiers | None
) -> None:
    order = parsed(new_order(**fields))
    assert isinstance(order, c.NewOrder), order.text
    assert order.time_in_force is time_in_force
    assert order.qualifiers == qualifiers


def test_post_only_as_the_session_wants_it() -> None:
    party = replace(TRADER, post_only=PostOnly.REPRICE)
    assert parsed(new_order(t18="6"), party).qualifiers.post_only is PostOnly.REPRICE
    assert parsed(new_order(t47="A"), party).qualifiers is None


@pytest.mark.parametrize(
    ("fields", "prevention_id", "instruction"),
    [
        ({"t47": "A"}, "S", INSTRUCTION.CANCEL_AGGRESSOR),
        ({"t2362": "T"}, "T", INSTRUCTION.CANCEL_AGGRESSOR),
        ({"t2964": "4"}, "S", INSTRUCTION.DECREMENT),
        ({"t9362": "T", "t9964": "3"}, "T", INSTRUCTION.CANCEL_BOTH),
    ],
)
def test_an_order_against_the_sessions_self_match_prevention(
    fields: dict[str, str], prevention_id: str, instruction: SelfMatchPreventionInstruction
) -> None:
    assert parsed(new_order(**fields), PREVENTING).qualifiers == Qualifiers(
        self_match_prevention_id=prevention_id, self_match_prevention_instruction=instruction
    )


CONTRADICTIONS: list[tuple[dict[str, str | None], OrdRejReason, str]] = [
    # triggers
    ({"t40": "3", "t44": None}, OTHER, "StopPx(99) is required for OrdType(40) 3"),
    ({"t40": "4"}, OTHER, "StopPx(99) is required for OrdType(40) 4"),
    ({"t40": "J", "t44": None}, OTHER, "StopPx(99) is required for OrdType(40) J"),
    (
        {"t40": "3", "t99": "101"},
        UNSUPPORTED,
        "Price(44) 100 contradicts OrdType(40) 3, which has no price",
    ),
    (
        {"t40": "J", "t99": "101"},
        UNSUPPORTED,
        "Price(44) 100 contradicts OrdType(40) J, which has no price",
    ),
    ({"t40": "K"}, UNSUPPORTED, "Price(44) 100 contradicts OrdType(40) K, which has no price"),
    ({"t40": "4", "t44": None, "t99": "9"}, OTHER, "Price(44) is required for OrdType(40) 4"),
    ({"t99": "101"}, UNSUPPORTED, "StopPx(99) 101 contradicts OrdType(40) 2"),
    (
        {"t99": "101", "t40": "1", "t44": None},
        UNSUPPORTED,
        "StopPx(99) 101 contradicts OrdType(40) 1",
    ),
    (
        {"t99": "101", "t40": "K", "t44": None},
        UNSUPPORTED,
        "StopPx(99) 101 contradicts OrdType(40) K",
    ),
    (
        {**TOUCHED, "t99": "101"},
        UNSUPPORTED,
        "StopPx(99) 101 contradicts TriggerType(1100) 4",
    ),
    (
        {**TOUCHED, "t40": "4", "t99": "101"},
        UNSUPPORTED,
        "TriggerType(1100) 4 contradicts OrdType(40) 4",
    ),
    (
        {"t1102": "101", "t40": "K", "t44": None},
        UNSUPPORTED,
        "TriggerPrice(1102) 101 contradicts OrdType(40) K",
    ),
    ({"t1102": "101"}, UNSUPPORTED, "TriggerPrice(1102) 101 needs TriggerType(1100) 4"),
    ({"t1107": "2"}, UNSUPPORTED, "TriggerPriceType(1107) 2 needs TriggerType(1100) 4"),
    ({"t1100": "4"}, OTHER, "TriggerPrice(1102) is required for TriggerType(1100) 4"),
    ({**TOUCHED, "t1100": "1"}, UNSUPPORTED, "TriggerType(1100) 1 is not 4"),
    ({**TOUCHED, "t1101": "2"}, UNSUPPORTED, "TriggerAction(1101) 2 is not 1"),
    ({**TOUCHED, "t1107": "1"}, UNSUPPORTED, "TriggerPriceType(1107) 1 is not 2"),
    (
        {**TOUCHED, "t1109": "U"},
        UNSUPPORTED,
        "TriggerPriceDirection(1109) U contradicts Side(54) 1, whose trigger has D",
    ),
    (
        {**TOUCHED, "t1109": "D", "t54": "2"},
        UNSUPPORTED,
        "TriggerPriceDirection(1109) D contradicts Side(54) 2, whose trigger has U",
    ),
    ({**TOUCHED, "t1110": "9"}, UNSUPPORTED, "TriggerNewPrice(1110) 9 is not supported"),
    ({"t40": "4", "t99": "0"}, OTHER, "StopPx(99) 0 must be greater than 0"),
    ({"t40": "4", "t99": "1.005"}, INCREMENT, "StopPx(99) 1.005 is not a multiple of tick 0.01"),
    (
        {**TOUCHED, "t1102": "1.005"},
        INCREMENT,
        "TriggerPrice(1102) 1.005 is not a multiple of tick 0.01",
    ),
    *(
        (
            {"t40": "4", "t99": "101", "t59": code},
            UNSUPPORTED,
            f"TimeInForce(59) {code} contradicts OrdType(40) 4, which waits for its trigger",
        )
        for code in "2347"
    ),
    (
        {**TOUCHED, "t59": "3"},
        UNSUPPORTED,
        "TimeInForce(59) 3 contradicts TriggerType(1100) 4, which waits for its trigger",
    ),
    *(
        (
            {"t40": "K", "t44": None, "t59": code},
            UNSUPPORTED,
            f"TimeInForce(59) {code} contradicts OrdType(40) K",
        )
        for code in "27"
    ),
    # dates
    (
        {"t59": "6"},
        OTHER,
        "ExpireDate(432) or ExpireTime(126) is required for TimeInForce(59) 6",
    ),
    (
        {"t432": "20240301"},
        UNSUPPORTED,
        "ExpireDate(432) 20240301 contradicts TimeInForce(59) 0, only 6 has a date",
    ),
    (
        {"t126": "20240301-00:00:00", "t59": "1"},
        UNSUPPORTED,
        "ExpireTime(126) 20240301-00:00:00 contradicts TimeInForce(59) 1, only 6 has a date",
    ),
    (
        {"t59": "6", "t126": "20240301-00:00:00", "t432": "20240301"},
        UNSUPPORTED,
        "ExpireTime(126) 20240301-00:00:00 contradicts ExpireDate(432) 20240301",
    ),
    *(
        ({"t59": "6", "t432": date}, OTHER, f"ExpireDate(432) {date} is no date YYYYMMDD")
        for date in ("20240230", "2024030", "x", "2024-3-1", "00000101", "")
    ),
    *(
        ({"t59": "6", "t126": time}, OTHER, f"ExpireTime(126) {time} is no time YYYYMMDD-HH:MM:SS")
        for time in (
            "20240230-00:00:00",
            "20240301-25:00:00",
            "20240301",
            "x",
            "20240301-00:00:00.",
        )
    ),
    *(
        (
            {"t59": "6", "t432": f"{year}1231"},
            OTHER,
            f"ExpireDate(432) {year}1231 is not in the years 1971 to 2261",
        )
        for year in ("9999", "2262", "1969", "0001")
    ),
    *(
        (
            {"t59": "6", "t126": f"{year}-00:00:00"},
            OTHER,
            f"ExpireTime(126) {year}-00:00:00 is not in the years 1971 to 2261",
        )
        for year in ("29991231", "22620411", "19700101", "00010101")
    ),
    # icebergs
    ({"t111": "2", "t1138": "2"}, UNSUPPORTED, "MaxFloor(111) 2 contradicts DisplayQty(1138) 2"),
    ({"t111": "6"}, QUANTITY, "MaxFloor(111) 6 is more than OrderQty(38) 5"),
    ({"t1138": "6"}, QUANTITY, "DisplayQty(1138) 6 is more than OrderQty(38) 5"),
    (
        {"t1138": "2", "t1088": "6"},
        QUANTITY,
        "RefreshQty(1088) 6 is more than OrderQty(38) 5",
    ),
    ({"t1138": "1.5"}, QUANTITY, "DisplayQty(1138) 1.5 is not a multiple of lot 1"),
    ({"t1138": "-1"}, QUANTITY, "DisplayQty(1138) -1 must be at least 0"),
    ({"t1088": "1"}, UNSUPPORTED, "RefreshQty(1088) 1 needs DisplayQty(1138)"),
    ({"t1138": "0", "t1088": "1"}, UNSUPPORTED, "RefreshQty(1088) 1 needs DisplayQty(1138)"),
    ({"t1138": "2", "t1083": "1"}, UNSUPPORTED, "DisplayWhen(1083) 1 is not 2"),
    ({"t1138": "2", "t1084": "3"}, UNSUPPORTED, "DisplayMethod(1084) 3 is not 1 or 2"),
    *(
        (
            {"t1138": "2", "t59": code},
            UNSUPPORTED,
            f"DisplayQty(1138) 2 contradicts TimeInForce(59) {code}, which never rests",
        )
        for code in "34"
    ),
    *(
        (
            {"t111": "2", "t44": None, "t40": code, "t99": stop_px},
            UNSUPPORTED,
            f"MaxFloor(111) 2 contradicts OrdType(40) {code}, which never rests",
        )
        for code, stop_px in (("1", None), ("3", "101"), ("J", "101"))
    ),
    # ExecInst, MinQty
    ({"t18": "1"}, UNSUPPORTED, "ExecInst(18) 1 is not 6, G, J or K"),
    ({"t18": "J K"}, UNSUPPORTED, "ExecInst(18) J K: J contradicts K"),
    ({"t18": "6 1"}, UNSUPPORTED, "ExecInst(18) 6 1 is not 6, G, J or K"),
    *(
        (
            {"t18": "6", "t59": code},
            UNSUPPORTED,
            f"ExecInst(18) 6 contradicts TimeInForce(59) {code}, which never rests",
        )
        for code in "34"
    ),
    *(
        (
            {"t18": "6", "t40": code, "t44": price, "t99": stop_px},
            UNSUPPORTED,
            f"ExecInst(18) 6 contradicts OrdType(40) {code}",
        )
        for code, price, stop_px in (
            ("1", None, None),
            ("3", None, "101"),
            ("4", "100", "101"),
            ("J", None, "101"),
            ("K", None, None),
        )
    ),
    ({**TOUCHED, "t18": "6"}, UNSUPPORTED, "ExecInst(18) 6 contradicts TriggerType(1100) 4"),
    (
        {"t18": "G"},
        UNSUPPORTED,
        "ExecInst(18) G contradicts TimeInForce(59) 0, all or none needs 4",
    ),
    (
        {"t18": "6", "t110": "2"},
        UNSUPPORTED,
        "MinQty(110) 2 contradicts ExecInst(18) 6, which trades nothing at once",
    ),
    ({"t110": "6"}, QUANTITY, "MinQty(110) 6 is more than OrderQty(38) 5"),
    ({"t110": "0.5"}, QUANTITY, "MinQty(110) 0.5 is not a multiple of lot 1"),
    # self-match prevention
    (
        {"t2964": "1"},
        UNSUPPORTED,
        "SelfMatchPreventionInstruction(2964) 1 needs SelfMatchPreventionID(2362)",
    ),
    (
        {"t9964": "1"},
        UNSUPPORTED,
        "SelfMatchPreventionInstruction(9964) 1 needs SelfMatchPreventionID(9362)",
    ),
    (
        {"t2362": "S", "t2964": "5"},
        UNSUPPORTED,
        "SelfMatchPreventionInstruction(2964) 5 is not one of 1, 2, 3, 4",
    ),
    (
        {"t2362": "S", "t9362": "T"},
        UNSUPPORTED,
        "SelfMatchPreventionID(9362) T contradicts SelfMatchPreventionID(2362) S",
    ),
    (
        {"t2362": "S", "t2964": "1", "t9964": "2"},
        UNSUPPORTED,
        "SelfMatchPreventionInstruction(9964) 2 contradicts SelfMatchPreventionInstruction(2964) 1",
    ),
]


@pytest.mark.parametrize(("fields", "reason", "text"), CONTRADICTIONS)
def test_contradictions(fields: dict[str, str | None], reason: OrdRejReason, text: str) -> None:
    refused = parsed(new_order(**fields))
    assert isinstance(refused, c.RefuseOrder)
    assert (refused.reason, refused.text) == (reason, text)


def change(**fields: str | None) -> Any:
    return parsed(replace_request(**fields))


@pytest.mark.parametrize(
    ("fields", "changes"),
    [
        ({"t47": "A"}, None),
        ({"t59": "1"}, None),
        ({"t18": "0"}, None),
        ({"t59": "6"}, None),
        ({"t99": "101", "t40": "3", "t44": None}, Changes(stop_px=10100)),
        ({"t99": "101", "t40": "4"}, Changes(stop_px=10100)),
        ({"t99": "101", "t40": "J", "t44": None}, Changes(stop_px=10100)),
        ({"t40": "4"}, None),
        ({"t432": "20240301"}, Changes(expire_date="20240301")),
        ({"t59": "6", "t432": "20240301"}, Changes(expire_date="20240301")),
        ({"t126": "20240229-12:00:00"}, Changes(expire_time=1_709_208_000_000_000_000)),
        ({"t111": "2"}, Changes(display_qty=2)),
        ({"t1138": "0"}, Changes(display_qty=0)),
        ({"t1138": "2", "t1088": "3"}, Changes(display_qty=2, refresh_qty=3)),
        ({"t1088": "3"}, Changes(refresh_qty=3)),
        ({"t110": "2"}, Changes(min_qty=2)),
        ({"t18": "6"}, Changes(post_only=True, all_or_none=False, cancel_on_halt=False)),
        ({"t18": "G"}, Changes(post_only=False, all_or_none=True, cancel_on_halt=False)),
        ({"t18": "J"}, Changes(post_only=False, all_or_none=False, cancel_on_halt=False)),
        ({"t18": "K"}, Changes(post_only=False, all_or_none=False, cancel_on_halt=True)),
        ({"t2362": "S"}, Changes(self_match_prevention_id="S")),
        ({"t9964": "3"}, Changes(self_match_prevention_instruction=INSTRUCTION.CANCEL_BOTH)),
    ],
)
def test_changes(fields: dict[str, str | None], changes: Changes | None) -> None:
    command = change(**fields)
    assert isinstance(command, c.ReplaceOrder), command.text
    assert command.changes == changes
    assert command.ord_type == fields.get("t40", "2")


@pytest.mark.parametrize("fields", [TOUCHED, {"t1102": "101"}])
def test_a_new_trigger_of_limit_if_touched(fields: dict[str, str]) -> None:
    command = change(**fields)
    assert command.ord_type == OrdType.LIMIT_IF_TOUCHED
    assert command.changes == Changes(stop_px=10100)


def test_what_is_left_of_a_market_order_has_a_price() -> None:
    assert change(t40="K").price == 10000
    assert change(t40="K", t44=None).price is None


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"t99": "101"}, "StopPx(99) 101 contradicts OrdType(40) 2"),
        (
            {"t59": "1", "t432": "20240301"},
            "ExpireDate(432) 20240301 contradicts TimeInForce(59) 1, only 6 has a date",
        ),
        ({"t1138": "6"}, "DisplayQty(1138) 6 is more than OrderQty(38) 5"),
        ({"t1138": "0", "t1088": "2"}, "RefreshQty(1088) 2 needs DisplayQty(1138)"),
        ({"t110": "6"}, "MinQty(110) 6 is more than OrderQty(38) 5"),
        (
            {"t40": "3", "t99": "101"},
            "Price(44) 100 contradicts OrdType(40) 3, which has no price",
        ),
        (
            {"t40": "4", "t99": "101", "t59": "3"},
            "TimeInForce(59) 3 contradicts OrdType(40) 4, which waits for its trigger",
        ),
    ],
)
def test_contradictions_of_a_replace(fields: dict[str, str | None], text: str) -> None:
    refused = change(**fields)
    assert isinstance(refused, c.RefuseCancel)
    assert (refused.reason, refused.text) == (CxlRejReason.OTHER, text)


def test_the_tick_of_a_new_trigger() -> None:
    refused = change(t40="4", t99="1.005")
    assert refused.reason is CxlRejReason.INVALID_PRICE_INCREMENT
    assert refused.text == "StopPx(99) 1.005 is not a multiple of tick 0.01"
