"""Password hashes (argon2id) and the few rules that a new password must keep."""

from __future__ import annotations

import threading
import unicodedata
from enum import StrEnum
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_LENGTH: Final = 10
TOO_COMMON: Final = frozenset(
    {"1234567890", "12345678910", "password123", "matkhau123", "qwertyuiop", "0123456789", "abc1234567"}
)
# Each hash takes 64 MiB for a tenth of a second: a rush of sign-ins queues rather than exhausting the memory.
_TWO_AT_ONCE: Final = threading.BoundedSemaphore(2)


class PasswordProblem(StrEnum):
    too_short = "too_short"
    is_login = "is_login"
    too_common = "too_common"


def password_problem(password: str, login: str) -> PasswordProblem | None:
    if len(password) < LEAST_LENGTH:
        return PasswordProblem.too_short
    if login and login in password.lower() and len(password) < LEAST_LENGTH + len(login):
        return PasswordProblem.is_login
    if password.lower() in TOO_COMMON or len(set(password)) <= LEAST_LENGTH // 3:
        return PasswordProblem.too_common
    return None


@cache
def hasher() -> PasswordHasher:
    """argon2id at the library's recommended cost. Tests put a cheaper one in its place."""
    return PasswordHasher()


def hash_password(password: str) -> str:
    with _TWO_AT_ONCE:
        return hasher().hash(_composed(password))


def is_password(stored: str | None, password: str) -> bool:
    """Whether the password fits. Without an account a hash is computed all the same, so that time tells nothing."""
    known = stored or _nobody()
    try:
        with _TWO_AT_ONCE:
            hasher().verify(known, _composed(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def needs_new_hash(stored: str) -> bool:
    return hasher().check_needs_rehash(stored)


def _composed(password: str) -> str:
    # Keyboards write Vietnamese letters as one or as two code points: it is the same password either way.
    return unicodedata.normalize("NFC", password)


@cache
def _nobody() -> str:
    return hash_password("nobody has this password")
