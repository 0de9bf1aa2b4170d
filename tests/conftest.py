"""How the property tests look: HYPOTHESIS_PROFILE=long for a deep run, or unshrunk for a failure as
it is found.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

pytest.register_assert_rewrite(
    "tests.property.twins",
    "tests.property.blotter",
    "tests.property.order_entry",
    "tests.property.phases",
    "tests.property.subscriber",
    "tests.unit.core.desk",
    "tests.unit.fix.texts",
)

LONG = ("recovery", "property", "browser", "e2e")
"""Tests that take long; last come many short ones, so that nobody waits for one file at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long ones; xdist's option --no-loadscope-reorder keeps it that way."""
    here = os.path.dirname(__file__)

    def turn(item: pytest.Item) -> int:
        directory = os.path.relpath(item.path, here).split(os.sep)[0]
        return LONG.index(directory) if directory in LONG else len(LONG)

    items.sort(key=turn)


settings.register_profile("default", deadline=None)
settings.register_profile("unshrunk", deadline=None, phases=(Phase.explicit, Phase.generate))
settings.register_profile(
    "long",
    deadline=None,
    max_examples=4_000,
    stateful_step_count=100,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
