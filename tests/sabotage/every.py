"""All the faults."""

from tests.sabotage.access_faults import ACCESS_FAULTS
from tests.sabotage.faults import FAULTS
from tests.sabotage.lasting_faults import LASTING_FAULTS
from tests.sabotage.market_faults import MARKET_FAULTS
from tests.sabotage.money_faults import MONEY_FAULTS
from tests.sabotage.operator_faults import OPERATOR_FAULTS
from tests.sabotage.web_faults import WEB_FAULTS

EVERY_FAULT = (
    *FAULTS,
    *LASTING_FAULTS,
    *MARKET_FAULTS,
    *ACCESS_FAULTS,
    *MONEY_FAULTS,
    *OPERATOR_FAULTS,
    *WEB_FAULTS,
)
_BY_NAME = {fault.name: fault for fault in EVERY_FAULT}
_FEW = (
    "trades at the aggressor's price",
    "the tick is not checked",
    "a directory is locked after somebody removed it",
    "news before its own snapshot",
    "a statement ends with the trades after the day",
    "one date is the first of all later ones",
    "cookies: ended logins of a user are bounded",
    "desk: id of an order that the venue has forgotten",
)
FEW = tuple(_BY_NAME[name] for name in _FEW)
"""Those that `--fast` tries: one of each part, found soon."""
