"""One set of criteria as it stands: its criteria with their parts, scales and thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
from sqlalchemy import select
from sqlmodel import col

from dashboard.domain.recognition import Band, CriterionRule, is_whole_scale
from db.frames import Schema, read_frame
from db.tables import Criterion, CriterionItem, RecognitionThreshold, ScoringBand

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dashboard.i18n import Language

CRITERION: Schema = {
    "criterion": pl.Int64,
    "number": pl.Int64,
    "name": pl.String,
    "basis": pl.String,
    "maximum": pl.Int64,
    "least": pl.Int64,
    "certainty": pl.String,
    "is_illustrative": pl.Boolean,
}
ITEM: Schema = {
    "item": pl.Int64,
    "number": pl.Int64,
    "position": pl.Int64,
    "text": pl.String,
    "points": pl.Int64,
    "indicator_code": pl.String,
    "figure_note": pl.String,
    "certainty": pl.String,
    "is_illustrative": pl.Boolean,
}
BAND: Schema = {"item": pl.Int64, "at_least_bp": pl.Int64, "points": pl.Int64}
THRESHOLD: Schema = {
    "commune_class": pl.String,
    "class_name": pl.String,
    "points": pl.Int64,
    "certainty": pl.String,
}


@dataclass(frozen=True)
class RuleBook:
    """One set as it stands: `criteria` (columns of CRITERION), `items` (ITEM), `bands` (BAND), `thresholds`."""

    criteria: pl.DataFrame
    items: pl.DataFrame
    bands: pl.DataFrame
    thresholds: pl.DataFrame

    @property
    def rules(self) -> tuple[CriterionRule, ...]:
        rows = self.criteria.select("number", "maximum", "least").iter_rows()
        return tuple(CriterionRule(number, maximum, least or 1) for number, maximum, least in rows)

    @property
    def has_all_maxima(self) -> bool:
        return self.criteria.height > 0 and self.criteria["maximum"].null_count() == 0

    @property
    def is_illustrative(self) -> bool:
        return bool(self.criteria["is_illustrative"].any())

    def levels(self, number: int) -> tuple[int, ...]:
        """The points that a criterion of a single item with a whole scale can give; empty where any number can."""
        items = self.items.filter(pl.col("number") == number)
        if items.height != 1:
            return ()
        bands = self.bands_of(items["item"].item())
        return tuple(sorted({band.points for band in bands})) if is_whole_scale(bands) else ()

    def bands_of(self, item: int) -> tuple[Band, ...]:
        rows = self.bands.filter(pl.col("item") == item).select("at_least_bp", "points").iter_rows()
        return tuple(Band(at_least, points) for at_least, points in rows)


def rule_book(session: Session, rule_set: int, language: Language) -> RuleBook:
    criteria = (
        select(
            col(Criterion.id),
            col(Criterion.number),
            getattr(Criterion, f"name_{language}"),
            getattr(Criterion, f"basis_{language}"),
            col(Criterion.max_points),
            col(Criterion.min_points),
            col(Criterion.certainty),
            col(Criterion.is_illustrative),
        )
        .where(col(Criterion.rule_set_id) == rule_set)
        .order_by(col(Criterion.number))
    )
    items = (
        select(
            col(CriterionItem.id),
            col(Criterion.number),
            col(CriterionItem.position),
            getattr(CriterionItem, f"text_{language}"),
            col(CriterionItem.points),
            col(CriterionItem.indicator_code),
            getattr(CriterionItem, f"figure_note_{language}"),
            col(CriterionItem.certainty),
            col(CriterionItem.is_illustrative),
        )
        .join(Criterion, col(Criterion.id) == col(CriterionItem.criterion_id))
        .where(col(Criterion.rule_set_id) == rule_set)
        .order_by(col(Criterion.number), col(CriterionItem.position))
    )
    bands = (
        select(col(ScoringBand.item_id), col(ScoringBand.at_least_bp), col(ScoringBand.points))
        .join(CriterionItem, col(CriterionItem.id) == col(ScoringBand.item_id))
        .join(Criterion, col(Criterion.id) == col(CriterionItem.criterion_id))
        .where(col(Criterion.rule_set_id) == rule_set)
        .order_by(col(ScoringBand.item_id), col(ScoringBand.at_least_bp))
    )
    thresholds = (
        select(
            col(RecognitionThreshold.commune_class),
            getattr(RecognitionThreshold, f"name_{language}"),
            col(RecognitionThreshold.points),
            col(RecognitionThreshold.certainty),
        )
        .where(col(RecognitionThreshold.rule_set_id) == rule_set)
        .order_by(col(RecognitionThreshold.points))
    )
    return RuleBook(
        read_frame(session, criteria, CRITERION),
        read_frame(session, items, ITEM),
        read_frame(session, bands, BAND),
        read_frame(session, thresholds, THRESHOLD),
    )
