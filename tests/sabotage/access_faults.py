"""Known ways to break firms, Logons, passwords, and what can be seen of the venue. See `faults`."""

from tests.sabotage.faults import Fault

ACCEPTOR = "venue/gateway/acceptor.py"
AUTHENTICATION = "venue/gateway/authentication.py"
CALLER = "venue/gateway/caller.py"
COUNTS = "venue/monitoring/counts.py"
DESKS = "venue/fix/desks.py"
DOOR = "venue/gateway/door.py"
FIRMS = "venue/configuration/firms.py"
HTTP = "venue/monitoring/http.py"
IDENTITIES = "venue/gateway/identities.py"
INBOUND = "venue/fix/inbound.py"
LOCKOUT = "venue/gateway/lockout.py"
LOG = "venue/log.py"
LOGON = "venue/gateway/logon.py"
LOOKOUT = "venue/monitoring/lookout.py"
MASKING = "venue/fix/masking.py"
MESSAGE_LOG = "venue/gateway/message_log.py"
METRICS = "venue/monitoring/metrics.py"
MONITOR = "venue/gateway/monitor.py"
PASSWORDS = "venue/passwords.py"
PASSWORD_CHECKS = "venue/gateway/password_checks.py"
PASSWORD_FILE = "venue/password_file.py"
PRIVATE_FILE = "venue/private_file.py"
SERVER = "venue/monitoring/server.py"
SESSIONS = "venue/gateway/sessions.py"
STATUS = "venue/monitoring/status.py"
UNIX_SOCKET = "venue/monitoring/unix_socket.py"

ACCESS_FAULTS = (
    Fault(
        "any user knows the password",
        PASSWORD_CHECKS,
        "right_password & right_user & (known is not None)",
        "right_password & (known is not None)",
    ),
    Fault(
        "any password is right",
        PASSWORD_CHECKS,
        "right_password & right_user & (known is not None)",
        "right_user & (known is not None)",
    ),
    Fault(
        "nobody's password takes no time",
        PASSWORD_CHECKS,
        "matches(self.password, known or NOBODYS)",
        "known is not None and matches(self.password, known)",
    ),
    Fault(
        "a wrong user takes no time",
        PASSWORD_CHECKS,
        (
            "            right_password = matches(self.password, known or NOBODYS)\n"
            "            right_user = same(self.username, self.expected)\n"
        ),
        (
            "            right_user = same(self.username, self.expected)\n"
            "            right_password = right_user and matches(self.password, kno"
            "wn or NOBODYS)\n"
        ),
    ),
    Fault(
        "a new password needs no old one",
        PASSWORD_CHECKS,
        "if self.is_right and self.new_password is not None:",
        "if self.new_password is not None:",
    ),
    Fault(
        "one address takes all checks",
        PASSWORD_CHECKS,
        "len(waiting) >= MOST_WAITING or of_one >= MOST_OF_ONE",
        "len(waiting) >= MOST_WAITING",
    ),
    Fault(
        "any number of checks may wait",
        PASSWORD_CHECKS,
        "len(waiting) >= MOST_WAITING or of_one >= MOST_OF_ONE",
        "of_one >= MOST_OF_ONE",
    ),
    Fault(
        "a defect ends the thread that checks passwords",
        PASSWORD_CHECKS,
        "except Exception as error:",
        "except ValueError as error:",
    ),
    Fault(
        "a password is kept in memory",
        PASSWORD_CHECKS,
        ('            self.password = self.new_password = ""\n'),
        "",
    ),
    Fault(
        "the end waits for every check",
        PASSWORD_CHECKS,
        ("            check.is_dropped = True\n        if self._thread"),
        ("            pass\n        if self._thread"),
    ),
    Fault(
        "a lock-out is forgotten",
        AUTHENTICATION,
        ("            if locked is not None:\n                return locked\n"),
        "",
    ),
    Fault(
        "a guess in a crowd is not too late",
        AUTHENTICATION,
        "locked = self._locked(session, caller)  # by others",
        "locked = None  # by others",
    ),
    Fault(
        "wrong passwords are not counted",
        AUTHENTICATION,
        "if self._lockout.fail(session.comp_id, caller.address):",
        "if False:",
    ),
    Fault(
        "the right password leaves the wrong ones",
        AUTHENTICATION,
        ("            self._lockout.forget(session.comp_id, caller.address)\n"),
        ("            pass\n"),
    ),
    Fault(
        "a password file that cannot be read lets a venue start",
        AUTHENTICATION,
        ("        if stored:\n"),
        ("        if False:\n"),
    ),
    Fault(
        "a new password may be the old one",
        AUTHENTICATION,
        ("    elif new == logon.get(PASSWORD):\n"),
        ("    elif False:\n"),
    ),
    Fault(
        "a new password may be anything",
        AUTHENTICATION,
        ("    elif why := fault(new):\n"),
        ("    elif why := None:\n"),
    ),
    Fault(
        "a configured password can be changed",
        AUTHENTICATION,
        ("    elif session.password_hash is not None:\n"),
        ("    elif False:\n"),
    ),
    Fault(
        "a lock-out is for everywhere",
        LOCKOUT,
        ("    return comp_id, origin(address)\n"),
        ('    return comp_id, ""\n'),
    ),
    Fault(
        "a lock-out is of every session",
        LOCKOUT,
        ("    return comp_id, origin(address)\n"),
        ('    return "", origin(address)\n'),
    ),
    Fault(
        "an address of IPv6 is one of many",
        LOCKOUT,
        ("_OWN_NETWORK = 64\n"),
        ("_OWN_NETWORK = 128\n"),
    ),
    Fault(
        "lock-outs are remembered without bound",
        LOCKOUT,
        (
            "        if len(self._failures) > MOST_KNOWN:\n"
            "            del self._failures[next(iter(self._failures))]\n"
        ),
        "",
    ),
    Fault(
        "failures of long ago count",
        LOCKOUT,
        "len(known.times) == most and now - known.times[0] <= self._config.within",
        "len(known.times) == most",
    ),
    Fault(
        "a lock-out does not end the count",
        LOCKOUT,
        ("            known.times.clear()\n"),
        "",
    ),
    Fault(
        "a session may be reached from anywhere",
        LOGON,
        ("if allowed is not None and not any(address in network for network in allowed):"),
        "if False:",
    ),
    Fault(
        "a disabled session may log on",
        LOGON,
        ("        if session.comp_id in self._disallowed:\n"),
        ("        if False:\n"),
    ),
    Fault(
        "HeartBtInt has no bounds",
        LOGON,
        ('    if not least <= int(fields["108"]) <= most:\n'),
        ("    if False:\n"),
    ),
    Fault(
        "QuickFIX hears passwords",
        LOGON,
        "MASK if tag == PASSWORD else value",
        "value",
    ),
    Fault(
        "QuickFIX hears new passwords",
        LOGON,
        "LEFT_OUT = frozenset({NEW_PASSWORD, ",
        "LEFT_OUT = frozenset({",
    ),
    Fault(
        "QuickFIX reads tags that the door does not",
        LOGON,
        "        if not _is_tag(tag):\n",
        "        if False:\n",
    ),
    Fault(
        "QuickFIX may take a data field for fields",
        LOGON,
        "*DATA_AFTER.keys(), *DATA_AFTER.values()",
        '"95", "96"',
    ),
    Fault(
        "a Logon may name two sessions",
        LOGON,
        "if tag in fields and tag not in REPEATED:",
        "if False:",
    ),
    Fault(
        "nobody notes that a refused second Logon has reset numbers",
        ACCEPTOR,
        "if session.logged_on and _is_first(text):",
        "if False:",
    ),
    Fault(
        "a second NewPassword is ignored",
        LOGON,
        ("    if NEW_PASSWORD not in fields:\n        return None\n"),
        ("    return None\n"),
    ),
    Fault(
        "anybody may say where he comes from",
        CALLER,
        "if not self.is_proxy or not seen",
        "if not seen",
    ),
    Fault(
        "a proxy may say twice where one comes from",
        CALLER,
        ("        self.is_proxy = False\n        return rest\n"),
        ("        return self.past_proxy(rest)\n"),
    ),
    Fault(
        "a client that is gone has its password looked at",
        CALLER,
        ("            self.check.is_dropped = True\n"),
        ("            pass\n"),
    ),
    Fault(
        "one address fills the door",
        DOOR,
        "return not is_proxy and self._of_one(address) >= MOST_OF_ONE",
        "return False",
    ),
    Fault(
        "a proxy is shut out for its clients",
        DOOR,
        "return not is_proxy and self._of_one(address) >= MOST_OF_ONE",
        "return self._of_one(address) >= MOST_OF_ONE",
    ),
    Fault(
        "one address fills the door through a proxy",
        DOOR,
        "is_told = was_proxy and not caller.is_proxy",
        "is_told = False",
    ),
    Fault(
        "who waits for a password waits for ever",
        DOOR,
        ("        if logon is None or session is None:\n            if time.monotonic()"),
        (
            "        if logon is None or session is None:\n"
            "            if logon is None and time.monotonic()"
        ),
    ),
    Fault(
        "a password file may be read by all",
        PRIVATE_FILE,
        ("        if mode & 0o077:\n"),
        ("        if False:\n"),
    ),
    Fault(
        "a new password file may be read by all",
        PRIVATE_FILE,
        "os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)",
        "os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)",
    ),
    Fault(
        "a damaged line of the password file is skipped",
        PASSWORD_FILE,
        (
            '                raise VenueError(f"{where}: expected COMP_ID and a has'
            'h of a password") from None\n'
        ),
        ("                continue\n"),
    ),
    Fault(
        "setting a password forgets the others",
        PASSWORD_FILE,
        "hashes = dict(self.hashes())",
        "hashes = dict[str, PasswordHash]()",
    ),
    Fault(
        "every password has the same salt",
        PASSWORDS,
        ("    salt = os.urandom(_SALT_BYTES)\n"),
        ("    salt = bytes(_SALT_BYTES)\n"),
    ),
    Fault(
        "a password may be as short as one likes",
        PASSWORDS,
        ("SHORTEST, LONGEST = 8, 128\n"),
        ("SHORTEST, LONGEST = 0, 128\n"),
    ),
    Fault(
        "a hash may take any memory",
        PASSWORDS,
        " or 128 * r * (n + p + 2) > MOST_MEMORY",
        "",
    ),
    Fault(
        "any account is right",
        DESKS,
        ("    if account not in party.accounts:\n"),
        ("    if False:\n"),
    ),
    Fault(
        "the fast way knows no accounts",
        INBOUND,
        (
            "                    elif account not in party.accounts:\n"
            "                        return None\n"
        ),
        "",
    ),
    Fault(
        "an order without an account has none",
        INBOUND,
        ("                        account = party.account\n"),
        ('                        account = ""\n'),
    ),
    Fault(
        "who is no desk is the session",
        DESKS,
        ("    if desk is not None:\n        return desk\n"),
        ("    return desk or party\n"),
    ),
    Fault(
        "a session without desks sends for others",
        INBOUND,
        'if party.desks is not None or "115" in fields:',
        "if party.desks is not None:",
    ),
    Fault(
        "a desk has the firm of its session",
        SESSIONS,
        "firm=desk.firm or party.firm",
        "firm=party.firm",
    ),
    Fault(
        "the end of a connection is not that of its desks",
        IDENTITIES,
        ("        for party in session.identities:\n            if party.session in connected:\n"),
        (
            "        for party in session.identities[:1]:\n"
            "            if party.session in connected:\n"
        ),
    ),
    Fault(
        "a witness of another firm",
        IDENTITIES,
        "if party.firm == of.firm and party.order_entry",
        "if party.order_entry",
    ),
    Fault(
        "a session's firm needs not exist",
        FIRMS,
        ("    if firm not in firms:\n"),
        ("    if False:\n"),
    ),
    Fault(
        "a session may name accounts of others",
        FIRMS,
        ("        if account not in known:\n"),
        ("        if False:\n"),
    ),
    Fault(
        "a value is counted in the bucket above its own",
        COUNTS,
        "bisect_left(self.bounds, value)",
        "bisect_left(self.bounds, value) + (value in self.bounds)",
    ),
    Fault(
        "what is refused has no reason",
        COUNTS,
        "if not REFUSED.isdisjoint(kinds):",
        "if False:",
    ),
    Fault(
        "events are counted again and again",
        COUNTS,
        ("        happened.clear()\n"),
        "",
    ),
    Fault(
        "histograms are not added up",
        METRICS,
        "map(float, accumulate(counts))",
        "map(float, counts)",
    ),
    Fault(
        "a request may have no end",
        HTTP,
        "if len(seen) > LONGEST:",
        "if False:",
    ),
    Fault(
        "a scraper may write",
        HTTP,
        'if method not in ("GET", "HEAD"):',
        "if False:",
    ),
    Fault(
        "an answer is older than its question",
        SERVER,
        "each.asked and each.asked <= asked]",
        "each.asked]",
    ),
    Fault(
        "a crowd keeps a scraper out",
        SERVER,
        "self._close(next(iter(self._clients.values())))",
        ("connection.close()\n                return"),
    ),
    Fault(
        "who does not read keeps his connection",
        SERVER,
        "if now >= client.until:",
        "if now >= client.until and client.unsent is None:",
    ),
    Fault(
        "a loop that hangs is well",
        SERVER,
        "elif client.asked and now >= client.asked + client.patience:",
        "elif False:",
    ),
    Fault(
        "a journal that failed is well",
        SERVER,
        "elif self.state != RUNNING:",
        "elif False:",
    ),
    Fault(
        "a page that cannot be made ends the server",
        SERVER,
        "except Exception:",
        "except KeyError:",
    ),
    Fault(
        "pictures take all of the loop's time",
        LOOKOUT,
        "and now >= self._not_before:",
        "and now >= 0:",
    ),
    Fault(
        "pictures pile up for who does not take them",
        LOOKOUT,
        "if self._is_wanted and link.is_clear and",
        "if self._is_wanted and",
    ),
    Fault(
        "the socket of a dead venue is in the way",
        UNIX_SOCKET,
        "with suppress(ConnectionRefusedError), closing(connect(path, 0.5)):",
        "with closing(connect(path, 0.5)):",
    ),
    Fault(
        "the socket of a venue that runs is taken over",
        UNIX_SOCKET,
        "if path.exists():",
        "if False:",
    ),
    Fault(
        "a long path has no socket",
        UNIX_SOCKET,
        "if len(os.fsencode(path)) <= LONGEST:",
        "if True:",
    ),
    Fault(
        "everybody on the machine sees the status",
        UNIX_SOCKET,
        "new.chmod(0o600)",
        "new.chmod(0o666)",
    ),
    Fault(
        "a call shows its book to who watches",
        MONITOR,
        "if level is None or market.collected else",
        "if level is None else",
    ),
    Fault(
        "rates are over the wrong time",
        MONITOR,
        "if now - past[0] >= span",
        "if now - past[0] >= 0",
    ),
    Fault(
        "prices are shown in ticks",
        STATUS,
        "tick * pair[0]",
        "pair[0]",
    ),
    Fault(
        "a data field ends at its first SOH in the log",
        MASKING,
        "pairs = parse_pairs(text)",
        'pairs = [f.partition("=")[::2] for f in text.split(SOH)[:-1]]',
    ),
    Fault(
        "a new password is logged",
        MASKING,
        '"925", ',
        "",
    ),
    Fault(
        "a byte that is no UTF-8 silences the log",
        LOG,
        '"backslashreplace"',
        '"strict"',
    ),
    Fault(
        "a client writes lines of the log",
        LOG,
        "if value and value.isprintable() and special.isdisjoint(value):",
        "if value:",
    ),
    Fault(
        "a flood is logged line by line",
        LOG,
        "if room < 1:",
        "if False:",
    ),
    Fault(
        "a flood of one silences others",
        LOG,
        'kind = str(line.get("event")), line.get("session")',
        'kind = str(line.get("event")), None',
    ),
    Fault(
        "what was suppressed is not told",
        LOG,
        "if held and now - since >= TOLD_SECONDS:",
        "if False:",
    ),
    Fault(
        "the socket of another process is taken away",
        LOOKOUT,
        "if answer == OPEN:",
        "if answer:",
    ),
    Fault(
        "a venue that ends leaves its socket",
        LOOKOUT,
        ("                    path.unlink()\n"),
        ("                    pass\n"),
    ),
    Fault(
        "the listening port of metrics is not handed over",
        LOOKOUT,
        "[listener.fileno()]",
        "[]",
    ),
    Fault(
        "a defect in the status keeps others from being let in",
        MONITOR,
        ("        except Exception:\n            logger.exception"),
        ("        except KeyError:\n            logger.exception"),
    ),
    Fault(
        "market data is not in the message log",
        MESSAGE_LOG,
        ("    logs_messages = True\n"),
        ("    logs_messages = False\n"),
    ),
    Fault(
        "the message log does not show what is sent",
        MESSAGE_LOG,
        (
            "        super().toApp(message, session_id)\n"
            "        self._log(SENT, message, session_id)"
        ),
        "        super().toApp(message, session_id)",
    ),
)
