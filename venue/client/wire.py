"""FIX text to fields and back. Knows tags and groups, not what they mean."""

from collections.abc import Iterable

SOH = "\x01"
Field = tuple[int, str]


def split_fields(text: str) -> list[Field]:
    """Split a message into its fields, in order."""
    fields = []
    for field in text.rstrip(SOH).split(SOH):
        tag, _, value = field.partition("=")
        fields.append((int(tag), value))
    return fields


def join_fields(fields: Iterable[Field]) -> str:
    """Write fields as message text."""
    return "".join(f"{tag}={value}{SOH}" for tag, value in fields)


def first_values(fields: Iterable[Field]) -> dict[int, str]:
    """Return the first value of every tag."""
    values: dict[int, str] = {}
    for tag, value in fields:
        values.setdefault(tag, value)
    return values


def split_group(fields: list[Field], count_tag: int) -> list[dict[int, str]]:
    """Return the entries of a repeating group; the tag after the count starts each entry.

    What follows the group in the message ends up in its last entry.
    """
    entries: list[dict[int, str]] = []
    start = next((i for i, (tag, _) in enumerate(fields) if tag == count_tag), None)
    if start is None or fields[start][1] == "0" or start + 1 == len(fields):
        return entries
    first_tag = fields[start + 1][0]
    for tag, value in fields[start + 1 :]:
        if tag == first_tag:
            entries.append({})
        entries[-1].setdefault(tag, value)
    return entries


def readable(text: str) -> str:
    """Show a message with | for SOH."""
    return text.replace(SOH, "|")
