"""Load the plan of the seed files: areas, agencies, periods, indicators with targets and references."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.base import utc_now
from db.engine import database
from db.noted import is_noted, note_rows
from db.tables import Agency, Area, Indicator, Installation, Period, Plan, Reference, Split, Target
from seed.catalogue import read_catalogue
from seed.plan_registers import add_registers
from seed.storing import ACTOR, add_missing, ids, log_added, numbered, renew

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from db.engine import Transaction
    from seed.catalogue import AreaSeed, Catalogue, IndicatorSeed
    from seed.storing import Row

WHOLE = {"slug": "all", "name_vi": "Tổng số", "name_en": "Total", "is_sensitive": False}
# Earlier versions had none.
LABELS = ("numerator_vi", "numerator_en", "denominator_vi", "denominator_en")


def load_plan() -> None:
    """Store what the seed files have and the database has not, in one transaction.

    Rows that are there stay as they are: an administrator may have changed them. A second run changes nothing.
    """
    catalogue = read_catalogue()
    with database().write(actor_login=ACTOR) as transaction:
        add_plan(transaction, catalogue)
        if transaction.after or not is_noted(transaction.session):
            note_rows(transaction)


def add_plan(transaction: Transaction, catalogue: Catalogue) -> None:
    """The same within a transaction that is under way; one logged change per table that got rows."""
    _add_areas(transaction, catalogue.areas)
    add_missing(
        transaction, Agency, ("slug",), numbered(agency.model_dump() for agency in catalogue.agencies)
    )
    session = transaction.session
    areas, agencies = ids(session, Area, "slug"), ids(session, Agency, "slug")
    plan = catalogue.plan.model_dump(exclude={"area"}) | {"area_id": areas[catalogue.plan.area]}
    add_missing(transaction, Plan, ("year",), [plan])
    add_missing(transaction, Period, ("year", "part"), [period.model_dump() for period in catalogue.periods])
    add_missing(transaction, Indicator, ("code",), numbered(_indicator_rows(catalogue.indicators, agencies)))
    _add_below_indicators(transaction, catalogue)
    add_registers(transaction, catalogue.registers)
    installed = {"id": 1, "area_id": areas[catalogue.plan.area], "created_at": utc_now()}
    add_missing(transaction, Installation, ("id",), [installed])


def _add_areas(transaction: Transaction, areas: Iterable[AreaSeed]) -> None:
    """One after another, because each needs the id of its parent."""
    session, added = transaction.session, []
    known = ids(session, Area, "slug")
    for position, area in enumerate(areas):
        if area.slug in known:
            continue
        parent = known[area.parent] if area.parent else None
        row = Area(**area.model_dump(exclude={"parent"}), parent_id=parent, position=position)
        session.add(row)
        session.flush()
        known[area.slug] = row.id or 0
        added.append(area.slug)
    log_added(transaction, Area, added)


def _indicator_rows(indicators: Iterable[IndicatorSeed], agencies: dict[str, int]) -> Iterator[Row]:
    for indicator in indicators:
        row = indicator.model_dump(exclude={"lead", "target", "splits", "references"})
        yield {**row, "lead_agency_id": agencies[indicator.lead]}


def _add_below_indicators(transaction: Transaction, catalogue: Catalogue) -> None:
    known = ids(transaction.session, Indicator, "code")
    splits, targets, references = [], [], []
    for indicator in catalogue.indicators:
        owner = {"indicator_id": known[indicator.code]}
        lines = [WHOLE, *(split.model_dump() for split in indicator.splits)]
        splits += [{**owner, **line, "position": position} for position, line in enumerate(lines)]
        references += [{**owner, **reference.model_dump()} for reference in indicator.references]
        if indicator.target:
            since = {"year_from": catalogue.plan.year, "clause": indicator.clause}
            targets.append({**owner, **since, **indicator.target.model_dump()})
    add_missing(transaction, Split, ("indicator_id", "slug"), splits)
    worded = [split for split in splits if split["slug"] != WHOLE["slug"]]
    empty = dict.fromkeys(LABELS, "")
    former = {(split["indicator_id"], split["slug"]): [empty] for split in worded}
    renew(transaction, Split, ("indicator_id", "slug"), worded, former)
    add_missing(transaction, Target, ("indicator_id", "year_from"), targets)
    add_missing(transaction, Reference, ("indicator_id", "year"), references)
