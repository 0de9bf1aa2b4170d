"""What a limit says to who is beyond it: its name, value and scope, and what was asked for."""

from decimal import Decimal

from venue.core.exposure import Holding
from venue.core.limits import Scope
from venue.core.market import Market, Refusal
from venue.core.money import Money
from venue.core.recent import MILLISECOND, Alike, Window
from venue.core.types import OrdRejReason, Side

EXCEEDS = OrdRejReason.ORDER_EXCEEDS_LIMIT
OTHER = OrdRejReason.OTHER


def restricted(scope: Scope, symbol: str) -> Refusal:
    return OTHER, f"restricted_symbols ({scope.text}): Symbol(55) is {symbol}"


def too_many_messages(window: Window, most: int, scope: Scope) -> Refusal:
    limit = f"max_messages {most} in {window.seconds} s ({scope.text})"
    return EXCEEDS, f"{limit}: with this one {window.count + 1} came"


def too_large(market: Market, order_qty: int, limit: tuple[Decimal, Scope]) -> Refusal:
    most, scope = limit
    qty = market.instrument.qty.text(order_qty)
    return EXCEEDS, f"max_order_qty {most:f} ({scope.text}): OrderQty(38) is {qty}"


def too_expensive(money: Money, asked: int, limit: tuple[Decimal, Scope]) -> Refusal:
    most, scope = limit
    return EXCEEDS, (
        f"max_order_notional {most:f} {money.currency} ({scope.text}): the order's is"
        f" {money.text(asked)}"
    )


def too_far(
    market: Market,
    side: Side,
    price: int,
    trigger: int | None,
    centre: int,
    width: int,
    limit: tuple[Decimal, Scope],
) -> Refusal:
    """A price is more than `width` ticks on the wrong side of `centre`."""
    percent, scope = limit
    text = market.instrument.price.text
    buys = side is Side.BUY
    where, most = ("above", centre + width) if buys else ("below", centre - width)
    source = "reference price" if market.last_px is None else "last trade"
    if trigger is not None:
        source = "trigger price"
    elif market.open and market.book.opposite(side).best is not None:
        source = "best offer" if buys else "best bid"
    return OrdRejReason.PRICE_EXCEEDS_BAND, (
        f"price_collar_percent {percent:f} ({scope.text}): Price(44) {text(price)} is {where}"
        f" {text(most)}, {percent:f} % from the {source} {text(centre)}"
    )


def alike_another(market: Market, alike: Alike, age: int, span: int, scope: Scope) -> Refusal:
    _, symbol, side, order_qty, price, stop_px = alike
    instrument = market.instrument
    terms = f"Side(54) {side}, OrderQty(38) {instrument.qty.text(order_qty)}"
    for name, ticks in (("Price(44)", price), ("StopPx(99)", stop_px)):
        if ticks is not None:
            terms += f", {name} {instrument.price.text(ticks)}"
    return OTHER, (
        f"duplicate_milliseconds {span // MILLISECOND} ({scope.text}): an order for {symbol} with"
        f" {terms} was accepted {age // MILLISECOND} ms ago"
    )


def too_many_open(opened: int, most: int, scope: Scope) -> Refusal:
    return EXCEEDS, f"max_open_orders {most} ({scope.text}): with this one {opened + 1} are open"


def too_much_open(
    money: Money, side: Side, opened: int, added: int, limit: tuple[Decimal, Scope]
) -> Refusal:
    """Money that the open orders of a side are about, and how much more would come."""
    amount, scope = limit
    total, more = money.text(opened + added), money.text(added)
    way = "buy" if side is Side.BUY else "sell"
    text = f"open orders to {way} would be {total}, {more} of that with this request"
    return EXCEEDS, f"max_open_notional {money.amount_text(amount)} ({scope.text}): {text}"


def too_long(holding: Holding, added: int, most: int, scope: Scope) -> Refusal:
    text = holding.market.instrument.qty.text
    total = holding.position + holding.bought + added
    return EXCEEDS, (
        f"max_long_position {text(most)} ({scope.text}): {text(added)} more to buy could make"
        f" {text(total)}, position {text(holding.position)}, to buy {text(holding.bought)}"
    )


def too_short(holding: Holding, added: int, most: int | None, scope: Scope) -> Refusal:
    """`most` is None where the switch for short sales is off."""
    text = holding.market.instrument.qty.text
    total = holding.sold + added - holding.position
    limit = "allow_short false" if most is None else f"max_short_position {text(most)}"
    return OTHER if most is None else EXCEEDS, (
        f"{limit} ({scope.text}): {text(added)} more to sell could make {text(total)} short,"
        f" position {text(holding.position)}, to sell {text(holding.sold)}"
    )


def too_much_lost(money: Money, earned: int, limit: tuple[Decimal, Scope]) -> Refusal:
    amount, scope = limit
    most, lost = money.amount_text(amount), money.text(-earned)
    return EXCEEDS, f"max_daily_loss {most} ({scope.text}): {lost} are lost this trading day"
