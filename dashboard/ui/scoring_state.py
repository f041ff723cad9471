"""The scores of one commune as this screen has opened them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl

from dashboard.actions.recognition import ScoreCell, ScoreValue
from dashboard.ui.opened import Opened, opened

if TYPE_CHECKING:
    from dashboard.domain.recognition import Side

OpenedScore: TypeAlias = Opened[ScoreCell, ScoreValue]


def opened_score(cell: ScoreCell, scores: pl.DataFrame) -> OpenedScore:
    """One criterion by one side. `scores`: columns of dashboard.views.recognition.SCORE of the round."""
    row = score_row(scores, cell.area_id, cell.criterion_id, cell.side)
    value = ScoreValue(row["points"], row["evidence"], row["note"]) if row else None
    version = row["version"] if row else 0
    name = f"score:{cell.area_id}:{cell.round_id}:{cell.criterion_id}:{cell.side.value}"
    return opened(cell, name, version, value)


def score_row(scores: pl.DataFrame, area: int, criterion: int, side: Side) -> dict[str, Any]:
    """The stored score; empty where there is none."""
    found = scores.filter(pl.col("area") == area, pl.col("criterion") == criterion, pl.col("side") == side)
    return found.row(0, named=True) if found.height else {}
