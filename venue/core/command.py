"""What every command is."""

from msgspec import Struct


class Command(Struct, array_like=True, gc=False, frozen=True):
    """Anything `Venue.handle` takes."""
