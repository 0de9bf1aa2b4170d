"""The fields of a report that tell what a fill costs."""

from venue.core.fees import FEE_DIGITS, Fee
from venue.core.grid import Memo, format_units
from venue.fix.versions import Version

_amount = Memo[int, str](lambda units: format_units(units, FEE_DIGITS)).__getitem__


def encode_fee(fee: Fee, version: Version) -> str:
    """Commission(12) as an amount (CommType(13)=3), and the same once more as an exchange fee
    (MiscFeeType(139)=4) where the version has that; a rebate is below 0.
    """
    amount, currency = _amount(fee.amount), fee.currency
    if not version.misc_fees:
        return f"12={amount}\x0113=3\x01"
    again = f"136=1\x01137={amount}\x01138={currency}\x01139=4\x01"
    return f"12={amount}\x0113=3\x01479={currency}\x01{again}"
