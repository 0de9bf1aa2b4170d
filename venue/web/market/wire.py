"""Market data messages (W, X) of FIX.5.0SP2, read straight from their text.

They are most of what the web is sent. Prices and quantities stay text, as the venue wrote them:
nothing here is computed, so nothing needs a Decimal. Pure.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal, NamedTuple

SOH = "\x01"
BID, OFFER, TRADE = "0", "1", "2"
AUCTION_PRICE, IMBALANCE = "Q", "A"
NEW, CHANGE, DELETE = "0", "1", "2"
_SIDES = {"1": "buy", "2": "sell"}
_IMBALANCE_SIDES: dict[str, Literal["buy", "sell"]] = {"P": "buy", "Q": "sell"}
"""By TradeCondition(277): whose orders would be left over."""


LevelUpdate = tuple[str, str, str, int]


class Figure(NamedTuple):
    """What an auction would do now: its price with the quantity, or the imbalance with its side,
    which is None where nothing would be left over.
    """

    entry_type: str
    price: str | None
    quantity: str
    side: Literal["buy", "sell"] | None = None


class Print(NamedTuple):
    """A trade, or what became of one: `action` is that of MDUpdateAction(279). `time` is ISO 8601,
    `trade_id` empty where only price and quantity are told, as of a snapshot's last trade.
    """

    trade_id: str
    price: str
    quantity: str
    side: str | None
    time: str
    action: str = NEW


class Update(NamedTuple):
    """A W or an X of one symbol. `levels` are (269, price, quantity, orders), with quantity "0" for
    what is gone; `figures` by 269, None where one is gone. `first` and `last` are the RptSeq(83) of
    its first and last entry, None where it has none.
    """

    req_id: str
    symbol: str
    is_snapshot: bool
    time: str
    levels: list[LevelUpdate]
    prints: list[Print]
    first: int | None
    last: int | None
    figures: Mapping[str, Figure | None] = {}


def iso(timestamp: str) -> str:
    """20261121-22:00:00.123 as 2026-11-21T22:00:00.123Z."""
    return f"{timestamp[:4]}-{timestamp[4:6]}-{timestamp[6:8]}T{timestamp[9:]}Z"


def msg_type(text: str) -> str:
    """MsgType(35) of a message."""
    return text.partition("\x0135=")[2].partition(SOH)[0]


def parse_update(text: str) -> Update:
    """Read a W or X. Raise ValueError for what is neither."""
    head, _, group = text.partition("\x01268=")
    fields = _fields(head.split(SOH))
    kind = fields.get("35")
    if kind not in ("W", "X") or "262" not in fields:
        raise ValueError(f"not a market data message: {text[:80]!r}")
    is_snapshot = kind == "W"
    sent = fields["52"]
    levels: list[LevelUpdate] = []
    prints: list[Print] = []
    figures: dict[str, Figure | None] = {}
    numbers: list[str] = []
    symbol = fields.get("55", "")
    for entry in group.split("\x01269=" if is_snapshot else "\x01279=")[1:]:
        action, *rest = entry.split(SOH)
        values = _fields(rest)
        if is_snapshot:
            action, entry_type = NEW, action
        else:
            entry_type = values["269"]
            symbol = symbol or values["55"]
        number = values.get("83")
        if number is not None:
            numbers.append(number)
        if entry_type == TRADE:
            prints.append(_print(values, action, sent))
        elif entry_type in (BID, OFFER):
            orders = int(values.get("346", 0))
            levels.append((entry_type, values["270"], _left(values, action), orders))
        elif entry_type in (AUCTION_PRICE, IMBALANCE):
            figures[entry_type] = None if action == DELETE else _figure(values, entry_type)
    first = int(numbers[0]) if numbers else None
    last = int(numbers[-1]) if numbers else None
    if first is None and "9083" in fields:
        last = int(fields["9083"])
        first = int(fields.get("9082", last))
    time = iso(sent)
    return Update(fields["262"], symbol, is_snapshot, time, levels, prints, first, last, figures)


def _fields(parts: list[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for part in parts:
        tag, _, value = part.partition("=")
        if tag not in fields:
            fields[tag] = value
    return fields


def _left(values: dict[str, str], action: str) -> str:
    return "0" if action == DELETE else values["271"]


def _figure(values: dict[str, str], entry_type: str) -> Figure:
    side: Literal["buy", "sell"] | None = None
    if entry_type == IMBALANCE:
        side = _IMBALANCE_SIDES.get(values.get("277", ""))
    return Figure(entry_type, values.get("270"), values.get("271", "0"), side)


def _print(values: dict[str, str], action: str, sent: str) -> Print:
    trade_id = values.get("278", "").removeprefix("T")
    side = _SIDES.get(values.get("2446", ""))
    price, quantity = values.get("270", ""), values.get("271", "")
    at = values.get("273")
    time = iso(sent) if at is None else iso(f"{_day_of(at, sent)}-{at}")
    return Print(trade_id, price, quantity, side, time, action)


def _day_of(at: str, sent: str) -> str:
    """The day of a time that has none, told by a message: today, or yesterday if that is later
    than the message.
    """
    day, _, now = sent.partition("-")
    if at <= now or at[:2] < "12":
        return day
    before = date(int(day[:4]), int(day[4:6]), int(day[6:])) - timedelta(days=1)
    return before.strftime("%Y%m%d")
