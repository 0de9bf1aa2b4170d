"""As much of HTTP as a scraper and a health check speak: one request a connection, no body."""

import re
from http import HTTPStatus

from msgspec import Struct

LONGEST = 8192
TEXT, JSON = "text/plain; charset=utf-8", "application/json"

_LINE = re.compile(rb"([A-Z]{1,16}) (/[!-~]{0,1024}) HTTP/1\.[01]\r?\n")
_START = re.compile(rb"[A-Z]{1,16}(?: [!-~]{0,1025}(?: [HTP/1.0]{0,8}\r?)?)?")
_END = re.compile(rb"\r?\n\r?\n")


class Request(Struct, frozen=True):
    method: str
    path: str


class BadRequestError(Exception):
    """What came is no request."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


def parse(seen: bytes) -> Request | None:
    """The request that has come, None while it is not whole. Raise `BadRequestError`."""
    line = _LINE.match(seen)
    if line is None:
        if not _START.fullmatch(seen):
            raise BadRequestError(HTTPStatus.BAD_REQUEST)
        return None
    if _END.search(seen, line.end() - 2) is None:
        if len(seen) > LONGEST:
            raise BadRequestError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        return None
    method, path = line[1].decode(), line[2].decode().partition("?")[0]
    if method not in ("GET", "HEAD"):
        raise BadRequestError(HTTPStatus.METHOD_NOT_ALLOWED)
    return Request(method, path)


def response(
    status: HTTPStatus, body: bytes, content_type: str = TEXT, *, is_head: bool = False
) -> bytes:
    """A whole answer, after which the connection ends."""
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        f"Content-Type: {content_type}\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\n"
        "Connection: close\r\n"
    )
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        head += "Allow: GET, HEAD\r\n"
    return head.encode() + b"\r\n" + (b"" if is_head else body)
