"""A client as the quickfix package makes it: a socket initiator with the stock dictionary.

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
from tests.e2e.message import BEGIN_STRING, SOH, Fields, Message, pairs


@functools.cache
def stock_dictionary() -> str:
    """The path of the FIX44.xml that the quickfix package installs."""
    files = importlib.metadata.files("quickfix") or ()
    return str(next(path for path in files if path.name == "FIX44.xml").locate())


class StockClient(Client):
    """Logged on when the constructor returns; `None` from the queue would be a lost session."""

    def __init__(self, port: int, comp_id: str, settings: dict[str, str] | None = None) -> None:
        super().__init__(comp_id)
        session_id = quickfix.SessionID(BEGIN_STRING, comp_id, "VENUE")
        self._dictionary = quickfix.DataDictionary(stock_dictionary())
        self._application = _Application()
        self._settings = _session_settings(session_id, port, settings or {})
        self._stores = quickfix.MemoryStoreFactory()
        self._initiator = quickfix.SocketInitiator(self._application, self._stores, self._settings)
        self._session = quickfix.Session.lookupSession(session_id)
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

    def wait_for_logons(self, count: int) -> None:
        deadline = time.monotonic() + DEADLINE
        while self.logons < count:
            assert time.monotonic() < deadline, f"{self.comp_id} cannot log on"
            time.sleep(0.005)

    def send(self, msg_type: str, fields: Fields) -> None:
        body = "".join(f"{tag}={value}{SOH}" for tag, value in pairs(fields))
        text = f"8={BEGIN_STRING}{SOH}9=0{SOH}35={msg_type}{SOH}{body}10=0{SOH}"
        self._session.send(quickfix.Message(text, self._dictionary, False))

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


def _session_settings(session_id: Any, port: int, more: dict[str, str]) -> Any:
    dictionary = quickfix.Dictionary()
    keys = {
        "ConnectionType": "initiator",
        "SocketConnectHost": "127.0.0.1",
        "SocketConnectPort": str(port),
        "SocketNodelay": "Y",
        "ReconnectInterval": "1",
        "HeartBtInt": "30",
        "StartTime": "00:00:00",
        "EndTime": "00:00:00",
        "ResetOnLogon": "Y",
        "DataDictionary": stock_dictionary(),
    }
    for key, value in (keys | more).items():
        dictionary.setString(key, value)
    settings = quickfix.SessionSettings()
    settings.set(session_id, dictionary)
    return settings


class _Application(quickfix.Application):
    """Runs in QuickFIX's thread, where an exception that gets out would end the process."""

    def __init__(self) -> None:
        super().__init__()
        self.received: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.complaints: list[str] = []
        self.logons = self.logouts = 0

    def onCreate(self, session_id: Any) -> None:
        pass

    def onLogon(self, session_id: Any) -> None:
        self.logons += 1

    def onLogout(self, session_id: Any) -> None:
        self.logouts += 1

    def toAdmin(self, message: Any, session_id: Any) -> None:
        self._note_complaint(message)

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
            if Message(text).type in "3j":
                self.complaints.append(text.replace(SOH, "|"))
        except Exception as error:
            self.complaints.append(repr(error))
