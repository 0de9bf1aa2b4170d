"""Known ways to break market data, auctions, phases, statistics and reference data. See `faults`."""

from tests.sabotage.faults import Fault

ACCEPTOR = "venue/gateway/acceptor.py"
APP = "venue/app.py"
AUCTION = "venue/core/auction.py"
CLEARING = "venue/core/clearing.py"
CLIENT_BOOK = "venue/client/book.py"
COLLARS = "venue/core/collars.py"
DAY = "venue/core/trading_day.py"
DESK = "venue/gateway/desk.py"
ENTRIES = "venue/fix/market_data_entries.py"
EXCHANGE = "venue/gateway/exchange.py"
FEED = "venue/marketdata/feed.py"
FIGURES = "venue/marketdata/figures.py"
FOLLOWER = "venue/journal/follower.py"
FOLLOWING = "venue/gateway/following.py"
FRAMING = "venue/gateway/framing.py"
HAPPENINGS = "venue/marketdata/happenings.py"
IMAGE = "venue/core/image.py"
INQUIRIES = "venue/marketdata/inquiries.py"
INQUIRY = "venue/fix/inquiry.py"
INSTRUMENTS = "venue/configuration/instruments.py"
LEVELS = "venue/marketdata/level_view.py"
LINE = "venue/gateway/line.py"
LOGON = "venue/gateway/logon.py"
MARKET = "venue/core/market.py"
NOTICES = "venue/gateway/notices.py"
OPERATOR = "venue/gateway/operator/instruments.py"
OPERATOR_FIX = "venue/fix/operator.py"
ORDER_VIEW = "venue/marketdata/order_view.py"
PHASES = "venue/core/phases.py"
PHASES_FIX = "venue/fix/phases.py"
PHASE_SCHEDULE = "venue/gateway/phases.py"
PUBLISHER = "venue/gateway/publisher.py"
READERS = "venue/gateway/readers.py"
REFERENCE = "venue/fix/reference.py"
REQUEST = "venue/fix/market_data_request.py"
ROWS = "venue/journal_tools/rows.py"
SCHEDULES = "venue/configuration/schedules.py"
SENDER = "venue/gateway/sender.py"
STATISTICS = "venue/core/statistics.py"
DAY_WORDS = "venue/core/day_words.py"
STATISTICS_TOOL = "venue/journal_tools/statistics.py"
STATUS = "venue/fix/status.py"
STREAM = "venue/marketdata/stream.py"
TRADING = "venue/core/trading.py"
VENUE = "venue/core/venue.py"
VOLATILITY = "venue/core/volatility.py"

MARKET_FAULTS = (
    Fault(
        "a price between two limits takes the lower limit",
        CLEARING,
        "Clearing(min(max(reference, first), last), qty, 0)",
        "Clearing(first, qty, 0)",
    ),
    Fault(
        "an auction leaves more over than it needs to",
        CLEARING,
        "    if bid_qty < offer_qty:\n        return Clearing(bid_px",
        "    if bid_qty > offer_qty:\n        return Clearing(bid_px",
    ),
    Fault(
        "with as much left over on either side the buyers decide",
        CLEARING,
        "        if reference <= bid_px:\n",
        "        if True:\n",
    ),
    Fault(
        "a limit's own tick counts as beyond it", CLEARING, "max(low, below + 1)", "max(low, below)"
    ),
    Fault(
        "market orders find the best limit the furthest",
        CLEARING,
        "high = max(limits, default=reference)",
        "high = min(limits, default=reference)",
    ),
    Fault(
        "what an iceberg hides takes no part in auctions",
        AUCTION,
        "(level.price, level.qty + level.hidden_qty)",
        "(level.price, level.qty)",
    ),
    Fault(
        "a call tells what icebergs hide",
        AUCTION,
        "        total += level.qty\n",
        "        total += level.qty + level.hidden_qty\n",
    ),
    Fault(
        "orders for the auction wait their turn",
        AUCTION,
        "(sorted(level, key=_is_for_any_time) for level in side)",
        "side",
    ),
    Fault(
        "market orders come last in an auction",
        AUCTION,
        "chain((unpriced,), (sorted(level, key=_is_for_any_time) for level in side))",
        "chain((sorted(level, key=_is_for_any_time) for level in side), (unpriced,))",
    ),
    Fault(
        "an iceberg shows all that an auction has left of it",
        AUCTION,
        "        order.show(order.qualifiers.display_qty)\n",
        "        order.show(0)\n",
    ),
    Fault(
        "a filled market order stays in the call",
        AUCTION,
        "            del market.unpriced[order.order_id]\n",
        "            pass\n",
    ),
    Fault(
        "an auction's price is not the last",
        AUCTION,
        "market.last_px = market.auction_px = price",
        "market.auction_px = price",
    ),
    Fault(
        "an auction does not move the static collar",
        AUCTION,
        "market.last_px = market.auction_px = price",
        "market.last_px = price",
    ),
    Fault(
        "somebody takes in an auction",
        AUCTION,
        "AUCTION = Liquidity.AUCTION",
        "AUCTION = Liquidity.REMOVED",
    ),
    Fault(
        "a halt ends the call",
        PHASES,
        "phase not in CALLS and phase is not HALT",
        "phase not in CALLS",
    ),
    Fault(
        "orders for the close never take part in it",
        PHASES,
        "            self._activate(market, events)\n",
        "            pass\n",
    ),
    Fault(
        "orders for an auction outlive it",
        PHASES,
        "if order.working and order.time_in_force in FOR_AUCTIONS",
        "if False",
    ),
    Fault(
        "an auction leaves nothing of MarketWithLeftoverAsLimit",
        PHASES,
        "rests = order.ord_type is MARKET_WITH_LEFT_OVER",
        "rests = False",
    ),
    Fault(
        "orders that end with a halt outlive it",
        PHASES,
        "order.qualifiers is not None and order.qualifiers.cancel_on_halt",
        "False",
    ),
    Fault(
        "trading is resumed without an auction",
        PHASES,
        "if market.scheduled is CONTINUOUS and command.auction_seconds:",
        "if False:",
    ),
    Fault(
        "an auction triggers nobody",
        PHASES,
        "            self.trading.settle(market, events, first)\n",
        "            pass\n",
    ),
    Fault(
        "a delisted instrument keeps its orders",
        PHASES,
        "        for order in sorted(market.orders(), key=lambda order: order.order_id):\n",
        "        for order in ():\n",
    ),
    Fault(
        "a stop that the interrupter met is forgotten",
        TRADING,
        "if market.open or (prices and market.phase in CALLS):",
        "if market.open:",
    ),
    Fault(
        "an interruption ends when everybody expects it",
        TRADING,
        "extra = number % (random_seconds * SECOND + 1)",
        "extra = 0",
    ),
    Fault(
        "an IOC waits for the auction",
        TRADING,
        "            if order.time_in_force not in AT_ONCE:\n",
        "            if True:\n",
    ),
    Fault(
        "MarketWithLeftoverAsLimit trades at any price",
        TRADING,
        "        or order.ord_type is MARKET_WITH_LEFT_OVER\n",
        "",
    ),
    Fault(
        "fill or kill counts what is beyond the collar",
        TRADING,
        "        limit = bounded(order, found)\n    total",
        "    total",
    ),
    Fault(
        "a call matches",
        TRADING,
        "        if not market.open:\n            self.collect(market, order, events)\n            return\n        book",
        "        book",
    ),
    Fault(
        "market orders never end in a call",
        TRADING,
        "            del market.unpriced[order.order_id]\n",
        "            pass\n",
    ),
    Fault(
        "the static collar walks with the price",
        COLLARS,
        "centre = reference if auction_px is None else auction_px",
        "centre = last",
    ),
    Fault(
        "the dynamic collar stays where it was",
        COLLARS,
        "width = instrument.dynamic_collar(last)",
        "last, width = reference, instrument.dynamic_collar(reference)",
    ),
    Fault(
        "a copy has no market orders of the call",
        IMAGE,
        "        market.unpriced[order.order_id] = order\n",
        "        pass\n",
    ),
    Fault(
        "a copy draws other random ends",
        IMAGE,
        "image.time, image.seed, image.windows",
        "image.time, 0, image.windows",
    ),
    Fault("a copy does not know the call", IMAGE, "    market.call = image.call\n", ""),
    Fault(
        "interruptions of a copy never end",
        IMAGE,
        "    trading.call_ends.update(image.call_ends)\n",
        "",
    ),
    Fault(
        "a copy's static collar is where it was at first",
        IMAGE,
        "    market.auction_px = image.auction_px\n",
        "",
    ),
    Fault(
        "a relisted instrument does not say in which phase it is",
        PHASES,
        "if is_new and len(events) == 1 and market.phase is not CONTINUOUS:",
        "if False:",
    ),
    Fault(
        "the schedule ends a halt",
        PHASES,
        "        if not market.halted:\n            self._enter(market, phase, events)\n",
        "        self._enter(market, phase, events)\n",
    ),
    Fault(
        "a delisted instrument holds auctions",
        PHASES,
        "if market.call and market.listed and phase",
        "if market.call and phase",
    ),
    Fault(
        "interruptions of a moment end together",
        TRADING,
        'drawn = f"{self.seed} {symbol} {self.time}',
        'drawn = f"{self.seed} {self.time}',
    ),
    Fault(
        "whose call ends ends all calls",
        PHASES,
        "for symbol, end in call_ends.items() if end <= time)",
        "for symbol in call_ends)",
    ),
    Fault(
        "the closing price of a halted call is lost",
        AUCTION,
        "market.call or market.phase",
        "market.phase",
    ),
    Fault(
        "a missed close is not made up for",
        PHASE_SCHEDULE,
        "closed > self._since > 0",
        "closed < self._since < 0",
    ),
    Fault(
        "a venue that begins has missed a close",
        PHASE_SCHEDULE,
        "closed > self._since > 0",
        "closed > self._since",
    ),
    Fault("a close is missed again", PHASE_SCHEDULE, "        self._since = now\n", ""),
    Fault(
        "a market is closed twice",
        PHASE_SCHEDULE,
        "before not in (None, CLOSED)",
        "before is not None",
    ),
    Fault(
        "a market without a schedule keeps its phase",
        PHASE_SCHEDULE,
        "        commands += [EnterPhase(market, None) for market in without]\n",
        "",
    ),
    Fault(
        "the first market's deadline counts",
        PHASE_SCHEDULE,
        "deadline = min(deadline, ends)",
        "deadline = ends",
    ),
    Fault("the market is open on holidays", PHASE_SCHEDULE, " and day not in self._holidays", ""),
    Fault(
        "every day is a market day",
        PHASE_SCHEDULE,
        "day.weekday() in self._days and",
        "day.weekday() in range(7) and",
    ),
    Fault(
        "a skipped time is later than the next phase",
        PHASE_SCHEDULE,
        "latest = min(latest, self._moment(day, seconds))",
        "latest = self._moment(day, seconds)",
    ),
    Fault(
        "phases are in UTC",
        PHASE_SCHEDULE,
        "datetime.combine(day + days * _ONE, local, self._zone)",
        "datetime.combine(day + days * _ONE, local, UTC)",
    ),
    Fault(
        "a day over midnight ends on the day it began",
        PHASE_SCHEDULE,
        "datetime.combine(day + days * _ONE, local",
        "datetime.combine(day, local",
    ),
    Fault(
        "a phase begins a nanosecond late",
        PHASE_SCHEDULE,
        "for each in self._transitions(day) if each.at <= now]",
        "for each in self._transitions(day) if each.at < now]",
    ),
    Fault(
        "a list that begins with closed is taken as it stands",
        SCHEDULES,
        "            order = order[1:] + order[:1]\n",
        "            pass\n",
    ),
    Fault(
        "times past midnight are of the same day",
        SCHEDULES,
        "                seconds += A_DAY\n",
        "                pass\n",
    ),
    Fault(
        "two auctions may follow each other",
        SCHEDULES,
        "called is not None and not is_auction_of_pre_open",
        "called is None and is_auction_of_pre_open",
    ),
    Fault(
        "an interruption needs no collar",
        INSTRUMENTS,
        "if self.dynamic_collar_percent is None and self.static_collar_percent is None:",
        "if False:",
    ),
    Fault("a new seed at every start", APP, "    if not venue.seed:\n", "    if True:\n"),
    Fault("the seed is not random", APP, "int.from_bytes(os.urandom(8)) >> 1 or 1", "1"),
    Fault(
        "phases come only with messages",
        EXCHANGE,
        "deadline = min(self._venue.deadline, self._phases.deadline)",
        "deadline = self._venue.deadline",
    ),
    Fault(
        "a defect in a phase ends the venue",
        EXCHANGE,
        '                log.exception("defect", command=command)\n',
        "                raise\n",
    ),
    Fault(
        "Day orders of an open market are restated",
        DAY,
        "            if order.time_in_force in OF_THE_DAY:\n                continue\n",
        "",
    ),
    Fault(
        "the first trade is no high",
        STATISTICS,
        "self._open = self._high = self._low = price",
        "self._open = self._low = price",
    ),
    Fault(
        "a low is a low only after a high",
        STATISTICS,
        "        elif price < self._low:",
        "        elif price < self._low < self._high:",
    ),
    Fault(
        "turnover is the last price's",
        STATISTICS,
        "self.turnover += price * qty",
        "self.turnover = price * self.volume",
    ),
    Fault(
        "matches of an auction are counted as one",
        STATISTICS,
        "self.trades += count",
        "self.trades += 1",
    ),
    Fault(
        "the new price counts for the time before it",
        STATISTICS,
        "self._price_moment += time * (price - before)",
        "self._price_moment = self._price_clock * price",
    ),
    Fault(
        "the night counts for the average price",
        STATISTICS,
        "            self._price_moment -= time * self._price\n            self._price_clock -= time\n            self._price = None\n",
        "            pass\n",
    ),
    Fault(
        "time without a spread counts below the line",
        STATISTICS,
        "            self._gap_moment -= time * self.gap\n            self._gap_clock -= time\n",
        "            self._gap_moment -= time * self.gap\n",
    ),
    Fault(
        "a spread of the day before counts",
        STATISTICS,
        "        if self.gap is not None:\n            self._gap_moment, self._gap_clock = time * self.gap, time\n",
        "",
    ),
    Fault(
        "every auction makes a closing price",
        STATISTICS,
        "phase is CLOSING_AUCTION and price is not None",
        "price is not None",
    ),
    Fault(
        "trades after the closing auction make the close",
        STATISTICS,
        "if self.trades and not self._closed:",
        "if self.trades:",
    ),
    Fault(
        "a day without trades has no close",
        STATISTICS,
        "if self.trades and not self._closed:",
        "if not self._closed:",
    ),
    Fault(
        "an image forgets how long there was a spread",
        STATISTICS,
        "            setattr(found, name, number)\n",
        '            if name != "_gap_clock":\n                setattr(found, name, number)\n',
    ),
    Fault(
        "an image forgets that trading has ended",
        STATISTICS,
        "found._price, found.gap = image.price, image.gap",
        "found._price, found.gap = image.last, image.gap",
    ),
    Fault(
        "a sample has the price after its moment",
        VOLATILITY,
        "after = -(-time // self.step)",
        "after = time // self.step",
    ),
    Fault(
        "a window is a return too short",
        VOLATILITY,
        "prices = prices[-RETURNS - 1 :]",
        "prices = prices[-RETURNS:]",
    ),
    Fault(
        "a return over a night counts",
        VOLATILITY,
        "        self.next = -1\n        self.prices.clear()",
        "        pass",
    ),
    Fault(
        "the best prices are told to the statistics at the next batch's time",
        VENUE,
        "        if self._trading.touched:\n            self._trading.quote()\n        if not",
        "        if not",
    ),
    Fault(
        "a state hash before the end of a batch lacks its quotes",
        VENUE,
        "        self._trading.quote()\n        yield self.ids",
        "        yield self.ids",
    ),
    Fault(
        "quotes count while nothing can trade",
        MARKET,
        "offer is not None and self.open:",
        "offer is not None:",
    ),
    Fault(
        "the day of a market with a schedule ends with the venue's",
        DAY,
        "            if not market.is_scheduled:\n                market.statistics",
        "            if True:\n                market.statistics",
    ),
    Fault(
        "a market that opens goes on with the day before",
        PHASES,
        "        if opens:",
        "        if opens and not market.is_scheduled:",
    ),
    Fault(
        "instruments listed later have no volatility",
        PHASES,
        "            market.statistics.configure(self.trading.windows, self.trading.time)\n",
        "",
    ),
    Fault(
        "auctions' trades are not exported",
        ROWS,
        "            buy, sell = first, event\n",
        '            if getattr(first, "liquidity", None) is Liquidity.AUCTION:\n                continue\n            buy, sell = first, event\n',
    ),
    Fault(
        "statistics at a time are those of the batch before",
        STATISTICS_TOOL,
        '        now = max(now, named_time("--until", until) or 0)',
        '        named_time("--until", until)',
    ),
    Fault("turnover is rounded", DAY_WORDS, "Context(prec=100)", "Context(prec=6)"),
    Fault(
        "halted and delisted instruments look alike",
        STATISTICS_TOOL,
        'market.phase.value if market.listed else "delisted"',
        "market.phase.value",
    ),
    Fault(
        "levels that fall out of a depth stay",
        LEVELS,
        "dict.fromkeys(shown, GONE) | self._read(side)",
        "self._read(side)",
    ),
    Fault("a changed level is new again", LEVELS, "NEW if before == GONE else CHANGE", "NEW"),
    Fault(
        "a level's orders are not counted", LEVELS, "= change.qty, change.count", "= change.qty, 1"
    ),
    Fault("deletions come last", LEVELS, "return deleted + others", "return others + deleted"),
    Fault(
        "a better price than those shown does not matter",
        LEVELS,
        "if (price < worst) is (side is Side.BUY):",
        "if True:",
    ),
    Fault(
        "a phase does not make the book be compared",
        STREAM,
        "            if happened.phase:\n                self._book.touch_all()\n            elif",
        "            if",
    ),
    Fault(
        "an order that lost its place only changes",
        ORDER_VIEW,
        "before[:3] == after[:3]",
        "before[0] == after[0]",
    ),
    Fault(
        "new orders come as they were numbered",
        ORDER_VIEW,
        "        others.sort(key=lambda each: (each[0].side, each[0]))\n",
        "        others.sort(key=lambda each: each[2])\n",
    ),
    Fault("a depth of orders counts orders", ORDER_VIEW, "if found.rank != last:", "if True:"),
    Fault(
        "an order comes into a depth unseen",
        ORDER_VIEW,
        "return worst is None or now.rank <= worst",
        "return worst is None or now.rank < worst",
    ),
    Fault(
        "only the last trade of a batch is told",
        HAPPENINGS,
        "own.trades.append(trade)",
        "own.trades = [trade]",
    ),
    Fault(
        "an auction's match is two trades",
        HAPPENINGS,
        "if event.trade_id == last_trade_id:",
        "if False:",
    ),
    Fault(
        "trades are conflated away",
        STREAM,
        "self._trades += happened.trades",
        "self._trades = happened.trades or self._trades",
    ),
    Fault(
        "an interval counts from the first message alone",
        STREAM,
        "            self.due = now + self.interval\n",
        "            self.due = self.due or now + self.interval\n",
    ),
    Fault(
        "a joining subscriber gets the book of the last message",
        FEED,
        "            publications += stream.publish(now, behind)\n            if behind and",
        "            if behind and",
    ),
    Fault(
        "numbers begin anew for who joins",
        STREAM,
        "        channel = self.channels.get(key)\n        if channel is None:\n            channel = self.channels[key] = Channel(key)\n",
        "        channel = self.channels.get(key)\n        if channel is not None:\n            channel.rpt_seq = 0\n        if channel is None:\n            channel = self.channels[key] = Channel(key)\n",
    ),
    Fault(
        "a snapshot of full refresh has the number of the last",
        STREAM,
        "                channel.rpt_seq += 1\n",
        "",
    ),
    Fault(
        "who is behind is sent increments",
        STREAM,
        "            if behind:\n                channel.leave_out(behind)\n",
        "",
    ),
    Fault(
        "who was behind gets no snapshot",
        FEED,
        "                publications += stream.catch_up(behind)\n",
        "",
    ),
    Fault(
        "a delisted symbol can be subscribed to",
        FEED,
        "        if delisted:\n",
        "        if False:\n",
    ),
    Fault(
        "figures are told again at each trade",
        FIGURES,
        "            if after == before:\n                continue\n",
        "            if after == before is None:\n                continue\n",
    ),
    Fault(
        "yesterday's figures stay",
        STREAM,
        "happened.phase or happened.statistics or of_all is not None",
        "happened.phase or happened.trades",
    ),
    Fault(
        "an imbalance of sellers is one of buyers",
        ENTRIES,
        "MORE_BUYERS if qty > 0 else MORE_SELLERS",
        "MORE_BUYERS",
    ),
    Fault(
        "an auction's trades are not marked",
        ENTRIES,
        '        if trade.phase is not None:\n            text += f"277',
        '        if False:\n            text += f"277',
    ),
    Fault(
        "every entry of an X has the number of the last",
        ENTRIES,
        "        step = 0 if snapshot else 1\n",
        "        step = 0\n",
    ),
    Fault("the symbol of an X is told once", ENTRIES, '"" if snapshot else symbol)', '"")'),
    Fault(
        "order by order without book entries is taken",
        REQUEST,
        "entry_types.isdisjoint(BOOK)",
        "not entry_types",
    ),
    Fault(
        "the client does not see a gap",
        CLIENT_BOOK,
        "rpt_seq != self.rpt_seq + 1",
        "rpt_seq < self.rpt_seq",
    ),
    Fault(
        "a batch of market data is noted twice",
        PUBLISHER,
        "        self._events.clear()\n\n    def publish",
        "\n    def publish",
    ),
    Fault(
        "a market's close tells no closing price of who is halted",
        HAPPENINGS,
        "isinstance(event, DayEnded | MarketPhaseEntered)",
        "isinstance(event, DayEnded)",
    ),
    Fault(
        "after a defect nobody is told until something happens",
        PUBLISHER,
        "        self._again_at = now + AGAIN_AFTER\n",
        "",
    ),
    Fault(
        "a deadline outlives its subscription",
        FEED,
        "                    self._behind.pop(stream, None)\n",
        "",
    ),
    Fault(
        "what QuickFIX is given beside is not waited for",
        LINE,
        "        self.given += size\n        self._is_clear = False\n",
        "        self.given += size\n",
    ),
    Fault(
        "half a message and the connection goes on",
        LINE,
        "        if sent < size:\n",
        "        if sent > size:\n",
    ),
    Fault(
        "what was written past QuickFIX is not counted", LINE, "        self.given += sent\n", ""
    ),
    Fault(
        "QuickFIX's own messages are not counted",
        ACCEPTOR,
        "            if session.line is not None:\n                self.sender.note(message, session)\n",
        "",
    ),
    Fault(
        "the next number is not told to QuickFIX",
        SENDER,
        "                        link.setNextSenderMsgSeqNum(number + 1)\n                        session.handed",
        "                        session.handed",
    ),
    Fault(
        "a message that is not counted keeps its line",
        SENDER,
        "        line, session.line = session.line, None  #",
        "        line = session.line  #",
    ),
    Fault(
        "the length is that of a number of one digit",
        FRAMING,
        "self._length + len(digits) + len(target)",
        "self._length + 1 + len(target)",
    ),
    Fault(
        "the sum leaves out the length",
        FRAMING,
        " + (adler32(length) & _SUM) + target_sum",
        " + 1 + target_sum",
    ),
    Fault(
        "nobody is ever behind",
        READERS,
        "if reader.unread > (CAUGHT_UP if session.name in self.lagging else LAG):",
        "if reader.unread < 0:",
    ),
    Fault("who was behind once stays so", READERS, "        self.lagging.clear()\n", ""),
    Fault(
        "rows that an archive run left behind are taken for what follows",
        FOLLOWER,
        "            if row[0] != place:\n                return\n",
        "",
    ),
    Fault(
        "a batch that was cut and written anew is not noticed",
        FOLLOWER,
        "if self._crc is not None and crc != self._crc:",
        "if False:",
    ),
    Fault(
        "a journal that was cut is followed",
        FOLLOWER,
        "        if last < self.seq:\n",
        "        if last < 0:\n",
    ),
    Fault(
        "another journal in the place of the one is followed",
        FOLLOWER,
        "        if inode != self._inode:\n",
        "        if inode is None:\n",
    ),
    Fault(
        "archived batches are no batches",
        FOLLOWER,
        "            return self._take_archived()\n",
        "            return []\n",
    ),
    Fault(
        "the market data process skips what is due by time",
        FOLLOWING,
        "for command in (AdvanceTime(batch.time), *batch.commands):",
        "for command in batch.commands:",
    ),
    Fault(
        "each batch is published alone",
        FOLLOWING,
        "            for seq, batch in batches:\n                self._carry_out(seq, batch)\n",
        "            for seq, batch in batches:\n                self._carry_out(seq, batch)\n                self._publisher.publish(batch.time)\n",
    ),
    Fault(
        "a session that left goes on being told",
        FOLLOWING,
        "                    self._publisher.drop_session(session)\n",
        "",
    ),
    Fault(
        "levels pile up at a venue without a feed",
        DESK,
        "        self._venue.forget_level_changes()\n",
        "        pass\n",
    ),
    Fault(
        "any number may begin a session of market data",
        LOGON,
        'if session.begins_anew and int(fields["34"]) != 1:',
        "if False:",
    ),
    Fault(
        "an id is in use only once forgotten",
        INQUIRIES,
        "if (inquiry.topic, inquiry.req_id) in mine:",
        "if inquiry.req_id in mine:",
    ),
    Fault(
        "one subscription too many",
        INQUIRIES,
        "if len(mine) >= self._limit:",
        "if len(mine) > self._limit:",
    ),
    Fault(
        "news goes on after a session is gone",
        INQUIRIES,
        "        for topic, req_id in list(self._sessions.get(session, ())):\n            self.unsubscribe(session, topic, req_id)",
        "        self._sessions.pop(session, None)",
    ),
    Fault(
        "who subscribes to all hears nothing",
        INQUIRIES,
        'for asked in dict.fromkeys((key, "")):',
        "for asked in (key,):",
    ),
    Fault(
        "a list has what was not asked for", INQUIRIES, 'and self.market in ("", spec.market)', ""
    ),
    Fault(
        "anybody may ask for lists",
        INQUIRY,
        "if not (party.order_entry or party.market_data):",
        "if not (party.order_entry or party.market_data or party.operator is False):",
    ),
    Fault(
        "an unknown 263 is a snapshot",
        INQUIRY,
        "if request_type not in REQUEST_TYPES:",
        'if request_type not in {*REQUEST_TYPES, "7"}:',
    ),
    Fault(
        "news before its own snapshot",
        NOTICES,
        "if (session, inquiry) not in answered:",
        "if True:",
    ),
    Fault(
        "a delisted instrument's status stays subscribed",
        NOTICES,
        "                    if isinstance(event, InstrumentDelisted):\n                        self._end_of_status(session, inquiry)\n",
        "",
    ),
    Fault(
        "an unknown symbol's status is subscribed to",
        NOTICES,
        "            if inquiry.symbol and not self._venue.listed(inquiry.symbol):\n                self._end_of_status(session, inquiry)\n",
        "",
    ),
    Fault(
        "an unknown market is subscribed to",
        NOTICES,
        "is SubscriptionRequestType.UPDATES and not is_unknown:",
        "is SubscriptionRequestType.UPDATES:",
    ),
    Fault(
        "delisted instruments are listed",
        NOTICES,
        "if self._venue.listed(symbol) and inquiry.wants(instrument.spec)",
        "if inquiry.wants(instrument.spec)",
    ),
    Fault(
        "a delisting is told as a change",
        NOTICES,
        "SecurityStatus.DELISTED if gone else",
        "SecurityStatus.ACTIVE if gone else",
    ),
    Fault(
        "the last part of a list says there is more",
        REFERENCE,
        "is_last = first + len(part) == len(listings)",
        "is_last = first + len(part) == len(listings) + 1",
    ),
    Fault(
        "a list says how many are in the part",
        REFERENCE,
        '("393", len(listings)),',
        '("393", len(part)),',
    ),
    Fault(
        "an unknown symbol is delisted",
        STATUS,
        "    if is_delisted:\n",
        "    if not is_delisted:\n",
    ),
    Fault(
        "a closing auction is continuous trading",
        PHASES_FIX,
        "TradingPhase.CLOSING_AUCTION: SecurityTradingStatus.PRE_CROSS",
        "TradingPhase.CLOSING_AUCTION: SecurityTradingStatus.READY_TO_TRADE",
    ),
    Fault(
        "an operator may change the tick",
        OPERATOR,
        "for name in FIXED_TERMS:",
        "for name in FIXED_TERMS[1:]:",
    ),
    Fault(
        "a change forgets what it does not say",
        OPERATOR,
        "terms = {} if known is None else _texts(known.spec)",
        "terms: dict[str, str] = {}",
    ),
    Fault(
        "anybody is an operator",
        OPERATOR_FIX,
        "if not party.operator:",
        "if not (party.operator or party.order_entry):",
    ),
    Fault(
        "an instrument of a market that nobody knows",
        OPERATOR,
        "if spec.market not in self._markets():",
        "if not spec.market:",
    ),
    Fault("a halt of what is halted", OPERATOR, "if self._is_halted(symbols[0]):", "if False:"),
    Fault("an operator speaks for the configuration", PHASES, "if command.configured:", "if True:"),
    Fault(
        "an operator is told of what failed",
        "venue/gateway/operator/office.py",
        "report = OperatorReport(request, record.accepted, record.text, rows or ())",
        "report = OperatorReport(request, True, record.text, rows or ())",
    ),
    Fault(
        "news for a connection that is lost",
        NOTICES,
        "            if session.logged_on:\n                self._sender.inform(session, text)",
        "            self._sender.inform(session, text)",
    ),
)
