"""The `venue` command. What a command needs is imported when it runs, so `--help` is instant."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from venue import __version__
from venue.admin import app as admin_app
from venue.errors import VenueError
from venue.history import app as history_app
from venue.options import (
    ConfigFile,
    DataDirectory,
    LogForm,
    LogMessages,
    Overrides,
    data_directory,
    load_config,
)
from venue.status import status
from venue.web_command import web, web_token

app = typer.Typer(
    help="A FIX-protocol trading venue.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(history_app)
app.command()(status)
app.add_typer(admin_app, name="admin")
app.command()(web)
app.command()(web_token)


@app.callback(invoke_without_command=True)
def options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    if version:
        typer.echo(f"venue {__version__}")
        raise typer.Exit


@app.command()
def serve(
    config: ConfigFile = None,
    host: Annotated[str | None, typer.Option(help="Overrides venue.host.")] = None,
    port: Annotated[int | None, typer.Option(help="Overrides venue.port.")] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Overrides venue.data, home of the journal.", readable=False
        ),
    ] = None,
    log: LogForm = None,
    log_messages: LogMessages = None,
    overrides: Overrides = None,
) -> None:
    """Run the venue until it is interrupted."""
    chosen = {"host": host, "port": port, "data": None if data is None else str(data)}
    logging = _overriding("log", {"format": log, "messages": log_messages})
    loaded = load_config(config, [*(overrides or ()), *_overriding("venue", chosen), *logging])
    from venue.app import serve

    raise SystemExit(serve(loaded))


@app.command()
def marketdata(
    config: ConfigFile = None,
    host: Annotated[str | None, typer.Option(help="Overrides marketdata.host.")] = None,
    port: Annotated[int | None, typer.Option(help="Overrides marketdata.port.")] = None,
    data: DataDirectory = None,
    log: LogForm = None,
    log_messages: LogMessages = None,
    overrides: Overrides = None,
) -> None:
    """Serve market data beside a venue, from its journal, until interrupted.

    The venue of the same configuration then serves none itself: with `marketdata.port` it tells
    who asks where to go. It may be started before, after and again.
    """
    chosen = [*(overrides or ())]
    if data is not None:
        chosen += _overriding("venue", {"data": str(data)})
    chosen += _overriding("marketdata", {"host": host, "port": port})
    chosen += _overriding("log", {"format": log, "messages": log_messages})
    loaded = load_config(config, chosen)
    from venue.marketdata_app import serve_market_data

    raise SystemExit(serve_market_data(loaded))


@app.command()
def trade(
    comp_id: Annotated[str, typer.Option("--as", metavar="COMP_ID", help="Who to log on as.")],
    host: Annotated[str, typer.Option(help="Where the venue is.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Its port.", min=1, max=65535)] = 9878,
    target: Annotated[str, typer.Option(help="Its CompID.")] = "VENUE",
    version: Annotated[str, typer.Option(help="The FIX version to speak.")] = "FIX.4.4",
    username: Annotated[str | None, typer.Option(help="With a password; default COMP_ID.")] = None,
    password: Annotated[
        str | None, typer.Option(envvar="VENUE_PASSWORD", help="By default none.")
    ] = None,
) -> None:
    """Trade at a venue from the keyboard."""
    from venue.console.app import run

    raise SystemExit(run(comp_id, host, port, target, version, username, password))


@app.command()
def conform(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[DIR_OR_FILE]...", help="Scripts (*.fix); by default the venue's."),
    ] = None,
    port: Annotated[int, typer.Option(help="The venue's port.", min=1, max=65535)] = 9878,
    host: Annotated[str, typer.Option(help="Where the venue is.")] = "127.0.0.1",
    target: Annotated[str, typer.Option(help="The venue's CompID.")] = "VENUE",
    versions: Annotated[
        str, typer.Option(metavar="V,V", help="FIX versions to speak.")
    ] = "FIX.4.2,FIX.4.4,FIX.5.0SP2",
    sender: Annotated[str, typer.Option(help="Our CompID.")] = "TRADER1",
    other: Annotated[str, typer.Option(help="One of another firm, to trade with.")] = "TRADER3",
    colleague: Annotated[str, typer.Option(help="One of our firm; empty: none.")] = "TRADER2",
    watcher: Annotated[str, typer.Option(help="One for market data; empty: none.")] = "MD1",
    operator: Annotated[str, typer.Option(help="One that may halt; empty: none.")] = "OPERATOR",
    symbol: Annotated[str, typer.Option(help="What to trade; its book is empty.")] = "AAPL",
    price: Annotated[str, typer.Option(help="A price it may trade at.")] = "100",
    tick: Annotated[str, typer.Option(help="The step of its prices.")] = "0.01",
    lot: Annotated[str, typer.Option(help="The step of its quantities.")] = "1",
    more: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="What a script needs.")
    ] = None,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for a message.", min=0.01)] = 5.0,
    username: Annotated[
        str | None, typer.Option(help="With a password; default each CompID.")
    ] = None,
    password: Annotated[
        str | None, typer.Option(envvar="VENUE_PASSWORD", help="Of every CompID; by default none.")
    ] = None,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Write JUnit's XML.")] = None,
    as_json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write JSON.")
    ] = None,
) -> None:
    """Run conformance scripts against a venue and report; status 1 if any of them fails."""
    from venue.conform.command import run
    from venue.conform.runner import Venue
    from venue.files import shipped

    variables = {"SENDER": sender, "OTHER": other, "COLLEAGUE": colleague, "WATCHER": watcher}
    variables |= {"OPERATOR": operator, "SYMBOL": symbol, "PX": price, "TICK": tick, "LOT": lot}
    variables |= dict(each.partition("=")[::2] for each in more or ())
    where = port, host, target, timeout
    venue = Venue(*where, variables, username, password)
    raise SystemExit(run(venue, paths or [shipped("tests/conformance")], versions, junit, as_json))


@app.command("config")
def check_config(config: ConfigFile = None, overrides: Overrides = None) -> None:
    """Check a configuration without running it."""
    loaded = load_config(config, overrides or [])
    sessions, instruments = len(loaded.sessions), len(loaded.instruments)
    typer.echo(f"config OK: {sessions} sessions, {instruments} instruments")


@app.command()
def passwd(
    comp_id: Annotated[
        str | None, typer.Argument(metavar="[COMP_ID]", help="Whose password, in all versions.")
    ] = None,
    config: ConfigFile = None,
    data: DataDirectory = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the password away.")] = False,
    print_only: Annotated[
        bool, typer.Option("--print", help="Print the hash instead, for the configuration.")
    ] = False,
) -> None:
    """Set the password of a session that has `password: stored`.

    It is asked for, or read as a line from a pipe. A running venue knows it at once; who is logged
    on stays so.
    """
    from venue.passwd import print_hash, store

    if print_only == (comp_id is not None) or (remove and print_only):
        raise typer.BadParameter("either a CompID or --print, and --remove only with a CompID")
    if comp_id is None:
        print_hash()
        return
    store(load_config(config, []), data_directory(data, config), comp_id, remove)


@app.command()
def dictionary(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="FIX.4.2, FIX.4.4, FIX.5.0SP2, or FIXT.1.1, which it needs, too."
        ),
    ],
) -> None:
    """Print the QuickFIX dictionary of a FIX version, as the venue reads it, for a client."""
    from venue.fix.dictionary import FILES
    from venue.gateway.dictionaries import venue_dictionary

    if name not in FILES:
        raise typer.BadParameter(f"{name} is none of {', '.join(FILES)}", param_hint="NAME")
    typer.echo(venue_dictionary(name), nl=False)


def main(arguments: list[str] | None = None) -> None:
    """Run the command; an error the venue knows is one line on stderr, not a traceback."""
    try:
        app(arguments)
    except VenueError as error:
        print(error, file=sys.stderr)
        raise SystemExit(error.exit_status) from None


def _overriding(section: str, chosen: Mapping[str, str | int | None]) -> list[str]:
    return [
        f"{section}.{key}={json.dumps(value, ensure_ascii=False)}"
        for key, value in chosen.items()
        if value is not None
    ]
