"""A status in words: exact decimals, times, and tables that tell who is there."""

import json
import os
import re
from io import StringIO

from rich.console import Console

from tests.unit.monitoring.pictures import picture
from venue.monitoring.status import resident_bytes, status, status_tree, when
from venue.monitoring.view import view


def test_prices_are_exact_decimals() -> None:
    aapl, gone = status_tree(picture())["books"]
    assert (aapl["bid_px"], aapl["bid_qty"]) == ("99.99", "500")
    assert (aapl["offer_px"], aapl["offer_qty"]) == ("100.01", "20")
    assert (aapl["last_px"], aapl["last_qty"]) == ("100", "7")
    assert (gone["bid_px"], gone["last_qty"]) == (None, None)


def test_sessions() -> None:
    never, here, away = status_tree(picture())["sessions"]
    assert (never["logged_on"], never["since"], never["address"]) == (False, None, None)
    assert here["since"] == "2023-11-14T22:11:50.000Z"
    assert (here["next_in"], here["next_out"]) == (12, 345)
    assert (here["behind"], here["resending"], here["unread_bytes"]) == (True, True, 300_000)
    assert away["firm"] == "BE[T]A"


def test_it_is_json() -> None:
    page, content_type = status(picture())
    assert content_type == "application/json"
    assert json.loads(page)["rates"]["trades"] == {"1s": 1.0, "10s": 0.5, "60s": 0.2}


def test_times() -> None:
    assert when(1_700_000_000_123_999_999) == "2023-11-14T22:13:20.123Z"


def test_memory() -> None:
    own = resident_bytes(os.getpid())
    assert own is None or own > 1 << 20
    assert resident_bytes(1 << 30) is None


def shown(everybody: bool) -> str:
    console = Console(width=160, force_terminal=False, record=True, file=StringIO())
    console.print(view(status_tree(picture()), everybody))
    return console.export_text()


def test_the_tables() -> None:
    text = shown(everybody=False)
    assert "up 1d 00:01:01" in text and "1.5 s behind the venue" in text
    assert "sessions, 1 of 3 logged on" in text
    [row] = [line for line in text.splitlines() if "FIX.4.4:TRADER1" in line]
    assert re.split("  +", row.strip()) == [
        *("FIX.4.4:TRADER1", "ALPHA", "order_entry market_data", "00:01:30", "10.0.0.1:5000"),
        *("12", "345", "292 KiB", "behind resending"),
    ]
    assert "BE[T]A" in text and "delisted (halted)" in text
    assert "FIX.4.2:TRADER1" not in text
    assert "FIX.4.2:TRADER1" in shown(everybody=True)
