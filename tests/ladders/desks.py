"""Where a script is traded: at the venue, as FIX text in and out, and at the reference."""

from datetime import UTC, datetime
from typing import Any, Protocol

import msgspec

from tests.ladders.codes import tags
from tests.ladders.operations import OPERATED, SPEC, TERMS, operate, operation
from tests.ladders.script import (
    TODAY,
    Indicated,
    Ladder,
    Request,
    Tags,
    auction_held,
    phase_entered,
)
from tests.property.twins import FIRMS
from tests.reference import Order, Reference, Told
from venue.core import commands as c
from venue.core import events as e
from venue.core.events import Event
from venue.core.types import ExecRestatementReason, PostOnly, Side, TriggerPriceType
from venue.core.venue import Venue
from venue.fix.inbound import parse
from venue.fix.message import format_message, parse_fields
from venue.fix.outbound import encode
from venue.fix.party import Party
from venue.fix.versions import FIX44

TIME = "20240229-12:00:00.000"
PARTIES = {session: Party(session, firm, FIX44, True, True) for session, firm in FIRMS.items()}
GONE = {"loss": "connection loss", "logout": "logout"}
INSTRUCTIONS = ("cancel aggressor", "cancel resting", "cancel both", "decrement")


class Desk(Protocol):
    def send(self, request: Request) -> list[Tags]:
        """The reports that the request is answered with, `to` whom and with which tags."""

    def ladder(self) -> Ladder: ...

    def indicated(self) -> Indicated:
        """What a call tells now: price, quantity and imbalance, a missing price as `-`."""


def nanoseconds(time: str) -> int:
    """Of `20240301-00:00:00`, or of a time of the first day."""
    stamp = time if "-" in time else f"{TODAY}-{time}"
    moment = datetime.strptime(stamp, "%Y%m%d-%H:%M:%S").replace(tzinfo=UTC)
    return int(moment.timestamp()) * 10**9


def witnesses(session: str) -> tuple[str, ...]:
    """The other sessions of the firm."""
    firm = FIRMS[session]
    return tuple(other for other in FIRMS if FIRMS[other] == firm and other != session)


class VenueDesk:
    """The whole pure way: FIX text to command to events to FIX text."""

    def __init__(self) -> None:
        self.venue = Venue()
        self.venue.handle(c.DefineInstrument(SPEC))
        self.venue.handle(c.DefineTradingDay(0))
        self.venue.handle(c.AdvanceTime(nanoseconds("12:00:00")))

    def send(self, request: Request) -> list[Tags]:
        reports = []
        for event in self._events(request):
            if isinstance(event, e.AuctionHeld):
                price = "-" if event.price is None else event.price
                reports.append(auction_held(event.phase, price, event.qty))
            elif isinstance(event, e.PhaseEntered):
                reports.append(phase_entered(event.phase))
            elif event.session:
                fields = parse_fields(encode(event, self.venue.instruments, TIME, FIX44))
                reports.append(fields | {"to": event.session})
        self.venue.check()
        return reports

    def _events(self, request: Request) -> list[Event]:
        session, handle = request.session, self.venue.handle
        if request.msg_type == "time":
            return handle(c.AdvanceTime(nanoseconds(request.words[0])))
        if request.msg_type == "on":
            wish = "cancel" in request.words
            return handle(c.SessionConnected(session, FIRMS[session], wish))
        if request.msg_type == "off":
            reason = ExecRestatementReason[GONE[request.words[0]].upper().replace(" ", "_")]
            return handle(c.SessionDisconnected(session, reason, witnesses(session)))
        if request.msg_type in OPERATED:
            return handle(operation(request))
        watched = TriggerPriceType.BEST_QUOTE if request.quote else TriggerPriceType.LAST_TRADE
        party = msgspec.structs.replace(
            PARTIES[session],
            trigger_price_type=watched,
            post_only=PostOnly(request.post_only or "refuse"),
        )
        command = parse(_text(request), party, self.venue.instruments)
        assert isinstance(command, c.Command), command
        return handle(command)

    def ladder(self) -> Ladder:
        ladder: Ladder = {}
        for side in Side:
            for level in self.venue.markets["X"].book.side(side):
                queue = [(_drawn(o.leaves_qty, o.shown_qty), o.cl_ord_id) for o in level]
                queues = ladder.setdefault(level.price, ([], []))
                queues[side is Side.SELL].extend(queue)
        return ladder

    def indicated(self) -> Indicated:
        told = self.venue.indicative("X")
        assert told is not None
        return _indicated(told.price, told.qty, told.imbalance)


def _indicated(price: int | None, qty: int, imbalance: int) -> Indicated:
    return "-" if price is None else f"{price}", f"{qty}", f"{imbalance}"


def _drawn(leaves_qty: int, shown_qty: int) -> str:
    hidden_qty = leaves_qty - shown_qty
    return f"{shown_qty}+{hidden_qty}" if hidden_qty else f"{shown_qty}"


def _text(request: Request) -> str:
    by_id = request.orig.startswith("#")
    what = request.msg_type
    order = what in "DG"
    touched_limit = request.ord_type == "limit if touched"
    ord_type = {
        "market": "1",
        "stop": "3",
        "stop limit": "4",
        "market if touched": "J",
        "market with left over as limit": "K",
    }.get(request.ord_type, "2")
    date = len(request.expires) == 8 and request.expires.isdecimal()
    instruction = request.instruction and INSTRUCTIONS.index(request.instruction) + 1
    times = ("day", "gtc", "at the opening", "ioc", "fok", "", "gtd", "at the close")
    mass = {"q": "530", "AF": "585"}.get(what, "")
    scope = 1 if request.words else 7
    fields: list[tuple[str, Any]] = [
        ("34", 1),
        ("49", request.session),
        ("52", TIME),
        ("56", "VENUE"),
        ("97", "Y" if request.poss_resend else None),
        ("584" if what == "AF" else "11", request.cl_ord_id),
        ("37", request.orig[1:] if by_id else None),
        ("38", request.qty if order else None),
        ("40", ord_type if order else None),
        ("41", request.orig if what in "FG" and not by_id else None),
        ("44", request.price),
        ("54", request.side and "12"[request.side == "sell"]),
        ("55", "X" if not mass else (request.words or (None,))[0]),
        ("59", request.time_in_force and times.index(request.time_in_force)),
        ("60", TIME),
        (
            "99",
            request.stop_px if request.stop_px is not None or touched_limit else request.touched_px,
        ),
        ("1100", 4 if touched_limit else None),
        ("1102", request.touched_px if touched_limit else None),
        ("432", request.expires if date else None),
        ("126", f"{TODAY}-{request.expires}" if request.expires and not date else None),
        ("111", request.display_qty),
        ("1088", request.refresh_qty),
        ("110", request.min_qty),
        ("18", "6" if request.post_only else "K" if request.cancel_on_halt else None),
        ("2362", request.self_match_prevention_id or None),
        ("2964", instruction),
    ]
    if mass:
        fields.append((mass, scope))
    return format_message("FIX.4.4", what, *fields)


class ReferenceDesk:
    """The naive matcher, its words turned into FIX 4.4's codes."""

    def __init__(self) -> None:
        self.reference = Reference({"X": TERMS})
        self.reference.define_trading_day(0)
        self.reference.advance_time(nanoseconds("12:00:00"))

    def send(self, request: Request) -> list[Tags]:
        told = self._told(request)
        return [tags(each) for each in told if each.to or each.what in ("auction", "phase")]

    def _told(self, request: Request) -> list[Told]:
        reference, session, what = self.reference, request.session, request.msg_type
        words = request.words
        if what == "time":
            return reference.advance_time(nanoseconds(words[0]))
        if what == "on":
            return reference.connected(session, "cancel" in words)
        if what == "off":
            return reference.disconnected(session, GONE[words[0]], witnesses(session))
        if what in OPERATED:
            return operate(reference, request)
        symbol = words[0] if words else ""
        if what == "q":
            scope = "security" if words else "all"
            return reference.mass_cancel(session, request.cl_ord_id, scope, symbol, request.side)
        if what == "AF":
            return reference.mass_status(session, request.cl_ord_id, symbol, request.side)
        who = session, FIRMS[session], request.cl_ord_id
        by_id = request.orig.startswith("#")
        order_id = int(request.orig[1:]) if by_id else None
        if what == "H":
            return reference.status(*who, order_id)
        of = {"symbol": "X", "side": request.side, "poss_resend": request.poss_resend}
        names = {"orig_cl_ord_id": "" if by_id else request.orig, "order_id": order_id}
        if what == "F":
            return reference.cancel(*who, **names, **of)
        of |= {"ord_type": request.ord_type, "price": request.price, "order_qty": request.qty}
        if what == "D":
            time_in_force = request.time_in_force or "day"
            terms = _qualifiers(request)
            return reference.new(*who, **of, time_in_force=time_in_force, qualifiers=terms)
        changes = _qualifiers(request)
        if "post_only" in changes:
            changes["post_only"] = True
        of["time_in_force"] = request.time_in_force
        return reference.replace(*who, **names, **of, changes=changes)

    def indicated(self) -> Indicated:
        told = self.reference.indication("X")
        assert told is not None
        return _indicated(*told)

    def ladder(self) -> Ladder:
        ladder: Ladder = {}
        for order in [*self.reference.resting("X", "buy"), *self.reference.resting("X", "sell")]:
            queues = ladder.setdefault(order.price or 0, ([], []))
            queues[order.side == "sell"].append(_entry(order))
        return ladder


def _entry(order: Order) -> tuple[str, str]:
    return _drawn(order.leaves_qty, order.shown_qty), order.cl_ord_id


def _qualifiers(request: Request) -> dict[str, Any]:
    """Those that the request has, in the reference's words."""
    stop_px = request.touched_px if request.stop_px is None else request.stop_px
    date = len(request.expires) == 8 and request.expires.isdecimal()
    refresh_qty = request.refresh_qty
    if request.msg_type == "D":
        refresh_qty = refresh_qty or request.display_qty
    given = {
        "stop_px": stop_px,
        "trigger_price_type": "best quote" if request.quote else None,
        "expire_date": request.expires if date else None,
        "expire_time": nanoseconds(request.expires) if request.expires and not date else None,
        "display_qty": request.display_qty,
        "refresh_qty": refresh_qty,
        "min_qty": request.min_qty,
        "post_only": request.post_only,
        "cancel_on_halt": request.cancel_on_halt or None,
        "self_match_prevention_id": request.self_match_prevention_id or None,
        "self_match_prevention_instruction": request.instruction,
    }
    return {name: value for name, value in given.items() if value is not None}
