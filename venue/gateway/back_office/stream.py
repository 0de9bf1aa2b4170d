"""What the answers to requests for positions and for trades have in common."""

from collections.abc import Iterable
from typing import Protocol

from venue.gateway.sessions import Session

PositionKey = tuple[str, str, str]
"""Firm, account and symbol of a position."""


class Stream(Protocol):
    """The answer to one request, message by message, and what changes later if that was asked for.

    `idle`: there is nothing to send now; `ended`: nor will there ever be.
    """

    session: Session

    @property
    def idle(self) -> bool: ...

    @property
    def ended(self) -> bool: ...

    def note(self, positions: Iterable[PositionKey], trades: Iterable[int]) -> None:
        """These positions have changed in the batch that the next `step` comes after, and these
        trades have been busted or corrected.
        """

    def step(self) -> list[str]:
        """Do a little of what is to be done; return what is to be sent, which may be nothing."""
