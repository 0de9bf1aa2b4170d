"""`venue passwd`: sets, removes and prints passwords of sessions."""

import getpass
import sys
from pathlib import Path

import typer

from venue.config import Config
from venue.configuration.access import STORED
from venue.errors import ConfigError, VenueError
from venue.password_file import PasswordFile
from venue.passwords import fault, hash_password


def print_hash() -> None:
    """Ask for a password and print its hash, for `password` in a configuration."""
    typer.echo(str(hash_password(_new_password("the session"))))


def store(config: Config, data: Path, comp_id: str, remove: bool) -> None:
    """Store the password of a CompID, or remove it. Raise `VenueError` where that cannot be.

    A venue that runs goes by it from the next Logon on.
    """
    session = next((each for each in config.sessions if each.comp_id == comp_id), None)
    if session is None and not remove:
        known = ", ".join(each.comp_id for each in config.sessions)
        raise ConfigError("command line", "COMP_ID", comp_id, f"one of the sessions {known}")
    password = None if remove else hash_password(_new_password(comp_id))
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise VenueError(f"{data}: cannot be made: {error.strerror}") from None
    had = PasswordFile(data).set(comp_id, password)
    if remove:
        typer.echo(f"password of {comp_id} removed" if had else f"{comp_id} had no password")
        return
    typer.echo(f"password of {comp_id} {'changed' if had else 'set'}")
    if session is not None and session.password != STORED:
        text = f"but the configuration does not ask for it: say `password: {STORED}` of {comp_id}"
        typer.echo(text, err=True)


def _new_password(whose: str) -> str:
    """What is typed twice, or what comes as a line from a pipe."""
    if sys.stdin.isatty():
        password = getpass.getpass(f"New password of {whose}: ")
        if getpass.getpass("Once more: ") != password:
            raise VenueError("the two passwords differ, nothing is changed")
    else:
        password = sys.stdin.readline().removesuffix("\n").removesuffix("\r")
    why = fault(password)
    if why is not None:
        raise VenueError(f"the password {why}")
    return password
