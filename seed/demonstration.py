"""A database for showing the product: the plan, accounts that anyone may use, and made-up figures."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update
from sqlmodel import col

from dashboard.actions.passwords import hash_password
from db.engine import database
from db.noted import note_rows
from db.tables import (
    Account,
    Agency,
    Area,
    FigureEntry,
    Indicator,
    Installation,
    Period,
    Report,
    Split,
    metadata,
)
from seed.catalogue import shipped_catalogue
from seed.demonstration_registers import add_made_up_registers
from seed.made_up_reports import Demonstration, EntryRow, ReportRow, demonstration_rows
from seed.plan import add_plan
from seed.storing import ACTOR, ids
from seed.story import Cell, story

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from db.engine import Transaction

PASSWORD = "phuoclong-2021"  # noqa: S105 - printed beside every account: it guards nothing
OPENED = datetime(2019, 1, 2, 1, 0, tzinfo=UTC)


class DemonstrationRefused(RuntimeError):
    """The database is in real use: made-up figures must never stand beside reported ones."""


@dataclass(frozen=True)
class DemonstrationAccount:
    login: str
    name: str
    role: str
    area: str | None = None
    agency: str | None = None
    password: str = PASSWORD


def _commune_officer(area: str, name: str) -> DemonstrationAccount:
    login = area.replace("-", "")
    return DemonstrationAccount(login, f"Cán bộ {name} (minh họa)", "commune_officer", area=area)


def _agency_officer(login: str, agency: str, name: str) -> DemonstrationAccount:
    return DemonstrationAccount(login, f"Cán bộ {name} (minh họa)", "agency_officer", agency=agency)


DEMONSTRATION_ACCOUNTS = (
    DemonstrationAccount("lanhdao", "Lãnh đạo UBND thị xã (minh họa)", "viewer"),
    _commune_officer("thac-mo", "phường Thác Mơ"),
    _commune_officer("long-thuy", "phường Long Thủy"),
    _commune_officer("phuoc-binh", "phường Phước Bình"),
    _commune_officer("long-phuoc", "phường Long Phước"),
    _commune_officer("son-giang", "phường Sơn Giang"),
    _commune_officer("long-giang", "xã Long Giang"),
    _commune_officer("phuoc-tin", "xã Phước Tín"),
    _agency_officer("giaoduc", "giao-duc", "Phòng Giáo dục và Đào tạo"),
    _agency_officer("yte", "y-te", "Trung tâm Y tế"),
    _agency_officer("tuphap", "tu-phap", "Phòng Tư pháp"),
    _agency_officer("vanhoa", "van-hoa", "Phòng Văn hóa và Thông tin"),
    DemonstrationAccount("tonghop", "Cán bộ tổng hợp Phòng Nội vụ - LĐTB&XH (minh họa)", "town_officer"),
    DemonstrationAccount("quantri", "Quản trị hệ thống (minh họa)", "administrator"),
)


def load_demonstration() -> None:
    """Fill a migrated, empty database in one transaction. A second run changes nothing.

    Raises DemonstrationRefused where people already work with the database.
    """
    rows, catalogue = demonstration_rows(), shipped_catalogue()
    with database().write(actor_login=ACTOR) as transaction:
        session = transaction.session
        if session.scalar(select(col(Installation.is_demonstration))):
            return
        _refuse_real_use(session)
        add_plan(transaction, catalogue)
        _mark(transaction)
        _add_accounts(transaction)
        _add_figures(transaction, rows)
        add_made_up_registers(transaction)
        note_rows(transaction)


def _refuse_real_use(session: Session) -> None:
    for table in (Account, FigureEntry):
        if session.scalar(select(func.count()).select_from(table)):
            raise DemonstrationRefused(f"{table.__tablename__} is not empty")


def _mark(transaction: Transaction) -> None:
    day = story().day
    transaction.session.execute(update(Installation).values(is_demonstration=True, demonstration_day=day))
    after = {"is_demonstration": True, "demonstration_day": day}
    transaction.log("load_demonstration", "installation", 1, before={"is_demonstration": False}, after=after)


def _add_accounts(transaction: Transaction) -> None:
    session = transaction.session
    areas, agencies = ids(session, Area, "slug"), ids(session, Agency, "slug")
    # Hashing is slow by design; one password needs it once.
    password_hash = hash_password(PASSWORD)
    session.add_all(
        Account(
            login=account.login,
            name=account.name,
            role=account.role,
            area_id=areas[account.area] if account.area else None,
            agency_id=agencies[account.agency] if account.agency else None,
            password_hash=password_hash,
            created_at=OPENED,
        )
        for account in DEMONSTRATION_ACCOUNTS
    )
    logins = [account.login for account in DEMONSTRATION_ACCOUNTS]
    transaction.log("load_demonstration", "account", "seed", after={"added": logins})


@dataclass(frozen=True)
class _Ids:
    """Database ids by the names that the story uses."""

    areas: dict[str, int]
    accounts: dict[str, int]
    periods: dict[tuple[int, str], int]
    splits: dict[tuple[str, str], int]

    def place(self, cell: Cell) -> dict[str, int]:
        return {
            "split_id": self.splits[cell.code, cell.split],
            "area_id": self.areas[cell.area],
            "period_id": self.periods[cell.year, cell.part],
        }


def _known_ids(session: Session) -> _Ids:
    periods = session.execute(select(col(Period.year), col(Period.part), col(Period.id))).all()
    splits = session.execute(
        select(col(Indicator.code), col(Split.slug), col(Split.id)).join(
            Split, col(Split.indicator_id) == col(Indicator.id)
        )
    ).all()
    return _Ids(
        areas=ids(session, Area, "slug"),
        accounts=ids(session, Account, "login"),
        periods={(year, part): key for year, part, key in periods if key},
        splits={(code, slug): key for code, slug, key in splits if key},
    )


def _add_figures(transaction: Transaction, rows: Demonstration) -> None:
    session = transaction.session
    known = _known_ids(session)
    entries = [_entry(row, known) for row in rows.entries]
    _insert(session, "figure_entry", entries)
    keys = dict(session.execute(select(col(FigureEntry.token), col(FigureEntry.id))).all())
    current = {
        row.cell: _figure(entry, keys[row.token]) for row, entry in zip(rows.entries, entries, strict=True)
    }
    _insert(session, "figure", list(current.values()))
    _insert(session, "report", [_report(row, known) for row in rows.reports])
    _add_report_events(session)
    _log_reports(transaction, current, known)


def _insert(session: Session, table: str, rows: list[dict[str, Any]]) -> None:
    """Straight into the table: objects would take twice as long for some thousand rows."""
    session.execute(insert(metadata.tables[table]), rows)


def _entry(row: EntryRow, known: _Ids) -> dict[str, Any]:
    return {
        **known.place(row.cell),
        **asdict(row.value),
        "version": row.version,
        "reason": row.reason,
        "is_synthetic": True,
        "entered_by": known.accounts[row.by],
        "entered_at": row.at,
        "token": row.token,
    }


def _figure(entry: dict[str, Any], entry_id: int | None) -> dict[str, Any]:
    kept = {name: value for name, value in entry.items() if name not in ("reason", "token")}
    return {**kept, "entry_id": entry_id}


def _report(row: ReportRow, known: _Ids) -> dict[str, Any]:
    return {
        "area_id": known.areas[row.area],
        "period_id": known.periods[row.year, row.part],
        "state": "draft" if row.submitted_at is None else "submitted",
        "version": 1,
        "data_as_of": row.data_as_of,
        "submitted_at": row.submitted_at,
        "submitted_by": known.accounts[row.by] if row.by else None,
        "first_submitted_at": row.submitted_at,
    }


def _add_report_events(session: Session) -> None:
    """Every made-up report was submitted once, and nothing else happened to it."""
    submitted = session.scalars(select(Report).where(col(Report.submitted_at).is_not(None)))
    events = [
        {
            "report_id": report.id,
            "version": report.version,
            "kind": "submitted",
            "reason": "",
            "by": report.submitted_by,
            "at": report.submitted_at,
        }
        for report in submitted
    ]
    _insert(session, "report_event", events)


def _log_reports(transaction: Transaction, cells: Iterable[Cell], known: _Ids) -> None:
    """One change for each area and period, not one for each of some thousand figures."""
    by_report = sorted(cells, key=_report_of)
    for (year, part, area), figures in groupby(by_report, key=_report_of):
        subject = f"{known.areas[area]}/{known.periods[year, part]}"
        transaction.log("load_demonstration", "report", subject, after={"figures": len(list(figures))})


def _report_of(cell: Cell) -> tuple[int, str, str]:
    return cell.year, cell.part, cell.area
