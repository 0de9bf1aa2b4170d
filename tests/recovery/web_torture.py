"""Kill a web and its venue again and again, under load, and see whether the web keeps its word:
nothing that it has told is lost, nothing comes twice.
"""

import argparse
import asyncio
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.recovery.web_checks import (
    check_books,
    check_claims,
    check_each,
    check_fills,
    check_listener,
    check_orders,
    check_positions,
    check_told,
)
from tests.recovery.web_floor import Floor
from tests.recovery.web_listener import Listener
from tests.recovery.web_processes import PEOPLE
from tests.recovery.web_user import WORKERS, User
from tests.recovery.wire import ViolationError

KINDS = {
    "web killed": 6,
    "venue killed": 6,
    "both killed": 4,
    "web stopped": 2,
    "venue stopped": 2,
    "web killed again": 3,
    "web killed, no venue": 2,
    "one connection cut": 4,
    "all connections cut": 3,
    "venue frozen": 2,
    "web frozen": 1,
}
"""What happens, and how often it comes up against the others."""
REQUESTS = 50, 500
"""So many, at least and at most, until something happens."""
LONGEST = 20.0
"""Seconds after which it happens, however little was asked."""
UNTIL_CHECK = 2, 6
"""So much happens from one rest, where everything is compared, to the next."""
MOST_MEGABYTES = 400
MOST_LOOKED_AT = 400
"""Orders of a user that are asked for one by one at each rest."""


class Campaign:
    """`seed` decides what is asked for and after how many requests what happens, as far as time
    lets it: some `requests`. `floor` is where; `happened` counts what has.
    """

    def __init__(self, directory: Path, seed: int, requests: tuple[int, int] = REQUESTS) -> None:
        self.floor = Floor(directory, seed)
        self.happened: Counter[str] = Counter()
        self.megabytes = 0
        self._dice = random.Random(seed)
        self._until_next = requests
        port = self.floor.site.web_port
        self._users, self._listeners = [], []
        for number, person in enumerate(PEOPLE):
            is_restless = number % 2 == 1  # others rely on what their WebSocket tells
            self._users.append(User(person, port, seed, self._note_sent, lists=is_restless))
            self._listeners.append(Listener(person, port, seed, leaves=is_restless))
        self._requests = 0
        self._waits_for: tuple[int, asyncio.Event] | None = None
        self._looked_at: Counter[str] = Counter()
        self._began = time.monotonic()

    async def run(self, seconds: float, kinds: list[str] | None = None) -> None:
        """Let things happen for so many seconds, or those of `kinds`, one after the other. Raise
        `ViolationError` at the first broken word.
        """
        try:
            await self._whole(seconds, kinds)
        except* ViolationError as group:
            first: BaseException = group
            while isinstance(first, BaseExceptionGroup):
                first = first.exceptions[0]
            raise first from None
        finally:
            for user in self._users:
                user.http.close()
            self.floor.close()
            await asyncio.sleep(0.1)  # for connections to end

    async def _whole(self, seconds: float, kinds: list[str] | None) -> None:
        async with asyncio.TaskGroup() as tasks:
            others = [tasks.create_task(self.floor.pump())]
            await self.floor.begin()
            others += [tasks.create_task(each.run()) for each in self._listeners]
            for user in self._users:
                others += [tasks.create_task(user.work()) for _ in range(WORKERS)]
            await self._campaign(seconds, kinds)
            await self.floor.end()
            for each in others:
                each.cancel()

    async def _campaign(self, seconds: float, kinds: list[str] | None) -> None:
        await self.floor.up()
        self._go_on()
        until_check = self._dice.randint(*UNTIL_CHECK)
        while self._goes_on(seconds, kinds):
            done = self.happened.total()
            [kind] = self._dice.choices(list(KINDS), list(KINDS.values()))
            if kinds:
                kind = kinds[done]
            await self._after_some(self._dice.randint(*self._until_next))
            await self._happen(kind)
            self.happened[kind] += 1
            until_check -= 1
            if self._dice.random() < 0.7:
                await self.floor.up()
            if until_check == 0:
                await self._verify()
                self._go_on()
                until_check = self._dice.randint(*UNTIL_CHECK)
            print(f"{done + 1:4} {kind:20} {self.figures()}", flush=True)
        await self._after_some(self._until_next[0])
        await self._verify()

    def _goes_on(self, seconds: float, kinds: list[str] | None) -> bool:
        if kinds:
            return self.happened.total() < len(kinds)
        return time.monotonic() < self._began + seconds

    def figures(self) -> str:
        clearing, site = self.floor.clearing, self.floor.site
        listened = sum(listener.connections for listener in self._listeners)
        return (
            f"requests {self._requests} orders {len(clearing.orders)}"
            f" fills {len(clearing.sides)} sockets {listened} web {self.megabytes} MB"
            f" lives {site.web.lives}+{site.venue.lives} {time.monotonic() - self._began:.0f} s"
        )

    def counts(self) -> Counter[str]:
        """What was answered to all users, and told to all listeners."""
        total: Counter[str] = Counter()
        for user in self._users:
            total += user.claims.counts
        for listener in self._listeners:
            total += listener.counts
        return total

    async def _happen(self, kind: str) -> None:
        does: dict[str, Callable[[], Any]] = {
            "web killed": self._kill_web,
            "venue killed": self._kill_venue,
            "both killed": self._kill_both,
            "web stopped": self._stop_web,
            "venue stopped": self._stop_venue,
            "web killed again": self._kill_web_again,
            "web killed, no venue": self._kill_web_alone,
            "one connection cut": lambda: self._cut(False),
            "all connections cut": lambda: self._cut(True),
            "venue frozen": lambda: self.floor.freeze(self.floor.site.venue),
            "web frozen": lambda: self.floor.freeze(self.floor.site.web),
        }
        await does[kind]()

    async def _pause(self) -> None:
        """While something is away."""
        longest = self._dice.choice((0, 0, 0.5, 2))
        await asyncio.sleep(self._dice.uniform(0, longest))

    async def _kill_web(self) -> None:
        self.floor.site.web.kill()
        await self._pause()
        await self.floor.begin_web()

    async def _kill_venue(self) -> None:
        self.floor.kill_venue()
        await self._pause()
        await self.floor.begin_venue()

    async def _kill_both(self) -> None:
        kills = [self.floor.kill_venue, self.floor.site.web.kill]
        for kill in self._dice.sample(kills, 2):
            kill()
            await asyncio.sleep(self._dice.choice((0, self._dice.uniform(0, 0.1))))
        await self.floor.begin()

    async def _stop_web(self) -> None:
        await self.floor.site.web.stop()
        await self.floor.begin_web()

    async def _stop_venue(self) -> None:
        await self.floor.stop_venue()
        await self.floor.begin_venue()

    async def _kill_web_again(self) -> None:
        """While it is still asking what there is."""
        for _ in range(self._dice.randint(1, 2)):
            await self._kill_web()
            await asyncio.sleep(self._dice.choice((0, self._dice.uniform(0, 1))))
        await self._kill_web()

    async def _kill_web_alone(self) -> None:
        """While the venue is away."""
        self.floor.kill_venue()
        await self._pause()
        await self._kill_web()
        await self.floor.begin_venue()

    async def _cut(self, all_of_them: bool) -> None:
        self.floor.cut(all_of_them)

    def _note_sent(self) -> None:
        self._requests += 1
        if self._waits_for is not None and self._requests >= self._waits_for[0]:
            self._waits_for[1].set()

    async def _after_some(self, requests: int) -> None:
        """Wait for so many requests more, and maybe a moment in which the last may be answered."""
        met = asyncio.Event()
        self._waits_for = self._requests + requests, met
        try:
            async with asyncio.timeout(LONGEST):
                await met.wait()
        except TimeoutError:
            pass
        self._waits_for = None
        await asyncio.sleep(self._dice.choice((0, 0, self._dice.uniform(0, 0.02))))

    def _go_on(self) -> None:
        self.floor.may_trade = True
        for user in self._users:
            user.go_on()

    async def _verify(self) -> None:
        """Rest, and compare everything. What was missed must not be made up for by a question for
        something else: what was told without asking comes first for some, and else it is chance.
        """
        await self.floor.up()
        for user in self._users:
            await user.rest()
        await self.floor.settle()
        clearing = self.floor.clearing
        check_claims(self._users, clearing)
        for user, listener in zip(self._users, self._listeners, strict=True):
            checks = [
                partial(check_orders, user, clearing),
                partial(check_fills, user, clearing),
                partial(check_positions, user, clearing),
                partial(self._look_at_some, user),
                partial(check_listener, listener, user, clearing),
            ]
            if not user.lists:
                await check_listener(listener, user, clearing)
            for check in self._dice.sample(checks, len(checks)):
                await check()
            check_told(listener, clearing)
        await check_books(self._users[0], clearing)
        for process in (self.floor.site.web, self.floor.site.venue):
            process.check()
        self.megabytes = self.floor.site.web.megabytes
        if self.megabytes > MOST_MEGABYTES:
            raise ViolationError(f"the web has {self.megabytes} MB in memory")

    async def _look_at_some(self, user: User) -> None:
        claims = list(user.claims.orders.values())
        new = claims[self._looked_at[user.person.name] :]
        self._looked_at[user.person.name] = len(claims)
        some = self._dice.sample(new, min(len(new), MOST_LOOKED_AT))
        await check_each(user, self.floor.clearing, some)


def main() -> int:
    """Run a campaign; return the exit status. What is needed to understand a violation stays."""
    parser = argparse.ArgumentParser(prog="scripts/torture --web", description=__doc__)
    parser.add_argument("--seconds", type=float, default=300, help="so long (default 300)")
    parser.add_argument("--seed", type=int, help="of everything that is left to chance")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # and leave no process behind
    seed = random.SystemRandom().randrange(1 << 32) if options.seed is None else options.seed
    print(f"seed {seed}", flush=True)
    directory = Path(tempfile.mkdtemp(prefix="web-torture-"))
    campaign = Campaign(directory, seed)
    try:
        asyncio.run(campaign.run(options.seconds))
    except AssertionError as error:
        print(f"\nVIOLATION: {error}\n\nseed {seed}, {campaign.figures()}", file=sys.stderr)
        print(f"Data and logs of all lives: {directory}", file=sys.stderr)
        return 1
    shutil.rmtree(directory)
    print(f"no violation: {dict(campaign.happened)}\n{dict(campaign.counts())}")
    print(campaign.figures())
    return 0


if __name__ == "__main__":
    sys.exit(main())
