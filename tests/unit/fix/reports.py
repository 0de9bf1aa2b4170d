"""Every answer to a request for positions or trades, in every shape."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from msgspec.structs import replace

from tests.unit.fix.publications import NOON
from tests.unit.fix.texts import INSTRUMENTS
from venue.core.fees import Fee
from venue.core.types import Liquidity, Side
from venue.fix.positions import (
    PositionReject,
    PositionRequest,
    PositionState,
    PosReqResult,
    encode_position,
    encode_position_ack,
)
from venue.fix.trade_capture import (
    TradeReject,
    TradeRequest,
    TradeRequestResult,
    TradeRequestStatus,
    TradeSideState,
    TradeState,
    encode_trade,
    encode_trade_request_ack,
)
from venue.fix.versions import Version
from venue.marketdata.inquiries import SubscriptionRequestType

SNAPSHOT, UPDATES = SubscriptionRequestType.SNAPSHOT, SubscriptionRequestType.UPDATES
FEE, REBATE = Fee(123_450_000, "USD"), Fee(-5_000_000, "EUR")


def position(**changes: Any) -> PositionState:
    """Long 30 AAPL, bought at 100.01 on average."""
    usual: dict[str, Any] = {
        "firm": "NORTH",
        "account": "ACC",
        "instrument": INSTRUMENTS["AAPL"],
        "date": "20240229",
        "qty": 30,
        "cost": 300_030,
        "cash": -290_000,
        "realised": 10_030,
        "unrealised": -30,
        "day_qty": 10,
        "day_unrealised": 0,
        "day_pnl": 10_000,
        "price": 10_000,
        "day_price": 9_900,
        "fees": {},
    }
    return PositionState(**usual | changes)


def side(**changes: Any) -> TradeSideState:
    usual: dict[str, Any] = {
        "firm": "NORTH",
        "account": "ACC",
        "session": "ALGO",
        "side": Side.BUY,
        "order_id": 3,
        "cl_ord_id": "X",
        "exec_id": 12,
        "liquidity": Liquidity.ADDED,
        "fee": None,
    }
    return TradeSideState(**usual | changes)


def trade(*sides: TradeSideState, **changes: Any) -> TradeState:
    """5 AAPL at 100.00, bought by NORTH if nobody else is said."""
    usual: dict[str, Any] = {
        "trade_id": 9,
        "instrument": INSTRUMENTS["AAPL"],
        "date": "20240229",
        "time": NOON,
        "qty": 5,
        "price": 10_000,
        "changes": 0,
        "sides": sides or (side(),),
    }
    return TradeState(**usual | changes)


def every_position_answer(version: Version) -> Iterator[str]:
    for kind, symbol, account in product((SNAPSHOT, UPDATES), ("", "AAPL"), (None, "", "ACC")):
        request = PositionRequest("R", "7", kind, "NORTH", account, symbol)
        ids = ("1", "NORTH")
        yield encode_position_ack(request, ids, PosReqResult.VALID, 2, version)
        yield encode_position_ack(request, ids, PosReqResult.NO_POSITIONS_FOUND, 0, version)
        for count in (2, None):
            for changes in (
                {},
                {"qty": 0, "cost": 0, "account": ""},
                {"qty": -30, "cost": -300_030, "day_qty": -10},
                {"fees": {"USD": 123_450_000, "EUR": -5_000_000}},
                {"fees": {"EUR": 1}, "instrument": INSTRUMENTS["BTC-USD"]},
            ):
                yield encode_position(position(**changes), request, "1", count, version)
    for result in PosReqResult:
        yield PositionReject("R", "7", result, "NORTH", "why").encode(version)


def every_trade_answer(version: Version) -> Iterator[str]:
    for kind, symbol, asked in ((SNAPSHOT, "", "0"), (UPDATES, "AAPL", "1")):
        request = TradeRequest("R", "7", kind, asked, symbol=symbol)
        for result, status in product(TradeRequestResult, TradeRequestStatus):
            for count, text in ((None, None), (3, "why")):
                yield encode_trade_request_ack(request, result, status, count, version, text)
        sides = [side(liquidity=each) for each in Liquidity]
        sides += [side(fee=FEE), side(fee=REBATE, account="", side=Side.SELL)]
        for is_last, changes in product((True, False, None), (0, 12)):
            for each in sides:
                other = replace(each, firm="SOUTH", side=Side.SELL, exec_id=13)
                for held, qty in (((each,), 5), ((each, other), 0)):
                    told = trade(*held, changes=changes, qty=qty)
                    yield encode_trade(told, request, is_last, version)
                taken = replace(other, liquidity=Liquidity.REMOVED)
                anonymous = replace(request, anonymous=True)
                yield encode_trade(trade(taken, each), anonymous, is_last, version)
    for asked in "01":
        for result in TradeRequestResult:
            yield TradeReject("R", asked, result, "why").encode(version)


def every_back_office_answer(version: Version) -> Iterator[str]:
    """Every AO, AP, AQ and AE; none in a version that has none."""
    if version.back_office:
        yield from every_position_answer(version)
        yield from every_trade_answer(version)
