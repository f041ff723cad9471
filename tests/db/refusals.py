"""What the database says when it refuses a row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from db.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlmodel import SQLModel

    from db.engine import Database

# Tables of the two registers; what they refuse is tried in a file of its own.
REGISTERS = frozenset(
    name
    for name in metadata.tables
    if name.startswith(("assessment", "criterion", "evaluation_", "play_", "recognition_", "rule_", "scor"))
    or name in ("checklist_item", "commune_class", "outlines", "quarter", "safety_check")
)


def named_rules(tables: Iterable[str]) -> set[str]:
    """The names of all that these tables refuse by a rule of their own."""
    return {
        str(constraint.name)
        for table in tables
        for constraint in metadata.tables[table].constraints
        if isinstance(constraint, CheckConstraint | UniqueConstraint)
    }


def store_all(database: Database, rows_: tuple[SQLModel, ...]) -> None:
    with database.write() as transaction:
        for row in rows_:
            transaction.session.add(row)
            transaction.session.flush()


def refusal(database: Database, *broken: SQLModel) -> str:
    """The text with which the database refuses the last row."""
    with pytest.raises(IntegrityError) as refused:
        store_all(database, broken)
    return str(refused.value.orig)


def names_of(message: str, constraint: str) -> bool:
    """SQLite names the columns of a unique constraint where PostgreSQL gives its name."""
    if constraint in message:
        return True
    columns = re.findall(r"(\w+)\.(\w+)", message)
    return constraint == "_".join(["uq", *dict.fromkeys(t for t, _ in columns), *(c for _, c in columns)])
