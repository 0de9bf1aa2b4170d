"""How long an order lives: TimeInForce(59), ExpireDate(432), ExpireTime(126).

All functions raise `OrderFaultError`.
"""

import re
from datetime import datetime

from venue.core.types import TRIGGERED, OrdType, TimeInForce
from venue.fix.message import Fields, parse_time
from venue.fix.order_fault import OTHER, OrderFaultError, contradiction, told
from venue.fix.order_fields import LEFT_OVER_AS_LIMIT, OrderTerms

GTD = TimeInForce.GTD
NOT_RESTING = frozenset({TimeInForce.IOC, TimeInForce.FOK})
AT_AUCTION = frozenset({TimeInForce.AT_THE_OPENING, TimeInForce.AT_THE_CLOSE})
YEARS = range(1971, 2262)
"""Those whose nanoseconds since 1970 fit in 63 bits."""
_DATE = re.compile("[0-9]{8}").fullmatch


def check_time_in_force(fields: Fields, terms: OrderTerms, replaces: bool) -> None:
    """Find what contradicts the time in force; a request that `replaces` need not repeat it."""
    time_in_force, ord_type = terms.time_in_force, terms.ord_type
    at_auction = time_in_force in AT_AUCTION
    if ord_type in TRIGGERED and (at_auction or time_in_force in NOT_RESTING):
        waits_by = "1100" if ord_type is OrdType.LIMIT_IF_TOUCHED and "1100" in fields else "40"
        raise contradiction(fields, "59", waits_by, "which waits for its trigger")
    if ord_type is LEFT_OVER_AS_LIMIT and at_auction:
        raise contradiction(fields, "59", "40")
    dated = "432" in fields or "126" in fields
    if time_in_force is GTD and not (dated or replaces):
        dates = "ExpireDate(432) or ExpireTime(126)"
        raise OrderFaultError(OTHER, f"{dates} is required for TimeInForce(59) 6")
    if "432" in fields and "126" in fields:
        raise contradiction(fields, "126", "432")
    for tag in ("432", "126"):
        if tag in fields and time_in_force is not GTD and not (replaces and "59" not in fields):
            raise contradiction(fields, tag, "59", "only 6 has a date")


def expire_date(fields: Fields) -> str:
    """ExpireDate(432), empty where there is none."""
    if "432" not in fields:
        return ""
    text = fields["432"]
    try:
        if not _DATE(text):
            raise ValueError
        _check_year(fields, "432", datetime.strptime(text, "%Y%m%d").year)
    except ValueError:
        raise OrderFaultError(OTHER, f"{told(fields, '432')} is no date YYYYMMDD") from None
    return text


def expire_time(fields: Fields) -> int:
    """ExpireTime(126) in nanoseconds since 1970 UTC, 0 where there is none."""
    if "126" not in fields:
        return 0
    try:
        time = parse_time(fields["126"])
    except ValueError:
        text = f"{told(fields, '126')} is no time YYYYMMDD-HH:MM:SS"
        raise OrderFaultError(OTHER, text) from None
    _check_year(fields, "126", int(fields["126"][:4]))
    return time


def _check_year(fields: Fields, tag: str, year: int) -> None:
    """Refuse what is no time to the core."""
    if year not in YEARS:
        text = f"{told(fields, tag)} is not in the years {YEARS[0]} to {YEARS[-1]}"
        raise OrderFaultError(OTHER, text)
