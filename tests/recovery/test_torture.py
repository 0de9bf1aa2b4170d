"""A short campaign with every way to die; `scripts/torture` runs the long ones."""

from pathlib import Path

import pytest

from tests.recovery import faulty_disk
from tests.recovery.torture import KINDS, Campaign

pytestmark = pytest.mark.skipif(faulty_disk.COMPILER is None, reason="there is no C compiler")


@pytest.mark.parametrize(
    ("sync", "lost_cache", "kinds"),
    [
        ("batch", True, list(KINDS)),
        ("interval", False, ["in a write", "from outside"]),
    ],
    ids=["batch, write cache lost", "interval"],
)
def test_nothing_is_lost(tmp_path: Path, sync: str, lost_cache: bool, kinds: list[str]) -> None:
    campaign = Campaign(tmp_path, 20_240_229, sync, lost_cache)
    try:
        campaign.run(len(kinds), 3_000, kinds, trades=101)
    finally:
        campaign.close()
    assert campaign.kills.total() == len(kinds)
    assert campaign.fleet.tape.trades > 100
