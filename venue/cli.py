"""The `venue` command. What a command needs is imported when it runs, so `--help` is instant."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from venue import __version__
from venue.errors import VenueError

if TYPE_CHECKING:
    from venue.config import Config

app = typer.Typer(
    help="A FIX-protocol trading venue.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

journal_app = typer.Typer(
    help="Read, check and archive the journal, beside a running venue too.", no_args_is_help=True
)
app.add_typer(journal_app, name="journal")

ConfigFile = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Default: the one shipped.")
]
DataDirectory = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Where the journal is. Default: venue.data."),
]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Override a key, as in instruments.AAPL.tick=0.05."
    ),
]


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
    overrides: Overrides = None,
) -> None:
    """Run the venue until it is interrupted."""
    chosen = {"host": host, "port": port, "data": None if data is None else str(data)}
    loaded = _load(config, [*(overrides or ()), *_venue_overrides(chosen)])
    from venue.app import serve

    raise SystemExit(serve(loaded))


@app.command()
def trade(
    comp_id: Annotated[str, typer.Option("--as", metavar="COMP_ID", help="Who to log on as.")],
    host: Annotated[str, typer.Option(help="Where the venue is.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Its port.", min=1, max=65535)] = 9878,
    version: Annotated[str, typer.Option(help="The FIX version to speak.")] = "FIX.4.4",
) -> None:
    """Trade at a venue from the keyboard."""
    from venue.console.app import run

    raise SystemExit(run(comp_id, host, port, version))


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
    symbol: Annotated[str, typer.Option(help="What to trade; its book is empty.")] = "AAPL",
    price: Annotated[str, typer.Option(help="A price it may trade at.")] = "100",
    tick: Annotated[str, typer.Option(help="The step of its prices.")] = "0.01",
    lot: Annotated[str, typer.Option(help="The step of its quantities.")] = "1",
    more: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="What a script needs.")
    ] = None,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for a message.", min=0.01)] = 5.0,
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
    variables |= {"SYMBOL": symbol, "PX": price, "TICK": tick, "LOT": lot}
    variables |= dict(each.partition("=")[::2] for each in more or ())
    venue = Venue(port=port, host=host, target=target, timeout=timeout, variables=variables)
    raise SystemExit(run(venue, paths or [shipped("tests/conformance")], versions, junit, as_json))


@app.command("config")
def check_config(config: ConfigFile = None, overrides: Overrides = None) -> None:
    """Check a configuration without running it."""
    loaded = _load(config, overrides or [])
    sessions, instruments = len(loaded.sessions), len(loaded.instruments)
    typer.echo(f"config OK: {sessions} sessions, {instruments} instruments")


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


@journal_app.command("show")
def show_journal(
    data: DataDirectory = None,
    first: Annotated[
        int | None, typer.Option("--from", metavar="SEQ", help="The first batch.", min=1)
    ] = None,
    last: Annotated[
        int | None, typer.Option("--to", metavar="SEQ", help="The last batch.", min=1)
    ] = None,
    session: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Only what concerns one, as in FIX.4.4:TRADER1."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a batch.")] = False,
    config: ConfigFile = None,
) -> None:
    """Print batches: their time, requests, reports sent and sequence numbers."""
    from venue.journal_tools.printing import print_lines
    from venue.journal_tools.show import show

    print_lines(show(_data(data, config), first, last, session, as_json))


@journal_app.command("check")
def check_journal(data: DataDirectory = None, config: ConfigFile = None) -> None:
    """Read journal and archives through and tell what is damaged; status 1 if anything is."""
    from venue.journal_tools.check import Check
    from venue.journal_tools.printing import print_lines

    check = Check(_data(data, config))
    print_lines(line.text for line in check.lines())
    print_lines([f"{check.faults} faults" if check.faults else "the journal is whole"])
    raise SystemExit(1 if check.faults else 0)


@journal_app.command("archive")
def archive_journal(
    keep: Annotated[
        int, typer.Option(metavar="BATCHES", help="Leave at least so many in the journal.", min=0)
    ] = 0,
    data: DataDirectory = None,
    config: ConfigFile = None,
) -> None:
    """Move old batches to DIR/archive. The venue must be stopped.

    Old are the batches before the newest good snapshot; reports that a session may yet ask for
    stay. Replay and export read the archives, too.
    """
    from venue.journal_tools.archive import archive
    from venue.journal_tools.printing import print_lines

    print_lines(archive(_data(data, config), keep))


@app.command()
def replay(
    journal: Annotated[
        Path | None,
        typer.Argument(help="A data directory, or the journal in it. Default: venue.data."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="SEQ|TIME", help="The moment. Default: the last batch.")
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Compare with every snapshot on the way.")
    ] = False,
    symbol: Annotated[str | None, typer.Option(help="Only this instrument.")] = None,
    depth: Annotated[int, typer.Option(help="Price levels of each book.", min=1)] = 10,
    orders: Annotated[bool, typer.Option("--orders", help="List every live order.")] = False,
    data: DataDirectory = None,
    config: ConfigFile = None,
) -> None:
    """Rebuild any past moment and print its books, sessions and state hash.

    TIME is ISO 8601 or a UTCTimestamp, in UTC: 2026-11-21T08:00:00.5 or 20261121-08:00:00.500.
    With --verify the whole history is carried out again; status 1 where a snapshot differs.
    """
    from venue.journal_tools.printing import print_lines
    from venue.journal_tools.replay import Replay

    if journal and data:
        raise typer.BadParameter("is the same as JOURNAL, give one", param_hint="--data")
    run = Replay(_data(journal or data, config))
    print_lines(run.lines(until, symbol, depth, orders, verify))
    raise SystemExit(1 if run.differences else 0)


@app.command()
def export(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="trades, orders or executions.")],
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="csv, or parquet with pyarrow.")
    ] = "csv",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Default for csv: standard output.")
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="SEQ|TIME", help="Where to begin.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="SEQ|TIME", help="Where to end, included.")
    ] = None,
    data: DataDirectory = None,
    config: ConfigFile = None,
) -> None:
    """Write every trade, order or execution of the journal, a row each.

    Orders are those entered in that time, each as it was when it ended, or at the end. TIME is ISO
    8601 or a UTCTimestamp, in UTC. Parquet: pip install 'venue[parquet]'.
    """
    from venue.journal_tools.export import export
    from venue.journal_tools.printing import unless_unread

    with unless_unread():
        rows = export(_data(data, config), kind, form, out, first, until)
        typer.echo(f"{rows} {kind}" + (f" in {out}" if out else ""), err=True)


def main(arguments: list[str] | None = None) -> None:
    """Run the command; an error the venue knows is one line on stderr, not a traceback."""
    try:
        app(arguments)
    except VenueError as error:
        print(error, file=sys.stderr)
        raise SystemExit(error.exit_status) from None


def _venue_overrides(chosen: dict[str, str | int | None]) -> list[str]:
    return [
        f"venue.{key}={json.dumps(value, ensure_ascii=False)}"
        for key, value in chosen.items()
        if value is not None
    ]


def _data(given: Path | None, config: Path | None) -> Path:
    """The directory given, or that of the configuration."""
    return given or Path(_load(config, []).venue.data)


def _load(path: Path | None, overrides: list[str]) -> "Config":
    from venue.config import load
    from venue.files import shipped

    return load(path or shipped("config/venue.yaml"), overrides)
