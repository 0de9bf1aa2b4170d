"""The load generator: one raw socket, messages built beforehand, in a process and on a core of its
own. Prints one line of JSON.
"""

import argparse
import json
import os
import socket
import threading
import time

from venue.bench.flows import Flow, build_flow, frame
from venue.fix.message import format_time

REPORT = b"\x0135=8\x01"
TIMEOUT_SECONDS = 60.0
WARM_UP_SECONDS = 0.5


class Connection:
    """A logged on session; `reports` counts the ExecutionReports read so far."""

    def __init__(self, port: int, comp_id: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(TIMEOUT_SECONDS)
        self.reports = 0
        self._tail = b""
        now = format_time(time.time_ns())
        logon = f"35=A|34=1|49={comp_id}|52={now}|56=VENUE|98=0|108=30|141=Y|"
        self.socket.sendall(frame(logon))
        if b"\x0135=A\x01" not in self.socket.recv(4096):
            raise SystemExit("the server refuses the logon")

    def read(self) -> int:
        """Count the reports in what has arrived; waits, or raises, as the socket is set to."""
        chunk = self._tail + self.socket.recv(1 << 20)
        if chunk == self._tail:
            raise SystemExit("the server closed the connection")
        found = chunk.count(REPORT)
        self._tail = chunk[-len(REPORT) + 1 :]
        self.reports += found
        return found

    def exchange(self, messages: list[bytes], reports: int) -> float:
        """Send all at once, and return the seconds until the last report."""
        goal = self.reports + reports
        blob = b"".join(messages)
        sender = threading.Thread(target=self.socket.sendall, args=(blob,), daemon=True)
        start = time.perf_counter()
        sender.start()
        while self.reports < goal:
            self.read()
        return time.perf_counter() - start


def throughput(connection: Connection, flow: Flow, answers: int | None) -> dict[str, float]:
    """Microseconds a message; `answers` overrides the reports a message causes."""
    first = len(flow.first) * answers if answers else flow.first_reports
    measured = len(flow.measured) * answers if answers else flow.measured_reports
    if flow.first:
        connection.exchange(flow.first, first)
    seconds = connection.exchange(flow.measured, measured)
    orders = len(flow.measured)
    return {"us": seconds / orders * 1e6, "orders_per_s": orders / seconds, "reports": measured}


def latency(connection: Connection, messages: list[bytes], rate: int) -> dict[str, float]:
    """Open loop: each message has its time, and its latency counts from then, sent late or not."""
    sock = connection.socket
    sock.setblocking(False)
    clock = time.perf_counter
    interval = 1 / rate
    total = len(messages)
    samples = []
    sent = received = 0
    start = clock() + 0.01
    deadline = start + total * interval + TIMEOUT_SECONDS
    while received < total:
        now = clock()
        due = min(total, int((now - start) / interval) + 1) if now >= start else 0
        if due > sent:
            sock.setblocking(True)
            sock.sendall(b"".join(messages[sent:due]))
            sock.setblocking(False)
            sent = due
        try:
            found = connection.read()
        except BlockingIOError:
            if now > deadline:
                raise SystemExit(f"{total - received} reports never came") from None
            continue
        now = clock()
        for number in range(received, received + found):
            samples.append(now - (start + number * interval))
        received += found
    return percentiles(samples[int(rate * WARM_UP_SECONDS) :])


def percentiles(seconds: list[float]) -> dict[str, float]:
    """p50, p90, p99, p99.9 and max in microseconds."""
    ordered = sorted(seconds)
    last = len(ordered) - 1
    points = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p99.9": 0.999, "max": 1.0}
    return {name: round(ordered[int(last * part)] * 1e6, 1) for name, part in points.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--flow", choices=("add", "varied", "mixed"), default="add")
    parser.add_argument("--orders", type=int, required=True)
    parser.add_argument("--rate", type=int, default=0, help="orders a second; 0: all at once")
    parser.add_argument("--answers", type=int, help="reports a message, if not the venue's")
    parser.add_argument("--cpu", type=int)
    chosen = parser.parse_args()
    if chosen.cpu is not None:
        os.sched_setaffinity(0, {chosen.cpu})
    flow = build_flow(chosen.flow, chosen.orders, "TRADER1")
    connection = Connection(chosen.port, "TRADER1")
    if chosen.rate:
        result = latency(connection, flow.measured, chosen.rate)
    else:
        result = throughput(connection, flow, chosen.answers)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
