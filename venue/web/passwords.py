"""The passwords with which the web logs on to the venue."""

from pathlib import Path

from venue.config import Config, WebConfig
from venue.configuration.access import NO_PASSWORD
from venue.errors import VenueError
from venue.private_file import PrivateFile
from venue.yaml_document import Document


def session_passwords(config: Config, settings: WebConfig) -> dict[str, str]:
    """The password of each session of the web that has one, by CompID.

    Raise `VenueError` where the file is not to be trusted, or has not the password that a session
    needs.
    """
    passwords = {} if settings.password_file is None else _read(Path(settings.password_file))
    needed = {each.comp_id for each in config.sessions if each.password != NO_PASSWORD}
    for comp_id in settings.comp_ids:
        if comp_id in needed and comp_id not in passwords:
            where = settings.password_file or "web.password_file"
            raise VenueError(f"{where}: no password of {comp_id}, which has to log on with one")
    return passwords


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        raise VenueError(f"{path}: no such file, web.password_file names it")
    text = PrivateFile(path).read().decode("utf-8", "replace")
    try:
        tree = Document(str(path), text).tree
    except VenueError:
        tree = None  # what is wrong there may be a password
    if not isinstance(tree, dict) or not all(isinstance(each, str) for each in tree.values()):
        raise VenueError(f"{path}: expected lines of the form COMP_ID: password")
    return tree
