"""Load what the registers start with: sets of criteria, rounds, classes of communes, the checklist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from db.tables import (
    Area,
    ChecklistItem,
    CommuneClass,
    Criterion,
    CriterionItem,
    EvaluationRound,
    RecognitionThreshold,
    RuleSet,
    ScoringBand,
)
from seed.storing import add_missing, ids, ids_below, numbered, renew

if TYPE_CHECKING:
    from db.engine import Transaction
    from seed.registers import Registers, RuleSetSeed
    from seed.storing import Row


def add_registers(transaction: Transaction, registers: Registers) -> None:
    session = transaction.session
    sets = [each.model_dump(exclude={"thresholds", "criteria", "rounds"}) for each in registers.rule_sets]
    add_missing(transaction, RuleSet, ("slug",), sets)
    owners = ids(session, RuleSet, "slug")
    _add_below_sets(transaction, registers.rule_sets, owners)
    rounds = [
        {"rule_set_id": owners[each.slug], **one.model_dump()}
        for each in registers.rule_sets
        for one in each.rounds
    ]
    add_missing(transaction, EvaluationRound, ("year",), rounds)
    areas = ids(session, Area, "slug")
    classes = [
        {"area_id": areas[each.area], **each.model_dump(exclude={"area"})}
        for each in registers.commune_classes
    ]
    add_missing(transaction, CommuneClass, ("area_id",), classes)
    _add_checklist(transaction, registers)


def _add_checklist(transaction: Transaction, registers: Registers) -> None:
    exclude = {"formerly_vi", "formerly_en"}
    rows = numbered(item.model_dump(exclude=exclude) for item in registers.checklist)
    add_missing(transaction, ChecklistItem, ("slug",), rows)
    former: dict[tuple[str, ...], list[Row]] = {
        (item.slug,): [{"text_vi": item.formerly_vi, "text_en": item.formerly_en}]
        for item in registers.checklist
        if item.formerly_vi
    }
    renew(transaction, ChecklistItem, ("slug",), rows, former)


def _add_below_sets(
    transaction: Transaction, rule_sets: tuple[RuleSetSeed, ...], owners: dict[str, int]
) -> None:
    """Sets that an administrator has changed are left alone: a band that was moved must not come back."""
    changed = set(transaction.session.scalars(select(col(RuleSet.slug)).where(col(RuleSet.version) > 1)))
    untouched = [each for each in rule_sets if each.slug not in changed]
    thresholds: list[Row] = []
    criteria: list[Row] = []
    for each in untouched:
        owner = {"rule_set_id": owners[each.slug]}
        thresholds += [{**owner, **one.model_dump()} for one in each.thresholds]
        criteria += [
            {**owner, "number": number, **one.model_dump(exclude={"items"})}
            for number, one in enumerate(each.criteria, start=1)
        ]
    add_missing(transaction, RecognitionThreshold, ("rule_set_id", "commune_class"), thresholds)
    add_missing(transaction, Criterion, ("rule_set_id", "number"), criteria)
    _add_items(transaction, untouched, owners)


def _add_items(transaction: Transaction, rule_sets: list[RuleSetSeed], owners: dict[str, int]) -> None:
    session = transaction.session
    criteria = ids_below(session, Criterion, "rule_set_id", "number")
    below = [
        (criteria[owners[each.slug], number], position, item)
        for each in rule_sets
        for number, criterion in enumerate(each.criteria, start=1)
        for position, item in enumerate(criterion.items, start=1)
    ]
    rows = [
        {"criterion_id": criterion, "position": position, **item.model_dump(exclude={"bands"})}
        for criterion, position, item in below
    ]
    add_missing(transaction, CriterionItem, ("criterion_id", "position"), rows)
    items = ids_below(session, CriterionItem, "criterion_id", "position")
    bands = [
        {"item_id": items[criterion, position], **band.model_dump()}
        for criterion, position, item in below
        for band in item.bands
    ]
    add_missing(transaction, ScoringBand, ("item_id", "at_least_bp"), bands)
