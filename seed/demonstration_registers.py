"""Store the made-up contents of the two registers, within the transaction that loads the demonstration."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlmodel import SQLModel, col

from db.tables import (
    Account,
    Area,
    Assessment,
    AssessmentStep,
    Criterion,
    CriterionItem,
    EvaluationRound,
    PlayArea,
    PlayAreaClosure,
    PlayPhoto,
    PlayStandard,
    Quarter,
    RecognitionThreshold,
    RuleSet,
    SafetyCheck,
    Score,
    ScoreEntry,
    ScoringBand,
)
from seed.made_up_places import CHECKED_BY, CHECKING, REGISTERED_ON, made_up_places, made_up_quarters
from seed.made_up_registers import made_up_assessments
from seed.made_up_reports import TOWN_OFFICER
from seed.office_hours import moment
from seed.register_story import register_story
from seed.storing import ids, ids_below
from seed.story import chance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from db.engine import Transaction
    from seed.made_up_places import PlaceRow
    from seed.made_up_registers import AssessmentRow, ScoreRow
    from seed.register_story import Illustrative, IllustrativeItem, RegisterStory
    from seed.storing import Row

OWN_FIELDS = {"area", "quarter", "picture", "closures", "checks"}


@dataclass(frozen=True)
class _Known:
    """Database ids by the names that the story uses."""

    areas: dict[str, int]
    accounts: dict[str, int]
    rule_sets: dict[str, int]
    criteria: dict[tuple[Any, ...], int]

    def criterion(self, rule_set: str, number: int) -> int:
        return self.criteria[self.rule_sets[rule_set], number]


def add_made_up_registers(transaction: Transaction) -> None:
    told, session = register_story(), transaction.session
    known = _Known(
        areas=ids(session, Area, "slug"),
        accounts=ids(session, Account, "login"),
        rule_sets=ids(session, RuleSet, "slug"),
        criteria=ids_below(session, Criterion, "rule_set_id", "number"),
    )
    for rules in told.illustrative:
        _illustrate(transaction, rules, known)
    _add_old_round(transaction, told, known)
    _add_assessments(transaction, known)
    _add_standard(transaction, told, known)
    _add_quarters(transaction, known)
    _add_places(transaction, known)


def _store(transaction: Transaction, rows: list[SQLModel], areas: Iterable[str] = ()) -> None:
    """Give them ids and log one change for each commune; `areas` names that of each row, "seed" that of none."""
    session = transaction.session
    session.add_all(rows)
    session.flush()
    for area, number in Counter(areas or ["seed"] * len(rows)).items():
        table = str(rows[0].__tablename__)
        transaction.log("load_demonstration", table, area, after={"added": number})


def _illustrate(transaction: Transaction, rules: Illustrative, known: _Known) -> None:
    session = transaction.session
    for number, points in rules.maxima.items():
        illustrated = {"max_points": points, "is_illustrative": True}
        criterion = known.criterion(rules.rule_set, number)
        session.execute(update(Criterion).where(col(Criterion.id) == criterion).values(**illustrated))
    after = {"illustrative_maxima": rules.maxima}
    transaction.log("load_demonstration", "rule_set", known.rule_sets[rules.rule_set], after=after)
    for item in rules.items:
        _illustrate_item(session, item, known.criterion(rules.rule_set, item.criterion))
    bands = {item.criterion: item.bands for item in rules.items}
    if bands:
        transaction.log("load_demonstration", "scoring_band", "seed", after={"illustrative_bands": bands})


def _illustrate_item(session: Session, item: IllustrativeItem, criterion: int) -> None:
    owner = session.scalars(select(CriterionItem).where(col(CriterionItem.criterion_id) == criterion)).one()
    owner.points, owner.is_illustrative = item.points, True
    session.add_all(
        ScoringBand(item_id=owner.id or 0, at_least_bp=share, points=points)
        for share, points in item.bands.items()
    )


def _add_old_round(transaction: Transaction, told: RegisterStory, known: _Known) -> None:
    """A round of the set before the present one, and the total that its results are replayed with."""
    unsure: Row = {"certainty": "not_found"}
    totals: list[SQLModel] = [
        RecognitionThreshold(
            rule_set_id=known.rule_sets[one.rule_set], **one.model_dump(exclude={"rule_set"}), **unsure
        )
        for one in told.thresholds
    ]
    _store(transaction, totals)
    rounds: list[SQLModel] = [
        EvaluationRound(rule_set_id=known.rule_sets[one.rule_set], year=one.year, is_synthetic=True, **unsure)
        for one in told.rounds
    ]
    _store(transaction, rounds)


def _add_assessments(transaction: Transaction, known: _Known) -> None:
    rounds = ids_below(transaction.session, EvaluationRound, "year")
    told = made_up_assessments()
    rows = [
        Assessment(
            area_id=known.areas[each.area],
            round_id=rounds[each.round,],
            state=each.state,
            version=each.version,
            registered_on=each.registered_on,
            threshold=each.threshold,
            is_synthetic=True,
            changed_at=each.last.at,
            changed_by=known.accounts[each.last.by],
        )
        for each in told
    ]
    _store(transaction, list(rows), [each.area for each in told])
    keys = [row.id or 0 for row in rows]
    _add_steps(transaction, told, keys, known)
    _add_scores(transaction, told, keys, known)


def _add_steps(
    transaction: Transaction, told: tuple[AssessmentRow, ...], keys: list[int], known: _Known
) -> None:
    below = [(key, each, step) for key, each in zip(keys, told, strict=True) for step in each.steps]
    rows: list[SQLModel] = [
        AssessmentStep(
            assessment_id=key,
            version=step.version,
            step=step.step,
            document_number=step.document_number,
            document_date=step.document_date,
            note=step.note,
            taken_by=known.accounts[step.by],
            taken_at=step.at,
        )
        for key, _each, step in below
    ]
    _store(transaction, rows, [each.area for _key, each, _step in below])


def _add_scores(
    transaction: Transaction, told: tuple[AssessmentRow, ...], keys: list[int], known: _Known
) -> None:
    below = [(key, each, score) for key, each in zip(keys, told, strict=True) for score in each.scores]
    said = [
        _score(score, key, known.criterion(each.rule_set, score.criterion), known)
        for key, each, score in below
    ]
    entries = [
        ScoreEntry(**row, token=each.token(score))
        for row, (_key, each, score) in zip(said, below, strict=True)
    ]
    areas = [each.area for _key, each, _score in below]
    _store(transaction, list(entries), areas)
    standing = {
        (row["assessment_id"], row["criterion_id"], row["side"]): (row, entry.id or 0, area)
        for row, entry, area in zip(said, entries, areas, strict=True)
    }
    scores: list[SQLModel] = [Score(**row, entry_id=entry) for row, entry, _area in standing.values()]
    _store(transaction, scores, [area for _row, _entry, area in standing.values()])


def _score(row: ScoreRow, assessment: int, criterion: int, known: _Known) -> Row:
    return {
        "assessment_id": assessment,
        "criterion_id": criterion,
        "side": row.side,
        "version": row.version,
        "points": row.points,
        "evidence": row.evidence,
        "note": row.note,
        "is_synthetic": True,
        "entered_by": known.accounts[row.by],
        "entered_at": row.at,
    }


def _add_standard(transaction: Transaction, told: RegisterStory, known: _Known) -> None:
    standard = PlayStandard(
        **told.standard.model_dump(exclude={"set_on"}),
        is_synthetic=True,
        set_by=known.accounts[TOWN_OFFICER],
        set_at=moment(told.standard.set_on, 540, chance("standard")),
    )
    _store(transaction, [standard])


def _add_quarters(transaction: Transaction, known: _Known) -> None:
    told = made_up_quarters()
    rows: list[SQLModel] = [
        Quarter(
            area_id=known.areas[each.area],
            name=each.name,
            kind=each.kind,
            children=each.children,
            latitude=each.position[0],
            longitude=each.position[1],
            listed_on=REGISTERED_ON,
            is_synthetic=True,
            changed_at=each.at,
            changed_by=known.accounts[each.by],
        )
        for each in told
    ]
    _store(transaction, rows, [each.area for each in told])


def _add_places(transaction: Transaction, known: _Known) -> None:
    quarters = ids_below(transaction.session, Quarter, "area_id", "name")
    told = made_up_places()
    rows = [_place(each, known, quarters) for each in told]
    _store(transaction, list(rows), [each.told.area for each in told])
    places = [(row.id or 0, each) for row, each in zip(rows, told, strict=True)]
    _add_closures(transaction, places)
    _add_checks(transaction, places, known)
    _add_photos(transaction, places, known)


def _place(row: PlaceRow, known: _Known, quarters: dict[tuple[Any, ...], int]) -> PlayArea:
    area = known.areas[row.told.area]
    return PlayArea(
        **row.told.model_dump(exclude=OWN_FIELDS),
        area_id=area,
        quarter_id=quarters[area, row.quarter],
        address=row.address,
        latitude=row.position[0],
        longitude=row.position[1],
        is_synthetic=True,
        registered_on=REGISTERED_ON,
        changed_at=row.changed_at,
        changed_by=known.accounts[row.changed_by],
        token=row.token,
    )


def _add_closures(transaction: Transaction, places: list[tuple[int, PlaceRow]]) -> None:
    below = [(key, each.told.area, closure) for key, each in places for closure in each.told.closures]
    rows: list[SQLModel] = [
        PlayAreaClosure(
            play_area_id=key,
            closed_on=closure.on,
            reason=closure.reason,
            reopened_on=closure.reopened,
            reopened_reason=closure.reopened_reason,
        )
        for key, _area, closure in below
    ]
    _store(transaction, rows, [area for _key, area, _closure in below])


def _add_checks(transaction: Transaction, places: list[tuple[int, PlaceRow]], known: _Known) -> None:
    below = [(key, each, check) for key, each in places for check in each.checks]
    rows: list[SQLModel] = [
        SafetyCheck(
            play_area_id=key,
            checked_on=check.told.on,
            checked_by=CHECKED_BY,
            result=check.told.result,
            next_due=check.told.next_due,
            answers=check.answers,
            note=check.told.note,
            is_synthetic=True,
            entered_by=known.accounts[CHECKING],
            entered_at=check.at,
            token=f"{each.token}:{check.told.on}",
        )
        for key, each, check in below
    ]
    _store(transaction, rows, [each.told.area for _key, each, _check in below])


def _add_photos(transaction: Transaction, places: list[tuple[int, PlaceRow]], known: _Known) -> None:
    from seed.made_up_photos import CAPTION, picture  # noqa: PLC0415 - Pillow is for those who draw

    shown = [(key, each, picture(each.told.picture)) for key, each in places if each.told.picture]
    rows: list[SQLModel] = [
        PlayPhoto(
            play_area_id=key,
            jpeg=drawn.jpeg,
            thumbnail=drawn.thumbnail,
            width=drawn.width,
            height=drawn.height,
            sha256=drawn.sha256,
            caption=CAPTION,
            added_at=each.at,
            added_by=known.accounts[each.by],
        )
        for key, each, drawn in shown
    ]
    _store(transaction, rows, [each.told.area for _key, each, _drawn in shown])
