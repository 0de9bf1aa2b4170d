"""What the venue itself does in a script: phases, halts, other terms for the one instrument."""

from dataclasses import replace
from decimal import Decimal

import msgspec

from tests.ladders.script import Request
from tests.reference import Reference, Terms, Told
from venue.core import commands as c
from venue.core.instrument import InstrumentSpec
from venue.core.types import TradingPhase

TERMS = Terms(reference_price=100, min_qty=1, max_qty=20_000, collar=50)
SPEC = InstrumentSpec(
    "X", *map(Decimal, (1, 1, TERMS.reference_price, 1, TERMS.max_qty, TERMS.collar)), "USD"
)
OPERATED = ("phase", "halt", "resume", "delist", "list", "bust", "correct")
"""What nobody asks for who trades."""
LISTED = {
    "limit": "collar",
    "dynamic": "dynamic_collar",
    "static": "static_collar",
    "seconds": "interruption_seconds",
    "random": "interruption_random_seconds",
}


def operation(request: Request) -> c.Command:
    """The command that has the venue do it."""
    words = request.words
    if request.msg_type == "phase":
        return c.EnterPhase(TERMS.market, None if words == ("none",) else TradingPhase(words[0]))
    if request.msg_type == "halt":
        return c.HaltInstrument("X")
    if request.msg_type == "resume":
        return c.ResumeInstrument("X", int(words[0]) if words else 0)
    if request.msg_type == "delist":
        return c.DelistInstrument("X")
    if request.msg_type == "bust":
        return c.BustTrade(int(words[0]))
    if request.msg_type == "correct":
        return c.CorrectTrade(*map(int, words))
    terms = listed(request)
    dynamic, static = (
        None if percent is None else Decimal(percent)
        for percent in (terms.dynamic_collar, terms.static_collar)
    )
    spec = msgspec.structs.replace(
        SPEC,
        collar_percent=Decimal(terms.collar),
        dynamic_collar_percent=dynamic,
        static_collar_percent=static,
        interruption_seconds=terms.interruption_seconds,
        interruption_random_seconds=terms.interruption_random_seconds,
    )
    return c.DefineInstrument(spec)


def operate(reference: Reference, request: Request) -> list[Told]:
    """Have the reference do it."""
    what, words = request.msg_type, request.words
    if what == "phase":
        phase = None if words == ("none",) else words[0].replace("_", " ")
        return reference.enter_phase(TERMS.market, phase)
    if what == "halt":
        return reference.halt("X")
    if what == "resume":
        return reference.resume("X", int(words[0]) if words else 0)
    if what == "delist":
        return reference.delist("X")
    if what == "bust":
        return reference.bust(int(words[0]))
    if what == "correct":
        return reference.correct(*map(int, words))
    return reference.define_instrument("X", listed(request))


def listed(request: Request) -> Terms:
    """The terms that a request to list X gives."""
    pairs = zip(request.words[::2], request.words[1::2], strict=True)
    return replace(TERMS, **{LISTED[name]: int(value) for name, value in pairs})
