"""Journals as a venue writes them, of a few days' made-up trading."""

import random
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from tests.unit.core.desk import BUY, FIRMS, SELL, aapl
from venue.core import commands as c
from venue.core.events import Event
from venue.core.types import OrdRejReason, OrdType, TimeInForce
from venue.core.venue import Venue
from venue.fix.message import format_time
from venue.fix.outbound import encode
from venue.fix.versions import FIX44
from venue.journal.batch import Batch, Numbers, Sent, encode_batch
from venue.journal.snapshot import take, write_snapshot
from venue.journal.sqlite import SqliteJournal
from venue.journal_tools.history import History
from venue.journal_tools.moment import Moment

START = 1_795_248_000_000_000_000
"""2026-11-21T08:00:00Z."""
SECOND = 1_000_000_000


class Writer:
    """A venue without sockets: carries out what it is given, and journals it as the gateway does.

    `events` and `hashes` are what happened in each batch, and the state after it.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self.venue = Venue()
        self.journal = SqliteJournal(data, "off")
        self.time = START
        self.events: dict[int, list[Event]] = {}
        self.hashes: dict[int, str] = {}
        self.numbers: dict[str, Numbers] = {}

    def write(self, *commands: c.Journaled, **more: object) -> int:
        """Carry out a batch a second after the last; return its number."""
        self.time += SECOND
        events: list[Event] = []
        for command in (c.AdvanceTime(self.time), *commands):
            events += self.venue.handle(command)
        sent = []
        for session in FIRMS:
            texts = [
                encode(event, self.venue.instruments, format_time(self.time), FIX44)
                for event in events
                if event.session == session
            ]
            if texts:
                out, into = self.numbers.get(session, (1, 1))
                sent.append(Sent(session, out, texts))
                self.numbers[session] = out + len(texts), into + 1
        numbers = {each.session: self.numbers[each.session] for each in sent}
        batch = Batch(self.time, list(commands), sent, numbers)
        for name, value in more.items():
            setattr(batch, name, value)
        self.journal.append(encode_batch(batch))
        self.events[self.journal.seq] = events
        self.hashes[self.journal.seq] = self.venue.state_hash()
        return self.journal.seq

    def close(self) -> None:
        self.journal.close()


def new(session: str, cl_ord_id: str, side: str, qty: int, price: int | None) -> c.NewOrder:
    """A day order for AAPL, at a price in ticks or at the market."""
    ord_type = OrdType.MARKET if price is None else OrdType.LIMIT
    sides = BUY if side == "buy" else SELL
    terms = "AAPL", sides, ord_type, TimeInForce.DAY, price, qty
    return c.NewOrder(session, FIRMS[session], cl_ord_id, *terms)


def cancel(session: str, cl_ord_id: str, orig_cl_ord_id: str, side: str) -> c.CancelOrder:
    sides = BUY if side == "buy" else SELL
    return c.CancelOrder(session, FIRMS[session], cl_ord_id, orig_cl_ord_id, "", "AAPL", sides)


def refuse(session: str, cl_ord_id: str) -> c.RefuseOrder:
    why = OrdRejReason.UNKNOWN_SYMBOL, "Symbol(55) ÄÖ, is not traded here"
    return c.RefuseOrder(session, FIRMS[session], cl_ord_id, *why, "ÄÖ", "1", "2", "0", "x", "5")


def trading(batches: int, seed: int = 1) -> Iterable[list[c.Journaled]]:
    """The commands of so many batches: the instrument, then orders that rest, trade and end."""
    choose = random.Random(seed)
    yield [c.DefineInstrument(aapl()), c.DefineTradingDay(0)]
    entered: list[tuple[str, str, str]] = []
    for number in range(1, batches):
        commands: list[c.Journaled] = []
        for at in range(choose.randint(1, 5)):
            session = choose.choice(list(FIRMS))
            side = choose.choice(("buy", "sell"))
            cl_ord_id = f"o{number}-{at}"
            if entered and choose.random() < 0.2:
                whose, orig, its = entered.pop(choose.randrange(len(entered)))
                commands.append(cancel(whose, cl_ord_id, orig, its))
            elif choose.random() < 0.05:
                commands.append(refuse(session, cl_ord_id))
            else:
                price = choose.choice((None, *range(9990, 10011)))
                entered.append((session, cl_ord_id, side))
                commands.append(new(session, cl_ord_id, side, choose.randint(1, 50), price))
        yield commands


def make_journal(data: Path, batches: int = 40, seed: int = 1) -> Writer:
    """A journal on disk; the writer is closed, and tells what it did."""
    writer = Writer(data)
    with closing(writer):
        for commands in trading(batches, seed):
            writer.write(*commands)
    return writer


def add_snapshot(data: Path, seq: int, commands: Iterable[c.Command] = ()) -> Path:
    """Write the snapshot of batch `seq` of a journal; with `commands` it is of another venue."""
    with closing(History(data)) as history:
        moment = Moment()
        for number, batch in history.replayed(1, seq):
            moment.carry_out(number, batch)
        [(_, body)] = history.read(seq, seq)
    for command in commands:
        moment.venue.handle(command)
    return write_snapshot(data, take(seq, body, moment.venue, moment.logs))
