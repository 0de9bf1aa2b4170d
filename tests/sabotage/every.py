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
FEW = EVERY_FAULT[::150]
"""Those that `--fast` tries."""
