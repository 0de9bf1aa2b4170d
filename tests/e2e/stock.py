"""A client as the quickfix package makes it: a socket initiator with the stock dictionaries.

Whatever the venue sends goes through all of QuickFIX's validation at its defaults; what QuickFIX
finds wrong it says in a Reject (3) or a BusinessMessageReject (j), and `complaints` keeps them.
"""

# ruff: noqa: N802 - QuickFIX names its callbacks
import functools
import importlib.metadata
import queue
import time
from typing import Any

import quickfix

from tests.e2e.client import DEADLINE, Client
from tests.e2e.codes import FIX42, FIX44, FIX50SP2
from tests.e2e.message import SOH, Fields, Message, pairs

OF_TAGS = "ValidateUserDefinedFields"
"""The setting whether tags from 5000 on have to be in the dictionary, which is the default."""
DICTIONARIES = {
    FIX42: ("FIX42.xml",),
    FIX44: ("FIX44.xml",),
    FIX50SP2: ("FIXT11.xml", "FIX50SP2.xml"),
}


@functools.cache
def stock_dictionaries(version: str) -> tuple[str, ...]:
    """The paths of a version's dictionaries as the quickfix package installs them."""
    files = {path.name: path for path in importlib.metadata.files("quickfix") or ()}
    return tuple(str(files[name].locate()) for name in DICTIONARIES[version])


@functools.cache
def _parsed_dictionaries(version: str) -> list[Any]:
    return [quickfix.DataDictionary(path) for path in stock_dictionaries(version)]


@functools.cache
def _validation(version: str, of_tags: str) -> Any:
    """What a session of a version validates with, as QuickFIX sets it up from its settings.

    Every session would parse the files anew, which for FIX.5.0SP2 takes a second; so one that is
    never started does, and the others share.
    """
    session_id = quickfix.SessionID(_begin_string(version), f"DICTIONARIES-{of_tags}", "VENUE")
    settings = _session_settings(session_id, 1, version, {OF_TAGS: of_tags})
    owner = _Application([]), quickfix.MemoryStoreFactory(), settings
    _OWNERS.append((*owner, quickfix.SocketInitiator(*owner)))
    return quickfix.Session.lookupSession(session_id).getDataDictionaryProvider()


_OWNERS: list[Any] = []
"""Initiators that own a `_validation`, and what they refer to."""


def _begin_string(version: str) -> str:
    return "FIXT.1.1" if version == FIX50SP2 else version


class StockClient(Client):
    """Logged on when the constructor returns; `None` from the queue would be a lost session.

    `logon` are fields that its Logon carries besides those QuickFIX fills in.
    """

    def __init__(
        self,
        port: int,
        comp_id: str,
        settings: dict[str, str] | None = None,
        version: str = FIX44,
        logon: Fields = (),
    ) -> None:
        super().__init__(comp_id, version)
        self._begin_string = _begin_string(version)
        session_id = quickfix.SessionID(self._begin_string, comp_id, "VENUE")
        self._dictionaries = _parsed_dictionaries(version)
        self._application = _Application(pairs(logon))
        own = {"UseDataDictionary": "N"} | (settings or {})
        self._settings = _session_settings(session_id, port, version, own)
        on_disk = "FileStorePath" in own
        stores = quickfix.FileStoreFactory if on_disk else quickfix.MemoryStoreFactory
        self._stores = stores(*[self._settings][:on_disk])
        self._initiator = quickfix.SocketInitiator(self._application, self._stores, self._settings)
        self._session = quickfix.Session.lookupSession(session_id)
        self._session.setDataDictionaryProvider(_validation(version, own.get(OF_TAGS, "Y")))
        self._initiator.start()
        try:
            self.wait_for_logons(1)
        except BaseException:
            self.close()  # or QuickFIX's thread would outlive what it works with
            raise

    @property
    def complaints(self) -> list[str]:
        """What the venue sent and QuickFIX refused, and what went wrong in here."""
        return self._application.complaints

    @property
    def logons(self) -> int:
        return self._application.logons

    @property
    def logouts(self) -> int:
        return self._application.logouts

    @property
    def logged_on(self) -> bool:
        return bool(self._session.isLoggedOn())

    @property
    def test_requests(self) -> int:
        """How often it had to ask whether the venue still is there."""
        return self._application.test_requests

    def wait_for_logons(self, count: int) -> None:
        deadline = time.monotonic() + DEADLINE
        while self.logons < count:
            assert time.monotonic() < deadline, f"{self.comp_id} cannot log on"
            time.sleep(0.005)

    def send(self, msg_type: str, fields: Fields) -> None:
        listed = pairs(fields)
        if self.version == FIX42 and msg_type in "DG" and not any(tag == 21 for tag, _ in listed):
            listed.append((21, "1"))  # HandlInst, which FIX.4.2 requires
        body = "".join(f"{tag}={value}{SOH}" for tag, value in listed)
        text = f"8={self._begin_string}{SOH}9=0{SOH}35={msg_type}{SOH}{body}10=0{SOH}"
        self._session.send(quickfix.Message(text, *self._dictionaries, False))

    def next_message(self, deadline: float) -> Message | None:
        try:
            text = self._application.received.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return None
        return Message(text)

    def close(self) -> None:
        self._session.logout()
        # The Logout goes out now, not when QuickFIX next looks at its clock.
        self._session.next(quickfix.UtcTimeStamp.now())
        self._initiator.stop(True)
        # A failed test may be remembered, and with it this; QuickFIX must forget the session.
        del self._session, self._initiator


def _session_settings(session_id: Any, port: int, version: str, more: dict[str, str]) -> Any:
    dictionary = quickfix.Dictionary()
    paths = stock_dictionaries(version)
    if version == FIX50SP2:
        names = ("TransportDataDictionary", "AppDataDictionary")
        more = {"DefaultApplVerID": version} | more
    else:
        names = ("DataDictionary",)
    keys = {
        "ConnectionType": "initiator",
        "SocketConnectHost": "127.0.0.1",
        "SocketConnectPort": str(port),
        "SocketNodelay": "Y",
        "ReconnectInterval": "1",
        "HeartBtInt": "30",
        "NonStopSession": "Y",
        "ResetOnLogon": "Y",
    } | dict(zip(names, paths, strict=True))
    for key, value in (keys | more).items():
        dictionary.setString(key, value)
    settings = quickfix.SessionSettings()
    settings.set(session_id, dictionary)
    return settings


class _Application(quickfix.Application):
    """Runs in QuickFIX's thread, where an exception that gets out would end the process."""

    def __init__(self, logon: list[tuple[int, object]]) -> None:
        super().__init__()
        self._logon = logon
        self.received: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.complaints: list[str] = []
        self.logons = self.logouts = self.test_requests = 0

    def onCreate(self, session_id: Any) -> None:
        pass

    def onLogon(self, session_id: Any) -> None:
        self.logons += 1

    def onLogout(self, session_id: Any) -> None:
        self.logouts += 1

    def toAdmin(self, message: Any, session_id: Any) -> None:
        self._note_complaint(message)
        if self._logon and f"{SOH}35=A{SOH}" in message.toString():
            for tag, value in self._logon:
                message.setField(quickfix.StringField(tag, str(value)))

    def toApp(self, message: Any, session_id: Any) -> None:
        self._note_complaint(message)

    def fromAdmin(self, message: Any, session_id: Any) -> None:
        try:
            text = message.toString()
            if Message(text).type in "35":
                self.received.put(text)
        except Exception as error:
            self.complaints.append(repr(error))

    def fromApp(self, message: Any, session_id: Any) -> None:
        try:
            self.received.put(message.toString())
        except Exception as error:
            self.complaints.append(repr(error))

    def _note_complaint(self, message: Any) -> None:
        try:
            text = message.toString()
            msg_type = Message(text).type
            self.test_requests += msg_type == "1"
            if msg_type in "3j":
                self.complaints.append(text.replace(SOH, "|"))
        except Exception as error:
            self.complaints.append(repr(error))
