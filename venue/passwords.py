"""Passwords and their scrypt hashes: `scrypt$N$R$P$SALT$HASH`, salt and hash in base64.

What a password may be is decided here, and nothing about who has which. A password is the bytes
that came over the wire, as Latin-1.
"""

import base64
import hashlib
import hmac
import os
from typing import NamedTuple

SHORTEST, LONGEST = 8, 128
"""Characters of a password."""
RULE = f"{SHORTEST} to {LONGEST} printable ASCII characters"
MOST_MEMORY = 64 << 20
"""Bytes that a hash may take to compute: a configuration may have one that was made elsewhere."""
_COST, _BLOCK, _PARALLEL = 1 << 14, 8, 1
"""16 MiB and some 50 ms."""
_SALT_BYTES, _HASH_BYTES = 16, 32


class PasswordHash(NamedTuple):
    """A hash and what it was made with, as `hashlib.scrypt` calls it."""

    n: int
    r: int
    p: int
    salt: bytes
    digest: bytes

    def __str__(self) -> str:
        salt, digest = (base64.b64encode(each).decode() for each in (self.salt, self.digest))
        return f"scrypt${self.n}${self.r}${self.p}${salt}${digest}"


def hash_password(password: str) -> PasswordHash:
    """Hash a password with a salt of its own. Takes some 50 ms."""
    salt = os.urandom(_SALT_BYTES)
    digest = _scrypt(password, _COST, _BLOCK, _PARALLEL, salt, _HASH_BYTES)
    return PasswordHash(_COST, _BLOCK, _PARALLEL, salt, digest)


NOBODYS = PasswordHash(_COST, _BLOCK, _PARALLEL, bytes(_SALT_BYTES), bytes(_HASH_BYTES))
"""What no password has: for who has none, so that a refusal takes as long as any other."""


def matches(password: str, known: PasswordHash) -> bool:
    """Whether a password is that of a hash, in a time that does not depend on the answer."""
    n, r, p, salt, digest = known
    return hmac.compare_digest(_scrypt(password, n, r, p, salt, len(digest)), digest)


def same(one: str, other: str) -> bool:
    """Whether two texts are the same, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode("utf-8"), other.encode("utf-8"))


def parse_hash(text: str) -> PasswordHash:
    """Read what `str` makes of a hash. Raise `ValueError` where it is none, or takes too much."""
    kind, cost, block, parallel, salt, digest = text.split("$")
    n, r, p = int(cost), int(block), int(parallel)
    found = PasswordHash(
        n, r, p, base64.b64decode(salt, validate=True), base64.b64decode(digest, validate=True)
    )
    if kind != "scrypt" or str(found) != text:
        raise ValueError("no hash of a password")
    if n < 2 or n & (n - 1) or r < 1 or not 1 <= p <= 16 or 128 * r * (n + p + 2) > MOST_MEMORY:
        raise ValueError("a hash that cannot be computed")
    if len(found.salt) < _SALT_BYTES or not _HASH_BYTES <= len(found.digest) <= 64:
        raise ValueError("a hash that is too short")
    return found


def fault(password: str) -> str | None:
    """What is wrong with a new password, without the password itself."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"has {len(password)} characters, expected {RULE}"
    if not (password.isascii() and password.isprintable()):
        return f"has other characters, expected {RULE}"
    return None


def _scrypt(password: str, n: int, r: int, p: int, salt: bytes, length: int) -> bytes:
    return hashlib.scrypt(
        password.encode("latin-1", "replace"),
        salt=salt,
        n=n,
        r=r,
        p=p,
        maxmem=2 * MOST_MEMORY,
        dklen=length,
    )
