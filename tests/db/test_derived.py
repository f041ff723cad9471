"""T7 and T8 follow the registers from 2021 on: nobody types them, and nobody has to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import rows
from sqlalchemy import select
from sqlmodel import col

from dashboard.actions.errors import FigureRefused, ReportIncomplete
from dashboard.actions.figures import Cell, Saved, Value, record_figure
from dashboard.actions.play_areas import save_place
from dashboard.actions.play_checks import record_check
from dashboard.actions.play_closures import close_place, reopen_place
from dashboard.actions.play_rules import set_standard
from dashboard.actions.quarters import QuarterInput, end_quarter, save_quarter
from dashboard.actions.recognition import ScoreCell, ScoreValue, StepPaper, record_score, take_step
from dashboard.actions.reports import submit_report, unanswered
from dashboard.clock import LOCAL
from dashboard.domain.permissions import Actor, Role, Sight
from dashboard.domain.play_areas import (
    CheckAnswer,
    CheckInput,
    CheckResult,
    Condition,
    PlayAreaInput,
    PlayKind,
    Standard,
)
from dashboard.domain.recognition import Side, Step
from dashboard.views.derived import finished_periods
from dashboard.views.entry import entry_sheet
from dashboard.views.overview import Overview, overview
from dashboard.views.places import places_until
from dashboard.views.reporting import reporting_by_commune
from db.tables import (
    Area,
    Assessment,
    Criterion,
    EvaluationRound,
    Figure,
    FigureEntry,
    Indicator,
    Period,
    PlayArea,
    Report,
    Split,
)
from seed.demonstration import load_demonstration
from seed.plan import load_plan
from seed.storing import ids

if TYPE_CHECKING:
    from db.engine import Database

TODAY = date(2021, 11, 5)
SAFE = tuple((slug, CheckAnswer.yes) for slug in ("thiet-bi-chac-chan", "khong-canh-sac", "mat-nuoc-co-rao"))
EVERYWHERE = Sight(is_everywhere=True)
SILENT = (None, None)
NO = ("figure", 0)
YES = ("figure", 1)


@dataclass(frozen=True)
class Town:
    """The plan as it is shipped, an officer of Thác Mơ and one of the town."""

    database: Database
    areas: dict[str, int]
    own: Actor
    office: Actor

    @property
    def commune(self) -> int:
        return self.areas["thac-mo"]

    def overview(self, part: str = "year", year: int = 2021) -> Overview:
        found = overview(year, part, "vi", EVERYWHERE)
        assert found is not None
        return found

    def row(self, code: str, part: str = "year", year: int = 2021, area: str = "thac-mo") -> dict[str, Any]:
        wanted = (pl.col("code") == code) & (pl.col("area") == self.areas[area])
        return self.overview(part, year).cells.row(by_predicate=wanted, named=True)

    def says(self, code: str, part: str = "year", year: int = 2021) -> tuple[str | None, int | None]:
        row = self.row(code, part, year)
        assert row["denominator"] == (1 if row["answer"] == "figure" else None)
        return row["answer"], row["numerator"]

    def place(self, name: str = "Sân chơi", **changes: Any) -> int:
        """A place registered on the business day, or on `registered_on`."""
        registered_on = changes.pop("registered_on", None)
        said = PlayAreaInput(name, PlayKind.playground, self.commune, **changes)
        number = save_place(actor=self.own, description=said, token=name).id
        if registered_on:
            with self.database.write() as transaction:
                row = transaction.session.get(PlayArea, number)
                assert row is not None
                row.registered_on = registered_on
        return number

    def check(self, place: int, day: date, result: CheckResult, next_due: date | None = None) -> None:
        said = CheckInput(day, "Đoàn", result, next_due, answers=SAFE)
        record_check(actor=self.own, place_id=place, visit=said, token=f"{place}{day}{result}{next_due}")

    def quarter(self) -> int:
        return save_quarter(
            actor=self.own, description=QuarterInput(self.commune, "Khu phố 1", "khu_pho", 300)
        )

    def round(self, year: int) -> int:
        with self.database.read() as session:
            statement = select(col(EvaluationRound.id)).where(col(EvaluationRound.year) == year)
            return session.scalars(statement).one() or 0

    def score_cell(self) -> ScoreCell:
        """Criterion 1 of the round of 2022."""
        with self.database.read() as session:
            round_ = session.get(EvaluationRound, self.round(2022))
            assert round_ is not None
            criterion = session.scalars(
                select(col(Criterion.id)).where(
                    col(Criterion.rule_set_id) == round_.rule_set_id, col(Criterion.number) == 1
                )
            ).one()
        return ScoreCell(self.commune, self.round(2022), criterion or 0, Side.own)

    def step(self, step: Step, year: int = 2022, **paper: Any) -> int:
        """A step on the way to the round of `year`."""
        area, number = self.commune, self.round(year)
        with self.database.read() as session:
            statement = select(col(Assessment.version)).where(
                col(Assessment.area_id) == area, col(Assessment.round_id) == number
            )
            base = session.scalar(statement) or 0
        return take_step(
            actor=self.own,
            area_id=area,
            round_id=number,
            step=step,
            base_version=base,
            paper=StepPaper(**paper),
        )

    def register(self, day: date, year: int = 2022) -> int:
        return self.step(Step.register, year, number="12/UBND-ĐK", date=day)

    def cell(self, code: str, year: int = 2021, part: str = "year", slug: str = "all") -> Cell:
        with self.database.read() as session:
            split = session.scalars(
                select(col(Split.id))
                .join(Indicator, col(Indicator.id) == col(Split.indicator_id))
                .where(col(Indicator.code) == code, col(Split.slug) == slug)
            ).one()
        return Cell(split or 0, self.commune, self.period(year, part))

    def period(self, year: int = 2021, part: str = "year") -> int:
        with self.database.read() as session:
            statement = select(col(Period.id)).where(col(Period.year) == year, col(Period.part) == part)
            return session.scalars(statement).one() or 0

    def type_in(self, cell: Cell, value: Value) -> Saved:
        token = f"{cell.split_id}/{cell.period_id}"
        return record_figure(actor=self.own, cell=cell, value=value, base_version=0, token=token)

    def add_periods(self, year: int) -> None:
        """Let later years have a period, too."""
        with self.database.write() as transaction:
            for part in ("half", "year"):
                rows.stored(transaction.session, rows.period(year=year, part=part))


@pytest.fixture
def town(database: Database) -> Town:
    load_plan()
    rows.live_on(database, TODAY)
    with database.read() as session:
        areas = ids(session, Area, "slug")
    own = rows.person(database, Role.commune_officer, area_id=areas["thac-mo"])
    return Town(database, areas, own, rows.person(database, Role.town_officer))


# Play areas --------------------------------------------------------------------------------------------


def test_a_commune_that_has_not_begun_its_register_has_not_reported(town: Town) -> None:
    assert town.says("T7") == SILENT
    whole = town.row("T7", area="phuoc-long")
    assert (whole["answer"], whole["reported"], whole["expected"]) == (None, 0, 7)


def test_quarters_without_a_place_are_a_no(town: Town) -> None:
    quarter = town.quarter()
    assert town.says("T7") == NO
    end_quarter(actor=town.own, quarter_id=quarter, base_version=1)
    assert town.says("T7") == SILENT


def test_a_place_counts_at_once_for_its_commune_and_the_town(town: Town) -> None:
    town.quarter()
    town.place()
    assert town.says("T7") == YES
    whole = town.row("T7", area="phuoc-long")
    assert (whole["numerator"], whole["denominator"], whole["reported"]) == (1, 1, 1)
    assert (whole["figure_state"], whole["is_provisional"]) == ("register", True)
    row = town.row("T7")
    assert (row["entered_by"], row["entered_at"].date()) == (town.own.name, TODAY)


def test_a_second_place_makes_no_second_commune(town: Town) -> None:
    town.place("một")
    town.place("hai")
    assert town.says("T7") == YES
    assert town.row("T7", area="phuoc-long")["numerator"] == 1


def test_a_failed_check_takes_the_only_place_out_at_once_and_a_passed_one_puts_it_back(town: Town) -> None:
    place = town.place()
    town.check(place, TODAY, CheckResult.failed)
    assert town.says("T7") == NO
    town.check(place, TODAY, CheckResult.passed, date(2022, 11, 5))
    assert town.says("T7") == YES


def test_a_place_to_be_repaired_still_counts(town: Town) -> None:
    town.check(town.place(), TODAY, CheckResult.to_repair)
    assert town.says("T7") == YES


def test_another_good_place_keeps_the_commune_in(town: Town) -> None:
    town.check(town.place("một"), TODAY, CheckResult.failed)
    town.place("hai")
    assert town.says("T7") == YES


def test_a_check_holds_through_its_last_day_and_not_on_the_next(town: Town) -> None:
    town.check(town.place(), date(2021, 10, 5), CheckResult.passed, TODAY)
    assert town.says("T7") == YES
    rows.live_on(town.database, date(2021, 11, 6))
    assert town.says("T7") == NO


def test_closures_are_looked_at_as_of_each_periods_day(town: Town) -> None:
    place = town.place(registered_on=date(2021, 1, 15))
    close_place(actor=town.own, place_id=place, base_version=0, day=date(2021, 5, 1), reason="sửa chữa")
    assert (town.says("T7", "half"), town.says("T7")) == (NO, NO)
    reopen_place(actor=town.own, place_id=place, base_version=1, day=date(2021, 7, 1))
    assert (town.says("T7", "half"), town.says("T7")) == (NO, YES)
    close_place(actor=town.own, place_id=place, base_version=2, day=date(2021, 9, 1), reason="lại")
    assert (town.says("T7", "half"), town.says("T7")) == (NO, NO)


def test_a_place_reopened_by_the_periods_last_day_counts(town: Town) -> None:
    place = town.place(registered_on=date(2021, 1, 15))
    close_place(actor=town.own, place_id=place, base_version=0, day=date(2021, 5, 1), reason="sửa chữa")
    reopen_place(actor=town.own, place_id=place, base_version=1, day=date(2021, 6, 30))
    assert town.says("T7", "half") == YES


def test_a_check_after_the_period_says_nothing_of_it(town: Town) -> None:
    place = town.place(registered_on=date(2021, 1, 15))
    town.check(place, date(2021, 7, 1), CheckResult.failed)
    assert (town.says("T7", "half"), town.says("T7")) == (YES, NO)


def test_a_check_that_ran_out_later_was_still_good_in_the_period(town: Town) -> None:
    place = town.place(registered_on=date(2021, 1, 15))
    town.check(place, date(2021, 3, 1), CheckResult.passed, date(2021, 8, 31))
    assert (town.says("T7", "half"), town.says("T7")) == (YES, NO)


def test_a_place_counts_for_the_half_year_only_if_it_was_registered_in_it(town: Town) -> None:
    late = town.place(registered_on=date(2021, 7, 1))
    assert (town.says("T7", "half"), town.says("T7")) == (SILENT, YES)
    with town.database.write() as transaction:
        row = transaction.session.get(PlayArea, late)
        assert row is not None
        row.registered_on = date(2021, 6, 30)
    assert town.says("T7", "half") == YES


def test_each_period_is_judged_by_the_standard_of_its_day(town: Town) -> None:
    town.place(registered_on=date(2021, 1, 15), area_m2=80)
    large = Standard(min_area_m2=100)
    set_standard(
        actor=town.office, base_version=0, standard=large, walking_m=400, valid_from=date(2021, 7, 1)
    )
    assert (town.says("T7", "half"), town.says("T7")) == (YES, NO)


def test_a_period_that_is_over_was_changed_by_nobody_just_now(town: Town) -> None:
    town.place(registered_on=date(2021, 1, 15))
    assert town.row("T7", "half")["entered_at"] is None
    assert town.row("T7")["entered_at"] is not None


@pytest.mark.parametrize("register", ["play_areas", "child_friendly"])
def test_a_day_moves_the_derived_periods_that_end_with_or_after_it_and_are_over(
    town: Town, register: str
) -> None:
    days = [date(2018, 5, 1), date(2021, 6, 30), date(2021, 7, 1), TODAY]
    assert [finished_periods(register, day) for day in days] == [((2021, "half"),), ((2021, "half"),), (), ()]
    assert finished_periods("nothing", date(2018, 5, 1)) == ()


def test_the_register_is_looked_at_on_a_past_day_or_today(town: Town) -> None:
    town.place(registered_on=date(2021, 7, 1))
    past, now = places_until(date(2021, 6, 30)), places_until(date(2021, 12, 31))
    assert (past.day, past.places.height, now.day, now.places.height) == (date(2021, 6, 30), 0, TODAY, 1)


def test_what_is_written_of_a_place_later_does_not_change_a_period_that_is_over(town: Town) -> None:
    place = town.place(registered_on=date(2021, 1, 15))
    broken = PlayAreaInput(
        "Sân chơi", PlayKind.playground, town.commune, condition=Condition.under_construction
    )
    save_place(actor=town.own, description=broken, token="", place_id=place, base_version=1)
    assert (town.says("T7", "half"), town.says("T7")) == (YES, NO)
    elsewhere = replace(broken, area_id=town.areas["long-thuy"], name="Sân mới")
    save_place(actor=town.office, description=elsewhere, token="", place_id=place, base_version=2)
    past = places_until(date(2021, 6, 30)).places.row(0, named=True)
    assert (past["name"], past["area_name"], past["condition"]) == ("Sân chơi", "Thác Mơ", "good")
    now = places_until(TODAY).places.row(0, named=True)
    assert (now["name"], now["area_name"]) == ("Sân mới", "Long Thủy")


def test_a_list_of_quarters_begun_later_says_nothing_of_a_period_that_is_over(town: Town) -> None:
    town.quarter()
    assert (town.says("T7", "half"), town.says("T7")) == (SILENT, NO)


def test_the_year_before_stands_as_it_stood_at_its_end(town: Town) -> None:
    place = town.place(registered_on=date(2021, 1, 15))
    rows.live_on(town.database, date(2022, 2, 1))
    close_place(actor=town.own, place_id=place, base_version=0, day=date(2022, 1, 1), reason="sửa chữa")
    assert town.says("T7") == YES


# Registrations -----------------------------------------------------------------------------------------


def test_a_registration_counts_from_the_periods_last_day_backwards(town: Town) -> None:
    assert town.says("T8") == SILENT
    town.register(date(2021, 6, 30))
    assert (town.says("T8", "half"), town.says("T8")) == (YES, YES)
    whole = town.row("T8", area="phuoc-long")
    assert (whole["numerator"], whole["denominator"], whole["expected"]) == (1, 1, 7)


def test_a_registration_of_july_says_nothing_of_the_half_year(town: Town) -> None:
    town.register(date(2021, 7, 1))
    assert (town.says("T8", "half"), town.says("T8")) == (NO, YES)


def test_scores_without_a_registration_are_a_no(town: Town) -> None:
    record_score(actor=town.own, cell=town.score_cell(), value=ScoreValue(10), base_version=0, token="one")
    assert town.says("T8") == NO


def test_scores_do_not_change_who_registered_a_commune_and_when(town: Town) -> None:
    town.register(date(2021, 8, 1))
    before = town.row("T8")
    assert before["entered_by"] == town.own.name
    cell = town.score_cell()
    record_score(actor=town.office, cell=cell, value=ScoreValue(10), base_version=0, token="one")
    after = town.row("T8")
    assert (after["entered_by"], after["entered_at"]) == (before["entered_by"], before["entered_at"])


def test_a_registration_falls_when_it_is_withdrawn_and_rises_when_made_anew(town: Town) -> None:
    town.register(date(2021, 8, 1))
    town.step(Step.withdraw, note="đăng ký nhầm")
    assert town.says("T8") == NO
    town.register(date(2021, 9, 1))
    assert town.says("T8") == YES


def test_a_registration_for_a_later_round_stands_beside_a_withdrawn_one(town: Town) -> None:
    town.register(date(2021, 8, 1))
    town.register(date(2021, 8, 1), year=2024)
    town.step(Step.withdraw, note="chuyển sang đợt sau")
    assert town.says("T8") == YES


@pytest.mark.parametrize(("round_year", "last"), [(2022, 2022), (2024, 2024)])
def test_a_registration_holds_until_its_round_and_no_longer(town: Town, round_year: int, last: int) -> None:
    for year in (2022, 2023, 2024, 2025):
        town.add_periods(year)
    town.register(date(2021, 3, 1), year=round_year)
    rows.live_on(town.database, date(2025, 3, 1))
    counted = [year for year in range(2021, 2026) if town.says("T8", year=year) == YES]
    assert counted == list(range(2021, last + 1))


def test_a_period_before_the_program_knows_no_registration(town: Town) -> None:
    town.register(date(2021, 3, 1))
    assert town.says("T8", year=2020) == SILENT


# Typed and derived -------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["T7", "T8"])
def test_what_a_register_says_is_not_typed(town: Town, code: str) -> None:
    for part in ("half", "year"):
        with pytest.raises(FigureRefused) as refused:
            town.type_in(town.cell(code, part=part), Value("figure", 1, 1))
        assert [problem.code for problem in refused.value.problems] == ["derived"]
    assert rows.count(town.database, FigureEntry) == 0


@pytest.mark.parametrize("code", ["T7", "T8"])
def test_the_years_before_keep_what_was_typed(town: Town, code: str) -> None:
    town.type_in(town.cell(code, 2020), Value("figure", 1, 1))
    town.quarter()
    assert town.says(code, year=2020) == YES
    assert town.row(code, year=2020)["entered_by"] == town.own.name
    assert town.row(code)["baseline_numerator"] == 1


def typed_before(town: Town, code: str, part: str = "year", submitted: date | None = None) -> None:
    """A yes of an earlier version of the program, before anything was derived; submitted on a day, or a draft."""
    cell = town.cell(code, part=part)
    place = {"area_id": cell.area_id, "period_id": cell.period_id}
    said = {
        **place,
        "split_id": cell.split_id,
        "version": 1,
        "answer": "figure",
        "numerator": 1,
        "denominator": 1,
    }
    by = {"entered_by": town.own.id, "entered_at": rows.MORNING}
    with town.database.write() as transaction:
        session = transaction.session
        entry = rows.stored(session, FigureEntry(**said, **by, token=f"{code}{part}"))
        rows.stored(session, Figure(**said, **by, entry_id=entry))
        if submitted:
            at = datetime.combine(submitted, time(9), tzinfo=LOCAL)
            sent = {"submitted_at": at, "submitted_by": town.own.id, "first_submitted_at": at}
            rows.stored(session, Report(**place, state="submitted", **sent))


def begin_register(town: Town, code: str) -> None:
    """A register that says no: khu phố without a place, scores without a registration."""
    if code == "T7":
        town.quarter()
    else:
        record_score(
            actor=town.own, cell=town.score_cell(), value=ScoreValue(10), base_version=0, token="score"
        )


@pytest.mark.parametrize("code", ["T7", "T8"])
@pytest.mark.parametrize("submitted", [date(2021, 11, 3), None])
def test_what_was_typed_stands_while_the_communes_register_is_empty(
    town: Town, code: str, submitted: date | None
) -> None:
    typed_before(town, code, submitted=submitted)
    assert town.says(code) == YES
    row = town.row(code)
    assert (row["is_derived"], row["figure_state"]) == (False, "submitted" if submitted else "draft")
    assert town.row(code, area="phuoc-long")["numerator"] == 1


@pytest.mark.parametrize("code", ["T7", "T8"])
@pytest.mark.parametrize("day", [date(2021, 11, 3), TODAY])
def test_what_was_submitted_before_the_register_began_stays_as_reported(
    town: Town, code: str, day: date
) -> None:
    typed_before(town, code, submitted=day)
    begin_register(town, code)
    assert town.says(code) == YES
    assert not town.row(code)["is_derived"]


@pytest.mark.parametrize("code", ["T7", "T8"])
def test_a_draft_gives_way_to_the_register_once_it_has_begun(town: Town, code: str) -> None:
    typed_before(town, code)
    begin_register(town, code)
    assert town.says(code) == NO
    assert town.row(code)["is_derived"]


@pytest.mark.parametrize("code", ["T7", "T8"])
def test_a_report_submitted_after_the_register_began_says_what_the_register_says(
    town: Town, code: str
) -> None:
    begin_register(town, code)
    typed_before(town, code, submitted=date(2021, 11, 6))
    assert town.says(code) == NO


def test_a_paper_found_later_does_not_change_what_was_submitted(town: Town) -> None:
    """Registered in March by a paper that was written down in November: the half year had been reported in May."""
    typed_before(town, "T8", part="half", submitted=date(2021, 5, 12))
    with town.database.write() as transaction:
        for figure in transaction.session.scalars(select(Figure)):
            figure.numerator = 0
    town.register(date(2021, 3, 1))
    assert town.says("T8", "half") == NO
    assert town.says("T8") == YES


def test_a_report_is_submitted_without_what_the_registers_say(town: Town) -> None:
    place = {"area_id": town.commune, "period_id": town.period()}
    with town.database.read() as session:
        lines = [line for line in unanswered(session, **place) if line.grouping == "target"]
    assert lines
    assert not {"T7", "T8"} & {line.code for line in lines}
    with pytest.raises(ReportIncomplete) as refused:
        submit_report(actor=town.own, base_version=0, **place)
    assert list(refused.value.missing) == lines
    for line in lines:
        town.type_in(town.cell(line.code, slug=line.slug), Value("nil"))
    assert submit_report(actor=town.own, base_version=0, accept_empty=True, **place) == 1
    with town.database.read() as session:
        mine = reporting_by_commune(session, 2021, "year", "vi").row(
            by_predicate=pl.col("area") == town.commune, named=True
        )
    assert (mine["state"], mine["answered"], mine["expected"]) == ("submitted", len(lines), len(lines))


def test_a_report_of_a_year_before_asks_for_them(town: Town) -> None:
    with town.database.read() as session:
        before = unanswered(session, town.commune, town.period(2020))
        now = unanswered(session, town.commune, town.period(2021))
        expected = [reporting_by_commune(session, year, "year", "vi")["expected"][0] for year in (2020, 2021)]
    assert {line.code for line in before} - {line.code for line in now} == {"T7", "T8"}
    assert expected[0] - expected[1] == 2


def test_the_registers_lines_are_not_on_the_sheet_that_an_officer_fills(town: Town) -> None:
    now, before = entry_sheet(town.own, 2021, "year", "vi"), entry_sheet(town.own, 2020, "year", "vi")
    assert now is not None
    assert before is not None
    assert set(before.lines["code"]) - set(now.lines["code"]) == {"T7", "T8"}


def test_keeping_the_registers_does_not_begin_a_report(town: Town) -> None:
    town.place()
    town.register(date(2021, 3, 1))
    states = town.overview().reporting.filter(pl.col("area") == town.commune)
    assert (states["state"][0], states["answered"][0]) == ("not_begun", 0)
    assert not town.overview().is_empty


# The demonstration -------------------------------------------------------------------------------------


def test_the_demonstration_shows_what_its_registers_say(database: Database) -> None:
    load_demonstration()
    found = overview(2021, "year", "vi", EVERYWHERE)
    assert found is not None
    places = places_until(date(2021, 12, 31)).places
    good = set(places.filter("counts")["area"])
    known = set(places["area"])
    cells = found.cells.filter((pl.col("code") == "T7") & ~pl.col("is_town"))
    said = {row["area"]: row["numerator"] for row in cells.to_dicts() if row["answer"] == "figure"}
    assert {area for area, numerator in said.items() if numerator == 1} == good
    assert known <= set(said)
    whole = found.town.row(by_predicate=pl.col("code") == "T7", named=True)
    assert (whole["numerator"], whole["denominator"]) == (len(good), whole["reported"])
    with database.read() as session:
        registered = session.scalars(
            select(col(Assessment.area_id))
            .join(EvaluationRound, col(EvaluationRound.id) == col(Assessment.round_id))
            .where(col(EvaluationRound.year) >= 2021, col(Assessment.registered_on).is_not(None))
        ).all()
    whole = found.town.row(by_predicate=pl.col("code") == "T8", named=True)
    assert whole["numerator"] == len(set(registered))
    assert found.trend.filter(pl.col("code") == "T7")["share"].null_count() == 0
