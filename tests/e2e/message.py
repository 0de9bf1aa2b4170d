"""A FIX message as text: enough of the protocol to talk to a venue, sharing no code with one."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

SOH = "\x01"
BEGIN_STRING = "FIX.4.4"

Fields = Mapping[int, object] | Iterable[tuple[int, object]]
"""Fields by tag, or in order where tags repeat. None leaves a field out."""


class Message:
    """Fields in the order of the wire; `message[tag]` is the first value of a tag."""

    def __init__(self, text: str) -> None:
        parts = (part.partition("=") for part in text.split(SOH) if part)
        self.pairs = [(int(tag), value) for tag, _, value in parts]
        self.fields = dict(reversed(self.pairs))
        self.type = self.fields[35]

    def __getitem__(self, tag: int) -> str:
        if tag not in self.fields:
            raise AssertionError(f"no tag {tag} in {self}")
        return self.fields[tag]

    def get(self, tag: int) -> str | None:
        return self.fields.get(tag)

    def entries(self, first: int) -> list[dict[int, str]]:
        """The entries of the repeating group that begin with tag `first`."""
        found: list[dict[int, str]] = []
        for tag, value in self.pairs:
            if tag == first:
                found.append({})
            if found and tag != 10:
                found[-1][tag] = value
        return found

    def has(self, expected: Mapping[int, object]) -> "Message":
        """Assert fields by tag; None is a field that must be absent."""
        wrong = {
            tag: (self.get(tag), value)
            for tag, value in expected.items()
            if self.get(tag) != (None if value is None else str(value))
        }
        assert not wrong, f"tag: (is, should be) {wrong} in {self}"
        return self

    def names(self, *words: object) -> "Message":
        """Assert that Text(58) says each of `words`."""
        for word in words:
            assert str(word) in self[58], f"Text(58) does not say {word}: {self}"
        return self

    def __repr__(self) -> str:
        return "|".join(f"{tag}={value}" for tag, value in self.pairs)[:1000]


def pairs(fields: Fields) -> list[tuple[int, object]]:
    listed = fields.items() if isinstance(fields, Mapping) else fields
    return [(tag, value) for tag, value in listed if value is not None]


def utc_now() -> str:
    return datetime.now(UTC).strftime("%Y%m%d-%H:%M:%S.%f")[:-3]


def frame(fields: Fields, body_length: int | None = None, check_sum: str | None = None) -> bytes:
    """`fields`, from MsgType(35) on, as bytes; a wrong BodyLength or CheckSum may be given."""
    body = b"".join(f"{tag}={value}{SOH}".encode("latin-1") for tag, value in pairs(fields))
    length = len(body) if body_length is None else body_length
    whole = f"8={BEGIN_STRING}{SOH}9={length}{SOH}".encode() + body
    if check_sum is None:
        check_sum = f"{sum(whole) % 256:03d}"
    return whole + f"10={check_sum}{SOH}".encode("latin-1")
