"""Copies of ExecutionReports (8), for who watches a firm."""

from venue.fix.message import SOH
from venue.fix.versions import Version

_HEAD = f"{SOH}35=8{SOH}"


def as_copy(report: str, version: Version, comp_id: str, firm: str = "") -> str:
    """Make a copy of a report to `comp_id`: OnBehalfOfCompID(115) names it, and
    OnBehalfOfSubID(116) its firm where that is given.
    """
    head, _, body = report.partition(_HEAD)
    told = f"115={comp_id}{SOH}"
    if firm:
        told += f"116={firm}{SOH}"
    if version.copy_msg_indicator:
        told += f"797=Y{SOH}"
    return f"{head}{_HEAD}{told}{body}"
