"""Every event in every shape: each value that a field of it may have, one at a time."""

from collections.abc import Iterator
from enum import Enum
from itertools import product
from typing import Any, get_args, get_type_hints

from msgspec.structs import fields

from venue.core import events as e
from venue.core.fees import Fee
from venue.core.qualifiers import PLAIN, Details, Qualifiers
from venue.core.types import (
    CxlRejReason,
    CxlRejResponseTo,
    ExecRestatementReason,
    Liquidity,
    OrdRejReason,
    OrdStatus,
    OrdType,
    PostOnly,
    SelfMatchPreventionInstruction,
    Side,
    TimeInForce,
    TriggerPriceType,
)

VALUES: dict[str, Any] = {
    "session": "TRADER1",
    "exec_id": 12,
    "firm": "NORTH",
    "order_id": 3,
    "cl_ord_id": "X",
    "symbol": "AAPL",
    "side": Side.BUY,
    "ord_type": OrdType.LIMIT,
    "time_in_force": TimeInForce.DAY,
    "price": 10001,
    "order_qty": 7,
    "leaves_qty": 4,
    "cum_qty": 3,
    "notional": 30001,
    "ord_status": OrdStatus.PARTIALLY_FILLED,
    "account": "ACC",
    "details": None,
    "trade_id": 9,
    "last_qty": 2,
    "last_px": 10000,
    "liquidity": Liquidity.ADDED,
    "fee": None,
    "exec_ref_id": 11,
    "orig_cl_ord_id": "W",
    "text": "a text",
    "reason": None,
    "ord_status_req_id": "R",
    "mass_status_req_id": "M",
    "total_reports": 2,
    "last_report": False,
    "response_to": CxlRejResponseTo.CANCEL,
    "scope": "7",
    "total_affected_orders": 2,
}
"""A value of each field; where an event calls for another, it is in `OWN`."""
OWN: dict[type[e.Event], dict[str, Any]] = {
    e.OrderRestated: {"reason": ExecRestatementReason.GT_RENEWAL},
    e.DuplicateRejected: {"reason": OrdRejReason.DUPLICATE_ORDER},
    e.NoOrdersReported: {"reason": OrdRejReason.UNKNOWN_ORDER},
    e.CancelRejected: {"reason": CxlRejReason.OTHER},
    e.OrderRejected: {
        "reason": OrdRejReason.OTHER,
        "side": "1",
        "ord_type": "2",
        "time_in_force": "0",
        "price": "100",
        "order_qty": "7",
    },
}
STOP = Qualifiers(stop_px=10100)
SOME_VALUES: dict[str, tuple[Any, ...]] = {
    "symbol": ("", "AAPL"),
    "side": ("", "1", "2"),
    "price": ("", None, 10001),
    "account": ("",),
    "order_qty": ("",),
    "cum_qty": (0, 3),
    "orig_cl_ord_id": (None, "", "W"),
    "ord_status_req_id": ("", "R"),
    "mass_status_req_id": ("M",),
    "total_reports": (0, 2),
    "last_report": (False, True),
    "order_id": (None, 3),
    "scope": ("1", "7"),
    "text": ("", None),
    "fee": (None, Fee(150_000_000, "USD"), Fee(-12_345, "EUR"), Fee(0, "USD")),
}
"""Values that a field of that name may have, beyond those its type tells."""


def details_of(qualifiers: Qualifiers = PLAIN, working: bool = True, carried: int = 0) -> Details:
    return Details(qualifiers, working, 2, carried > 0, carried, carried * 10000)


def every_details() -> Iterator[Details]:
    """Every qualifier alone and all that an order can have together."""
    every = (
        *(Qualifiers(stop_px=10100, trigger_price_type=kind) for kind in TriggerPriceType),
        Qualifiers(expire_date="20240301"),
        Qualifiers(expire_time=1_709_208_000_123_000_000),
        Qualifiers(display_qty=2, refresh_qty=3),
        Qualifiers(min_qty=2),
        *(Qualifiers(post_only=rule) for rule in PostOnly),
        Qualifiers(all_or_none=True),
        *(
            Qualifiers(self_match_prevention_id="S", self_match_prevention_instruction=code)
            for code in SelfMatchPreventionInstruction
        ),
        Qualifiers(
            stop_px=10100,
            expire_date="20240301",
            display_qty=2,
            refresh_qty=2,
            min_qty=1,
            self_match_prevention_id="S",
        ),
    )
    for qualifiers, working, carried in product((PLAIN, *every), (True, False), (0, 2)):
        yield details_of(qualifiers, working, carried)


def leaves(kind: type[e.Event] = e.Event) -> list[type[e.Event]]:
    """The kinds of events that there can be."""
    below = kind.__subclasses__()
    return [leaf for each in below for leaf in leaves(each)] if below else [kind]


def event(kind: type[e.Event], **changes: Any) -> Any:
    """An event with a value for each field; a field that no table here knows is a `KeyError`."""
    own = OWN.get(kind, {})
    if kind is e.OrderTriggered:
        own = own | {"ord_type": OrdType.STOP, "details": details_of(STOP)}
    values = (
        {name: own.get(name, VALUES[name]) for name in kind.__struct_fields__}
        if (kind.__struct_fields__)
        else {}
    )
    return kind(**values | changes)


def every_event(kind: type[e.Event]) -> Iterator[Any]:
    """Events of `kind`: as given, and with each other value of each field."""
    yield event(kind)
    hints = get_type_hints(kind)
    for field in fields(kind):
        for value in _values(kind, field.name, hints[field.name]):
            yield event(kind, **{field.name: value})
    if issubclass(kind, e.OrderEvent):
        for details in every_details():
            if kind is not e.OrderTriggered or details.qualifiers.stop_px is not None:
                yield event(kind, details=details)
        waiting = details_of(STOP, working=False)
        for ord_type, side in product(OrdType, Side):
            yield event(kind, ord_type=ord_type, side=side, details=waiting)
    if kind is e.OrderAccepted:
        for details, ord_type in product(every_details(), OrdType):
            yield event(kind, details=details, ord_type=ord_type)
        for time_in_force, ord_type in product(TimeInForce, OrdType):
            yield event(kind, time_in_force=time_in_force, ord_type=ord_type)


def _values(kind: type[e.Event], name: str, hint: Any) -> Iterator[Any]:
    """The members of an enumeration, and what `SOME_VALUES` has that fits the type."""
    types = get_args(hint) or (hint,)
    for each in types:
        if isinstance(each, type) and issubclass(each, Enum):
            yield from each
    plain = tuple(each for each in types if isinstance(each, type) and not issubclass(each, Enum))
    for value in SOME_VALUES.get(name, ()):
        needed = name == "text" or (
            issubclass(kind, e.OrderEvent) and name in ("symbol", "orig_cl_ord_id")
        )
        if isinstance(value, plain) and not (needed and value == ""):
            yield value
