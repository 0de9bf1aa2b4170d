"""What the reference says, in FIX 4.4's codes."""

from datetime import UTC, datetime
from fractions import Fraction

from tests.ladders.script import Tags, auction_held, phase_entered
from tests.reference import Told

EXEC_TYPE = {
    "accepted": "0",
    "triggered": "D",
    "filled": "F",
    "canceled": "4",
    "expired": "C",
    "restated": "D",
    "replaced": "5",
    "status": "I",
    "busted": "H",
    "corrected": "G",
}
STATUS = {
    "new": "0",
    "partially filled": "1",
    "filled": "2",
    "canceled": "4",
    "rejected": "8",
    "expired": "C",
}
REJECTED = {
    "unknown symbol": "1",
    "exchange closed": "2",
    "too late to enter": "4",
    "duplicate order": "6",
    "quantity": "13",
    "collar": "99",
    "other": "99",
}
CANCEL_REJECTED = {"too late": "0", "unknown order": "1", "duplicate cl ord id": "6"}
CANCEL_REJECTED |= dict.fromkeys(("collar", "other"), "99")
MASS_REJECTED = {"unknown security": "1", "other": "99"}
NO_ORDERS = {"unknown symbol": "1", "unknown order": "5"}
RESTATED = {"gt renewal": "1", "repricing": "3", "partial decline": "5"}
RESTATED |= {"trading halt": "6", "market option": "8"}
"""ExecRestatementReason(378); 4.4 has no codes for self-match prevention and lost connections."""
ORD_TYPE = {
    "market": "1",
    "limit": "2",
    "stop": "3",
    "stop limit": "4",
    "market if touched": "J",
    "limit if touched": "2",
    "market with left over as limit": "K",
}
TIMES = ("day", "gtc", "at the opening", "ioc", "fok", "at the crossing", "gtd", "at the close")
LIQUIDITY = {"added": "1", "removed": "2"}
WAITS = ("stop", "stop limit", "market if touched", "limit if touched")
NOTHING = {"39": "8", "14": "0", "151": "0", "6": "0"}


def tags(told: Told) -> Tags:
    """One report, without the fields that the scripts never speak of; or what is told to nobody in
    particular.
    """
    phase = (told.phase or "").replace(" ", "_")
    if told.what == "auction":
        return auction_held(phase, "-" if told.price is None else told.price, told.qty)
    if told.what == "phase":
        return phase_entered(phase)
    found: dict[str, object] = {"to": told.to, "11": told.cl_ord_id, "41": told.orig_cl_ord_id}
    found |= {
        "35": "8",
        "37": told.order_id,
        "17": told.exec_id,
        "39": STATUS.get(told.status or ""),
    }
    reason = told.reason or ""
    if told.what == "cancel rejected":
        order_id = "NONE" if told.order_id is None else told.order_id
        found |= {"35": "9", "37": order_id, "102": CANCEL_REJECTED[reason]}
        found["41"] = told.orig_cl_ord_id or "NONE"
    elif told.what == "mass cancel":
        scope = {"security": "1", "all": "7"}[told.scope or ""]
        found |= {"35": "r", "530": scope, "531": "0" if reason else scope}
        found |= {"532": MASS_REJECTED.get(reason), "533": told.total_affected_orders}
    elif told.what == "unknown":
        found |= {"150": "I", "37": "NONE", "17": 0, "38": 0, "103": 5} | NOTHING
    elif told.what == "no orders":
        found |= {"150": "I", "37": "NONE", "11": "NONE", "17": 0, "38": 0} | NOTHING
        found |= {"584": told.mass_status_req_id, "911": 0, "912": "Y", "103": NO_ORDERS[reason]}
    elif told.what == "rejected":
        found |= {"150": "8", "103": REJECTED[reason]} | NOTHING
    else:
        found |= _order(told) | _details(told)
    return {tag: str(value) for tag, value in found.items() if value is not None}


def _order(told: Told) -> dict[str, object]:
    reason = told.reason or ""
    found: dict[str, object] = {"150": EXEC_TYPE.get(told.what, "8"), "44": told.price}
    found |= {"38": told.order_qty, "40": ORD_TYPE[told.ord_type or ""]}
    found |= {"59": TIMES.index(told.time_in_force or ""), "151": told.leaves_qty}
    found |= {"14": told.cum_qty, "32": told.last_qty, "31": told.last_px}
    found |= {"851": LIQUIDITY.get(told.liquidity or ""), "527": told.trade_id}
    found["19"] = told.exec_ref_id
    if told.what == "busted":
        found |= {"31": 0, "32": 0}
    found["6"] = _average(told.notional or 0, told.cum_qty or 0)
    found["378"] = "8" if told.what == "triggered" else RESTATED.get(reason, reason and "99")
    if told.what == "duplicate":
        found |= {"103": REJECTED[reason], "378": None}
    if told.what == "status" and told.total_reports:
        found |= {"584": told.mass_status_req_id, "911": told.total_reports}
        found["912"] = "Y" if told.last_report else "N"
    return found if found["378"] != "" else found | {"378": None}


def _details(told: Told) -> dict[str, object]:
    found: dict[str, object] = {"99": told.stop_px, "110": told.min_qty or None}
    found |= {"111": told.display_qty or None, "432": told.expire_date or None}
    if told.expire_time:
        moment = datetime.fromtimestamp(told.expire_time // 10**9, UTC)
        found["126"] = f"{moment:%Y%m%d-%H:%M:%S}.000"
    if told.ord_type in WAITS or told.time_in_force == "at the close":
        found["636"] = "Y" if told.working else "N"
    if told.carried_over:
        day_qty = (told.cum_qty or 0) - (told.carried_qty or 0)
        found |= {"424": (told.order_qty or 0) - (told.carried_qty or 0), "425": day_qty}
        found["426"] = _average((told.notional or 0) - (told.carried_notional or 0), day_qty)
    return found


def _average(notional: int, qty: int) -> str:
    return f"{float(round(Fraction(notional, qty or 1), 6)):.12g}"
