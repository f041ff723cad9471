"""The register of play areas: places, closures, safety checks, photos; thôn and khu phố; the office's standard.

Nothing is deleted. The change log keeps what a row said before each change.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Index, LargeBinary, Text, UniqueConstraint, func, select, text
from sqlmodel import Field, SQLModel, col

from db.base import Moment, check, one_of, possible_day, whole
from db.indicators import CERTAINTIES

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

QUARTER_KINDS = ("thon", "khu_pho")
PLAY_KINDS = (
    "playground",
    "children_park",
    "culture_house",
    "sports_ground",
    "community_centre",
    "children_house",
    "park",
    "pool",
    "mobile_pool",
    "library",
    "school_yard",
    "private",
)
CONDITIONS = ("good", "needs_repair", "degraded", "under_construction")
FUNDINGS = ("budget", "social", "mixed")
# The most that an integer of a place can be; what a person may type is narrower (dashboard.domain.play_areas).
MOST = {"area_m2": 10_000_000, "equipment_count": 10_000, "opened_year": 2200, "age_from": 16, "age_to": 16}
CHECK_RESULTS = ("passed", "to_repair", "failed")


def _position_rules() -> tuple[object, ...]:
    return (
        check("(latitude IS NULL) = (longitude IS NULL)", "position_whole"),
        check("latitude BETWEEN -90 AND 90", "latitude_range"),
        check("longitude BETWEEN -180 AND 180", "longitude_range"),
    )


class Quarter(SQLModel, table=True):
    """A thôn or khu phố of a commune. The position is that of its middle, where the office knows it."""

    __tablename__ = "quarter"
    __table_args__ = (
        UniqueConstraint("area_id", "name"),
        one_of("kind", QUARTER_KINDS),
        check("children >= 0", "children_not_negative"),
        whole("children", 1_000_000),
        possible_day("listed_on"),
        possible_day("ended_on"),
        check("ended_on >= listed_on", "ended_after_listed"),
        check("version >= 1", "version_positive"),
        *_position_rules(),
    )
    id: int | None = Field(default=None, primary_key=True)
    area_id: int = Field(foreign_key="area.id")
    name: str = Field(max_length=120)
    kind: str = Field(default="khu_pho", max_length=20)
    children: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    # From this day on the register knows of it: earlier periods are not judged by it.
    listed_on: date
    ended_on: date | None = None
    is_synthetic: bool = False
    version: int = 1
    changed_at: datetime = Field(sa_type=Moment)
    changed_by: int = Field(foreign_key="account.id")


class PlayArea(SQLModel, table=True):
    __tablename__ = "play_area"
    __table_args__ = (
        one_of("kind", PLAY_KINDS),
        one_of("condition", CONDITIONS),
        one_of("equipment_condition", CONDITIONS),
        one_of("funding", FUNDINGS),
        check("area_m2 > 0", "size_positive"),
        check("equipment_count >= 0", "equipment_not_negative"),
        check("age_from BETWEEN 0 AND 16", "age_from_range"),
        check("age_to BETWEEN 0 AND 16", "age_to_range"),
        check("age_from <= age_to", "ages_in_order"),
        *(whole(name, most) for name, most in MOST.items()),
        check("opened_year >= 1900", "opened_year_not_before"),
        possible_day("registered_on"),
        check("version >= 1", "version_positive"),
        *_position_rules(),
    )
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=20, unique=True)
    name: str = Field(max_length=200)
    kind: str = Field(max_length=20)
    area_id: int = Field(foreign_key="area.id", index=True)
    quarter_id: int | None = Field(default=None, foreign_key="quarter.id")
    address: str = Field(default="", max_length=300)
    latitude: float | None = None
    longitude: float | None = None
    area_m2: int | None = None
    opened_year: int | None = None
    funding: str | None = Field(default=None, max_length=20)
    manager: str = Field(default="", max_length=200)
    equipment_count: int | None = None
    equipment_condition: str | None = Field(default=None, max_length=20)
    equipment_note: str = Field(default="", max_length=500)
    is_free: bool | None = None
    opening_hours: str = Field(default="", max_length=120)
    age_from: int | None = None
    age_to: int | None = None
    is_open_to_all: bool | None = None
    is_accessible: bool | None = None
    has_shade: bool | None = None
    has_toilet: bool | None = None
    has_water: bool | None = None
    has_drowning_prevention: bool | None = None
    condition: str = Field(default="good", max_length=20)
    notes: str = Field(default="", max_length=2000)
    is_synthetic: bool = False
    version: int = 1
    # From this day on the register knows of the place: earlier periods are not judged by it.
    registered_on: date
    changed_at: datetime = Field(sa_type=Moment)
    changed_by: int = Field(foreign_key="account.id")
    # Made by the form or the sheet when it is opened: the same place sent twice is stored once.
    token: str = Field(max_length=64, unique=True)


class PlayAreaClosure(SQLModel, table=True):
    """A time during which a place was out of use: until `reopened_on`, or until further notice."""

    __tablename__ = "play_area_closure"
    __table_args__ = (
        check("reopened_on >= closed_on", "reopened_after_closed"),
        possible_day("closed_on"),
        possible_day("reopened_on"),
        Index(
            "uq_play_area_closure_open",
            "play_area_id",
            unique=True,
            sqlite_where=text("reopened_on IS NULL"),
            postgresql_where=text("reopened_on IS NULL"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    play_area_id: int = Field(foreign_key="play_area.id", index=True)
    closed_on: date
    reason: str = Field(default="", max_length=500)
    reopened_on: date | None = None
    reopened_reason: str = Field(default="", max_length=500)


class SafetyCheck(SQLModel, table=True):
    """One visit with its checklist. Only ever added: a mistake is corrected by a further check.

    `answers` is JSON: the item's slug to "yes", "no" or "not_applicable".
    """

    __tablename__ = "safety_check"
    __table_args__ = (
        one_of("result", CHECK_RESULTS),
        check("next_due > checked_on", "due_after_check"),
        possible_day("checked_on"),
        possible_day("next_due"),
    )
    id: int | None = Field(default=None, primary_key=True)
    play_area_id: int = Field(foreign_key="play_area.id", index=True)
    checked_on: date
    checked_by: str = Field(max_length=200)
    result: str = Field(max_length=20)
    next_due: date | None = None
    answers: str = Field(default="{}", sa_type=Text)
    note: str = Field(default="", max_length=2000)
    is_synthetic: bool = False
    entered_by: int = Field(foreign_key="account.id")
    entered_at: datetime = Field(sa_type=Moment)
    token: str = Field(max_length=64, unique=True)


class ChecklistItem(SQLModel, table=True):
    """A question of the checklist. `for_pools` items are asked at swimming places alone."""

    __tablename__ = "checklist_item"
    __table_args__ = (one_of("certainty", CERTAINTIES),)
    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(max_length=60, unique=True)
    position: int
    for_pools: bool = False
    text_vi: str = Field(max_length=500)
    text_en: str = Field(max_length=500)
    source_vi: str = Field(default="", max_length=300)
    source_en: str = Field(default="", max_length=300)
    # A "no" here means that children must not use the place.
    is_essential: bool = False
    certainty: str = Field(default="inferred", max_length=20)


class PlayPhoto(SQLModel, table=True):
    """A photo made anew by us, without anything that its camera wrote into it. Hidden, never deleted."""

    __tablename__ = "play_photo"
    __table_args__ = (
        UniqueConstraint("play_area_id", "sha256"),
        check("(hidden_at IS NULL) = (hidden_by IS NULL)", "hiding_whole"),
        check("version >= 1", "version_positive"),
    )
    id: int | None = Field(default=None, primary_key=True)
    play_area_id: int = Field(foreign_key="play_area.id")
    jpeg: bytes = Field(sa_type=LargeBinary)
    thumbnail: bytes = Field(sa_type=LargeBinary)
    width: int
    height: int
    sha256: str = Field(max_length=64)
    caption: str = Field(default="", max_length=200)
    added_at: datetime = Field(sa_type=Moment)
    added_by: int = Field(foreign_key="account.id")
    hidden_at: datetime | None = Field(default=None, sa_type=Moment)
    hidden_by: int | None = Field(default=None, foreign_key="account.id")
    # Rises when the picture is hidden and when it is shown again.
    version: int = 1


class PlayStandard(SQLModel, table=True):
    """What the office counts as a play area from a day on. Only ever added: the newest in force holds."""

    __tablename__ = "play_standard"
    __table_args__ = (
        check("min_area_m2 > 0", "size_positive"),
        check("max_check_age_months > 0", "check_age_positive"),
        check("walking_m > 0", "walking_positive"),
        whole("min_area_m2", 10_000_000),
        whole("max_check_age_months", 120),
        whole("walking_m", 100_000),
        possible_day("valid_from"),
    )
    id: int | None = Field(default=None, primary_key=True)
    valid_from: date
    min_area_m2: int | None = None
    needs_equipment: bool = False
    needs_open_to_all: bool = False
    max_check_age_months: int | None = None
    walking_m: int = 400
    document: str = Field(default="", max_length=300)
    is_synthetic: bool = False
    set_by: int = Field(foreign_key="account.id")
    set_at: datetime = Field(sa_type=Moment)


class Outlines(SQLModel, table=True):
    """Outlines of communes from a file of the office, simplified; the newest that is not withdrawn is drawn."""

    __tablename__ = "outlines"
    __table_args__ = (check("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", "withdrawal_whole"),)
    id: int | None = Field(default=None, primary_key=True)
    content: str = Field(sa_type=Text)
    source: str = Field(default="", max_length=300)
    uploaded_at: datetime = Field(sa_type=Moment)
    uploaded_by: int = Field(foreign_key="account.id")
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)
    withdrawn_by: int | None = Field(default=None, foreign_key="account.id")


def outlines_version(session: Session) -> int:
    """Rises with each file of outlines, and with each that is withdrawn."""
    rows = select(func.count(col(Outlines.id)) + func.count(col(Outlines.withdrawn_at)))
    return session.scalar(rows) or 0
