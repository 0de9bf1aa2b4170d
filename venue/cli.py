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

ConfigFile = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Default: the one shipped.")
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
        Path | None, typer.Option(metavar="DIR", help="Overrides venue.data, home of the journal.")
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


@app.command("config")
def check_config(config: ConfigFile = None, overrides: Overrides = None) -> None:
    """Check a configuration without running it."""
    loaded = _load(config, overrides or [])
    sessions, instruments = len(loaded.sessions), len(loaded.instruments)
    typer.echo(f"config OK: {sessions} sessions, {instruments} instruments")


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


def _load(path: Path | None, overrides: list[str]) -> "Config":
    from venue.config import load
    from venue.files import shipped

    return load(path or shipped("config/venue.yaml"), overrides)
