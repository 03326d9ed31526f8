"""Passwords: argon2id (RFC 9106), and what a new one must be. Heavy: never call inside a write transaction."""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from workflow.domain.errors import BadInput

SHORTEST = 12
LONGEST = 200

_HASHER = PasswordHasher()
"""argon2-cffi's defaults: RFC 9106's low-memory profile (64 MiB, 3 passes, 4 lanes)."""

_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$2cGxImDaehCEorfU9QyPcw$rSSl8Uqj1JLRZUGuBPfgja4hk1cPGwIWZ6XlZqpLIL8"
"""A hash of our settings that no account has. Written out: working it out would cost every process that starts."""

_WORN_OUT = frozenset(
    [
        "123456789012",
        "1234567890123",
        "password1234",
        "passwordpassword",
        "matkhau12345",
        "matkhaumatkhau",
        "qwertyuiop123",
        "qwertyuiopasd",
        "abcdefghijkl",
        "abc123456789",
        "administrator",
        "uybannhandan",
        "uybannhandan1",
        "vietnam12345",
        "111111111111",
        "000000000000",
        "anhyeuem1234",
        "choithoinao1",
    ]
)


def make_hash(password: str) -> str:
    """The hash to keep."""
    return _HASHER.hash(_typed(password))


def matches(password: str, kept: str) -> bool:
    """Whether a password is the one behind a hash. With no hash it takes as long and says no."""
    try:
        return _HASHER.verify(kept or _NOBODY, _typed(password)) and bool(kept)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def outdated(kept: str) -> bool:
    """Whether a hash was made with weaker settings than today's: it is renewed at the next login."""
    return _HASHER.check_needs_rehash(kept)


def demand_good(password: str, username: str) -> None:
    """Refuse a new password that is short, widely known, or the login name (NIST SP 800-63B, 5.1.1.2).

    No rules about digits and signs: they make passwords shorter and patterned.
    """
    plain = _typed(password)
    if len(plain) < SHORTEST:
        raise BadInput("password_short", shortest=SHORTEST)
    if len(plain) > LONGEST:
        raise BadInput("password_long", longest=LONGEST)
    lower = plain.lower()
    if lower in _WORN_OUT or len(set(lower)) < 4 or (username and username.lower() in lower and len(lower) < 20):
        raise BadInput("password_known")


def _typed(password: str) -> str:
    """One spelling for each password, whichever keyboard composed its letters."""
    return unicodedata.normalize("NFC", password)[: LONGEST * 2]
