"""The rules of recognition: points of criteria, rounds of evaluation, classes of communes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlmodel import col

from dashboard.actions.errors import InputProblem, InputRefused, NotAllowed, RulesConflict, RulesRefused
from dashboard.actions.places import commune_class_of, is_commune
from dashboard.actions.standing import last_change
from dashboard.domain.inputs import ID, VERSION, WHOLE, YEAR, Form, Maybe, Table, Words, takes
from dashboard.domain.permissions import Capability, may
from dashboard.domain.recognition import FINAL
from db.engine import database
from db.tables import (
    Assessment,
    CommuneClass,
    Criterion,
    EvaluationRound,
    Installation,
    RecognitionThreshold,
    RuleSet,
    Score,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from dashboard.domain.permissions import Actor

# Decision 06/QĐ-TTg evaluates in November of the second and the fourth year of a five-year plan.
NOVEMBER: Final = 11


@dataclass(frozen=True)
class CriterionPoints:
    maximum: int | None
    least: int | None = None


POINTS: Final = Form(CriterionPoints, maximum=Maybe(WHOLE), least=Maybe(WHOLE))


@takes(rule_set_id=ID, base_version=VERSION, points=Table(ID, POINTS))
def set_points(
    *, actor: Actor, rule_set_id: int, base_version: int, points: Mapping[int, CriterionPoints]
) -> int:
    """Fill in what the printed decree gives each criterion (by number); returns the set's new version.

    An unfinished list is kept. A finished one must add up to the set's total. A set that results were
    decided under stays as it is. Raises NotAllowed, RulesRefused.
    """
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        if not may(actor, Capability.set_rules):
            raise NotAllowed(Capability.set_rules)
        rules = session.get(RuleSet, rule_set_id)
        criteria = list(session.scalars(select(Criterion).where(col(Criterion.rule_set_id) == rule_set_id)))
        if rules is None:
            raise NotAllowed(Capability.set_rules)
        changed = {
            each.number: points[each.number]
            for each in criteria
            if each.number in points and _differs(each, points[each.number])
        }
        unknown = points.keys() - {each.number for each in criteria}
        if unknown:
            raise InputRefused("points", InputProblem.unknown)
        if not changed:
            return rules.version
        if rules.version != base_version:
            stands = {str(each.number): [each.max_points, each.min_points] for each in criteria}
            raise _set_meanwhile(session, "rule_set", rule_set_id, "set_points", rules.version, stands)
        _refuse_points(session, rules, criteria, changed)
        before = {str(each.number): [each.max_points, each.min_points] for each in criteria}
        for each in criteria:
            if each.number in changed:
                each.max_points, each.min_points = changed[each.number].maximum, changed[each.number].least
                each.is_illustrative, each.certainty = False, "quoted"
        rules.version += 1
        after = {str(each.number): [each.max_points, each.min_points] for each in criteria}
        transaction.log("set_points", "rule_set", rule_set_id, before=before, after=after)
        return rules.version


def _set_meanwhile(
    session: Session, subject: str, subject_id: int, action: str, version: int, stands: Mapping[str, object]
) -> RulesConflict:
    by, at = last_change(session, subject, subject_id, (action,))
    return RulesConflict(by, at, version, stands)


def _differs(criterion: Criterion, said: CriterionPoints) -> bool:
    return (criterion.max_points, criterion.min_points) != (said.maximum, said.least)


def _refuse_points(
    session: Session, rules: RuleSet, criteria: Sequence[Criterion], changed: Mapping[int, CriterionPoints]
) -> None:
    if _is_decided(session, rules):
        raise RulesRefused("in_use")
    maxima = []
    for each in criteria:
        said = changed.get(each.number, CriterionPoints(each.max_points, each.min_points))
        if any(number is not None and number < 1 for number in (said.maximum, said.least)):
            raise RulesRefused("points_not_positive", number=each.number)
        if said.least is not None and said.least > (said.maximum or 0):
            raise RulesRefused("least_above_maximum", number=each.number)
        highest = session.scalar(
            select(col(Score.points))
            .where(col(Score.criterion_id) == each.id, col(Score.points).is_not(None))
            .order_by(col(Score.points).desc())
            .limit(1)
        )
        if highest is not None and highest > (said.maximum or 0):
            raise RulesRefused("below_scores", number=each.number, highest=highest)
        maxima.append(said.maximum)
    known = [maximum for maximum in maxima if maximum is not None]
    if sum(known) > rules.total_points or (len(known) == len(maxima) and sum(known) != rules.total_points):
        raise RulesRefused("wrong_sum", sum=sum(known), total=rules.total_points)


def _is_decided(session: Session, rules: RuleSet) -> bool:
    found = session.scalar(
        select(col(Assessment.id))
        .join(EvaluationRound, col(EvaluationRound.id) == col(Assessment.round_id))
        .where(col(EvaluationRound.rule_set_id) == rules.id, col(Assessment.state).in_(FINAL))
        .limit(1)
    )
    return found is not None


@takes(area_id=ID, commune_class=Words(40), base_version=VERSION)
def set_commune_class(*, actor: Actor, area_id: int, commune_class: str, base_version: int) -> int:
    """Say which class a commune belongs to (its threshold follows); raises NotAllowed, RulesRefused.

    Saying again what stands confirms it: from then on it is no longer something to be looked up.
    Assessments that were appraised keep the threshold they were appraised with.
    """
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        if not may(actor, Capability.set_standard):
            raise NotAllowed(Capability.set_standard)
        if not is_commune(session, area_id):
            raise InputRefused("area_id", InputProblem.unknown)
        known = session.scalar(
            select(col(RecognitionThreshold.id))
            .where(col(RecognitionThreshold.commune_class) == commune_class)
            .limit(1)
        )
        if known is None:
            raise RulesRefused("class_unknown")
        row = commune_class_of(session, area_id)
        if row and (row.commune_class, row.certainty) == (commune_class, "quoted"):
            return row.version
        version = row.version if row else 0
        if version != base_version:
            stands = {"commune_class": row.commune_class if row else None}
            raise _set_meanwhile(session, "area", area_id, "set_commune_class", version, stands)
        before = {"commune_class": row.commune_class, "certainty": row.certainty} if row else None
        if row is None:
            row = CommuneClass(area_id=area_id, commune_class=commune_class, version=0)
            session.add(row)
        # The office has looked it up in the lists that hold for it.
        row.commune_class, row.certainty, row.version = commune_class, "quoted", base_version + 1
        transaction.log(
            "set_commune_class",
            "area",
            area_id,
            before=before,
            after={"commune_class": commune_class, "certainty": "quoted"},
        )
        return row.version


@takes(rule_set_id=ID, base_version=VERSION, year=YEAR)
def add_round(*, actor: Actor, rule_set_id: int, base_version: int, year: int) -> int:
    """Let communes be evaluated in November of `year` under this set; returns the round's id.

    `base_version` is how many rounds of this set the person saw. The same round again adds nothing.
    Raises NotAllowed, RulesConflict; RulesRefused where another set has that year, or where
    the set is not in force in it.
    """
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        rules = session.get(RuleSet, rule_set_id)
        if rules is None or not may(actor, Capability.set_rules):
            raise NotAllowed(Capability.set_rules)
        known = session.scalar(select(EvaluationRound).where(col(EvaluationRound.year) == year))
        if known and known.rule_set_id == rule_set_id:
            return known.id or 0
        if known:
            raise RulesRefused("round_taken", year=str(year))
        years = _years(session, rule_set_id)
        if len(years) != base_version:
            stands = {"years": years}
            raise _set_meanwhile(session, "rule_set", rule_set_id, "add_round", len(years), stands)
        if not _is_in_force(rules, year):
            raise RulesRefused("set_not_in_force", year=str(year))
        demonstration = bool(session.scalar(select(col(Installation.is_demonstration))))
        added = EvaluationRound(
            rule_set_id=rule_set_id, year=year, month=NOVEMBER, certainty="quoted", is_synthetic=demonstration
        )
        session.add(added)
        session.flush()
        transaction.log("add_round", "rule_set", rule_set_id, after={"year": year, "month": NOVEMBER})
        return added.id or 0


def _years(session: Session, rule_set_id: int) -> tuple[int, ...]:
    rounds = select(col(EvaluationRound.year)).where(col(EvaluationRound.rule_set_id) == rule_set_id)
    return tuple(session.scalars(rounds.order_by(col(EvaluationRound.year))))


def _is_in_force(rules: RuleSet, year: int) -> bool:
    """In November of that year."""
    day = date(year, NOVEMBER, 1)
    return rules.valid_from <= day and (rules.valid_to is None or day < rules.valid_to)
