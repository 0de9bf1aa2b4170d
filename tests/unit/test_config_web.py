"""The section `web` of a configuration: what is wrong, and where."""

import re
from pathlib import Path

import pytest

from venue.config import WebConfig, load
from venue.configuration.web import is_loopback
from venue.errors import ConfigError, VenueError
from venue.files import shipped
from venue.passwords import NOBODYS
from venue.web.passwords import session_passwords
from venue.web.settings import settings_of

HASH = f"sha256:{'0' * 64}"
TEXT = f"""\
sessions:
  - {{comp_id: MD, firm: DATA, roles: [market_data]}}
  - {{comp_id: ONE, firm: ALPHA, roles: [order_entry]}}
  - {{comp_id: TWO, firm: BETA, roles: [order_entry]}}
  - {{comp_id: OLD, firm: BETA, roles: [order_entry], versions: [FIX.4.4]}}
  - {{comp_id: COPY, firm: BETA, roles: [drop_copy]}}
  - {{comp_id: OP, firm: VENUE, roles: [operator]}}
  - {{comp_id: ALL, firm: BETA, roles: [order_entry, operator, market_data]}}
instruments:
  - {{symbol: X, tick: 1, lot: 1, reference_price: 9, min_qty: 1, max_qty: 9, currency: USD}}
web:
  market_data: MD
  users:
    - {{name: alpha, session: ONE, tokens: [{{name: bot, hash: "{HASH}", expires: 2027-01-31}}]}}
    - {{name: beta, session: TWO, drop_copy: COPY}}
    - {{name: gamma, session: TWO}}
    - {{name: boss, operator: OP}}
"""
NEEDS = "a session with the role {}, and FIX.5.0SP2 among its versions"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "venue.yaml"
    path.write_text(TEXT)
    return path


def test_a_section_says_who_may_come_in_and_with_which_sessions(file: Path) -> None:
    web = settings_of(load(file))
    assert web.comp_ids == ("MD", "ONE", "TWO", "COPY", "OP")
    assert [user.name for user in web.everybody] == ["alpha", "beta", "gamma", "boss"]
    assert web.anonymous_user is None
    assert settings_of(load(file, ["web.anonymous=beta"])).anonymous_user == "beta"
    assert settings_of(load(file, ["web.anonymous=nobody"])).anonymous_user is None


def test_the_shipped_example_is_the_default(tmp_path: Path) -> None:
    text = shipped("config/venue.yaml").read_text()
    assert load(shipped("config/venue.yaml")).web is None
    example = re.search(r"^# web:\n(#  .*\n)+", text, re.MULTILINE)
    assert example is not None
    path = tmp_path / "venue.yaml"
    section = re.sub("^# ", "", example[0], flags=re.MULTILINE)
    path.write_text(text.replace(f"{example[0]}web:\n", section))
    written, defaults = load(path).web, WebConfig()
    assert written is not None
    for key in sorted({*WebConfig.__struct_fields__} - {"users", "anonymous"}):
        assert getattr(written, key) == getattr(defaults, key), key
    assert written.everybody == defaults.everybody
    assert written.anonymous_user == defaults.anonymous_user == "alpha"


@pytest.mark.parametrize(
    ("overrides", "key", "expected"),
    [
        (["web.market_data=NONE"], "web.market_data", NEEDS.format("market_data")),
        (["web.market_data=ONE"], "web.market_data", NEEDS.format("market_data")),
        (["web.users.alpha.session=NONE"], "web.users[0].session", NEEDS.format("order_entry")),
        (["web.users.alpha.session=MD"], "web.users[0].session", NEEDS.format("order_entry")),
        (["web.users.alpha.session=OLD"], "web.users[0].session", NEEDS.format("order_entry")),
        (
            ["venue.versions=[FIX.4.4]", "sessions.OLD.versions=[FIX.4.4]"],
            "web.market_data",
            NEEDS.format("market_data"),
        ),
        (["web.users.beta.drop_copy=ONE"], "web.users[1].drop_copy", NEEDS.format("drop_copy")),
        (
            ["sessions.COPY.firm=ALPHA"],
            "web.users[1].drop_copy",
            "a session of firm BETA, for which TWO trades (COPY is of ALPHA)",
        ),
        (
            ["sessions.COPY.roles=[drop_copy, clearing]"],
            "web.users[1].drop_copy",
            "a session without the role clearing, which shows all firms",
        ),
        (
            ["web.users.beta.session=null"],
            "web.users[1].drop_copy",
            "none, or a session beside it",
        ),
        (["web.users.boss.operator=COPY"], "web.users[3].operator", NEEDS.format("operator")),
        (
            ["web.users.alpha.session=ALL", "web.users.boss.operator=ALL"],
            "web.users[3].operator",
            "a session that is not session as well",
        ),
        (
            ["web.market_data=ALL", "web.users.beta.session=ALL"],
            "web.users[1].session",
            "a session that is not market_data as well",
        ),
        (
            ["web.users.beta.name=alpha"],
            "web.users[1].name",
            "each name once (users[0] has it too)",
        ),
        (["web.users.beta.name=nobody"], "web.users[1].name", "another name, nobody is nobody"),
        (["web.users=[]"], "web.users", "at least one, or no such key"),
        (
            ["web.anonymous=delta"],
            "web.anonymous",
            "nobody, or one of alpha, beta, gamma, boss",
        ),
        (
            ["web.users.alpha.password=secret"],
            "web.users[0].password",
            "none, or a hash of `venue passwd --print`",
        ),
        (
            ["web.users.alpha.tokens.bot.hash=sha256:12"],
            "web.users[0].tokens[0].hash",
            "sha256: and 64 hex digits, as `venue web-token` stores",
        ),
        (
            ["web.users.alpha.tokens.bot.expires=tomorrow"],
            "web.users[0].tokens[0].expires",
            "a date, YYYY-MM-DD",
        ),
        (
            [f"web.users.beta.tokens=[{{name: x, hash: '{HASH}'}}]"],
            "web.users",
            "each token's hash once",
        ),
        (["web.host=0.0.0.0"], "web.users[0].password", "is no loopback"),
        (["web.cors=[desk.example]"], "web.cors[0]", "an origin such as https://desk.example"),
        (["web.cors=['*']"], "web.cors[0]", "an origin such as https://desk.example"),
        (["web.allowed_hosts=['a:80']"], "web.allowed_hosts[0]", "without a port"),
        (["web.proxies=[desk]"], "web.proxies[0]", "an address or a network such as 192.0.2.0/24"),
        (["web.proxies=[]"], "web.proxies", "at least one address or network"),
        (["web.rate.requests=0"], "web.rate.requests", "1 to 100000"),
        (["web.connections=0"], "web.connections", "1 to 100000"),
        (["web.cookie_hours=0"], "web.cookie_hours", "1 to 8760 hours"),
        (["web.port=-1"], "web.port", "a port number from 0 to 65535"),
        (["web.prot=1"], "web.prot", "one of host, port,"),
    ],
)
def test_what_is_refused(file: Path, overrides: list[str], key: str, expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(file, overrides)
    assert caught.value.key == key
    assert expected in caught.value.expected


def test_a_password_is_not_shown(file: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(file, ["web.users.alpha.password=open sesame"])
    assert "sesame" not in str(caught.value)


def test_others_reach_it_only_if_everybody_needs_a_password(file: Path) -> None:
    passwords = [
        f"web.users.{name}.password={NOBODYS}" for name in ("alpha", "beta", "gamma", "boss")
    ]
    assert load(file, ["web.host=192.0.2.1", *passwords]).web is not None
    with pytest.raises(ConfigError) as caught:
        load(file, ["web.host=192.0.2.1", *passwords, "web.anonymous=alpha"])
    assert caught.value.key == "web.anonymous"
    assert caught.value.expected == "nobody, as web.host 192.0.2.1 is no loopback"


@pytest.mark.parametrize(
    ("host", "is_one"),
    [
        *(("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("[::1]", True)),
        *(("localhost", True), ("0.0.0.0", False), ("::", False), ("192.0.2.1", False)),
        *(("desk.example", False), ("127.0.0.1.desk.example", False)),
    ],
)
def test_loopback(host: str, is_one: bool) -> None:
    assert is_loopback(host) == is_one


def test_without_a_section_it_says_which_session_is_missing(file: Path) -> None:
    file.write_text(TEXT.partition("web:")[0])
    config = load(file)
    with pytest.raises(ConfigError) as caught:
        settings_of(config)
    assert str(caught.value) == (
        "configuration: web.market_data: found nothing, expected "
        f"{NEEDS.format('market_data')} (WEBMD is none); or a section `web` that names others"
    )


def test_the_password_of_a_session_comes_from_a_file(file: Path, tmp_path: Path) -> None:
    secrets = tmp_path / "secrets.yaml"
    stored = ["sessions.ONE.password=stored", f"web.password_file={secrets}"]

    def found() -> dict[str, str]:
        config = load(file, stored)
        return session_passwords(config, settings_of(config))

    config = load(file, stored[:1])
    with pytest.raises(VenueError, match="no password of ONE, which has to log on with one"):
        session_passwords(config, settings_of(config))
    with pytest.raises(VenueError, match="no such file"):
        found()
    secrets.write_text("TWO: other words\n")
    secrets.chmod(0o600)
    with pytest.raises(VenueError, match="no password of ONE, which"):
        found()
    secrets.write_text("ONE: some words\n")
    assert found() == {"ONE": "some words"}
    secrets.chmod(0o640)
    with pytest.raises(VenueError, match="others may use it, its mode is 0640"):
        found()
    secrets.chmod(0o600)
    secrets.write_text("- ONE\n")
    with pytest.raises(VenueError, match="expected lines of the form COMP_ID: password"):
        found()
