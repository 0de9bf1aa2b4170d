"""A connection that has not logged on yet."""

import re
import socket
import time
from ipaddress import IPv4Address, IPv6Address, ip_address

from venue.gateway.password_checks import Check

LONGEST_PROXY_LINE = 107
"""Bytes of the line that tells whose connection a proxy passes on (PROXY protocol, version 1)."""
NOWHERE = IPv4Address(0)
_PROXY = b"PROXY "
_PROXY_LINE = re.compile(rb"PROXY TCP[46] ([0-9A-Fa-f.:]{2,39}) [^ \r\n]+ ([0-9]{1,5}) [0-9]+\r\n")

Address = IPv4Address | IPv6Address


class ProxyError(ValueError):
    """What a proxy says of a connection makes no sense."""


class Caller:
    """`address` and `port` are the client's, a proxy's until it has told them; `since` is when it
    came (`time.monotonic`); `check` is that of its password, once it has sent one.
    """

    __slots__ = ("address", "check", "connection", "is_proxy", "port", "since")

    def __init__(self, connection: socket.socket, is_proxy: bool = False) -> None:
        """`is_proxy` tells that the other end may say whose connection this is."""
        self.connection = connection
        self.since = time.monotonic()
        self.address, self.port = peer(connection)
        self.is_proxy = is_proxy
        self.check: Check | None = None

    def __str__(self) -> str:
        host = f"[{self.address}]" if self.address.version == 6 else self.address
        return f"{host}:{self.port}"

    def past_proxy(self, seen: bytes) -> bytes:
        """What has arrived behind the line of a proxy, which is taken from the connection; nothing
        while that is not whole. Raise `ProxyError` where it is none.
        """
        if not self.is_proxy or not seen.startswith(_PROXY[: len(seen)]):
            return seen
        line, end, rest = seen.partition(b"\r\n")
        if not end:
            if len(seen) > LONGEST_PROXY_LINE:
                raise ProxyError("a line of a proxy without an end")
            return b""
        shown = line[:LONGEST_PROXY_LINE].decode("ascii", "replace")
        found = _PROXY_LINE.fullmatch(line + end)
        if found is None:
            raise ProxyError(f"a line of a proxy that is not understood: {shown}")
        try:
            self.address, self.port = normal(found[1].decode()), int(found[2])
        except ValueError:
            raise ProxyError(f"a line of a proxy without an address: {shown}") from None
        self.connection.recv(len(line) + len(end))
        self.is_proxy = False
        return rest

    def close(self) -> None:
        if self.check is not None:
            self.check.is_dropped = True
        self.connection.close()


def peer(connection: socket.socket) -> tuple[Address, int]:
    """Address and port of a connection's other end, of nowhere if it is gone."""
    try:
        host, port = connection.getpeername()[:2]
        return normal(host), port
    except (OSError, ValueError):
        return NOWHERE, 0


def normal(text: str) -> Address:
    """An address, that of IPv4 where it is only written in IPv6's form. Raise `ValueError`."""
    address = ip_address(text)
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or IPv6Address(int(address))
    return address
