"""The sheet of figures that one officer fills: every line with what stands there and what stood before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dashboard.clock import LOCAL, business_now
from dashboard.domain.permissions import Capability, may
from dashboard.domain.typed_cells import COMMUNE, TOWN, first_day
from dashboard.plan_cells import reporting_communes, typed_lines
from dashboard.views.catalogue import communes, indicators, periods, plan_header, splits
from dashboard.views.figures import stored_figures
from dashboard.views.reporting import reporting_by_commune
from db.engine import database

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.domain.permissions import Actor
    from dashboard.i18n import Language

GROUPINGS = ("target", "monitoring", "budget", "fund")


@dataclass(frozen=True)
class EntrySheet:
    """`lines`: one row per line and area that this person may fill, in the plan's order: the columns of
    INDICATOR and SPLIT, area, area_name, period, answer, numerator, denominator, version, entered_at (local time),
    entered_by (null where nothing stands), and last_answer, last_numerator, last_denominator: the same
    period last year. `reporting`: one row per commune, columns of REPORTING.
    """

    year: int
    part: str
    period: int
    communes_before: date | None
    today: date
    lines: pl.DataFrame
    reporting: pl.DataFrame


def entry_sheet(actor: Actor, year: int, part: str, language: Language) -> EntrySheet | None:
    """The lines that `actor` may fill in one period; None where there is no such period or plan, or where it has
    not begun."""
    with database().read() as session:
        known = periods(session).filter(pl.col("year") == year, pl.col("part") == part)
        header = plan_header(session, year, language)
        today = business_now(session).date()
        if known.is_empty() or header is None or first_day(year, part) > today:
            return None
        period = known.row(0, named=True)
        lines = _lines(session, year, part, language, header.area_id, header.area_name)
        mine = lines.filter(
            pl.Series(
                [
                    may(actor, Capability.enter_figures, area_id=area, lead_agency_id=lead)
                    for area, lead in lines.select("area", "lead").iter_rows()
                ],
                dtype=pl.Boolean,
            )
        )
        return EntrySheet(
            year=year,
            part=part,
            period=period["period"],
            communes_before=period["communes_before"],
            today=today,
            lines=_with_figures(session, mine, year, part).with_columns(period=pl.lit(period["period"])),
            reporting=reporting_by_commune(session, year, part, language),
        )


def _lines(
    session: Session, year: int, part: str, language: Language, town: int, town_name: str
) -> pl.DataFrame:
    """Every typed line for every area of its scope that exists in the period."""
    typed = (
        indicators(session, year, language)
        .join(splits(session, language), on="indicator")
        .filter(pl.col("split").is_in(typed_lines(session, year)))
        .with_columns(_own_label("numerator"), _own_label("denominator"))
        .drop("split_numerator", "split_denominator")
    )
    below = (
        communes(session, year, language)
        .filter(pl.col("area").is_in(reporting_communes(session, year, part)))
        .select("area", pl.col("full_name").alias("area_name"), pl.col("position").alias("area_position"))
    )
    above = pl.DataFrame(
        {"area": [town], "area_name": [town_name], "area_position": [0]}, schema=below.schema
    )
    for_communes = typed.filter(pl.col("scope") == COMMUNE).join(below, how="cross")
    for_town = typed.filter(pl.col("scope") == TOWN).join(above, how="cross")
    return pl.concat([for_communes, for_town]).sort("area_position", "position", "split_position")


def _own_label(field: str) -> pl.Expr:
    """What a field asks for in the words of its own line: the words of the whole would ask for the total."""
    own, whole = pl.col(f"split_{field}"), pl.col(f"{field}_label")
    by_name = pl.when(pl.col("slug") == "all").then(whole).otherwise(pl.format("{}: {}", "split_name", whole))
    return pl.when(own != "").then(own).otherwise(by_name).alias(f"{field}_label")


def _with_figures(session: Session, lines: pl.DataFrame, year: int, part: str) -> pl.DataFrame:
    figures = pl.concat(
        [stored_figures(session, years=(year - 1, year), grouping=grouping) for grouping in GROUPINGS]
    ).filter(pl.col("part") == part)
    said = ["split", "area", "answer", "numerator", "denominator"]
    now = figures.filter(pl.col("year") == year).select(*said, "version", "entered_at", "entered_by")
    last = figures.filter(pl.col("year") == year - 1).select(
        "split",
        "area",
        last_answer="answer",
        last_numerator="numerator",
        last_denominator="denominator",
    )
    return (
        lines.join(now, on=["split", "area"], how="left", maintain_order="left")
        .join(last, on=["split", "area"], how="left", maintain_order="left")
        .with_columns(pl.col("version").fill_null(0), pl.col("entered_at").dt.convert_time_zone(str(LOCAL)))
    )
