"""Known ways to break what an operator does and the audit. See `faults`."""

from tests.sabotage.faults import Fault

AUDIT = "venue/journal_tools/audit.py"
DECISION = "venue/gateway/operator/decision.py"
DESK = "venue/gateway/operator/desk.py"
EXCHANGE = "venue/gateway/exchange.py"
FOLLOWING = "venue/gateway/following.py"
GATEWAY_PHASES = "venue/gateway/phases.py"
IMAGE = "venue/core/image.py"
INSTRUMENTS = "venue/gateway/operator/instruments.py"
LIMITS = "venue/gateway/operator/limits.py"
LOGON = "venue/gateway/logon.py"
NEWS = "venue/fix/news.py"
OFFICE = "venue/gateway/operator/office.py"
OPERATIONS = "venue/core/operations.py"
ORDERS = "venue/gateway/operator/orders.py"
PHASES = "venue/core/phases.py"
SESSIONS = "venue/gateway/operator/sessions.py"
SHOW = "venue/journal_tools/show.py"
SNAPSHOT_SCHEDULE = "venue/journal/snapshot_schedule.py"
TRADING_DAY = "venue/core/trading_day.py"

OPERATOR_FAULTS = (
    Fault(
        "the operator cancels every firm's orders",
        OPERATIONS,
        "for order in self._trading.live() if order.firm == firm]",
        "for order in self._trading.live()]",
    ),
    Fault(
        "the operator cancels what has ended",
        OPERATIONS,
        "if order is not None and order.live else []",
        "if order is not None else []",
    ),
    Fault(
        "a cancel by the operator triggers nobody",
        OPERATIONS,
        ("        self._trading.settle_all(events)\n"),
        "",
    ),
    Fault(
        "a cancel by the operator does not say whose it was",
        OPERATIONS,
        "dropped(order, self._trading.ids, BY_VENUE, reason)",
        'dropped(order, self._trading.ids, "canceled", reason)',
    ),
    Fault(
        "who is enabled stays out",
        OPERATIONS,
        "self.disallowed.discard(command.comp_id)",
        "self.disallowed.add(command.comp_id)",
    ),
    Fault(
        "a day that is ended by hand keeps the orders of markets with hours",
        TRADING_DAY,
        (
            "            if order.time_in_force in OF_THE_DAY:\n"
            "                events.append(self._expired("
        ),
        (
            "            if order.time_in_force in OF_THE_DAY and not self._trading"
            ".markets[order.symbol].is_scheduled:\n"
            "                events.append(self._expired("
        ),
    ),
    Fault(
        "a day that is ended by hand frees no ids",
        TRADING_DAY,
        ("        self._trading.settle_all(events)\n        self._orders.forget_ended()\n"),
        ("        self._trading.settle_all(events)\n"),
    ),
    Fault(
        "a day that is ended by hand carries nothing over",
        TRADING_DAY,
        ("        self._orders.forget_ended()\n        self._carry_over(events)\n"),
        ("        self._orders.forget_ended()\n"),
    ),
    Fault(
        "a phase by hand is for ever",
        PHASES,
        ("        self.by_hand.pop(name, None)\n"),
        "",
    ),
    Fault(
        "a snapshot forgets what was done by hand",
        IMAGE,
        ("    venue.phases.by_hand.update(image.by_hand)\n"),
        "",
    ),
    Fault(
        "a snapshot forgets who is disabled",
        IMAGE,
        ("    venue.operations.disallowed.update(image.disallowed)\n"),
        "",
    ),
    Fault(
        "the schedule takes back what was done by hand",
        GATEWAY_PHASES,
        ("            if by_hand.get(market, -1) >= began:\n                continue\n"),
        "",
    ),
    Fault(
        "what was done by hand outlives the schedule's next phase",
        GATEWAY_PHASES,
        "by_hand.get(market, -1) >= began",
        "by_hand.get(market, -1) >= 0",
    ),
    Fault(
        "a market without a schedule does not stay as it was led by hand",
        GATEWAY_PHASES,
        " and each not in by_hand]",
        "]",
    ),
    Fault(
        "the audit does not hear of what was done",
        OFFICE,
        ("        self._carry_out(record)\n"),
        "",
    ),
    Fault(
        "who may not ask is not audited",
        OFFICE,
        ("            self._carry_out(record_refused(session, refusal))\n"),
        ("            pass\n"),
    ),
    Fault(
        "news do not wait for who is away",
        OFFICE,
        ("                self._send(to, news.encode(to.version))\n"),
        (
            "                if to.logged_on:\n"
            "                    self._send(to, news.encode(to.version))\n"
        ),
    ),
    Fault(
        "nobody is logged out",
        OFFICE,
        ("            self._dismissed.update(decision.dismissed)\n"),
        "",
    ),
    Fault(
        "no snapshot is asked for",
        OFFICE,
        ("            if decision.snapshot:\n                self._make_snapshot()\n"),
        "",
    ),
    Fault(
        "who is disabled is let in",
        LOGON,
        "        if session.comp_id in self._disallowed:",
        "        if session.name in self._disallowed:",
    ),
    Fault(
        "the market data process keeps whom an operator has disabled",
        FOLLOWING,
        (
            "            if isinstance(command, AllowSession) and not command.allow"
            "ed:\n"
            "                self._disallow(command.comp_id)\n"
        ),
        "",
    ),
    Fault(
        "who was just disabled trades on until he is gone",
        EXCHANGE,
        "                if self._disallowed and session.comp_id in self._disallowed:",
        "                if False:",
    ),
    Fault(
        "sessions are logged out again and again",
        EXCHANGE,
        ("            self._dismissed.clear()\n"),
        "",
    ),
    Fault(
        "what does not go with an action is passed over",
        DESK,
        "            if name not in useful:",
        "            if False:",
    ),
    Fault(
        "the audit keeps whatever was sent",
        DESK,
        "value[:LONGEST_TEXT] for name",
        "value for name",
    ),
    Fault(
        "texts are as long as one likes",
        DECISION,
        "        if len(value) > LONGEST_TEXT:",
        "        if False:",
    ),
    Fault(
        "a text may have a line feed",
        DECISION,
        "        if not _is_printable(value):",
        "        if False:",
    ),
    Fault(
        "a market is halted with what is delisted",
        INSTRUMENTS,
        "if each.listed and each.instrument.spec.market == market and wanted(symbol)",
        "if each.instrument.spec.market == market and wanted(symbol)",
    ),
    Fault(
        "a market is halted with all others",
        INSTRUMENTS,
        "if each.listed and each.instrument.spec.market == market and wanted(symbol)",
        "if each.listed and wanted(symbol)",
    ),
    Fault(
        "a market without a schedule is never what it was",
        INSTRUMENTS,
        ("        if scheduled is None and phase is CONTINUOUS:\n"),
        ("        if False:\n"),
    ),
    Fault(
        "a correction may be off the grid",
        ORDERS,
        "            if count <= 0:",
        "            if count < 0:",
    ),
    Fault(
        "a correction of the price takes the quantity away",
        ORDERS,
        "count = before if text is None",
        "count = 1 if text is None",
    ),
    Fault(
        "an order that has ended is canceled again",
        ORDERS,
        "        if order is None or order.ord_status not in LIVE:",
        "        if order is None:",
    ),
    Fault(
        "a limit that is not said is taken away",
        LIMITS,
        "        terms = dict(_texts(self._venue.risk.limits.get(scope, Limits())))",
        "        terms = dict(_texts(Limits()))",
    ),
    Fault(
        "a limit stays that is taken away",
        LIMITS,
        ("            terms.pop(name, None)\n            if value"),
        "            if value",
    ),
    Fault(
        "an operator's limits may contradict each other",
        LIMITS,
        "        for name, expected in self._contradictions(config):",
        "        for name, expected in ():",
    ),
    Fault(
        "an operator's limits are of any account",
        LIMITS,
        "        if account and owned is not None and account not in owned:",
        "        if False:",
    ),
    Fault(
        "a kill switch is engaged twice",
        LIMITS,
        "        if (firm, account) in self._venue.risk.kills.engaged:",
        "        if False:",
    ),
    Fault(
        "an operator locks himself out",
        SESSIONS,
        "        if comp_id == comp_id_of(request.operator):",
        "        if False:",
    ),
    Fault(
        "news for a firm are for everybody",
        SESSIONS,
        "if firm in (one.firm for one in each.identities)",
        "if firm",
    ),
    Fault(
        "news wait for who was never here",
        SESSIONS,
        "if each.logged_on or self._is_known(each.name)]",
        "]",
    ),
    Fault(
        "who is logged out is not told why",
        SESSIONS,
        'told = text if why is None else f"{text}: {why}"',
        "told = text",
    ),
    Fault(
        "news have no headline",
        NEWS,
        ('            ("148", self.headline),\n'),
        "",
    ),
    Fault(
        "the audit passes over what was refused",
        AUDIT,
        "and not (self.refused and operation.accepted)",
        "and operation.accepted",
    ),
    Fault(
        "the audit ends a batch early",
        AUDIT,
        "history.read(first, last):",
        "history.read(first, last - 1):",
    ),
    Fault(
        "an operator is shown nothing of his",
        SHOW,
        'if session in (c.get("session"), c.get("operator"))]',
        'if session == c.get("session")]',
    ),
    Fault(
        "a snapshot that is asked for is made when it is due",
        SNAPSHOT_SCHEDULE,
        "            if is_due or self._wanted:",
        "            if is_due:",
    ),
    Fault(
        "a snapshot is asked for again and again",
        SNAPSHOT_SCHEDULE,
        ("        self._wanted = False\n        self.last"),
        "        self.last",
    ),
    Fault(
        "office: what is asked for ever is in the audit",
        "venue/gateway/operator/office.py",
        "        if rows is None:\n            self._carry_out(record)",
        "        self._carry_out(record)",
    ),
    Fault(
        "a firm that is killed trades, as an operator is told",
        "venue/gateway/operator/limits.py",
        '"killed" if (firm, "") in engaged else "trading"',
        '"trading"',
    ),
    Fault(
        "a list of killed accounts has the firm itself",
        "venue/gateway/operator/limits.py",
        "            if account:\n                accounts.append",
        "            if firm:\n                accounts.append",
    ),
    Fault(
        "who is killed and otherwise unknown is not told of",
        "venue/gateway/operator/limits.py",
        "accounts = killed.setdefault(firm, [])",
        "accounts = killed.get(firm, [])",
    ),
    Fault(
        "limits of each firm do not hold for a firm, as an operator is told",
        "venue/gateway/operator/limits.py",
        'scope.firm in ("", firm)',
        "scope.firm == firm",
    ),
    Fault(
        "an account with a comma is two",
        "venue/fix/listings.py",
        'return quote(text, safe="")',
        'return quote(text, safe=",*")',
    ),
    Fault(
        "columns of a list begin with the wrong tag",
        "venue/fix/listings.py",
        "FirmState: 9251",
        "FirmState: 9252",
    ),
    Fault(
        "a name of a list stays percent-encoded",
        "venue/client/listings.py",
        "name=unquote(firm)",
        "name=firm",
    ),
    Fault(
        "limits of all accounts are those of an account called *",
        "venue/client/listings.py",
        "None if part == _ALL else unquote(part)",
        "unquote(part)",
    ),
)
