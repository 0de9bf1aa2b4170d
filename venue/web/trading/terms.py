"""What is asked for of an order, checked as far as FIX itself needs it; the rest is the venue's."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from venue.client.codes import GTD, SELF_MATCH_PREVENTION_INSTRUCTIONS
from venue.client.order_request import Expiry, OrderRequest, expiry, new_order_fields
from venue.client.versions import version_named
from venue.client.wire import Field
from venue.web.problems import Problem
from venue.web.shapes import Order, OrderType, Side, TimeInForce
from venue.web.trading.words import ORDER_TYPES, SIDES, TIME_IN_FORCE, code_of, time_of

VERSION = version_named("FIX.5.0SP2")
LONGEST_NAME = 64
LONGEST_NUMBER = 40
"""Characters."""
ACCOUNT, EXEC_INST = 1, 18
ALL_OR_NONE = "G"
"""ExecInst(18)."""


class OrderTerms(msgspec.Struct, frozen=True, kw_only=True):
    """A new order. Without `time_in_force` it is good till `expires`, or for the day."""

    symbol: str
    side: Side
    type: OrderType
    quantity: Decimal
    price: Decimal | None = None
    trigger_price: Decimal | None = None
    time_in_force: TimeInForce | None = None
    expires: Expiry | None = None
    display_quantity: Decimal | None = None
    min_quantity: Decimal | None = None
    post_only: bool = False
    all_or_none: bool = False
    self_match_prevention_id: str | None = None
    self_match_prevention: str | None = None
    account: str | None = None

    @property
    def good_for(self) -> TimeInForce:
        return self.time_in_force or ("day" if self.expires is None else "gtd")


class OrderChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What of an order is to be another; None stays. `quantity` is the total, fills included."""

    quantity: Decimal | None = None
    price: Decimal | None = None
    trigger_price: Decimal | None = None
    display_quantity: Decimal | None = None
    time_in_force: TimeInForce | None = None
    expires: Expiry | None = None


Error = tuple[str, object, str]
"""A field, its value and what was expected."""


def invalid(*errors: Error) -> Problem:
    """422: it cannot even be said in FIX."""
    detail = "; ".join(f"{name}: expected {expected}" for name, _, expected in errors)
    told = [
        {"field": name, "value": None if value is None else str(value)[:100], "expected": expected}
        for name, value, expected in errors
    ]
    return Problem(422, "invalid", detail, errors=told)


def checked_name(field: str, name: str) -> str:
    """Return an id or a symbol if a FIX field can be it, else raise a Problem."""
    errors = [*_name_errors(field, name)]
    if errors:
        raise invalid(*errors)
    return name


def checked_order(terms: OrderTerms) -> OrderRequest:
    """Return the order in FIX codes; raise a Problem for what FIX cannot say."""
    errors: list[Error] = [
        *_name_errors("symbol", terms.symbol),
        *_name_errors("account", terms.account),
        *_name_errors("self_match_prevention_id", terms.self_match_prevention_id),
        *_number_errors(terms),
    ]
    codes: dict[str, tuple[str, Mapping[Any, str]]] = {
        "side": (terms.side, SIDES),
        "type": (terms.type, ORDER_TYPES),
        "time_in_force": (terms.good_for, TIME_IN_FORCE),
    }
    instruction = terms.self_match_prevention
    if instruction is not None:
        codes["self_match_prevention"] = instruction, SELF_MATCH_PREVENTION_INSTRUCTIONS
    for name, (word, known) in codes.items():
        if code_of(word, known) is None:
            errors.append((name, word, f"one of {', '.join(known)}"))
    errors += _expiry_errors(terms.expires)
    if errors:
        raise invalid(*errors)
    return OrderRequest(
        symbol=terms.symbol,
        side=SIDES[terms.side],
        order_qty=terms.quantity,
        ord_type=ORDER_TYPES[terms.type],
        price=terms.price,
        stop_px=terms.trigger_price,
        time_in_force=TIME_IN_FORCE[terms.good_for],
        expire=None if terms.expires is None else expiry(terms.expires),
        display_qty=terms.display_quantity,
        min_qty=terms.min_quantity,
        post_only=terms.post_only,
        all_or_none=terms.all_or_none,
        self_match_prevention_id=terms.self_match_prevention_id,
        self_match_prevention_instruction=(
            None if instruction is None else SELF_MATCH_PREVENTION_INSTRUCTIONS[instruction]
        ),
    )


def order_fields(client_order_id: str, terms: OrderTerms, now: str) -> list[Field]:
    """Write a NewOrderSingle (D); raise a Problem for what FIX cannot say."""
    fields = new_order_fields(client_order_id, checked_order(terms), VERSION, now)
    return fields if terms.account is None else [*fields, (ACCOUNT, terms.account)]


def changed_order(order: Order, changes: OrderChanges) -> OrderRequest:
    """Return what a replace says of an order; what it need not repeat is None."""
    errors = [*_number_errors(changes), *_expiry_errors(changes.expires)]
    word = changes.time_in_force or (order.time_in_force if changes.expires is None else "gtd")
    code = code_of(word, TIME_IN_FORCE)
    if code is None:
        errors.append(("time_in_force", word, f"one of {', '.join(TIME_IN_FORCE)}"))
    if errors or code is None:
        raise invalid(*errors)
    kept = order.expires if code == GTD else None
    old_price = None if order.price is None else Decimal(order.price)
    return OrderRequest(
        symbol=order.symbol,
        side=SIDES[order.side],
        order_qty=Decimal(order.quantity) if changes.quantity is None else changes.quantity,
        ord_type=ORDER_TYPES[order.type],
        price=old_price if changes.price is None else changes.price,
        stop_px=changes.trigger_price,
        time_in_force=code,
        expire=_fix_time(kept) if changes.expires is None else expiry(changes.expires),
        display_qty=changes.display_quantity,
    )


def has_changed(order: Order, changes: OrderChanges) -> bool:
    """Tell whether an order is as these changes want it."""
    wanted = {
        "quantity": changes.quantity,
        "price": changes.price,
        "trigger_price": changes.trigger_price,
    }
    shown = changes.display_quantity  # of 0 nothing is told any more
    is_shown = shown is None or _is_as_asked(shown or None, order.display_quantity)
    same = all(_is_same(value, getattr(order, name)) for name, value in wanted.items())
    return (
        same
        and is_shown
        and changes.time_in_force in (None, order.time_in_force)
        and (changes.expires is None or _iso(changes.expires) == _whole(order.expires))
    )


def difference(
    terms: OrderTerms,
    order: Order,
    account: str | None,
    exec_inst: Collection[str],
    is_amended: bool,
) -> str | None:
    """Return the name of a term that an order has not been entered with, if there is one.

    `account` and `exec_inst` are Account(1) and the codes of ExecInst(18) in the order's report.
    What the venue or an amendment may have changed since is not compared.
    """
    if account != terms.account:
        return "account"
    if (ALL_OR_NONE in exec_inst) != terms.all_or_none:
        return "all_or_none"
    if not _is_as_asked(terms.min_quantity, order.min_quantity):
        return "min_quantity"
    said: dict[str, object] = {"symbol": terms.symbol, "side": terms.side, "type": terms.type}
    if not is_amended:
        said |= {"time_in_force": terms.good_for, "post_only": terms.post_only}
    for name, value in said.items():
        if getattr(order, name) != value:
            return name
    if not is_amended and _iso(terms.expires) != _whole(order.expires):
        return "expires"
    if not is_amended and not _is_as_asked(terms.display_quantity, order.display_quantity):
        return "display_quantity"
    numbers = {"quantity": terms.quantity, "trigger_price": terms.trigger_price}
    if not terms.post_only:  # else the venue may have moved it
        numbers["price"] = terms.price
    if is_amended:
        numbers = {}
    for name, number in numbers.items():
        if not _is_same(number, getattr(order, name)):
            return name
    return None


def _is_as_asked(wanted: Decimal | None, text: str | None) -> bool:
    """As `_is_same`; and what was not asked for is not there."""
    return (text is None or Decimal(text) == 0) if wanted is None else _is_same(wanted, text)


def _is_same(wanted: Decimal | None, text: str | None) -> bool:
    return wanted is None or (text is not None and Decimal(text) == wanted)


def _iso(expires: Expiry | None) -> str | None:
    return None if expires is None else _whole(time_of(expiry(expires)))


def _whole(time: str | None) -> str | None:
    """A time without fractions of a second that are nothing."""
    return None if time is None else time.replace(".000Z", "Z")


def _fix_time(text: str | None) -> str | None:
    """ISO 8601 as FIX has it."""
    return None if text is None else text.replace("-", "").replace("T", "-").removesuffix("Z")


def _name_errors(field: str, name: str | None) -> Iterator[Error]:
    if name is None:
        return
    is_fine = 0 < len(name) <= LONGEST_NAME and name.isascii() and name.isprintable()
    if not is_fine or " " in name:
        yield field, name, f"1 to {LONGEST_NAME} printable ASCII characters without spaces"


def _number_errors(terms: OrderTerms | OrderChanges) -> Iterator[Error]:
    for name in terms.__struct_fields__:
        number = getattr(terms, name)
        if not isinstance(number, Decimal):
            continue
        is_short = number.is_finite() and (
            abs(number.adjusted()) < LONGEST_NUMBER and len(f"{number:f}") <= LONGEST_NUMBER
        )
        if not is_short:
            yield name, number, f"a decimal of at most {LONGEST_NUMBER} characters"


def _expiry_errors(expires: date | datetime | None) -> Iterator[Error]:
    if isinstance(expires, datetime) and expires.tzinfo is None:
        yield "expires", expires, "a time zone"
    if expires is not None and not 1971 <= expires.year <= 2261:
        yield "expires", expires, "a year from 1971 to 2261"
