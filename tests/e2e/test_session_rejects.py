"""Checks 19 and 20: messages that break the rules of FIX, and messages the venue does not know."""

from collections.abc import Callable

import pytest

from tests.e2e.client import BUY, NEW
from tests.e2e.message import Fields, utc_now
from tests.e2e.others import Others
from tests.e2e.raw import RawClient

REQUIRED_TAG_MISSING, VALUE_IS_INCORRECT, INCORRECT_FORMAT, GROUP_COUNT = 1, 5, 6, 16


def order(symbol: str, more: Fields = ()) -> dict[int, object]:
    fields = {11: "X", 55: symbol, 54: BUY, 38: 10, 40: 2, 44: 99, 60: utc_now()}
    return fields | dict(more)


def goes_on(client: RawClient, symbol: str) -> None:
    """The session lives, and the id of the message that was refused is not used up."""
    client.send("D", order(symbol))
    client.receive().has({11: "X", 150: "0", 39: NEW})


@pytest.mark.parametrize(
    ("msg_type", "missing"),
    [
        *(("D", tag) for tag in (11, 54, 40, 60, 55)),
        *(("F", tag) for tag in (11, 54, 60)),
        *(("G", tag) for tag in (11, 40)),
        *(("H", tag) for tag in (11, 54)),
    ],
)
def test_required_tag_missing(
    connect: Callable[..., RawClient], others: Others, symbol: str, msg_type: str, missing: int
) -> None:
    client = connect()
    fields = order(symbol, {41: "W"} if msg_type in "FG" else ())
    if msg_type in "FH":
        fields = {tag: value for tag, value in fields.items() if tag not in (40, 44, 38)}
    if msg_type == "H":
        del fields[60]
    sent = client.next_sent
    client.send(msg_type, fields | {missing: None})
    answer = client.receive("8" if (msg_type, missing) == ("D", 55) else "3")
    if answer.type == "3":
        answer.has({45: sent, 371: missing, 372: msg_type, 373: REQUIRED_TAG_MISSING})
        answer.names("Required tag missing")
        goes_on(client, symbol)
    else:
        answer.has({150: "8", 103: 1}).names("Symbol(55)")


@pytest.mark.parametrize(
    ("tag", "value", "reason", "text"),
    [
        (54, "Z", VALUE_IS_INCORRECT, "Value is incorrect (out of range) for this tag"),
        (40, "~", VALUE_IS_INCORRECT, "Value is incorrect (out of range) for this tag"),
        (59, "X", VALUE_IS_INCORRECT, "Value is incorrect (out of range) for this tag"),
        (54, "12", INCORRECT_FORMAT, "Incorrect data format for value"),
        (60, "yesterday", INCORRECT_FORMAT, "Incorrect data format for value"),
        (38, "ten", INCORRECT_FORMAT, "Incorrect data format for value"),
        (44, "1e5", INCORRECT_FORMAT, "Incorrect data format for value"),
        (97, "maybe", INCORRECT_FORMAT, "Incorrect data format for value"),
        (11, "", 4, "Tag specified without a value"),
        (262, "X", 2, "Tag not defined for this message type"),
        (4999, "X", 0, "Invalid tag number"),
        (0, "X", 0, "Invalid tag number"),
    ],
)
def test_value_that_is_no_value(
    connect: Callable[..., RawClient],
    others: Others,
    symbol: str,
    tag: int,
    value: str,
    reason: int,
    text: str,
) -> None:
    client = connect()
    sent = client.next_sent
    if tag == 97:
        client.send("D", order(symbol), {97: value})
    else:
        client.send("D", order(symbol, {tag: value}))
    client.receive("3").has({45: sent, 371: tag, 372: "D", 373: reason}).names(text)
    goes_on(client, symbol)


def test_tags_of_the_clients_own_are_ignored(
    connect: Callable[..., RawClient], symbol: str
) -> None:
    client = connect()
    client.send("D", order(symbol, {5001: "A", 9999: "B"}))
    client.receive().has({150: "0", 5001: None})


@pytest.mark.parametrize("tag", [11, 44, 38])
def test_repeated_tag(
    connect: Callable[..., RawClient], others: Others, symbol: str, tag: int
) -> None:
    client = connect()
    sent = client.next_sent
    client.send("D", [*order(symbol).items(), (tag, "1")])
    client.receive("3").has({45: sent, 371: tag, 372: "D", 373: 13})
    goes_on(client, symbol)


def test_header_field_in_the_body(connect: Callable[..., RawClient], symbol: str) -> None:
    client = connect()
    sent = client.next_sent
    client.send("D", [*order(symbol).items(), (115, "SOMEBODY")])
    client.receive("3").has({45: sent, 372: "D", 373: 14})
    goes_on(client, symbol)


@pytest.mark.parametrize(
    ("msg_type", "lying", "group"),
    [
        ("D", 453, [(453, 3), (448, "P"), (447, "D"), (452, 1)]),
        ("D", 453, [(453, 1), (448, "P"), (447, "D"), (452, 1), (448, "Q"), (447, "D"), (452, 3)]),
        ("D", 453, [(453, 2000000000), (448, "P"), (447, "D"), (452, 1)]),
        ("D", 453, [(453, -1), (448, "P"), (447, "D"), (452, 1)]),
        ("V", 267, [(267, 2), (269, 0), (146, 1), (55, "AAPL")]),
        ("V", 267, [(267, 1), (269, 0), (269, 1), (146, 1), (55, "AAPL")]),
        ("V", 146, [(267, 1), (269, 0), (146, 5), (55, "AAPL")]),
        ("V", 146, [(267, 1), (269, 0), (146, 999999999), (55, "AAPL")]),
    ],
)
def test_group_count_that_lies(
    connect: Callable[..., RawClient],
    others: Others,
    symbol: str,
    msg_type: str,
    lying: int,
    group: list[tuple[int, object]],
) -> None:
    client = connect()
    sent = client.next_sent
    head = order(symbol) if msg_type == "D" else {262: "M", 263: 1, 264: 0, 265: 1}
    client.send(msg_type, [*head.items(), *group])
    client.receive("3").has({45: sent, 371: lying, 372: msg_type, 373: GROUP_COUNT})
    goes_on(client, symbol)


@pytest.mark.parametrize("msg_type", ["R", "8", "9", "AE", "W"])
def test_type_that_the_venue_does_not_serve(
    connect: Callable[..., RawClient], others: Others, symbol: str, msg_type: str
) -> None:
    client = connect()
    bodies: dict[str, Fields] = {
        "R": {131: "Q", 146: 1, 55: symbol},
        "8": [
            (37, 1),
            (17, 1),
            (150, 0),
            (39, 0),
            (55, symbol),
            (54, 1),
            (151, 1),
            (14, 0),
            (6, 0),
        ],
        "9": {37: 1, 11: "A", 41: "B", 39: 0, 434: 1},
        "AE": {571: "T", 570: "N", 55: symbol, 32: 1, 31: 1, 75: "20260101", 60: utc_now()}
        | {552: 1, 54: 1, 37: "1"},
        "W": {55: symbol, 268: 1, 269: 0, 270: 1},
    }
    sent = client.next_sent
    client.send(msg_type, bodies[msg_type])
    reject = client.receive("j").has({45: sent, 372: msg_type, 380: 3})
    reject.names("Unsupported Message Type")
    goes_on(client, symbol)


@pytest.mark.parametrize("msg_type", ["*", "ZZ", "d!", "x" * 100])
def test_type_that_fix_does_not_know(
    connect: Callable[..., RawClient], others: Others, symbol: str, msg_type: str
) -> None:
    client = connect()
    sent = client.next_sent
    client.send(msg_type, {58: "?"})
    client.receive("3").has({45: sent, 372: msg_type, 373: 11})
    goes_on(client, symbol)


def test_a_reject_from_the_client_is_not_answered(
    connect: Callable[..., RawClient], symbol: str
) -> None:
    client = connect()
    client.send("3", {45: 1, 58: "no"})
    client.send("j", {45: 1, 372: "8", 380: 0, 58: "no"})
    client.hears_nothing()
    goes_on(client, symbol)


def test_role_order_entry_is_needed_to_trade(
    connect: Callable[..., RawClient], symbol: str
) -> None:
    client = connect("MD2")
    for msg_type in "DFGH":
        sent = client.next_sent
        more = {41: "W"} if msg_type in "FG" else {}
        left_out = {"F": (40, 44), "H": (40, 44, 38, 60)}.get(msg_type, ())
        client.send(msg_type, order(symbol, more | dict.fromkeys(left_out)))
        reject = client.receive("j").has({45: sent, 372: msg_type, 380: 6, 379: "X"})
        reject.names("order_entry")
