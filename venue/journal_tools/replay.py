"""`venue replay`: any past moment of the venue, told to people; and whether snapshots are right."""

from collections.abc import Iterator
from pathlib import Path

from venue.core.order import Order
from venue.core.types import Side
from venue.core.venue import Venue
from venue.errors import ConfigError, JournalError
from venue.journal.recovery import collector_off
from venue.journal.session_log import SessionLogs
from venue.journal.snapshot import snapshots
from venue.journal_tools.history import History
from venue.journal_tools.moment import Moment, begin, last_until, rebuild
from venue.journal_tools.progress import tracked
from venue.journal_tools.snapshots import good_snapshots, restored
from venue.journal_tools.times import format_iso
from venue.journal_tools.words import word


def report(moment: Moment, symbol: str | None, depth: int, orders: bool) -> Iterator[str]:
    """Iterate the lines that tell of a moment: the books, or that of `symbol`, and the sessions;
    every live order with `orders`.
    """
    venue = moment.venue
    live = [order for order in venue.orders.by_id.values() if order.live]
    live.sort(key=lambda order: order.order_id)
    yield f"batch {moment.seq}  {format_iso(moment.time)}" if moment.seq else "no batch"
    yield f"state hash {venue.state_hash()}"
    yield f"live orders {len(live)}"
    for name in venue.markets if symbol is None else (symbol,):
        yield ""
        yield from _book(venue, name, depth)
    if orders:
        yield ""
        yield from (_order(venue, order) for order in live if symbol in (None, order.symbol))
    if symbol is None:
        yield ""
        for name, log in sorted(moment.logs.by_name.items()):
            waits = _counted(len(log.untold), "batch waits", "batches wait")
            waiting = f", {waits} for it" if log.untold else ""
            yield f"session {name}: next {log.next_sender} out, {log.next_target} in{waiting}"


def _book(venue: Venue, symbol: str, depth: int) -> Iterator[str]:
    """The first `depth` levels of both sides, the best first, bids on the left."""
    market = venue.markets[symbol]
    price, qty = market.instrument.price.text, market.instrument.qty.text
    trade = venue.last_trade(symbol)
    last = "no trade yet" if trade is None else f"last trade {qty(trade[1])} @ {price(trade[0])}"
    waiting = f", {len(market.waiting.orders)} waiting" if market.waiting.orders else ""
    yield f"{symbol}: {last}{waiting}"
    sides = []
    for side in Side:
        levels = list(venue.levels(symbol, side))
        sides.append([(str(count), qty(lots), price(px)) for px, lots, count in levels[:depth]])
    rows: list[tuple[str, ...]] = [("orders", "qty", "bid", "offer", "qty", "orders")]
    for at in range(max(map(len, sides))):
        bid, offer = (side[at] if at < len(side) else ("", "", "") for side in sides)
        rows.append((*bid, *reversed(offer)))
    if len(rows) > 1:
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            yield "  " + "  ".join(map(str.rjust, row, widths))


def _order(venue: Venue, order: Order) -> str:
    instrument = venue.instruments[order.symbol]
    qty = instrument.qty.text
    at = "" if order.price is None else f" @ {instrument.price.text(order.price)}"
    left = f", {qty(order.leaves_qty)} left" if order.cum_qty else ""
    waits = "" if order.working else ", waits"
    terms = f"{word(order.ord_type)} {word(order.time_in_force)}"
    return (
        f"order {order.order_id}  {order.session} {order.cl_ord_id}: {word(order.side)}"
        f" {qty(order.order_qty)} {order.symbol}{at} {terms}{left}{waits}"
    )


class Replay:
    """One run of the command; `differences` counts the snapshots that are not what was."""

    def __init__(self, data: Path) -> None:
        self.differences = 0
        self._data = data

    def lines(
        self, until: str | None, symbol: str | None, depth: int, orders: bool, verify: bool
    ) -> Iterator[str]:
        """Rebuild the moment, comparing it with the snapshots on the way if asked to, and iterate
        the lines that tell of it. Raise `ConfigError`, or `JournalError` where it cannot be had.
        """
        history = History(self._data)
        try:
            seq = last_until(history, "--until", until)
            with collector_off():
                if verify:
                    moment = self._first_to_verify(history, seq)
                    yield from self._verify(history, moment, seq)
                else:
                    moment = rebuild(history, seq)
            markets = moment.venue.markets
            if symbol is not None and symbol not in markets:
                raise ConfigError(
                    "command line", "--symbol", symbol, f"one of {', '.join(markets)}"
                )
            yield from report(moment, symbol, depth, orders)
        finally:
            history.close()

    def _first_to_verify(self, history: History, seq: int) -> Moment:
        """The start of the history, or where that is archived elsewhere its oldest snapshot."""
        if history.first == 1:
            return Moment()
        *_, oldest = [None, *good_snapshots(history, seq)]
        if oldest is None or oldest.snapshot.seq + 1 < history.first:
            return begin(history, seq)
        return Moment(oldest)

    def _verify(self, history: History, moment: Moment, seq: int) -> Iterator[str]:
        """Carry out every batch up to `seq` after `moment`, and compare with each snapshot."""
        yield f"carried out again from batch {moment.seq + 1}"
        files = {at: path for at, path in snapshots(history.data) if moment.seq < at <= seq}
        batches = history.replayed(moment.seq + 1, seq)
        for number, batch in tracked(batches, seq - moment.seq, "replay"):
            moment.carry_out(number, batch)
            if number in files:
                fault = _difference(moment, files[number], history)
                self.differences += fault is not None
                yield fault or f"snapshot {files[number]} is right"
        yield f"{_counted(len(files), 'snapshot', 'snapshots')}, {self.differences} differ"
        yield ""


def _difference(moment: Moment, path: Path, history: History) -> str | None:
    """What a snapshot has that the history does not lead to, None where it is the same."""
    try:
        found = restored(path, moment.seq, history)
    except JournalError as error:
        return str(error)
    expected = moment.venue.state_hash()
    if found.snapshot.state_hash != expected:
        return f"snapshot {path} differs: state hash {found.snapshot.state_hash}, not {expected}"
    if _sessions(found.logs) != _sessions(moment.logs):
        return f"snapshot {path} differs: it has other sequence numbers"
    return None


def _sessions(logs: SessionLogs) -> dict[str, tuple[int, int, int, list[int]]]:
    return {
        name: (log.next_sender, log.next_target, log.reset_time, log.untold)
        for name, log in logs.by_name.items()
    }


def _counted(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"
