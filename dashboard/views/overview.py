"""The overview's one question: which indicators are met, which are not, where, and who has yet to report?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from dashboard.clock import LOCAL, local
from dashboard.domain.status import Status
from dashboard.views.catalogue import communes, indicators, periods, plan_header
from dashboard.views.history import history
from dashboard.views.reporting import reporting_by_commune
from dashboard.views.small_counts import masked_history
from db.changes import data_version
from db.engine import database

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from dashboard.domain.permissions import Sight
    from dashboard.i18n import Language
    from dashboard.views.catalogue import PlanHeader

COUNTED = (Status.met, Status.near, Status.off)


@dataclass(frozen=True)
class Overview:
    """One period as it stands at data version `version`.

    `cells`: one row per indicator and area (the town included) with the columns of dashboard.views.history.history,
    and area_name, column (the town last), tile_row, tile_column, is_town, mask (why a number is not shown, or
    null); entered_at is in local time.
    `trend`: area, code, position, step, year, part, share, numerator, status, is_provisional over the last periods.
    `reporting`: columns of dashboard.views.reporting.REPORTING.
    `met_before`: how many indicators the town met in the period before of the same year, None without one.
    `as_of`: when the newest figure was entered, None where there is none.
    """

    version: int
    header: PlanHeader
    year: int
    part: str
    cells: pl.DataFrame
    trend: pl.DataFrame
    reporting: pl.DataFrame
    met_before: int | None
    as_of: datetime | None

    @property
    def town(self) -> pl.DataFrame:
        return self.cells.filter("is_town")

    def count(self, *states: Status) -> int:
        return self.town.filter(pl.col("status").is_in(list(states))).height

    @property
    def is_empty(self) -> bool:
        """Nobody has answered anything yet."""
        return bool(self.cells["answer"].is_null().all())

    @property
    def measured(self) -> int:
        """How many indicators have a target in this year; none in the years before the plan."""
        return self.town.filter(pl.col("target_kind") != "none").height

    @property
    def is_provisional(self) -> bool:
        """Some figure of the town is made of drafts, or somebody's answer is missing from it."""
        return bool(self.town["is_provisional"].any())

    def silent(self, code: str) -> pl.DataFrame:
        """The communes whose answer is missing from the town's figure: not reported, half entered, no figure yet."""
        silent = [Status.not_reported, Status.incomplete, Status.no_figure]
        return self.cells.filter(
            pl.col("code") == code,
            ~pl.col("is_town"),
            pl.col("status").is_in([str(state) for state in silent]),
        )


@dataclass(frozen=True)
class Unmasked:
    """An overview before small counts are taken out of it: kept by version, and shown to nobody as it is."""

    overview: Overview
    history: pl.DataFrame
    places: pl.DataFrame


def overview(year: int, part: str, language: Language, sight: Sight) -> Overview | None:
    """The overview of one period as the reader of this `sight` may see it; None without a plan or such a period."""
    found = unmasked(year, part, language)
    return masked(found, sight) if found else None


def masked(found: Unmasked, sight: Sight) -> Overview:
    """Leave out the small counts that the reader of this `sight` may not see: no query, so cheap for each reader."""
    town = found.overview.header.area_id
    rows = masked_history(found.history, town, sight)
    return replace(found.overview, cells=_cells(found.overview, rows, found.places), trend=_trend(rows))


def unmasked(year: int, part: str, language: Language) -> Unmasked | None:
    """Everything that an overview is made of, whoever will read it."""
    with database().read() as session:
        header = plan_header(session, year, language)
        period = periods(session).filter(pl.col("year") == year, pl.col("part") == part)
        if header is None or period.is_empty():
            return None
        lines = indicators(session, year, language).filter(pl.col("grouping") == "target")
        town = header.area_id
        places = _places(session, year, language, header)
        rows = history(session, year, part, language, lines).join(places.select("area"), on="area")
        found = Overview(
            version=data_version(session),
            header=header,
            year=year,
            part=part,
            cells=pl.DataFrame(),
            trend=pl.DataFrame(),
            reporting=reporting_by_commune(session, year, part, language),
            met_before=_met_before(rows, year, part, town),
            as_of=_as_of(rows.filter(pl.col("year") == year, pl.col("part") == part)),
        )
        return Unmasked(found, rows, places)


def _places(session: Session, year: int, language: Language, header: PlanHeader) -> pl.DataFrame:
    """The columns of the scorecard: communes in the plan's order, the town last."""
    areas = communes(session, year, language).select(
        "area", pl.col("name").alias("area_name"), "tile_row", "tile_column", "position"
    )
    columns = areas.with_columns(column=pl.col("position").rank("dense").cast(pl.Int64)).drop("position")
    town = pl.DataFrame(
        {"area": [header.area_id], "area_name": [header.area_name], "column": [areas.height + 1]}
    )
    return pl.concat([columns, town], how="diagonal").with_columns(is_town=pl.col("area") == header.area_id)


def _cells(period: Overview, rows: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    now = rows.filter(pl.col("year") == period.year, pl.col("part") == period.part)
    in_local_time = pl.col("entered_at").dt.convert_time_zone(str(LOCAL))
    return now.join(places, on="area").with_columns(in_local_time).sort("position", "column")


def _trend(rows: pl.DataFrame) -> pl.DataFrame:
    order = (pl.col("year") * 2 + (pl.col("part") == "year").cast(pl.Int64)).alias("order")
    kept = ["code", "position", "step", "year", "part", "share", "numerator", "status", "is_provisional"]
    return (
        rows.with_columns(order)
        .with_columns(step=pl.col("order").rank("dense").cast(pl.Int64) - 1)
        .select("area", *kept)
        .sort("position", "area", "step")
    )


def _met_before(rows: pl.DataFrame, year: int, part: str, town: int) -> int | None:
    """Only within the plan's year: earlier years had other targets."""
    if part != "year":
        return None
    before = rows.filter(pl.col("area") == town, pl.col("year") == year, pl.col("part") == "half")
    judged = before.filter(pl.col("status").is_in(list(COUNTED)))
    return judged.filter(pl.col("status") == Status.met).height if judged.height else None


def _as_of(rows: pl.DataFrame) -> datetime | None:
    newest = rows["entered_at"].drop_nulls().max()
    return local(newest) if newest else None  # type: ignore[arg-type]
