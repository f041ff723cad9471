from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from dashboard.settings import PREFIX, Settings, prepare_folder, settings

if TYPE_CHECKING:
    from pathlib import Path


def test_every_setting_says_what_it_means() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_a_setting_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}PORT", "9000")
    assert settings().port == 9000


def test_a_password_in_the_environment_is_not_shown() -> None:
    shown = repr(Settings(admin_password="bồ câu bay qua sông"))  # type: ignore[arg-type]
    assert "bồ câu" not in shown


@pytest.mark.parametrize("wrong", [{"port": 0}, {"idle_minutes": 0}, {"log_level": "loud"}])
def test_a_senseless_setting_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings(**wrong)  # type: ignore[arg-type]


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    prepare_folder(f"sqlite:///{tmp_path}/new/folder/dashboard.db")
    assert (tmp_path / "new" / "folder").is_dir()


def test_another_kind_of_database_needs_no_folder() -> None:
    prepare_folder("postgresql://user@host/name")
