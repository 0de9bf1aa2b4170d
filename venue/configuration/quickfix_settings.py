"""QuickFIX's own settings, and those of them that the venue decides itself."""

from collections.abc import Iterator

from venue.configuration.values import Fault

_OURS = {
    "BeginString": "`versions` decides it",
    "DefaultApplVerID": "`versions` decides it",
    "SenderCompID": "it is the venue's `comp_id`",
    "TargetCompID": "it is the session's `comp_id`",
    "SessionQualifier": "the session's `comp_id` is its only name",
    "ConnectionType": "the venue accepts, clients initiate",
    "SocketAcceptHost": "it is the venue's `host`",
    "SocketAcceptPort": "it is the venue's `port`",
    "UseDataDictionary": "the venue validates with its own dictionaries",
    "DataDictionary": "the venue validates with its own dictionaries",
    "AppDataDictionary": "the venue validates with its own dictionaries",
    "TransportDataDictionary": "the venue validates with its own dictionaries",
    "AllowedRemoteAddresses": "the session's `addresses` decide it",
    "FileStorePath": "the venue's journal is the message store",
    "ResetOnLogout": "sequence numbers go on until the session's `schedule` ends them",
    "ResetOnDisconnect": "sequence numbers go on until the session's `schedule` ends them",
    "RefreshOnLogon": "the venue's journal is the message store",
    **dict.fromkeys(
        (
            *("StartTime", "EndTime", "StartDay", "EndDay", "UseLocalTime", "NonStopSession"),
            *("LogonTime", "LogoutTime", "LogonDay", "LogoutDay"),
        ),
        "`schedule` decides it",
    ),
}
_REFUSED = {setting.lower(): reason for setting, reason in _OURS.items()}


def refused_settings(settings: dict[str, str]) -> Iterator[Fault]:
    """Find settings that are the venue's to decide, and values that no settings file can hold."""
    for setting, value in settings.items():
        if reason := _REFUSED.get(setting.lower()):
            yield ("quickfix", setting), f"no such setting here: {reason}"
        if not value.isprintable():
            yield ("quickfix", setting), "printable text on one line"
