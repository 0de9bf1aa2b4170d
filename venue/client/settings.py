"""Who logs on where, and the QuickFIX settings that make it so."""

import functools
from collections.abc import Mapping
from importlib.metadata import files

import msgspec

from venue.client.errors import ClientError

DICTIONARIES: Mapping[str, tuple[str, ...]] = {
    "FIX.4.2": ("FIX42.xml",),
    "FIX.4.4": ("FIX44.xml",),
    "FIXT.1.1": ("FIXT11.xml", "FIX50SP2.xml"),
}


class Logon(msgspec.Struct, frozen=True, kw_only=True):
    """Who logs on, to whom, and where."""

    comp_id: str
    target_comp_id: str
    host: str
    port: int
    begin_string: str
    username: str | None = None
    password: str | None = None

    def __str__(self) -> str:
        peer = f"{self.target_comp_id} at {self.host}:{self.port}"
        return f"{self.comp_id} to {peer} with {self.begin_string}"


@functools.cache
def stock_dictionaries(begin_string: str) -> tuple[str, ...]:
    """Return the dictionary files of the quickfix package: one, or FIXT's transport and app."""
    if begin_string not in DICTIONARIES:
        known = ", ".join(DICTIONARIES)
        raise ClientError(f"begin_string: {begin_string!r} is none of {known}")
    installed = {path.name: path for path in files("quickfix") or ()}
    return tuple(str(installed[name].locate()) for name in DICTIONARIES[begin_string])


def session_keys(logon: Logon, timeout: float) -> dict[str, str]:
    """Return the QuickFIX settings of an initiator session."""
    dictionaries = stock_dictionaries(logon.begin_string)
    keys = {
        "ConnectionType": "initiator",
        "SocketConnectHost": logon.host,
        "SocketConnectPort": str(logon.port),
        "SocketNodelay": "Y",
        "ReconnectInterval": "1",
        "HeartBtInt": "30",
        "LogonTimeout": str(int(timeout) + 2),
        "LogoutTimeout": "1",
        "NonStopSession": "Y",
        "ResetOnLogon": "Y",
        "UseDataDictionary": "Y",
    }
    if len(dictionaries) == 1:
        return keys | {"DataDictionary": dictionaries[0]}
    transport, application = dictionaries
    return keys | {
        "DefaultApplVerID": "FIX.5.0SP2",
        "TransportDataDictionary": transport,
        "AppDataDictionary": application,
    }
