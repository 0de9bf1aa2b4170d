"""What people call an order, as the venue means it."""

from decimal import Decimal
from typing import Any, NamedTuple, cast

from venue.web.api.requests import OrderChanges, OrderRequest
from venue.web.api.validation import FieldError, invalid
from venue.web.shapes import OrderType, TimeInForce
from venue.web.trading.terms import OrderChanges as DeskChanges
from venue.web.trading.terms import OrderTerms

QUALIFIERS: dict[str, dict[str, Any]] = {
    "ioc": {"time_in_force": "ioc"},
    "fok": {"time_in_force": "fok"},
    "gtd": {"time_in_force": "gtd"},
    "gtc": {"time_in_force": "gtc"},
    "day": {"time_in_force": "day"},
    "post_only": {"post_only": True},
    "iceberg": {},
}
"""Words for a limit order with a qualifier; without a price `ioc` and `fok` are market orders."""
PRICED = frozenset({"limit", "stop_limit", "take_profit_limit"})
TRIGGERED = frozenset({"stop_market", "stop_limit", "take_profit", "take_profit_limit"})


class Meaning(NamedTuple):
    """What an order's `type` says, with what else there is of it."""

    type: OrderType
    time_in_force: TimeInForce | None
    post_only: bool


def meaning(order: OrderRequest) -> Meaning:
    """Tell what an order is. Raise `Problem` 422 where it contradicts itself or lacks what makes it
    that; what is only not possible here and now is the venue's to say.
    """
    errors: list[FieldError] = []
    word = order.type
    qualifiers = QUALIFIERS.get(word, {})
    if word not in QUALIFIERS:
        kind = cast("OrderType", word)
    else:
        kind = "market" if word in ("ioc", "fok") and order.price is None else "limit"
    asked, implied = order.time_in_force, qualifiers.get("time_in_force")
    if asked is not None and implied is not None and asked != implied:
        errors.append(FieldError("time_in_force", asked, f"{implied}, since type is {word}"))
    tif = implied or asked or ("gtd" if order.expires is not None else None)

    def has(field: str, value: object, needed: bool, because: str) -> None:
        if needed and value is None:
            errors.append(FieldError(field, None, f"a value, since {because}"))

    def has_not(field: str, value: Decimal | None, senseless: bool) -> None:
        if senseless and value is not None:
            errors.append(FieldError(field, f"{value:f}", f"nothing, since type is {word}"))

    has("price", order.price, kind in PRICED, f"type is {word}")
    has("trigger_price", order.trigger_price, kind in TRIGGERED, f"type is {word}")
    has("display_quantity", order.display_quantity, word == "iceberg", "type is iceberg")
    has("expires", order.expires, tif == "gtd", "the order is good till a day")
    has_not("price", order.price, kind not in PRICED)
    has_not("trigger_price", order.trigger_price, kind not in TRIGGERED)
    if order.expires is not None and tif != "gtd":
        errors.append(FieldError("time_in_force", tif, "gtd, since the order has expires"))
    if errors:
        raise invalid(errors)
    return Meaning(kind, tif, order.post_only or bool(qualifiers.get("post_only")))


def terms(order: OrderRequest) -> OrderTerms:
    """An order as a desk takes it. Raise `Problem` as `meaning` does."""
    meant = meaning(order)
    return OrderTerms(
        symbol=order.symbol,
        side=order.side,
        type=meant.type,
        quantity=order.quantity,
        price=order.price,
        trigger_price=order.trigger_price,
        time_in_force=meant.time_in_force,
        expires=order.expires,
        display_quantity=order.display_quantity,
        min_quantity=order.min_quantity,
        post_only=meant.post_only,
        all_or_none=order.all_or_none,
        self_match_prevention_id=order.self_match_prevention_id,
        self_match_prevention=order.self_match_prevention,
        account=order.account,
    )


def changes(wanted: OrderChanges) -> DeskChanges:
    """What an order is to be, as a desk takes it. Raise `Problem` 422 where that is nothing."""
    names = [name for name in OrderChanges.model_fields if name != "client_order_id"]
    given = {name: value for name in names if (value := getattr(wanted, name)) is not None}
    if not given:
        raise invalid([FieldError("body", None, f"at least one of {', '.join(names)}")])
    return DeskChanges(**given)
