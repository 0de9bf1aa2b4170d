"""`python -m venue.bench.switched_web web ...`: the web that follows every instrument while nobody
wants it to, or none whoever does: SIGUSR1 subscribes to the market data of all, SIGUSR2 ends that.

Its sessions stay logged on. What it knows of a symbol's past stays too, so that nobody asks for all
trades of the day each time.
"""

import asyncio
import signal

from venue import cli
from venue.web.market.feed import Feed
from venue.web.market.market import Market

ON, OFF = signal.SIGUSR1, signal.SIGUSR2


def main() -> None:
    start, want = Market.start, Market._want
    is_on = False

    def switch_on(market: Market) -> None:
        nonlocal is_on
        is_on = True
        for instrument in market.listings.now():
            if instrument.symbol not in market._feeds:
                market.hold(instrument.symbol)
        for feed in market._feeds.values():
            market._want(feed, False)

    def switch_off(market: Market) -> None:
        nonlocal is_on
        is_on = False
        for feed in market._feeds.values():
            market._unsubscribe(feed)
            feed.req_id, feed.is_live = None, False

    def want_if_on(self: Market, feed: Feed, with_tape: bool) -> None:
        feed.wants_tape = feed.wants_tape or with_tape
        if is_on:
            want(self, feed, with_tape)

    async def switched_start(self: Market) -> None:
        await start(self)
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(ON, switch_on, self)
        loop.add_signal_handler(OFF, switch_off, self)

    for name, new in (("start", switched_start), ("_want", want_if_on)):
        setattr(Market, name, new)
    cli.main()


if __name__ == "__main__":
    main()
