"""How FIX versions differ, in one table. The venue speaks the codes of 5.0SP2; a version maps them
down.
"""

from collections.abc import Mapping

from msgspec import Struct

from venue.core.types import CxlRejReason, OrdRejReason
from venue.fix.message import SOH


class Version(Struct, frozen=True):
    """One FIX version's spelling of what the venue says.

    Codes that a version lacks map to its nearest; what is not in a mapping keeps its own code.
    """

    begin_string: str
    report_head: str
    """The beginning of every ExecutionReport."""
    trade_id_tag: str
    """The tag of the trade id on both sides' fills: SecondaryExecID(527) before TrdMatchID(880)."""
    ord_rej_reasons: Mapping[str, str]
    cxl_rej_reasons: Mapping[str, str]


FIX44 = Version(
    begin_string="FIX.4.4",
    report_head=f"8=FIX.4.4{SOH}9=0{SOH}35=8{SOH}",
    trade_id_tag="527",
    ord_rej_reasons={
        OrdRejReason.PRICE_EXCEEDS_BAND: OrdRejReason.OTHER,
        OrdRejReason.INVALID_PRICE_INCREMENT: OrdRejReason.OTHER,
    },
    cxl_rej_reasons={
        CxlRejReason.PRICE_EXCEEDS_BAND: CxlRejReason.OTHER,
        CxlRejReason.INVALID_PRICE_INCREMENT: CxlRejReason.OTHER,
    },
)

VERSIONS = {version.begin_string: version for version in (FIX44,)}
