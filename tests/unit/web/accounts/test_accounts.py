"""Who a request is from, by token, by cookie and by neither."""

import asyncio
import threading
from pathlib import Path

import msgspec
import pytest

from tests.unit.web.accounts.conftest import PASSWORD, Asking, Clock
from venue.configuration.access import LockoutConfig
from venue.configuration.web import WebConfig
from venue.passwords import NOBODYS
from venue.web.accounts import accounts as module
from venue.web.accounts.accounts import Accounts
from venue.web.accounts.cookies import Cookies
from venue.web.accounts.tokens import Token, TokenFile, hashed
from venue.web.accounts.users import Principal
from venue.web.problems import Problem


def refused(call: "asyncio.Future[object] | object", *arguments: object) -> Problem:
    with pytest.raises(Problem) as caught:
        call(*arguments)  # type: ignore[operator]
    return caught.value


def log_in(
    accounts: Accounts, asking: Asking, name: str, password: str | None = None, **more: str
) -> tuple[str, Principal]:
    return asyncio.run(accounts.log_in(name, password, asking("POST", **more)))


def no_login(
    accounts: Accounts, asking: Asking, name: str, password: str | None = None, **more: str
) -> Problem:
    with pytest.raises(Problem) as caught:
        log_in(accounts, asking, name, password, **more)
    return caught.value


def name_of(principal: Principal) -> str | None:
    return None if principal.user is None else principal.user.name


def test_who_shows_nothing_is_the_anonymous_user(accounts: Accounts, asking: Asking) -> None:
    who = accounts.identify(asking())
    assert (name_of(who), who.via, who.csrf, who.read_only) == ("alpha", "anonymous", None, False)
    assert who.key == "address:127.0.0.1"


@pytest.mark.parametrize("header", ["forwarded", "x_forwarded_for", "x_real_ip"])
def test_who_comes_through_a_proxy_is_nobody(
    accounts: Accounts, asking: Asking, header: str
) -> None:
    who = accounts.identify(asking(**{header: "192.0.2.9"}))
    assert (who.user, who.via) == (None, "nobody")
    assert no_login(accounts, asking, "alpha", **{header: "192.0.2.9"}).code == "wrong_login"


def test_nobody_is_anonymous_where_others_can_come(
    settings: WebConfig, asking: Asking, tmp_path: Path
) -> None:
    open_to_all = msgspec.structs.replace(settings, host="192.0.2.1")
    accounts = Accounts(open_to_all, LockoutConfig(), tmp_path)
    assert accounts.identify(asking()).user is None
    assert accounts.without_password == []
    assert no_login(accounts, asking, "alpha").code == "wrong_login"


def test_a_token_says_who(accounts: Accounts, asking: Asking) -> None:
    who = accounts.identify(asking("DELETE", authorization="Bearer full"))
    assert (name_of(who), who.via, who.read_only) == ("alpha", "token", False)
    assert who.key == "token:alpha/bot" and who.csrf is None
    assert accounts.identify(asking(authorization="bearer  look ")).read_only


def test_a_user_who_may_only_look(
    accounts: Accounts, settings: WebConfig, asking: Asking, tmp_path: Path
) -> None:
    """However he comes in: with a token that says nothing of it, with a cookie, or as anybody."""
    assert accounts.identify(asking(authorization="Bearer sees")).read_only
    value, who = log_in(accounts, asking, "viewer")
    assert who.read_only and accounts.identify(asking(**cookie(accounts, value))).read_only
    assert who.user is not None and who.user.rights(who.read_only) == ["read"]
    open_to_all = msgspec.structs.replace(settings, anonymous="viewer")
    anybody = Accounts(open_to_all, LockoutConfig(), tmp_path).identify(asking())
    assert anybody.read_only and name_of(anybody) == "viewer"


@pytest.mark.parametrize("text", ["Bearer none", "Bearer", "Bearer " + "x" * 10_000, "Bearer ü"])
def test_a_token_that_is_not_known(accounts: Accounts, asking: Asking, text: str) -> None:
    problem = refused(accounts.identify, asking(authorization=text))
    assert (problem.status, problem.code) == (401, "bad_token")
    assert problem.headers == {"WWW-Authenticate": "Bearer"}
    assert "none" not in problem.detail


def test_another_kind_of_authorization(accounts: Accounts, asking: Asking) -> None:
    problem = refused(accounts.identify, asking(authorization="Basic YTpi"))
    assert (problem.status, problem.code) == (401, "bad_token")


def test_a_token_expires(accounts: Accounts, asking: Asking, clock: Clock) -> None:
    problem = refused(accounts.identify, asking(authorization="Bearer old"))
    assert (problem.status, problem.code) == (401, "expired_token")
    who = accounts.identify(asking(authorization="Bearer soon"))
    assert who.expires_at == 1_800_057_600 and accounts.is_open(who)
    clock.now = 1_800_057_599
    assert accounts.is_open(who)
    clock.now = 1_800_057_600
    assert not accounts.is_open(who)
    assert refused(accounts.by_token, "soon").code == "expired_token"


def test_a_token_file_is_read_again(accounts: Accounts, tmp_path: Path) -> None:
    assert refused(accounts.by_token, "new").code == "bad_token"
    file = TokenFile(tmp_path)
    file.add(Token("operator", "x", hashed("new"), False, None))
    file.add(Token("gone", "x", hashed("orphan"), False, None))
    who = accounts.by_token("new")
    assert name_of(who) == "operator" and accounts.is_open(who)
    assert refused(accounts.by_token, "orphan").code == "bad_token"
    file.remove("operator", "x")
    assert not accounts.is_open(who)
    assert refused(accounts.by_token, "new").code == "bad_token"
    assert name_of(accounts.by_token("full")) == "alpha"


def cookie(accounts: Accounts, value: str) -> dict[str, str]:
    return {"cookie": f"other=1; {accounts.cookie_name}={value}"}


def test_a_login(accounts: Accounts, asking: Asking) -> None:
    assert accounts.without_password == ["alpha", "operator", "guest", "viewer"]
    value, who = log_in(accounts, asking, "operator")
    assert accounts.identify(asking(**cookie(accounts, value))) == who
    assert (name_of(who), who.via, who.key) == ("operator", "cookie", "user:operator")
    assert who.expires_at == 1_800_000_000 + 12 * 3600


def test_what_changes_something_shows_the_csrf_token(accounts: Accounts, asking: Asking) -> None:
    value, who = log_in(accounts, asking, "alpha")
    other = log_in(accounts, asking, "alpha")[1]
    assert who.csrf and other.csrf != who.csrf
    mine = cookie(accounts, value)
    assert accounts.identify(asking("POST", x_csrf_token=who.csrf, **mine)) == who
    for method in ("POST", "PATCH", "DELETE", "PUT"):
        problem = refused(accounts.identify, asking(method, **mine))
        assert (problem.status, problem.code) == (403, "csrf")
    assert refused(accounts.identify, asking("POST", x_csrf_token="", **mine)).code == "csrf"
    wrong = asking("POST", x_csrf_token=other.csrf, **mine)
    assert refused(accounts.identify, wrong).code == "csrf"


def test_a_cookie_that_is_not_good_is_taken_away(accounts: Accounts, asking: Asking) -> None:
    problem = refused(accounts.identify, asking(**cookie(accounts, "nonsense")))
    assert (problem.status, problem.code) == (401, "login_ended")
    assert problem.headers["Set-Cookie"].startswith(f"{accounts.cookie_name}=; Path=/; Max-Age=0;")


def test_a_token_comes_before_a_cookie(accounts: Accounts, asking: Asking) -> None:
    value, _ = log_in(accounts, asking, "operator")
    both = asking("POST", authorization="Bearer full", **cookie(accounts, value))
    assert name_of(accounts.identify(both)) == "alpha"


def test_logging_out_ends_a_copied_cookie(accounts: Accounts, asking: Asking) -> None:
    value, who = log_in(accounts, asking, "alpha")
    _, other = log_in(accounts, asking, "alpha")
    asyncio.run(accounts.log_out(who))
    assert refused(accounts.identify, asking(**cookie(accounts, value))).code == "login_ended"
    assert not accounts.is_open(who) and accounts.is_open(other)


def test_the_loop_goes_on_while_a_logout_is_written_down(
    accounts: Accounts, asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [log_in(accounts, asking, "alpha")[1] for _ in range(20)]
    loop_has_gone_on = threading.Event()
    stored: list[int] = []

    def store(_: Cookies, ended: list[tuple[str, str, int]]) -> None:
        assert loop_has_gone_on.wait(10), "the loop waits for the disk"
        stored.append(len(ended))

    async def main() -> None:
        asyncio.get_running_loop().call_later(0.01, loop_has_gone_on.set)
        await asyncio.gather(*(accounts.log_out(who) for who in people))

    monkeypatch.setattr(Cookies, "store", store)
    asyncio.run(main())
    assert stored[-1] == 20 and len(stored) <= 2


def test_a_login_ends_by_itself(accounts: Accounts, asking: Asking, clock: Clock) -> None:
    value, who = log_in(accounts, asking, "alpha")
    clock.now += 12 * 3600
    assert not accounts.is_open(who)
    assert refused(accounts.identify, asking(**cookie(accounts, value))).code == "login_ended"


def test_flags_of_the_cookie(accounts: Accounts, asking: Asking) -> None:
    plain = accounts.cookie("v", 60, asking())
    assert plain == "venue_8000=v; Path=/; Max-Age=60; HttpOnly; SameSite=Strict"
    behind = accounts.cookie("v", 60, asking(x_forwarded_proto="https"))
    assert behind == f"{plain}; Secure"


def test_a_password(accounts: Accounts, asking: Asking) -> None:
    for wrong in (None, "", "correct horses", "x" * 1000, "ü€"):
        problem = no_login(
            accounts, asking, "careful", wrong, address=f"192.0.2.{len(wrong or '')}"
        )
        assert (problem.status, problem.code) == (401, "wrong_login")
    assert name_of(log_in(accounts, asking, "careful", PASSWORD)[1]) == "careful"
    assert name_of(log_in(accounts, asking, "careful", PASSWORD, x_real_ip="::1")[1]) == "careful"


def test_no_such_user_takes_as_long_and_reads_the_same(
    accounts: Accounts, asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = []
    monkeypatch.setattr(module, "matches", lambda *each: looked_at.append(each) or True)
    problem = no_login(accounts, asking, "stranger", "x")
    assert looked_at == [("x", NOBODYS)]
    monkeypatch.undo()
    assert problem.detail == no_login(accounts, asking, "careful", "x").detail


def test_too_many_logins(accounts: Accounts, asking: Asking) -> None:
    for _ in range(3):
        assert no_login(accounts, asking, "careful", "x").status == 401
    problem = no_login(accounts, asking, "careful", PASSWORD)
    assert (problem.status, problem.code) == (429, "too_many_logins")
    assert 0 < int(problem.headers["Retry-After"]) <= 301
    assert log_in(accounts, asking, "careful", PASSWORD, address="192.0.2.1")
    assert log_in(accounts, asking, "alpha")


def test_an_address_that_tries_many_names(
    accounts: Accounts, asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "matches", lambda *_: False)
    for number in range(30):
        assert no_login(accounts, asking, f"user{number}", "x").status == 401
    assert no_login(accounts, asking, "alpha").code == "too_many_logins"
    assert log_in(accounts, asking, "alpha", address="192.0.2.1")


def test_a_proxy_says_where_a_request_comes_from(
    settings: WebConfig, asking: Asking, tmp_path: Path
) -> None:
    behind = msgspec.structs.replace(settings, proxies=("127.0.0.1", "2001:db8::/32"))
    accounts = Accounts(behind, LockoutConfig(), tmp_path)
    told = {"x_forwarded_for": "10.0.0.1, 192.0.2.7"}
    assert accounts.address(asking(**told)) == "192.0.2.7"
    assert accounts.address(asking(address="2001:db8::5", **told)) == "192.0.2.7"
    assert accounts.address(asking(address="192.0.2.1", **told)) == "192.0.2.1"
    assert accounts.address(asking()) == "127.0.0.1"
    assert accounts.address(asking(x_forwarded_for="nonsense")) == "127.0.0.1"
    assert accounts.identify(asking(**told)).key == "address:192.0.2.7"


def test_where_there_is_no_proxy_nobody_is_believed(accounts: Accounts, asking: Asking) -> None:
    assert accounts.address(asking(x_forwarded_for="192.0.2.7")) == "127.0.0.1"


def test_not_too_many_passwords_at_once(
    accounts: Accounts, asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_LOGINS", 2)

    async def many() -> list[object]:
        tries = [
            accounts.log_in("careful", "x", asking("POST", address=f"192.0.2.{number}"))
            for number in range(5)
        ]
        return await asyncio.gather(*tries, return_exceptions=True)

    statuses = [each.status for each in asyncio.run(many()) if isinstance(each, Problem)]
    assert sorted(statuses) == [401, 401, 503, 503, 503]


def test_a_rate(accounts: Accounts) -> None:
    for _ in range(5):
        accounts.limit("a")
    problem = refused(accounts.limit, "a")
    assert (problem.status, problem.code) == (429, "too_many_requests")
    assert problem.headers["Retry-After"] in ("2", "3")
    assert problem.detail == "more than 5 requests in 10 s"
    accounts.limit("b")


def test_rights(accounts: Accounts) -> None:
    rights = {name: user.rights(False) for name, user in accounts.users.items()}
    assert rights["alpha"] == ["read", "trade"]
    assert rights["operator"] == ["read", "operate"]
    assert rights["guest"] == ["read"]
    assert (
        accounts.users["alpha"].rights(True) == accounts.users["operator"].rights(True) == ["read"]
    )
