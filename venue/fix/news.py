"""News (B) from the venue's operator, in every version."""

from msgspec import Struct

from venue.fix.message import format_message
from venue.fix.versions import Version


class News(Struct, frozen=True):
    """One line under a headline. Its group has one instance, so it comes out right from who knows
    no groups.
    """

    headline: str
    text: str

    def encode(self, version: Version) -> str:
        return format_message(
            version.begin_string,
            "B",
            ("33", "1"),
            ("58", self.text),
            ("148", self.headline),
        )
