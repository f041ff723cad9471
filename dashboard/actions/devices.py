"""Browsers from which an account signed in before: each has a counter of its own, which strangers' guesses do not move.

A browser shows it by a mark that is signed with the account's password hash: no table is needed, nobody can make one
who does not know the hash, and another password ends them all.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import Final

MARK: Final = re.compile(r"(?P<account>\d{1,12})\.(?P<device>[0-9a-f]{16})\.(?P<seal>[0-9a-f]{32})", re.ASCII)
SEPARATOR: Final = "~"
# People who share a computer of an office.
MOST_MARKS: Final = 8


def known_device(marks: str, account_id: int | None, password_hash: str) -> str | None:
    """The device that one of these marks names, if this account signed in from it."""
    for mark in _each(marks):
        is_own = mark["account"] == str(account_id)
        if is_own and hmac.compare_digest(
            mark["seal"], _seal(mark["account"], mark["device"], password_hash)
        ):
            return mark["device"]
    return None


def marks_after_sign_in(marks: str, account_id: int, password_hash: str) -> str:
    """The marks that the browser keeps from now on: this account's first, others' as they were."""
    device = known_device(marks, account_id, password_hash) or secrets.token_hex(8)
    own = f"{account_id}.{device}.{_seal(str(account_id), device, password_hash)}"
    others = [mark[0] for mark in _each(marks) if mark["account"] != str(account_id)]
    return SEPARATOR.join([own, *others][:MOST_MARKS])


def _each(marks: str) -> list[re.Match[str]]:
    parts = marks.split(SEPARATOR, MOST_MARKS)[:MOST_MARKS]
    return [found for part in parts if (found := MARK.fullmatch(part))]


def _seal(account: str, device: str, password_hash: str) -> str:
    content = f"device {account} {device}".encode()
    return hmac.new(password_hash.encode(), content, hashlib.sha256).hexdigest()[:32]
