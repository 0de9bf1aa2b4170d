"""How FIX versions differ, in one table. The venue speaks the codes of 5.0SP2; a version maps them
to its own, or leaves out what it has no word for.

Everything here is computed once: what an encoder needs for a report is found by one look.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import force_setattr

from venue.core.types import (
    CxlRejReason,
    ExecRestatementReason,
    Liquidity,
    OrdRejReason,
    OrdStatus,
    OrdType,
    Side,
    TimeInForce,
)
from venue.fix.message import SOH


class ExecType(StrEnum):
    """ExecType(150)."""

    NEW = "0"
    CANCELED = "4"
    REPLACED = "5"
    REJECTED = "8"
    EXPIRED = "C"
    RESTATED = "D"
    TRADE = "F"
    TRADE_CORRECT = "G"
    TRADE_CANCEL = "H"
    ORDER_STATUS = "I"
    TRIGGERED = "L"


Codes = Mapping[str, str]
"""What a version calls a code that it lacks; a code that is not in it is the version's own."""
Terms = tuple[Side, OrdType, TimeInForce]

LATER_REASONS = (
    ExecRestatementReason.CONNECTION_LOSS,
    ExecRestatementReason.LOGOUT,
    ExecRestatementReason.TRADE_PRICE_VIOLATION,
    ExecRestatementReason.SELF_MATCH_AGGRESSOR,
    ExecRestatementReason.SELF_MATCH_RESTING,
    ExecRestatementReason.SELF_MATCH_BOTH,
)
"""Codes of ExecRestatementReason(378) that no version before 5.0SP2 has."""


class Version(Struct, frozen=True, kw_only=True):
    """One FIX version's spelling of what the venue says."""

    name: str
    """What a configuration calls it."""
    begin_string: str
    appl_ver_id: str = ""
    """ApplVerID(1128) of its messages, empty where BeginString(8) says it all."""
    exec_trans_type: bool = False
    """Whether reports have ExecTransType(20), which says that they are new, a status, or cancel or
    correct a trade. If so, ExecType(150) tells a partial fill from the last one, and all but what
    is new repeat OrdStatus(39).
    """
    triggered: str
    """The fields that tell of a triggered order."""
    trade_id: str
    """What stands before the trade id, which is the same on both sides' fills."""
    trade_id_in_text: bool = False
    last_liquidity_inds: frozenset[str] = frozenset("12")
    """The codes of LastLiquidityInd(851) it has, of those the venue uses."""
    misc_fees: bool = True
    """Whether reports have CommCurrency(479) and NoMiscFees(136)."""
    working_indicator: bool = True
    ord_status_req_id: bool = True
    mass_requests: bool = True
    """Whether there are q, r and AF, and the fields of an AF's reports."""
    copy_msg_indicator: bool = True
    """Whether reports have CopyMsgIndicator(797)."""
    mass_action_report_id: bool = False
    back_office: bool = True
    """Whether there are AN, AO and AP for positions, and AD, AQ and AE for trades."""
    account_required: bool = True
    """Whether AO and AP need Account(1) and AccountType(581)."""
    net_position: str = "TOT"
    """PosType(703) of what an account has."""
    position_currency: bool = False
    """Whether an amount of an AP has PositionCurrency(1055)."""
    trade_side_fields: bool = False
    """Whether a side of an AE has SideExecID(1427) and SideLiquidityInd(1444), and the AE the
    Currency(15), or its sides.
    """
    last_update_time: bool = False
    """Whether a W needs LastUpdateTime(779)."""
    triggering_instruction: bool = False
    """Whether a limit-if-touched order has TriggerType(1100) and its companions, or StopPx(99)."""
    display_instruction: bool = False
    """Whether an iceberg is told of in DisplayQty(1138) and RefreshQty(1088), or MaxFloor(111)."""
    self_match_prevention: bool = False
    security_lists: bool = True
    """Whether there are x and y besides c and d."""
    market_id: bool = False
    """Whether a market is named in MarketID(1301), and as an instrument's in SecurityGroup(1151),
    or in TradingSessionID(336), which elsewhere may be any text.
    """
    trading_session_sub_id: bool = True
    security_status_text: bool = True
    """Whether a SecurityStatus (f) has Text(58)."""
    trad_ses_status_rej_reason: bool = True
    """Whether a TradingSessionStatus (h) may refuse, with TradSesStatusRejReason(567)."""
    session_status: bool = False
    """Whether Logon and Logout have SessionStatus(1409), and a Logon NewPassword(925)."""
    md_entry_types: frozenset[str]
    """Every code of MDEntryType(269) it has, of those the venue uses."""
    md_entry_numbers: bool = False
    """Whether entries have RptSeq(83); else fields of the venue's own tell their numbers, on
    request.
    """
    md_trade_fields: bool = False
    """Whether entries have AggressorSide(2446), and those of a W MDEntryID(278); else Text(58)."""
    auction_condition: str = "E"
    """TradeCondition(277) of an auction's trade."""
    symbol_required: bool = False
    """Whether a report needs a Symbol(55) even if the request had none."""
    ord_types: frozenset[str]
    """Every code of OrdType(40)."""
    times_in_force: frozenset[str]
    """Every code of TimeInForce(59)."""
    ord_rej_reasons: Codes = {}
    cxl_rej_reasons: Codes = {}
    exec_restatement_reasons: Codes = {}
    business_reject_reasons: Codes = {}
    security_trading_statuses: Codes = {}
    security_response_types: Codes = {}

    heads: Mapping[ExecType, Mapping[OrdStatus, str]] = {}
    """How an ExecutionReport of each ExecType(150) and OrdStatus(39) begins; follows from the rest,
    as all below.
    """
    terms: Mapping[Terms, str] = {}
    liquidity: Mapping[Liquidity, str] = {}

    def __post_init__(self) -> None:
        heads = {
            exec_type: {status: self._head(exec_type, status) for status in OrdStatus}
            for exec_type in ExecType
        }
        terms = {
            (side, ord_type, time_in_force): f"54={side}{SOH}{self.told(ord_type, time_in_force)}"
            for side in Side
            for ord_type in OrdType
            for time_in_force in TimeInForce
        }
        known = self.last_liquidity_inds
        liquidity = {code: f"851={code}{SOH}" if code in known else "" for code in Liquidity}
        force_setattr(self, "heads", heads)
        force_setattr(self, "terms", terms)
        force_setattr(self, "liquidity", liquidity)

    def told(self, ord_type: str, time_in_force: str) -> str:
        """OrdType(40) and TimeInForce(59), each only where the version has the code."""
        if ord_type == OrdType.LIMIT_IF_TOUCHED:
            ord_type = OrdType.LIMIT
        told = f"40={ord_type}{SOH}" if ord_type in self.ord_types else ""
        return told + (f"59={time_in_force}{SOH}" if time_in_force in self.times_in_force else "")

    def _head(self, exec_type: ExecType, status: OrdStatus) -> str:
        trans, code = "", exec_type.value
        if self.exec_trans_type:
            trans = f"20=0{SOH}"
            if exec_type is ExecType.ORDER_STATUS:
                trans, code = f"20=3{SOH}", status.value
            elif exec_type is ExecType.TRADE_CANCEL:
                trans, code = f"20=1{SOH}", status.value
            elif exec_type is ExecType.TRADE_CORRECT:
                trans, code = f"20=2{SOH}", status.value
            elif exec_type is ExecType.TRADE:
                code = "2" if status is OrdStatus.FILLED else "1"
        told = self.triggered if exec_type is ExecType.TRIGGERED else f"150={code}{SOH}"
        return f"8={self.begin_string}{SOH}9=0{SOH}35=8{SOH}{trans}{told}39={status}{SOH}"


FIX42 = Version(
    name="FIX.4.2",
    begin_string="FIX.4.2",
    exec_trans_type=True,
    triggered=f"150=D{SOH}378=4{SOH}",
    trade_id="58=trade ",
    trade_id_in_text=True,
    last_liquidity_inds=frozenset(),
    misc_fees=False,
    md_entry_types=frozenset("01245789"),
    working_indicator=False,
    ord_status_req_id=False,
    mass_requests=False,
    back_office=False,
    copy_msg_indicator=False,
    symbol_required=True,
    ord_types=frozenset("123456789ABCDEFGHIP"),
    times_in_force=frozenset("0123456"),
    ord_rej_reasons=dict.fromkeys(
        (
            OrdRejReason.UNSUPPORTED_ORDER_CHARACTERISTIC,
            OrdRejReason.INCORRECT_QUANTITY,
            OrdRejReason.UNKNOWN_ACCOUNT,
            OrdRejReason.PRICE_EXCEEDS_BAND,
            OrdRejReason.INVALID_PRICE_INCREMENT,
            OrdRejReason.OTHER,
        ),
        "0",
    ),
    cxl_rej_reasons=dict.fromkeys(
        (
            CxlRejReason.DUPLICATE_CL_ORD_ID,
            CxlRejReason.PRICE_EXCEEDS_BAND,
            CxlRejReason.INVALID_PRICE_INCREMENT,
            CxlRejReason.OTHER,
        ),
        "2",
    ),
    exec_restatement_reasons=dict.fromkeys(
        (
            ExecRestatementReason.TRADING_HALT,
            ExecRestatementReason.MARKET_OPTION,
            *LATER_REASONS,
        ),
        "4",
    ),
    business_reject_reasons=dict.fromkeys(("6", "8", "9"), "0"),
    security_lists=False,
    trading_session_sub_id=False,
    security_status_text=False,
    trad_ses_status_rej_reason=False,
    security_trading_statuses={"21": "5", "22": "5", "24": "5", "26": "18"},
)
FIX44 = Version(
    name="FIX.4.4",
    begin_string="FIX.4.4",
    triggered=f"150=D{SOH}378=8{SOH}",
    trade_id="527=",
    md_entry_types=frozenset("01245789AB"),
    ord_types=frozenset("12346789DEGIJKLMP"),
    times_in_force=frozenset("01234567"),
    ord_rej_reasons=dict.fromkeys(
        (OrdRejReason.PRICE_EXCEEDS_BAND, OrdRejReason.INVALID_PRICE_INCREMENT), "99"
    ),
    cxl_rej_reasons=dict.fromkeys(
        (CxlRejReason.PRICE_EXCEEDS_BAND, CxlRejReason.INVALID_PRICE_INCREMENT), "99"
    ),
    exec_restatement_reasons=dict.fromkeys(LATER_REASONS, "99"),
    business_reject_reasons=dict.fromkeys(("8", "9"), "0"),
    security_trading_statuses={"24": "5", "26": "18"},
    security_response_types={"4": "1"},
)
FIX50SP2 = Version(
    name="FIX.5.0SP2",
    begin_string="FIXT.1.1",
    appl_ver_id="9",
    triggered=f"150=L{SOH}",
    trade_id="880=",
    mass_action_report_id=True,
    account_required=False,
    net_position="NET",
    position_currency=True,
    trade_side_fields=True,
    last_update_time=True,
    triggering_instruction=True,
    display_instruction=True,
    self_match_prevention=True,
    market_id=True,
    session_status=True,
    last_liquidity_inds=frozenset("124"),
    md_entry_types=frozenset("01245789ABQ"),
    md_entry_numbers=True,
    md_trade_fields=True,
    auction_condition="AW",
    ord_types=frozenset("123456789ABCDEFGHIJKLMPQRS"),
    times_in_force=frozenset("0123456789ABC"),
)

VERSIONS = {version.name: version for version in (FIX42, FIX44, FIX50SP2)}
