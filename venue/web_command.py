"""`venue web` and `venue web-token`."""

import json
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from venue.errors import ConfigError, VenueError
from venue.options import (
    ConfigFile,
    DataDirectory,
    LogForm,
    LogMessages,
    Overrides,
    data_directory,
    load_config,
)

NEEDED = ("fastapi", "uvicorn", "uvloop", "httptools", "websockets")


def web(
    config: ConfigFile = None,
    host: Annotated[str | None, typer.Option(help="Overrides web.host.")] = None,
    port: Annotated[int | None, typer.Option(help="Overrides web.port.")] = None,
    data: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Overrides venue.data, home of tokens.", readable=False),
    ] = None,
    log: LogForm = None,
    log_messages: LogMessages = None,
    overrides: Overrides = None,
) -> None:
    """Serve REST, WebSocket and the page beside a venue, until interrupted.

    It is a FIX client of the venue of the same configuration, which may be started before, after
    and again.
    """
    chosen = {"web.host": host, "web.port": port, "venue.data": None if data is None else str(data)}
    chosen |= {"log.format": log, "log.messages": log_messages}
    options = [f"{key}={json.dumps(value)}" for key, value in chosen.items() if value is not None]
    loaded = load_config(config, [*(overrides or ()), *options])
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise VenueError(f"venue web needs {', '.join(missing)}: pip install {' '.join(missing)}")
    from venue.web.server import serve_web

    raise SystemExit(serve_web(loaded))


def web_token(
    user: Annotated[str, typer.Argument(metavar="USER", help="Whose token, one of web.users.")],
    config: ConfigFile = None,
    data: DataDirectory = None,
    name: Annotated[
        str, typer.Option(help="What to call it, each of a user once.", show_default=True)
    ] = "token",
    read_only: Annotated[bool, typer.Option("--read-only", help="It may only look.")] = False,
    expires: Annotated[
        str | None, typer.Option(metavar="DATE", help="From this day on it is refused, UTC.")
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the token away.")] = False,
) -> None:
    """Make an API token of the web and print it, once: only its hash is kept.

    A running web knows it at once, and forgets one that is removed.
    """
    from venue.web.accounts.tokens import Token, TokenFile, hashed, new_token
    from venue.web.settings import settings_of

    users = [each.name for each in settings_of(load_config(config, [])).everybody]
    where = data_directory(data, config)
    if remove:
        had = where.is_dir() and TokenFile(where).remove(user, name)
        typer.echo(f"token {name} of {user} removed" if had else f"{user} had no token {name}")
        return
    if user not in users:
        raise ConfigError("command line", "USER", user, f"one of the users {', '.join(users)}")
    if not (name.isascii() and name.isprintable() and 0 < len(name) <= 32 and " " not in name):
        expected = "1 to 32 printable ASCII characters without spaces"
        raise ConfigError("command line", "--name", repr(name), expected)
    try:
        where.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise VenueError(f"{where}: cannot be made: {error.strerror}") from None
    token = new_token()
    last = None if expires is None else _date(expires)
    TokenFile(where).add(Token(user, name, hashed(token), read_only, last))
    typer.echo(token)


def _date(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if found <= datetime.now(UTC).date():
        raise ConfigError("command line", "--expires", text, "a date to come, YYYY-MM-DD")
    return found
