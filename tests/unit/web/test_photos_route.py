"""Photos of places: to those who keep the register, and no longer once they are hidden."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from people import PASSWORD

from dashboard.actions.accounts import add_account
from dashboard.views.play_areas import photo_bytes
from db.base import utc_now
from db.tables import Account, Area, PlayArea, PlayPhoto

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from sqlmodel import SQLModel
    from starlette.testclient import TestClient

    from db.engine import Database

# The last of an integer column of PostgreSQL, and numbers beyond it and beyond those of SQLite.
LAST = 2**31 - 1
BEYOND = (LAST + 1, 2**63 - 1, 2**63, 10**20)


def stored(session: Session, row: SQLModel) -> int:
    session.add(row)
    session.flush()
    return int(row.id)  # type: ignore[attr-defined]


def stored_photo(database: Database) -> int:
    """The number of a photo of a place in the register."""
    with database.write() as transaction:
        session = transaction.session
        person = stored(
            session,
            Account(login="hoa", name="Hoa", role="viewer", password_hash="x", created_at=utc_now()),
        )
        names = {"name": "Thác Mơ", "full_name_vi": "Phường Thác Mơ", "full_name_en": "Thác Mơ ward"}
        ward = Area(slug="thac-mo", kind="commune", code="25216", valid_from=date(2009, 8, 11), **names)
        place = PlayArea(
            code="VC-01",
            name="Sân chơi",
            kind="playground",
            area_id=stored(session, ward),
            registered_on=date(2021, 1, 15),
            changed_at=utc_now(),
            changed_by=person,
            token="one",
        )
        photo = PlayPhoto(
            play_area_id=stored(session, place),
            jpeg=b"jpeg",
            thumbnail=b"small",
            width=100,
            height=80,
            sha256="a" * 64,
            added_at=utc_now(),
            added_by=person,
        )
        return stored(session, photo)


def hide(database: Database, number: int) -> None:
    with database.write() as transaction:
        photo = transaction.session.get_one(PlayPhoto, number)
        photo.hidden_at, photo.hidden_by = utc_now(), photo.added_by


def test_a_hidden_photo_is_no_longer_read(database: Database) -> None:
    number = stored_photo(database)
    assert photo_bytes(number, thumbnail=False) == b"jpeg"
    assert photo_bytes(number, thumbnail=True) == b"small"
    hide(database, number)
    assert photo_bytes(number, thumbnail=False) is None
    assert photo_bytes(number, thumbnail=True) is None


def test_a_number_beyond_all_photos_is_that_of_none(database: Database) -> None:
    assert [photo_bytes(number, thumbnail=False) for number in (0, LAST, *BEYOND)] == [None] * 6


@pytest.mark.parametrize("size", ["", "/small"])
def test_a_photo_is_hidden_from_browsers_that_have_seen_it(
    sqlite_database: Database, signed_in_visitor: TestClient, size: str
) -> None:
    number = stored_photo(sqlite_database)
    path = f"/photos/{number}{size}"
    seen = signed_in_visitor.get(path)
    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/jpeg")
    # Kept, but asked for each time.
    assert seen.headers["cache-control"] == "private, no-cache"
    again = signed_in_visitor.get(path, headers={"If-None-Match": seen.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "private, no-cache"
    hide(sqlite_database, number)
    gone = signed_in_visitor.get(path, headers={"If-None-Match": seen.headers["etag"]})
    assert (gone.status_code, gone.headers["cache-control"]) == (404, "no-store")


def test_a_picture_and_its_thumbnail_are_told_apart(
    sqlite_database: Database, signed_in_visitor: TestClient
) -> None:
    number = stored_photo(sqlite_database)
    tag = signed_in_visitor.get(f"/photos/{number}").headers["etag"]
    small = signed_in_visitor.get(f"/photos/{number}/small", headers={"If-None-Match": tag})
    assert (small.status_code, small.content) == (200, b"small")


@pytest.mark.parametrize("number", [*map(str, BEYOND), "9" * 5000])
@pytest.mark.parametrize("size", ["", "/small"])
def test_a_number_beyond_all_photos_is_not_found(
    signed_in_visitor: TestClient, number: str, size: str
) -> None:
    assert signed_in_visitor.get(f"/photos/{number}{size}").status_code == 404


@pytest.mark.parametrize(("role", "status"), [("viewer", 404), ("town_officer", 200), ("administrator", 200)])
@pytest.mark.parametrize("size", ["", "/small"])
def test_photos_are_for_those_who_keep_the_register(
    sqlite_database: Database, visitor: TestClient, role: str, status: int, size: str
) -> None:
    number = stored_photo(sqlite_database)
    add_account(actor=None, login="nam", name="Nam", role=role, password=PASSWORD)
    visitor.post("/login", data={"login": "nam", "password": PASSWORD})
    assert visitor.get(f"/photos/{number}{size}").status_code == status


def test_who_is_not_signed_in_sees_no_photo(sqlite_database: Database, visitor: TestClient) -> None:
    assert visitor.get(f"/photos/{stored_photo(sqlite_database)}").status_code == 401
