"""The register of play areas: where children have a place to play, and where they have none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlalchemy import select
from sqlmodel import col

from dashboard.clock import LOCAL, business_now, local
from dashboard.domain.coverage import Provision, Walk, provision, walk
from dashboard.domain.walking import nearest_place
from dashboard.views.catalogue import communes, indicators, plan_header, references
from dashboard.views.places import newest_change, places_on, standard_on
from db.changes import data_version
from db.engine import database
from db.frames import Schema, read_frame
from db.play_areas import outlines_version
from db.tables import (
    Account,
    Area,
    Change,
    ChecklistItem,
    Indicator,
    Outlines,
    PlayPhoto,
    Quarter,
    SafetyCheck,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from dashboard.i18n import Language
    from dashboard.views.catalogue import PlanHeader
    from dashboard.views.places import StandardInForce

QUARTER: Schema = {
    "quarter": pl.Int64,
    "area": pl.Int64,
    "area_name": pl.String,
    "area_position": pl.Int64,
    "name": pl.String,
    "kind": pl.String,
    "children": pl.Int64,
    "latitude": pl.Float64,
    "longitude": pl.Float64,
    "version": pl.Int64,
    "changed_at": pl.Datetime("us", "UTC"),
    "changed_by": pl.String,
}
VISIT: Schema = {
    "check": pl.Int64,
    "checked_on": pl.Date,
    "checked_by": pl.String,
    "check_result": pl.String,
    "next_due": pl.Date,
    "answers": pl.String,
    "note": pl.String,
    "entered_at": pl.Datetime("us", "UTC"),
    "entered_by": pl.String,
}
ITEM: Schema = {
    "slug": pl.String,
    "for_pools": pl.Boolean,
    "text": pl.String,
    "source": pl.String,
    "is_essential": pl.Boolean,
    "certainty": pl.String,
}
PHOTO: Schema = {
    "photo": pl.Int64,
    "version": pl.Int64,
    "caption": pl.String,
    "added_at": pl.Datetime("us", "UTC"),
    "added_by": pl.String,
}
DEED: Schema = {
    "at": pl.Datetime("us", "UTC"),
    "by": pl.String,
    "action": pl.String,
    "before": pl.String,
    "after": pl.String,
}
# What an integer column of PostgreSQL holds; a larger number is an error there rather than a row not found.
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class PlayRegister:
    """The register today, at data version `version`.

    `places`: columns of dashboard.views.places.places_on in local time. `quarters`: columns of QUARTER with
    counting (Int64, counting places in it), is_covered (Boolean), distance_m (Float64, to the nearest counting
    place), is_near (Boolean, null where a position is missing). `communes`: columns of AREA with places,
    counting, unmeasured (counting places of unknown size), overdue, square_metres (of the others), quarters,
    uncounted (those whose children are not known), covered, children, children_covered (Int64; the last two null
    where no thôn or khu phố has a number).
    `outlines_version` is what a form has seen of them (see set_outlines).
    `references`: the national values of the indicator, columns of REFERENCE. `target_bp`: the plan's.
    """

    version: int
    header: PlanHeader
    day: date
    standard: StandardInForce
    places: pl.DataFrame
    quarters: pl.DataFrame
    communes: pl.DataFrame
    references: pl.DataFrame
    target_bp: int | None
    near_bp: int
    outlines: str | None
    outlines_version: int
    lead: int | None
    as_of: datetime

    @property
    def counting(self) -> pl.DataFrame:
        return self.places.filter("counts")

    @property
    def provision(self) -> Provision:
        return provision(self.communes)

    @property
    def walk(self) -> Walk:
        return walk(self.quarters, self.counting)

    @property
    def covered_communes(self) -> int:
        return self.communes.filter(pl.col("counting") > 0).height

    @property
    def overdue(self) -> pl.DataFrame:
        """Places in use whose check has expired."""
        return self.places.filter(~pl.col("is_closed"), pl.col("next_due") < self.day)

    @property
    def uncovered(self) -> pl.DataFrame:
        """Thôn and khu phố without a counting place, those with most children first."""
        return self.quarters.filter(~pl.col("is_covered")).sort("children", descending=True, nulls_last=True)


def play_register(language: Language) -> PlayRegister | None:
    """None before `dashboard init`."""
    with database().read() as session:
        today = business_now(session).date()
        header = plan_header(session, today.year, language)
        if header is None:
            return None
        places = places_on(session, today)
        standard = standard_on(session, today)
        quarters = _with_cover(_quarters(session), places, standard.walking_m)
        line = indicators(session, today.year, language).filter(pl.col("derived_from") == "play_areas")
        newest = newest_change(places)
        return PlayRegister(
            version=data_version(session),
            header=header,
            day=today,
            standard=standard,
            places=places.with_columns(pl.col("changed_at").dt.convert_time_zone(str(LOCAL))),
            quarters=quarters,
            communes=_by_commune(communes(session, today.year, language), places, quarters, today),
            references=references(session, language).join(line.select("indicator"), on="indicator"),
            target_bp=line["target_bp"].item() if line.height else None,
            near_bp=line["near_bp"].item() or 0 if line.height else 0,
            outlines=_outlines(session),
            outlines_version=outlines_version(session),
            lead=lead_agency(session),
            as_of=local(newest) if newest else business_now(session),
        )


def lead() -> int | None:
    """What `lead_agency` says, for who asks for nothing else."""
    with database().read() as session:
        return lead_agency(session)


def lead_agency(session: Session) -> int | None:
    """The agency that answers for play areas in the plan."""
    return session.scalar(
        select(col(Indicator.lead_agency_id)).where(col(Indicator.derived_from) == "play_areas")
    )


def _quarters(session: Session) -> pl.DataFrame:
    statement = (
        select(
            col(Quarter.id),
            col(Quarter.area_id),
            col(Area.name),
            col(Area.position),
            col(Quarter.name),
            col(Quarter.kind),
            col(Quarter.children),
            col(Quarter.latitude),
            col(Quarter.longitude),
            col(Quarter.version),
            col(Quarter.changed_at),
            col(Account.name),
        )
        .join(Area, col(Area.id) == col(Quarter.area_id))
        .join(Account, col(Account.id) == col(Quarter.changed_by))
        .where(col(Quarter.ended_on).is_(None))
        .order_by(col(Area.position), col(Quarter.id))
    )
    return read_frame(session, statement, QUARTER)


def _with_cover(quarters: pl.DataFrame, places: pl.DataFrame, walking_m: int) -> pl.DataFrame:
    counting = places.filter("counts")
    within = counting.group_by("quarter").agg(counting=pl.len().cast(pl.Int64))
    walks = nearest_place(
        quarters.select("quarter", "latitude", "longitude"),
        counting.select("place", "latitude", "longitude"),
    ).drop("place")
    return (
        quarters.join(within, on="quarter", how="left", maintain_order="left")
        .join(walks, on="quarter", how="left", maintain_order="left")
        .with_columns(pl.col("counting").fill_null(0))
        .with_columns(is_covered=pl.col("counting") > 0, is_near=pl.col("distance_m") <= walking_m)
    )


def _by_commune(areas: pl.DataFrame, places: pl.DataFrame, quarters: pl.DataFrame, day: date) -> pl.DataFrame:
    overdue = ~pl.col("is_closed") & (pl.col("next_due") < day).fill_null(value=False)
    in_register = places.group_by("area").agg(
        places=pl.len().cast(pl.Int64),
        counting=pl.col("counts").sum().cast(pl.Int64),
        overdue=overdue.sum().cast(pl.Int64),
        square_metres=pl.col("area_m2").filter("counts").sum(),
        unmeasured=pl.col("area_m2").filter("counts").null_count().cast(pl.Int64),
    )
    is_counted = pl.col("children").is_not_null().any()
    living = quarters.group_by("area").agg(
        quarters=pl.len().cast(pl.Int64),
        covered=pl.col("is_covered").sum().cast(pl.Int64),
        uncounted=pl.col("children").null_count().cast(pl.Int64),
        children=pl.when(is_counted).then(pl.col("children").sum()),
        children_covered=pl.when(is_counted).then(pl.col("children").filter("is_covered").sum()),
    )
    counts = [
        "places",
        "counting",
        "unmeasured",
        "overdue",
        "square_metres",
        "quarters",
        "uncounted",
        "covered",
    ]
    return (
        areas.join(in_register, on="area", how="left")
        .join(living, on="area", how="left")
        .with_columns(pl.col(*counts).fill_null(0))
        .sort("position")
    )


def _outlines(session: Session) -> str | None:
    return session.scalar(
        select(col(Outlines.content))
        .where(col(Outlines.withdrawn_at).is_(None))
        .order_by(col(Outlines.id).desc())
        .limit(1)
    )


@dataclass(frozen=True)
class PlaceFile:
    """Everything about one place: `visits` (columns of VISIT), `photos` (PHOTO), `deeds` (DEED), newest first."""

    visits: pl.DataFrame
    photos: pl.DataFrame
    deeds: pl.DataFrame


def place_file(place: int) -> PlaceFile:
    with database().read() as session:
        visits = (
            select(
                col(SafetyCheck.id),
                col(SafetyCheck.checked_on),
                col(SafetyCheck.checked_by),
                col(SafetyCheck.result),
                col(SafetyCheck.next_due),
                col(SafetyCheck.answers),
                col(SafetyCheck.note),
                col(SafetyCheck.entered_at),
                col(Account.name),
            )
            .join(Account, col(Account.id) == col(SafetyCheck.entered_by))
            .where(col(SafetyCheck.play_area_id) == place)
            .order_by(col(SafetyCheck.checked_on).desc(), col(SafetyCheck.id).desc())
        )
        photos = (
            select(
                col(PlayPhoto.id),
                col(PlayPhoto.version),
                col(PlayPhoto.caption),
                col(PlayPhoto.added_at),
                col(Account.name),
            )
            .join(Account, col(Account.id) == col(PlayPhoto.added_by))
            .where(col(PlayPhoto.play_area_id) == place, col(PlayPhoto.hidden_at).is_(None))
            .order_by(col(PlayPhoto.id).desc())
        )
        deeds = (
            select(
                col(Change.at), col(Account.name), col(Change.action), col(Change.before), col(Change.after)
            )
            .outerjoin(Account, col(Account.id) == col(Change.actor_id))
            .where(col(Change.subject) == "play_area", col(Change.subject_id) == str(place))
            .order_by(col(Change.id).desc())
        )
        return PlaceFile(
            _local(read_frame(session, visits, VISIT), "entered_at"),
            _local(read_frame(session, photos, PHOTO), "added_at"),
            _local(read_frame(session, deeds, DEED), "at"),
        )


def _local(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    return frame.with_columns(pl.col(column).dt.convert_time_zone(str(LOCAL)))


def photo_bytes(photo: int, *, thumbnail: bool) -> bytes | None:
    """None where there is no such photo, or where it is hidden."""
    if photo > LARGEST_ID:
        return None
    column = col(PlayPhoto.thumbnail if thumbnail else PlayPhoto.jpeg)
    with database().read() as session:
        return session.scalar(
            select(column).where(col(PlayPhoto.id) == photo, col(PlayPhoto.hidden_at).is_(None))
        )


def checklist(language: Language, *, is_pool: bool) -> pl.DataFrame:
    """What to look at when visiting a place; columns of ITEM. Questions for swimming places come last."""
    statement = select(
        col(ChecklistItem.slug),
        col(ChecklistItem.for_pools),
        getattr(ChecklistItem, f"text_{language}"),
        getattr(ChecklistItem, f"source_{language}"),
        col(ChecklistItem.is_essential),
        col(ChecklistItem.certainty),
    ).order_by(col(ChecklistItem.for_pools), col(ChecklistItem.position))
    if not is_pool:
        statement = statement.where(~col(ChecklistItem.for_pools))
    with database().read() as session:
        return read_frame(session, statement, ITEM)


def deed_values(deed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a row of DEED said before and after, as it was logged."""
    before, after = (json.loads(deed[name]) if deed[name] else {} for name in ("before", "after"))
    return before, after
