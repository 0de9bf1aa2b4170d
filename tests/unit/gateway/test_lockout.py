"""Who is locked out, from where, and for how long."""

from ipaddress import ip_address

import pytest

from venue.config import LockoutConfig
from venue.gateway.lockout import MOST_KNOWN, Lockout

HERE, THERE = ip_address("192.0.2.1"), ip_address("192.0.2.2")


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lockout(clock: Clock) -> Lockout:
    return Lockout(LockoutConfig(failures=3, within=60, seconds=600), clock)


def fail(lockout: Lockout, times: int, comp_id: str = "TRADER1") -> list[bool]:
    return [lockout.fail(comp_id, HERE) for _ in range(times)]


def test_an_operator_lifts_the_locks_of_one_comp_id(lockout: Lockout) -> None:
    for comp_id in ("TRADER1", "TRADER2"):
        fail(lockout, 3, comp_id)
    for _ in range(3):
        lockout.fail("TRADER1", THERE)
    lockout.unlock("TRADER1")
    assert not lockout.seconds_left("TRADER1", HERE) and not lockout.seconds_left("TRADER1", THERE)
    assert lockout.seconds_left("TRADER2", HERE) == 600
    assert fail(lockout, 3) == [False, False, True]


def test_only_the_last_of_too_many_locks(lockout: Lockout) -> None:
    assert fail(lockout, 2) == [False, False]
    assert lockout.seconds_left("TRADER1", HERE) == 0
    assert fail(lockout, 1) == [True]
    assert lockout.seconds_left("TRADER1", HERE) == 600


def test_others_are_not_locked_out(lockout: Lockout) -> None:
    """Neither the same session from elsewhere, nor another one from there."""
    fail(lockout, 3)
    assert lockout.seconds_left("TRADER1", THERE) == 0
    assert lockout.seconds_left("TRADER2", HERE) == 0


def test_it_ends_and_begins_to_count_anew(lockout: Lockout, clock: Clock) -> None:
    fail(lockout, 3)
    clock.now += 599
    assert lockout.seconds_left("TRADER1", HERE) == 1
    clock.now += 1
    assert lockout.seconds_left("TRADER1", HERE) == 0
    assert fail(lockout, 3) == [False, False, True]


def test_what_has_locked_does_not_count_again(clock: Clock) -> None:
    lockout = Lockout(LockoutConfig(failures=3, within=600, seconds=60), clock)
    fail(lockout, 3)
    clock.now += 60
    assert fail(lockout, 3) == [False, False, True]


def test_failures_further_apart_do_not_count(lockout: Lockout, clock: Clock) -> None:
    for _ in range(10):
        assert fail(lockout, 1) == [False]
        clock.now += 31
    assert fail(lockout, 2) == [False, True]


def test_the_right_password_makes_up_for_wrong_ones(lockout: Lockout) -> None:
    fail(lockout, 2)
    lockout.forget("TRADER1", HERE)
    lockout.forget("TRADER1", HERE)
    assert fail(lockout, 3) == [False, False, True]


def test_an_address_of_ipv6_is_the_network_that_its_user_has(lockout: Lockout) -> None:
    for last in ("::1", "::2", "::ffff:1"):
        lockout.fail("TRADER1", ip_address(f"2001:db8:0:7{last}"))
    assert lockout.seconds_left("TRADER1", ip_address("2001:db8:0:7:8::9")) == 600
    assert lockout.seconds_left("TRADER1", ip_address("2001:db8:0:8::1")) == 0
    for _ in range(3):
        lockout.fail("TRADER1", ip_address("::1"))
    assert lockout.seconds_left("TRADER1", ip_address("0.0.0.1")) == 0


def test_what_is_remembered_is_bounded(lockout: Lockout) -> None:
    """Those that failed longest ago are forgotten first."""
    fail(lockout, 2)
    fail(lockout, 2, "TRADER2")
    for number in range(MOST_KNOWN - 2):
        lockout.fail("TRADER1", ip_address(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"))
    assert fail(lockout, 1) == [True]
    lockout.fail("TRADER1", THERE)
    assert lockout.seconds_left("TRADER1", HERE) == 600
    assert fail(lockout, 1, "TRADER2") == [False]
