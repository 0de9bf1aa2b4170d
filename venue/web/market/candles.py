"""Candles of all intervals, kept up to date trade by trade. Pure; times are seconds since 1970."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

from venue.web.market.wire import Print
from venue.web.shapes import Candle

INTERVALS = dict(
    zip(
        ("1s", "5s", "15s", "1m", "5m", "15m", "1h", "1d"),
        (1, 5, 15, 60, 300, 900, 3600, 86400),
        strict=True,
    )
)
"""Seconds by the word for them. Days are UTC's."""
KEPT = 2_000
"""Candles of each interval, the newest."""


class _Bar:
    """A candle that may still change."""

    __slots__ = ("close", "high", "low", "open", "trades", "volume")

    def __init__(self, price: Decimal) -> None:
        self.open = self.high = self.low = self.close = price
        self.volume = Decimal(0)
        self.trades = 0

    def add(self, price: Decimal, quantity: Decimal) -> None:
        if price > self.high:
            self.high = price
        elif price < self.low:
            self.low = price
        self.close = price
        self.volume += quantity
        self.trades += 1


class Candles:
    """The newest candles of every interval. Trades come in the order in which they happened."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._bars: dict[int, dict[int, _Bar]] = {seconds: {} for seconds in INTERVALS.values()}

    def rebuild(self, prints: Iterable[Print]) -> None:
        """Begin anew with these trades, oldest first."""
        for bars in self._bars.values():
            bars.clear()
        for printed in prints:
            self.add(printed)

    def add(self, printed: Print) -> None:
        """Count a new trade."""
        at = _seconds(printed.time)
        price, quantity = Decimal(printed.price), Decimal(printed.quantity)
        for seconds, bars in self._bars.items():
            start = at - at % seconds
            bar = bars.get(start)
            if bar is None:
                bar = bars[start] = _Bar(price)
                if len(bars) > self._kept:
                    del bars[next(iter(bars))]
            bar.add(price, quantity)

    def last(self, seconds: int, limit: int) -> list[Candle]:
        """The newest candles of an interval, oldest first; none where nothing was traded."""
        bars = self._bars[seconds]
        starts = sorted(bars)[-limit:] if limit > 0 else []
        return [
            Candle(
                time=_iso(start),
                open=_text(bar.open),
                high=_text(bar.high),
                low=_text(bar.low),
                close=_text(bar.close),
                volume=_text(bar.volume),
                trades=bar.trades,
            )
            for start in starts
            for bar in (bars[start],)
        ]


def _seconds(time: str) -> int:
    whole = datetime.fromisoformat(time[:19]).replace(tzinfo=UTC)
    return int(whole.timestamp())


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(value: Decimal) -> str:
    return f"{value:f}"
