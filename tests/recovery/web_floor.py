"""The venue, its web and what lies between, and the clients that speak FIX: they trade, and one is
told everything.
"""

import asyncio
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

from tests.recovery.tape import Tape
from tests.recovery.trader import Trader
from tests.recovery.web_clearing import Clearing
from tests.recovery.web_http import Http, Lost
from tests.recovery.web_processes import CLEARING, FIX_TRADERS, PEOPLE, Killed, Site
from tests.recovery.web_proxy import Proxy
from tests.recovery.wire import FIX50SP2, ViolationError

SECONDS = 60.0
"""In which the web reaches the venue, or everybody has every answer."""
TICK = 0.005
ACTIVITY = 0.05
"""How often a client that speaks FIX does something in a tick."""


class Floor:
    """Everything but the users of the web."""

    def __init__(self, directory: Path, seed: int) -> None:
        self.site = Site(directory)
        self.clearing = Clearing(CLEARING, directory)
        self.may_trade = False
        self._dice = random.Random(f"{seed} floor")
        ports = self.site.wire_port, self.site.venue_port
        self._proxy = Proxy(*ports, random.Random(f"{seed} proxy"))
        self._traders = [
            Trader(comp_id, FIX50SP2, Tape(), seed, directory, watcher=False)
            for comp_id in FIX_TRADERS
        ]
        self._is_venue_there = False
        self._retry = 0.0

    async def begin(self) -> None:
        self.site.web.begin()
        await self.begin_venue()
        await self.site.web.ready()

    async def end(self) -> None:
        """Stop both in peace."""
        await self.site.web.stop()
        await self.stop_venue()

    def close(self) -> None:
        self._proxy.close()
        self._proxy.cut(lambda _: True)
        self.site.close()
        for trader in self._traders:
            trader.close()
        self.clearing.engine.drop()
        self.clearing.log.close()

    # --- the venue ------------------------------------------------------------------------

    async def begin_venue(self) -> None:
        self.site.venue.begin()
        await self.site.venue.ready()
        await self._proxy.open()
        self._is_venue_there = self.may_trade = True

    def kill_venue(self) -> None:
        self.site.venue.kill()
        self._is_venue_there = False
        self._proxy.close()
        for trader in self._traders:
            trader.lose_venue(reads=self._dice.random() < 0.8)
        engine = self.clearing.engine
        while engine.read(wait=True):
            pass
        engine.drop()
        engine.unclean += 1
        engine.exact = False

    async def stop_venue(self) -> None:
        for trader in self._traders:
            trader.expect_end()
        engine = self.clearing.engine
        engine.ending, engine.exact = True, engine.is_complete
        self.may_trade = self._is_venue_there = False
        await self.site.venue.stop()
        self._proxy.close()
        for trader in self._traders:
            trader.poll(wait=True)
        while engine.read(wait=True):
            pass

    async def freeze(self, process: Killed) -> None:
        """Let a process stand still for a while, longer than requests wait or not."""
        process.signal(signal.SIGSTOP)
        longest = self._dice.choice((1.0, 7.0))
        await asyncio.sleep(self._dice.uniform(0, longest))
        process.signal(signal.SIGCONT)

    def cut(self, all_of_them: bool) -> None:
        """Cut the web's connection of one session, or all."""
        comp_ids = [person.session for person in PEOPLE]
        comp_ids += [person.drop_copy for person in PEOPLE if person.drop_copy is not None]
        chosen = self._dice.choice(comp_ids)
        self._proxy.cut(lambda comp_id: all_of_them or comp_id == chosen)

    # --- the web --------------------------------------------------------------------------

    async def begin_web(self) -> None:
        self.site.web.begin()
        await self.site.web.ready()

    async def up(self) -> None:
        """Wait until the web has all its sessions."""
        http = Http(self.site.web_port, PEOPLE[0].token, lambda: None)
        deadline = time.monotonic() + SECONDS
        links: list[dict[str, str]] = []
        while time.monotonic() < deadline:
            try:
                links = (await http.ask("GET", "/v1/status")).body["links"]
            except Lost:
                links = []
            if links and all(link["state"] == "up" for link in links):
                http.close()
                return
            await asyncio.sleep(0.05)
        raise ViolationError(f"the web does not reach the venue: {links}")

    # --- clients that speak FIX -----------------------------------------------------------

    async def pump(self) -> None:
        """Keep them going, for ever."""
        while True:
            if self._is_venue_there and time.monotonic() > self._retry:
                self._connect()
            for trader in self._traders:
                trader.poll()
                if self.may_trade and trader.dice.random() < ACTIVITY:
                    trader.act()
            self.clearing.engine.read()
            await asyncio.sleep(TICK)

    def _connect(self) -> None:
        try:
            if self.clearing.engine.socket is None:
                self.clearing.engine.connect(self.site.venue_port)
            for trader in self._traders:
                trader.connect(self.site.venue_port)
        except OSError:
            self._retry = time.monotonic() + 0.1

    async def settle(self) -> None:
        """Have all answers, and what the venue says of everything; nobody trades meanwhile."""
        self.may_trade = False
        clearing, engine = self.clearing, self.clearing.engine
        await self._until(lambda: all(trader.is_settled for trader in self._traders))
        for trader in self._traders:
            trader.ledger.check()
        await self._until(lambda: engine.logged_on)
        engine.ping()
        await self._until(lambda: engine.is_complete)
        clearing.ask()
        await self._until(lambda: clearing.is_answered and engine.is_complete)
        clearing.check()

    async def _until(self, is_so: Callable[[], object]) -> None:
        deadline = time.monotonic() + SECONDS
        while not is_so():
            if time.monotonic() > deadline:
                states = [trader.state() for trader in self._traders]
                raise ViolationError(f"no rest: {states}, {self.clearing.engine.state()}")
            await asyncio.sleep(TICK)
