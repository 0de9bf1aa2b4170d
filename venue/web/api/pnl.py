"""Profit and loss of several positions, added up exactly."""

from collections.abc import Iterable
from decimal import Context, Decimal

from venue.web.api.shapes import Pnl
from venue.web.shapes import Position

_EXACT = Context(prec=100)
"""More digits than any sum of what the venue can tell."""


def pnl(positions: Iterable[Position]) -> list[Pnl]:
    """Add up by currency, in the order of their names. What one position does not tell, the sum
    does not either.
    """
    by_currency: dict[str, list[Position]] = {}
    fees: dict[str, list[str]] = {}
    for position in positions:
        by_currency.setdefault(position.currency, []).append(position)
        for currency, fee in position.fees.items():
            fees.setdefault(currency, []).append(fee)
    return [
        _of_currency(currency, by_currency.get(currency, []), fees.get(currency, []))
        for currency in sorted(by_currency | fees)
    ]


def _of_currency(currency: str, positions: list[Position], fees: list[str]) -> Pnl:
    realised = _total(position.realised for position in positions)
    unrealised = _total(position.unrealised for position in positions)
    charged = _total(fees) or "0"
    return Pnl(
        currency=currency,
        realised=realised,
        unrealised=unrealised,
        day_pnl=_total(position.day_pnl for position in positions),
        fees=charged,
        net=_total([realised, unrealised, _negative(charged)]),
    )


def _negative(text: str) -> str:
    return text[1:] if text.startswith("-") else f"-{text}"


def _total(texts: Iterable[str | None]) -> str | None:
    total = Decimal(0)
    for text in texts:
        if text is None:
            return None
        total = _EXACT.add(total, Decimal(text))
    return f"{total:f}" if total else "0"
