"""The desk and the line-by-line console, with a client that answers from a script."""

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, cast

import pytest
from rich.console import Console

from venue.client.book import Book
from venue.client.client import Client
from venue.client.events import (
    BusinessReject,
    Event,
    ExecutionReport,
    LoggedOn,
    LoggedOut,
    MarketDataReject,
    MarketDataSnapshot,
    MassCancelReport,
    OrderCancelReject,
    SessionReject,
)
from venue.client.orders import OwnOrders
from venue.console import lines
from venue.console.desk import Desk

LAST: dict[str, Any] = {"mass_status_req_id": "M", "last_rpt_requested": True}


class ScriptedClient:
    """Stands in for a session: accepts every order, cancels and replaces what is known."""

    def __init__(self, has_mass_requests: bool = True) -> None:
        self.has_mass_requests = has_mass_requests
        self.known_before: list[ExecutionReport] = []
        self.orders = OwnOrders()
        self.sent: list[tuple[Any, ...]] = []
        self.unread: list[Event] = [LoggedOn()]
        self.late: list[Event] = []  # for who has the patience

    def arrive(self, *events: Event) -> None:
        for event in events:
            if isinstance(event, ExecutionReport):
                self.orders.apply(event)
            self.unread.append(event)

    def events(self, timeout: float) -> Iterator[Event]:
        while self.unread:
            yield self.unread.pop(0)
        if timeout > 1 and self.late:
            self.arrive(self.late.pop(0))
            yield from self.events(timeout)

    def _report(
        self, cl_ord_id: str, exec_type: str, status: str, **fields: Any
    ) -> ExecutionReport:
        known: dict[str, Any] = {
            "order_id": f"O{len(self.sent)}",
            "exec_id": "E",
            "symbol": "AAPL",
            "side": "1",
            "order_qty": Decimal(10),
            "leaves_qty": Decimal(0 if status in "248" else 10),
            "cum_qty": Decimal(0),
            "avg_px": Decimal(0),
        }
        return ExecutionReport(
            cl_ord_id=cl_ord_id, exec_type=exec_type, ord_status=status, **known | fields
        )

    def new_order(
        self, *, symbol: str, side: str, order_qty: Decimal, price: Any, **terms: Any
    ) -> str:
        said = {name: term for name, term in terms.items() if term}
        self.sent.append(("new", symbol, side, order_qty, price, said))
        cl_ord_id = f"N{len(self.sent)}"
        if symbol != "MUTE":
            code = {"buy": "1", "sell": "2"}[side]
            self.arrive(self._report(cl_ord_id, "0", "0", symbol=symbol, price=price, side=code))
            if price is None and not said:
                self.late.append(self._report(cl_ord_id, "4", "4", symbol=symbol))
        return cl_ord_id

    def mass_cancel(self, *, symbol: str | None, side: str | None) -> str:
        self.sent.append(("mass cancel", symbol, side))
        cl_ord_id = f"Q{len(self.sent)}"
        of: dict[str, Any] = {"cl_ord_id": cl_ord_id, "order_id": "R", "symbol": symbol}
        of |= {"mass_cancel_request_type": "1" if symbol else "7"}
        if symbol == "NOPE":
            of |= {"total_affected_orders": 2, "text": "who"}
            self.arrive(MassCancelReport(mass_cancel_response="0", **of))
            return cl_ord_id
        orders = self.orders.working
        count = len(orders)
        self.arrive(MassCancelReport(mass_cancel_response="1", total_affected_orders=count, **of))
        self.late += [
            self._report(
                cl_ord_id, "4", "4", orig_cl_ord_id=order.cl_ord_id, order_id=order.order_id
            )
            for order in orders
        ]
        return cl_ord_id

    def mass_status(self) -> None:
        self.late += self.known_before or [
            self._report("NONE", "I", "8", order_id="NONE", ord_rej_reason="5", **LAST)
        ]

    def cancel(self, orig: str) -> str:
        self.sent.append(("cancel", orig))
        cl_ord_id = f"C{len(self.sent)}"
        self.arrive(
            self._report(
                cl_ord_id, "4", "4", orig_cl_ord_id=orig, order_id=self.orders[orig].order_id
            )
        )
        return cl_ord_id

    def replace(self, orig: str, *, order_qty: Any, price: Any, **terms: Any) -> str:
        said = {name: term for name, term in terms.items() if term is not None}
        self.sent.append(("replace", orig, order_qty, price, said))
        cl_ord_id = f"R{len(self.sent)}"
        if price == 13:
            refusal = OrderCancelReject(
                cl_ord_id=cl_ord_id, orig_cl_ord_id=orig, order_id="O", ord_status="0", text="no 13"
            )
            self.arrive(refusal)
        else:
            order_id = self.orders[orig].order_id
            self.arrive(
                self._report(
                    cl_ord_id, "5", "0", orig_cl_ord_id=orig, order_id=order_id, price=price
                )
            )
        return cl_ord_id

    def status(self, orig: str) -> None:
        self.arrive(BusinessReject(ref_msg_type="H", business_reject_reason="3", text="no status"))

    def subscribe(self, symbol: str) -> str:
        if symbol == "ZZZ":
            self.arrive(MarketDataReject(md_req_id="M", md_req_rej_reason="0"))
        else:
            self.arrive(MarketDataSnapshot(md_req_id="M", symbol=symbol))
        return "M"

    def unsubscribe(self, md_req_id: str) -> None:
        self.sent.append(("unsubscribe", md_req_id))

    def book(self, symbol: str) -> Book:
        return Book(symbol)

    def tape(self, symbol: str) -> list[Any]:
        return []


@pytest.fixture
def client() -> ScriptedClient:
    return ScriptedClient()


def answers(client: ScriptedClient, *typed: str) -> tuple[int, list[str]]:
    """Run lines and return the exit status and what was printed that is not an echo."""
    output = io.StringIO()
    console = Console(file=output, width=100, color_system=None)
    desk = Desk(cast(Client, client))
    status = lines.run_lines(desk, typed, console)
    printed = output.getvalue().splitlines()
    return status, [line.strip() for line in printed if not line.startswith("> ")]


def test_every_line_is_answered_before_the_next(client: ScriptedClient) -> None:
    status, printed = answers(client, "buy 10 AAPL 5", "cancel 1", "quit", "buy 1 AAPL 1")
    assert (status, printed) == (
        0,
        ["#1 buy 10 AAPL @ 5.00: accepted", "#1 canceled, nothing traded"],
    )


def test_a_market_order_is_answered_when_it_has_ended(client: ScriptedClient) -> None:
    _, printed = answers(client, "buy 10 AAPL mkt")
    assert printed == ["#1 buy 10 AAPL mkt: accepted", "#1 canceled, nothing traded"]


def test_numbers_follow_an_order_through_its_chain(client: ScriptedClient) -> None:
    _, printed = answers(
        client, "buy 10 AAPL 5", "buy 10 AAPL 6", "replace 1 @ 7", "replace 1 @ 13", "cancel 1"
    )
    assert printed[2:] == [
        "#1 replaced: buy 10 AAPL @ 7.00, nothing traded yet",
        "cancel of #1 refused: no 13",
        "#1 canceled, nothing traded",
    ]
    assert client.sent[-1] == ("cancel", "R3")


def test_every_term_reaches_the_client(client: ScriptedClient) -> None:
    answers(
        client,
        "sell 10 AAPL stop 5 limit 4 show 2 refresh 1 min 3 post aon gtc smp X decrement",
        "replace 1 8 @ 7 stop 6 show 3 gtc",
    )
    terms: dict[str, Any] = {
        "time_in_force": "gtc",
        "stop_px": 5,
        "display_qty": 2,
        "refresh_qty": 1,
        "min_qty": 3,
        "post_only": True,
        "all_or_none": True,
        "self_match_prevention_id": "X",
        "self_match_prevention_instruction": "decrement",
    }
    changes: dict[str, Any] = {"stop_px": 6, "display_qty": 3, "time_in_force": "gtc"}
    assert client.sent == [
        ("new", "AAPL", "sell", 10, 4, terms),
        ("replace", "N1", 8, 7, changes),
    ]


def test_cancel_all_is_one_request_and_answered_when_all_are_canceled(
    client: ScriptedClient,
) -> None:
    _, printed = answers(client, "buy 1 AAPL 5", "buy 1 AAPL 6", "cancel aapl buy", "cancel all")
    assert client.sent[2:] == [("mass cancel", "AAPL", "buy"), ("mass cancel", None, None)]
    assert printed[2:] == [
        "mass cancel of 2 orders",
        "#1 canceled, nothing traded",
        "#2 canceled, nothing traded",
        "mass cancel of 0 orders",
    ]


def test_a_refused_mass_cancel_is_answered(client: ScriptedClient) -> None:
    assert answers(client, "cancel NOPE") == (0, ["mass cancel refused: who"])


def test_cancel_all_without_mass_requests_cancels_one_by_one() -> None:
    client = ScriptedClient(has_mass_requests=False)
    lines = ("buy 1 AAPL 5", "buy 1 MSFT 5", "sell 1 AAPL 6", "buy 1 AAPL 6")
    answers(client, *lines, "cancel all msft", "cancel AAPL sell", "cancel all")
    assert client.sent[4:] == [
        ("cancel", "N2"),
        ("cancel", "N3"),
        ("cancel", "N1"),
        ("cancel", "N4"),
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("cancel all", "there is no own working order"),
        ("cancel all MSFT", "there is no own working MSFT order"),
    ],
)
def test_nothing_to_cancel_one_by_one(line: str, problem: str) -> None:
    assert answers(ScriptedClient(has_mass_requests=False), line) == (1, [problem])


def test_orders_of_an_earlier_session_are_there(client: ScriptedClient) -> None:
    client.known_before = [
        client._report("OLD1", "I", "0", order_id="OLD", mass_status_req_id="M"),
        client._report(
            "OLD2",
            "I",
            "0",
            order_id="OLDER",
            ord_type="3",
            stop_px=Decimal(7),
            working=False,
            **LAST,
        ),
    ]
    _, printed = answers(client, "orders", "cancel 2")
    assert [line.split() for line in printed[1:]] == [
        ["1", "buy", "10", "AAPL", "mkt", "0", "working"],
        ["2", "buy", "10", "AAPL", "stop", "7.00", "0", "waiting"],
        ["#2", "canceled,", "nothing", "traded"],
    ]
    assert client.sent == [("cancel", "OLD2")]


def test_what_is_asked_at_logon_is_no_news(client: ScriptedClient) -> None:
    client.known_before = [
        client._report("OLD1", "I", "0", order_id="OLD", **LAST),
    ]
    desk = Desk(cast(Client, client))
    assert not desk.knows_orders
    heard = list(desk.hear(5))
    assert [type(event) for event, _ in heard] == [LoggedOn, ExecutionReport]
    assert desk.knows_orders
    assert [remark.text for remark in desk.remarks] == ["logged on"]
    assert desk.working_numbers == [1]


@pytest.mark.parametrize("reject", [BusinessReject, SessionReject])
def test_who_may_not_ask_for_orders_is_not_told_so(
    client: ScriptedClient, reject: type[Event]
) -> None:
    more: dict[str, Any] = {"business_reject_reason": "6"}
    if reject is SessionReject:
        more = {"ref_seq_num": 2}
    client.known_before = [reject(ref_msg_type="AF", text="no", **more)]  # type: ignore[list-item]
    assert answers(client, "orders") == (0, ["no own orders"])


def test_a_reject_of_the_session_is_an_answer_too(client: ScriptedClient) -> None:
    status, printed = answers(client, "buy 10 AAPL 5", "status 1")
    assert (status, printed[1:]) == (0, ["refused: no status"])


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("cancel 7", "there is no own order #7"),
        ("unsub AAPL", "AAPL is not subscribed to"),
        ("jump", "'jump' is not a command"),
        ("buy 1 MUTE 1", "no answer within 5 s"),
    ],
)
def test_a_line_that_can_not_be_done_fails_in_one_line(
    client: ScriptedClient, line: str, problem: str
) -> None:
    status, printed = answers(client, line)
    assert status == 1
    assert len(printed) == 1
    assert printed[0].startswith(problem)


def test_a_session_that_ends_is_not_waited_for(client: ScriptedClient) -> None:
    client.unread.append(LoggedOn())
    desk_lines = ["buy 1 MUTE 1"]
    original = client.new_order

    def new_order(*args: Any, **kwargs: Any) -> str:
        cl_ord_id = original(*args, **kwargs)
        client.arrive(LoggedOut(text="going down"))
        return cl_ord_id

    client.new_order = new_order  # type: ignore[method-assign]
    status, printed = answers(client, *desk_lines)
    assert status == 1
    assert printed == [
        "logged out: going down",
        "the session ended before the answer came",
    ]


def test_books_are_shown_unless_refused(client: ScriptedClient) -> None:
    _, printed = answers(client, "book ZZZ", "book AAPL", "tape AAPL", "unsub AAPL")
    assert printed[0] == "market data refused: unknown symbol"
    assert printed[1].split() == ["own", "bid", "price", "offer"]
    assert printed[-1] == "no trades yet"
    assert len(printed) == 4
    assert client.sent == [("unsubscribe", "M")]


def test_comments_and_empty_lines_are_passed_over(client: ScriptedClient) -> None:
    assert answers(client, "# a script", "", "orders") == (0, ["no own orders"])


def test_watched_symbols_are_subscribed_again_after_a_new_logon(client: ScriptedClient) -> None:
    desk = Desk(cast(Client, client))
    list(desk.hear())
    desk.watch("AAPL")
    list(desk.hear())
    client.arrive(LoggedOut(), LoggedOn())
    heard = [event for event, _ in desk.hear()]
    assert isinstance(heard[-1], MarketDataSnapshot)
    assert desk.watched == ["AAPL"]
