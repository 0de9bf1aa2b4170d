"""How each FIX version says what all say: from the FIX texts, not from the venue's own table."""

from collections.abc import Mapping

from tests.e2e.message import Message

FIX42, FIX44, FIX50SP2 = "FIX.4.2", "FIX.4.4", "FIX.5.0SP2"
VERSIONS = (FIX42, FIX44, FIX50SP2)

STOP, STOP_LIMIT, MARKET_IF_TOUCHED, LIMIT_IF_TOUCHED, MARKET_TO_LIMIT = "3", "4", "J", "LIT", "K"
GTD, AT_THE_OPENING, AT_THE_CLOSE = "6", "2", "7"
UNSUPPORTED, INCORRECT_QUANTITY, OTHER = "11", "13", "99"
RENEWAL, REPRICING, PARTIAL_DECLINE = "1", "3", "5"
SMP_AGGRESSOR, SMP_RESTING, SMP_BOTH = "18", "19", "20"

Expected = dict[int, object]


class Codes:
    """What a client of one version is to be told; codes given are those of FIX 5.0SP2."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.trade_id_tag = {FIX42: 58, FIX44: 527, FIX50SP2: 880}[version]
        self.display_tag = 1138 if version == FIX50SP2 else 111
        self.smp_tags = (2362, 2964) if version == FIX50SP2 else (9362, 9964)
        self.has_mass_requests = version != FIX42

    def new(self) -> Expected:
        return {150: "0", 39: "0"} | self._trans("0")

    def filled(self, ord_status: str) -> Expected:
        if self.version == FIX42:
            return {20: "0", 150: ord_status, 39: ord_status}
        return {150: "F", 39: ord_status, 20: None}

    def triggered(self) -> Expected:
        said: Mapping[str, Expected] = {
            FIX42: {20: "0", 150: "D", 378: "4", 636: None},
            FIX44: {150: "D", 378: "8", 636: "Y"},
            FIX50SP2: {150: "L", 378: None, 636: "Y"},
        }
        return said[self.version] | {39: "0"}

    def restated(self, reason: str) -> Expected:
        return {150: "D", 378: reason} | self._trans("0")

    def canceled(self, reason: str | None = None) -> Expected:
        """`reason` is one that FIX 5.0 brought."""
        if reason is not None:
            reason = {FIX42: "4", FIX44: "99", FIX50SP2: reason}[self.version]
        return {150: "4", 39: "4", 151: "0", 378: reason} | self._trans("0")

    def rejected(self, reason: str) -> Expected:
        if self.version == FIX42 and int(reason) > 8:
            reason = "0"
        return {150: "8", 39: "8", 103: reason, 151: "0", 14: "0"} | self._trans("0")

    def replace_refused(self) -> Expected:
        return {434: "2", 102: "2" if self.version == FIX42 else "99"}

    def status(self, ord_status: str) -> Expected:
        if self.version == FIX42:
            return {20: "3", 150: ord_status, 39: ord_status}
        return {150: "I", 39: ord_status, 20: None}

    def waiting(self) -> Expected:
        return {636: None if self.version == FIX42 else "N"}

    def ord_type(self, ord_type: str) -> Expected:
        """The type as it is told: FIX.4.2 has no J and K."""
        if ord_type == LIMIT_IF_TOUCHED:
            ord_type = "2"
        return {40: None if self.version == FIX42 and ord_type in "JK" else ord_type}

    def display(self, ordered: int, shown: int) -> Expected:
        if self.version == FIX50SP2:
            return {1138: shown, 111: None}
        return {111: ordered, 1138: None}

    def trade_id(self, report: Message) -> str:
        text = report[self.trade_id_tag]
        return text.removeprefix("trade ") if self.version == FIX42 else text

    def _trans(self, exec_trans_type: str) -> Expected:
        return {20: exec_trans_type if self.version == FIX42 else None}


def order_fields(ord_type: str, trigger: object = None) -> dict[int, object]:
    """OrdType(40) and the trigger price, as a client asks for them in any version."""
    if ord_type == LIMIT_IF_TOUCHED:
        return {40: "2", 1100: "4", 1102: trigger}
    return {40: ord_type, 99: trigger}
