"""Password hashes (argon2id) and the few rules that a new password must keep."""

from __future__ import annotations

import threading
import unicodedata
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dashboard.domain.folding import unmarked
from dashboard.domain.guessing import is_only_digits, is_soon_guessed, joined, letters_of

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST_LENGTH: Final = 10
FEWEST_DIFFERENT: Final = 4
# Each hash takes 64 MiB for a tenth of a second: a rush of sign-ins queues rather than exhausting the memory.
_TWO_AT_ONCE: Final = threading.BoundedSemaphore(2)


class PasswordProblem(StrEnum):
    too_short = "too_short"
    is_login = "is_login"
    too_common = "too_common"
    only_digits = "only_digits"
    names_only = "names_only"


def password_problem(password: str, login: str, own_words: Iterable[str] = ()) -> PasswordProblem | None:
    """The first rule that the password breaks.

    `own_words` are what a guesser knows: the person's name, the town, its communes.
    """
    if letters_of(password) < LEAST_LENGTH:
        return PasswordProblem.too_short
    name = joined(login)
    if name and name in joined(password) and letters_of(password) < LEAST_LENGTH + len(login):
        return PasswordProblem.is_login
    if is_only_digits(password):
        return PasswordProblem.only_digits
    if len(set(unmarked(password))) < FEWEST_DIFFERENT or is_soon_guessed(password):
        return PasswordProblem.too_common
    return PasswordProblem.names_only if is_soon_guessed(password, [login, *own_words]) else None


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
