"""Rows that no change of their own describes (the plan, a demonstration), noted in the log by a mark of their content.

Whoever edits one of them by SQL leaves a row that its mark does not fit.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import SQLModel, col

from db.changes import Change
from db.tables import Installation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from db.engine import Transaction

ACTION: Final = "note_rows"
# The plan and the rules, as an installation gets them.
STANDING: Final = (
    *("agency", "area", "plan", "period", "indicator", "split", "target", "reference", "checklist_item"),
    *("installation", "rule_set", "recognition_threshold", "criterion", "criterion_item", "scoring_band"),
    *("commune_class", "evaluation_round"),
)
# What people make, each with its own change; a demonstration gets it all at once.
MADE: Final = (
    *("account", "report", "report_event", "figure_entry", "assessment", "assessment_step", "score_entry"),
    *("play_area", "play_area_closure", "play_photo", "play_standard", "quarter", "safety_check"),
)
# Signing in makes a hash anew where the way of hashing has changed, and logs nothing.
UNMARKED: Final = frozenset({"password_hash"})
MARK_LENGTH: Final = 12

Marks = dict[str, dict[str, str]]


def note_rows(transaction: Transaction) -> None:
    """Log what the rows hold now: after they were loaded, brought to a new shape, or looked at and accepted."""
    session = transaction.session
    is_demonstration = bool(session.scalar(select(col(Installation.is_demonstration))))
    tables = (*STANDING, *MADE) if is_demonstration else STANDING
    marks = {name: marks_of(name, rows_of(session, name)) for name in tables}
    transaction.log(ACTION, "database", "all", after={"columns": columns_of(tables), "marks": marks})


def noted(session: Session) -> tuple[int, Marks, dict[str, list[str]]]:
    """The last note: its number in the log, the marks by table and id, the columns they are of; 0 without any."""
    last = session.scalar(
        select(Change).where(col(Change.action) == ACTION).order_by(col(Change.id).desc()).limit(1)
    )
    if last is None:
        return 0, {}, {}
    content = json.loads(last.after or "{}")
    return last.id or 0, content["marks"], content["columns"]


def is_noted(session: Session) -> bool:
    """Whether the last note is of today's columns."""
    _number, marks, columns = noted(session)
    return bool(marks) and columns == columns_of(marks)


def rows_of(session: Session, table: str) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(select(*SQLModel.metadata.tables[table].c)).mappings()]


def columns_of(tables: Iterable[str]) -> dict[str, list[str]]:
    return {name: sorted(SQLModel.metadata.tables[name].c.keys()) for name in tables}


def marks_of(table: str, rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """By id; `table` goes into the mark, so that no row passes for another table's."""
    return {str(row["id"]): _mark(table, row) for row in rows}


def _mark(table: str, row: Mapping[str, Any]) -> str:
    words = sorted((name, value) for name, value in row.items() if name not in UNMARKED)
    content = json.dumps([table, *words], ensure_ascii=False, default=_written)
    return hashlib.sha256(content.encode()).hexdigest()[:MARK_LENGTH]


def _written(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
