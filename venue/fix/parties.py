"""The group Parties: firms, and accounts where a message has no Account(1)."""

EXECUTING_FIRM, CUSTOMER_ACCOUNT = "1", "24"
"""PartyRole(452)."""
NO_ACCOUNT = "[N/A]"
"""Account(1) of orders that have none, where there must be one; in a request it means them."""
PROPRIETARY = "D"
"""PartyIDSource(447)."""


def party_fields(*parties: tuple[str, str]) -> list[tuple[str, object]]:
    """The group NoPartyIDs(453), of ids and roles."""
    fields: list[tuple[str, object]] = [("453", len(parties))]
    for party_id, role in parties:
        fields += [("448", party_id), ("447", PROPRIETARY), ("452", role)]
    return fields
