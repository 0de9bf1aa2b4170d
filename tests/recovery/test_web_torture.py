"""A short campaign against the web; `scripts/torture --web` runs the long ones."""

import asyncio
from pathlib import Path

from tests.recovery.web_torture import Campaign

KINDS = ["one connection cut", "web killed", "venue killed"]


def test_the_web_keeps_its_word(tmp_path: Path) -> None:
    campaign = Campaign(tmp_path, 20_240_229, requests=(50, 200))
    asyncio.run(campaign.run(0, KINDS))
    assert campaign.happened.total() == len(KINDS)
    told = campaign.counts()
    assert told["POST 201"] > 50
    assert told["fills update"] > 20
