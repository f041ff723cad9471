"""What all tables share: constraint names, UTC moments, lists of allowed words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, DateTime, Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

if TYPE_CHECKING:
    from collections.abc import Iterable

# Every constraint has a name, so that a refusal can be told apart and a migration can drop it.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = SQLModel.metadata


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. SQLite gives naive datetimes back, so the zone is put on and taken off here alone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"a moment needs a time zone: {value!r}"
            raise ValueError(message)
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def one_of(column: str, words: Iterable[str], name: str | None = None) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=name or f"{column}_known")


def check(rule: str, name: str) -> CheckConstraint:
    return CheckConstraint(rule, name=name)


def whole(column: str, most: int) -> CheckConstraint:
    """An integer up to `most`. SQLite keeps a fraction, a text or an infinity even in a column of integers."""
    return CheckConstraint(
        f"CAST({column} AS BIGINT) = {column} AND {column} <= {most}", name=f"{column}_whole"
    )


def possible_year(column: str) -> CheckConstraint:
    rule = f"CAST({column} AS BIGINT) = {column} AND {column} BETWEEN 2000 AND 2100"
    return CheckConstraint(rule, name=f"{column}_possible")


def possible_day(column: str) -> CheckConstraint:
    """A day of this century. SQLite keeps any text in a column of dates."""
    rule = f"coalesce(date({column}) = {column}, {column} IS NULL) AND {column} BETWEEN '2000-01-01' AND '2100-12-31'"
    return CheckConstraint(rule, name=f"{column}_possible")


def utc_now() -> datetime:
    return datetime.now(UTC)
