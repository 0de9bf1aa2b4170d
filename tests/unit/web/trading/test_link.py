"""What a link does not let through."""

from typing import Any, cast

import pytest

from venue.client import Client
from venue.web.link import Link, LinkSettings
from venue.web.messages import MessageLog
from venue.web.problems import Problem


class Sent:
    """A session that notes what is sent."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, Any]] = []

    def send(self, msg_type: str, fields: Any) -> None:
        self.messages.append((msg_type, fields))


def up() -> tuple[Link, Sent]:
    link, sent = Link(LinkSettings(comp_id="WEB1", host="127.0.0.1", port=1), MessageLog()), Sent()
    link.state, link._client = "up", cast(Client, sent)
    return link, sent


@pytest.mark.parametrize("text", ["AAPL\x01146=0", "\x01", "Z\u00fcrich", "\ud800"])
def test_value_that_is_none_is_not_sent(text: str) -> None:
    link, sent = up()
    with pytest.raises(Problem) as raised:
        link.send("V", [(262, "r"), (55, text)])
    assert (raised.value.status, raised.value.code, sent.messages) == (422, "invalid", [])


def test_iterator_is_sent_whole() -> None:
    link, sent = up()
    link.send("V", iter([(262, "r"), (55, "AAPL")]))
    assert [(msg_type, [*fields]) for msg_type, fields in sent.messages] == [
        ("V", [(262, "r"), (55, "AAPL")])
    ]
