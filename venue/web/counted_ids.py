"""OrderIDs and TradeIDs: the venue counts, and writes the number without zeros before it. Pure."""


def age(counted: str) -> tuple[int, str]:
    """What to sort ids by: a longer one is younger."""
    return len(counted), counted
