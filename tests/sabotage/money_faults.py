"""Known ways to break limits, fees, positions, busts and drop copies. See `faults`."""

from tests.sabotage.faults import Fault

ACCOUNT_DAY = "venue/journal_tools/account_day.py"
APP = "venue/app.py"
BACK_OFFICE = "venue/client/back_office.py"
BACK_OFFICE_POSITIONS = "venue/gateway/back_office/positions.py"
BACK_OFFICE_TRADES = "venue/gateway/back_office/trades.py"
BLOTTER = "venue/conform/blotter.py"
BOOK = "venue/client/book.py"
BOUNDS = "venue/core/bounds.py"
CHECKS = "venue/core/checks.py"
CORE_FEES = "venue/core/fees.py"
CORE_LIMITS = "venue/core/limits.py"
CORRECTIONS = "venue/core/corrections.py"
DIALECT = "venue/conform/dialect.py"
DROP_COPIES = "venue/gateway/drop_copies.py"
DROP_COPY = "venue/fix/drop_copy.py"
EXCHANGE = "venue/gateway/exchange.py"
EXPOSURE = "venue/core/exposure.py"
FEES = "venue/configuration/fees.py"
FIX_FEES = "venue/fix/fees.py"
HAPPENINGS = "venue/marketdata/happenings.py"
IMAGE = "venue/core/image.py"
KILL_SWITCH = "venue/core/kill_switch.py"
LEAN_DICTIONARY = "venue/lean_dictionary.py"
LEDGER = "venue/core/ledger.py"
LEDGER_IMAGE = "venue/core/ledger_image.py"
LIMITS = "venue/configuration/limits.py"
MARKET_DATA_ENTRIES = "venue/fix/market_data_entries.py"
MASS = "venue/core/mass.py"
MONEY = "venue/core/money.py"
OFFICE = "venue/gateway/back_office/office.py"
ORDER = "venue/core/order.py"
OUTBOUND = "venue/fix/outbound.py"
PARSE = "venue/client/parse.py"
POSITION = "venue/core/position.py"
POSITIONS = "venue/fix/positions.py"
POSITION_REQUEST = "venue/fix/position_request.py"
REBOOKING = "venue/core/rebooking.py"
RECENT = "venue/core/recent.py"
REPLACING = "venue/core/replacing.py"
REVISION = "venue/core/revision.py"
RISK = "venue/core/risk.py"
ROWS = "venue/journal_tools/rows.py"
STATE = "venue/client/state.py"
STATEMENT_RECORDS = "venue/journal_tools/statement_records.py"
STATISTICS = "venue/core/statistics.py"
STREAM = "venue/marketdata/stream.py"
TRADES = "venue/core/trades.py"
TRADE_CAPTURE = "venue/fix/trade_capture.py"
TRADE_CAPTURE_REQUEST = "venue/fix/trade_capture_request.py"
TRADING = "venue/core/trading.py"
TRADING_DAY = "venue/core/trading_day.py"
VALUES = "venue/conform/values.py"
VENUE = "venue/core/venue.py"
VERSIONS = "venue/fix/versions.py"
VOLATILITY = "venue/core/volatility.py"
VOLUMES = "venue/core/volumes.py"

MONEY_FAULTS = (
    Fault(
        "a position that turns round keeps the cost it had",
        POSITION,
        "self.cost = now * price",
        "self.cost += paid",
    ),
    Fault(
        "the cost of what is sold is rounded down",
        POSITION,
        "return whole + (abs(doubled) > abs(of))",
        "return whole",
    ),
    Fault(
        "a half of a tick-lot is always rounded down",
        POSITION,
        "return whole + (whole & 1)",
        "return whole",
    ),
    Fault(
        "first in, first out sells the youngest lot",
        POSITION,
        "lot_qty, lot_cost = lot = lots.popleft()",
        "lot_qty, lot_cost = lot = lots.pop()",
    ),
    Fault(
        "lots of different prices become one",
        POSITION,
        "if last_qty and last_cost == last_qty * price:",
        "if last_qty:",
    ),
    Fault(
        "what is left of a lot is not taken back",
        POSITION,
        ("        elif begun:\n            lots.popleft()\n"),
        "",
    ),
    Fault(
        "a day begins with what was traded before",
        POSITION,
        ("        self.turnover = 0\n"),
        "",
    ),
    Fault(
        "the profit of a day has that of the days before",
        POSITION,
        "return self.cash + value - self.day_equity",
        "return self.cash + value",
    ),
    Fault(
        "later trades are taken back in the order they were made",
        REBOOKING,
        "in reversed(postings):",
        "in postings:",
    ),
    Fault(
        "a busted trade's fee is kept",
        REBOOKING,
        ("        ledger.charge(position, Fee(-side.fee.amount, side.fee.currency), is_past)\n"),
        ("        pass\n"),
    ),
    Fault(
        "a fee that is given back counts today",
        REBOOKING,
        "is_past = trade.trade_id <= ledger.day_trade_id",
        "is_past = False",
    ),
    Fault(
        "a busted trade stays in the volumes",
        REBOOKING,
        "trades.volumes.change(trade.trade_id, side.firm, spec, more)",
        "pass",
    ),
    Fault(
        "positions are marked at the price of a busted trade",
        REBOOKING,
        ("trade.symbol == symbol and trade.qty:\n            price"),
        ("trade.symbol == symbol:\n            price"),
    ),
    Fault(
        "what was traded last before is forgotten with the trade",
        REBOOKING,
        ("    price = past.price\n"),
        ("    price = 0\n"),
    ),
    Fault(
        "a bust of yesterday's trade leaves the day's begin",
        REBOOKING,
        "begins_day = first_id <= day",
        "begins_day = False",
    ),
    Fault(
        "trades of before another cost method are taken back by it",
        LEDGER,
        "self.cost_method, self.method_trade_id = method, trade_id",
        "self.cost_method = method",
    ),
    Fault(
        "the venue does not count what it earns",
        LEDGER,
        ("        self.earned[currency] = self.earned.get(currency, 0) + amount\n"),
        "",
    ),
    Fault(
        "a rule for an instrument goes before one for a firm",
        CORE_FEES,
        '(rule.firm != "", rule.symbol != "")',
        '(rule.symbol != "", rule.firm != "")',
    ),
    Fault(
        "a rebate is at least the minimum",
        CORE_FEES,
        " if given > 0 else None,",
        ",",
    ),
    Fault(
        "a tier begins above its volume",
        CORE_FEES,
        "Fraction(each.volume) <= volume",
        "not each.volume or Fraction(each.volume) < volume",
    ),
    Fault(
        "an auction's trade costs the taker's rate",
        CORE_FEES,
        "given = tier.auction",
        "given = tier.taker",
    ),
    Fault(
        "halves are rounded away from zero",
        CORE_FEES,
        "(twice == denominator and whole & 1)",
        "twice == denominator",
    ),
    Fault(
        "a new schedule waits for the next day",
        CORE_FEES,
        (
            "        self.schedule = schedule if schedule.rules else None\n"
            "        self._rates.clear()\n"
        ),
        ("        self.schedule = schedule if schedule.rules else None\n"),
    ),
    Fault(
        "a busted trade of an earlier day still counts for the tier until tomorrow",
        REBOOKING,
        "        trades.fees.reread_volumes()",
        "        pass",
    ),
    Fault(
        "tiers stay as they were when a day begins",
        TRADES,
        ("        self.fees.reread_volumes()\n"),
        "",
    ),
    Fault(
        "both sides of a match pay the taker's fee",
        TRADES,
        "fee = self.fees.charge(firm, symbol, liquidity, qty, price)",
        "fee = self.fees.charge(firm, symbol, REMOVED, qty, price)",
    ),
    Fault(
        "one trade more than the limit is remembered",
        TRADES,
        "remembered.pop(trade_id - self.limit, None)",
        "remembered.pop(trade_id - self.limit - 1, None)",
    ),
    Fault(
        "fewer trades are remembered only from the next on",
        TRADES,
        ("            self.forgotten(self.remembered.pop(trade_id))\n"),
        ("            pass\n"),
    ),
    Fault(
        "volumes are of 31 days",
        VOLUMES,
        ("DAYS = 30\n"),
        ("DAYS = 31\n"),
    ),
    Fault(
        "a restored trade has the order's present id",
        LEDGER_IMAGE,
        ("        sides[place].cl_ord_id = cl_ord_id\n"),
        ("        pass\n"),
    ),
    Fault(
        "a restored venue has no volumes",
        LEDGER_IMAGE,
        ("for after, last, money in image.volumes\n"),
        ("for after, last, money in image.volumes[:0]\n"),
    ),
    Fault(
        "an image forgets which lots a trade has closed",
        LEDGER_IMAGE,
        "_copy_lots([side.closed for side in sides])",
        "_copy_lots([() for side in sides])",
    ),
    Fault(
        "auctions cost the taker's rate where nothing is said",
        FEES,
        "tier.maker if tier.auction is None",
        "tier.taker if tier.auction is None",
    ),
    Fault(
        "fees of more than all of the money are taken",
        FEES,
        "MOST_BPS = 10_000",
        "MOST_BPS = 100_000",
    ),
    Fault(
        "a rebate is told as a charge",
        FIX_FEES,
        "_amount(fee.amount)",
        "_amount(abs(fee.amount))",
    ),
    Fault(
        "FIX 4.2 is told fees in a group",
        FIX_FEES,
        "if not version.misc_fees:",
        "if False:",
    ),
    Fault(
        "fees are defined at every start",
        APP,
        "if schedule != venue.trades.fees.schedule:",
        "if schedule is not None:",
    ),
    Fault(
        "an exported busted trade has the sides' fees mixed up",
        ROWS,
        "*_side_values(sell),",
        "*_side_values(buy),",
    ),
    Fault(
        "a statement adds a busted trade once more",
        ACCOUNT_DAY,
        "yield _entry(event, kind, time, event.exec_ref_id, -qty, price, refund)",
        "yield _entry(event, kind, time, event.exec_ref_id, qty, price, refund)",
    ),
    Fault(
        "a statement tells the fees of a bust as charged",
        ACCOUNT_DAY,
        "Fee(-fee.amount, fee.currency)",
        "Fee(fee.amount, fee.currency)",
    ),
    Fault(
        "a statement ends with the trades after the day",
        ACCOUNT_DAY,
        ("                    self.closing = self._held_at_day_end()\n"),
        ("                    self.closing = self._held()\n"),
    ),
    Fault(
        "a statement's profit forgets the fees",
        STATEMENT_RECORDS,
        "pnl, fee, pnl - fee",
        "pnl, fee, pnl",
    ),
    Fault(
        "an order one lot too large is let in",
        BOUNDS,
        "if qty > self._max_qty or",
        "if qty > self._max_qty + 1 or",
    ),
    Fault(
        "of two limits the larger one holds",
        CORE_LIMITS,
        "return min(given, key=lambda each: each[0], default=None)",
        "return max(given, key=lambda each: each[0], default=None)",
    ),
    Fault(
        "a limit's collar is around the last trade although there is an opposite price",
        CHECKS,
        "centre = best.price if best is not None and market.open else mark(market)",
        "centre = mark(market)",
    ),
    Fault(
        "a trigger that is met already is a way around a limit's collar",
        CHECKS,
        "if touches and (centre < trigger if buys else centre > trigger):",
        "if False:",
    ),
    Fault(
        "a stop that is met already costs what its trigger price says",
        EXPOSURE,
        "return max(at, mark(market))",
        "return at",
    ),
    Fault(
        "orders for the close count at the price of when they came",
        RISK,
        "            bounds.revalue()",
        "            pass",
    ),
    Fault(
        "what is bought does not count for the position while it works",
        BOUNDS,
        "orders.value, total.value, lots.value = opened, asked, held",
        "orders.value, total.value = opened, asked",
    ),
    Fault(
        "what one scope refuses counts in another one",
        BOUNDS,
        "_move(rows[: rows.index(row)], -1, -money, -qty)",
        "pass",
    ),
    Fault(
        "of two limits of one counter the last holds",
        BOUNDS,
        "least[count] = min(most, least.get(count, most))",
        "least[count] = most",
    ),
    Fault(
        "a message that one scope refuses has come for another one",
        CHECKS,
        ("            window.count -= 1\n"),
        "",
    ),
    Fault(
        "an order for which no market is near is far from none",
        BOUNDS,
        "is_far = best is None or price > best.price",
        "is_far = best is not None and price > best.price",
    ),
    Fault(
        "limit prices are compared with a book that nobody is shown",
        BOUNDS,
        "if (is_far or not self._market.open) and self._has_collar:",
        "if is_far and self._has_collar:",
    ),
    Fault(
        "who was ready before a limit changed is ready still",
        RISK,
        ('        """Know what is to be done from now on."""\n        self._ready.clear()\n'),
        ('        """Know what is to be done from now on."""\n'),
    ),
    Fault(
        "money is counted as the first instruments need it",
        RISK,
        "if not self._counters.measures(market.instrument):",
        "if False:",
    ),
    Fault(
        "money between two numbers is one more",
        MONEY,
        "most: int = Fraction(amount) * 10**self.digits // 1",
        "most: int = -(-Fraction(amount) * 10**self.digits // 1)",
    ),
    Fault(
        "a loss is no loss while the position is held",
        EXPOSURE,
        "return (self.balance + self.position * mark(self.market)) * self.unit",
        "return max(self.balance, 0) * self.unit",
    ),
    Fault(
        "a price that has moved moves no earnings",
        BOUNDS,
        "if self._solvent != self._traded.last and not self._is_solvent():",
        "if self._solvent < 0 and not self._is_solvent():",
    ),
    Fault(
        "a cancelled order stays open for the limits",
        EXPOSURE,
        "*(OrderTriggered, OrderFilled, OrderCanceled, OrderExpired),",
        "*(OrderTriggered, OrderFilled, OrderExpired),",
    ),
    Fault(
        "a busted trade still counts for the position",
        RISK,
        ("                self._hold_anew(event.symbol)\n"),
        "",
    ),
    Fault(
        "limits of an account hold for the whole firm alone",
        RISK,
        '            for account_of in dict.fromkeys((account, ""))',
        '            for account_of in ("",)',
    ),
    Fault(
        "a replace is checked for all of the order, not for its increase",
        RISK,
        "left - order.leaves_qty, left * after - order.leaves_qty * before",
        "left, left * after",
    ),
    Fault(
        "a replace is not checked at all",
        REPLACING,
        "if text is None and self.risk.checks:",
        "if text is None and not self.risk.checks:",
    ),
    Fault(
        "messages of a moment ago are forgotten at once",
        RECENT,
        "while batches and time - batches[0][0] >= self._span:",
        "while batches:",
    ),
    Fault(
        "a window that becomes shorter keeps what it had for a moment",
        RECENT,
        ("        self._span = seconds * SECOND\n        self.turn(time)\n"),
        ("        self._span = seconds * SECOND\n"),
    ),
    Fault(
        "a refused order makes the next alike one a duplicate",
        BOUNDS,
        ("            return refusal\n        repeats = self._repeats\n"),
        (
            "            self._repeats and self._repeats.times.update(\n"
            "                {(account, self._symbol, side, qty, price, trigger): time}\n"
            "            )\n"
            "            return refusal\n"
            "        repeats = self._repeats\n"
        ),
    ),
    Fault(
        "what was accepted a span ago is a duplicate until the next span",
        CHECKS,
        "        if age >= span:",
        "        if age >= 2 * span:",
    ),
    Fault(
        "a kill switch leaves the orders that wait",
        KILL_SWITCH,
        "if order.firm == firm and (not account or order.account == account):",
        ("if order.working and order.firm == firm and (not account or order.account == account):"),
    ),
    Fault(
        "a restored venue has no kill switch engaged",
        RISK,
        ("        self.kills.engaged.update(image.stopped)\n"),
        "",
    ),
    Fault(
        "a restored venue has forgotten which orders it accepted",
        RECENT,
        "            self.repeats(firm).restore(accepted, time)",
        "            self.repeats(firm)",
    ),
    Fault(
        "a new trading day begins with yesterday's loss",
        RISK,
        ("            if isinstance(event, DayEnded):\n                self.count_anew()"),
        ("            if isinstance(event, DayEnded):\n                pass"),
    ),
    Fault(
        "a narrower scope may say more than a wider one",
        LIMITS,
        "if own is not None and most is not None and own > most:",
        "if own is not None and most is not None and own < 0:",
    ),
    Fault(
        "a limit of an order may be more than all open orders may be",
        LIMITS,
        "if notional is not None and opened is not None and notional > opened:",
        "if notional is not None and opened is not None and notional < 0:",
    ),
    Fault(
        "what the configuration says of limits is said at every start",
        APP,
        ("        if said.get(scope) != limits\n"),
        "",
    ),
    Fault(
        "a busted trade can be busted again",
        CORRECTIONS,
        "return None if trade.qty else",
        "return None if trade.price else",
    ),
    Fault(
        "a correction exceeds OrderQty",
        CORRECTIONS,
        "if qty > most:",
        "if qty > order.order_qty:",
    ),
    Fault(
        "a correction of one side alone is looked at",
        CORRECTIONS,
        "for side in (trade.first, trade.second):",
        "for side in (trade.first,):",
    ),
    Fault(
        "a correction to nothing",
        CORRECTIONS,
        "if qty < 1:",
        "if qty < 0:",
    ),
    Fault(
        "a report of a bust refers to itself",
        CORRECTIONS,
        ("        side.exec_id = self.ids.exec_id\n"),
        ("        side.exec_id = before = self.ids.exec_id\n"),
    ),
    Fault(
        "a second correction refers to the fill",
        CORRECTIONS,
        ("        side.exec_id = self.ids.exec_id\n"),
        "",
    ),
    Fault(
        "what a live order gets back keeps its place",
        CORRECTIONS,
        ("            self.trading.withdraw(order)\n            order.reopen()\n"),
        ("            order.reopen()\n            return None\n"),
    ),
    Fault(
        "a cancelled order comes back",
        CORRECTIONS,
        "elif order.ord_status is OrdStatus.FILLED:",
        "else:",
    ),
    Fault(
        "a bust makes a trade",
        CORRECTIONS,
        "if market.book.opposite(order.side).meets(order.price):",
        "if False:",
    ),
    Fault(
        "an order comes back into a closed market",
        CORRECTIONS,
        "if closed is not None:",
        "if not market.listed:",
    ),
    Fault(
        "an order of an earlier day comes back",
        CORRECTIONS,
        ("if trade.trade_id <= market.statistics.before or not self.orders.knows(order):"),
        "if not self.orders.knows(order):",
    ),
    Fault(
        "an order that nobody remembers comes back",
        CORRECTIONS,
        ("if trade.trade_id <= market.statistics.before or not self.orders.knows(order):"),
        "if trade.trade_id <= market.statistics.before:",
    ),
    Fault(
        "an order comes back whose session is gone",
        CORRECTIONS,
        "if order.session in self.away:",
        "if False:",
    ),
    Fault(
        "an order of a stopped firm comes back",
        CORRECTIONS,
        "if self.stopped(order.firm, order.account):",
        "if False:",
    ),
    Fault(
        "an expired order comes back",
        CORRECTIONS,
        ("            if expired is not None:\n                return expired\n"),
        "",
    ),
    Fault(
        "an order that is back does not expire",
        CORRECTIONS,
        ("                self.day.remember(order)\n"),
        ("                pass\n"),
    ),
    Fault(
        "an order that is back is nobody's",
        CORRECTIONS,
        ("            self.orders.revive(order)\n"),
        "",
    ),
    Fault(
        "the aggressor comes back first",
        CORRECTIONS,
        "return side.liquidity is not Liquidity.ADDED,",
        "return side.liquidity is Liquidity.ADDED,",
    ),
    Fault(
        "a correction takes what is shown first",
        CORRECTIONS,
        "order.hidden_qty = max(0, hidden_qty - qty)",
        "order.hidden_qty = min(hidden_qty, order.leaves_qty - 1)",
    ),
    Fault(
        "an order stays that a correction has filled",
        CORRECTIONS,
        ("        if order.cum_qty == order.order_qty:\n            order.end(OrdStatus.FILLED)\n"),
        ("        if order.live:\n            order.end(OrdStatus.FILLED)\n"),
    ),
    Fault(
        "stops do not see a quote that is back",
        CORRECTIONS,
        (
            "        if market.waiting.orders:\n"
            "            self.trading.settle(market, events, len(events))\n"
        ),
        "",
    ),
    Fault(
        "the last price stays after a bust",
        CORRECTIONS,
        "market.last_px, market.last_qty = history.last() or (None, None)",
        ("market.last_px, market.last_qty = history.last() or (market.last_px, market.last_qty)"),
    ),
    Fault(
        "the last auction's price stays after a bust",
        CORRECTIONS,
        ("            market.auction_px = history.auction_px()\n"),
        ("            pass\n"),
    ),
    Fault(
        "statistics are not revised",
        CORRECTIONS,
        ("        statistics.revise(revision, self.trading.time)\n"),
        "",
    ),
    Fault(
        "another instrument's trades are neighbours",
        REVISION,
        "if trade.qty and trade.symbol == symbol:",
        "if trade.qty:",
    ),
    Fault(
        "busted trades are neighbours",
        REVISION,
        "if trade.qty and trade.symbol == symbol:",
        "if trade.symbol == symbol:",
    ),
    Fault(
        "forgotten trades have no price",
        REVISION,
        (
            "        if before is None and self.past.trade_id:\n"
            "            before = self.past.trade_id, self.past.price\n"
        ),
        "",
    ),
    Fault(
        "forgotten trades have no extremes",
        REVISION,
        "prices += [self.past.high, self.past.low]",
        "pass",
    ),
    Fault(
        "forgotten trades are extremes for ever",
        REVISION,
        "same_day = self.trade_id > before",
        "same_day = self.trade_id > 0",
    ),
    Fault(
        "a busted trade is forgotten as if it had been",
        REVISION,
        ("        if not trade.qty:\n            return\n"),
        "",
    ),
    Fault(
        "trades are forgotten without a trace",
        TRADING,
        ("        statistics.past.add(trade, statistics)\n"),
        ("        statistics.past.trade_id = 0\n"),
    ),
    Fault(
        "a highest price stays without its trade",
        REVISION,
        "old_price in (high, low)",
        "old_price == low",
    ),
    Fault(
        "an earlier auction closes the day",
        REVISION,
        ("                if trade.trade_id < first_id:\n                    break\n"),
        "",
    ),
    Fault(
        "a closing auction is forgotten with its trades",
        REVISION,
        (
            "                if first_id <= trade.trade_id <= last_id:\n"
            "                    self.close(first_id)\n"
        ),
        ("                pass\n"),
    ),
    Fault(
        "a busted first trade stays the open",
        STATISTICS,
        ("        if before is None:\n            self._open = value"),
        ("        if before is None and price is not None:\n            self._open = value"),
    ),
    Fault(
        "a bust counts a match still",
        STATISTICS,
        ("        self.trades -= price is None\n"),
        "",
    ),
    Fault(
        "a busted auction trade counts as the auction's",
        STATISTICS,
        ("            self.auction_volume += more\n"),
        ("            pass\n"),
    ),
    Fault(
        "the mean by time remembers a busted trade",
        STATISTICS,
        "for of_time, sign in ((revision.old_price, -1), (value, 1)):",
        "for of_time, sign in ((revision.old_price, -1), (revision.old_price, 1)):",
    ),
    Fault(
        "a bust after the close is of open trading",
        STATISTICS,
        "end = after or ((self._ended, None) if self._ended else None)",
        "end = after",
    ),
    Fault(
        "a closing price stays without its auction",
        STATISTICS,
        (
            "        if self._closed and revision.closing is not None:\n"
            "            self.close = revision.closing\n"
        ),
        (
            "        if self._closed:\n"
            "            self.close = self.close if revision.closing is None else r"
            "evision.closing\n"
        ),
    ),
    Fault(
        "a day without trades closes with its busted one",
        STATISTICS,
        "self.last if self._ended and self.trades else self.prior_close",
        "self.last if self._ended else self.prior_close",
    ),
    Fault(
        "volatility remembers a busted trade",
        STATISTICS,
        ("                samples.revise(price, revision.time, until)\n"),
        ("                pass\n"),
    ),
    Fault(
        "volatility is revised one moment late",
        VOLATILITY,
        "for number in range(max(-(-time // step), first), end):",
        "for number in range(max(time // step + 1, first), end):",
    ),
    Fault(
        "volatility begins with a busted trade",
        VOLATILITY,
        ("        for _ in range(end - first):\n            prices.popleft()\n"),
        "",
    ),
    Fault(
        "a trade of an earlier day is of this one",
        ORDER,
        "if carried is not None and trade_id <= carried[2]:",
        "if carried is not None and trade_id < carried[2]:",
    ),
    Fault(
        "an image forgets when an order was carried over",
        IMAGE,
        "pack([0 if before is None else before[2] for before in carried])",
        "pack([0 for before in carried])",
    ),
    Fault(
        "an image knows orders again that are forgotten",
        IMAGE,
        "orders, strict=True), image.known_orders)",
        "orders, strict=True), None)",
    ),
    Fault(
        "an image forgets who is away",
        IMAGE,
        ("    venue.away.update(image.away)\n"),
        "",
    ),
    Fault(
        "whoever is back is still away",
        MASS,
        ("        self.away.discard(command.session)\n"),
        "",
    ),
    Fault(
        "orders that only trades know are not in the state hash",
        VENUE,
        "for order in known:",
        "for order in self.orders.by_id.values():",
    ),
    Fault(
        "FIX.4.2 calls a bust new",
        VERSIONS,
        'trans, code = f"20=1{SOH}", status.value',
        'trans, code = f"20=0{SOH}", status.value',
    ),
    Fault(
        "FIX.4.2 calls a correction a bust",
        VERSIONS,
        'trans, code = f"20=2{SOH}", status.value',
        'trans, code = f"20=1{SOH}", status.value',
    ),
    Fault(
        "a bust tells of a quantity",
        OUTBOUND,
        "31=0\\x0132=0\\x01",
        "31=0\\x01",
    ),
    Fault(
        "market data keeps a busted trade",
        HAPPENINGS,
        "action = MDUpdateAction.CHANGE if event.qty else MDUpdateAction.DELETE",
        "action = MDUpdateAction.CHANGE",
    ),
    Fault(
        "a bust leaves the figures shown",
        HAPPENINGS,
        (
            "                happened.trades.append(TradeEntry(*changed, time=time,"
            " action=action))\n"
            "                happened.statistics = True\n"
        ),
        (
            "                happened.trades.append(TradeEntry(*changed, time=time,"
            " action=action))\n"
        ),
    ),
    Fault(
        "a full refresh prints a busted trade",
        STREAM,
        "new = [trade for trade in trades if trade.action is MDUpdateAction.NEW]",
        "new = trades",
    ),
    Fault(
        "a deleted trade has a price",
        MARKET_DATA_ENTRIES,
        ("        if trade.action is DELETE:\n            return text + number\n"),
        "",
    ),
    Fault(
        "a client's tape keeps busted trades",
        BOOK,
        ("            if trade.trade_id != trade_id:\n"),
        ("            if trade.trade_id != trade_id or entry.md_entry_px is None:\n"),
    ),
    Fault(
        "a client of FIX.4.2 takes a bust for a fill",
        PARSE,
        ("    if values.get(20) in _EXEC_TYPE:\n"),
        ('    if values.get(20) == "3":\n'),
    ),
    Fault(
        "an export forgets busts",
        ROWS,
        ('    e.OrderTradeBusted: "trade_cancel",\n'),
        "",
    ),
    Fault(
        "an order that a bust has changed is not exported again",
        ROWS,
        ("                    if kind is e.OrderFilled or not isinstance(event, Half):\n"),
        ("                    if kind is not e.OrderAccepted:\n"),
    ),
    Fault(
        "a script's run believes any ExecRefID",
        BLOTTER,
        "if order.fills.pop(ref_id, None) is None:",
        "if order.fills.pop(ref_id, None) is None and not ref_id:",
    ),
    Fault(
        "a script expects a new report of a bust",
        DIALECT,
        '{"H": "1", "G": "2", "I": "3"}',
        '{"G": "2", "I": "3"}',
    ),
    Fault(
        "a script binds no part of a value",
        VALUES,
        ("        if len(unbound) == 1:\n"),
        ("        if len(unbound) > 1:\n"),
    ),
    Fault(
        "a firm's drop copy has every firm's reports",
        DROP_COPIES,
        "*self._of_firm.get(event.firm, ())",
        "*(each for some in self._of_firm.values() for each in some)",
    ),
    Fault(
        "who clears has no copies",
        DROP_COPIES,
        ", *self._of_all]",
        "]",
    ),
    Fault(
        "what two sessions were told is copied twice",
        DROP_COPIES,
        ("                    told.add(exec_id)\n"),
        "",
    ),
    Fault(
        "a status is copied",
        DROP_COPIES,
        "if exec_id and exec_id not in told",
        "if exec_id not in told",
    ),
    Fault(
        "refused orders are not copied",
        DROP_COPIES,
        "isinstance(event, OrderEvent | OrderRejected)",
        "isinstance(event, OrderEvent)",
    ),
    Fault(
        "a copy is in the version of the report",
        DROP_COPIES,
        "report = reports.get(version.name)",
        "report = next(iter(reports.values()), None)",
    ),
    Fault(
        "a drop copy is told whose firm a report is of",
        DROP_COPIES,
        'event.firm if session.party.clearing else ""',
        "event.firm",
    ),
    Fault(
        "who comes twice has every copy twice",
        DROP_COPIES,
        "if session not in watchers:",
        "if True:",
    ),
    Fault(
        "after a restart nothing is kept for a drop copy that is away",
        EXCHANGE,
        (
            "            if has_begun(session.name):\n"
            "                self._copies.welcome(session)\n"
        ),
        ("            pass\n"),
    ),
    Fault(
        "who gets copies asks for the orders of other firms",
        "venue/fix/mass_requests.py",
        '"" if party.clearing else party.firm',
        '""',
    ),
    Fault(
        "live orders that are copied are those of one session",
        "venue/gateway/back_office/copies.py",
        "        if self._unseen:\n            self._look_for(self._unseen.pop())\n            return []\n",
        "        if self._unseen:\n            self._look_for(self._unseen.pop())\n            self._unseen = []\n            return []\n",
    ),
    Fault(
        "live orders that are copied have no order",
        "venue/gateway/back_office/copies.py",
        "            self._found.sort(key=lambda order: order.order_id)\n",
        "            self._found.sort(key=lambda order: -order.order_id)\n",
    ),
    Fault(
        "a drop copy has to come back before it has copies",
        EXCHANGE,
        ("            self._copies.welcome(session)\n            asks"),
        "            asks",
    ),
    Fault(
        "a copy does not say whose it is",
        DROP_COPY,
        ('    told = f"115={comp_id}{SOH}"\n'),
        ('    told = ""\n'),
    ),
    Fault(
        "a copy does not say that it is one",
        DROP_COPY,
        ("    if version.copy_msg_indicator:\n"),
        ("    if False:\n"),
    ),
    Fault(
        "FIX.4.2 has CopyMsgIndicator",
        DROP_COPY,
        ("    if version.copy_msg_indicator:\n"),
        ("    if True:\n"),
    ),
    Fault(
        "positions and trades are told before the journal has them",
        EXCHANGE,
        ("        self._back_office.note(events)\n"),
        ("        self._back_office.note(events)\n        self._back_office.publish()\n"),
    ),
    Fault(
        "a request outlives its connection",
        EXCHANGE,
        ("        self._back_office.drop_session(session)\n"),
        "",
    ),
    Fault(
        "a long answer waits for the next tick",
        EXCHANGE,
        ("        if self._back_office.busy:\n            return 0.0\n"),
        "",
    ),
    Fault(
        "an answer is not gone on with while nothing comes",
        EXCHANGE,
        ("        if self._back_office.owing:\n            self._back_office.publish()\n"),
        "",
    ),
    Fault(
        "who is behind is sent more",
        OFFICE,
        "name not in self._sender.behind and ",
        "",
    ),
    Fault(
        "an answer is sent at once, however long",
        OFFICE,
        ("        for _ in range(AT_ONCE):\n"),
        ("        for _ in range(10**6):\n"),
    ),
    Fault(
        "one answer goes before all others",
        OFFICE,
        ("                    ready.append(key)\n"),
        ("                    ready.appendleft(key)\n"),
    ),
    Fault(
        "a session may have any number of requests",
        OFFICE,
        ">= MAX_STREAMS",
        "> 10**6",
    ),
    Fault(
        "an id in use is taken again",
        OFFICE,
        ("        if key in self._streams:\n"),
        ("        if False:\n"),
    ),
    Fault(
        "positions of another day are those of today",
        OFFICE,
        'if request.date not in ("", day):',
        "if False:",
    ),
    Fault(
        "an answer that is over keeps its id",
        OFFICE,
        ("            if not stream.ended:\n"),
        ("            if True:\n"),
    ),
    Fault(
        "an end ends every request of that id",
        OFFICE,
        "key = session.name, msg_type, header, request.req_id",
        'key = session.name, "", header, request.req_id',
    ),
    Fault(
        "a desk's answers are its session's",
        OFFICE,
        "addressed(text, header) if header else text",
        "text",
    ),
    Fault(
        "every change of a position is told by itself",
        BACK_OFFICE_POSITIONS,
        ("                    self._changed[key] = None\n"),
        ("                    self._changed[key, len(self._changed)] = None\n"),
    ),
    Fault(
        "a change is told while the answer still has to",
        BACK_OFFICE_POSITIONS,
        "if wants(*key) and key not in self._asked:",
        "if wants(*key):",
    ),
    Fault(
        "who asked once is told of changes",
        BACK_OFFICE_POSITIONS,
        "if self._begun and self._follows:",
        "if self._begun:",
    ),
    Fault(
        "a bust is no change of a position",
        OFFICE,
        "(OrderFilled, OrderTradeBusted, OrderTradeCorrected)",
        "(OrderFilled, OrderTradeCorrected)",
    ),
    Fault(
        "the prior price of a position is the last",
        BACK_OFFICE_POSITIONS,
        "position.day_mark or instrument.reference_ticks",
        "last or 0",
    ),
    Fault(
        "positions are those of all firms",
        POSITIONS,
        'self.firm in ("", firm)',
        "True",
    ),
    Fault(
        "an account is any account",
        POSITIONS,
        "self.account in (None, account)",
        "True",
    ),
    Fault(
        "who is short is long",
        POSITIONS,
        '("704", text(max(qty, 0)))',
        '("704", text(abs(qty)))',
    ),
    Fault(
        "fees are rebates",
        POSITIONS,
        '("CRES", format_units(-paid, FEE_DIGITS), paid_in)',
        '("CRES", format_units(paid, FEE_DIGITS), paid_in)',
    ),
    Fault(
        "a firm asks for another's positions",
        POSITION_REQUEST,
        "if party_id != party.firm and not party.clearing:",
        "if False:",
    ),
    Fault(
        "whoever has a session asks for positions",
        POSITION_REQUEST,
        ("    if not may_ask(party):\n"),
        ("    if False:\n"),
    ),
    Fault(
        "both sides of a trade are told",
        BACK_OFFICE_TRADES,
        ('asked.firm in ("", side.firm)\n        and '),
        "",
    ),
    Fault(
        "trades have no dates",
        BACK_OFFICE_TRADES,
        "if not first <= self._venue.day.date_of(trade.time) <= last:",
        "if False:",
    ),
    Fault(
        "trades have no time",
        BACK_OFFICE_TRADES,
        "if not since <= trade.time <= until:",
        "if False:",
    ),
    Fault(
        "busts are not told to who follows trades",
        BACK_OFFICE_TRADES,
        "self._changed[trade_id] = None",
        "pass",
    ),
    Fault(
        "what is forgotten unsent is passed over in silence",
        BACK_OFFICE_TRADES,
        ("        if self._next < self._oldest:\n            self.ended"),
        ("        if False:\n            self.ended"),
    ),
    Fault(
        "no trade is the last of an answer",
        BACK_OFFICE_TRADES,
        "is_last=trade is None",
        "is_last=False",
    ),
    Fault(
        "an answer ends with the first few trades looked at",
        BACK_OFFICE_TRADES,
        ("        if trade is None and self._next <= self._last:\n            return []\n"),
        "",
    ),
    Fault(
        "who asked once hears of later trades",
        BACK_OFFICE_TRADES,
        ("            self.ended = not self._follows\n"),
        "",
    ),
    Fault(
        "a busted trade is a trade",
        TRADE_CAPTURE,
        ("    if trade.changes:\n"),
        ("    if False:\n"),
    ),
    Fault(
        "a report refers to itself",
        TRADE_CAPTURE,
        "_report_id(trade.trade_id, trade.changes - 1)",
        "_report_id(trade.trade_id, trade.changes)",
    ),
    Fault(
        "a side has no fee",
        TRADE_CAPTURE,
        "return text if side.fee is None else text + encode_fee(side.fee, version)",
        "return text",
    ),
    Fault(
        "one date is the first of all later ones",
        TRADE_CAPTURE_REQUEST,
        "(dates[0], dates[-1])",
        '(dates[0], dates[1] if dates[1:] else "~")',
    ),
    Fault(
        "criteria that nobody knows are passed over",
        TRADE_CAPTURE_REQUEST,
        ("        if tag in fields:\n            yield TradeRequestResult.OTHER"),
        ("        if False:\n            yield TradeRequestResult.OTHER"),
    ),
    Fault(
        "a firm asks for another's trades",
        TRADE_CAPTURE_REQUEST,
        ("elif role == EXECUTING_FIRM and party_id != party.firm and not party.clearing:"),
        "elif False:",
    ),
    Fault(
        "a day has the date of its begin",
        TRADING_DAY,
        "_date((self._end_after(time) - 1) // DAY)",
        "_date((self._end_after(time) - 1) // DAY - (self.ends > 0))",
    ),
    Fault(
        "groups lose what is in their components",
        LEAN_DICTIONARY,
        "yield from self._groups(self._components[name], groups, is_inside)",
        "yield from self._groups(self._components[name], groups)",
    ),
    Fault(
        "the client takes a short position for a long one",
        BACK_OFFICE,
        'Decimal(values.get(704, "0")) - Decimal',
        'Decimal(values.get(704, "0")) + Decimal',
    ),
    Fault(
        "the client takes copies for its own orders",
        STATE,
        "ExecutionReport(copy_of=None)",
        "ExecutionReport()",
    ),
    Fault(
        "a drop copy has to tell of an order from its begin",
        BLOTTER,
        ('        if message.get("115") is not None:\n            return\n'),
        "",
    ),
)
