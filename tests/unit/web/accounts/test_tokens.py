"""API tokens: made once, kept as a hash, refused when they have to be."""

from datetime import date
from pathlib import Path

import pytest

from venue.errors import VenueError
from venue.web.accounts.tokens import Token, TokenFile, hashed, new_token

DIGEST = f"sha256:{'a' * 64}"


def token(name: str = "bot", digest: str = DIGEST, user: str = "alpha") -> Token:
    return Token(user, name, digest, False, None)


def test_a_token_is_long_and_never_the_same() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100 and min(map(len, tokens)) >= 43


def test_a_hash_is_the_sha_256() -> None:
    assert hashed("abc") == (
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_what_is_stored_is_read_back(tmp_path: Path) -> None:
    file = TokenFile(tmp_path)
    assert file.tokens() == []
    one = token()
    other = Token("beta", "look", hashed("x"), True, date(2027, 1, 31))
    file.add(one)
    file.add(other)
    assert TokenFile(tmp_path).tokens() == [one, other]
    assert (tmp_path / "web-tokens").stat().st_mode & 0o777 == 0o600


def test_each_name_of_a_user_once(tmp_path: Path) -> None:
    file = TokenFile(tmp_path)
    file.add(token())
    with pytest.raises(VenueError, match="alpha has a token bot"):
        file.add(token(digest=hashed("y")))
    file.add(token(user="beta", digest=hashed("y")))
    assert [each.user for each in file.tokens()] == ["alpha", "beta"]


def test_a_token_is_taken_away(tmp_path: Path) -> None:
    file = TokenFile(tmp_path)
    file.add(token())
    file.add(token("other", hashed("z")))
    assert file.remove("alpha", "bot")
    assert not file.remove("alpha", "bot")
    assert not file.remove("beta", "other")
    assert [each.name for each in file.tokens()] == ["other"]


def test_another_process_is_noticed(tmp_path: Path) -> None:
    ours, theirs = TokenFile(tmp_path), TokenFile(tmp_path)
    ours.tokens()
    assert not ours.is_changed()
    theirs.add(token())
    assert ours.is_changed()
    assert [each.name for each in ours.tokens()] == ["bot"]
    assert not ours.is_changed()


def test_a_file_that_others_may_read_is_not_trusted(tmp_path: Path) -> None:
    file = TokenFile(tmp_path)
    file.add(token())
    (tmp_path / "web-tokens").chmod(0o644)
    assert file.is_changed()
    with pytest.raises(VenueError, match="others may use it, its mode is 0644, expected 0600"):
        file.tokens()


@pytest.mark.parametrize(
    "line",
    [
        "alpha bot",
        f"alpha bot {DIGEST} all never",
        f"alpha bot {DIGEST} full tomorrow",
        "alpha bot md5:1 full never",
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "web-tokens"
    path.write_text(f"# head\n\n{line}\n")
    path.chmod(0o600)
    with pytest.raises(VenueError, match=r"web-tokens:3: expected USER NAME HASH RIGHTS EXPIRES"):
        TokenFile(tmp_path).tokens()
