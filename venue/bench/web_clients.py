"""WebSocket clients for `scripts/bench --web`: raw sockets, so that they are not what is measured.
One of them reads what it is sent; of the others frames are counted.

In a process and on a core of its own. Prints one line of JSON.
"""

import argparse
import json
import os
import re
import select
import socket
import time
from collections import defaultdict

from venue.bench.flows import QTY, SYMBOL
from venue.bench.load import TIMEOUT_SECONDS, WARM_UP_SECONDS, percentiles
from venue.bench.subscribers import LAST_PX, Client, orders

TRADER = "TRADER1"
SUBSCRIPTIONS = (
    {"op": "subscribe", "channel": "depth", "symbol": SYMBOL, "levels": 0},
    {"op": "subscribe", "channel": "bbo", "symbol": SYMBOL},
)
"""The whole book, so that every change is one for everybody."""
_ROW = re.compile(rb'\["([0-9.]+)","([0-9]+)",null\]')
_DELTA, _SNAPSHOT, _LOGON = b'"type":"delta"', b'"type":"snapshot"', b"\x0135=A\x01"
_STATUS = b'"channel":"status"'
_LAST = f'["{LAST_PX / 100:g}","{QTY}",null]'.encode()
TAIL = 64
PAUSE_SECONDS = 0.0001
_OPENING = (
    "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class WebClient:
    """A WebSocket on a bare socket. What it gets is counted as `subscribers.Client` does."""

    def __init__(self, port: int, name: str) -> None:
        self.comp_id = name
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(TIMEOUT_SECONDS)
        self.socket.sendall(_OPENING.encode())
        self.seen = b""
        self.updates = self.received = 0
        self.has_last = False
        self.wait_for(_STATUS)
        for subscription in SUBSCRIPTIONS:
            self.socket.sendall(masked(json.dumps(subscription).encode()))
        self.wait_for(_SNAPSHOT)

    def wait_for(self, what: bytes) -> None:
        """Wait until `what` has come, and forget what came before."""
        while what not in self.seen:
            chunk = self.socket.recv(1 << 16)
            if not chunk:
                raise SystemExit(f"the web hung up on {self.comp_id}: {self.seen[-300:]!r}")
            self.seen += chunk
        self.seen = b""

    def take(self, chunk: bytes) -> None:
        """Count the updates in what has come."""
        whole = self.seen + chunk
        self.received += len(chunk)
        self.updates += whole.count(_DELTA)
        self.has_last = self.has_last or _LAST in whole
        self.seen = whole[-len(_DELTA) + 1 :] if not self.has_last else b""


class WebProbe(WebClient):
    """The one that tells which orders it has been shown, as `subscribers.Probe` does."""

    def __init__(self, port: int, name: str) -> None:
        super().__init__(port, name)
        self.due: dict[int, list[float]] = defaultdict(list)
        self.latencies: list[tuple[float, float]] = []
        self._shown: dict[int, int] = defaultdict(int)
        self._rows = b""

    def take(self, chunk: bytes) -> None:
        now = time.perf_counter()
        super().take(chunk)
        whole = self._rows + chunk
        end = 0
        for row in _ROW.finditer(whole):
            end = row.end() - 1
            price, count = round(float(row[1]) * 100), int(row[2]) // QTY
            shown = self._shown[price]
            if count > shown:
                self.latencies += ((due, now - due) for due in self.due[price][shown:count])
                self._shown[price] = count
        self._rows = whole[max(end, len(whole) - TAIL) :]


def masked(payload: bytes) -> bytes:
    """A frame of a client, with a mask of zeroes."""
    size = len(payload)
    length = bytes((0x80 | size,)) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return b"\x81" + length + bytes(4) + payload


def drive(
    trader: Client, probe: WebProbe, clients: list[WebClient], messages: list[bytes],
    prices: list[int], rate: int,
) -> float:  # fmt: skip
    """As `subscribers.drive`, but for pauses: who spins takes a core from the web, which has none
    of its own. Return the seconds from the last order until everybody has been shown it.
    """
    clock = time.perf_counter
    epoll = select.epoll()
    everybody: list[Client | WebClient] = [trader, *clients]
    known = {client.socket.fileno(): client for client in everybody}
    for descriptor, client in known.items():
        client.socket.setblocking(False)
        epoll.register(descriptor, select.EPOLLIN)
    total, sent = len(messages), 0
    start = clock() + 0.05
    for number, price in enumerate(prices):
        probe.due[price].append(start + number / rate)
    end = start + total / rate
    while not all(client.has_last for client in clients):
        now = clock()
        due = min(total, int((now - start) * rate) + 1) if now >= start else 0
        if due > sent:
            trader.socket.setblocking(True)
            trader.socket.sendall(b"".join(messages[sent:due]))
            trader.socket.setblocking(False)
            sent = due
        elif now > end + TIMEOUT_SECONDS:
            raise SystemExit("not everybody was told of the last order")
        ready = epoll.poll(0)
        if not ready:
            time.sleep(PAUSE_SECONDS)
        for descriptor, _ in ready:
            client = known[descriptor]
            chunk = client.socket.recv(1 << 17)
            if not chunk:
                raise SystemExit(f"the server hung up on {client.comp_id}")
            client.take(chunk)
    return clock() - end + 1 / rate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="of the venue")
    parser.add_argument("--web-port", type=int, required=True)
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--rate", type=int, required=True, help="orders a second")
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--cpu", type=int)
    chosen = parser.parse_args()
    if chosen.cpu is not None:
        os.sched_setaffinity(0, {chosen.cpu})
    probe = WebProbe(chosen.web_port, "the probe")
    clients = [
        probe,
        *(WebClient(chosen.web_port, f"client {n}") for n in range(1, chosen.clients)),
    ]
    trader = Client(chosen.port, TRADER)
    trader.wait_for(_LOGON)
    messages, prices = orders(trader, chosen.rate * chosen.seconds)
    behind = drive(trader, probe, clients, messages, prices, chosen.rate)
    first = min(due for due, _ in probe.latencies) + WARM_UP_SECONDS
    result = percentiles([late for due, late in probe.latencies if due >= first])
    result["frames"] = sum(client.updates for client in clients)
    result["bytes"] = sum(client.received for client in clients)
    result["probe_frames"] = probe.updates
    result["behind_ms"] = round(behind * 1000, 2)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
