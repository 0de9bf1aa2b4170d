"""A link whose venue is the test: it sees what is sent, and says what arrives."""

import itertools
from collections.abc import Callable, Iterable, Sequence
from types import SimpleNamespace
from typing import Any, cast

from venue.client import BusinessReject, Client, Event, LoggedOn, LoggedOut, SessionReject
from venue.client.parse import parse_event
from venue.client.wire import Field, first_values, join_fields
from venue.web.link import Handler, Link
from venue.web.pace import Pace
from venue.web.problems import venue_down

USUAL = (
    "37=1 11=one 17=1 150=0 39=0 55=AAPL 54=1 40=2 59=0 44=100"
    " 38=10 151=10 14=0 6=0 60=20260102-10:00:00.000"
)


class FakeLink:
    """Up from the beginning. `sent` are MsgTypes with their fields, `drops` says what is lost."""

    def __init__(self, comp_id: str = "WEB1") -> None:
        self.comp_id = comp_id
        self.is_up = True
        self.text: str | None = None
        self.pace: Pace | None = None
        self.sent: list[tuple[str, dict[int, str]]] = []
        self.answers: Callable[[str, dict[int, str]], None] | None = None
        self._handlers: list[Handler] = []
        self._ids = itertools.count(1)
        self._seq_nums = itertools.count(2)

    @property
    def link(self) -> Link:
        return cast(Link, self)

    def listen(self, handler: Handler) -> None:
        self._handlers.append(handler)

    def client(self) -> Client:
        if not self.is_up:
            raise venue_down(self.text)
        return cast(Client, SimpleNamespace(next_id=lambda: f"id-{next(self._ids)}"))

    def reserve(self, messages: int, patience: float, is_question: bool = True) -> float:
        return 0 if self.pace is None else self.pace.reserve(messages, patience, is_question)

    def send(self, msg_type: str, fields: Iterable[Field]) -> int | None:
        self.client()
        values = first_values(fields)
        self.sent.append((msg_type, values))
        if self.answers is not None:
            self.answers(msg_type, values)
        return next(self._seq_nums)

    def last(self, msg_type: str) -> dict[int, str]:
        """The fields of the last message of a type."""
        return next(fields for type_, fields in reversed(self.sent) if type_ == msg_type)

    def count(self, msg_type: str) -> int:
        return sum(type_ == msg_type for type_, _ in self.sent)

    def hear(self, event: Event) -> None:
        if self.pace is not None:
            self.pace.heard()
        if isinstance(event, LoggedOn | LoggedOut):
            self.is_up = isinstance(event, LoggedOn)
        for handler in self._handlers:
            handler(event)

    def say(self, msg_type: str, fields: dict[int, Any]) -> None:
        """Let a message of the venue arrive."""
        self.hear(parse_event(message(msg_type, fields)))

    def tell_trades(self, asked: dict[int, str], trades: Sequence[str]) -> None:
        """Answer an AD with those of an order, if it names one, else with all."""
        head = {568: asked[568], 749: "0"}
        self.say("AQ", head | {750: "0"})
        for text in trades:
            if 37 not in asked or f"\x0137={asked[37]}\x01" in text:
                self.hear(parse_event(text.replace("568=?", f"568={asked[568]}")))
        self.say("AQ", head | {750: "1", 748: len(trades)})

    def refuse(self, msg_type: str) -> None:
        """Let our own QuickFIX refuse an ExecutionReport of the venue, with 35=3 or 35=j."""
        if msg_type == "3":
            self.hear(SessionReject(ref_seq_num=9, ref_msg_type="8", by_client=True))
        else:
            reject = BusinessReject(
                ref_msg_type="8", business_reject_reason="5", ref_seq_num=9, by_client=True
            )
            self.hear(reject)

    def report(self, **fields: Any) -> None:
        """Let an ExecutionReport arrive: that of `report`."""
        self.say("8", report(**fields))


def message(msg_type: str, fields: dict[int, Any]) -> str:
    text = [(tag, str(value)) for tag, value in fields.items() if value is not None]
    return join_fields([(8, "FIXT.1.1"), (9, "0"), (35, msg_type), (34, "1"), *text])


def report(**said: Any) -> dict[int, Any]:
    """The fields of a report of a limit order for 10 AAPL at 100 that has just come, or as said:
    `_11="x"` is ClOrdID(11).
    """
    usual = {int(tag): value for tag, _, value in (each.partition("=") for each in USUAL.split())}
    return usual | {int(tag.removeprefix("_")): value for tag, value in said.items()}
