"""Known ways to break the venue, a line each. Every one has to be found by some test."""

from typing import NamedTuple


class Fault(NamedTuple):
    """`old`, which stands once in `path`, becomes `new`."""

    name: str
    path: str
    old: str
    new: str


BOOK = "venue/core/book.py"
ENTRY = "venue/core/order_entry.py"
FEED = "venue/marketdata/feed.py"
GRID = "venue/core/grid.py"
INBOUND = "venue/fix/inbound.py"
MARKET = "venue/core/market.py"
MATCHING = "venue/core/matching.py"
MESSAGE = "venue/fix/message.py"
ORDER = "venue/core/order.py"
ORDERS = "venue/core/orders.py"
OUTBOUND = "venue/fix/outbound.py"
SQLITE = "venue/journal/sqlite.py"
VIEW = "venue/marketdata/view.py"

FAULTS = (
    Fault("trades at the aggressor's price", MATCHING, "price = level.price", "price = order.price or level.price"),
    Fault("last in, first out", MATCHING, "resting = level.head", "resting = level.tail"),
    Fault("the resting order is filled in whole", MATCHING, "min(order.leaves_qty, resting.leaves_qty)", "resting.leaves_qty"),
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
    Fault("LeavesQty stays after a cancel", ORDER, "        self.leaves_qty = 0\n", ""),
    Fault("a filled order stays partially filled", ORDER, "PARTIALLY_FILLED if leaves else FILLED", "PARTIALLY_FILLED"),
    Fault("the remainder of an IOC rests", ENTRY, '{"0": TimeInForce.DAY, "1": TimeInForce.GTC}', '{"0": TimeInForce.DAY, "1": TimeInForce.GTC, "3": TimeInForce.IOC}'),
    Fault("a market order rests", ENTRY, "order.time_in_force in RESTING and order.ord_type is not MARKET", "order.time_in_force in RESTING"),
    Fault("fill or kill fills in part", ENTRY, "if available >= order.leaves_qty:", "if available:"),
    Fault("a ClOrdID can be used twice", ENTRY, "        if cl_ord_id in used:\n", "        if False:\n"),
    Fault("a possible resend is entered twice", ENTRY, "order is not None and command.poss_resend", "command.poss_resend and order is None"),
    Fault("priority is kept after a price change", ENTRY, "keeps_place = command.price == order.price and", "keeps_place ="),
    Fault("priority is kept with a larger quantity", ENTRY, "order.cum_qty < qty <= order.order_qty", "order.cum_qty < qty"),
    Fault("priority is lost with a smaller quantity", ENTRY, "order.cum_qty < qty <= order.order_qty", "order.cum_qty < qty == order.order_qty"),
    Fault("a replace below CumQty goes through", ENTRY, "qty = max(command.order_qty, order.cum_qty)", "qty = command.order_qty"),
    Fault("a replace reports the new id as the old", ENTRY, "e.OrderReplaced(*replaced, orig_cl_ord_id)", "e.OrderReplaced(*replaced, order.cl_ord_id)"),
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
