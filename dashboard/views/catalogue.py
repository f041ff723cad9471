"""The plan as it is read everywhere: areas, periods, indicators with their lines and the year's target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
from sqlalchemy import and_, or_, select
from sqlmodel import col

from db.frames import Schema, read_frame
from db.tables import Agency, Area, Indicator, Installation, Period, Plan, Reference, Split, Target

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dashboard.i18n import Language

AREA: Schema = {
    "area": pl.Int64,
    "slug": pl.String,
    "name": pl.String,
    "full_name": pl.String,
    "kind": pl.String,
    "parent": pl.Int64,
    "position": pl.Int64,
    "tile_row": pl.Int64,
    "tile_column": pl.Int64,
    "code": pl.String,
    "latitude": pl.Float64,
    "longitude": pl.Float64,
    "area_km2": pl.Float64,
}
PERIOD: Schema = {
    "period": pl.Int64,
    "year": pl.Int64,
    "part": pl.String,
    "communes_before": pl.Date,
    "town_before": pl.Date,
}
INDICATOR: Schema = {
    "indicator": pl.Int64,
    "code": pl.String,
    "position": pl.Int64,
    "kind": pl.String,
    "grouping": pl.String,
    "scope": pl.String,
    "clause": pl.String,
    "name": pl.String,
    "short": pl.String,
    "unit": pl.String,
    "unit_scale": pl.Int64,
    "numerator_label": pl.String,
    "denominator_label": pl.String,
    "definition": pl.String,
    "is_cumulative": pl.Boolean,
    "is_sensitive": pl.Boolean,
    "splits_rule": pl.String,
    "derived_from": pl.String,
    "derived_since": pl.Int64,
    "certainty": pl.String,
    "lead": pl.Int64,
    "lead_name": pl.String,
    "lead_certainty": pl.String,
    "target_kind": pl.String,
    "target_bp": pl.Int64,
    "near_bp": pl.Int64,
    "target_certainty": pl.String,
    "target_clause": pl.String,
}
SPLIT: Schema = {
    "split": pl.Int64,
    "indicator": pl.Int64,
    "slug": pl.String,
    "split_position": pl.Int64,
    "split_name": pl.String,
    "split_numerator": pl.String,
    "split_denominator": pl.String,
    "is_sensitive_split": pl.Boolean,
}
REFERENCE: Schema = {
    "indicator": pl.Int64,
    "year": pl.Int64,
    "value_bp": pl.Int64,
    "source": pl.String,
    "note": pl.String,
    "is_same_definition": pl.Boolean,
    "certainty": pl.String,
}


@dataclass(frozen=True)
class PlanHeader:
    """Whose plan it is. `is_demonstration` says that every figure here is made up."""

    area_id: int
    area_name: str
    title: str
    number: str | None
    is_demonstration: bool


def plan_header(session: Session, year: int, language: Language) -> PlanHeader | None:
    """The installation's area with the plan of `year`, or without one; None before `dashboard init`."""
    found = session.execute(
        select(Installation, Area, Plan)
        .join(Area, col(Area.id) == col(Installation.area_id))
        .outerjoin(Plan, col(Plan.year) == year)
    ).one_or_none()
    if found is None:
        return None
    installation, area, plan = found
    return PlanHeader(
        area_id=installation.area_id,
        area_name=getattr(area, f"full_name_{language}"),
        title=getattr(plan, f"title_{language}") if plan else "",
        number=plan.number if plan else None,
        is_demonstration=installation.is_demonstration,
    )


def communes(session: Session, year: int, language: Language) -> pl.DataFrame:
    """Communes that existed at some time in `year`, in the plan's order; columns of AREA."""
    begin, end = date(year, 1, 1), date(year, 12, 31)
    statement = (
        select(
            col(Area.id),
            col(Area.slug),
            col(Area.name),
            getattr(Area, f"full_name_{language}"),
            col(Area.kind),
            col(Area.parent_id),
            col(Area.position),
            col(Area.tile_row),
            col(Area.tile_column),
            col(Area.code),
            col(Area.latitude),
            col(Area.longitude),
            col(Area.area_km2),
        )
        .where(
            col(Area.kind) == "commune",
            col(Area.valid_from) <= end,
            or_(col(Area.valid_to).is_(None), col(Area.valid_to) > begin),
        )
        .order_by(col(Area.position))
    )
    return read_frame(session, statement, AREA)


def area_tree(session: Session, year: int, language: Language) -> pl.DataFrame:
    """`area`, `ancestor` (Int64): each commune of `year` with every area above it."""
    parents = {row.id: row.parent_id for row in session.execute(select(col(Area.id), col(Area.parent_id)))}
    rows = []
    for commune in communes(session, year, language)["area"]:
        above = parents[commune]
        while above is not None:
            rows.append((commune, above))
            above = parents[above]
    return pl.DataFrame(rows, schema={"area": pl.Int64, "ancestor": pl.Int64}, orient="row")


def periods(session: Session) -> pl.DataFrame:
    """All reporting periods in time's order; columns of PERIOD. A deadline is the first day too late."""
    statement = select(
        col(Period.id),
        col(Period.year),
        col(Period.part),
        col(Period.communes_before),
        col(Period.town_before),
    ).order_by(col(Period.year), col(Period.part))
    return read_frame(session, statement, PERIOD)


def indicators(session: Session, year: int, language: Language) -> pl.DataFrame:
    """The catalogue with the target in force in `year`; columns of INDICATOR, targets in basis points."""
    in_force = and_(
        col(Target.indicator_id) == col(Indicator.id),
        col(Target.year_from) <= year,
        or_(col(Target.year_to).is_(None), col(Target.year_to) >= year),
    )
    statement = (
        select(
            col(Indicator.id),
            col(Indicator.code),
            col(Indicator.position),
            col(Indicator.kind),
            col(Indicator.grouping),
            col(Indicator.scope),
            col(Indicator.clause),
            *(getattr(Indicator, f"{name}_{language}") for name in ("name", "short", "unit")),
            col(Indicator.unit_scale),
            *(
                getattr(Indicator, f"{name}_{language}")
                for name in ("numerator", "denominator", "definition")
            ),
            col(Indicator.is_cumulative),
            col(Indicator.is_sensitive),
            col(Indicator.splits_rule),
            col(Indicator.derived_from),
            col(Indicator.derived_since),
            col(Indicator.certainty),
            col(Indicator.lead_agency_id),
            getattr(Agency, f"short_{language}"),
            col(Indicator.lead_certainty),
            col(Target.kind),
            col(Target.value_bp),
            col(Target.near_bp),
            col(Target.certainty),
            col(Target.clause),
        )
        .join(Agency, col(Agency.id) == col(Indicator.lead_agency_id))
        .outerjoin(Target, in_force)
        .order_by(col(Indicator.position))
    )
    return read_frame(session, statement, INDICATOR).with_columns(pl.col("target_kind").fill_null("none"))


def splits(session: Session, language: Language) -> pl.DataFrame:
    """The lines of every indicator; columns of SPLIT, `all` first."""
    statement = (
        select(
            col(Split.id),
            col(Split.indicator_id),
            col(Split.slug),
            col(Split.position),
            getattr(Split, f"name_{language}"),
            getattr(Split, f"numerator_{language}"),
            getattr(Split, f"denominator_{language}"),
            or_(col(Split.is_sensitive), col(Indicator.is_sensitive)),
        )
        .join(Indicator, col(Indicator.id) == col(Split.indicator_id))
        .order_by(col(Split.indicator_id), col(Split.position))
    )
    return read_frame(session, statement, SPLIT)


def references(session: Session, language: Language) -> pl.DataFrame:
    """National values to look at beside the targets; columns of REFERENCE."""
    statement = select(
        col(Reference.indicator_id),
        col(Reference.year),
        col(Reference.value_bp),
        getattr(Reference, f"source_{language}"),
        getattr(Reference, f"note_{language}"),
        col(Reference.is_same_definition),
        col(Reference.certainty),
    ).order_by(col(Reference.indicator_id), col(Reference.year))
    return read_frame(session, statement, REFERENCE)
