"""What the office may set: points of the sets of criteria, classes of communes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from dashboard.clock import business_now
from dashboard.domain.recognition import FINAL
from dashboard.views.catalogue import communes
from dashboard.views.recognition import commune_classes, evaluation_rounds
from dashboard.views.rule_book import rule_book
from db.engine import database
from db.tables import Assessment, EvaluationRound, RuleSet

if TYPE_CHECKING:
    import polars as pl
    from sqlalchemy.orm import Session

    from dashboard.i18n import Language


@dataclass(frozen=True)
class RuleSetState:
    """A set with its criteria (columns of dashboard.views.rule_book.CRITERION) and the years of its rounds.

    `is_decided` closes it.
    """

    rule_set: int
    name: str
    note: str
    total_points: int
    version: int
    criteria: pl.DataFrame
    years: tuple[int, ...]
    is_decided: bool


@dataclass(frozen=True)
class CommuneSettings:
    """`communes`: columns of AREA and of dashboard.views.recognition.CLASS; `thresholds`: of rule_book.THRESHOLD, of the newest set."""

    communes: pl.DataFrame
    thresholds: pl.DataFrame


def rule_sets(language: Language) -> tuple[RuleSetState, ...]:
    """All sets, the newest first."""
    with database().read() as session:
        rows = session.scalars(select(RuleSet).order_by(col(RuleSet.valid_from).desc())).all()
        return tuple(
            RuleSetState(
                rule_set=row.id or 0,
                name=getattr(row, f"name_{language}"),
                note=getattr(row, f"note_{language}"),
                total_points=row.total_points,
                version=row.version,
                criteria=rule_book(session, row.id or 0, language).criteria,
                years=_years(session, row.id or 0),
                is_decided=_is_decided(session, row.id or 0),
            )
            for row in rows
        )


def _years(session: Session, rule_set: int) -> tuple[int, ...]:
    statement = select(col(EvaluationRound.year)).where(col(EvaluationRound.rule_set_id) == rule_set)
    return tuple(session.scalars(statement.order_by(col(EvaluationRound.year))))


def _is_decided(session: Session, rule_set: int) -> bool:
    found = session.scalar(
        select(col(Assessment.id))
        .join(EvaluationRound, col(EvaluationRound.id) == col(Assessment.round_id))
        .where(col(EvaluationRound.rule_set_id) == rule_set, col(Assessment.state).in_(FINAL))
        .limit(1)
    )
    return found is not None


def commune_settings(language: Language) -> CommuneSettings:
    with database().read() as session:
        year = business_now(session).year
        rounds = evaluation_rounds(session, language)
        newest = rounds["rule_set"][-1] if rounds.height else 0
        rows = communes(session, year, language).join(
            commune_classes(session), on="area", how="left", maintain_order="left"
        )
        return CommuneSettings(rows, rule_book(session, newest, language).thresholds)
