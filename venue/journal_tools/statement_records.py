"""The records of a statement: each trade, then what they come to.

Money is exact decimals; what was paid is below 0 as an amount, and above 0 as a fee.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Context

from venue.core.fees import FEE_DIGITS
from venue.core.grid import Grid, format_units
from venue.core.instrument import Instrument
from venue.core.types import Side
from venue.core.volumes import MONEY_DIGITS, tick_lot
from venue.journal_tools.account_day import AccountDay, Entry, Holding, Key
from venue.journal_tools.times import format_iso
from venue.journal_tools.words import word

Record = tuple[str, dict[str, str]]
"""A kind of `RECORDS` and its fields."""

RECORDS: dict[str, tuple[str, ...]] = {
    "trade": (
        *("time", "kind", "trade_id", "exec_id", "order_id", "cl_ord_id", "account", "symbol"),
        *("side", "liquidity", "qty", "price", "amount", "currency", "fee", "fee_currency"),
    ),
    "total": (
        *("account", "symbol", "fills", "bought_qty", "bought_amount", "sold_qty", "sold_amount"),
        "currency",
    ),
    "position": (
        *("account", "symbol", "begin_qty", "end_qty", "avg_px", "last_px", "value", "realised"),
        *("unrealised", "unrealised_change", "pnl", "currency"),
    ),
    "fees": ("account", "symbol", "charged", "rebated", "fee", "fee_currency"),
    "sum": ("realised", "unrealised", "unrealised_change", "pnl", "fee", "net", "currency"),
}
"""What each kind has; kinds come in this order."""
UNITS = 10 ** (MONEY_DIGITS - FEE_DIGITS)
"""Units of money in one of fees."""
TAKEN_BACK = ("busted", "corrected")

_exact = Context(prec=100)


class Total:
    """What an account has bought and sold of an instrument, in lots and tick-lots; `fees` are what
    was charged and what was rebated, by currency.
    """

    def __init__(self) -> None:
        self.fills = self.bought = self.paid = self.sold = self.received = 0
        self.fees: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])

    def add(self, entry: Entry) -> None:
        sign = -1 if entry.kind in TAKEN_BACK else 1
        self.fills += sign
        if entry.side is Side.BUY:
            self.bought += entry.qty
            self.paid += entry.qty * entry.price
        else:
            self.sold -= entry.qty
            self.received -= entry.qty * entry.price
        if entry.fee is not None:
            is_rebate = entry.fee.amount * sign < 0
            self.fees[entry.fee.currency][is_rebate] += entry.fee.amount


class Summary:
    """Makes a record of each entry of a day, and of what they come to when it is carried out."""

    def __init__(self, day: AccountDay) -> None:
        self._day = day
        self._totals: defaultdict[Key, Total] = defaultdict(Total)
        self._money: dict[str, Grid] = {}

    def note(self, entry: Entry) -> Record:
        """The record of an entry, which is counted."""
        self._totals[entry.account, entry.symbol].add(entry)
        instrument = self._instrument(entry.symbol)
        qty = entry.qty if entry.side is Side.BUY else -entry.qty
        return "trade", {
            "time": format_iso(entry.time),
            "kind": entry.kind,
            "trade_id": str(entry.trade_id),
            "exec_id": str(entry.exec_id),
            "order_id": str(entry.order_id),
            "cl_ord_id": entry.cl_ord_id,
            "account": entry.account,
            "symbol": entry.symbol,
            "side": word(entry.side),
            "liquidity": "" if entry.liquidity is None else word(entry.liquidity),
            "qty": instrument.qty.text(qty),
            "price": instrument.price.text(entry.price),
            "amount": self._text(entry.symbol, -entry.qty * entry.price),
            "currency": instrument.spec.currency,
            "fee": "" if entry.fee is None else format_units(entry.fee.amount, FEE_DIGITS),
            "fee_currency": "" if entry.fee is None else entry.fee.currency,
        }

    def records(self) -> Iterator[Record]:
        """The records of the day as a whole."""
        yield from self._total_records()
        sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        opening, closing = self._day.opening or {}, self._day.closing
        for key in sorted(closing):
            before, after = opening.get(key, Holding()), closing[key]
            spec = self._instrument(key[1]).spec
            unit, own = tick_lot(spec), sums[spec.currency]
            own[0] += (after.realised - before.realised) * unit
            own[1] += after.unrealised * unit
            own[2] += (after.unrealised - before.unrealised) * unit
            for currency in after.fees.keys() | before.fees.keys():
                paid = after.fees.get(currency, 0) - before.fees.get(currency, 0)
                sums[currency][3] += paid * UNITS
            if before.qty or after.qty or key in self._totals:
                yield "position", self._position(key, before, after)
        yield from self._fee_records()
        for currency, (realised, unrealised, change, fee) in sorted(sums.items()):
            pnl = realised + change
            money = realised, unrealised, change, pnl, fee, pnl - fee
            named = zip(RECORDS["sum"], money, strict=False)
            money_texts = {name: format_units(each, MONEY_DIGITS) for name, each in named}
            yield "sum", money_texts | {"currency": currency}

    def _total_records(self) -> Iterator[Record]:
        for (account, symbol), total in sorted(self._totals.items()):
            qty = self._instrument(symbol).qty.text
            yield (
                "total",
                {
                    "account": account,
                    "symbol": symbol,
                    "fills": str(total.fills),
                    "bought_qty": qty(total.bought),
                    "bought_amount": self._text(symbol, total.paid),
                    "sold_qty": qty(total.sold),
                    "sold_amount": self._text(symbol, total.received),
                    "currency": self._instrument(symbol).spec.currency,
                },
            )

    def _position(self, key: Key, before: Holding, after: Holding) -> dict[str, str]:
        account, symbol = key
        instrument = self._instrument(symbol)
        price, qty = instrument.price, instrument.qty.text
        realised = after.realised - before.realised
        change = after.unrealised - before.unrealised
        average = ""
        if after.qty:
            sign = 1 if after.qty > 0 else -1
            average = price.ratio(sign * after.cost, sign * after.qty)
        return {
            "account": account,
            "symbol": symbol,
            "begin_qty": qty(before.qty),
            "end_qty": qty(after.qty),
            "avg_px": average,
            "last_px": "" if after.mark is None else price.text(after.mark),
            "value": self._text(symbol, after.cost + after.unrealised),
            "realised": self._text(symbol, realised),
            "unrealised": self._text(symbol, after.unrealised),
            "unrealised_change": self._text(symbol, change),
            "pnl": self._text(symbol, realised + change),
            "currency": instrument.spec.currency,
        }

    def _fee_records(self) -> Iterator[Record]:
        for (account, symbol), total in sorted(self._totals.items()):
            for currency, (charged, rebated) in sorted(total.fees.items()):
                yield (
                    "fees",
                    {
                        "account": account,
                        "symbol": symbol,
                        "charged": format_units(charged, FEE_DIGITS),
                        "rebated": format_units(rebated, FEE_DIGITS),
                        "fee": format_units(charged + rebated, FEE_DIGITS),
                        "fee_currency": currency,
                    },
                )

    def _instrument(self, symbol: str) -> Instrument:
        return self._day.venue.instruments[symbol]

    def _text(self, symbol: str, tick_lots: int) -> str:
        """Tick-lots as money."""
        grid = self._money.get(symbol)
        if grid is None:
            spec = self._instrument(symbol).spec
            grid = self._money[symbol] = Grid(_exact.multiply(spec.tick, spec.lot))
        return grid.text(tick_lots)
