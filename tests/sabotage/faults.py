"""Known ways to break the venue, a line each. Every one has to be found by some test."""

from typing import NamedTuple


class Fault(NamedTuple):
    """`old`, which stands once in `path`, becomes `new`."""

    name: str
    path: str
    old: str
    new: str


BOOK = "venue/core/book.py"
DAY = "venue/core/trading_day.py"
ENTRY = "venue/core/order_entry.py"
FEED = "venue/marketdata/feed.py"
GRID = "venue/core/grid.py"
INBOUND = "venue/fix/inbound.py"
MARKET = "venue/core/market.py"
MASS = "venue/core/mass.py"
MATCHING = "venue/core/matching.py"
MESSAGE = "venue/fix/message.py"
ORDER = "venue/core/order.py"
ORDERS = "venue/core/orders.py"
OUTBOUND = "venue/fix/outbound.py"
REPLACING = "venue/core/replacing.py"
SELF_MATCH = "venue/core/self_match.py"
SQLITE = "venue/journal/sqlite.py"
TRADING = "venue/core/trading.py"
VIEW = "venue/marketdata/view.py"
WAITING = "venue/core/waiting.py"

FAULTS = (
    Fault("trades at the aggressor's price", MATCHING, "price = level.price", "price = order.price or level.price"),
    Fault("last in, first out", MATCHING, "resting = level.head", "resting = level.tail"),
    Fault("the resting order is filled in whole", MATCHING, "qty = min(order.leaves_qty, shown_qty)", "qty = resting.leaves_qty"),
    Fault("each side has a trade id of its own", MATCHING, "            ids.exec_id += 1\n", "            ids.exec_id += 1\n            ids.trade_id += 1\n"),
    Fault("one exec id for both sides", MATCHING, "        ids.trade_id += 1\n        for party", "        ids.trade_id += 1\n        ids.exec_id -= 1\n        for party"),
    Fault("maker and taker are swapped", MATCHING, "((order, REMOVED), (resting, ADDED))", "((order, ADDED), (resting, REMOVED))"),
    Fault("the last price is not kept", MATCHING, "market.last_px, market.last_qty = price, qty", "market.last_qty = qty"),
    Fault("prices that meet do not trade", BOOK, "* self.sign >= 0)", "* self.sign > 0)"),
    Fault("any price trades", BOOK, "limit is None or (best.price", "limit is not None or (best.price"),
    Fault("a better price does not become the best", BOOK, "(price - best.price) * self.sign > 0", "(price - best.price) * self.sign < 0"),
    Fault("an emptied level stays the best", BOOK, "if level is self.best:", "if level is None:"),
    Fault("the level forgets what left it", BOOK, "        level.qty -= qty\n        level.count -= 1", "        level.count -= 1"),
    Fault("fill or kill counts every price", BOOK, "(level.price - limit) * self.sign < 0", "(level.price - limit) * self.sign < -10**9"),
    Fault("market data does not hear of additions", BOOK, "        order.level = level\n        self._touched.add(level)", "        order.level = level"),
    Fault("AvgPx is that of the last fill", ORDER, "self.notional += qty * price", "self.notional = self.cum_qty * price"),
    Fault("CumQty is that of the last fill", ORDER, "self.cum_qty += qty", "self.cum_qty = qty"),
    Fault("LeavesQty stays after a cancel", ORDER, "self.leaves_qty = self.hidden_qty = 0", "self.hidden_qty = 0"),
    Fault("a filled order stays partially filled", ORDER, "PARTIALLY_FILLED if leaves else FILLED", "PARTIALLY_FILLED"),
    Fault("the remainder of an IOC rests", TRADING, "order.price is None or time_in_force is IOC or", "order.price is None or"),
    Fault("a market order rests", TRADING, "order.price is None or time_in_force is IOC", "time_in_force is IOC"),
    Fault("fill or kill fills in part", TRADING, "if found >= wanted:", "if found:"),
    Fault("a ClOrdID can be used twice", ENTRY, "        if cl_ord_id in used:\n", "        if False:\n"),
    Fault("a possible resend is entered twice", ENTRY, "order is not None and command.poss_resend", "command.poss_resend and order is None"),
    Fault("priority is kept after a price change", REPLACING, "            command.price == order.price\n            and after", "            after"),
    Fault("priority is kept with a larger quantity", REPLACING, "order.cum_qty < qty <= order.order_qty", "order.cum_qty < qty"),
    Fault("priority is lost with a smaller quantity", REPLACING, "order.cum_qty < qty <= order.order_qty", "order.cum_qty < qty == order.order_qty"),
    Fault("a replace below CumQty goes through", REPLACING, "qty = max(command.order_qty, order.cum_qty)", "qty = command.order_qty"),
    Fault("a replace reports the new id as the old", REPLACING, "e.OrderReplaced(*replaced, orig_cl_ord_id)", "e.OrderReplaced(*replaced, order.cl_ord_id)"),
    Fault("a replaced order shows more and keeps its place", REPLACING, "and not (order.working and _shows_more(before, after))", ""),
    Fault("a smaller quantity is taken from what shows", REPLACING, "max(order.hidden_qty, order.leaves_qty - shown_qty)", "order.hidden_qty"),
    Fault("a new trigger price keeps the old place", REPLACING, "            and after.stop_px == before.stop_px\n", ""),
    Fault("the date of a GTD order cannot be changed", REPLACING, "redated = not dated or changes.expire_date or changes.expire_time", "redated = not dated"),
    Fault("the trigger price changes after triggering", REPLACING, "fixed = order.working or", "fixed ="),
    Fault("MinQty can be replaced", REPLACING, "if changes.min_qty not in (None, qualifiers.min_qty):", "if False:"),
    Fault("another session replaces the order", REPLACING, "if command.session != order.session:", "if False:"),
    Fault("a stop triggers on the wrong side", WAITING, "(order.side is Side.BUY) is not (order.ord_type in TOUCHED)", "(order.side is Side.BUY) is (order.ord_type in TOUCHED)"),
    Fault("take profit triggers like a stop", WAITING, "(order.side is Side.BUY) is not (order.ord_type in TOUCHED)", "order.side is Side.BUY"),
    Fault("a trigger must be passed, not met", WAITING, "if trigger > price if rises else trigger < price:", "if trigger >= price if rises else trigger <= price:"),
    Fault("triggered by price, not by age", WAITING, "        met.sort(key=lambda order: self._places[order.order_id])\n", ""),
    Fault("the best bid triggers who buys", WAITING, "Side.SELL if order.side is Side.BUY else Side.BUY", "order.side"),
    Fault("a stop triggers on the last of many trades only", TRADING, "prices.append(event.last_px)", "pass"),
    Fault("a triggered order waits for the next request", TRADING, "            due.extend(met)\n", "            due.extend(met if not seen else [])\n"),
    Fault("a cascade is worked depth first", TRADING, "            due.extend(met)\n", "            due.extendleft(reversed(met))\n"),
    Fault("an order is worked before it is told triggered", TRADING, "            events.append(e.OrderTriggered(*triggered))\n            self.start(market, order, events)", "            self.start(market, order, events)\n            events.append(e.OrderTriggered(*triggered))"),
    Fault("a triggered order does not know it works", TRADING, "            order.working = True\n", ""),
    Fault("market to limit sweeps the book", TRADING, "            order.price = best.price\n", "            pass\n"),
    Fault("MinQty is ignored", TRADING, 'text = _shortage(market, order, qualifiers.min_qty, "MinQty(110)")', "text = None"),
    Fault("a repriced order is locked with the other side", TRADING, "order.price = opposite.best.price + opposite.sign", "order.price = opposite.best.price"),
    Fault("a restatement is not told", TRADING, "        events.append(\n            self.restated(order, reason, \"ExecInst(18) 6: repriced, it would have traded\")\n        )\n", ""),
    Fault("the book shows all of an iceberg", ORDER, "max(0, self.leaves_qty - qty) if qty else 0", "0"),
    Fault("a refreshed slice keeps its place", BOOK, "        if after is None:\n            return\n        before = order.prev", "        return\n        before = order.prev"),
    Fault("fill or kill does not count what is hidden", BOOK, "total += level.qty + level.hidden_qty", "total += level.qty"),
    Fault("the level loses what an iceberg hid", BOOK, "            level.hidden_qty -= order.hidden_qty\n            order.hidden_qty = 0", "            order.hidden_qty = 0"),
    Fault("a slice is as large as the first, always", MATCHING, "resting.qualifiers.refresh_qty", "resting.qualifiers.display_qty"),
    Fault("icebergs trade what they hide at once", MATCHING, "shown_qty = resting.leaves_qty - resting.hidden_qty", "shown_qty = resting.leaves_qty"),
    Fault("self-match prevention is off", MATCHING, "if guarded and belongs_together(order, resting):", "if False:"),
    Fault("fill or kill counts its own orders", MATCHING, "            if belongs_together(order, resting):\n                if not", "            if False:\n                if not"),
    Fault("what stands behind an own order counts", MATCHING, "                if not steps_over:\n", "                if False:\n"),
    Fault("self-match prevention spans firms", SELF_MATCH, "return resting.firm == aggressor.firm and (", "return ("),
    Fault("self-match prevention does not look at the id", SELF_MATCH, "self_match_prevention_id(resting) == self_match_prevention_id(aggressor)", "True"),
    Fault("the resting order's instruction counts", SELF_MATCH, "    assert aggressor.qualifiers is not None\n    instruction = aggressor.qualifiers", "    assert resting.qualifiers is not None\n    instruction = resting.qualifiers"),
    Fault("decrement takes off one side only", SELF_MATCH, "        aggressor.reduce(rested)\n", ""),
    Fault("a self match gives no reason", SELF_MATCH, "OrderCanceled(*canceled, None, TEXT, reason)", "OrderCanceled(*canceled, None, TEXT)"),
    Fault("post-only may take liquidity", ENTRY, "    if not opposite.meets(price):\n        return None\n    best", "    return None\n    best"),
    Fault("an order may be good till yesterday", DAY, "if self.expires_at(qualifiers) > self.time:", "if True:"),
    Fault("a day order outlives its day", DAY, "OF_THE_DAY = (TimeInForce.DAY, TimeInForce.AT_THE_CLOSE)", "OF_THE_DAY = (TimeInForce.AT_THE_CLOSE,)"),
    Fault("an order whose date was moved expires at the old one", DAY, "if _is_good_till_date(order) and self._expires(order) == at", "if _is_good_till_date(order)"),
    Fault("ids are remembered for ever", DAY, "        self._orders.forget_ended()\n", ""),
    Fault("orders of the new day count yesterday's fills", DAY, "            order.carry_over()\n", ""),
    Fault("mass cancel takes every session's orders", MASS, "command.session, None if command.scope is MassScope.ALL else command.symbol", "None, None if command.scope is MassScope.ALL else command.symbol"),
    Fault("mass cancel takes both sides", MASS, "if command.side is None or order.side is command.side", "if True"),
    Fault("mass cancel takes every instrument", MASS, "None if command.scope is MassScope.ALL else command.symbol", "None"),
    Fault("the id of a mass cancel can be used again", MASS, "        self.orders.clients[command.session].orders.setdefault(command.cl_ord_id, None)\n", ""),
    Fault("a session's orders stay when it is gone", MASS, "if self.connected.pop(command.session, None) is None:", "if True:"),
    Fault("orders go although nobody asked for that", MASS, "if self.connected.pop(command.session, None) is None:", "if False:"),
    Fault("nobody witnesses a lost session", MASS, "            for witness in command.witnesses:", "            for witness in ():"),
    Fault("a cancel loses OrigClOrdID", ENTRY, "e.OrderCanceled(*canceled, order.cl_ord_id, None)", "e.OrderCanceled(*canceled, None, None)"),
    Fault("a replace may change the side", ENTRY, "if command.side != order.side:", "if False:"),
    Fault("a replace may change the symbol", ENTRY, "if command.symbol != order.symbol:", "if False:"),
    Fault("a canceled order can be canceled", ORDERS, "if not order.leaves_qty:", "if False:"),
    Fault("any earlier id names the order", ORDERS, "if orig_cl_ord_id and orig_cl_ord_id != order.cl_ord_id:", "if False:"),
    Fault("firms see each other's orders", ORDERS, "order is not None and order.firm == command.firm", "order is not None"),
    Fault("a refused request's id is not used up", ORDERS, "            ids.orders[command.cl_ord_id] = order\n", ""),
    Fault("the tick is not checked", GRID, "        if rest:\n            raise OffGridError(text)\n", ""),
    Fault("AvgPx is cut, not rounded", GRID, "            whole += 1\n", "            pass\n"),
    Fault("the collar is off", MARKET, "        if price is not None:\n            centre", "        if False:\n            centre"),
    Fault("the collar stays at the reference price", MARKET, "instrument.reference_ticks if self.last_px is None else self.last_px\n            if", "instrument.reference_ticks\n            if"),
    Fault("the minimum quantity is not checked", MARKET, "instrument.min_lots <= qty <= instrument.max_lots", "qty <= instrument.max_lots"),
    Fault("prices may be negative", INBOUND, "if ticks > 0 and lots > 0:", "if lots > 0:"),
    Fault("market data sessions may trade", INBOUND, "    if not party.order_entry:\n", "    if False:\n"),
    Fault("the last of two equal tags counts", MESSAGE, "    found.reverse()\n", ""),
    Fault("a data field can hold fields", MESSAGE, "if _DATA_AFTER.keys().isdisjoint(fields):", "if True:"),
    Fault("LeavesQty is always OrderQty", OUTBOUND, "leaves = total if leaves_qty == order_qty else qty(leaves_qty)", "leaves = total"),
    Fault("LastPx is the order's own price", OUTBOUND, "31={instrument.price.text(event.last_px)}", "31={instrument.price.text(event.price or event.last_px)}"),
    Fault("FIX.4.4 gets a later reason code", OUTBOUND, '("103", version.ord_rej_reasons.get(event.reason, event.reason))', '("103", event.reason)'),
    Fault("levels that fall out of a depth stay", VIEW, "dict.fromkeys(shown, 0) | self._read(side)", "self._read(side)"),
    Fault("a changed level is new again", VIEW, "MDUpdateAction.CHANGE if before else MDUpdateAction.NEW", "MDUpdateAction.NEW"),
    Fault("deletions come last", VIEW, "update.action is not MDUpdateAction.DELETE", "update.action is MDUpdateAction.DELETE"),
    Fault("only the last trade of a batch is told", FEED, "trades[fill.symbol].append((fill.last_px, fill.last_qty, fill.trade_id))", "trades[fill.symbol] = [(fill.last_px, fill.last_qty, fill.trade_id)]"),
    Fault("an MDReqID can be used twice", FEED, "if request.md_req_id in mine or (session, request.md_req_id) in self._asked:", "if False:"),
    Fault("a subscription outlives its session", FEED, "            self.unsubscribe(session, md_req_id)\n        for target", "            pass\n        for target"),
    Fault("batches are not synced", SQLITE, '"batch": "FULL"', '"batch": "OFF"'),
    Fault("a gap in the journal is not seen", SQLITE, "                if seq != expected:\n", "                if False:\n"),
    Fault("two venues share a journal", SQLITE, "fcntl.LOCK_EX | fcntl.LOCK_NB", "fcntl.LOCK_SH | fcntl.LOCK_NB"),
)  # fmt: skip
