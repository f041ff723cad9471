"""Every write at once: whatever is handed in is taken, or refused in words; nothing is ever an exception.

The actions are found by looking, not by a list: a new one without a row here fails.
"""

from __future__ import annotations

import inspect
import json
import math
import pkgutil
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
import rows
from play_town import PICTURE, TODAY, Town
from sqlalchemy import func, select

import dashboard.actions
from dashboard.actions import passwords
from dashboard.actions.errors import ActionRefused, InputRefused
from dashboard.actions.figures import Cell, Value
from dashboard.actions.play_areas import SheetPlace
from dashboard.actions.quarters import QuarterInput
from dashboard.actions.recognition import ScoreCell, ScoreValue, StepPaper
from dashboard.actions.recognition_rules import CriterionPoints
from dashboard.domain.permissions import Actor
from dashboard.domain.play_areas import CheckInput, CheckResult, PlayAreaInput, PlayKind, Standard
from dashboard.domain.recognition import Side, Step
from db.tables import Report, metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from db.engine import Database

SENT = {"state": "submitted", "submitted_at": rows.MORNING, "first_submitted_at": rows.MORNING}
PASSWORD = "bồ câu bay qua sông"
TRIANGLE = [[107.0, 11.8], [107.1, 11.8], [107.1, 11.9], [107.0, 11.8]]
OUTLINES = json.dumps({"rings": {"thac-mo": [TRIANGLE]}, "missing": []})
# What comes from the program itself and never from a form: who acts, when, and from where.
NO_INPUT = {"actor", "now"}
# Own acts of a session, and acts on it alone: they overwrite nobody's work.
OF_A_SESSION = {"sign_in", "confirm_password", "sign_out", "sign_out_everywhere", "touch"}
# Pure additions, each told apart by what it is: nothing stands there that could be overwritten.
ADDED_BY_TOKEN = {"record_check": "token"}
ADDED_BY_NAME = {"add_account": "login"}
# The version stands in each row of the sheet.
VERSION_INSIDE = {"save_places"}
# One's own screens alone.
OWN = {"set_language"}


def actions() -> dict[str, Callable[..., Any]]:
    """Every public function of dashboard.actions that takes keywords alone and writes as somebody."""
    found = {}
    for module in pkgutil.iter_modules(dashboard.actions.__path__):
        loaded = import_module(f"dashboard.actions.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            is_own = function.__module__ == loaded.__name__ and not name.startswith("_")
            if is_own and "actor" in inspect.signature(function).parameters and _is_keyworded(function):
                found[name] = function
    return found


def _is_keyworded(function: Callable[..., Any]) -> bool:
    kinds = {each.kind for each in inspect.signature(function).parameters.values()}
    return kinds == {inspect.Parameter.KEYWORD_ONLY}


ACTIONS = actions()


class Whole:
    """A town with everything that any action may be about."""

    def __init__(self, town: Town, registers: dict[str, int]) -> None:
        self.town, self.registers = town, registers

    def calls(self) -> dict[str, dict[str, Any]]:
        """A right call of each action."""
        town, world, registers = self.town, self.town.world, self.registers
        own, office, admin = town.own, town.people["office"], town.people["admin"]
        place = PlayAreaInput(
            "Sân mới", PlayKind.playground, world.commune, town.quarter, "Số 1", 11.8, 107.0
        )
        visit = CheckInput(date(2021, 10, 1), "Đoàn", CheckResult.failed, date(2022, 10, 1), (), "Ghi chú")
        period = {"area_id": world.commune, "period_id": world.year, "base_version": 0}
        sent = {"area_id": world.commune, "period_id": world.half, "base_version": 1}
        assessed = {"area_id": world.commune, "round_id": registers["round"]}
        quarter = QuarterInput(world.commune, "Khu phố 9", "khu_pho", 10, 11.8, 107.0)
        return {
            "record_figure": {
                "actor": own,
                "cell": Cell(world.split, world.commune, world.year),
                "value": Value("figure", 96, 100),
                "base_version": 1,
                "token": "one",
                "reason": "vì sao",
            },
            "submit_report": {"actor": own, **period, "data_as_of": date(2021, 11, 1), "accept_empty": True},
            "take_back_report": {"actor": own, **sent},
            "return_report": {"actor": office, **sent, "reason": "còn thiếu"},
            "save_place": {
                "actor": own,
                "description": place,
                "token": "t",
                "place_id": None,
                "base_version": 0,
            },
            "save_places": {"actor": own, "places": (SheetPlace(replace(place, name="Sân hai"), "row"),)},
            "close_place": {
                "actor": own,
                "place_id": town.place,
                "base_version": 0,
                "day": TODAY,
                "reason": "sửa chữa",
            },
            "reopen_place": {
                "actor": own,
                "place_id": registers["closed"],
                "base_version": 1,
                "day": TODAY,
                "reason": "xong",
            },
            "record_check": {"actor": own, "place_id": town.place, "visit": visit, "token": "visit"},
            "add_photo": {
                "actor": own,
                "place_id": town.place,
                "photo": PICTURE,
                "base_version": 0,
                "caption": "Cổng",
            },
            "hide_photo": {"actor": own, "photo_id": registers["photo"], "base_version": 1},
            "set_standard": {
                "actor": office,
                "standard": Standard(100),
                "base_version": 0,
                "walking_m": 400,
                "valid_from": TODAY,
                "document": "1/HD",
            },
            "set_outlines": {"actor": admin, "content": OUTLINES, "base_version": 0, "source": "Sở"},
            "withdraw_outlines": {"actor": admin, "base_version": 0},
            "save_quarter": {"actor": own, "description": quarter, "quarter_id": None, "base_version": 0},
            "end_quarter": {"actor": own, "quarter_id": registers["quarter"], "base_version": 1},
            "set_points": {
                "actor": admin,
                "rule_set_id": registers["rule_set"],
                "base_version": 1,
                "points": {1: CriterionPoints(200, 1)},
            },
            "set_commune_class": {
                "actor": office,
                "area_id": world.commune,
                "commune_class": "other",
                "base_version": 0,
            },
            "add_round": {
                "actor": admin,
                "rule_set_id": registers["rule_set"],
                "base_version": 1,
                "year": 2024,
            },
            "record_score": {
                "actor": own,
                "cell": ScoreCell(world.commune, registers["round"], registers["criterion"], Side.own),
                "value": ScoreValue(90, "biên bản", "ghi chú"),
                "base_version": 0,
                "token": "score",
            },
            "take_step": {
                "actor": own,
                **assessed,
                "step": Step.register,
                "base_version": 0,
                "paper": StepPaper("1/UBND", date(2021, 11, 1), "ghi chú"),
            },
            "add_account": {
                "actor": admin,
                "login": "moi",
                "name": "Mới",
                "role": "commune_officer",
                "password": PASSWORD,
                "area_id": world.commune,
                "agency_id": None,
                "language": "vi",
            },
            "set_password": {
                "actor": admin,
                "login": own.login,
                "password": PASSWORD,
                "base_version": 1,
                "keep_token_hash": None,
            },
            "disable_account": {"actor": admin, "login": own.login, "base_version": 1},
            "unlock_account": {"actor": admin, "login": own.login, "base_version": 1},
            "enable_account": {"actor": admin, "login": "off", "base_version": 1},
            "set_language": {"actor": own, "language": "en"},
        }


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", lambda: cheap)


@pytest.fixture
def whole(town: Town) -> Whole:
    with town.database.write() as transaction:
        session, world = transaction.session, town.world
        rules = rows.stored(session, rows.rule_set(total_points=200))
        rows.stored(session, rows.threshold(rules))
        closed = rows.stored(session, rows.play_area(world, code="VC-09", token="nine", name="Sân chín"))
        rows.stored(session, rows.closure(closed))
        registers = {
            "rule_set": rules,
            "criterion": rows.stored(session, rows.criterion(rules, max_points=100)),
            "round": rows.stored(session, rows.evaluation_round(rules)),
            "closed": closed,
            "photo": rows.stored(session, rows.photo(world, town.place, sha256="c" * 64)),
            "quarter": rows.stored(session, rows.quarter(world, name="Khu phố trống")),
        }
        rows.stored(session, rows.account(login="off", disabled_at=rows.MORNING))
        rows.stored(session, rows.report(world, period_id=world.half, **SENT, submitted_by=world.officer))
        entry = rows.stored(session, rows.entry(world, token="answered"))
        rows.stored(session, rows.figure(world, entry))
    return Whole(town, registers)


def test_every_action_has_a_right_call_here(whole: Whole) -> None:
    assert set(whole.calls()) == set(ACTIONS)


@pytest.mark.parametrize("name", ACTIONS)
def test_every_write_says_which_version_it_saw(name: str) -> None:
    exceptions = {*OF_A_SESSION, *ADDED_BY_TOKEN, *ADDED_BY_NAME, *VERSION_INSIDE, *OWN}
    asked = "base_version" in inspect.signature(ACTIONS[name]).parameters
    assert asked != (name in exceptions)
    told_apart = ADDED_BY_TOKEN.get(name) or ADDED_BY_NAME.get(name)
    assert told_apart is None or told_apart in inspect.signature(ACTIONS[name]).parameters


def test_a_row_of_a_sheet_says_which_version_it_saw() -> None:
    assert "base_version" in {field.name for field in fields(SheetPlace)}


@pytest.mark.parametrize("name", ACTIONS)
def test_every_parameter_has_a_kind(name: str) -> None:
    wanted = set(inspect.signature(ACTIONS[name]).parameters) - NO_INPUT
    assert set(getattr(ACTIONS[name], "kinds", {})) == wanted


@pytest.mark.parametrize("name", ACTIONS)
def test_the_right_call_is_taken(name: str, whole: Whole) -> None:
    before = footprint(whole.town.database)
    ACTIONS[name](**whole.calls()[name])
    is_silent = name == "withdraw_outlines"  # the tile map is drawn already
    assert (footprint(whole.town.database) == before) == is_silent


LONG = "a" * 200_001
NOT_INTEGERS = (
    *(12.5, 1.0, math.nan, math.inf, -math.inf, True, "7", "", b"7", Decimal(7), [7], 10**12 + 1),
    *(2**63, -(2**63) - 1, 10**30),
)
NOT_TEXTS = (7, 12.5, True, b"x", ["x"], "a\0b", "\0", "\ud800", "x\udfff", LONG)
NOT_DAYS = (
    *("2021-10-01", 20211001, datetime(2021, 10, 1, tzinfo=UTC), date(1850, 1, 1), date(2121, 1, 1)),
    *(date.min, date.max, True),
)
NOT_NUMBERS = (math.nan, math.inf, -math.inf, "11,8", True, 10**13, -(10**13), b"1", Decimal(11))
NOT_CHOICES = ("nonsense", "", 7, True, "\0", ["x"])
NOT_FLAGS = ("yes", 1, 0, b"", 1.0)
NOT_BYTES = (b"", "jpeg", 7, None)


def wrong_values(value: object, *, is_optional: bool) -> Iterator[object]:
    """What cannot stand in the place of `value`."""
    if not is_optional:
        yield None
    yield object()
    if isinstance(value, bool):
        yield from NOT_FLAGS
    elif isinstance(value, int):
        yield from NOT_INTEGERS
    elif isinstance(value, float):
        yield from NOT_NUMBERS
    elif isinstance(value, date):
        yield from NOT_DAYS
    elif isinstance(value, bytes):
        yield from NOT_BYTES
    elif type(value) is not str and isinstance(value, str):
        yield from NOT_CHOICES
    elif isinstance(value, str):
        yield from NOT_TEXTS


# Optional fields for which a right call gives a value: None says "not known" there.
OPTIONAL = {
    *("numerator", "denominator", "points", "date", "data_as_of", "next_due", "quarter_id", "place_id"),
    *("latitude", "longitude", "area_m2", "opened_year", "equipment_count", "age_from", "age_to", "children"),
    *("min_area_m2", "max_check_age_months", "maximum", "least", "area_id?", "agency_id", "keep_token_hash"),
}
# What stands where a right call has None.
IN_THE_PLACE_OF_NONE: dict[str, object] = {
    **dict.fromkeys(("place_id", "quarter_id", "agency_id", "area_m2", "opened_year"), 7),
    **dict.fromkeys(("equipment_count", "age_from", "age_to", "max_check_age_months"), 7),
    **dict.fromkeys(("is_free", "is_open_to_all", "is_accessible", "has_shade"), True),
    **dict.fromkeys(("has_toilet", "has_water", "has_drowning_prevention"), True),
    **dict.fromkeys(("funding", "equipment_condition"), PlayKind.pool),
    "keep_token_hash": "x",
}


def wrong_calls(call: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The call with one wrong value in it, and where."""
    for name, value in call.items():
        if name in NO_INPUT:
            continue
        for where, wrong in _wrong(name, value):
            yield f"{where}", {**call, name: wrong}


def _wrong(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if is_dataclass(value) and not isinstance(value, type):
        yield from ((f"{name} {wrong!r}"[:120], wrong) for wrong in (None, "x", 7, {}, object()))
        for field in fields(value):
            for where, wrong in _wrong(field.name, getattr(value, field.name)):
                yield f"{name}.{where}", replace(value, **{field.name: wrong})
    elif isinstance(value, dict):
        yield from ((f"{name} {wrong!r}"[:120], wrong) for wrong in (None, "x", 7, [1], {99: None}, {"1": 1}))
        for key, each in value.items():
            yield from ((f"{name}[{key}].{where}", {key: wrong}) for where, wrong in _wrong("points?", each))
    elif isinstance(value, tuple):
        yield from ((f"{name} {wrong!r}"[:120], wrong) for wrong in (None, "x", 7, (7,), ("ab",), ((1, 2),)))
        for each in value[:1]:
            yield from ((f"{name}[0].{where}", (wrong,)) for where, wrong in _wrong(name, each))
    else:
        stands = IN_THE_PLACE_OF_NONE.get(name) if value is None else value
        is_optional = value is None or name in OPTIONAL
        for wrong in wrong_values(stands, is_optional=is_optional):
            yield f"{name} {wrong!r}"[:120], wrong


def footprint(database: Database) -> dict[str, int]:
    """How many rows each table has, and how far versions have moved."""
    with database.read() as session:
        return {
            name: (session.scalar(select(func.count()).select_from(table)) or 0)
            + (session.scalar(select(func.sum(table.c.version))) or 0 if "version" in table.c else 0)
            for name, table in metadata.tables.items()
        }


def not_refused(whole: Whole, calls: Iterator[tuple[str, str, dict[str, Any]]]) -> list[str]:
    """What was taken, and what ended otherwise than in words; nothing may be stored."""
    before, found = footprint(whole.town.database), []
    for name, where, call in calls:
        try:
            ACTIONS[name](**call)
        except ActionRefused:
            continue
        except Exception as fault:  # noqa: BLE001 - each kind of exception is the fault that is looked for
            found.append(f"{name} {where}: {type(fault).__name__} {fault}"[:300])
        else:
            found.append(f"{name} {where}: taken")
    assert footprint(whole.town.database) == before
    return found


def test_a_wrong_value_is_refused_in_words_and_nothing_is_stored(whole: Whole) -> None:
    calls = whole.calls().items()
    tried = [(name, where, wrong) for name, call in calls for where, wrong in wrong_calls(call)]
    assert len(tried) > 1000
    assert not_refused(whole, iter(tried)) == []


# What looks like a right value and belongs to nobody.
IDS = ("split_id", "area_id", "period_id", "round_id", "criterion_id", "place_id", "photo_id", "quarter_id")


def test_an_id_that_nobody_has_is_refused_in_words(whole: Whole) -> None:
    tried = (
        (name, f"{key} {unknown}", {**call, key: wrong})
        for name, call in whole.calls().items()
        for key, value in call.items()
        for unknown in (0, -1, 999, 2**31 - 1, 2**31, 2**62)
        for wrong in _with_ids(key, value, unknown)
    )
    assert not_refused(whole, tried) == []


def _with_ids(name: str, value: Any, unknown: int) -> Iterator[Any]:
    if name in (*IDS, "agency_id", "rule_set_id"):
        yield unknown
    elif isinstance(value, tuple):
        yield from ((wrong,) for each in value for wrong in _with_ids(name, each, unknown))
    elif is_dataclass(value) and not isinstance(value, Actor | type):
        for field in fields(value):
            for wrong in _with_ids(field.name, getattr(value, field.name), unknown):
                yield replace(value, **{field.name: wrong})


# Where something must stand.
NEEDED = (
    *(
        ("record_figure", "token"),
        ("record_score", "token"),
        ("save_place", "token"),
        ("record_check", "token"),
    ),
    *(("close_place", "reason"), ("return_report", "reason"), ("set_commune_class", "commune_class")),
    *(("add_account", "login"), ("add_account", "name"), ("add_account", "password")),
)


def test_what_nobody_can_see_is_nothing(whole: Whole) -> None:
    tried = (
        (name, f"{field} {blank!r}", {**whole.calls()[name], field: blank})
        for name, field in NEEDED
        for blank in ("", " ", "\t\n", "\u200b", "\u2060\ufeff", "\u3164", "\u115f \u00a0", "\u202e")
    )
    assert not_refused(whole, tried) == []


def test_a_day_out_of_any_sense_is_refused_wherever_a_day_is_due(whole: Whole) -> None:
    """The last day of the calendar, the first one, the next one, and one before there was a register."""
    calls = whole.calls()
    visit = calls["record_check"]["visit"]
    paper = calls["take_step"]["paper"]
    attempts = [
        *(("close_place", "day", day) for day in (date(1999, 12, 31), date(2021, 11, 6), date(2100, 12, 31))),
        *(
            ("record_check", "visit", replace(visit, checked_on=day))
            for day in (date(1850, 1, 1), date(2021, 11, 6))
        ),
        ("record_check", "visit", replace(visit, next_due=date(2021, 10, 1))),
        *(("take_step", "paper", replace(paper, date=day)) for day in (date(2021, 11, 6), date(1975, 4, 30))),
        *(("add_round", "year", year) for year in (9999, 0, -1, 1999, 2101)),
        *(
            ("submit_report", "data_as_of", day)
            for day in (date(2121, 1, 1), date(2021, 11, 6), date(2020, 12, 31))
        ),
    ]
    tried = ((name, f"{field} {wrong}", {**calls[name], field: wrong}) for name, field, wrong in attempts)
    assert not_refused(whole, tried) == []


def test_who_is_in_no_commune_has_no_commune_to_answer_for(whole: Whole) -> None:
    call = whole.calls()["add_account"]
    for area in (whole.town.world.town, 999):
        with pytest.raises(ActionRefused):
            ACTIONS["add_account"](**{**call, "area_id": area})
    with pytest.raises(ActionRefused):
        ACTIONS["set_commune_class"](
            **{**whole.calls()["set_commune_class"], "area_id": whole.town.world.town}
        )


def test_only_who_may_learns_more_than_that(whole: Whole) -> None:
    viewer = whole.town.people["viewer"]
    for name, call in whole.calls().items():
        if name != "set_language":
            with pytest.raises(ActionRefused):
                ACTIONS[name](**{**call, "actor": viewer})


def test_a_report_is_sent_of_a_period_that_asks_for_one_and_has_begun(whole: Whole) -> None:
    town, call = whole.town, whole.calls()["submit_report"]
    none = {"communes_before": None, "town_before": None}
    with town.database.write() as transaction:
        past = rows.stored(transaction.session, rows.period(year=2019, part="year", **none))
        later = rows.stored(transaction.session, rows.period(year=2022))
    for period, problem in ((past, "no_report"), (later, "not_begun")):
        with pytest.raises(InputRefused) as refused:
            ACTIONS["submit_report"](**{**call, "period_id": period})
        assert refused.value.problem == problem
    with pytest.raises(ActionRefused):
        ACTIONS["submit_report"](**{**call, "actor": town.people["office"], "area_id": town.world.town})
    assert rows.count(town.database, Report) == 1
