"""How FIX versions differ for a client, in one table."""

from collections.abc import Mapping

import msgspec

from venue.client.errors import ClientError


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """What one version calls what the client says; its dictionaries are quickfix's own."""

    begin_string: str
    dictionaries: tuple[str, ...]
    display_qty: int = 111
    """The tag of an iceberg's displayed quantity: MaxFloor before DisplayQty(1138)."""
    self_match_prevention: tuple[int, int] = (9362, 9964)
    """The tags of id and instruction: the venue's own before 2362 and 2964."""
    market_id: int = 336
    """The tag of a market's name: TradingSessionID before MarketID(1301)."""
    has_security_lists: bool = True
    has_mass_requests: bool = True
    has_ord_status_req_id: bool = True


VERSIONS: Mapping[str, Version] = {
    "FIX.4.2": Version(
        begin_string="FIX.4.2",
        dictionaries=("FIX42.xml",),
        has_security_lists=False,
        has_mass_requests=False,
        has_ord_status_req_id=False,
    ),
    "FIX.4.4": Version(begin_string="FIX.4.4", dictionaries=("FIX44.xml",)),
    "FIX.5.0SP2": Version(
        begin_string="FIXT.1.1",
        dictionaries=("FIXT11.xml", "FIX50SP2.xml"),
        display_qty=1138,
        market_id=1301,
        self_match_prevention=(2362, 2964),
    ),
}


def version_named(name: str) -> Version:
    """Return a version by its name, or raise ClientError."""
    if name not in VERSIONS:
        raise ClientError(f"version: {name!r} is none of {', '.join(VERSIONS)}")
    return VERSIONS[name]
