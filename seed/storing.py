"""Storing what is missing, by natural keys: rows that are there stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, select
from sqlmodel import SQLModel, col

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from db.engine import Transaction

ACTOR = "seed"

Row = dict[str, Any]


def ids(session: Session, table: type[SQLModel], key: str) -> dict[str, int]:
    """Ids by natural key: `ids(session, Area, "slug")["thac-mo"]`."""
    rows = session.execute(select(_column(table, key), _column(table, "id"))).all()
    return dict(rows)


def ids_below(session: Session, table: type[SQLModel], *keys: str) -> dict[tuple[Any, ...], int]:
    """Ids by a natural key of several columns."""
    columns = [_column(table, key) for key in keys]
    return {tuple(row[1:]): row[0] for row in session.execute(select(_column(table, "id"), *columns))}


def numbered(rows: Iterable[Row]) -> list[Row]:
    return [{**row, "position": position} for position, row in enumerate(rows, start=1)]


def add_missing(
    transaction: Transaction, table: type[SQLModel], key: tuple[str, ...], rows: list[Row]
) -> None:
    """Store the rows whose natural key is not in the table yet."""
    session = transaction.session
    known = {tuple(row) for row in session.execute(select(*(_column(table, name) for name in key)))}
    missing = [row for row in rows if tuple(row[name] for name in key) not in known]
    session.add_all(table(**row) for row in missing)
    session.flush()
    log_added(transaction, table, ["/".join(str(row[name]) for name in key) for row in missing])


def renew(
    transaction: Transaction,
    table: type[SQLModel],
    key: tuple[str, ...],
    rows: list[Row],
    former: dict[tuple[Any, ...], list[Row]],
) -> None:
    """Give rows that are stored with an earlier wording of the seed the wording of `rows`.

    `former` holds, by natural key, what earlier versions wrote into columns. A row that holds anything else was
    changed by an office, and stays.
    """
    session, renewed = transaction.session, []
    for row in rows:
        keys = tuple(row[name] for name in key)
        stored = session.scalars(select(table).filter_by(**dict(zip(key, keys, strict=True)))).first()
        for earlier in former.get(keys, []):
            if stored and all(getattr(stored, name) == words for name, words in earlier.items()):
                for name in earlier:
                    setattr(stored, name, row[name])
                renewed.append("/".join(map(str, keys)))
                break
    session.flush()
    if renewed:
        transaction.log("load_plan", str(table.__tablename__), "seed", after={"renewed": renewed})


def log_added(transaction: Transaction, table: type[SQLModel], keys: list[str]) -> None:
    if keys:
        transaction.log("load_plan", str(table.__tablename__), "seed", after={"added": keys})


def _column(table: type[SQLModel], name: str) -> Column[Any]:
    return col(getattr(table, name))  # type: ignore[return-value]
