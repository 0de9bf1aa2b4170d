"""A FIX session of the web: there before the venue, there after it, and never in anybody's way."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.client import DEADLINE
from tests.e2e.venue_process import VenueProcess
from tests.e2e.web_process import free_port
from venue.client import Event, ExecutionReport, LoggedOn, LoggedOut, LogonFailed, connect
from venue.client.inquiries import SNAPSHOT, security_status_fields
from venue.client.reference import SecurityStatus
from venue.config import ThrottleConfig
from venue.web.link import AT_ONCE, Link, LinkSettings
from venue.web.messages import MessageLog
from venue.web.problems import Problem

NOTHING = [(11, "no-order"), (54, "1"), (790, "question")]


def link_to(port: int, comp_id: str = "WEB1", **more: str) -> Link:
    settings = LinkSettings(comp_id=comp_id, host="127.0.0.1", port=port, **more)  # type: ignore[arg-type]
    return Link(settings, MessageLog())


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    async def ended() -> None:
        async with asyncio.timeout(6 * DEADLINE):
            await scenario()

    asyncio.run(ended())


async def until(is_so: Callable[[], object]) -> None:
    while not is_so():
        await asyncio.sleep(0.01)


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VenueProcess]:
    venue = VenueProcess(tmp_path_factory.mktemp("venue"), "--set", "journal.sync=off")
    yield venue
    venue.is_sound()
    venue.stop()


def test_what_a_throttle_lets_pass_goes_out_in_the_end(venue: VenueProcess) -> None:
    async def scenario() -> None:
        settings = LinkSettings(
            comp_id="WEBMD",
            host="127.0.0.1",
            port=venue.port,
            throttle=ThrottleConfig(messages=20, seconds=1),
            only_asks=True,
        )
        link = Link(settings, MessageLog())
        told: list[str] = []

        def hear(event: Event) -> None:
            if isinstance(event, SecurityStatus):
                told.append(event.security_status_req_id)

        link.listen(hear)
        await link.start()
        await until(lambda: link.is_up)
        asked = [f"S{number}" for number in range(40)]
        for req_id in asked:
            fields = security_status_fields(req_id, SNAPSHOT, "AAPL")
            link.when_allowed(lambda fields=fields: link.send("e", fields))  # type: ignore[misc]
        await until(lambda: len(told) == len(asked))
        assert told == asked
        await link.stop()

    run(scenario)


def test_before_the_venue_and_after_it(tmp_path: Path) -> None:
    port = free_port()
    started: list[VenueProcess] = []

    async def scenario() -> None:
        link = link_to(port)
        heard: list[type[Event]] = []
        link.listen(lambda event: heard.append(type(event)))
        await link.start()
        await until(lambda: link.state == "down")
        assert link.text == "Connection refused"
        with pytest.raises(Problem) as raised:
            link.send("H", NOTHING)
        assert (raised.value.status, raised.value.code) == (503, "venue_down")
        for _ in range(2):
            started.append(VenueProcess(tmp_path, "--port", str(port), wait=False))
            await until(lambda: link.is_up)
            assert link.status.text is None
            link.send("H", NOTHING)
            await until(lambda: heard[-1] is ExecutionReport)
            started[-1].kill()
            await until(lambda: not link.is_up)
            assert link.state == "down" and link.text
        await link.stop()
        assert heard == [LoggedOn, ExecutionReport, LoggedOut] * 2

    try:
        run(scenario)
    finally:
        for each in started:
            each.kill()


def test_number_of_what_was_sent(venue: VenueProcess) -> None:
    async def scenario() -> None:
        link = link_to(venue.port)
        await link.start()
        await until(lambda: link.is_up)
        assert [link.send("H", NOTHING) for _ in range(3)] == [2, 3, 4]
        heard: list[Event] = []
        link.listen(heard.append)
        await link.stop()
        assert link.state == "down" and link.text == "stopped"
        assert isinstance(heard[-1], LoggedOut)

    run(scenario)


def test_handler_that_fails_stops_no_other(
    venue: VenueProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scenario() -> None:
        link = link_to(venue.port)
        heard: list[Event] = []

        def fail(event: Event) -> None:
            raise ValueError("a defect of the test's own")

        link.listen(fail)
        link.listen(heard.append)
        await link.start()
        await until(lambda: heard)
        link.send("H", NOTHING)
        await until(lambda: len(heard) > 1)
        await link.stop()

    run(scenario)
    assert "a defect of the test's own" in capsys.readouterr().out


def test_much_at_once_leaves_others_their_turn(venue: VenueProcess) -> None:
    async def scenario() -> None:
        link = link_to(venue.port)
        turns, heard = 0, []

        def hear(event: Event) -> None:
            if isinstance(event, ExecutionReport):
                heard.append(turns)

        link.listen(hear)
        await link.start()
        await until(lambda: link.is_up)
        for _ in range(10 * AT_ONCE):
            link.send("H", NOTHING)
        while len(heard) < 10 * AT_ONCE:
            turns += 1
            await asyncio.sleep(0)
        await link.stop()
        assert max(heard.count(turn) for turn in set(heard)) <= AT_ONCE

    run(scenario)


def test_stranger_is_told_so(venue: VenueProcess) -> None:
    async def scenario() -> None:
        link = link_to(venue.port, "STRANGER")
        await link.start()
        await until(lambda: link.state == "down")
        assert link.text and "CompID" in link.text
        await link.stop()

    run(scenario)


def test_logons_that_are_refused_leave_nothing_open(venue: VenueProcess) -> None:
    def descriptors() -> int:
        with pytest.raises(LogonFailed):
            connect("STRANGER", port=venue.port)
        return len(os.listdir("/proc/self/fd"))

    before = descriptors()
    assert [descriptors() for _ in range(4)][-1] == before


def test_stopped_while_it_connects() -> None:
    """Somebody listens there who never answers."""

    async def scenario() -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent, ExitStack() as stack:
            silent.setblocking(False)
            link = link_to(silent.getsockname()[1])
            await link.start()
            loop = asyncio.get_running_loop()
            for _ in range(2):  # the first only looks whether anybody listens
                caller = stack.enter_context((await loop.sock_accept(silent))[0])
            assert await loop.sock_recv(caller, 1 << 16)
            await link.stop()
        assert not link.is_up

    run(scenario)
