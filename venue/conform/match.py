"""Whether a message is the one expected."""

from collections.abc import Iterator

from venue.conform.message import Message
from venue.conform.script import Field
from venue.conform.values import Values

_GROUPS = frozenset({"146", "267", "268"})
"""Counts of repeating groups; what follows one in a script belongs to its entries."""
Wanted = list[tuple[str, str | None]]


def differences(expected: list[Field], got: Message, values: Values) -> list[str]:
    """What is wrong with `got`: `TAG: expected THIS, got THAT`. Binds variables."""
    if (found := _first_of(expected, "35", got, values)) is not None:
        return [found]
    head, entries = _split([(field.tag, field.value) for field in expected])
    wrong = list(_compare(head, dict(reversed(got.pairs)), values, ""))
    if entries:
        group = _split([(tag, value) for tag, value in got.pairs])[1]
        if len(group) != len(entries):
            wrong.append(f"{len(entries)} entries in the group, got {len(group)}")
        for number, (wanted, there) in enumerate(zip(entries, group, strict=False), 1):
            present = {tag: value for tag, value in reversed(there) if value is not None}
            wrong += _compare(wanted, present, values, f"entry {number}: ")
    return wrong


def _first_of(expected: list[Field], tag: str, got: Message, values: Values) -> str | None:
    wanted = [(field.tag, field.value) for field in expected if field.tag == tag]
    return next(_compare(wanted, dict(reversed(got.pairs)), values, ""), None)


def _split(fields: Wanted) -> tuple[Wanted, list[Wanted]]:
    """The fields before a group's entries, and the entries: each begins with the group's first."""
    count = next((at for at, (tag, _) in enumerate(fields) if tag in _GROUPS), len(fields))
    head, rest = fields[: count + 1], fields[count + 1 :]
    entries: list[Wanted] = []
    for field in rest:
        if field[0] == rest[0][0]:
            entries.append([])
        entries[-1].append(field)
    return head, entries


def _compare(wanted: Wanted, there: dict[str, str], values: Values, where: str) -> Iterator[str]:
    for tag, value in wanted:
        got = there.get(tag)
        if value is None:
            if got is not None:
                yield f"{where}{tag}: expected none, got {got}"
        elif got is None:
            yield f"{where}{tag}: expected {values.shown(Field(tag, value))[:-1]}, got none"
        elif (expected := values.mismatch(tag, value, got)) is not None:
            yield f"{where}{tag}: expected {expected}, got {got}"
