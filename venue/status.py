"""`venue status`: how a running venue is.

What it needs is imported when it runs, so `--help` is instant.
"""

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any

import typer

from venue.options import ConfigFile, DataDirectory, data_directory

VENUE, MARKET_DATA = "venue.sock", "marketdata.sock"


def status(
    data: DataDirectory = None,
    config: ConfigFile = None,
    market_data: Annotated[
        bool, typer.Option("--marketdata", help="Of the market data process.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Again and again, until ^C.")] = False,
    seconds: Annotated[
        float, typer.Option("--every", metavar="SECONDS", help="Of --watch.", min=0.1)
    ] = 2.0,
    everybody: Annotated[
        bool, typer.Option("--all", help="Sessions that were never logged on, too.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show a running venue: sessions, books, rates; status 1 where none runs or it is not well.

    It is asked through a socket in its data directory, so on the same machine, by the same user.
    """
    from venue.monitoring.ask import ask

    path = data_directory(data, config) / (MARKET_DATA if market_data else VENUE)

    def told() -> Any:
        return json.loads(ask(path, "/status"))

    with suppress(KeyboardInterrupt):
        if as_json:
            print(json.dumps(told()), flush=True)
            while watch:
                time.sleep(seconds)
                print(json.dumps(told()), flush=True)
        else:
            _show(told, seconds if watch else None, everybody)


def _show(told: Callable[[], Any], every: float | None, everybody: bool) -> None:
    from rich.console import Console
    from rich.live import Live

    from venue.errors import VenueError
    from venue.monitoring.view import view

    console = Console(highlight=False)
    if not sys.stdout.isatty():
        console.width = max(console.width, 160)
    if every is None:
        console.print(view(told(), everybody))
        return
    with Live(view(told(), everybody), console=console, screen=console.is_terminal) as live:
        while True:
            time.sleep(every)
            try:
                live.update(view(told(), everybody), refresh=True)
            except VenueError as error:
                live.update(str(error), refresh=True)
