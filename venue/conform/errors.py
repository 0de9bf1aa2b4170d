"""What can go wrong with a script, and with a venue.

ScriptError   the script, or what the run was told, is wrong: the user's mistake
BreachError   the venue did not do what the script says
"""

from venue.errors import VenueError


class ScriptError(VenueError):
    """A script that cannot be run: `FILE:LINE: what is wrong`."""

    exit_status = 2


class BreachError(Exception):
    """The venue did something else than it must; `differences` says what, a line each."""

    def __init__(self, differences: list[str], got: str = "") -> None:
        super().__init__("; ".join(differences))
        self.differences = differences
        self.got = got
