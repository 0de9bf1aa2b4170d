"""A link without a venue: it notes what is sent, and tests say what comes."""

import itertools
from collections.abc import Callable, Iterable

from venue.client import Event, LoggedOn, LoggedOut
from venue.client.events import OtherMessage
from venue.client.inquiries import SNAPSHOT, security_status_fields, trades_fields
from venue.client.parse import parse_event
from venue.client.reference import Listing, SecurityList, SecurityStatus
from venue.client.values import decimal_of
from venue.client.wire import SOH, Field
from venue.web.market.wire import msg_type
from venue.web.problems import venue_down
from venue.web.shapes import LinkStatus

NOW = "20261121-10:00:00.000"
Level = tuple[str, str, str]


class FakeClient:
    """As much of a Client as the market uses."""

    def __init__(self, link: "FakeLink") -> None:
        self._link = link
        self._numbers = itertools.count(1)

    def next_id(self) -> str:
        return f"R{next(self._numbers)}"

    def request_instruments(self, *, updates: bool) -> str:
        assert updates
        self._link.send("x", [])
        return "INSTRUMENTS"

    def request_security_status(self, symbol: str, *, updates: bool = False) -> str:
        req_id = self.next_id()
        kind = "1" if updates else SNAPSHOT
        self._link.send("e", security_status_fields(req_id, kind, symbol))
        return req_id

    def request_trades(self, *, symbol: str) -> str:
        req_id = self.next_id()
        self._link.send("AD", trades_fields(req_id, SNAPSHOT, symbol))
        return req_id


class FakeLink:
    """Up when told so; `sent` are messages as (type, values by tag)."""

    comp_id = "WEBMD"

    def __init__(self) -> None:
        self.is_up = False
        self.text: str | None = None
        self.sent: list[tuple[str, dict[int, str]]] = []
        self._client = FakeClient(self)
        self._handlers: list[Callable[[Event], None]] = []
        self._phases: list[dict[int, str]] = []

    @property
    def status(self) -> LinkStatus:
        state = "up" if self.is_up else "down"
        return LinkStatus(comp_id=self.comp_id, state=state, since="", text=self.text)  # type: ignore[arg-type]

    def listen(self, handler: Callable[[Event], None]) -> None:
        self._handlers.append(handler)

    def client(self) -> FakeClient:
        if not self.is_up:
            raise venue_down(self.text)
        return self._client

    def send(self, kind: str, fields: Iterable[Field]) -> int:
        self.client()
        self.sent.append((kind, dict(fields)))
        return len(self.sent)

    def when_allowed(self, send: Callable[[], object]) -> None:
        send()

    def of(self, kind: str) -> list[dict[int, str]]:
        """What was sent of a type since the last time, each once."""
        found = [values for each, values in self.sent if each == kind]
        self.sent = [each for each in self.sent if each[0] != kind]
        return found

    def hear(self, event: Event) -> None:
        for handler in self._handlers:
            handler(event)

    def log_on(self, *symbols: str) -> None:
        """Come up, with these instruments, all of them open."""
        self.is_up = True
        self.hear(LoggedOn())
        self.list_instruments(*symbols)

    def list_instruments(self, *symbols: str) -> None:
        listings = tuple(listing(symbol) for symbol in symbols)
        own = {"security_response_id": "1", "security_request_result": "0"}
        self.hear(SecurityList(security_req_id="INSTRUMENTS", listings=listings, **own))
        self._phases += self.of("e")
        for values in self._phases:
            self.hear(status(values[324], values[55]))

    def phases(self) -> list[dict[int, str]]:
        """What was asked of phases, and is answered with the news of them."""
        return self._phases

    def log_out(self) -> None:
        self.is_up, self.text = False, "gone"
        self.hear(LoggedOut(text="gone"))

    def snapshot(self, req_id: str, *levels: Level, symbol: str = "AAPL", last: int = 0) -> None:
        """A W arrives."""
        entries = "".join(
            f"269={side}|270={price}|271={quantity}|346=1|83={last}|"
            for side, price, quantity in levels
        )
        root = f"262={req_id}|55={symbol}|779={NOW}|268={len(levels)}|"
        self.arrive(f"35=W|34=2|52={NOW}|{root}{entries}")

    def increment(
        self, req_id: str, *levels: Level, symbol: str = "AAPL", first: int = 1, more: str = ""
    ) -> None:
        """An X arrives; quantity "" deletes. `more` are entries that are ready."""
        entries = "".join(
            f"279={0 if quantity else 2}|269={side}|55={symbol}|270={price}|"
            + (f"271={quantity}|346=1|" if quantity else "")
            + f"83={first + at}|"
            for at, (side, price, quantity) in enumerate(levels)
        )
        self.arrive(f"35=X|34=3|52={NOW}|262={req_id}|268={len(levels)}|{more}{entries}")

    def auction(self, req_id: str, *entries: str, first: int = 1) -> None:
        """An X arrives with what an auction would do, "279=0|269=Q|270=100|271=5" for example."""
        numbered = (f"{each}|83={first + at}|" for at, each in enumerate(entries))
        text = "".join(numbered).replace("|270", "|55=AAPL|270")
        self.arrive(f"35=X|34=3|52={NOW}|262={req_id}|268={len(entries)}|{text}")

    def arrive(self, body: str) -> None:
        text = f"8=FIXT.1.1|9=1|{body}10=000|".replace("|", SOH)
        kind = msg_type(text)
        self.hear(OtherMessage(raw=text, msg_type=kind) if kind in "WX" else parse_event(text))


def listing(symbol: str, is_listed: bool = True) -> Listing:
    tick, lot = decimal_of({1: "0.01", 2: "1"}, 1), decimal_of({2: "1"}, 2)
    assert tick is not None and lot is not None
    return Listing(symbol=symbol, is_listed=is_listed, market="MAIN", tick=tick, lot=lot)


def status(req_id: str, symbol: str, phase: str = "continuous", code: str = "17") -> SecurityStatus:
    return SecurityStatus(
        security_status_req_id=req_id,
        symbol=symbol,
        security_trading_status=code,
        phase=phase,
        transact_time=NOW,
    )
