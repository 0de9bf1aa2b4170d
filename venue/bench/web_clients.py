"""WebSocket clients for `scripts/bench --web`: raw sockets, so that they are not what is measured.
One of them reads what it is sent; of the others frames are counted.

In a process and on a core of its own. Prints one line of JSON.
"""

import argparse
import json
import os
import re
from collections.abc import Mapping, Sequence

from venue.bench.flows import QTY, SYMBOL
from venue.bench.load import WARM_UP_SECONDS, percentiles
from venue.bench.subscribers import LAST_PX, Client, Receiver, Shown, drive, orders

TRADER = "TRADER1"
SUBSCRIPTIONS = (
    {"op": "subscribe", "channel": "depth", "symbol": SYMBOL, "levels": 0},
    {"op": "subscribe", "channel": "bbo", "symbol": SYMBOL},
)
"""The whole book, so that every change is one for everybody."""
_ROW = re.compile(rb'\["([0-9.]+)","([0-9]+)",[0-9]+\]')
_DELTA, _SNAPSHOT, _LOGON = b'"type":"delta"', b'"type":"snapshot"', b"\x0135=A\x01"
_STATUS = b'"channel":"status"'
_LAST = f'["{LAST_PX / 100:g}","{QTY}",1]'.encode()
PAUSE_SECONDS = 0.0001
"""Who spins takes a core from the web, which has none of its own."""
_OPENING = (
    "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class WebClient(Receiver):
    """A WebSocket."""

    server = "web"
    update, last = _DELTA, _LAST
    subscriptions: Sequence[Mapping[str, object]] = SUBSCRIPTIONS

    def __init__(self, port: int, comp_id: str) -> None:
        super().__init__(port, comp_id)
        self.socket.sendall(_OPENING.encode())
        self.wait_for(_STATUS)
        for subscription in self.subscriptions:
            self.ask(subscription)
        if self.subscriptions:
            self.wait_for(_SNAPSHOT)

    def ask(self, what: Mapping[str, object]) -> None:
        self.socket.sendall(masked(json.dumps(what).encode()))


class WebProbe(Shown, WebClient):
    """The one whose levels are read."""

    level = _ROW


def masked(payload: bytes, code: int = 0x81) -> bytes:
    """A frame of a client, with a mask of zeroes; `code` is its first byte, that of text."""
    size = len(payload)
    length = bytes((0x80 | size,)) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return bytes((code,)) + length + bytes(4) + payload


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
    behind = drive(trader, probe, clients, messages, prices, chosen.rate, PAUSE_SECONDS)
    first = min(due for due, _ in probe.latencies) + WARM_UP_SECONDS
    result = percentiles([late for due, late in probe.latencies if due >= first])
    result["frames"] = sum(client.updates for client in clients)
    result["bytes"] = sum(client.received for client in clients)
    result["probe_frames"] = probe.updates
    result["behind_ms"] = round(behind * 1000, 2)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
