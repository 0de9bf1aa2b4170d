"""What can go wrong at the client's side of a session.

ClientError
 ├── LogonFailed         the session never came up
 ├── NotLoggedOn         a request while the session is down
 ├── NothingArrived      a wait ran out (also a TimeoutError)
 └── UnreadableMessage   a message that passed the dictionary but makes no sense
"""
# ruff: noqa: N818 - what happened is the better name


class ClientError(Exception):
    """The root of every error of the client."""


class LogonFailed(ClientError):
    """The venue could not be reached, or `is_refused`: it said why it does not want the Logon."""

    def __init__(self, text: str, is_refused: bool = False) -> None:
        super().__init__(text)
        self.is_refused = is_refused


class NotLoggedOn(ClientError):
    """The session is down, so the request was not sent."""


class NothingArrived(ClientError, TimeoutError):
    """The event waited for did not arrive in time."""


class UnreadableMessage(ClientError):
    """A message of the venue lacks a field the client can not do without."""
