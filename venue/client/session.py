"""One FIX session over quickfix: the only file of the client that imports it.

QuickFIX runs its own thread, so heartbeats go out however long the caller is busy. Its callbacks
put raw text into a queue and tell who wants to know of it: an exception that left one would end the
process.
"""

import atexit
import functools
import itertools
import queue
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NamedTuple

import quickfix

from venue.client.dictionaries import RECEIVED, SENT, lean_dictionaries, stock_dictionaries
from venue.client.errors import LogonFailed, NotLoggedOn
from venue.client.settings import DICTIONARY_SETTING, Logon, session_keys
from venue.client.wire import SOH, Field, first_values, join_fields, split_fields

Kind = Literal["logon", "logout", "message", "refused", "fault"]
Arrival = tuple[Kind, str]
Direction = Literal["in", "out"]

if threading.current_thread() is threading.main_thread():
    # Importing quickfix takes SIGINT away from Python, and with it KeyboardInterrupt.
    signal.signal(signal.SIGINT, signal.getsignal(signal.SIGINT))


class Hooks(NamedTuple):
    """What QuickFIX's thread calls: after something was put into the inbox, and with the direction
    and the text of each message in and out. What they raise is a fault, as of any callback.
    """

    on_arrival: Callable[[], None] | None = None
    on_message: Callable[[Direction, str], None] | None = None


_qualifiers = itertools.count(1)
# A session nobody refers to any more must not be destroyed under QuickFIX's running thread.
_open_sessions: "set[FixSession]" = set()
_never_destroyed: list[Any] = []
_reading = threading.Lock()  # of what is read once


class FixSession:
    """A session that is logged on when its constructor returns; `inbox` holds what arrives."""

    def __init__(
        self, logon: Logon, timeout: float, overrides: Mapping[str, str], hooks: Hooks
    ) -> None:
        self.inbox: queue.SimpleQueue[Arrival] = queue.SimpleQueue()
        self._logon = logon
        _resolve(logon)
        session_id = _free_session_id(logon)
        whole = stock_dictionaries(logon.version_name)
        keys = session_keys(logon, timeout, whole) | dict(overrides)
        shares = not any(map(DICTIONARY_SETTING, overrides))
        if shares:
            keys["UseDataDictionary"] = "N"
        settings = _settings(session_id, keys)
        on_disk = "FileStorePath" in overrides
        store = quickfix.FileStoreFactory(settings) if on_disk else quickfix.MemoryStoreFactory()
        self._application = _Application(self.inbox, logon.fields, hooks)
        self._initiator: Any = quickfix.SocketInitiator(self._application, store, settings)
        self._session: Any = quickfix.Session.lookupSession(session_id)
        with _reading:
            _data_dictionaries(logon.version_name, SENT)  # so that the first request is not slow
            reader = _dictionary_reader(logon.version_name) if shares else None
        if reader is not None:
            self._session.setDataDictionaryProvider(reader.getDataDictionaryProvider())
        _open_sessions.add(self)
        self._initiator.start()
        try:
            self._wait_for_logon(timeout)
        except BaseException:
            self.close()
            raise

    @property
    def is_logged_on(self) -> bool:
        """Tell whether both sides have logged on."""
        return self._initiator is not None and bool(self._session.isLoggedOn())

    @property
    def next_numbers(self) -> tuple[int, int] | None:
        """The MsgSeqNum(34) of the next message out and of the next one in; None once closed."""
        session = self._session
        if self._initiator is None or session is None:
            return None
        return session.getExpectedSenderNum(), session.getExpectedTargetNum()

    def send(self, msg_type: str, fields: Iterable[Field]) -> None:
        """Send one message; QuickFIX fills the header, the length and the checksum."""
        if not self.is_logged_on:
            raise NotLoggedOn(f"the session is down: {self._logon}")
        begin_string = self._logon.version.begin_string
        text = join_fields([(8, begin_string), (9, "0"), (35, msg_type), *fields, (10, "0")])
        msg_types = SENT if msg_type in SENT else SENT | {msg_type}
        dictionaries = _data_dictionaries(self._logon.version_name, msg_types)
        message = quickfix.Message(text, *dictionaries, False)
        self._session.send(message)

    def close(self) -> None:
        """Log out and stop, in milliseconds, or about a second if the venue does not answer."""
        if self._initiator is None:
            return
        initiator, self._initiator = self._initiator, None
        _open_sessions.discard(self)
        # QuickFIX's thread looks up once a second, or when something arrives. So that the answer to
        # the Logout ends it, the initiator has to be stopping before the Logout is sent.
        stopping = threading.Thread(target=initiator.stop, args=(True,))
        stopping.start()
        while stopping.is_alive() and not initiator.isStopped():
            time.sleep(0.0005)
        self._session.next(quickfix.UtcTimeStamp.now())
        stopping.join()
        self._session = None
        self._application.end()

    def _wait_for_logon(self, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        reason, is_refused = f"no answer within {timeout:g} s", False
        while (left := deadline - time.monotonic()) > 0:
            try:
                kind, text = self.inbox.get(timeout=left)
            except queue.Empty:
                break
            if kind == "logon":
                self.inbox.put((kind, text))
                return
            if kind == "logout":
                told = _field(text, 58)
                reason = told or _connection_error(self._logon.host, self._logon.port)
                is_refused = told is not None
                break
            if kind in ("refused", "fault"):
                reason = _field(text, 58) or text
                break
        raise LogonFailed(f"could not log on {self._logon}: {reason}", is_refused)


def _resolve(logon: Logon) -> None:
    try:
        socket.getaddrinfo(logon.host, logon.port)
    except OSError as error:
        raise LogonFailed(f"could not log on {logon}: {error.strerror or error}") from None


def _free_session_id(logon: Logon) -> Any:
    names = (logon.version.begin_string, logon.comp_id, logon.target_comp_id)
    session_id = quickfix.SessionID(*names)
    if quickfix.Session.doesSessionExist(session_id):
        # QuickFIX knows each id once a process; whether a second logon is right, the venue says.
        session_id = quickfix.SessionID(*names, str(next(_qualifiers)))
    return session_id


def _guarded(callback: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(callback)
    def call(application: "_Application", *args: Any) -> None:
        try:
            callback(application, *args)
        except Exception as error:
            application.put("fault", f"{callback.__name__}: {error!r}")

    return call


class _Application(quickfix.Application):  # type: ignore[misc]
    def __init__(
        self, inbox: "queue.SimpleQueue[Arrival]", logon_fields: Mapping[int, str], hooks: Hooks
    ) -> None:
        super().__init__()
        self.inbox = inbox
        self.logon_fields = dict(logon_fields)
        self.hooks = hooks
        self._last_admin = ""
        self._may_log_out = True
        self._was_on = False

    def end(self) -> None:
        """Tell the end of the session if QuickFIX, whose thread is gone, has not told it."""
        if self._may_log_out:
            self._tell_logout()

    def put(self, kind: Kind, text: str) -> None:
        """Put something into the inbox, and tell that it is there."""
        self.inbox.put((kind, text))
        if self.hooks.on_arrival is not None:
            try:
                self.hooks.on_arrival()
            except Exception as error:
                self.inbox.put(("fault", f"on_arrival: {error!r}"))

    def _show(self, direction: Direction, text: str) -> None:
        if self.hooks.on_message is not None:
            try:
                self.hooks.on_message(direction, text)
            except Exception as error:
                self.put("fault", f"on_message: {error!r}")

    @_guarded
    def onCreate(self, session_id: Any) -> None: ...

    @_guarded
    def onLogon(self, session_id: Any) -> None:
        if 925 in self.logon_fields:  # it is the password from now on, also after a lost connection
            self.logon_fields[554] = self.logon_fields.pop(925)
        self.put("logon", self._last_admin)
        self._last_admin = ""
        self._may_log_out = self._was_on = True

    @_guarded
    def onLogout(self, session_id: Any) -> None:
        if not self._was_on:  # QuickFIX would connect again, and never close that connection
            quickfix.Session.lookupSession(session_id).logout()
        if self._may_log_out or self._last_admin:  # not for each try to come back
            self._tell_logout()

    def _tell_logout(self) -> None:
        self.put("logout", self._last_admin)
        self._last_admin = ""
        self._may_log_out = False

    @_guarded
    def toAdmin(self, message: Any, session_id: Any) -> None:
        text = message.toString()
        if _is(text, "A"):
            for tag, value in self.logon_fields.items():
                message.setField(quickfix.StringField(tag, value))
            text = message.toString()
        self._show("out", text)
        if _is(text, "3"):
            self.put("refused", text)

    @_guarded
    def fromAdmin(self, message: Any, session_id: Any) -> None:
        text = message.toString()
        self._show("in", text)
        if _is(text, "3"):
            self.put("message", text)
        elif _is(text, "A") or _is(text, "5"):
            self._last_admin = text

    @_guarded
    def toApp(self, message: Any, session_id: Any) -> None:
        text = message.toString()
        self._show("out", text)
        if _is(text, "j"):
            self.put("refused", text)

    @_guarded
    def fromApp(self, message: Any, session_id: Any) -> None:
        text = message.toString()
        self._show("in", text)
        self.put("message", text)


def _is(text: str, msg_type: str) -> bool:
    return f"{SOH}35={msg_type}{SOH}" in text


def _field(text: str, tag: int) -> str | None:
    return first_values(split_fields(text)).get(tag) if SOH in text else None


def _connection_error(host: str, port: int) -> str:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError as error:
        return error.strerror or str(error)
    return (
        "the connection was closed without a Logout "
        "(a CompID that is not configured, or one that is logged on already?)"
    )


@functools.cache
def _data_dictionaries(version_name: str, msg_types: frozenset[str]) -> tuple[Any, ...]:
    """What QuickFIX puts the groups of messages of `msg_types` in order with."""
    with lean_dictionaries(version_name, msg_types) as paths:
        return tuple(quickfix.DataDictionary(path) for path in paths)


@functools.cache
def _dictionary_reader(version_name: str) -> Any:
    """A session that never logs on and has read the stock dictionaries, for all that validate with
    them.
    """
    names = ("READER", version_name)
    logon = Logon(
        comp_id=names[0], target_comp_id=names[1], host="", port=1, version_name=version_name
    )
    session_id = quickfix.SessionID(logon.version.begin_string, *names)
    application = _Application(queue.SimpleQueue(), {}, Hooks())
    stores = quickfix.MemoryStoreFactory()
    with lean_dictionaries(version_name, RECEIVED) as paths:
        settings = _settings(session_id, session_keys(logon, 0, paths))
        initiator = quickfix.SocketInitiator(application, stores, settings)
    _never_destroyed.append((initiator, application, stores, settings))
    return quickfix.Session.lookupSession(session_id)


def _settings(session_id: Any, keys: Mapping[str, str]) -> Any:
    dictionary = quickfix.Dictionary()
    for key, value in keys.items():
        dictionary.setString(key, value)
    settings = quickfix.SessionSettings()
    settings.set(session_id, dictionary)
    return settings


@atexit.register
def _close_all() -> None:
    for session in list(_open_sessions):
        session.close()
