"""A venue with a fault in it: `python -m tests.e2e.faulty_venue FAULT serve ...`.

In its own process, because an exception that leaves a QuickFIX callback ends it.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

from venue import cli
from venue.core.venue import Venue
from venue.gateway import exchange, logon, sender
from venue.gateway.acceptor import Acceptor
from venue.marketdata.feed import Feed
from venue.marketdata.stream import Stream

MARK = "FAULTY"
"""What the ClOrdID or MDReqID of a request begins with that is to meet the fault."""
CALLBACKS = (
    *("onCreate", "onLogon", "onLogout"),
    *("toAdmin", "toApp", "fromAdmin", "fromApp"),
)


class InjectedError(Exception):
    """No part of the venue knows of this."""


def fail_once_beneath(callback: str) -> None:
    """Fail the first call that the callback, or code of ours that it calls, makes to others."""
    target = getattr(Acceptor, callback).__code__

    def watch(frame: FrameType, event: str, arg: Any) -> None:
        if event not in ("call", "c_call"):
            return
        caller = frame if event == "c_call" else frame.f_back
        ours = caller is not None and "/venue/" in caller.f_code.co_filename
        callee = "" if event == "c_call" else frame.f_code.co_filename
        if not ours or "/venue/" in callee or callee.endswith("contextlib.py"):
            return
        while caller is not None and caller.f_code is not target:
            caller = caller.f_back
        if caller is not None:
            raise InjectedError(callback)

    sys.setprofile(watch)


def fail_on_mark(owner: Any, name: str, after: bool = False) -> None:
    """Fail a function for every argument that has the mark, before or after it did its work."""
    original = getattr(owner, name)

    def faulty(*args: Any, **kwargs: Any) -> Any:
        marked = any(MARK in repr(arg) for arg in args if not isinstance(arg, Venue | Feed))
        result = None
        if after or not marked:
            result = original(*args, **kwargs)
        if marked:
            raise InjectedError(name)
        return result

    setattr(owner, name, faulty)


def fail_once(owner: Any, name: str, when: Callable[..., bool] = lambda *_: True) -> None:
    """Fail the first call of a function that `when` is true of."""
    original = getattr(owner, name)

    def faulty(*args: Any, **kwargs: Any) -> Any:
        if when(*args):
            setattr(owner, name, original)
            raise InjectedError(name)
        return original(*args, **kwargs)

    setattr(owner, name, faulty)


FAULTS: dict[str, Callable[[], None]] = {
    "parse": lambda: fail_on_mark(exchange, "parse"),
    "handle": lambda: fail_on_mark(Venue, "handle"),
    "handle, late": lambda: fail_on_mark(Venue, "handle", after=True),
    "encode": lambda: fail_on_mark(exchange, "encode"),
    "subscribe": lambda: fail_on_mark(Feed, "subscribe"),
    "note": lambda: fail_once(Feed, "note", lambda _, changes, *rest: bool(changes)),
    "publish": lambda: fail_once(Stream, "publish"),
    "encode_body": lambda: fail_once(sender, "encode_body"),
    "keep_alive": lambda: fail_once(Acceptor, "keep_alive"),
    "admit": lambda: fail_once(logon, "fields_of"),
}

if __name__ == "__main__":
    fault = sys.argv.pop(1)
    if fault in CALLBACKS:
        fail_once_beneath(fault)
    else:
        FAULTS[fault]()
    with suppress(BrokenPipeError):
        cli.main()
