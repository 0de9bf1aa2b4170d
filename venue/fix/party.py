"""Who a FIX session is to the venue."""

from msgspec import Struct

from venue.fix.versions import Version


class Party(Struct, frozen=True):
    """A session's name in the core, whom it trades for, what it may do, and the FIX it speaks."""

    session: str
    firm: str
    version: Version
    order_entry: bool
    market_data: bool
