"""How the scripts, which are written in FIX.4.4, read in another version.

Kept apart from the venue's own table of versions, so that each can find the other's mistakes. A
field that a script gives for the version itself, `[4.2]39=4`, is taken as it stands.
"""

from collections.abc import Callable, Iterable, Mapping

from venue.conform.script import Field

BEGIN_STRINGS = {"FIX.4.2": "FIX.4.2", "FIX.4.4": "FIX.4.4", "FIX.5.0SP2": "FIXT.1.1"}

Codes = Mapping[str, Mapping[str, str]]

_CODES_42: Codes = {
    # OrdRejReason: the reasons after 8 are BrokerOption.
    "103": dict.fromkeys(("9", "10", "11", "13", "14", "15", "99"), "0"),
    # CxlRejReason: the reasons after 3 are BrokerOption.
    "102": dict.fromkeys(("4", "5", "6", "99"), "2"),
    # BusinessRejectReason: not authorized is other.
    "380": {"6": "0"},
}
_NOT_IN_42 = frozenset({"136", "137", "138", "139", "479", "527", "636", "790", "851"})
_EXEC_TRANS_TYPE = {"H": "1", "G": "2", "I": "3"}
_NO_CODE_IN_42 = {"40": frozenset("JK"), "373": frozenset({"12", "13", "14", "15", "16", "17"})}


def spoken(fields: Iterable[Field], version: str, ours: bool) -> list[Field]:
    """The fields of a script's message in `version`; `ours` is one that we send."""
    fields = list(fields)
    own = {field.tag for field in fields if version in field.versions}
    chosen = [
        field
        for field in fields
        if version in field.versions or (not field.versions and field.tag not in own)
    ]
    # A field given for the version takes the place of the one given for all.
    translate = _TRANSLATIONS.get((version, ours), _as_written)
    return [
        Field("8", BEGIN_STRINGS[version]) if field == Field("8", "FIX.4.4") else field
        for field in translate(chosen)
    ]


def _as_written(fields: list[Field]) -> list[Field]:
    return fields


def _value(fields: list[Field], tag: str) -> str | None:
    return next((field.value for field in fields if field.tag == tag), None)


def _send_42(fields: list[Field]) -> list[Field]:
    # HandlInst is required in orders; OrdStatusReqID is not known.
    if _value(fields, "35") in ("D", "G") and all(field.tag != "21" for field in fields):
        fields = [*fields, Field("21", "1")]
    return [field for field in fields if field.tag != "790"]


def _expect_42(fields: list[Field]) -> list[Field]:
    is_report = _value(fields, "35") == "8"
    exec_type, ord_status = _value(fields, "150"), _value(fields, "39")
    expected = []
    for field in fields:
        if field.versions:
            expected.append(field)
        elif field.tag in _NOT_IN_42 or field.value in _NO_CODE_IN_42.get(field.tag, ()):
            continue
        elif field.tag == "150" and exec_type in ("F", "G", "H", "I"):
            # A fill is 1 or 2, a status report, a bust and a correction have the status.
            expected.append(Field("150", ord_status))
        else:
            codes = _CODES_42.get(field.tag, {})
            expected.append(Field(field.tag, codes.get(field.value or "", field.value)))
    if is_report and all(field.tag != "20" for field in fields):
        expected.append(Field("20", _EXEC_TRANS_TYPE.get(exec_type or "", "0")))
    return expected


def _send_50(fields: list[Field]) -> list[Field]:
    # DisplayQty for MaxFloor; the Logon says which version the application speaks.
    fields = [
        Field("1138", field.value) if field.tag == "111" and not field.versions else field
        for field in fields
    ]
    if _value(fields, "35") == "A" and all(field.tag != "1137" for field in fields):
        fields = [*fields, Field("1137", "9")]
    return [field for field in fields if field.tag != "21"]


def _expect_50(fields: list[Field]) -> list[Field]:
    # TrdMatchID for the trade id.
    return [
        Field("880", field.value) if field.tag == "527" and not field.versions else field
        for field in fields
    ]


_TRANSLATIONS: dict[tuple[str, bool], Callable[[list[Field]], list[Field]]] = {
    ("FIX.4.2", True): _send_42,
    ("FIX.4.2", False): _expect_42,
    ("FIX.5.0SP2", True): _send_50,
    ("FIX.5.0SP2", False): _expect_50,
}
