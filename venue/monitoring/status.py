"""A picture as JSON, for people and scripts: decimals as texts, times in ISO 8601."""

import os
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from venue import __version__
from venue.monitoring.http import JSON
from venue.monitoring.picture import BookPicture, Picture, SessionPicture

SPANS = ("1s", "10s", "60s")

Tree = dict[str, Any]


def status(picture: Picture) -> tuple[bytes, str]:
    """The page, and its content type."""
    return msgspec.json.encode(status_tree(picture)), JSON


def status_tree(picture: Picture) -> Tree:
    """What `/status` and `venue status --json` tell."""
    return {
        "comp_id": picture.comp_id,
        "version": __version__,
        "process": os.getppid(),
        "address": picture.address,
        "fix_versions": picture.versions,
        "started": when(picture.begun),
        "time": when(picture.time),
        "memory_bytes": resident_bytes(os.getppid()),
        "journal_batch": picture.batch,
        "lag_seconds": round(picture.lag, 3),
        "numbers": picture.numbers,
        "rejects": [
            {"message": message, "reason": reason, "count": count}
            for message, reason, count in picture.refused
        ],
        "rates": {
            name: dict(zip(SPANS, (round(rate, 1) for rate in rates), strict=True))
            for name, rates in picture.rates.items()
        },
        "sessions": [_session(each) for each in picture.sessions],
        "books": [_book(each) for each in picture.books],
    }


def _session(session: SessionPicture) -> Tree:
    return {
        "name": session.name,
        "firm": session.firm,
        "roles": session.roles,
        "logged_on": session.since > 0,
        "since": when(session.since) if session.since else None,
        "address": session.address or None,
        "next_in": session.next_in,
        "next_out": session.next_out,
        "unread_bytes": session.unread,
        "behind": session.is_behind,
        "resending": session.is_resending,
    }


def _book(book: BookPicture) -> Tree:
    tick, lot = Decimal(book.tick), Decimal(book.lot)
    tree: Tree = {
        "symbol": book.symbol,
        "market": book.market,
        "phase": book.phase,
        "halted": book.is_halted,
        "listed": book.is_listed,
    }
    for name, pair in (("bid", book.bid), ("offer", book.offer), ("last", book.last)):
        px, qty = (None, None) if pair is None else (tick * pair[0], lot * pair[1])
        tree[f"{name}_px"] = None if px is None else f"{px.normalize():f}"
        tree[f"{name}_qty"] = None if qty is None else f"{qty.normalize():f}"
    bids, offers = book.levels
    return tree | {"bid_levels": bids, "offer_levels": offers, "waiting_orders": book.waiting}


def when(nanoseconds: int) -> str:
    """To the millisecond, in UTC."""
    moment = datetime.fromtimestamp(nanoseconds // 1_000_000 / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def resident_bytes(process: int) -> int | None:
    """Memory of a process, None where the system does not tell."""
    try:
        with open(f"/proc/{process}/statm") as told:
            return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return None
