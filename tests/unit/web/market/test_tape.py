"""The tape and its candles: history first, what happens meanwhile once."""

import pytest

from venue.web.market.candles import INTERVALS, Candles
from venue.web.market.tape import Tape
from venue.web.market.wire import CHANGE, DELETE, Print
from venue.web.shapes import Candle


def trade(number: int, price: str = "10", quantity: str = "1", second: int = 0) -> Print:
    time = f"2026-11-21T10:{second // 60:02}:{second % 60:02}.000Z"
    return Print(str(number), price, quantity, "buy", time)


def taped(*history: Print) -> Tape:
    tape = Tape("AAPL")
    tape.restart()
    for printed in history:
        tape.remember(printed)
    tape.complete()
    return tape


def ids(tape: Tape, limit: int = 100) -> list[str]:
    return [each.trade_id for each in tape.last(limit)]


def test_newest_first() -> None:
    tape = taped(trade(1), trade(2))
    tape.add(trade(3))
    assert ids(tape) == ["3", "2", "1"]
    assert ids(tape, 2) == ["3", "2"]
    assert ids(tape, 0) == []
    for before, older in {"4": ["3", "2"], "3": ["2", "1"], "1": [], "10": ["3", "2"]}.items():
        assert [each.trade_id for each in tape.last(2, before)] == older
    assert tape.is_complete


def test_what_happens_during_the_history_counts_once() -> None:
    tape = Tape("AAPL")
    tape.restart()
    tape.add(trade(2))
    tape.add(trade(3))
    for number in (1, 2):
        tape.remember(trade(number))
    assert not tape.is_complete
    assert not tape.complete()
    assert ids(tape) == ["3", "2", "1"]
    assert tape.candles(60, 10)[0].trades == 3


def test_a_new_history_replaces_the_old_one_at_once() -> None:
    tape = taped(trade(1), trade(2))
    tape.restart()
    assert ids(tape) == ["2", "1"]
    tape.remember(trade(2))
    tape.complete()
    assert ids(tape) == ["2"]


def test_a_bust_needs_another_history() -> None:
    tape = taped(trade(1), trade(2, "12"))
    assert tape.add(Print("2", "", "", None, "", DELETE))
    assert ids(tape) == ["1"]
    tape.restart()
    assert not tape.add(Print("1", "", "", None, "", DELETE))
    tape.remember(trade(1))
    assert tape.complete(), "the history may be older than the bust"


def test_a_correction_keeps_time_and_side() -> None:
    tape = taped(trade(1))
    assert tape.add(Print("1", "11", "5", None, "later", CHANGE))
    (changed,) = tape.last(1)
    assert (changed.price, changed.quantity, changed.aggressor_side) == ("11", "5", "buy")
    assert changed.time == "2026-11-21T10:00:00.000Z"


def test_busted_trades_of_the_history_never_were() -> None:
    tape = taped(trade(1), Print("2", "10", "0", "buy", "2026-11-21T10:00:00.000Z", DELETE))
    assert ids(tape) == ["1"]


def test_a_snapshots_last_trade_has_no_id_and_is_no_trade() -> None:
    tape = taped()
    tape.add(Print("", "10", "1", None, "2026-11-21T10:00:00.000Z"))
    assert ids(tape) == []


def test_the_tape_is_bounded_and_the_candles_know_all() -> None:
    tape = Tape("AAPL", kept=3)
    tape.restart()
    for number in range(10):
        tape.remember(trade(number))
    tape.complete()
    tape.add(trade(10))
    assert ids(tape) == ["10", "9", "8"]
    assert tape.candles(60, 1)[0].trades == 11


def test_without_a_history_it_goes_on() -> None:
    tape = Tape("AAPL")
    tape.restart()
    tape.give_up()
    tape.add(trade(1))
    assert ids(tape) == ["1"]
    assert not tape.is_complete


def test_candle() -> None:
    candles = Candles()
    for number, (price, quantity) in enumerate([("10", "1"), ("12.5", "2"), ("9", "0.5")]):
        candles.add(trade(number, price, quantity, second=number))
    assert candles.last(60, 5) == [
        Candle(
            time="2026-11-21T10:00:00Z",
            open="10",
            high="12.5",
            low="9",
            close="9",
            volume="3.5",
            trades=3,
        )
    ]


@pytest.mark.parametrize(
    ("word", "count"), [("1s", 3), ("5s", 3), ("15s", 2), ("1m", 2), ("1d", 1)]
)
def test_candles_begin_where_the_interval_does(word: str, count: int) -> None:
    candles = Candles()
    for number, second in enumerate((3, 14, 60)):
        candles.add(trade(number, second=second))
    told = candles.last(INTERVALS[word], 10)
    assert len(told) == count
    assert told[-1].time == {"1d": "2026-11-21T00:00:00Z"}.get(word, "2026-11-21T10:01:00Z")
    assert candles.last(INTERVALS[word], 1) == told[-1:]
    assert candles.last(INTERVALS[word], 0) == []


def test_candles_are_bounded() -> None:
    candles = Candles(kept=5)
    for second in range(20):
        candles.add(trade(second, second=second))
    assert [each.time[17:19] for each in candles.last(1, 100)] == ["15", "16", "17", "18", "19"]
