"""The cells of the plan as the database has them, held against the one rule of dashboard.domain.typed_cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from dashboard.domain.typed_cells import COMMUNE, Line, Place, exists_in, line_problem
from db.tables import Area, Indicator, Installation, Split

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session


def line_of(indicator: Indicator, split: Split) -> Line:
    return Line(indicator.scope, indicator.splits_rule, split.slug, indicator.derived_since)


def places(session: Session) -> dict[int, Place]:
    """Every area as the rule looks at it, by its id."""
    own = session.scalar(select(col(Installation.area_id)))
    areas = session.scalars(select(Area)).all()
    parents = {area.id: area.parent_id for area in areas}
    return {
        area.id or 0: Place(
            kind=area.kind,
            is_plans_own=area.id == own,
            is_below=own is not None and _is_below(area.parent_id, own, parents),
            valid_from=area.valid_from,
            valid_to=area.valid_to,
        )
        for area in areas
    }


def _is_below(above: int | None, own: int, parents: Mapping[int | None, int | None]) -> bool:
    while above is not None and above != own:
        above = parents[above]
    return above == own


def typed_lines(session: Session, year: int, *, grouping: str = "", scope: str = "") -> tuple[int, ...]:
    """Ids of the lines that are typed in `year`; of one grouping and one scope where these are named."""
    rows = session.execute(
        select(Split, Indicator).join(Indicator, col(Indicator.id) == col(Split.indicator_id))
    ).all()
    return tuple(
        split.id or 0
        for split, indicator in rows
        if grouping in ("", indicator.grouping)
        and scope in ("", indicator.scope)
        and line_problem(line_of(indicator, split), year) is None
    )


def reporting_communes(session: Session, year: int, part: str) -> tuple[int, ...]:
    """Ids of the plan's communes that existed in the period."""
    return tuple(
        key
        for key, place in places(session).items()
        if place.kind == COMMUNE and place.is_below and exists_in(place, year, part)
    )
