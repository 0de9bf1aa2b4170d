"""Known ways to break the web door and what it stands on. See `faults`."""

from tests.sabotage.faults import Fault

WEB_FAULTS = (
    Fault(
        "admin_session: sessions are told in columns",
        "venue/admin_session.py",
        "cell.ljust(width) for cell",
        "cell for cell",
    ),
    Fault(
        "app: who guesses is locked out",
        "venue/app.py",
        ("            unlock=acceptor.unlock,\n"),
        "",
    ),
    Fault(
        "blocks: bench web, what comes late",
        "venue/bench/blocks.py",
        "counted = rows[late[-1] + 1 + SETTLE :] if late else rows",
        "counted = rows",
    ),
    Fault(
        "blocks: bench web, blocks count alike",
        "venue/bench/blocks.py",
        "return float(sum(own)) / len(own) / 1000",
        "return float(max(own)) / 1000",
    ),
    Fault(
        "monitoring: bench monitoring",
        "venue/bench/monitoring.py",
        "(most / none - 1) / TIMES",
        "(most / none - 1)",
    ),
    Fault(
        "switched: bench monitoring",
        "venue/bench/switched.py",
        "return [node] * self._times or ast.Pass()",
        "return [node] * max(1, self._times)",
    ),
    Fault(
        "back_office: a trade of nobody tells who took",
        "venue/client/back_office.py",
        'values.get(1444) == "2" or values.get(58) == "aggressor"',
        'values.get(1444) == "2"',
    ),
    Fault(
        "inquiries: what is asked of instruments",
        "venue/client/inquiries.py",
        "fields += [(559, BY_MARKET), (version.market_id, market)]",
        "fields += [(559, BY_MARKET), (336, market)]",
    ),
    Fault(
        "listener: one event at a time is one message read",
        "venue/client/listener.py",
        ("        if not self._unread and not self._receive(0):\n            return None"),
        ("        self._absorb()\n        if not self._unread:\n            return None"),
    ),
    Fault(
        "reference: instruments are read as the venue writes them",
        "venue/client/reference.py",
        'words.get("status") != "delisted"',
        "True",
    ),
    Fault(
        "reference: phases are read as the venue writes them",
        "venue/client/reference.py",
        "phase = None if status == HALTED else",
        "phase =",
    ),
    Fault(
        "session: a hook that raises is a fault and loses nothing",
        "venue/client/session.py",
        'self.inbox.put(("fault", f"on_arrival: {error!r}"))',
        "pass",
    ),
    Fault(
        "session: every message is shown as it is on the line",
        "venue/client/session.py",
        ('        self._show("in", text)\n        self.put("message", text)'),
        '        self.put("message", text)',
    ),
    Fault(
        "session: every message is shown as it is on the line (2)",
        "venue/client/session.py",
        (
            "message.setField(quickfix.StringField(tag, value))\n"
            "            text = message.toString()"
        ),
        "message.setField(quickfix.StringField(tag, value))",
    ),
    Fault(
        "session: sessions of a version share the dictionaries",
        "venue/client/session.py",
        ("        if reader is not None:\n"),
        ("        if False:\n"),
    ),
    Fault(
        "session: what is told of is there",
        "venue/client/session.py",
        ("        self.inbox.put((kind, text))\n        if self.hooks.on_arrival is not None:"),
        (
            "        if self.hooks.on_arrival is not None:\n"
            "            self.hooks.on_arrival()\n"
            "        self.inbox.put((kind, text))\n"
            "        if False:"
        ),
    ),
    Fault(
        "session: who says how to validate has it so",
        "venue/client/session.py",
        "shares = not any(map(DICTIONARY_SETTING, overrides))",
        "shares = True",
    ),
    Fault(
        "session: which number is which",
        "venue/client/session.py",
        "return session.getExpectedSenderNum(), session.getExpectedTargetNum()",
        "return session.getExpectedTargetNum(), session.getExpectedTargetNum()",
    ),
    Fault(
        "limits: config limits",
        "venue/configuration/limits.py",
        'le=3_600_000, description="1 to 3600000 milliseconds',
        'description="1 to 3600000 milliseconds',
    ),
    Fault(
        "web: others reach it only if everybody needs a password",
        "venue/configuration/web.py",
        "if not is_loopback(self.host):",
        "if False:",
    ),
    Fault(
        "web: what is refused",
        "venue/configuration/web.py",
        "if used.setdefault(comp_id, key) != key:",
        "if False:",
    ),
    Fault(
        "connection: command",
        "venue/conform/connection.py",
        "pairs += [pair for pair in self.address.credentials if pair[0] not in given]",
        "pass",
    ),
    Fault(
        "runner: command",
        "venue/conform/runner.py",
        "venue.username or comp_id",
        "comp_id",
    ),
    Fault(
        "day_words: a day and the one before",
        "venue/core/day_words.py",
        ("        if ticks is not None:\n            words[name] = price(ticks)"),
        ("        if ticks:\n            words[name] = str(ticks)"),
    ),
    Fault(
        "day_words: a day and the one before (2)",
        "venue/core/day_words.py",
        '"vwap": day.vwap, "twap": day.twap(now)',
        '"vwap": day.vwap, "twap": day.twap(now + 10**9)',
    ),
    Fault(
        "ledger: ledger",
        "venue/core/ledger.py",
        ("accounts = self.accounts.values() if firm is None else self.firms.get(firm, ())"),
        (
            "accounts = [held for (owner, _), held in self.accounts.items() if firm"
            " in (None, owner)]"
        ),
    ),
    Fault(
        "market: market",
        "venue/core/market.py",
        "return None if is_there else trigger",
        "return trigger",
    ),
    Fault(
        "market: market (2)",
        "venue/core/market.py",
        "return None if is_there else trigger",
        "return None",
    ),
    Fault(
        "market: market (3)",
        "venue/core/market.py",
        "if price_type is TriggerPriceType.BEST_QUOTE:",
        "if False:",
    ),
    Fault(
        "market: trading",
        "venue/core/market.py",
        "return None if is_there else trigger",
        "return trigger ",
    ),
    Fault(
        "replacing: market",
        "venue/core/replacing.py",
        "awaited = market.awaited(order.side, order.ord_type, qualifiers)",
        "awaited = stop_px",
    ),
    Fault(
        "status: an answer tells the statistics and the news do not",
        "venue/fix/status.py",
        '" ".join([phase.text, *words]) if',
        "phase.text if",
    ),
    Fault(
        "trade_capture: a trade of nobody",
        "venue/fix/trade_capture.py",
        '"aggressor" if side.liquidity is Liquidity.REMOVED else None',
        '"aggressor"',
    ),
    Fault(
        "trade_capture: who has market data alone hears of all trades and of nobody",
        "venue/fix/trade_capture.py",
        "if request.anonymous else _encode_side",
        "if False else _encode_side",
    ),
    Fault(
        "trade_capture_request: a firm s session asks for the firm s",
        "venue/fix/trade_capture_request.py",
        "anonymous = party.market_data and not may_ask(party)",
        "anonymous = party.market_data",
    ),
    Fault(
        ("trade_capture_request: who has market data alone cannot find out whose a trade was"),
        "venue/fix/trade_capture_request.py",
        "chain(_indiscretions(fields) if anonymous else (), faults)",
        "chain((), faults)",
    ),
    Fault(
        ("trade_capture_request: who has market data alone hears of all trades and of nobody"),
        "venue/fix/trade_capture_request.py",
        "if party.clearing or anonymous else party.firm",
        "if party.clearing else party.firm",
    ),
    Fault(
        "admission: a password that cannot be changed",
        "venue/gateway/admission.py",
        "self._authentication.change_back(session, caller)",
        "pass",
    ),
    Fault(
        "admission: a password that cannot be changed (2)",
        "venue/gateway/admission.py",
        (
            "        if changes and not self._authentication.change(session, caller"
            "):\n"
            "            fault ="
        ),
        (
            "        if changes and self._entrance.pass_through(caller.connection, "
            "len(logon), masked(logon), self._poll) and not self._authentication.ch"
            "ange(session, caller):\n"
            "            fault ="
        ),
    ),
    Fault(
        "trades: back office",
        "venue/gateway/back_office/trades.py",
        "            if sides := self._sides(trade):",
        "            if (sides := [trade.first, trade.second]) and self._sides(trade):",
    ),
    Fault(
        "dictionaries: the dictionaries of each version",
        "venue/gateway/dictionaries.py",
        "Dictionaries(*paths, trees[application])",
        "Dictionaries(*paths, trees[transport])",
    ),
    Fault(
        "following: trades of nobody",
        "venue/gateway/following.py",
        ("            self._back_office.note(events)\n"),
        "",
    ),
    Fault(
        "following: trades of nobody (2)",
        "venue/gateway/following.py",
        ("        self._back_office.publish()\n"),
        "",
    ),
    Fault(
        "following: trades of nobody (3)",
        "venue/gateway/following.py",
        ("                    self._back_office.drop_session(session)\n"),
        "",
    ),
    Fault(
        "following: trades of nobody (4)",
        "venue/gateway/following.py",
        ("        if self._back_office.busy:\n            return 0.0\n"),
        "",
    ),
    Fault(
        "lean_dictionary: what is written is what is read",
        "venue/lean_dictionary.py",
        '\'"\': "&quot;"}',
        "'\"': '\"'}",
    ),
    Fault(
        "client dictionaries: all that the venue sends",
        "venue/client/dictionaries.py",
        '"U2", "W", "X"',
        '"W", "X"',
    ),
    Fault(
        "client dictionaries: gone afterwards",
        "venue/client/dictionaries.py",
        "beside = Path(directory, Path(application).name)",
        "beside = Path(tempfile.mkdtemp(), Path(application).name)",
    ),
    Fault(
        "client dictionaries: in part",
        "venue/client/dictionaries.py",
        "    if not transport:\n        yield (application,)\n",
        "    if application:\n        yield (*transport, application)\n",
    ),
    Fault(
        "session: groups of other messages",
        "venue/client/session.py",
        "SENT | {msg_type}",
        "SENT",
    ),
    Fault(
        "banner: the user's own session",
        "venue/web/static/js/banner.js",
        "if (!own) return null;",
        "return null;",
    ),
    Fault(
        "pages: a full one has a link",
        "venue/web/api/pages.py",
        "if len(found) < limit:",
        "if len(found) <= limit:",
    ),
    Fault(
        "pages: a link is a URL",
        "venue/web/api/pages.py",
        "{quote(request.scope['path'])}?",
        "{request.scope['path']}?",
    ),
    Fault(
        "records: older than an order",
        "venue/web/trading/records.py",
        "self._by_age.irange(maximum=end, inclusive=(True, False), reverse=True)",
        "self._by_age.irange(maximum=end, reverse=True)",
    ),
    Fault(
        "fills: older than one side",
        "venue/web/trading/fills.py",
        "end = age(trade_id), order_id\n",
        'end = age(trade_id), ""\n',
    ),
    Fault(
        "tape: older than a trade",
        "venue/web/market/tape.py",
        "age(printed.trade_id) >= end",
        "printed.trade_id >= before",
    ),
    Fault(
        "history: older fills",
        "venue/web/trading/history.py",
        "self._fills.newest(symbol, before)",
        "self._fills.newest(symbol)",
    ),
    Fault(
        "lockout: lockout",
        "venue/gateway/lockout.py",
        "if key[0] == comp_id]",
        "if key[0] != comp_id]",
    ),
    Fault(
        "logon: logon",
        "venue/gateway/logon.py",
        (
            "        decided = self._authentication.decide(session, fields, caller)"
            "\n"
            "        if decided is False:"
        ),
        (
            "        early = self._refusal(fields, session) or logon_fault(fields, "
            "session)\n"
            "        if early is not None:\n"
            "            raise refusal(fields, session, early)\n"
            "        decided = self._authentication.decide(session, fields, caller)"
            "\n"
            "        if decided is False:"
        ),
    ),
    Fault(
        "logon: logon (2)",
        "venue/gateway/logon.py",
        (
            "        decided = self._authentication.decide(session, fields, caller)"
            "\n"
            "        if decided is False:"
        ),
        (
            "        early = new_password_fault(fields, session)\n"
            "        if early is not None:\n"
            "            raise refusal(fields, session, early)\n"
            "        decided = self._authentication.decide(session, fields, caller)"
            "\n"
            "        if decided is False:"
        ),
    ),
    Fault(
        "notices: an answer tells the statistics and the news do not",
        "venue/gateway/notices.py",
        "self._venue.statistics(symbol), self._now)",
        "self._venue.statistics(symbol), 0)",
    ),
    Fault(
        "desk: how all sessions stand",
        "venue/gateway/operator/desk.py",
        "OperatorAction.SESSIONS: (),",
        'OperatorAction.SESSIONS: {"session"},',
    ),
    Fault(
        "office: sessions are told of and not kept",
        "venue/gateway/operator/office.py",
        "tell = self._send if rows is None else self._show",
        "tell = self._send",
    ),
    Fault(
        "sessions: how all sessions stand",
        "venue/gateway/operator/sessions.py",
        ('            state = "disabled"\n'),
        ('            state = "logged_off"\n'),
    ),
    Fault(
        "sessions: sessions",
        "venue/gateway/operator/sessions.py",
        ('if each.has_password}\n        expected = one_of(known) if known else "nobody, none has'),
        ('if True}\n        expected = one_of(known) if known else "nobody, none has'),
    ),
    Fault(
        "sessions: sessions are told of and not kept",
        "venue/gateway/operator/sessions.py",
        '",".join(session.roles)',
        '" ".join(session.roles)',
    ),
    Fault(
        "sessions: how all sessions stand (2)",
        "venue/gateway/sessions.py",
        ('            except OSError:  # it is going\n                pass\n        return ""'),
        ('            finally:\n                pass\n        return ""'),
    ),
    Fault(
        "audit: audit",
        "venue/journal_tools/audit.py",
        "width=width, color",
        "width=100_000, color",
    ),
    Fault(
        "audit: audit (2)",
        "venue/journal_tools/audit.py",
        'overflow="fold"',
        'overflow="ellipsis"',
    ),
    Fault(
        "marketdata_app: marketdata app",
        "venue/marketdata_app.py",
        ("    os.umask(0o077)  # what is journaled is nobody else's business\n"),
        "",
    ),
    Fault(
        "counts: counts",
        "venue/monitoring/counts.py",
        "if not REFUSED.isdisjoint(kinds):",
        "if False:",
    ),
    Fault(
        "private_file: a file that others may read is not trusted",
        "venue/private_file.py",
        "if mode & 0o077:",
        "if False:",
    ),
    Fault(
        "accounts: a token expires",
        "venue/web/accounts/accounts.py",
        "if expires <= self._clock():",
        "if False:",
    ),
    Fault(
        "accounts: a token file is read again",
        "venue/web/accounts/accounts.py",
        "if self._file.is_changed():",
        "if False:",
    ),
    Fault(
        "accounts: an address that tries many names",
        "venue/web/accounts/accounts.py",
        "self._strangers.failed(all_of_them)",
        "pass",
    ),
    Fault(
        "accounts: flags of the cookie",
        "venue/web/accounts/accounts.py",
        "HttpOnly; SameSite=Strict{secure}",
        "SameSite=Strict{secure}",
    ),
    Fault(
        "accounts: no such user takes as long and reads the same",
        "venue/web/accounts/accounts.py",
        "wanted = NOBODYS if known == NO_PASSWORD else parse_hash(known)",
        "if user is None: return False; wanted = parse_hash(known)",
    ),
    Fault(
        "accounts: the loop goes on while a logout is written down",
        "venue/web/accounts/accounts.py",
        "        await asyncio.to_thread(self._cookies.store, self._cookies.ended())",
        "        self._cookies.store(self._cookies.ended())",
    ),
    Fault(
        "accounts: the loop goes on while a logout is written down (2)",
        "venue/web/accounts/accounts.py",
        "            await self._storing.answer()",
        "            await self._store()",
    ),
    Fault(
        "accounts: what changes something shows the csrf token",
        "venue/web/accounts/accounts.py",
        "if method not in SAFE and connection.headers.get(CSRF) != principal.csrf:",
        "if False:",
    ),
    Fault(
        "accounts: who comes through a proxy is nobody",
        "venue/web/accounts/accounts.py",
        "return self.is_local and not forwarded",
        "return self.is_local",
    ),
    Fault(
        "accounts: who comes through a proxy is nobody (2)",
        "venue/web/accounts/accounts.py",
        "if name is None or not self.is_local or _is_forwarded(connection):",
        "if name is None or not self.is_local:",
    ),
    Fault(
        "accounts: a user who may only look (token)",
        "venue/web/accounts/accounts.py",
        "read_only = token.read_only or user.config.read_only",
        "read_only = token.read_only",
    ),
    Fault(
        "accounts: a user who may only look (cookie)",
        "venue/web/accounts/accounts.py",
        'key, read_only = f"user:{user.name}", user.config.read_only',
        'key, read_only = f"user:{user.name}", False',
    ),
    Fault(
        "accounts: a user who may only look (anonymous)",
        "venue/web/accounts/accounts.py",
        "read_only = user is not None and user.config.read_only",
        "read_only = False",
    ),
    Fault(
        "cookies: ended logins of a user are bounded",
        "venue/web/accounts/cookies.py",
        "        if len(mine) > MOST_ENDED:",
        "        if False:",
    ),
    Fault(
        "cookies: ended logins of a user are bounded (2)",
        "venue/web/accounts/cookies.py",
        " or login.expires <= ended.get(_ALL, 0)",
        "",
    ),
    Fault(
        "cookies: no part of it can be changed",
        "venue/web/accounts/cookies.py",
        'return self._mac("login", login.user, login.id, str(login.expires), secret)',
        'return self._mac("login", login.user, login.id, secret)',
    ),
    Fault(
        "dependencies: a read only token changes nothing",
        "venue/web/accounts/dependencies.py",
        'if who.read_only and connection.scope.get("method", "GET") not in SAFE:',
        "if False:",
    ),
    Fault(
        "dependencies: nobody gets anything without a login",
        "venue/web/accounts/dependencies.py",
        "if who.user is None:",
        "if False:",
    ),
    Fault(
        "dependencies: nothing runs in a thread",
        "venue/web/accounts/dependencies.py",
        "async def the_web",
        "def the_web",
    ),
    Fault(
        "account: a user sees his own sessions",
        "venue/web/api/account.py",
        "if session is not None and session not in allowed:",
        "if False:",
    ),
    Fault(
        "account: a user sees his own sessions (2)",
        "venue/web/api/account.py",
        "if link.comp_id in own]",
        "]",
    ),
    Fault(
        "account: numbers of the session",
        "venue/web/api/account.py",
        "next_in, next_out = link.next_numbers",
        "next_out, next_in = link.next_numbers",
    ),
    Fault(
        "amounts: an expiry is a day or a moment",
        "venue/web/api/amounts.py",
        "return datetime.fromisoformat(value).astimezone(UTC)",
        "return datetime.fromisoformat(value).replace(tzinfo=UTC)",
    ),
    Fault(
        "amounts: what is wrong is told by field",
        "venue/web/api/amounts.py",
        "if type(value) is int and least <= value < _MOST:",
        "if isinstance(value, int) and least <= value < _MOST:",
    ),
    Fault(
        "amounts: what is wrong is told by field (2)",
        "venue/web/api/amounts.py",
        "if type(value) is str and pattern.fullmatch(value):",
        "if type(value) is str and pattern.match(value):",
    ),
    Fault(
        "amounts: what is wrong is told by field (3)",
        "venue/web/api/amounts.py",
        "pattern = re.compile(sign + _PLAIN, re.ASCII)",
        'pattern = re.compile(sign + _PLAIN.replace("[0-9]", r"\\\\d"))',
    ),
    Fault(
        "amounts: what is wrong is told by field (4)",
        "venue/web/api/amounts.py",
        "    except (ValueError, OverflowError):",
        "    except ValueError:",
    ),
    Fault(
        "compat: a user is himself",
        "venue/web/api/compat.py",
        "if name not in may_be or user is None:",
        "if user is None:",
    ),
    Fault(
        "compat: each path places an order",
        "venue/web/api/compat.py",
        "_OPPOSITE[fill.side] if is_maker",
        "fill.side if is_maker",
    ),
    Fault(
        "compat: whoever needs no login is any user who needs none",
        "venue/web/api/compat.py",
        "may_be += web.accounts.without_password",
        "pass",
    ),
    Fault(
        "compat_requests: what is wrong is told by field",
        "venue/web/api/compat_requests.py",
        "if len(values) > 1 and values[0] != values[1]:",
        "if False:",
    ),
    Fault(
        "compat_requests: words may be spelt in many ways",
        "venue/web/api/compat_requests.py",
        'word = value.lower().replace("-", "_").replace(" ", "_")',
        'word = value.replace("-", "_").replace(" ", "_")',
    ),
    Fault(
        "dictionary: fix is told by its names",
        "venue/web/api/dictionary.py",
        "fields.setdefault(number, FixField(name=name, type=kind, values={}))",
        "pass",
    ),
    Fault(
        "handlers: a defect is 500 and tells nothing",
        "venue/web/api/handlers.py",
        'its log tells more")',
        'its log tells more: {error}".format(error=error))',
    ),
    Fault(
        "handlers: a wrong method is told the right ones",
        "venue/web/api/handlers.py",
        ("if any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes):"),
        'if method == "GET":',
    ),
    Fault(
        "openapi: every operation says what may go wrong",
        "venue/web/api/openapi.py",
        ("        _mend_responses(operation)\n"),
        "",
    ),
    Fault(
        "openapi: every operation says who may ask",
        "venue/web/api/openapi.py",
        'operation["security"] = [{"token": []}, {"cookie": [], "csrf": []}]',
        'operation["security"] = [{"token": []}, {"cookie": []}]',
    ),
    Fault(
        "operations: what is no term is told",
        "venue/web/api/operations.py",
        "and term.isascii() and term.isprintable()",
        "and term.isascii()",
    ),
    Fault(
        "operations: what is no term is told (2)",
        "venue/web/api/operations.py",
        "if name not in OPERATOR_TERMS:",
        "if False:",
    ),
    Fault(
        "orders: a repeated order is answered with 200",
        "venue/web/api/orders.py",
        "return answer(placed, 201 if is_new else 200, headers)",
        "return answer(placed, 201, headers)",
    ),
    Fault(
        "orders: an id may be any text without spaces",
        "venue/web/api/orders.py",
        (
            '"/v1/orders/{client_order_id:path}",\n'
            "    response_model=Order,\n"
            "    responses=problems(*_COMMON, 404, 409, 422),"
        ),
        (
            '"/v1/orders/{client_order_id}",\n'
            "    response_model=Order,\n"
            "    responses=problems(*_COMMON, 404, 409, 422),"
        ),
    ),
    Fault(
        "orders: an idempotency key is the client order id",
        "venue/web/api/orders.py",
        "if idempotency_key not in (None, name):",
        "if False:",
    ),
    Fault(
        "performance: a latency is counted",
        "venue/web/api/performance.py",
        "self._orders.add(seconds)",
        "pass",
    ),
    Fault(
        "pnl: profits are added up exactly by currency",
        "venue/web/api/pnl.py",
        "total = _EXACT.add(total, Decimal(text))",
        "total += Decimal(text)",
    ),
    Fault(
        "pnl: profits are added up exactly by currency (2)",
        "venue/web/api/pnl.py",
        "realised, unrealised, _negative(charged)",
        "realised, unrealised, charged",
    ),
    Fault(
        "route: a body is json by its name",
        "venue/web/api/route.py",
        'if body and kind != "application/json":',
        'if body and kind == "text/plain":',
    ),
    Fault(
        "route: a defect is 500 and tells nothing",
        "venue/web/api/route.py",
        "return problem_response(defect(request, error))",
        "raise",
    ),
    Fault(
        "route: a misspelt parameter cancels nothing",
        "venue/web/api/route.py",
        ("                _look_at_query(request, known)\n"),
        "",
    ),
    Fault(
        "route: a misspelt parameter cancels nothing (2)",
        "venue/web/api/route.py",
        "if len(values := request.query_params.getlist(name)) > 1",
        "if len(values := request.query_params.getlist(name)) > 9",
    ),
    Fault(
        "strict_json: a number has its limits",
        "venue/web/api/strict_json.py",
        "return int(text) if len(text) <= MOST_DIGITS else JsonNumber(text)",
        "return int(text)",
    ),
    Fault(
        "strict_json: a number is what was written",
        "venue/web/api/strict_json.py",
        "parse_float=JsonNumber,",
        "parse_float=float,",
    ),
    Fault(
        "strict_json: what is not json is 400",
        "venue/web/api/strict_json.py",
        "parse_constant=_no_constant,",
        "",
    ),
    Fault(
        "strict_json: what is not json is 400 (2)",
        "venue/web/api/strict_json.py",
        "object_pairs_hook=_members,",
        "",
    ),
    Fault(
        "strict_json: what is not json is 400 (3)",
        "venue/web/api/strict_json.py",
        "except RecursionError:",
        "except ZeroDivisionError:",
    ),
    Fault(
        "validation: a long value is cut",
        "venue/web/api/validation.py",
        'value if len(value) <= LONGEST else f"{value[:LONGEST]}..."',
        "value",
    ),
    Fault(
        "validation: what is wrong is told by field",
        "venue/web/api/validation.py",
        'return text.encode("utf-8", "backslashreplace").decode()',
        "return text",
    ),
    Fault(
        "words: a change of nothing is refused",
        "venue/web/api/words.py",
        ("    if not given:\n"),
        ("    if False:\n"),
    ),
    Fault(
        "words: every word for an order has its meaning",
        "venue/web/api/words.py",
        '"post_only": {"post_only": True},',
        '"post_only": {},',
    ),
    Fault(
        "words: every word for an order has its meaning (2)",
        "venue/web/api/words.py",
        'word in ("ioc", "fok") and order.price is None',
        'word in ("ioc",) and order.price is None',
    ),
    Fault(
        "words: what is wrong is told by field",
        "venue/web/api/words.py",
        ('    has_not("price", order.price, kind not in PRICED)\n'),
        "",
    ),
    Fault(
        "words: what is wrong is told by field (2)",
        "venue/web/api/words.py",
        "if asked is not None and implied is not None and asked != implied:",
        "if False:",
    ),
    Fault(
        "guard: a body of somebody who has gone",
        "venue/web/guard.py",
        (
            '                    raise Problem(400, "incomplete", "the body has not'
            ' come to its end")'
        ),
        "                    break",
    ),
    Fault(
        "guard: a body of something else",
        "venue/web/guard.py",
        (
            'if body and headers.get("content-type", "").partition(";")[0].strip() '
            '!= "application/json":'
        ),
        "if False:",
    ),
    Fault(
        "guard: a body that does not come",
        "venue/web/guard.py",
        "async with asyncio.timeout(BODY_SECONDS):",
        "async with asyncio.timeout(None):",
    ),
    Fault(
        "guard: a body that is too large",
        "venue/web/guard.py",
        "if len(body) > LARGEST_BODY:",
        "if len(body) > 100 * LARGEST_BODY:",
    ),
    Fault(
        "guard: a name of somebody else",
        "venue/web/guard.py",
        ('if len(connection.headers.getlist("host")) != 1 or _name(host) not in self._hosts:'),
        "if False:",
    ),
    Fault(
        "guard: a page of somebody else",
        "venue/web/guard.py",
        "elif origin not in self._origins:",
        "elif False:",
    ),
    Fault(
        "guard: a page of somebody else (2)",
        "venue/web/guard.py",
        '            if scheme not in ("http", "https") or host.lower() != (',
        ('            if urlsplit(origin).scheme not in ("http", "https") or host.lower() != ('),
    ),
    Fault(
        "guard: every answer makes a browser careful",
        "venue/web/guard.py",
        'headers.setdefault("Cache-Control", "no-cache" if is_public else "no-store")',
        "pass",
    ),
    Fault(
        "guard: the rate is of the token or the address",
        "venue/web/guard.py",
        "self._accounts.limit(who.key if isinstance(who, Principal) else key)",
        "self._accounts.limit(who.key) if isinstance(who, Principal) else None",
    ),
    Fault(
        "guard: what a browser says of itself",
        "venue/web/guard.py",
        ('if connection.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):'),
        "if False:",
    ),
    Fault(
        "link: handler that fails stops no other",
        "venue/web/link.py",
        'log.exception("defect", session=self.comp_id, hearing',
        'raise ValueError("defect", hearing',
    ),
    Fault(
        "link: iterator is sent whole",
        "venue/web/link.py",
        ("        fields = tuple(fields)\n"),
        "",
    ),
    Fault(
        "link: orders stay below the throttle",
        "venue/web/pace.py",
        ("        self._left -= messages\n"),
        "",
    ),
    Fault(
        "link: throttle of less than an order",
        "venue/web/pace.py",
        "(min(messages, self._most) - self._left)",
        "(messages - self._left)",
    ),
    Fault(
        "link: value that is none is not sent",
        "venue/web/link.py",
        "if SOH in text or not text.isascii():",
        "if False:",
    ),
    Fault(
        "book: a restart touches what was there",
        "venue/web/market/book.py",
        ("            touched.update(side)\n"),
        "",
    ),
    Fault(
        "book: deltas add up to the top of the book",
        "venue/web/market/book.py",
        "return changes + self._reread(at)",
        "return self._reread(at)",
    ),
    Fault(
        "book: prices are ordered as numbers",
        "venue/web/market/book.py",
        "key = Decimal(price) if at else -Decimal(price)",
        "key = price if at else price",
    ),
    Fault(
        "candles: candles are bounded",
        "venue/web/market/candles.py",
        (
            "                if len(bars) > self._kept:\n"
            "                    del bars[next(iter(bars))]\n"
        ),
        "",
    ),
    Fault(
        "candles: candles begin where the interval does",
        "venue/web/market/candles.py",
        "start = at - at % seconds",
        "start = at",
    ),
    Fault(
        "days: statistics are asked for once a second whoever asks",
        "venue/web/market/days.py",
        (
            "        future = self._pending.get(symbol)\n"
            "        if future is None:\n"
            "            future = self._ask(symbol, loop)"
        ),
        "        future = self._ask(symbol, loop)",
    ),
    Fault(
        "feed: a gap draws a new subscription and a new book",
        "venue/web/market/feed.py",
        ("return None in (update.first, self._number) or update.first == (self._number or 0) + 1"),
        "return True",
    ),
    Fault(
        "feed: auctions are subscribed to",
        "venue/web/market/feed.py",
        "ENTRY_TYPES = (BID, OFFER, TRADE, AUCTION_PRICE, IMBALANCE)",
        "ENTRY_TYPES = (BID, OFFER, TRADE)",
    ),
    Fault(
        "feed: there is an auction in a call alone",
        "venue/web/market/feed.py",
        "        if phase not in CALLS and price is None and imbalance is None:",
        "        if price is None and imbalance is None:",
    ),
    Fault(
        "feed: a snapshot begins without auction",
        "venue/web/market/feed.py",
        "            self._figures.clear()\n",
        "            pass\n",
    ),
    Fault(
        "feed: figures of an auction are news",
        "venue/web/market/feed.py",
        "            self._is_auction = True",
        "            pass",
    ),
    Fault(
        "listings: instruments are there when their phases are",
        "venue/web/market/listings.py",
        "or any(symbol not in self._phases for symbol in self._listed)",
        "",
    ),
    Fault(
        "market: a history that is refused is asked for again",
        "venue/web/market/histories.py",
        "        feed.tape.give_up()",
        "        feed.tape.complete()",
    ),
    Fault(
        "market: so many histories at a time",
        "venue/web/market/histories.py",
        "        if len(self._under_way) >= MOST_HISTORIES:",
        "        if False:",
    ),
    Fault(
        "market: what cannot be asked for keeps nobody waiting",
        "venue/web/market/market.py",
        (
            "        except Exception:\n"
            '            log.exception("defect", symbol=feed.symbol)\n'
            "\n"
            "    def _subscribe"
        ),
        (
            "        except Problem:\n"
            '            log.exception("defect", symbol=feed.symbol)\n'
            "\n"
            "    def _subscribe"
        ),
    ),
    Fault(
        "market: what nobody wants any more is ended",
        "venue/web/market/market.py",
        "for feed in self._feeds.values() if not feed.holds]",
        "for feed in self._feeds.values()]",
    ),
    Fault(
        "market: who waits hears of the loss",
        "venue/web/market/market.py",
        "            feed.lost(venue_down(self.link.text))\n            if not",
        "            if not",
    ),
    Fault(
        "tape: a bust needs another history",
        "venue/web/market/tape.py",
        ("return self._next is None\n"),
        ("return False\n"),
    ),
    Fault(
        "tape: what happens during the history counts once",
        "venue/web/market/tape.py",
        ("        if self._next is not None:\n            self._waiting.append(printed)\n"),
        "",
    ),
    Fault(
        "wire: increment",
        "venue/web/market/wire.py",
        'return "0" if action == DELETE else values["271"]',
        'return values.get("271", "1")',
    ),
    Fault(
        "wire: trades are told with their side and day",
        "venue/web/market/wire.py",
        '    if at <= now or at[:2] < "12":',
        "    if True:",
    ),
    Fault(
        "wire: figures of an auction go",
        "venue/web/market/wire.py",
        "figures[entry_type] = None if action == DELETE else _figure(values, entry_type)",
        "figures[entry_type] = _figure(values, entry_type)",
    ),
    Fault(
        "wire: whose the imbalance is",
        "venue/web/market/wire.py",
        '{"P": "buy", "Q": "sell"}',
        '{"P": "sell", "Q": "buy"}',
    ),
    Fault(
        "messages: market data leaves room for others",
        "venue/web/messages.py",
        "kept = self._frequent if is_frequent else self._usual",
        "kept = self._usual",
    ),
    Fault(
        "messages: secrets",
        "venue/web/messages.py",
        "if _USERNAME in raw:",
        "if False:",
    ),
    Fault(
        "messages: what many read is made once",
        "venue/web/messages.py",
        ("@lru_cache(KEPT)  # who reads them reads most of them again\n"),
        "",
    ),
    Fault(
        "operator: what fix cannot say",
        "venue/web/operator.py",
        ("_check_values(fields)\n        report"),
        "report",
    ),
    Fault(
        "requests: answer that our own side refused",
        "venue/web/requests.py",
        ("self._probe()\n"),
        ("pass\n"),
    ),
    Fault(
        "requests: business reject",
        "venue/web/requests.py",
        "self._by_seq_num.get(seq_num or 0) or self.find(ref_id)",
        "self.find(ref_id)",
    ),
    Fault(
        "requests: caller that has gone",
        "venue/web/requests.py",
        ("self._forget(request)\n            if not"),
        "if not",
    ),
    Fault(
        "requests: connection lost before the answer",
        "venue/web/requests.py",
        "request.fail(_lost(request))",
        "pass",
    ),
    Fault(
        "requests: id of a request under way",
        "venue/web/requests.py",
        ("            if id_ in self._by_id:\n"),
        ("            if False:\n"),
    ),
    Fault(
        "requests: news of an answer is waited for",
        "venue/web/requests.py",
        "if left > 0:",
        "if False:",
    ),
    Fault(
        "requests: order that the throttle lets pass alone",
        "venue/web/requests.py",
        "return event.ref_seq_num == self.seq_nums[0]",
        "return True",
    ),
    Fault(
        "requests: orders stay below the throttle",
        "venue/web/requests.py",
        "delay = self._link.reserve(len(messages), patience, is_question)",
        "delay = 0.0",
    ),
    Fault(
        "requests: orders stay below the throttle (2)",
        "venue/web/requests.py",
        "delay = self._link.reserve(len(messages), patience, is_question)",
        "delay = 0.0",
    ),
    Fault(
        "recovery: orders of others are asked for over the drop copy",
        "venue/web/trading/recovery.py",
        "[record for record in self._records.working if record.is_own]",
        "self._records.working",
    ),
    Fault(
        "copies: what is live no more is asked for",
        "venue/web/trading/copies.py",
        "before = [record for record in self._records.working if not record.is_own]",
        "before: list[Record] = []",
    ),
    Fault(
        "listings: phases stay below the throttle",
        "venue/web/market/listings.py",
        "self._link.when_allowed(lambda: self._ask_now(symbol))",
        "self._ask_now(symbol)",
    ),
    Fault(
        "links: the market data session has a throttle",
        "venue/web/links.py",
        "throttle=None if session is None else session.throttle or config.venue.throttle",
        "throttle=None if is_market or not session else session.throttle or config.venue.throttle",
    ),
    Fault(
        "desk: who shares a session sees no more",
        "venue/web/trading/desk.py",
        "        return self._requests.find(asked) is None and not self._requests.is_probe(asked)\n",
        "        return False\n",
    ),
    Fault(
        "pace: questions keep no order back",
        "venue/web/pace.py",
        "self._questions if is_question else self._orders",
        "self._questions",
    ),
    Fault(
        "pace: a throttle that is too little to share",
        "venue/web/pace.py",
        "if only_asks or throttle.messages < LEAST_SHARED:",
        "if False:",
    ),
    Fault(
        "link: a password that has changed",
        "venue/web/link.py",
        "                if self._logon.password() != self._tried:\n                    return\n",
        "                pass\n",
    ),
    Fault(
        "client: what a refused Logon leaves open",
        "venue/client/session.py",
        "        if not self._was_on:  # QuickFIX would",
        "        if False:  # QuickFIX would",
    ),
    Fault(
        "requests: question that is named by its type",
        "venue/web/requests.py",
        "return event.ref_msg_type in (None, self.messages[0][0])",
        "return True",
    ),
    Fault(
        "requests: refusal of the question says nothing of the order",
        "venue/web/requests.py",
        "return event.ref_seq_num == self.seq_nums[0]",
        "return True",
    ),
    Fault(
        "requests: reject ends the request it is about",
        "venue/web/requests.py",
        "self._refused(self._by_seq_num.get(seq_num), event)",
        "pass",
    ),
    Fault(
        "server: a head behind a request that is not answered yet",
        "venue/web/http_protocol.py",
        ("        self._is_head = True\n        super().on_message_complete()"),
        (
            "        self._is_head = bool(self.cycle.response_complete)\n"
            "        super().on_message_complete()"
        ),
    ),
    Fault(
        "server: a head behind a request that is not answered yet (2)",
        "venue/web/http_protocol.py",
        "        if self._may_answer():",
        "        if True:",
    ),
    Fault(
        "server: a head that is not finished",
        "venue/web/http_protocol.py",
        "self._timer = self.loop.call_later(HEAD_SECONDS, self._refuse, 408)",
        "pass",
    ),
    Fault(
        "server: it is counted for each request anew",
        "venue/web/http_protocol.py",
        ("        self._is_head = False\n        self._rest = 0\n"),
        ("        self._is_head = False\n"),
    ),
    Fault(
        "server: trailers are no headers",
        "venue/web/http_protocol.py",
        ("        if self._is_head:\n            super().on_header(name, value)"),
        "        super().on_header(name, value)",
    ),
    Fault(
        "server: what comes behind a head is bounded",
        "venue/web/http_protocol.py",
        "            if self._rest > LARGEST_REST:",
        "            if False:",
    ),
    Fault(
        "server: who goes away is answered no more",
        "venue/web/http_protocol.py",
        "            self._running.disconnected = True",
        "            pass",
    ),
    Fault(
        "server: who was answered is idle",
        "venue/web/http_protocol.py",
        "        if self.timeout_keep_alive_task is not None:",
        "        if False:",
    ),
    Fault(
        "server: who asks is not idle",
        "venue/web/http_protocol.py",
        "        self.idle.pop(self, None)\n        self._is_head = False\n",
        "        self._is_head = False\n",
    ),
    Fault(
        "server: the oldest makes room",
        "venue/web/http_protocol.py",
        "next(iter(self.idle), self)",
        "self",
    ),
    Fault(
        "shared: who comes later gets a later answer",
        "venue/web/shared.py",
        "self._next = self._start(self._now)",
        "self._next = self._now",
    ),
    Fault(
        "shared: who goes away leaves it to the others",
        "venue/web/shared.py",
        "return await asyncio.shield(self._next)",
        "return await self._next",
    ),
    Fault(
        "amend: Esc leaves",
        "venue/web/static/js/amend.js",
        'else if (event.key === "Escape") leave();',
        'else if (event.key === "F9") leave();',
    ),
    Fault(
        "amend: a date goes with its time",
        "venue/web/static/js/amend_terms.js",
        "changes.expires = values.expires + clock;",
        "changes.expires = values.expires;",
    ),
    Fault(
        "amend: nothing to show is all",
        "venue/web/static/js/amend_terms.js",
        'if (compare(shownOf(order, name), "0")) changes[name] = "0";',
        "continue;",
    ),
    Fault(
        "amend: a quantity has no idle zeros",
        "venue/web/static/js/amend_terms.js",
        '  if (AMOUNTS[name] !== "tick") return value;\n',
        "",
    ),
    Fault(
        "amend: a quantity of many decimals has room",
        "venue/web/static/js/amend.js",
        "input.value.length > ROOM || scaleOf(plain(step)) > DECIMALS",
        "false",
    ),
    Fault(
        "amend: what has triggered has no trigger",
        "venue/web/static/js/amend_terms.js",
        'if (order.price !== null) names.push("price", "display_quantity");',
        'names.push("price", "display_quantity");',
    ),
    Fault(
        "blotter: who may only look sees what there is",
        "venue/web/static/js/blotter.js",
        "if (!who?.session) return;",
        'if (!who?.roles.includes("trade")) return;',
    ),
    Fault(
        "order actions: news have a price",
        "venue/web/static/js/described.js",
        'const at = is(order.price) ? price(plain(order.price), tick) : "market";',
        'const at = "market";',
    ),
    Fault(
        "book: nothing is left of another book",
        "venue/web/static/js/book.js",
        "    this.#sorted = null;\n    this.change(entries);",
        "    this.change(entries);",
    ),
    Fault(
        "ladder: what is farther away is counted",
        "venue/web/static/js/ladder.js",
        "  for (const { side, held } of rows) count[side] -= held.length;\n",
        "",
    ),
    Fault(
        "ladder: what waits stands at its trigger",
        "venue/web/static/js/ladder_own.js",
        "    return { price: order.trigger_price, mark:",
        "    return { price: order.price ?? order.trigger_price, mark:",
    ),
    Fault(
        "ladder: own rows are the nearest",
        "venue/web/static/js/ladder_own.js",
        'bid: of("bid", -1)',
        'bid: of("bid", 1)',
    ),
    Fault(
        "strip: an auction takes the place of the quotes",
        "venue/web/static/js/strip.js",
        "parentNode.hidden = Boolean(call);",
        "parentNode.hidden = false;",
    ),
    Fault(
        "table: rows are bounded",
        "venue/web/static/js/table.js",
        "      if (index >= this.#most && !this.hold(key)) return;\n",
        "",
    ),
    Fault(
        "table: what is below a row stays there",
        "venue/web/static/js/table.js",
        "      before = row.below ?? row.element;",
        "      before = row.element;",
    ),
    Fault(
        "toasts: news are not over the orders",
        "venue/web/static/css/controls.css",
        'body[data-view="trade"] .toasts { top: 150px; }',
        'body[data-view="trade"] .toasts { bottom: 12px; }',
    ),
    Fault(
        "working: a phone tells the trigger",
        "venue/web/static/js/working.js",
        "return [words(order.type) + trigger,",
        "return [words(order.type),",
    ),
    Fault(
        "working: a phone shows what it tells of an order",
        "venue/web/static/css/phone.css",
        "  .blotter .note { display: block; width: 0;",
        "  .blotter .note { width: 0;",
    ),
    Fault(
        "working: who may only look has no buttons",
        "venue/web/static/js/working.js",
        '    if (!mayTrade()) return "";\n',
        "",
    ),
    Fault(
        "desk: amendment behind which nothing is said",
        "venue/web/trading/desk.py",
        "status_message(req_id, record.client_order_id, record.order_id)",
        "status_message(req_id, id_)",
    ),
    Fault(
        "desk: amendments of an order come one after the other",
        "venue/web/trading/desk.py",
        (
            "async with self._changing.setdefault(record.order_id, asyncio.Lock()):"
            "\n"
            "            await"
        ),
        ("async with asyncio.Lock():\n            await"),
    ),
    Fault(
        "desk: drop copies of own orders are no orders of others",
        "venue/web/trading/copies.py",
        "if copy_of not in (None, self._records.session):",
        "if copy_of is not None:",
    ),
    Fault(
        "desk: live orders of the firm are known after a start",
        "venue/web/trading/copies.py",
        "        await settle(self._link, self._requests, before, self._look_up)\n",
        "        del before\n",
    ),
    Fault(
        "history: a fill that was told before its order was asked for",
        "venue/web/trading/history.py",
        "        if record is not None and record.fills.get(fill.trade_id) != noted:",
        "        if record is not None and is_news:",
    ),
    Fault(
        "fills: one that is too old to be kept is no news",
        "venue/web/trading/fills.py",
        "        return key in self._by_age\n",
        "        return True\n",
    ),
    Fault(
        "config: a drop copy of another firm",
        "venue/configuration/web.py",
        "    if trades.firm != watches.firm:",
        "    if False:",
    ),
    Fault(
        "config: a drop copy of all firms",
        "venue/configuration/web.py",
        "    if Role.CLEARING in watches.roles:",
        "    if False:",
    ),
    Fault(
        "desk: id of an order that the venue has forgotten",
        "venue/web/trading/desk.py",
        "            if record.is_working:\n                return await self._repeated",
        "            if record:\n                return await self._repeated",
    ),
    Fault(
        "guard: cors brings a token",
        "venue/web/accounts/accounts.py",
        'if connection.headers.get("origin") in self._settings.cors:',
        "if False:",
    ),
    Fault(
        "protocol: a handshake that is none",
        "venue/web/ws/protocol.py",
        "            if not self.handshake_initiated:  # the whole",
        "            if False:  # the whole",
    ),
    Fault(
        "protocol: text that is not UTF-8",
        "venue/web/ws/protocol.py",
        "            except UnicodeDecodeError:\n",
        "            except KeyError:\n",
    ),
    Fault(
        "desk: orders of a list have their fills",
        "venue/web/trading/desk.py",
        ("        await self._history.complete_all(found)\n"),
        "",
    ),
    Fault(
        "desk: refused order that comes again",
        "venue/web/trading/desk.py",
        "self._entered.refused(id_, terms, problem)",
        "pass",
    ),
    Fault(
        "desk: repeated order has its fills",
        "venue/web/trading/desk.py",
        "        order = await self._whole(record)\n        self._entered",
        "        order = record.order\n        self._entered",
    ),
    Fault(
        "entered: refused order that comes again",
        "venue/web/trading/entered.py",
        "if refused_terms == terms:",
        "if True:",
    ),
    Fault(
        "fills: corrected and busted",
        "venue/web/trading/fills.py",
        'if fill.status == "busted":  # whose',
        "if False:  # whose",
    ),
    Fault(
        "history: fills that the venue does not remember are asked for once",
        "venue/web/trading/history.py",
        ("            record.asked_for = quantity\n"),
        "",
    ),
    Fault(
        "history: many fills of one order leave others their turn",
        "venue/web/trading/history.py",
        ("                self.add(fill)\n            await asyncio.sleep(0)\n"),
        ("                self.add(fill)\n"),
    ),
    Fault(
        "history: no more is asked for than is needed",
        "venue/web/trading/history.py",
        "            if len(found) == limit:\n                break\n",
        "",
    ),
    Fault(
        "fills: own ones of the firm are found",
        "venue/web/trading/fills.py",
        "if session in (None, side.session)]",
        "if True]",
    ),
    Fault(
        "history: what was missed is asked for",
        "venue/web/trading/history.py",
        "self._missing_from = datetime.now(UTC) - OVERLAP",
        "pass",
    ),
    Fault(
        "positions: followed while watched",
        "venue/web/trading/positions.py",
        ('is gone with its connection."""\n        self._following = None'),
        ('is gone with its connection."""\n        pass'),
    ),
    Fault(
        "records: busted trade opens an order again",
        "venue/web/trading/records.py",
        "if oldest.is_working:  # a busted",
        "if False:  # a busted",
    ),
    Fault(
        "records: fills are put in order when they are told",
        "venue/web/trading/records.py",
        "self.is_in_order = age(fill.trade_id) > age(next(reversed(fills)))",
        "self.is_in_order = True",
    ),
    Fault(
        "records: fills of one order are not sorted for each",
        "venue/web/trading/records.py",
        ("        fills[fill.trade_id] = fill\n"),
        (
            "        fills[fill.trade_id] = fill\n"
            "        self.fills = dict(sorted(fills.items(), key=lambda each: age(e"
            "ach[0])))\n"
        ),
    ),
    Fault(
        "records: first and newest ids are told",
        "venue/web/trading/records.py",
        ("if id_ in older or (id_ not in ids and len(ids) > TOLD_IDS and not is_present):"),
        "if False:",
    ),
    Fault(
        "records: first and newest ids are told (2)",
        "venue/web/trading/records.py",
        "while len(ids) > TOLD_IDS + 1:",
        "while False:",
    ),
    Fault(
        "records: ids of a forgotten order are forgotten",
        "venue/web/trading/records.py",
        "(*oldest.client_order_ids, *oldest.older_ids)",
        "oldest.client_order_ids",
    ),
    Fault(
        "records: ids of an order",
        "venue/web/trading/records.py",
        "return [(original, True)]  # 11",
        'return [(id_ or "", True)]  # 11',
    ),
    Fault(
        "records: lists have the last fills of an order",
        "venue/web/trading/records.py",
        "else _shape(self, TOLD_FILLS)",
        "else self.order",
    ),
    Fault(
        "records: old id that was asked with",
        "venue/web/trading/records.py",
        "ids.insert(len(ids) if is_present else 0, id_)",
        "ids.append(id_)",
    ),
    Fault(
        "records: oldest ids are forgotten",
        "venue/web/trading/records.py",
        "while len(older) > KEPT_IDS:",
        "while False:",
    ),
    Fault(
        "records: what is about no order",
        "venue/web/trading/records.py",
        "return report.ord_rej_reason == DUPLICATE_ORDER",
        "return False",
    ),
    Fault(
        "records: why it ended is not forgotten",
        "venue/web/trading/records.py",
        "if not (is_status and has_ended and",
        "if not (False and",
    ),
    Fault(
        "recovery: list that was refused for the moment is asked for again",
        "venue/web/trading/recovery.py",
        "TRY_AGAIN = (429, 504)",
        "TRY_AGAIN = ()",
    ),
    Fault(
        "recovery: orders of before and what became of them",
        "venue/web/trading/recovery.py",
        "if record.order_id not in live]",
        "if False]",
    ),
    Fault(
        "status: list waits for the whole answer",
        "venue/web/trading/status.py",
        "if report.last_rpt_requested:",
        "if True:",
    ),
    Fault(
        "terms: difference",
        "venue/web/trading/terms.py",
        "    if account != terms.account:",
        "    if False:",
    ),
    Fault(
        "terms: difference (2)",
        "venue/web/trading/terms.py",
        "if (ALL_OR_NONE in exec_inst) != terms.all_or_none:",
        "if False:",
    ),
    Fault(
        "terms: difference (3)",
        "venue/web/trading/terms.py",
        "if not _is_as_asked(terms.min_quantity, order.min_quantity):",
        "if False:",
    ),
    Fault(
        "terms: difference (4)",
        "venue/web/trading/terms.py",
        "if not is_amended and not _is_as_asked(terms.display_quantity",
        "if False and not _is_as_asked(terms.display_quantity",
    ),
    Fault(
        "terms: difference of times",
        "venue/web/trading/terms.py",
        'time.replace(".000Z", "Z")',
        "time",
    ),
    Fault(
        "terms: ids that the web gives cannot be chosen",
        "venue/web/trading/ids.py",
        "if checked_name(field, name).startswith(prefix):",
        "if False:",
    ),
    Fault(
        "terms: what fix cannot say",
        "venue/web/trading/terms.py",
        "name.isascii() and name.isprintable()",
        "True",
    ),
    Fault(
        "terms: an order that shows all again has changed",
        "venue/web/trading/terms.py",
        "_is_as_asked(shown or None, order.display_quantity)",
        "_is_same(shown, order.display_quantity)",
    ),
    Fault(
        "watchers: not followed for who watches orders",
        "venue/web/trading/watchers.py",
        "return any(kind in kinds for _, kinds in self._watchers)",
        "return bool(self._watchers)",
    ),
    Fault(
        "channels: a new book is shown to all with the next number",
        "venue/web/ws/feeds.py",
        "if self._view is None or self._feed is None or not self._feed.is_live:",
        "if self._view is None or self._feed is None:",
    ),
    Fault(
        "channels: the last member ends the channel",
        "venue/web/ws/channels.py",
        ("            if not self.members:\n                self.close()\n"),
        "",
    ),
    Fault(
        "channels: trades begin with the history",
        "venue/web/ws/feeds.py",
        "if change.is_revised or change.is_new:",
        "if change.is_new:",
    ),
    Fault(
        "channels: who comes between a change and its news takes it from nobody",
        "venue/web/ws/channels.py",
        '        venue = "up" if',
        ('        self._told = self._statuses()\n        venue = "up" if'),
    ),
    Fault(
        "channels: an auction is told where it is another",
        "venue/web/ws/feeds.py",
        "        if is_new or feed.auction(self._market.listings.phase(self.symbol)) != self._told:",
        "        if True:",
    ),
    Fault(
        "channels: an auction's phase is news",
        "venue/web/ws/feeds.py",
        "            self._look(False)",
        "            pass",
    ),
    Fault(
        "channels: nobody hears of phases in vain",
        "venue/web/ws/feeds.py",
        "            self._unwatch_phase()",
        "            pass",
    ),
    Fault(
        "client: who is behind gets nothing then the present",
        "venue/web/ws/client.py",
        (
            "        if line.is_full:\n"
            "            self.owed[channel] = None\n"
            "            self._counts.dropped += 1\n"
            "        elif channel"
        ),
        "        if channel",
    ),
    Fault(
        "client: who reads now and then stays",
        "venue/web/ws/client.py",
        ("        self._full_since, self._waited = None, 0\n"),
        "",
    ),
    Fault(
        "client: who takes nothing for too long is ended",
        "venue/web/ws/client.py",
        "or (self._waited and waiting < self._waited)",
        "",
    ),
    Fault(
        "endpoint: binary frames",
        "venue/web/ws/endpoint.py",
        ('            client.line.end(UNSUPPORTED, "text frames only")\n'),
        "",
    ),
    Fault(
        "endpoint: messages that make no sense",
        "venue/web/ws/endpoint.py",
        "        if self._faults >= self._hub.limits.faults:",
        "        if False:",
    ),
    Fault(
        "frames: lengths",
        "venue/web/ws/frames.py",
        "_SHORT, _LONG = 126, 1 << 16",
        "_SHORT, _LONG = 127, 1 << 16",
    ),
    Fault(
        "hub: subscriptions are limited and once is enough",
        "venue/web/ws/hub.py",
        "if len(client.channels) > self.limits.subscriptions:",
        "if False:",
    ),
    Fault(
        "hub: what cannot be a symbol is never sent",
        "venue/web/ws/hub.py",
        "is_known is False or not re.search(SYMBOL, symbol))",
        "is_known is False)",
    ),
    Fault(
        "hub: who has no login leaves room for the others",
        "venue/web/ws/hub.py",
        "        return strangers >= max(1, most // STRANGERS)",
        "        return False",
    ),
    Fault(
        "hub: who may not",
        "venue/web/ws/hub.py",
        ("        if user is None:\n            raise Problem(401"),
        ('        if user is None and name == "x":\n            raise Problem(401'),
    ),
    Fault(
        "own: own things are asked for again",
        "venue/web/ws/own.py",
        "if self.members and self._desk.logons != self._logons:",
        "if False:",
    ),
    Fault(
        "own: working orders are shown however old",
        "venue/web/ws/own.py",
        ("        return [*found, *(order for order in working if order.order_id not in among)]"),
        "        return found",
    ),
    Fault(
        "own: working orders are shown however old (2)",
        "venue/web/ws/own.py",
        "            self._known = SortedDict((self.name(order), order) for order in self.newest())",
        "            self._known.popitem(0)",
    ),
    Fault(
        "protocol: a handshake that is refused is no defect",
        "venue/web/ws/protocol.py",
        '            self.handshake_complete = not message.get("more_body", False)',
        "            pass",
    ),
    Fault(
        "protocol: a piece is parsed in a turn",
        "venue/web/ws/protocol.py",
        ("        piece = bytes(self._unread[:PIECE])\n        del self._unread[:PIECE]\n"),
        ("        piece = bytes(self._unread)\n        self._unread.clear()\n"),
    ),
    Fault(
        "protocol: a web that stops says so",
        "venue/web/ws/protocol.py",
        (
            '        self.transport.write(b"".join(self.conn.data_to_send()))\n'
            "        self.close_sent = True"
        ),
        "        self.close_sent = True",
    ),
    Fault(
        "protocol: messages wait until those before are heard",
        "venue/web/ws/protocol.py",
        ("        if not self.read_paused:\n            self._go_on()\n"),
        ("        self._go_on()\n"),
    ),
    Fault(
        "protocol: pongs are left out while the client does not read",
        "venue/web/ws/protocol.py",
        "        if not (self.is_full or self.transport.is_closing()):",
        "        if not self.transport.is_closing():",
    ),
    Fault(
        "protocol: some of them are well",
        "venue/web/ws/protocol.py",
        "FRAMES, MOST_FRAMES = 100, 1_000",
        "FRAMES, MOST_FRAMES = 100, 100",
    ),
    Fault(
        "protocol: who sends what nobody hears is ended",
        "venue/web/ws/protocol.py",
        ("        self._is_deaf = True\n"),
        ("        return\n"),
    ),
    Fault(
        "protocol: who sends what nobody hears is ended (2)",
        "venue/web/ws/protocol.py",
        ("        super().handle_cont(event)\n        self._count()\n"),
        ("        super().handle_cont(event)\n"),
    ),
    Fault(
        "requests: what makes no sense",
        "venue/web/ws/requests.py",
        "msgspec.DecodeError, RecursionError, UnicodeError) as error",
        "UnicodeError,) as error",
    ),
    Fault(
        "requests: what makes no sense (2)",
        "venue/web/ws/requests.py",
        'SYMBOL = r"^[!-~]{1,32}\\Z"',
        'SYMBOL = r"^.{1,32}$"',
    ),
    Fault(
        "market: a history that does not come is waited for as one that does",
        "venue/web/market/market.py",
        "told, deadline = feed.tape.told, min(latest, now() + ANSWER_SECONDS)",
        "told, deadline = feed.tape.told, latest",
    ),
    Fault(
        "market: a history is waited for as long as it comes",
        "venue/web/market/market.py",
        "min(latest, now() + ANSWER_SECONDS)",
        "now() + ANSWER_SECONDS",
    ),
    Fault(
        "market: a long history is not waited for",
        "venue/web/market/market.py",
        "if feed.tape.told != told:",
        "if told < 0:",
    ),
    Fault(
        "market: a tape goes as soon as a book",
        "venue/web/market/market.py",
        "TAPE_SECONDS if has_tape else KEPT_SECONDS",
        "KEPT_SECONDS",
    ),
    Fault(
        "ws: trades wait for a long history",
        "venue/web/ws/feeds.py",
        "        self._is_late = True\n",
        "",
    ),
    Fault(
        "ws: trades do not wait for a short history",
        "venue/web/ws/feeds.py",
        "(feed.tape.is_complete or self._is_late)",
        "True",
    ),
    Fault(
        "a lost terminal ends a process at once",
        "venue/signals.py",
        "numbers.append(signal.SIGHUP)",
        "pass",
    ),
    Fault(
        "nohup does not help",
        "venue/signals.py",
        "is not signal.SIG_IGN",
        "is not None",
    ),
    Fault(
        "archives are everybody's to read",
        "venue/journal/archive.py",
        "        unfinished.touch(mode=0o600)  # with everybody's orders\n",
        "",
    ),
    Fault(
        "market: any number of tapes is kept",
        "venue/web/market/market.py",
        " and tapes <= MOST_TAPES",
        "",
    ),
    Fault(
        "market: the tapes used first are kept",
        "venue/web/market/market.py",
        "key=lambda feed: feed.used_at, reverse=True",
        "key=lambda feed: feed.used_at",
    ),
    Fault(
        "market: after a logon tapes are asked for that nobody wants",
        "venue/web/market/market.py",
        "            if not feed.holds:\n                del self._feeds[symbol]\n",
        "",
    ),
    Fault(
        "pace: a venue that stands still is sent more",
        "venue/web/pace.py",
        "until = now if self._unheard is None else min(now, self._unheard + STILL_SECONDS)",
        "until = now",
    ),
    Fault(
        "pace: the time that a venue stood still counts afterwards",
        "venue/web/pace.py",
        "        self._refill()\n        self._time = self._clock()\n",
        "        self._refill()\n",
    ),
    Fault(
        "pace: any word of the venue is one about what is sent later",
        "venue/web/pace.py",
        "self._last if self._last > self._time else None",
        "None",
    ),
    Fault(
        "pace: the venue says nothing",
        "venue/web/link.py",
        "            self._pace.heard()",
        "            pass",
    ),
    Fault(
        "turns: who comes later overtakes",
        "venue/web/turns.py",
        "if not self._waiting and self._pace.delay() <= 0:",
        "if self._pace.delay() <= 0:",
    ),
    Fault(
        "turns: what was meant for another connection is sent",
        "venue/web/turns.py",
        "if self._is_up(connection):",
        "if True:",
    ),
    Fault(
        "turns: one that fails stops the others",
        "venue/web/turns.py",
        "with suppress(Problem):",
        "if True:",
    ),
    Fault(
        "desk: an amended order has another name",
        "venue/web/trading/records.py",
        "chosen(present) if record.is_own else present",
        "present",
    ),
    Fault(
        "ids: a name too long for FIX",
        "venue/web/trading/ids.py",
        "id_ if len(id_) <= LONGEST_NAME else unused",
        "id_",
    ),
    Fault(
        "ids: those of amended orders can be chosen",
        "venue/web/trading/ids.py",
        "if chosen(name) != name:",
        "if False:",
    ),
    Fault(
        "desk: an order that is repeated is told as it was",
        "venue/web/trading/desk.py",
        "            await self._up_to_date.answer()\n            if record.is_working:",
        "            if record.is_working:",
    ),
)
