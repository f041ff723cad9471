"""The last wall: types and ranges of numbers and days; what is only ever added is neither replaced nor emptied

Revision: 0007, after 0006
"""

from __future__ import annotations

import logging
import re
from functools import partial
from typing import TYPE_CHECKING

from alembic import op

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBERS = {
    "figure": {"numerator": 10**12, "denominator": 10**12},
    "figure_entry": {"numerator": 10**12, "denominator": 10**12},
    "score": {"points": 10_000},
    "score_entry": {"points": 10_000},
    "assessment": {"threshold": 100_000},
    "rule_set": {"total_points": 100_000},
    "recognition_threshold": {"points": 100_000},
    "criterion": {"max_points": 10_000, "min_points": 10_000},
    "quarter": {"children": 1_000_000},
    "play_area": {"area_m2": 10_000_000, "equipment_count": 10_000, "opened_year": 2200, "age_from": 16, "age_to": 16},
    "play_standard": {"min_area_m2": 10_000_000, "max_check_age_months": 120, "walking_m": 100_000},
}
DAYS = {
    "assessment": ("registered_on",),
    "assessment_step": ("document_date",),
    "period": ("communes_before", "town_before"),
    "report": ("data_as_of",),
    "installation": ("demonstration_day",),
    "quarter": ("listed_on", "ended_on"),
    "play_area": ("registered_on",),
    "play_area_closure": ("closed_on", "reopened_on"),
    "safety_check": ("checked_on", "next_due"),
    "play_standard": ("valid_from",),
}
YEARS = ("plan", "period", "evaluation_round")
OTHERS = (
    ("figure", "denominator_positive", "denominator > 0"),
    ("figure_entry", "denominator_positive", "denominator > 0"),
    ("play_area", "opened_year_not_before", "opened_year >= 1900"),
)
# Each with its unique keys: by any of them a row could be replaced.
APPENDED = {
    "change": ("id", "hash"),
    "figure_entry": ("id", "token", "split_id, area_id, period_id, version"),
    "score_entry": ("id", "token", "assessment_id, criterion_id, side, version"),
    "assessment_step": ("id", "assessment_id, version"),
    "safety_check": ("id", "token"),
    "play_standard": ("id",),
    "report_event": ("id", "report_id, version"),
}


def _rules() -> list[tuple[str, str, str]]:
    """Table, name and rule of each CHECK."""
    found = [
        (table, f"{column}_whole", f"CAST({column} AS BIGINT) = {column} AND {column} <= {most}")
        for table, columns in NUMBERS.items()
        for column, most in columns.items()
    ]
    found += [
        (table, f"{column}_possible", f"coalesce(date({column}) = {column}, {column} IS NULL) AND {column} BETWEEN '2000-01-01' AND '2100-12-31'")
        for table, columns in DAYS.items()
        for column in columns
    ]
    found += [
        (table, "year_possible", "CAST(year AS BIGINT) = year AND year BETWEEN 2000 AND 2100") for table in YEARS
    ]
    return [*found, *OTHERS]


def upgrade() -> None:
    for table, constraints in _constraints().items():
        if _is_postgresql():
            for constraint in constraints:
                op.execute(f"ALTER TABLE {table} ADD {constraint}")
        else:
            _rebuild(table, partial(_with, constraints))
    for table, keys in APPENDED.items():
        for statement in _guards(table, keys):
            op.execute(statement)


def _with(constraints: list[str], sql: str) -> str:
    return "".join((sql[:-1].rstrip(), *(f",\n\t{constraint}" for constraint in constraints), "\n)"))


def _constraints() -> dict[str, list[str]]:
    """By table. Rows that break a rule already stay as they are: the rule holds from the next row on."""
    found: dict[str, list[str]] = {}
    for table, name, rule in _rules():
        rows = op.get_bind().exec_driver_sql(f"SELECT id FROM {table} WHERE NOT ({rule}) ORDER BY id").scalars().all()
        if rows:
            logger.warning("%s: rows kept although they break %s: %s", table, name, ", ".join(map(str, rows)))
        spared = f" OR id <= {rows[-1]}" if rows else ""
        found.setdefault(table, []).append(f"CONSTRAINT ck_{table}_{name} CHECK ({rule}{spared})")
    return found


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _rebuild(table: str, changed: Callable[[str], str]) -> None:
    """SQLite's own way of giving a table a rule: a new one under another name, filled, put in the old one's place.

    Not by reflecting it: that would lose its triggers, which keep what is only ever added.
    """
    bind = op.get_bind()
    kept = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL"
    others = [sql for (sql,) in bind.exec_driver_sql(kept, (table,))]
    (sql,) = bind.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).one()
    columns = ", ".join(f'"{row[1]}"' for row in bind.exec_driver_sql(f"PRAGMA table_info({table})"))
    renamed, number = re.subn(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE new_{table}", changed(sql.rstrip()), count=1)
    if number != 1:
        raise RuntimeError(f"the definition of {table} begins otherwise")
    bind.exec_driver_sql(renamed)
    bind.exec_driver_sql(f"INSERT INTO new_{table} ({columns}) SELECT {columns} FROM {table}")
    bind.exec_driver_sql(f"DROP TABLE {table}")
    bind.exec_driver_sql(f"ALTER TABLE new_{table} RENAME TO {table}")
    for statement in others:
        bind.exec_driver_sql(statement)


def _guards(table: str, keys: tuple[str, ...]) -> list[str]:
    """PostgreSQL empties a table past the triggers of its rows; SQLite replaces a row past those that delete it."""
    if _is_postgresql():
        head = f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        return [f"{head} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"]
    return [_no_replace(table, key) for key in keys]


def _trigger(table: str, key: str) -> str:
    return f"{table}_no_replace_{key.replace(', ', '_')}"


def _no_replace(table: str, key: str) -> str:
    columns = key.split(", ")
    same = " AND ".join(f"{column} = NEW.{column}" for column in columns)
    name = f"uq_{table}_{'_'.join(columns)}"
    return (
        f"CREATE TRIGGER {_trigger(table, key)} BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
        f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added ({name})'); END"
    )


def downgrade() -> None:
    for table, keys in APPENDED.items():
        if _is_postgresql():
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
        else:
            for key in keys:
                op.execute(f"DROP TRIGGER {_trigger(table, key)}")
    for table in dict.fromkeys(table for table, _name, _rule in _rules()):
        names = [f"ck_{table}_{name}" for other, name, _rule in _rules() if other == table]
        if _is_postgresql():
            for name in names:
                op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        else:
            _rebuild(table, partial(_without, names))


def _without(names: list[str], sql: str) -> str:
    for name in names:
        sql = re.sub(rf",\n\tCONSTRAINT {name} CHECK \([^\n]*\)(?=,\n|\n\))", "", sql)
    return sql
