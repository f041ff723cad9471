"""Places of the play-area register as they stood on a day: what was known then, and whether they counted."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlalchemy import func, select
from sqlmodel import col

from dashboard.clock import LOCAL, business_now
from dashboard.domain.play_areas import Standard, judge_places
from db.engine import database
from db.frames import Schema, read_frame
from db.tables import Account, Area, Change, PlayArea, PlayAreaClosure, PlayStandard, Quarter, SafetyCheck

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy.orm import Session

PLACE: Schema = {
    "place": pl.Int64,
    "code": pl.String,
    "name": pl.String,
    "kind": pl.String,
    "area": pl.Int64,
    "area_name": pl.String,
    "quarter": pl.Int64,
    "quarter_name": pl.String,
    "address": pl.String,
    "latitude": pl.Float64,
    "longitude": pl.Float64,
    "area_m2": pl.Int64,
    "opened_year": pl.Int64,
    "funding": pl.String,
    "manager": pl.String,
    "equipment_count": pl.Int64,
    "equipment_condition": pl.String,
    "equipment_note": pl.String,
    "is_free": pl.Boolean,
    "opening_hours": pl.String,
    "age_from": pl.Int64,
    "age_to": pl.Int64,
    "is_open_to_all": pl.Boolean,
    "is_accessible": pl.Boolean,
    "has_shade": pl.Boolean,
    "has_toilet": pl.Boolean,
    "has_water": pl.Boolean,
    "has_drowning_prevention": pl.Boolean,
    "condition": pl.String,
    "notes": pl.String,
    "version": pl.Int64,
    "registered_on": pl.Date,
    "changed_at": pl.Datetime("us", "UTC"),
    "changed_by": pl.String,
}
# How the change log names the columns that a frame calls otherwise.
LOGGED_AS = {"area_id": "area", "quarter_id": "quarter"}
CLOSURE: Schema = {
    "place": pl.Int64,
    "closed_on": pl.Date,
    "closing_reason": pl.String,
    "reopened_on": pl.Date,
}
CHECK: Schema = {
    "check": pl.Int64,
    "place": pl.Int64,
    "checked_on": pl.Date,
    "checked_by": pl.String,
    "check_result": pl.String,
    "next_due": pl.Date,
    "check_note": pl.String,
}


@dataclass(frozen=True)
class StandardInForce:
    """What the office counted on a day; `valid_from` is None where it has stated nothing yet.

    `newest` is the id of the last standard that was stated at all (0 for none): what a form has seen.
    """

    standard: Standard
    walking_m: int
    document: str = ""
    valid_from: date | None = None
    newest: int = 0


@dataclass(frozen=True)
class PlacesOnDay:
    """`places` as places_on gives them for `day`, with the standard that they were judged by."""

    day: date
    standard: StandardInForce
    places: pl.DataFrame


@dataclass(frozen=True)
class _Register:
    """The register's tables as they stand now: places, names of `areas` and `quarters`, closures, checks."""

    places: pl.DataFrame
    areas: pl.DataFrame
    quarters: pl.DataFrame
    closures: pl.DataFrame
    checks: pl.DataFrame


def places_until(last: date) -> PlacesOnDay:
    """The register as it stood on `last`, or as it stands today where that day is still ahead."""
    with database().read() as session:
        day = min(last, business_now(session).date())
        return PlacesOnDay(day, standard_on(session, day), places_on(session, day))


def places_on(session: Session, day: date) -> pl.DataFrame:
    """Every place that the register knew on `day`, judged: columns of PLACE, CLOSURE's but reopened_on, CHECK's,
    turns (Int64, how often it was closed and opened again up to now), is_closed (Boolean), reasons (list), counts (Boolean), map_state (String); sorted by area and code.

    Checks, closures and standards carry a day of their own and hold from it on, whenever they were written down.
    A description carries none: it is the one that stood at the end of `day`, later changes of it are taken back.
    """
    return places_on_days(session, (day,))[day]


def places_on_days(session: Session, days: Collection[date]) -> dict[date, pl.DataFrame]:
    """What places_on gives for each of `days`, with every table of the register read once."""
    register = _Register(
        places=_places(session),
        areas=_names(session, Area, "area"),
        quarters=_names(session, Quarter, "quarter"),
        closures=_closures(session),
        checks=_checks(session),
    )
    return {day: _judged_on(session, register, day) for day in days}


def _judged_on(session: Session, register: _Register, day: date) -> pl.DataFrame:
    """The places that were registered, each with its last check up to `day` and the closure that it is in."""
    is_over = (pl.col("reopened_on") <= day).fill_null(value=False)
    turned = register.closures.group_by("place").agg(turns=_turns())
    closed = register.closures.filter(pl.col("closed_on") <= day, ~is_over).drop("reopened_on")
    checked = register.checks.filter(pl.col("checked_on") <= day)
    known = (
        _taken_back(session, register.places, day)
        .filter(pl.col("registered_on") <= day)
        .join(register.areas, on="area", how="left")
        .join(register.quarters, on="quarter", how="left")
        .select(*PLACE)
        .join(closed.unique("place", keep="last", maintain_order=True), on="place", how="left")
        .join(checked.unique("place", keep="last", maintain_order=True), on="place", how="left")
        .join(turned, on="place", how="left", maintain_order="left")
        .with_columns(pl.col("turns").fill_null(0), is_closed=pl.col("closed_on").is_not_null())
        .sort("area", "code")
    )
    return judge_places(known, standard_on(session, day).standard, day)


def _turns() -> pl.Expr:
    """What a form has seen of the closures of a place: see close_place."""
    return (pl.len() + pl.col("reopened_on").count()).cast(pl.Int64)


def standard_on(session: Session, day: date) -> StandardInForce:
    row = session.scalar(
        select(PlayStandard)
        .where(col(PlayStandard.valid_from) <= day)
        .order_by(col(PlayStandard.valid_from).desc(), col(PlayStandard.id).desc())
        .limit(1)
    )
    newest = session.scalar(select(func.max(col(PlayStandard.id)))) or 0
    if row is None:
        return StandardInForce(Standard(), walking_m=400, newest=newest)
    stated = Standard(row.min_area_m2, row.needs_equipment, row.needs_open_to_all, row.max_check_age_months)
    return StandardInForce(stated, row.walking_m, row.document, row.valid_from, newest)


def _places(session: Session) -> pl.DataFrame:
    """Columns of PLACE without the names, described as they are now."""
    described = [
        name for name in PLACE if name in PlayArea.model_fields and name not in ("area", "changed_by")
    ]
    columns = {name: col(getattr(PlayArea, name)) for name in described} | {
        "place": col(PlayArea.id),
        "area": col(PlayArea.area_id),
        "quarter": col(PlayArea.quarter_id),
        "changed_by": col(Account.name),
    }
    schema = {name: kind for name, kind in PLACE.items() if name in columns}
    statement = select(*(columns[name] for name in schema)).join(
        Account, col(Account.id) == col(PlayArea.changed_by)
    )
    return read_frame(session, statement, schema)


def _names(session: Session, table: type[Area | Quarter], key: str) -> pl.DataFrame:
    schema: Schema = {key: pl.Int64, f"{key}_name": pl.String}
    return read_frame(session, select(col(table.id), col(table.name)), schema)


def _taken_back(session: Session, places: pl.DataFrame, day: date) -> pl.DataFrame:
    """`places` without the changes of their descriptions that were made after `day`, read off the change log."""
    if day >= business_now(session).date():
        return places
    night = datetime.combine(day + timedelta(days=1), time(), LOCAL)
    later = session.execute(
        select(col(Change.subject_id), col(Change.before))
        .where(
            col(Change.subject) == "play_area",
            col(Change.action) == "save_place",
            col(Change.before).is_not(None),
            col(Change.at) >= night,
        )
        .order_by(col(Change.id).desc())
    )
    stood: dict[int, dict[str, Any]] = defaultdict(dict)
    for place, before in later:
        said = {LOGGED_AS.get(name, name): value for name, value in json.loads(before or "{}").items()}
        # Newest first: what the first change after that day replaced is what stood on it.
        stood[int(place)].update(said)
    if not stood:
        return places
    rows = [{**row, **stood.get(row["place"], {})} for row in places.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=places.schema)


def _closures(session: Session) -> pl.DataFrame:
    """Columns of CLOSURE, in the order of their days."""
    statement = select(
        col(PlayAreaClosure.play_area_id),
        col(PlayAreaClosure.closed_on),
        col(PlayAreaClosure.reason),
        col(PlayAreaClosure.reopened_on),
    ).order_by(col(PlayAreaClosure.closed_on), col(PlayAreaClosure.id))
    return read_frame(session, statement, CLOSURE)


def _checks(session: Session) -> pl.DataFrame:
    """Columns of CHECK, in the order of their days; of two on one day, the one written down later comes last."""
    statement = select(
        col(SafetyCheck.id),
        col(SafetyCheck.play_area_id),
        col(SafetyCheck.checked_on),
        col(SafetyCheck.checked_by),
        col(SafetyCheck.result),
        col(SafetyCheck.next_due),
        col(SafetyCheck.note),
    ).order_by(col(SafetyCheck.checked_on), col(SafetyCheck.id))
    return read_frame(session, statement, CHECK)


def newest_change(places: pl.DataFrame) -> datetime | None:
    return places["changed_at"].max()  # type: ignore[return-value]
