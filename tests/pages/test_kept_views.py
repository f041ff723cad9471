"""Tests share what was made of the untouched demonstration, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from kept_views import KeptViews
    from streamlit.testing.v1 import AppTest

    from db.engine import Database


def test_looking_writes_nothing(kept_views: KeptViews, open_page: Callable[..., AppTest]) -> None:
    open_page("tonghop", "scoring")
    assert kept_views.is_untouched()


def test_the_first_write_of_any_kind_ends_the_sharing(kept_views: KeptViews, demonstration: Database) -> None:
    with demonstration.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE account SET language = 'en' WHERE login = 'lanhdao'")
    assert not kept_views.is_untouched()


def test_a_write_that_tells_no_version_is_seen_as_late_as_in_the_program(
    demonstration: Database, open_page: Callable[..., AppTest]
) -> None:
    """What a test has already shown stays in the caches until the version moves: a forgotten version must be found."""
    app = open_page("lanhdao", "child_friendly")
    before = app.title[0].value
    with demonstration.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM score")
    assert app.run().title[0].value == before
    with demonstration.write() as transaction:
        transaction.log("try", "thing", 1)
    assert app.run().title[0].value != before


def test_a_test_that_patches_shares_nothing(
    kept_views: KeptViews, demonstration: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not kept_views.is_untouched()
