import contextlib
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.desk import aapl
from venue.core import commands as c
from venue.core.fees import FeeRule, FeeSchedule, FeeTier
from venue.core.limits import Limits, Scope
from venue.core.qualifiers import Changes, Qualifiers
from venue.core.types import (
    CostMethod,
    CxlRejReason,
    CxlRejResponseTo,
    ExecRestatementReason,
    FeeBasis,
    FeeRounding,
    MassCancelRejectReason,
    MassScope,
    OrdRejReason,
    OrdType,
    PostOnly,
    SelfMatchPreventionInstruction,
    Side,
    TimeInForce,
    TradingPhase,
    TriggerPriceType,
)
from venue.errors import JournalError
from venue.journal.batch import FORMAT, Batch, decode_batch, encode_batch

WHO = "TRADER1", "NORTH", "X"
TERMS = "AAPL", Side.SELL, OrdType.MARKET, TimeInForce.FOK
FEES = FeeSchedule(
    (
        FeeRule(
            "NORTH",
            "AAPL",
            FeeBasis.UNIT,
            (FeeTier(Decimal(0), Decimal("-0.0001"), Decimal("0.5"), Decimal(0)),),
            Decimal("0.01"),
            2,
            FeeRounding.HALF_UP,
            "EUR",
        ),
    )
)
ONE_OF_EACH: list[c.Journaled] = [
    c.DefineInstrument(aapl(tick="0.00000001"), True),
    c.NewOrder(*WHO, *TERMS, None, 2**53, "ACC", True),
    c.RefuseOrder(*WHO, OrdRejReason.INCORRECT_QUANTITY, "why", "A", "1", "2", "3", "4", "5", "6"),
    c.CancelOrder(*WHO, "W", "12", "AAPL", "1", True),
    c.ReplaceOrder(*WHO, "W", "12", "AAPL", "1", "2", None, None, 5, True),
    c.RefuseCancel(*WHO, "W", "12", CxlRejResponseTo.REPLACE, CxlRejReason.OTHER, "why", True),
    c.DefineTradingDay(61_200_000_000_000),
    c.DefineRetention(100_000_000),
    c.DefineSeed(2**63 - 1),
    c.DefineStatistics((60, 3600)),
    c.DefineFees(FEES),
    c.DefineAccounting(CostMethod.FIFO, 1_000),
    c.DelistInstrument("AAPL"),
    c.EnterPhase("XNAS", TradingPhase.PRE_OPEN),
    c.EnterPhase("XNAS", None),
    c.DefineLimits(Scope("NORTH", "ACC", "AAPL"), Limits(Decimal("0.5"), allow_short=False), True),
    c.DefineLimits(Scope(""), None),
    c.EnterPhase("XNAS", TradingPhase.CLOSED, by_hand=True),
    c.CancelByVenue(12),
    c.CancelByVenue(0, "NORTH"),
    c.EndTradingDay(),
    c.AllowSession("TRADER1", False),
    c.RecordOperation("OPERATOR", "R", "halt", {"symbol": "AAPL"}, False, "why"),
    c.BustTrade(7),
    c.CorrectTrade(7, 5, 10_001),
    c.EngageKillSwitch("NORTH"),
    c.ReleaseKillSwitch("NORTH", "ACC"),
    c.HaltInstrument("AAPL"),
    c.ResumeInstrument("AAPL", 30),
    c.MassCancel(*WHO, MassScope.SECURITY, "AAPL", Side.BUY),
    c.RefuseMassCancel(*WHO, "1", "?", "3", MassCancelRejectReason.OTHER, "why"),
    c.SessionConnected("TRADER1", "NORTH", True),
    c.SessionDisconnected("TRADER1", ExecRestatementReason.LOGOUT, ("TRADER2",)),
]
QUALIFIERS = Qualifiers(
    10_050,
    TriggerPriceType.BEST_QUOTE,
    "20260301",
    1_772_323_200_000_000_000,
    5,
    4,
    3,
    PostOnly.REPRICE,
    True,
    "DESK",
    SelfMatchPreventionInstruction.DECREMENT,
    True,
)


def test_every_journaled_command_comes_back() -> None:
    assert {type(command) for command in ONE_OF_EACH} == set(c.Journaled.__args__)
    batch = decode_batch(encode_batch(Batch(1_709_208_000_000_000_000, ONE_OF_EACH)), 1)
    assert batch.commands == ONE_OF_EACH
    assert [type(command) for command in batch.commands] == [type(each) for each in ONE_OF_EACH]
    assert (batch.time, batch.format) == (1_709_208_000_000_000_000, FORMAT)


def test_codes_come_back_as_members() -> None:
    """The core compares them with `is`."""
    (order,) = decode_batch(encode_batch(Batch(1, [ONE_OF_EACH[1]])), 1).commands
    assert isinstance(order, c.NewOrder)
    assert order.side is Side.SELL
    assert order.ord_type is OrdType.MARKET
    assert order.time_in_force is TimeInForce.FOK


def test_qualifiers_come_back() -> None:
    stop = c.NewOrder(*WHO, *TERMS, 5, 5, qualifiers=QUALIFIERS)
    moved = c.ReplaceOrder(
        *WHO, "W", "", "AAPL", "1", "4", "6", 5, 5, changes=Changes(1, 0, 3, "20260301", 4, 5)
    )
    batch = Batch(1, [stop, moved])
    order, replaced = decode_batch(encode_batch(batch), 1).commands
    assert (order, replaced) == (stop, moved)
    assert isinstance(order, c.NewOrder) and order.qualifiers is not None
    assert order.qualifiers.post_only is PostOnly.REPRICE
    assert order.qualifiers.trigger_price_type is TriggerPriceType.BEST_QUOTE


def test_a_batch_of_time_alone() -> None:
    batch = decode_batch(encode_batch(Batch(1_709_208_000_000_000_000, [])), 1)
    assert (batch.time, batch.commands) == (1_709_208_000_000_000_000, [])


def test_decimals_come_back_exactly() -> None:
    (defined,) = decode_batch(encode_batch(Batch(1, [ONE_OF_EACH[0]])), 1).commands
    assert isinstance(defined, c.DefineInstrument)
    assert repr(defined.spec) == repr(aapl(tick="0.00000001"))


def test_the_time_of_a_batch_is_no_command_of_it() -> None:
    assert c.AdvanceTime not in c.Journaled.__args__
    assert c.RequestStatus not in c.Journaled.__args__
    assert c.RequestMassStatus not in c.Journaled.__args__


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00",
        b"garbage",
        b"\xc1",
        encode_batch(Batch(1, ONE_OF_EACH))[:-1],
        encode_batch(Batch(1, ONE_OF_EACH))[:40],
        msgspec.msgpack.encode([1, [["??", "TRADER1"]], 1]),
        msgspec.msgpack.encode([1, [["D", "TRADER1"]], 1]),
        msgspec.msgpack.encode(["now", [], 1]),
        msgspec.msgpack.encode({"time": 1}),
        msgspec.msgpack.encode([1, [["t", 5]], 1]),
    ],
)
def test_a_corrupt_body_names_its_batch(body: bytes) -> None:
    with pytest.raises(JournalError, match=r"^batch 17 cannot be read: "):
        decode_batch(body, 17)


def test_a_format_of_another_version() -> None:
    body = encode_batch(Batch(1, [], format=FORMAT + 1))
    expected = f"batch 17 has format {FORMAT + 1}, this venue reads {FORMAT}"
    with pytest.raises(JournalError, match=expected):
        decode_batch(body, 17)


@given(st.binary(max_size=200))
def test_random_bytes_are_a_journal_error_or_a_batch(body: bytes) -> None:
    with contextlib.suppress(JournalError):
        assert isinstance(decode_batch(body, 1), Batch)


@given(st.integers(0, 200), st.integers(0, 255))
def test_a_flipped_byte_is_a_journal_error_or_a_batch(at: int, byte: int) -> None:
    body = bytearray(encode_batch(Batch(1, ONE_OF_EACH)))
    body[at] = byte
    with contextlib.suppress(JournalError):
        assert isinstance(decode_batch(bytes(body), 1), Batch)
