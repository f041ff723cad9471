"""Figures already in the system that speak for a criterion, with the points that its bands would give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.domain.recognition import points_for_share
from dashboard.views.catalogue import indicators, periods, splits
from dashboard.views.derived import with_derived
from dashboard.views.figures import stored_figures, whole_lines
from dashboard.views.rule_book import rule_book
from dashboard.views.small_counts import masked_wholes
from db.engine import database

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from dashboard.domain.permissions import Sight
    from dashboard.i18n import Language
    from dashboard.views.rule_book import RuleBook

YEARS_BACK = 2


@dataclass(frozen=True)
class Proposal:
    """One item's figure. `points` is None where no band is known that it reaches: then the figure is only shown.

    `is_illustrative`: the bands are made up for the demonstration.
    `is_whole` says that the item is all of its criterion, so that its points can stand for the criterion's.
    """

    number: int
    item_text: str
    code: str
    indicator_name: str
    kind: str
    year: int
    part: str
    numerator: int
    denominator: int
    points: int | None
    has_bands: bool
    is_illustrative: bool
    is_whole: bool
    note: str


def proposals(
    area: int, rule_set: int, language: Language, sight: Sight, *, year: int
) -> tuple[Proposal, ...]:
    """What the newest figures up to `year` say for each criterion of the set, to the reader of this `sight`.

    Nothing for figures that are not reported, nor for small counts that this reader may not see.
    """
    with database().read() as session:
        book = rule_book(session, rule_set, language)
        wanted = book.items.filter(pl.col("indicator_code").is_not_null())
        figures = _newest(session, area, year, language, set(wanted["indicator_code"]), sight)
        found = [
            (item, figures[item["indicator_code"]])
            for item in wanted.to_dicts()
            if item["indicator_code"] in figures
        ]
    return tuple(_proposal(book, item, figure) for item, figure in found)


def _proposal(book: RuleBook, item: Mapping[str, Any], figure: Mapping[str, Any]) -> Proposal:
    share = (figure["numerator"], figure["denominator"])
    return Proposal(
        number=item["number"],
        item_text=item["text"],
        code=figure["code"],
        indicator_name=figure["name"],
        kind=figure["kind"],
        year=figure["year"],
        part=figure["part"],
        numerator=share[0],
        denominator=share[1],
        points=points_for_share(book.bands_of(item["item"]), *share),
        has_bands=bool(book.bands_of(item["item"])),
        is_illustrative=bool(item["is_illustrative"]),
        is_whole=book.items.filter(pl.col("number") == item["number"]).height == 1,
        note=item["figure_note"],
    )


def _newest(
    session: Session, area: int, year: int, language: Language, codes: set[str], sight: Sight
) -> dict[str, dict[str, Any]]:
    """The last figure with both its numbers of each indicator, by code."""
    lines = indicators(session, year, language).filter(pl.col("code").is_in(list(codes)))
    years = (year - YEARS_BACK, year)
    stored = pl.concat(
        [stored_figures(session, years=years, grouping=group) for group in ("target", "monitoring")]
    )
    rules = splits(session, language).join(lines.select("indicator", "splits_rule", "kind"), on="indicator")
    known = periods(session).filter(pl.col("year").is_between(*years))
    wholes = with_derived(session, whole_lines(stored, rules), lines, known)
    shown = masked_wholes(
        wholes.join(lines.select("indicator", "lead", "is_sensitive"), on="indicator"), sight
    )
    rows = (
        shown.filter(pl.col("area") == area, pl.col("answer") == "figure", pl.col("denominator") > 0)
        .drop("kind")
        .join(lines.select("indicator", "code", "name", "kind"), on="indicator")
        .join(known.select("period", "year", "part"), on="period")
        .sort("year", "part")
        .group_by("code", maintain_order=True)
        .last()
    )
    return {row["code"]: row for row in rows.to_dicts() if row["numerator"] is not None}
