"""Frames as RFC 6455 has them, and messages as clients may send them."""

import json

import pytest

from tests.unit.web.ws.fake_line import payload
from venue.web.problems import unknown
from venue.web.ws.frames import answer, frame, items, refusal
from venue.web.ws.requests import MOST_LEVELS, RequestError, parse


@pytest.mark.parametrize("size", [0, 100, 113, 114, 115, 65_523, 65_524, 65_525, 70_000])
def test_lengths(size: int) -> None:
    content = {"text": "x" * size}
    assert json.loads(payload(frame(content))) == content


def test_answers_repeat_what_was_named() -> None:
    named = parse(
        '{"op":"subscribe","channel":"depth","symbol":"AAPL","id":[7]}'.replace("[7]", "7")
    )
    told = json.loads(payload(answer("subscribed", named.named)))
    assert told == {
        "op": "subscribed",
        "channel": "depth",
        "symbol": "AAPL",
        "levels": 10,
        "id": 7,
    }
    told = json.loads(payload(refusal(unknown("symbol", "X"), {"id": None})))
    assert (told["op"], told["code"], told["id"]) == ("error", "unknown_symbol", None)


def test_items() -> None:
    told = json.loads(payload(items("trades", "update", "trades", [], symbol="A")))
    assert told == {"channel": "trades", "symbol": "A", "type": "update", "trades": []}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not a JSON object"),
        ("nonsense", "not a JSON object"),
        ("[" * 16_000, "Expected `object`"),
        ('{"op":' * 2_700, "Expected `str`"),
        ('{"op":"ping","id":NaN}', "not a JSON object"),
        ("[]", "Expected `object`"),
        ('{"op":"dance"}', "op"),
        ('{"channel":"depth"}', "op"),
        ('{"op":"subscribe"}', "needs a channel"),
        ('{"op":"subscribe","channel":"everything"}', "channel"),
        ('{"op":"subscribe","channel":"depth"}', "needs a symbol"),
        ('{"op":"subscribe","channel":"orders","symbol":"AAPL"}', "has no symbol"),
        ('{"op":"subscribe","channel":"bbo","symbol":"AAPL","levels":5}', "has no levels"),
        ('{"op":"subscribe","channel":"bbo","symbol":7}', "symbol"),
        ('{"op":"subscribe","channel":"bbo","symbol":""}', "symbol"),
        (json.dumps({"op": "subscribe", "channel": "bbo", "symbol": "X" * 33}), "symbol"),
        ('{"op":"subscribe","channel":"bbo","symbol":"A\\u0001146=0"}', "symbol"),
        ('{"op":"subscribe","channel":"bbo","symbol":"A\\n"}', "symbol"),
        ('{"op":"subscribe","channel":"depth","symbol":"A","levels":-1}', "levels"),
        ('{"op":"subscribe","channel":"depth","symbol":"A","levels":1.5}', "levels"),
        (
            json.dumps(
                {"op": "subscribe", "channel": "depth", "symbol": "A", "levels": MOST_LEVELS + 1}
            ),
            "levels",
        ),
        ('{"op":"subscribe","channel":"bbo","symbol":"A","depth":1}', "depth"),
        ('{"op":"login"}', "needs a token"),
        (json.dumps({"op": "login", "token": "x" * 201}), "token"),
    ],
)
def test_what_makes_no_sense(text: str, why: str) -> None:
    with pytest.raises(RequestError, match=why):
        parse(text)


def test_a_refusal_repeats_the_id_where_there_is_one() -> None:
    with pytest.raises(RequestError) as error:
        parse('{"op":"dance","id":"me"}')
    assert error.value.named == {"id": "me"}
    with pytest.raises(RequestError) as error:
        parse('{"op":"dance","id":{"deep":[]}}')
    assert error.value.named == {}


def test_levels() -> None:
    assert parse('{"op":"subscribe","channel":"depth","symbol":"A"}').levels == 10
    assert parse('{"op":"subscribe","channel":"depth","symbol":"A","levels":0}').levels == 0
