"""Firms, accounts, desks, passwords and addresses in a configuration: what is wrong, and where."""

from pathlib import Path

import pytest

from venue.config import LockoutConfig, load
from venue.errors import ConfigError
from venue.gateway.sessions import configured_sessions
from venue.passwords import NOBODYS

TEXT = """\
firms:
  - name: ALPHA
    accounts: [A-1, A-2]
  - name: BETA
sessions:
  - comp_id: BROKER
    firm: ALPHA
    roles: [order_entry]
    accounts: [A-2]
    desks:
      - {sender_sub_id: S1, firm: BETA, accounts: [B-1]}
      - {on_behalf_of: C1}
      - {sender_sub_id: S1, on_behalf_of: C1}
  - comp_id: PLAIN
    firm: ALPHA
    roles: [order_entry]
  - comp_id: FREE
    firm: BETA
    roles: [order_entry]
instruments:
  - {symbol: X, tick: 1, lot: 1, reference_price: 9, min_qty: 1, max_qty: 9, currency: USD}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "venue.yaml"
    path.write_text(TEXT)
    return path


def refused(path: Path, override: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path, [override])
    return str(caught.value)


def test_who_each_session_is(file: Path) -> None:
    sessions = {each.name: each for each in configured_sessions(load(file)) if "4.4" in each.name}
    broker = sessions["FIX.4.4:BROKER"]
    found = {
        each.session: (each.firm, each.account, each.accounts and sorted(each.accounts))
        for each in broker.identities
    }
    assert found == {
        "FIX.4.4:BROKER": ("ALPHA", "A-2", ["A-2"]),
        "FIX.4.4:BROKER/S1": ("BETA", "B-1", ["B-1"]),
        "FIX.4.4:BROKER//C1": ("ALPHA", "A-1", ["A-1", "A-2"]),
        "FIX.4.4:BROKER/S1/C1": ("ALPHA", "A-1", ["A-1", "A-2"]),
    }
    [plain] = sessions["FIX.4.4:PLAIN"].identities
    assert (plain.account, plain.accounts) == ("A-1", {"A-1", "A-2"})
    [free] = sessions["FIX.4.4:FREE"].identities
    assert (free.account, free.accounts, free.desks) == ("", None, None)


def test_what_holds_where_nothing_is_said(file: Path) -> None:
    config = load(file)
    assert config.venue.lockout == LockoutConfig(failures=5, within=300, seconds=300)
    session = next(configured_sessions(config))
    assert not session.has_password and session.networks is None
    assert (session.username, session.heart_bt_int) == ("BROKER", (0, 999_999))
    own = load(file, ["venue.heart_bt_int={min: 5}", "sessions.FREE.heart_bt_int={max: 60}"])
    bounds = {each.comp_id: each.heart_bt_int for each in configured_sessions(own)}
    assert bounds == {"BROKER": (5, 999_999), "PLAIN": (5, 999_999), "FREE": (0, 60)}


@pytest.mark.parametrize(
    ("override", "told"),
    [
        ("sessions.PLAIN.firm=GAMMA", "firm: found GAMMA, expected one of the firms ALPHA, BETA"),
        (
            "sessions.PLAIN.accounts=[A-1, A-3]",
            "accounts[1]: found A-3, expected an account of ALPHA",
        ),
        (
            "sessions.PLAIN.accounts=[A-1, A-1]",
            "accounts[1]: found A-1, expected each account once",
        ),
        (
            "sessions.PLAIN.accounts=[]",
            "accounts: found an empty list, expected at least one account",
        ),
        ("sessions.PLAIN.accounts=[a b]", "accounts[0]: found 'a b', expected 1 to 64 printable"),
        ("firms.BETA.name=ALPHA", "firms[1].name: found ALPHA, expected each name once"),
        ("firms.BETA.accounts=[]", "firms[1].accounts: found an empty list"),
        ("firms.BETA.acounts=[X]", "firms[1].acounts: found an unknown key, expected one of name,"),
        (
            "sessions.BROKER.desks=[{firm: BETA}]",
            "desks[0]: found a mapping, expected sender_sub_id",
        ),
        (
            "sessions.BROKER.desks=[{sender_sub_id: S, firm: GAMMA}]",
            "desks[0].firm: found GAMMA, expected one of the firms ALPHA, BETA",
        ),
        (
            "sessions.BROKER.desks=[{sender_sub_id: S, accounts: [B-1]}]",
            "desks[0].accounts[0]: found B-1, expected an account of ALPHA: A-1, A-2",
        ),
        (
            "sessions.BROKER.desks=[{sender_sub_id: S}, {sender_sub_id: S}]",
            "desks[1]: found a mapping, expected each pair of names once",
        ),
        (
            "sessions.BROKER.desks=[{sender_sub_id: S/T}, {sender_sub_id: S, on_behalf_of: T}]",
            "desks: found a list, expected no identity BROKER/S/T",
        ),
        (
            "sessions.BROKER.roles=[drop_copy]",
            "desks: found a list, expected absent without the role order_entry",
        ),
        (
            "sessions.PLAIN.comp_id=BROKER/S1",
            "comp_id: found BROKER/S1, expected no identity BROKER/S1",
        ),
        (
            "sessions.PLAIN.addresses=[]",
            "addresses: found an empty list, expected at least one address",
        ),
        (
            "sessions.PLAIN.addresses=[10.0.0.1/8]",
            "addresses[0]: found 10.0.0.1/8, expected an address",
        ),
        ("sessions.PLAIN.addresses=[venue]", "addresses[0]: found venue, expected an address or a"),
        ("venue.proxies=[localhost]", "venue.proxies[0]: found localhost, expected an address or"),
        (
            "venue.heart_bt_int={min: 9, max: 5}",
            "heart_bt_int.max: found 5, expected at least the min",
        ),
        ("sessions.PLAIN.heart_bt_int={min: -1}", "min: found -1, expected 0 to 999999 seconds"),
        (
            "venue.lockout={failures: 0}",
            "lockout.failures: found 0, expected 1 to 1000 failed Logons",
        ),
        ("venue.lockout={seconds: 0}", "lockout.seconds: found 0, expected 1 to 86400 seconds"),
        ("sessions.PLAIN.username=ME", "username: found ME, expected a password with it"),
        (
            "sessions.PLAIN.password={a: b}",
            "password: found a mapping, expected none, stored, or a",
        ),
    ],
)
def test_what_is_wrong_is_named(file: Path, override: str, told: str) -> None:
    assert told in refused(file, override)


@pytest.mark.parametrize("password", ["hunter2hunter2", f"{NOBODYS}x", "Stored", "''"])
def test_a_password_in_plain_text_is_not_repeated(file: Path, password: str) -> None:
    told = refused(file, f"sessions.PLAIN.password={password}")
    assert "sessions[1].password: found another text, expected none, stored, or a hash of" in told
    assert "hunter2" not in told


@pytest.mark.parametrize("password", ["none", "stored", str(NOBODYS)])
def test_what_a_password_may_be(file: Path, password: str) -> None:
    config = load(file, [f"sessions.PLAIN.password={password}"])
    session = next(each for each in configured_sessions(config) if each.comp_id == "PLAIN")
    assert session.has_password is (password != "none")
    assert session.password_hash == (password if password == str(NOBODYS) else None) or (
        not session.has_password
    )


def test_a_line_is_named(file: Path) -> None:
    file.write_text(TEXT.replace("firm: BETA\n    roles", "firm: GAMMA\n    roles"))
    with pytest.raises(ConfigError, match=r"venue\.yaml:18: sessions\[2\]\.firm: found GAMMA, exp"):
        load(file)
