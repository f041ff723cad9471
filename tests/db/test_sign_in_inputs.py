"""Whatever is typed into the sign-in form is a wrong login or password, never a fault of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from signing_in import sign_in

from dashboard.actions import passwords
from dashboard.actions.errors import SignInRefused

if TYPE_CHECKING:
    from rows import World


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", lambda: cheap)


@pytest.mark.parametrize(
    "text", ["", "\0", "a\0b", "\ud800", "x\udfff", "a" * 100_000, "\u202e\u200b", "'; --"]
)
def test_no_text_is_more_than_a_wrong_login_or_password(world: World, text: str) -> None:
    for login, password in ((text, "mật khẩu"), ("thacmo", text)):
        with pytest.raises(SignInRefused):
            sign_in(login=login, password=password, address="10.0.0.1")
