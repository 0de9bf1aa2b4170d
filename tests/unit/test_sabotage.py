"""The faults fit the code as it is: each can still be tried."""

from collections import Counter
from pathlib import Path

import pytest

from tests.sabotage.every import EVERY_FAULT
from tests.sabotage.faults import Fault

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("fault", EVERY_FAULT, ids=lambda fault: fault.name)
def test_what_a_fault_breaks_stands_once(fault: Fault) -> None:
    assert (ROOT / fault.path).read_text("utf-8").count(fault.old) == 1
    assert fault.new != fault.old


def test_every_fault_has_a_name_of_its_own() -> None:
    names = Counter(fault.name for fault in EVERY_FAULT)
    assert [name for name, times in names.items() if times > 1] == []
