"""Options that commands share, and what they stand for."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from venue.config import Config

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
LogForm = Annotated[
    str | None,
    typer.Option("--log", metavar="FORMAT", help="Lines as text or json. Overrides log.format."),
]
LogMessages = Annotated[
    bool | None,
    typer.Option(
        "--log-messages/--no-log-messages",
        help="Log every FIX message. Overrides log.messages.",
    ),
]


def one_of(journal: Path | None, data: Path | None) -> Path | None:
    """JOURNAL or --data, which are two words for one thing."""
    if journal and data:
        raise typer.BadParameter("is the same as JOURNAL, give one", param_hint="--data")
    return journal or data


def data_directory(given: Path | None, config: Path | None) -> Path:
    """The directory given, or that of the configuration."""
    return given or Path(load_config(config, []).venue.data)


def load_config(path: Path | None, overrides: list[str]) -> "Config":
    from venue.config import load
    from venue.files import shipped

    return load(path or shipped("config/venue.yaml"), overrides)
