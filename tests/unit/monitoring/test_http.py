"""Requests in pieces, and what is none."""

from http import HTTPStatus

import pytest

from venue.monitoring.http import LONGEST, BadRequestError, Request, parse, response

GET = b"GET /metrics?x=1 HTTP/1.1\r\nHost: here\r\n\r\n"


def test_a_request_in_pieces() -> None:
    for end in range(1, len(GET)):
        assert parse(GET[:end]) is None, GET[:end]
    assert parse(GET) == Request("GET", "/metrics")


@pytest.mark.parametrize("text", [b"HEAD / HTTP/1.0\r\n\r\n", b"HEAD / HTTP/1.0\n\n"])
def test_old_and_short(text: bytes) -> None:
    assert parse(text) == Request("HEAD", "/")


@pytest.mark.parametrize(
    "text",
    [
        b"\x00",
        b"get / HTTP/1.1\r\n\r\n",
        b"8=FIX.4.4\x019=100\x01",
        b"GET http://elsewhere/ HTTP/1.1\r\n\r\n",
        b"GET / HTTP/2\r\n\r\n",
        b"GET /" + b"x" * 2000,
        b"A" * 17,
        b"\r\n\r\n",
    ],
)
def test_garbage(text: bytes) -> None:
    with pytest.raises(BadRequestError, match="Bad Request"):
        parse(text)


def test_no_other_method() -> None:
    with pytest.raises(BadRequestError) as error:
        parse(b"POST /metrics HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc")
    assert b"405 Method Not Allowed\r\n" in response(error.value.status, b"")
    assert b"\r\nAllow: GET, HEAD\r\n" in response(error.value.status, b"")


def test_headers_have_an_end() -> None:
    with pytest.raises(BadRequestError, match="Too Large"):
        parse(b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * (LONGEST // 6 + 1))


@pytest.mark.parametrize("is_head", [False, True])
def test_an_answer(is_head: bool) -> None:
    head, _, body = response(HTTPStatus.OK, b"four", is_head=is_head).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nContent-Length: 4\r\n" in head
    assert head.endswith(b"\r\nConnection: close")
    assert body == (b"" if is_head else b"four")
