"""A status as tables on a terminal."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

Tree = dict[str, Any]

RATES = {
    "messages_received": "messages in",
    "messages_sent": "messages out",
    "market_data_messages_sent": "market data out",
    "orders": "orders",
    "trades": "trades",
    "batches": "batches",
}
NONE = "-"


def view(tree: Tree, everybody: bool = False) -> RenderableType:
    """All of `venue status`; of `everybody`, also of those who have never been there."""
    return Group(*_parts(tree, everybody))


def _parts(tree: Tree, everybody: bool) -> Iterator[RenderableType]:
    running = _span(tree["started"], tree["time"])
    memory = _bytes(tree["memory_bytes"]) if tree["memory_bytes"] else NONE
    yield Text(
        f"{tree['comp_id']} on {tree['address']}, {', '.join(tree['fix_versions'])}, version"
        f" {tree['version']}, process {tree['process']}\n"
        f"up {running}, {memory} of memory, journal batch {tree['journal_batch']:,},"
        f" {tree['numbers']['orders_remembered']:,} orders, {tree['numbers']['positions']:,}"
        " positions"
        + (f", {tree['lag_seconds']} s behind the venue" if tree["lag_seconds"] else "")
    )
    yield _rates(tree["rates"])
    yield _sessions(tree, everybody)
    yield _books(tree["books"])
    if tree["rejects"]:
        yield _rejects(tree["rejects"])


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(name, no_wrap=name != "roles")
    return table


def _rates(rates: Tree) -> Table:
    table = _table("rates", "per second")
    for span in ("1 s", "10 s", "60 s"):
        table.add_column(span, justify="right", no_wrap=True)
    for name, title in RATES.items():
        table.add_row(title, *(f"{rate:,.1f}" for rate in rates[name].values()))
    return table


def _sessions(tree: Tree, everybody: bool) -> Table:
    online = sum(each["logged_on"] for each in tree["sessions"])
    title = f"sessions, {online} of {len(tree['sessions'])} logged on"
    table = _table(title, "session", "firm", "roles", "since", "from")
    for name in ("next in", "next out", "unread"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    for each in tree["sessions"]:
        has_been = each["logged_on"] or each["next_in"] > 1 or each["next_out"] > 1
        if not has_been and not everybody:
            continue
        marks = [name for name in ("behind", "resending") if each[name]]
        since = _span(each["since"], tree["time"]) if each["logged_on"] else NONE
        table.add_row(
            Text(each["name"]),
            Text(each["firm"]),
            " ".join(each["roles"]),
            since,
            each["address"] or NONE,
            f"{each['next_in']:,}",
            f"{each['next_out']:,}",
            _bytes(each["unread_bytes"]) if each["unread_bytes"] else "",
            " ".join(marks),
            style=None if each["logged_on"] else "dim",
        )
    return table


def _books(books: list[Tree]) -> Table:
    table = _table("books", "symbol", "market", "phase")
    for name in ("bid qty", "bid", "offer", "offer qty", "last", "levels", "waiting"):
        table.add_column(name, justify="right", no_wrap=True)
    for each in books:
        phase = each["phase"] if each["listed"] else "delisted"
        table.add_row(
            Text(each["symbol"]),
            Text(each["market"]),
            phase + (" (halted)" if each["halted"] and phase != "halt" else ""),
            *(each[name] or NONE for name in ("bid_qty", "bid_px", "offer_px", "offer_qty")),
            each["last_px"] or NONE,
            f"{each['bid_levels']:,} / {each['offer_levels']:,}",
            f"{each['waiting_orders']:,}",
        )
    return table


def _rejects(rejects: list[Tree]) -> Table:
    table = _table("refused since the start", "refused with", "reason")
    table.add_column("count", justify="right", no_wrap=True)
    for each in sorted(rejects, key=lambda each: -each["count"]):
        table.add_row(each["message"], each["reason"], f"{each['count']:,}")
    return table


def _span(since: str, until: str) -> str:
    """The time between two moments, as 2d 03:04:05 or 03:04:05."""
    begin, end = datetime.fromisoformat(since), datetime.fromisoformat(until)
    seconds = max(0, int((end - begin).total_seconds()))
    days, rest = divmod(seconds, 86_400)
    clock = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}:{rest % 60:02d}"
    return f"{days}d {clock}" if days else clock


def _bytes(count: int) -> str:
    """Rounded, as 12 KiB."""
    for unit in ("B", "KiB", "MiB"):
        if count < 10_000:
            return f"{count:,} {unit}"
        count //= 1024
    return f"{count:,} GiB"
