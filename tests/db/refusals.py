"""What the database says when it refuses a row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import IntegrityError

if TYPE_CHECKING:
    from sqlmodel import SQLModel

    from db.engine import Database


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
