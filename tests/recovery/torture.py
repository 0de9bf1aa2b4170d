"""The campaign: a fleet trades, its venue is killed in every way, and everybody's ledger is
compared after each kill.
"""

import random
import shutil
import sys
import time
from collections import Counter
from pathlib import Path

from tests.recovery import faulty_disk
from tests.recovery.fleet import Fleet
from tests.recovery.journal_check import check_journal, check_with_tools
from tests.recovery.victim import Victim

CLEAN = "clean stop"
KINDS = {
    "from outside": 8,
    "in a write": 6,
    "before a sync": 4,
    "after a sync": 6,
    "in a checkpoint": 3,
    "in a snapshot": 2,
    "at the logons": 3,
    "at the start": 3,
    "at the stop": 3,
    CLEAN: 3,
}
"""How the venue ends, and how often one comes up against the others."""
LOG_HEADER, FRAME = 32, 24 + 4096
"""Where frames of SQLite's log begin, when it is written from its start again."""
LONGEST_LIFE = 1.0
"""Seconds after which it is killed from outside if its disk has not."""


class Campaign:
    """`seed` decides what is sent and when is killed, as far as time lets it."""

    def __init__(
        self, directory: Path, seed: int, sync: str = "batch", lost_cache: bool = False
    ) -> None:
        self.fleet = Fleet(seed, directory)
        self.victim = Victim(directory, sync)
        self.kills: Counter[str] = Counter()
        self._dice = random.Random(seed)
        self._lost_cache, self._lost = lost_cache, 0
        self._began = time.monotonic()

    def run(
        self, kills: int, seconds: float, kinds: list[str] | None = None, trades: int = 0
    ) -> None:
        """Raise `AssertionError` at the first broken word; stop after so many kills, and when there
        were so many trades, or after so many seconds.
        """
        self.victim.start()
        self.fleet.meet(self.victim.port)
        done = 0
        while done < kills and time.monotonic() < self._began + seconds:
            names = kinds or list(KINDS)
            [kind] = self._dice.choices(names, [KINDS[name] for name in names])
            if kinds:
                kind = kinds[done % len(kinds)]
            detail = self._one(kind)
            done += 1
            self.kills[kind] += 1
            print(f"{done:4} {kind:16} {detail:40} {self.figures()}", flush=True)
        while self.fleet.tape.trades < trades and time.monotonic() < self._began + seconds:
            self.fleet.trade(0.5, lambda: False)
        self._finish()

    def close(self) -> None:
        self.fleet.close()
        if not self.victim.is_dead:
            assert self.victim.process is not None
            self.victim.process.kill()
            self.victim.process.wait()
        self.victim.end_others()

    def figures(self) -> str:
        count, fleet = self.fleet.count, self.fleet
        repeated = sum(trader.repeated for trader in fleet.traders)
        return (
            f"orders {count('D')} requests {sum(count(each) for each in ('D', 'F', 'G', 'q'))}"
            f" reports {count('reports')} trades {fleet.tape.trades} sent again {repeated}"
            f" lives {self.victim.lives} {time.monotonic() - self._began:.0f} s"
        )

    def _one(self, kind: str) -> str:
        """One life's end, and that all is well after it; return what was done, in words."""
        dice, victim, fleet = self._dice, self.victim, self.fleet
        if kind == CLEAN:
            return self._stop()
        order = self._order(kind)
        if kind == "at the start":
            detail = self._die_at_start(order)
        elif kind == "at the stop":
            detail = self._die_at_stop(order)
        else:
            if kind == "at the logons":
                fleet.trade(dice.uniform(0.1, 0.5), lambda: victim.is_dead)
                self._kill()
            elif kind == "from outside":
                order, life = "", dice.uniform(0.05, 0.8)
            if order:
                faulty_disk.give(victim.orders, order)
            if kind == "at the logons":
                self._begin()
            if order:
                life = LONGEST_LIFE if victim.orders.exists() else 0.1
            if dice.random() < 0.35 and not victim.is_dead:
                fleet.drop_somebody()
            fleet.trade(life, lambda: victim.is_dead)
            detail = (order if victim.is_dead else f"{order} {life:.2f} s").strip()
            self._kill()
        detail += self._lose_cache()
        if dice.random() < 0.2:
            victim.forget_damaged()
            check_with_tools(victim.data)
        if dice.random() < 0.15 and victim.damage_snapshot(dice):
            detail += ", snapshot damaged"
        self._begin()
        if dice.random() < 0.5:
            fleet.trade(dice.uniform(0, 0.3), lambda: victim.is_dead)
        fleet.verify(whole=False)
        return detail

    def _order(self, kind: str) -> str:
        """What the disk is told to do."""
        pick = self._dice.randint
        return {
            "in a write": f"kill-in * {pick(1, 600)}",
            "before a sync": f"kill-before sync * {pick(1, 250)}",
            "after a sync": f"kill-after sync * {pick(1, 250)}",
            "in a checkpoint": self._dice.choice(
                [
                    f"kill-in journal.db {pick(1, 60)}",
                    f"kill-after write journal.db {pick(1, 60)}",
                    "kill-before sync journal.db 1",
                    "kill-after sync journal.db 1",
                    "kill-after write journal.db-wal@0 1",
                    f"kill-after write journal.db-wal@{pick(0, 3) * FRAME + LOG_HEADER} 1",
                ]
            ),
            "in a snapshot": self._dice.choice(["kill-in *.new 1", "kill-before sync snapshots 1"]),
            "at the logons": self._dice.choice(
                [f"kill-in * {pick(1, 40)}", f"kill-after sync * {pick(1, 20)}"]
            ),
            "at the stop": self._dice.choice(
                [
                    f"kill-in * {pick(1, 60)}",
                    f"kill-in journal.db {pick(1, 60)}",
                    f"kill-before sync * {pick(1, 5)}",
                    f"kill-after any * {pick(1, 60)}",
                    "kill-in *.new 1",
                    "kill-before sync snapshots 1",
                ]
            ),
            "at the start": self._dice.choice(
                [f"kill-in * {pick(1, 12)}", f"kill-before any * {pick(1, 12)}"]
            ),
        }.get(kind, "")

    def _kill(self) -> None:
        self.victim.kill()
        self.fleet.lose_venue()

    def _die_at_start(self, order: str) -> str:
        """Killed, and killed again while it starts, up to three times."""
        self.fleet.trade(self._dice.uniform(0.05, 0.5), lambda: self.victim.is_dead)
        self._kill()
        deaths = 0
        for _ in range(self._dice.randint(1, 3)):
            faulty_disk.give(self.victim.orders, order)
            if self.victim.start():
                self.victim.kill()
            else:
                deaths += 1
            self.fleet.lose_venue()
        return f"{order}, {deaths} times"

    def _die_at_stop(self, order: str) -> str:
        """Killed while it stops in peace."""
        self.fleet.trade(self._dice.uniform(0.05, 0.5), lambda: False)
        self.fleet.expect_end()
        faulty_disk.give(self.victim.orders, order)
        self.victim.stop()
        self.fleet.see_off_venue()
        if self.victim.ended():
            return f"{order}, not met"
        self.fleet.lose_venue()
        return order

    def _lose_cache(self) -> str:
        if not self._lost_cache:
            return ""
        some = self._dice if self._dice.random() < 0.5 else None
        lost = self.victim.lose_cache(some)
        self._lost += lost
        return f", {lost} writes lost"

    def _begin(self) -> None:
        """Start it until it lives."""
        while not self.victim.start():
            self.fleet.lose_venue()
        self.fleet.meet(self.victim.port)

    def _stop(self) -> str:
        """A clean stop in the middle of trading: no number may jump after it."""
        seconds = self._dice.uniform(0.05, 0.5)
        self.fleet.trade(seconds, lambda: False)
        quiet = self._dice.random() < 0.5
        if quiet:
            self.fleet.settle()
        self.fleet.expect_end()
        self.victim.stop()
        self.fleet.see_off_venue()
        self.victim.ended()
        self._begin()
        self.fleet.verify(whole=False)
        return "quiet" if quiet else "busy"

    def _finish(self) -> None:
        """Everything once more, and the journal against the ledgers."""
        self.fleet.verify(whole=True)
        self.fleet.expect_end()
        self.victim.stop()
        self.fleet.see_off_venue()
        self.victim.ended()
        self.victim.forget_damaged()
        check_journal(self.victim.data, self.fleet)
        check_with_tools(self.victim.data)


def torture(
    directory: Path, seed: int, kills: int, seconds: float, sync: str, lost_cache: bool
) -> int:
    """Run a campaign; return the exit status. What is needed to understand a violation stays in
    `directory`, which else is removed.
    """
    campaign = Campaign(directory, seed, sync, lost_cache)
    try:
        campaign.run(kills, seconds)
    except AssertionError as error:
        print(f"\nVIOLATION: {error}\n\nseed {seed}, {campaign.figures()}", file=sys.stderr)
        print(f"Data, logs of all lives and all messages: {directory}", file=sys.stderr)
        return 1
    finally:
        campaign.close()
    shutil.rmtree(directory)
    print(f"no violation after {campaign.kills.total()} kills: {dict(campaign.kills)}")
    print(campaign.figures())
    return 0
