"""Market data to MarketDataSnapshotFullRefresh (W) and MarketDataIncrementalRefresh (X)."""

from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from venue.core.instrument import Instrument
from venue.core.types import Side
from venue.fix.message import SOH, format_time
from venue.fix.versions import Version
from venue.marketdata.entries import (
    BookUpdate,
    Entry,
    FigureUpdate,
    MDUpdateAction,
    Publication,
    TradeEntry,
)
from venue.marketdata.requests import ENTRY_TYPE, MDEntryType

DELETE = MDUpdateAction.DELETE
MORE_BUYERS, MORE_SELLERS = "P", "Q"
"""TradeCondition(277) of an imbalance."""
_SIDE = {Side.BUY: "buy", Side.SELL: "sell"}


class _Text(NamedTuple):
    """How the entries of one message are written: what all of them have in common."""

    instrument: Instrument
    version: Version
    snapshot: bool
    symbol: str
    """Symbol(55) of an entry, empty in a W, where it stands before the entries."""

    def head(self, action: str, entry_type: str, entry_id: str = "") -> str:
        """The fields of an entry up to its symbol."""
        told = f"278={entry_id}{SOH}" if entry_id else ""
        text = "269=" + entry_type + SOH + told  # in an f-string, a StrEnum takes ten times as long
        return text if self.snapshot else "279=" + action + SOH + text + self.symbol

    def book(self, update: BookUpdate, number: str) -> str:
        """A level is named by its price, an order by its OrderID(37)."""
        instrument = self.instrument
        text = self.head(update.action, ENTRY_TYPE[update.side])
        text += f"270={instrument.price.text(update.price)}{SOH}"
        if update.action is not DELETE:
            text += f"271={instrument.qty.text(update.qty)}{SOH}"
        if update.order_id is not None:
            text += f"37={update.order_id}{SOH}"
        elif update.action is not DELETE:
            text += f"346={update.count}{SOH}"
        return text + number

    def trade(self, trade: TradeEntry, number: str) -> str:
        """What a version has no field for it says in Text(58)."""
        instrument, version = self.instrument, self.version
        has_id = bool(trade.trade_id) and (version.md_trade_fields or not self.snapshot)
        text = self.head(trade.action, MDEntryType.TRADE, f"T{trade.trade_id}" if has_id else "")
        if trade.action is DELETE:
            return text + number
        text += f"270={instrument.price.text(trade.price)}{SOH}"
        text += f"271={instrument.qty.text(trade.qty)}{SOH}"
        if trade.time:
            text += f"273={_time_of_day(trade.time)}{SOH}"
        if trade.phase is not None:
            text += f"277={version.auction_condition}{SOH}"
        if version.md_trade_fields:
            side = "" if trade.aggressor is None else "2446=" + trade.aggressor + SOH
            return text + (number + side if self.snapshot else side + number)
        remarks = []
        if trade.trade_id and not has_id:
            remarks.append(f"trade {trade.trade_id}")
        if trade.aggressor is not None:
            remarks.append(f"aggressor {_SIDE[trade.aggressor]}")
        if trade.phase is not None:
            remarks.append(trade.phase.text)
        return f"{text}58={', '.join(remarks)}{SOH}" if remarks else text

    def figure(self, figure: FigureUpdate, number: str) -> str:
        text = self.head(figure.action, figure.entry_type)
        if figure.price is not None:
            text += f"270={_price(figure.price, self.instrument)}{SOH}"
        qty = figure.qty
        if qty is not None:
            text += f"271={self.instrument.qty.text(abs(qty))}{SOH}"
            if figure.entry_type is MDEntryType.IMBALANCE and qty:
                text += f"277={MORE_BUYERS if qty > 0 else MORE_SELLERS}{SOH}"
        return text + number

    def entry(self, entry: Entry, number: str) -> str:
        """An entry with `number`, the field that tells its number, if any; in the order in which
        the dictionaries have the fields.
        """
        if isinstance(entry, BookUpdate):
            return self.book(entry, number)
        if isinstance(entry, TradeEntry):
            return self.trade(entry, number)
        return self.figure(entry, number)


@lru_cache(maxsize=16)
def _time_of_day(nanoseconds: int) -> str:
    """MDEntryTime(273): the trades of a batch have one."""
    return format_time(nanoseconds).partition("-")[2]


def _price(price: int | Fraction, instrument: Instrument) -> str:
    if isinstance(price, Fraction):
        return instrument.price.ratio(price.numerator, price.denominator)
    return instrument.price.text(price)


def encode_body(
    publication: Publication, instrument: Instrument, time: str, version: Version
) -> str:
    """All fields after MDReqID(262), which are the same for every target.

    `time` is the UTCTimestamp of the batch. In a W every entry has the number of the last one
    before it.
    """
    snapshot, entries, last = publication.snapshot, publication.entries, publication.rpt_seq
    symbol = f"55={publication.symbol}{SOH}"
    text = _Text(instrument, version, snapshot, "" if snapshot else symbol)
    first = last if snapshot else last - len(entries) + 1
    numbers = [""] * len(entries)
    if version.md_entry_numbers:
        step = 0 if snapshot else 1
        numbers = [f"83={first + step * at}{SOH}" for at in range(len(entries))]
    written = list(map(text.entry, entries, numbers))
    root = symbol if snapshot else ""
    if snapshot and version.last_update_time:
        root += f"779={time}{SOH}"
    if publication.numbered:
        root += f"9083={last}{SOH}" if snapshot else f"9082={first}{SOH}9083={last}{SOH}"
    return f"{root}268={len(written)}{SOH}{''.join(written)}"


def encode_head(publication: Publication, version: Version, md_req_id: str) -> str:
    """All fields before those of `encode_body`."""
    msg_type = "W" if publication.snapshot else "X"
    return f"8={version.begin_string}{SOH}9=0{SOH}35={msg_type}{SOH}262={md_req_id}{SOH}"


def encode_publication(
    publication: Publication, instrument: Instrument, time: str, version: Version, md_req_id: str
) -> str:
    """A whole W or X to one target."""
    head = encode_head(publication, version, md_req_id)
    return f"{head}{encode_body(publication, instrument, time, version)}10=0{SOH}"
