"""Very many orders of one session, made faster than a venue takes them."""

import threading
from contextlib import suppress

from tests.e2e.message import SOH, utc_now
from tests.e2e.raw import RawClient


def orders(client: RawClient, count: int) -> bytes:
    """So many orders that rest, far from each other's side."""
    now = utc_now()
    head = f"35=D{SOH}49={client.comp_id}{SOH}56=VENUE{SOH}52={now}{SOH}".encode()
    tail = f"55=AAPL{SOH}54=1{SOH}38=1{SOH}40=2{SOH}44=90.00{SOH}60={now}{SOH}".encode()
    first = client.next_sent
    client.next_sent += count
    varied = (
        f"34={number:07}{SOH}11={client.comp_id}-F{number:07}{SOH}".encode()
        for number in range(first, first + count)
    )
    messages = []
    for each in varied:
        body = head + each + tail
        whole = b"8=FIX.4.4\x019=%d\x01" % len(body) + body
        messages.append(whole + b"10=%03d\x01" % (sum(whole) % 256))
    return b"".join(messages)


class Flood:
    """Sends `content` over a client's socket from a thread of its own; `sent` are bytes."""

    def __init__(self, client: RawClient, content: bytes) -> None:
        self.sent = 0
        self._client, self._content = client, content
        self._stopping = False
        self._thread = threading.Thread(target=self._send, daemon=True)
        client.socket.settimeout(None)
        self._thread.start()

    def _send(self) -> None:
        with suppress(OSError):
            while self.is_on:
                self.sent += self._client.socket.send(self._content[self.sent : self.sent + 65536])

    @property
    def is_on(self) -> bool:
        return not self._stopping and self.sent < len(self._content)

    @property
    def has_failed(self) -> bool:
        """Whether the venue hung up."""
        return self.is_on and not self._thread.is_alive()

    def stop(self) -> None:
        self._stopping = True
        self._client.socket.close()
        self._thread.join(10)
