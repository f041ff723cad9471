"""Play areas: what is registered of each, and when one counts as a play area for children.

No national rule on size and equipment was found (the plan and Decision 23/QĐ-TTg only count communes), so the
office states a standard of its own; every share that is judged by it names it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import polars as pl

from dashboard.domain.checks import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

FIRST_YEAR: Final = 1900
OLDEST_CHILD: Final = 16
LARGEST_M2: Final = 10_000_000
MOST_EQUIPMENT: Final = 10_000
MOST_CHILDREN: Final = 1_000_000
MOST_MONTHS: Final = 120
FARTHEST_WALK_M: Final = 100_000
# What the database holds of each text.
LONGEST: Final = {
    "name": 200,
    "address": 300,
    "manager": 200,
    "equipment_note": 500,
    "opening_hours": 120,
    "notes": 2000,
}
LONGEST_OF_VISIT: Final = {"checked_by": 200, "note": 2000}


class PlayKind(StrEnum):
    playground = "playground"
    children_park = "children_park"
    culture_house = "culture_house"
    sports_ground = "sports_ground"
    community_centre = "community_centre"
    children_house = "children_house"
    park = "park"
    pool = "pool"
    mobile_pool = "mobile_pool"
    library = "library"
    school_yard = "school_yard"
    private = "private"


class QuarterKind(StrEnum):
    thon = "thon"
    khu_pho = "khu_pho"


POOLS: Final = (PlayKind.pool, PlayKind.mobile_pool)


class Condition(StrEnum):
    good = "good"
    needs_repair = "needs_repair"
    degraded = "degraded"
    under_construction = "under_construction"


class Funding(StrEnum):
    budget = "budget"
    social = "social"
    mixed = "mixed"


class CheckResult(StrEnum):
    passed = "passed"
    to_repair = "to_repair"
    failed = "failed"


class Reason(StrEnum):
    """Why a place does not count on a given day."""

    not_open_yet = "not_open_yet"
    under_construction = "under_construction"
    closed = "closed"
    check_failed = "check_failed"
    check_overdue = "check_overdue"
    never_checked = "never_checked"
    check_too_old = "check_too_old"
    too_small = "too_small"
    no_equipment = "no_equipment"
    not_for_all = "not_for_all"


class MapState(StrEnum):
    """What a dot on the map says: usable, to be repaired, out of use."""

    usable = "usable"
    to_repair = "to_repair"
    stopped = "stopped"


@dataclass(frozen=True, slots=True)
class PlayAreaInput:
    """What a person says of one place. Lengths in metres, ages in years; None is "not known"."""

    name: str
    kind: PlayKind
    area_id: int
    quarter_id: int | None = None
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    area_m2: int | None = None
    opened_year: int | None = None
    funding: Funding | None = None
    manager: str = ""
    equipment_count: int | None = None
    equipment_condition: Condition | None = None
    equipment_note: str = ""
    is_free: bool | None = None
    opening_hours: str = ""
    age_from: int | None = None
    age_to: int | None = None
    is_open_to_all: bool | None = None
    is_accessible: bool | None = None
    has_shade: bool | None = None
    has_toilet: bool | None = None
    has_water: bool | None = None
    has_drowning_prevention: bool | None = None
    condition: Condition = Condition.good
    notes: str = ""


def differing_fields(one: PlayAreaInput, other: PlayAreaInput) -> list[str]:
    return [field.name for field in fields(one) if getattr(one, field.name) != getattr(other, field.name)]


# Fields of a place that are whole numbers, and those that are yes, no, or not known.
NUMBER_FIELDS: Final = ("area_m2", "opened_year", "equipment_count", "age_from", "age_to")
KNOWN_OR_NOT: Final = (
    "is_free",
    "is_open_to_all",
    "is_accessible",
    "has_shade",
    "has_toilet",
    "has_water",
    "has_drowning_prevention",
)


@dataclass(frozen=True, slots=True)
class Standard:
    """What the office asks of a place before it counts. A place that is not known to have it does not count."""

    min_area_m2: int | None = None
    needs_equipment: bool = False
    needs_open_to_all: bool = False
    max_check_age_months: int | None = None


def check_play_area(description: PlayAreaInput, *, today: date) -> tuple[Problem, ...]:
    """What stands in the way of storing this; empty where nothing does."""
    position = check_position(description.latitude, description.longitude)
    return (*_check_texts(description), *position, *_check_numbers(description, today=today))


def _check_texts(description: PlayAreaInput) -> list[Problem]:
    found = [] if description.name.strip() else [Problem("name_missing", "refuse", {})]
    return found + _too_long(description, LONGEST)


def _too_long(description: PlayAreaInput | CheckInput, longest: Mapping[str, int]) -> list[Problem]:
    return [
        Problem("too_long", "refuse", {"text": getattr(description, name)[:30], "longest": most})
        for name, most in longest.items()
        if len(getattr(description, name)) > most
    ]


def _check_numbers(description: PlayAreaInput, *, today: date) -> list[Problem]:
    found = []
    if not _is_within(description.area_m2, 1, LARGEST_M2):
        found.append(
            Problem("size_impossible", "refuse", {"value": description.area_m2, "largest": LARGEST_M2})
        )
    if not _is_within(description.equipment_count, 0, MOST_EQUIPMENT):
        found.append(Problem("equipment_impossible", "refuse", {"most": MOST_EQUIPMENT}))
    if not _is_within(description.opened_year, FIRST_YEAR, today.year + 5):
        found.append(Problem("year_impossible", "refuse", {"year": str(description.opened_year)}))
    if not _is_within(description.age_from, 0, OLDEST_CHILD) or not _is_within(
        description.age_to, 0, OLDEST_CHILD
    ):
        found.append(Problem("age_impossible", "refuse", {"oldest": OLDEST_CHILD}))
    elif None not in (description.age_from, description.age_to) and (description.age_from or 0) > (
        description.age_to or 0
    ):
        found.append(Problem("ages_reversed", "refuse", {}))
    return found


def check_position(latitude: float | None, longitude: float | None) -> tuple[Problem, ...]:
    """Both degrees or none, on this globe."""
    found = []
    if (latitude is None) != (longitude is None):
        found.append(Problem("position_half", "refuse", {}))
    if not _is_within(latitude, -90, 90) or not _is_within(longitude, -180, 180):
        found.append(Problem("position_impossible", "refuse", {}))
    return tuple(found)


def is_possible(standard: Standard, walking_m: int) -> bool:
    """Whether the numbers of a standard can be reckoned with."""
    return (
        _is_within(standard.min_area_m2, 1, LARGEST_M2)
        and _is_within(standard.max_check_age_months, 1, MOST_MONTHS)
        and _is_within(walking_m, 1, FARTHEST_WALK_M)
    )


def _is_within(value: float | None, least: float, most: float) -> bool:
    return value is None or least <= value <= most


def judge_places(places: pl.DataFrame, standard: Standard, day: date) -> pl.DataFrame:
    """Add `reasons` (list of Reason, worst first), `counts` (Boolean) and `map_state` (MapState) as of `day`.

    `places`, one row each with what was known on `day`: condition (String), opened_year, area_m2,
    equipment_count (Int64, nullable), is_open_to_all (Boolean, nullable), is_closed (Boolean), check_result
    (String, null where never checked), checked_on, next_due (Date, nullable).
    A failed or expired check takes a place out whatever the standard says.
    """
    reasons = [
        pl.when(broken).then(pl.lit(reason.value)) for reason, broken in _broken_rules(standard, day).items()
    ]
    judged = places.with_columns(reasons=pl.concat_list(reasons).list.drop_nulls())
    return judged.with_columns(counts=pl.col("reasons").list.len() == 0, map_state=_map_state())


def _broken_rules(standard: Standard, day: date) -> dict[Reason, pl.Expr]:
    never = pl.lit(False)  # noqa: FBT003 - Polars has no other way of saying it
    oldest = pl.lit(day).dt.offset_by(f"-{standard.max_check_age_months or 0}mo")
    asks_check = standard.max_check_age_months is not None
    rules = {
        Reason.closed: pl.col("is_closed"),
        Reason.under_construction: pl.col("condition") == Condition.under_construction,
        Reason.not_open_yet: pl.col("opened_year") > day.year,
        Reason.check_failed: pl.col("check_result") == CheckResult.failed,
        Reason.check_overdue: pl.col("next_due") < day,
        Reason.never_checked: pl.col("check_result").is_null() if asks_check else never,
        Reason.check_too_old: (pl.col("checked_on") < oldest) if asks_check else never,
        Reason.too_small: pl.col("area_m2").fill_null(0) < (standard.min_area_m2 or 0),
        Reason.no_equipment: (pl.col("equipment_count").fill_null(0) < 1)
        if standard.needs_equipment
        else never,
        Reason.not_for_all: ~pl.col("is_open_to_all").fill_null(value=False)
        if standard.needs_open_to_all
        else never,
    }
    return {reason: broken.fill_null(value=False) for reason, broken in rules.items()}


def _map_state() -> pl.Expr:
    stops = [Reason.closed, Reason.under_construction, Reason.not_open_yet, Reason.check_failed]
    is_stopped = pl.any_horizontal(pl.col("reasons").list.contains(reason.value) for reason in stops)
    worn = pl.col("condition").is_in([Condition.needs_repair, Condition.degraded])
    return (
        pl.when(is_stopped)
        .then(pl.lit(MapState.stopped.value))
        .when(worn | (pl.col("check_result") == CheckResult.to_repair).fill_null(value=False))
        .then(pl.lit(MapState.to_repair.value))
        .otherwise(pl.lit(MapState.usable.value))
    )


class CheckAnswer(StrEnum):
    yes = "yes"
    no = "no"
    not_applicable = "not_applicable"


@dataclass(frozen=True, slots=True)
class CheckInput:
    """One visit. `answers` by the checklist item's slug; an item without an answer was not looked at."""

    checked_on: date
    checked_by: str
    result: CheckResult
    next_due: date | None
    answers: tuple[tuple[str, CheckAnswer], ...] = ()
    note: str = ""


def check_visit(
    visit: CheckInput,
    *,
    essentials: frozenset[str],
    today: date,
    pool_essentials: frozenset[str] = frozenset(),
) -> tuple[Problem, ...]:
    """What stands in the way of storing a visit. Where something essential is missing, children must keep out.

    `essentials` are the slugs of what a place of this kind must have; `pool_essentials` are those of them that
    no pool can be excused from.
    """
    found = [] if visit.checked_by.strip() else [Problem("inspector_missing", "refuse", {})]
    found += _too_long(visit, LONGEST_OF_VISIT)
    if visit.checked_on > today:
        found.append(Problem("date_in_future", "refuse", {}))
    if visit.next_due is not None and visit.next_due <= visit.checked_on:
        found.append(Problem("due_before_check", "refuse", {}))
    # "Unsafe" may be said at once, whatever else was not looked at.
    if visit.result is not CheckResult.failed:
        found += _check_essentials(dict(visit.answers), essentials, pool_essentials)
    return tuple(found)


def _check_essentials(
    answers: Mapping[str, CheckAnswer], essentials: frozenset[str], pool_essentials: frozenset[str]
) -> list[Problem]:
    """What forbids to let children in."""
    absent = [slug for slug in essentials if answers.get(slug) is CheckAnswer.no]
    if absent:
        return [Problem("essential_missing", "refuse", {"number": len(absent)})]
    lacking = {
        "essential_unanswered": essentials - answers.keys(),
        "essential_excused": {
            slug for slug in pool_essentials if answers.get(slug) is CheckAnswer.not_applicable
        },
    }
    return [Problem(code, "refuse", {"number": len(slugs)}) for code, slugs in lacking.items() if slugs]
