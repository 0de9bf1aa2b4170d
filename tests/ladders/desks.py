"""Where a script is traded: at the venue, as FIX text in and out, and at the reference."""

from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from tests.ladders.script import Ladder, Request, Tags
from tests.property.twins import FIRMS
from tests.reference import Reference, Terms, Told
from venue.core.commands import Command, DefineInstrument
from venue.core.instrument import InstrumentSpec
from venue.core.types import Side
from venue.core.venue import Venue
from venue.fix.inbound import parse
from venue.fix.message import format_message, parse_fields
from venue.fix.outbound import encode
from venue.fix.party import Party
from venue.fix.versions import FIX44

TERMS = Terms(reference_price=100, min_qty=1, max_qty=20_000, collar=50)
SPEC = InstrumentSpec(
    "X", *map(Decimal, (1, 1, TERMS.reference_price, 1, TERMS.max_qty, TERMS.collar)), "USD"
)
TIME = "20240229-12:00:00.000"
PARTIES = {session: Party(session, firm, FIX44, True, True) for session, firm in FIRMS.items()}


class Desk(Protocol):
    def send(self, request: Request) -> list[Tags]:
        """The reports that the request is answered with, `to` whom and with which tags."""

    def ladder(self) -> Ladder: ...


class VenueDesk:
    """The whole pure way: FIX text to command to events to FIX text."""

    def __init__(self) -> None:
        self.venue = Venue()
        self.venue.handle(DefineInstrument(SPEC))

    def send(self, request: Request) -> list[Tags]:
        instruments = self.venue.instruments
        command = parse(_text(request), PARTIES[request.session], instruments)
        assert isinstance(command, Command), command
        reports = []
        for event in self.venue.handle(command):
            fields = parse_fields(encode(event, instruments, TIME, FIX44))
            reports.append(fields | {"to": event.session})
        self.venue.check()
        return reports

    def ladder(self) -> Ladder:
        ladder: Ladder = {}
        for side in Side:
            for level in self.venue.markets["X"].book.side(side):
                queue = [(order.leaves_qty, order.cl_ord_id) for order in level]
                ladder[level.price] = (queue, []) if side is Side.BUY else ([], queue)
        return ladder


def _text(request: Request) -> str:
    by_id = request.orig.startswith("#")
    order = request.msg_type in "DG"
    tif = {"day": "0", "gtc": "1", "ioc": "3", "fok": "4"}.get(request.time_in_force or "")
    return format_message(
        "FIX.4.4",
        request.msg_type,
        ("34", 1),
        ("49", request.session),
        ("52", TIME),
        ("56", "VENUE"),
        ("97", "Y" if request.poss_resend else None),
        ("11", request.cl_ord_id),
        ("37", request.orig[1:] if by_id else None),
        ("38", request.qty if order else None),
        ("40", (1 if request.price is None else 2) if order else None),
        ("41", request.orig if request.msg_type in "FG" and not by_id else None),
        ("44", request.price),
        ("54", 1 if request.side == "buy" else 2),
        ("55", "X"),
        ("59", tif),
        ("60", TIME),
    )


class ReferenceDesk:
    """The naive matcher, its words turned into FIX 4.4's codes."""

    def __init__(self) -> None:
        self.reference = Reference({"X": TERMS})

    def send(self, request: Request) -> list[Tags]:
        who = request.session, FIRMS[request.session], request.cl_ord_id
        by_id = request.orig.startswith("#")
        order_id = int(request.orig[1:]) if by_id else None
        terms = {
            "symbol": "X",
            "side": request.side,
            "ord_type": "market" if request.price is None else "limit",
            "price": request.price,
            "order_qty": request.qty,
        }
        names = {
            "orig_cl_ord_id": "" if by_id else request.orig,
            "order_id": order_id,
            "poss_resend": request.poss_resend,
        }
        time_in_force = request.time_in_force
        if request.msg_type == "D":
            terms |= {"time_in_force": time_in_force or "day", "poss_resend": request.poss_resend}
            told = self.reference.new(*who, **terms)
        elif request.msg_type == "G":
            told = self.reference.replace(*who, **terms, **names, time_in_force=time_in_force)
        elif request.msg_type == "F":
            told = self.reference.cancel(*who, **names, symbol="X", side=request.side)
        else:
            told = self.reference.status(*who, order_id)
        return [_tags(each) for each in told]

    def ladder(self) -> Ladder:
        ladder: Ladder = {}
        for order in [*self.reference.resting("X", "buy"), *self.reference.resting("X", "sell")]:
            queues = ladder.setdefault(order.price or 0, ([], []))
            queues[order.side == "sell"].append((order.leaves_qty, order.cl_ord_id))
        return ladder


EXEC_TYPE = {"accepted": "0", "filled": "F", "canceled": "4", "replaced": "5", "status": "I"}
STATUS = {"new": "0", "partially filled": "1", "filled": "2", "canceled": "4", "rejected": "8"}
REJECTED = {"duplicate": "6", "quantity": "13", "collar": "99"}
CANCEL_REJECTED = {"too late": "0", "unknown order": "1", "duplicate": "6"}
CANCEL_REJECTED |= dict.fromkeys(("collar", "other"), "99")
CODES = {"market": 1, "limit": 2, "day": 0, "gtc": 1, "ioc": 3, "fok": 4, "added": 1, "removed": 2}
NOTHING = {"39": "8", "14": "0", "151": "0", "6": "0"}


def _tags(told: Told) -> Tags:
    tags: dict[str, object] = {"to": told.to, "11": told.cl_ord_id, "41": told.orig_cl_ord_id}
    tags |= {
        "35": "8",
        "37": told.order_id,
        "17": told.exec_id,
        "39": STATUS.get(told.status or ""),
    }
    if told.what == "cancel rejected":
        order_id = "NONE" if told.order_id is None else told.order_id
        tags |= {"35": "9", "37": order_id, "102": CANCEL_REJECTED[told.reason or ""]}
        tags["41"] = told.orig_cl_ord_id or "NONE"
    elif told.what == "unknown":
        tags |= {"150": "I", "37": "NONE", "17": 0, "38": 0, "103": 5} | NOTHING
    elif told.what == "rejected":
        tags |= {"150": "8", "103": REJECTED[told.reason or ""]} | NOTHING
    else:
        tags |= {"150": EXEC_TYPE.get(told.what, "8"), "44": told.price, "38": told.order_qty}
        tags |= {"40": CODES[told.ord_type or ""], "59": CODES[told.time_in_force or ""]}
        tags |= {"151": told.leaves_qty, "14": told.cum_qty, "32": told.last_qty}
        tags |= {"31": told.last_px, "103": REJECTED.get(told.reason or "")}
        tags |= {"851": CODES.get(told.liquidity or ""), "527": told.trade_id}
        average = Fraction(told.notional or 0, told.cum_qty or 1)
        tags["6"] = f"{float(round(average, 6)):.12g}"
    return {tag: str(value) for tag, value in tags.items() if value is not None}
