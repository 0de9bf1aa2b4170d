"""Market data clients for `scripts/bench --marketdata`: raw sockets, so that they are not what is
measured. One of them reads what it is sent; of the others messages are counted.

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
from collections.abc import Sequence

from venue.bench.flows import MIDDLE, QTY, SYMBOL, frame
from venue.bench.load import TIMEOUT_SECONDS, WARM_UP_SECONDS, percentiles
from venue.fix.message import format_time

LEVELS = 50
"""Of each side, which the orders are put at in turn."""
LAST_PX = 6_000
"""Where the last order is, and no other."""
SHAPES = ("264=0|265=1|266=Y", "264=1|265=1|266=Y", "264=10|265=1|266=Y", "264=0|265=1|266=N",
          "264=1|265=1|266=N", "264=10|265=1|266=N")  # fmt: skip
"""Depth, increments, aggregated or by order."""

_ENTRY = re.compile(rb"\x01270=([0-9.]+)\x01271=([0-9]+)\x01")
_X, _W, _LOGON = b"\x0135=X\x01", b"\x0135=W\x01", b"\x0135=A\x01"
_LAST = f"\x01270={LAST_PX / 100:g}\x01".encode()
TAIL = 64
"""More bytes than are looked for at once."""


class Receiver:
    """A bare socket. Whatever it gets is in `seen`, of which it keeps the end."""

    server = "server"
    update, last = b"", b""
    """What an update has in it, and what is in the last one."""

    def __init__(self, port: int, comp_id: str) -> None:
        self.comp_id = comp_id
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(TIMEOUT_SECONDS)
        self.seen = b""
        self.updates = self.received = 0
        self.has_last = False

    def wait_for(self, what: bytes) -> None:
        """Wait until `what` has come, and forget what came before."""
        while what not in self.seen:
            chunk = self.socket.recv(1 << 16)
            if not chunk:
                end = self.seen[-300:]
                raise SystemExit(f"the {self.server} hung up on {self.comp_id}: {end!r}")
            self.seen += chunk
        self.seen = b""

    def take(self, chunk: bytes) -> None:
        """Count the updates in what has come."""
        whole = self.seen + chunk
        self.received += len(chunk)
        self.updates += whole.count(self.update)
        self.has_last = self.has_last or self.last in whole
        self.seen = whole[-len(self.update) + 1 :] if not self.has_last else b""


class Client(Receiver):
    """A FIX session."""

    update, last = _X, _LAST

    def __init__(self, port: int, comp_id: str) -> None:
        super().__init__(port, comp_id)
        self._number = 0
        self.send("35=A|", "98=0|108=600|141=Y|")

    def send(self, msg_type: str, body: str) -> None:
        self.socket.sendall(self.encode(msg_type, body))

    def encode(self, msg_type: str, body: str) -> bytes:
        self._number += 1
        now = format_time(time.time_ns())
        return frame(f"{msg_type}34={self._number}|49={self.comp_id}|52={now}|56=VENUE|{body}")


class Shown(Receiver):
    """The one that tells which orders it has been shown, by the quantity of their level."""

    level = _ENTRY
    """A price and its quantity."""

    def __init__(self, port: int, comp_id: str) -> None:
        super().__init__(port, comp_id)
        self.due: dict[int, list[float]] = defaultdict(list)
        """When the orders of a level were due, in the order in which they were entered."""
        self.latencies: list[tuple[float, float]] = []
        """When an order was due, and how much later it was shown."""
        self._shown: dict[int, int] = defaultdict(int)
        self._levels = b""

    def take(self, chunk: bytes) -> None:
        now = time.perf_counter()
        super().take(chunk)
        whole = self._levels + chunk
        end = 0
        for level in self.level.finditer(whole):
            end = level.end() - 1
            price, count = round(float(level[1]) * 100), int(level[2]) // QTY
            shown = self._shown[price]
            if count > shown:
                dues = self.due[price][shown:count]
                self.latencies += ((due, now - due) for due in dues)
                self._shown[price] = count
        self._levels = whole[max(end, len(whole) - TAIL) :]


class Probe(Shown, Client):
    """A FIX session that does."""


def orders(trader: Client, count: int) -> tuple[list[bytes], list[int]]:
    """The messages, and the price of each in ticks."""
    messages, prices = [], []
    for number in range(count):
        side, level = 1 + number % 2, number // 2 % LEVELS + 1
        price = MIDDLE - level if side == 1 else MIDDLE + level
        if number == count - 1:
            side, price = 1, LAST_PX
        now = format_time(time.time_ns())
        body = f"11=N{number:07d}|38={QTY}|40=2|44={price / 100:.2f}|54={side}|55={SYMBOL}|59=0|"
        messages.append(trader.encode("35=D|", f"{body}60={now}|"))
        prices.append(price)
    return messages, prices


def subscribe(clients: list[Client], shapes: tuple[str, ...]) -> None:
    for client in clients:
        client.wait_for(_LOGON)
    for number, client in enumerate(clients):
        shape = shapes[number % len(shapes)]
        types = "267=2|269=0|269=1|"
        client.send("35=V|", f"262=R|263=1|{shape}|{types}146=1|55={SYMBOL}|")
    for client in clients:
        client.wait_for(_W)


def drive(
    trader: Client, probe: Shown, clients: Sequence[Receiver], messages: list[bytes],
    prices: list[int], rate: int, pause: float = 0,
) -> float:  # fmt: skip
    """Open loop: each order has its time, sent late or not. Where nothing has come a `pause` of so
    many seconds leaves the core to others. Return the seconds from the last order until everybody
    who can see it has.
    """
    clock = time.perf_counter
    sock = trader.socket
    epoll = select.epoll()
    everybody: list[Receiver] = [trader, *clients]
    known = {client.socket.fileno(): client for client in everybody}
    for descriptor, client in known.items():
        client.socket.setblocking(False)
        epoll.register(descriptor, select.EPOLLIN)
    total, sent = len(messages), 0
    start = clock() + 0.05
    for number, price in enumerate(prices):
        probe.due[price].append(start + number / rate)
    end = start + total / rate
    awaited = [client for client in clients if client.has_last is False]
    while not all(client.has_last for client in awaited):
        now = clock()
        due = min(total, int((now - start) * rate) + 1) if now >= start else 0
        if due > sent:
            sock.setblocking(True)
            sock.sendall(b"".join(messages[sent:due]))
            sock.setblocking(False)
            sent = due
        elif now > end + TIMEOUT_SECONDS:
            raise SystemExit("not everybody was told of the last order")
        ready = epoll.poll(0)
        if not ready and pause:
            time.sleep(pause)
        for descriptor, _ in ready:
            client = known[descriptor]
            try:
                chunk = client.socket.recv(1 << 17)
            except BlockingIOError:
                continue
            if not chunk:
                raise SystemExit(f"the server hung up on {client.comp_id}")
            client.take(chunk)
    return clock() - end + 1 / rate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="of the venue")
    parser.add_argument("--feed-port", type=int, required=True, help="of the market data")
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--mixed", action="store_true", help="all depths, aggregated and by order")
    parser.add_argument("--rate", type=int, required=True, help="orders a second")
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--cpu", type=int)
    chosen = parser.parse_args()
    if chosen.cpu is not None:
        os.sched_setaffinity(0, {chosen.cpu})
    feed_port = chosen.feed_port
    probe = Probe(feed_port, "SUB0")
    clients: list[Client] = [
        probe,
        *(Client(feed_port, f"SUB{n}") for n in range(1, chosen.clients)),
    ]
    trader = Client(chosen.port, "TRADER1")
    trader.wait_for(_LOGON)
    shapes = SHAPES if chosen.mixed else SHAPES[:1]
    subscribe(clients, shapes)
    for number, client in enumerate(clients):  # the last order is too deep for some
        client.has_last = not shapes[number % len(shapes)].startswith("264=0")
    messages, prices = orders(trader, chosen.rate * chosen.seconds)
    behind = drive(trader, probe, clients, messages, prices, chosen.rate)
    first = min(due for due, _ in probe.latencies) + WARM_UP_SECONDS
    result = percentiles([late for due, late in probe.latencies if due >= first])
    result["updates"] = sum(client.updates for client in clients)
    result["bytes"] = sum(client.received for client in clients)
    result["probe_updates"] = probe.updates
    result["behind_ms"] = round(behind * 1000, 2)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
