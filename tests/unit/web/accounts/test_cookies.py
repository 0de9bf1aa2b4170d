"""A login is a cookie that nobody else can make, until it ends."""

from pathlib import Path

import pytest

from venue.errors import VenueError
from venue.web.accounts import cookies as cookies_module
from venue.web.accounts.cookies import Cookies, Login


class Users:
    """What is signed along with a user's cookies, by name."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {"alpha": "none", "b.ta ü": "none"}
        self.now = 1_000_000.0

    def cookies(self, directory: Path) -> Cookies:
        return Cookies(directory, self.secrets.get, lambda: self.now)


@pytest.fixture
def users() -> Users:
    return Users()


def log_out(cookies: Cookies, login: Login) -> None:
    cookies.end(login)
    cookies.store(cookies.ended())


@pytest.mark.parametrize("name", ["alpha", "b.ta ü"])
def test_a_cookie_says_who_it_is_of(users: Users, tmp_path: Path, name: str) -> None:
    cookies = users.cookies(tmp_path)
    value, login = cookies.make(name, 60)
    assert (login.user, login.expires) == (name, 1_000_060)
    assert cookies.read(value) == login
    assert value.isascii() and ";" not in value and " " not in value


def test_a_restart_changes_nothing(users: Users, tmp_path: Path) -> None:
    one, ended = (users.cookies(tmp_path).make("alpha", 60) for _ in range(2))
    log_out(users.cookies(tmp_path), ended[1])
    again = users.cookies(tmp_path)
    assert again.read(one[0]) == one[1]
    assert again.read(ended[0]) is None
    for name in ("web-key", "web-logged-out"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_it_expires(users: Users, tmp_path: Path) -> None:
    cookies = users.cookies(tmp_path)
    value, login = cookies.make("alpha", 60)
    users.now += 59
    assert cookies.read(value) == login and cookies.is_open(login)
    users.now += 1
    assert cookies.read(value) is None and not cookies.is_open(login)


def test_another_password_or_no_such_user_ends_all(users: Users, tmp_path: Path) -> None:
    cookies = users.cookies(tmp_path)
    value, login = cookies.make("alpha", 60)
    users.secrets["alpha"] = "another"
    assert cookies.read(value) is None
    users.secrets["alpha"] = "none"
    assert cookies.read(value) == login
    del users.secrets["alpha"]
    assert cookies.read(value) is None and not cookies.is_open(login)


def test_no_part_of_it_can_be_changed(users: Users, tmp_path: Path) -> None:
    cookies = users.cookies(tmp_path)
    value, _ = cookies.make("alpha", 60)
    name, number, expires, signature = value.split(".")
    other = cookies.make("b.ta ü", 60)[0].split(".")
    forged = [
        [other[0], number, expires, signature],
        [name, other[1], expires, signature],
        [name, number, str(int(expires) + 1), signature],
        [name, number, expires, other[3]],
        [name, number, expires, ""],
        [name, number, expires, "ü" * 64],
        [name, number, expires],
        [name, number, expires, signature, ""],
        ["ü", number, expires, signature],
        [name, number, "x", signature],
        [""],
    ]
    assert [cookies.read(".".join(parts)) for parts in forged] == [None] * len(forged)


def test_another_key_is_another_venue(users: Users, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    value, login = users.cookies(tmp_path / "one").make("alpha", 60)
    other = users.cookies(tmp_path / "other")
    assert other.read(value) is None
    assert other.csrf(login) != users.cookies(tmp_path / "one").csrf(login)


def test_ended_logins_are_forgotten_when_they_expire(users: Users, tmp_path: Path) -> None:
    cookies = users.cookies(tmp_path)
    for seconds in (60, 3600):
        log_out(cookies, cookies.make("alpha", seconds)[1])
    users.now += 61
    log_out(cookies, cookies.make("alpha", 60)[1])
    assert len((tmp_path / "web-logged-out").read_text().splitlines()) == 2


def test_ended_logins_of_a_user_are_bounded(
    users: Users, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rather than one that has ended, one that is older than many of those is forgotten."""
    monkeypatch.setattr(cookies_module, "MOST_ENDED", 10)
    cookies = users.cookies(tmp_path)
    old, other = cookies.make("alpha", 60), cookies.make("b.ta ü", 60)
    made = []
    for _ in range(100):
        users.now += 1
        made.append(cookies.make("alpha", 60))
        cookies.end(made[-1][1])
        assert len(cookies.ended()) <= 11
    young = cookies.make("alpha", 60)
    cookies.store(cookies.ended())
    users.now -= 90
    for each in (cookies, users.cookies(tmp_path)):
        assert [each.read(value) for value, _ in made] == [None] * 100
        assert each.read(old[0]) is None
        assert each.read(young[0]) and each.read(other[0])


def test_csrf_is_of_the_login(users: Users, tmp_path: Path) -> None:
    cookies = users.cookies(tmp_path)
    logins = [cookies.make("alpha", 60)[1] for _ in range(2)]
    assert len({cookies.csrf(login) for login in logins}) == 2
    assert cookies.csrf(logins[0]) == users.cookies(tmp_path).csrf(logins[0])


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("web-key", "short\n", "expected 64 hex digits, or no such file"),
        ("web-key", "ab" * 31, "expected 64 hex digits, or no such file"),
        ("web-logged-out", "abc\n", "expected lines of a user, an id and a time"),
    ],
)
def test_broken_files(users: Users, tmp_path: Path, name: str, content: str, expected: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(VenueError, match=expected):
        users.cookies(tmp_path)


@pytest.mark.parametrize("name", ["web-key", "web-logged-out"])
def test_files_that_others_may_read(users: Users, tmp_path: Path, name: str) -> None:
    log_out(users.cookies(tmp_path), users.cookies(tmp_path).make("alpha", 60)[1])
    (tmp_path / name).chmod(0o604)
    with pytest.raises(VenueError, match="others may use it, its mode is 0604"):
        users.cookies(tmp_path)
