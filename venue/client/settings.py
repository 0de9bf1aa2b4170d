"""Who logs on where, and the QuickFIX settings that make it so."""

import re
from collections.abc import Sequence

import msgspec

from venue.client.versions import Version, version_named

DICTIONARY_SETTING = re.compile(".*Dictionary|Validate|AllowUnknown|Preserve").match
"""Whether a QuickFIX setting is about how messages are validated."""


class Logon(msgspec.Struct, frozen=True, kw_only=True):
    """Who logs on, to whom, where, and in which FIX version."""

    comp_id: str
    target_comp_id: str
    host: str
    port: int
    version_name: str
    username: str | None = None
    password: str | None = None
    new_password: str | None = None
    cancel_on_disconnect: bool | None = None

    @property
    def version(self) -> Version:
        """Return what the version is like, or raise ClientError."""
        return version_named(self.version_name)

    @property
    def fields(self) -> dict[int, str]:
        """Return what the Logon (A) says besides what QuickFIX writes."""
        cancel = self.cancel_on_disconnect
        usual = None if self.password is None else self.comp_id
        values = {
            553: usual if self.username is None else self.username,
            554: self.password,
            925: self.new_password,
            9001: None if cancel is None else "NY"[cancel],
        }
        return {tag: value for tag, value in values.items() if value is not None}

    def __str__(self) -> str:
        peer = f"{self.target_comp_id} at {self.host}:{self.port}"
        return f"{self.comp_id} to {peer} with {self.version_name}"


def session_keys(logon: Logon, timeout: float, dictionaries: Sequence[str]) -> dict[str, str]:
    """Return the QuickFIX settings of an initiator session that validates with `dictionaries`, one
    or FIXT's transport and app.
    """
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
        # The numbers of market data entries, which stock dictionaries before 5.0SP2 lack.
        "ValidateUserDefinedFields": "N",
    }
    if len(dictionaries) == 1:
        return keys | {"DataDictionary": dictionaries[0]}
    transport, application = dictionaries
    return keys | {
        "DefaultApplVerID": logon.version_name,
        "TransportDataDictionary": transport,
        "AppDataDictionary": application,
    }
