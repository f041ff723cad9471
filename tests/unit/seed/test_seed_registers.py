"""The registers: what was read stands in the plan part, what is made up stands in the demonstration alone."""

from __future__ import annotations

import json
import math
import re
from datetime import date, datetime
from io import BytesIO

import polars as pl
import pytest
from PIL import Image

from dashboard.domain.permissions import Actor, Role, may
from dashboard.domain.play_areas import (
    CheckResult,
    Condition,
    Funding,
    PlayAreaInput,
    PlayKind,
    Standard,
    check_play_area,
    judge_places,
)
from dashboard.domain.recognition import WAYS, CriterionRule, State, Step, judge_scores, way
from seed.catalogue import read_catalogue
from seed.demonstration import DEMONSTRATION_ACCOUNTS
from seed.made_up import made_up_figures, under16
from seed.made_up_photos import picture
from seed.made_up_places import PlaceRow, made_up_places, made_up_quarters
from seed.made_up_registers import AssessmentRow, made_up_assessments
from seed.office_hours import LOCAL, is_workday
from seed.register_story import register_story
from seed.story import Point, story

CATALOGUE = read_catalogue()
REGISTERS = CATALOGUE.registers
SETS = {each.slug: each for each in REGISTERS.rule_sets}
TOLD = register_story()
ASSESSMENTS = {(row.round, row.area): row for row in made_up_assessments()}
QUARTERS = made_up_quarters()
PLACES = {row.told.code: row for row in made_up_places()}
COMMUNES = story().communes
ACCOUNTS = {account.login: account for account in DEMONSTRATION_ACCOUNTS}
ILLUSTRATIVE = {each.rule_set: each for each in TOLD.illustrative}
CENTRES = {each.slug: (each.latitude or 0.0, each.longitude or 0.0) for each in CATALOGUE.areas}
MIDSUMMER, TODAY = date(2021, 6, 30), story().day
DECIDED = [key for key, row in ASSESSMENTS.items() if row.state in ("recognised", "refused")]


def maxima(rule_set: str) -> dict[int, int]:
    read = {number: each.max_points for number, each in enumerate(SETS[rule_set].criteria, start=1)}
    known = {number: points for number, points in read.items() if points}
    return known | ILLUSTRATIVE[rule_set].maxima


def rules_of(row: AssessmentRow) -> list[CriterionRule]:
    return [CriterionRule(number, points) for number, points in sorted(maxima(row.rule_set).items())]


# The plan part.


def test_the_present_set_has_the_thirteen_criteria_of_the_decision() -> None:
    names = [each.name_vi for each in SETS["qd-06-2019"].criteria]
    assert len(names) == 13
    assert names[0] == "Nguồn lực thực hiện quyền trẻ em"
    assert names[5] == "Trẻ em có hoàn cảnh đặc biệt được trợ giúp"
    assert names[12] == "Mức độ hài lòng của trẻ em và người dân về việc thực hiện quyền trẻ em"


def test_no_more_than_three_maxima_are_known() -> None:
    known = {
        (slug, number): each.max_points
        for slug, rules in SETS.items()
        for number, each in enumerate(rules.criteria, start=1)
        if each.max_points
    }
    assert known == {("qd-06-2019", 1): 100, ("qd-06-2019", 6): 125, ("qd-06-2019", 7): 50}


def test_a_maximum_that_stands_in_the_plan_part_was_quoted_and_no_least_was_found() -> None:
    for rules in SETS.values():
        for each in rules.criteria:
            assert each.certainty == ("quoted" if each.max_points else "not_found")
            assert each.min_points is None


def test_points_of_items_were_read_but_for_the_one_that_is_left_over() -> None:
    criteria = SETS["qd-06-2019"].criteria
    points = {
        number: [(item.points, item.certainty) for item in each.items]
        for number, each in enumerate(criteria, start=1)
        if each.max_points
    }
    assert points == {
        1: [(50, "quoted"), (15, "quoted"), (15, "quoted"), (20, "inferred")],
        6: [(50, "quoted"), (75, "quoted")],
        7: [(50, "quoted")],
    }
    unknown = [item for each in criteria if not each.max_points for item in each.items]
    assert {(item.points, item.certainty, item.bands) for item in unknown} == {(None, "not_found", ())}


def test_only_two_bands_are_known() -> None:
    bands = {
        item.indicator_code: [(band.at_least_bp, band.points) for band in item.bands]
        for each in SETS["qd-06-2019"].criteria
        for item in each.items
        if item.bands
    }
    assert bands == {"T6": [(9_500, 50)], "M15": [(9_800, 50)]}


def test_a_figure_beside_points_that_were_not_found_says_how_it_may_differ() -> None:
    items = [item for each in SETS["qd-06-2019"].criteria for item in each.items if item.indicator_code]
    assert [item.indicator_code for item in items] == ["T5", "T6", "M15", "T3", "T9", "T7"]
    for item in items:
        assert bool(item.figure_note_vi) == bool(item.figure_note_en) == (item.points is None)
        assert item.points or "cần đối chiếu" in item.figure_note_vi


def test_the_three_totals_are_those_of_the_decision_and_the_thousand_is_recalled() -> None:
    rules = SETS["qd-06-2019"]
    assert {one.commune_class: one.points for one in rules.thresholds} == {
        "central_ward": 900,
        "remote": 800,
        "other": 850,
    }
    assert {one.certainty for one in rules.thresholds} == {"quoted"}
    assert (rules.total_points, rules.certainty) == (1000, "recalled")
    assert "cần đối chiếu" in rules.note_vi


def test_rounds_are_the_years_that_were_read_and_one_counted_back() -> None:
    rounds = {one.year: (one.month, one.certainty) for one in SETS["qd-06-2019"].rounds}
    assert rounds == {2019: (11, "computed"), 2022: (11, "quoted"), 2024: (11, "quoted")}


def test_of_the_old_set_nothing_is_said_that_was_not_found() -> None:
    rules = SETS["qd-34-2014"]
    assert len(rules.criteria) == 15
    assert all("tên cần nhập theo bản in" in each.name_vi for each in rules.criteria)
    assert (rules.thresholds, rules.rounds) == ((), ())
    assert (rules.valid_from, rules.valid_to) == (date(2014, 5, 30), date(2020, 1, 3))
    assert "Chưa tìm thấy" in rules.note_vi


def test_the_class_of_the_two_rural_communes_was_not_looked_up() -> None:
    classes = {one.area: (one.commune_class, one.certainty) for one in REGISTERS.commune_classes}
    assert list(classes) == COMMUNES
    assert {area for area, (_class, certainty) in classes.items() if certainty == "not_found"} == {
        "long-giang",
        "phuoc-tin",
    }
    assert {one for one, _certainty in classes.values()} == {"other"}


def test_items_for_pools_are_quoted_and_the_others_are_only_suggested() -> None:
    for item in REGISTERS.checklist:
        assert item.certainty == ("quoted" if item.for_pools else "inferred")
        source = "Thông tư số 03/2018/TT-BVHTTDL" if item.for_pools else "Gợi ý của chương trình"
        assert item.source_vi.startswith(source)
    assert sum(item.for_pools for item in REGISTERS.checklist) == 10
    essential = [item.slug for item in REGISTERS.checklist if item.is_essential]
    assert {"nhan-vien-cuu-ho", "sao-phao-cuu-sinh", "thiet-bi-chac-chan", "mat-nuoc-co-rao"} <= set(
        essential
    )


def test_an_item_of_the_checklist_says_what_is_as_it_should_be() -> None:
    """A "no" to what is not there reads as its opposite, and a child's safety hangs on it."""
    negative = re.compile(r"\b(không|chưa|chẳng|no|not|nothing|without|never|none)\b", re.IGNORECASE)
    assert [
        item.slug for item in REGISTERS.checklist if negative.search(f"{item.text_vi} {item.text_en}")
    ] == []


def test_texts_of_the_registers_fit_and_stand_in_both_languages() -> None:
    for item in REGISTERS.checklist:
        assert max(len(item.text_vi), len(item.text_en)) <= 500
    for rules in SETS.values():
        assert max(len(rules.note_vi), len(rules.note_en)) <= 1000
        assert bool(rules.note_vi) == bool(rules.note_en)
        for each in rules.criteria:
            assert bool(each.basis_vi) == bool(each.basis_en)


def test_nothing_in_the_plan_part_is_made_up() -> None:
    said = REGISTERS.model_dump_json()
    assert "minh họa" not in said
    assert "illustrative" not in said


# The demonstration: points.


@pytest.mark.parametrize("rule_set", ["qd-06-2019", "qd-34-2014"])
def test_with_the_illustrative_ones_the_maxima_make_a_thousand(rule_set: str) -> None:
    assert sum(maxima(rule_set).values()) == 1000
    assert len(maxima(rule_set)) == len(SETS[rule_set].criteria)


def test_no_known_maximum_is_made_up_over() -> None:
    assert not {1, 6, 7} & set(ILLUSTRATIVE["qd-06-2019"].maxima)


def test_illustrative_bands_belong_to_items_with_a_figure_and_stay_within_the_criterion() -> None:
    for item in ILLUSTRATIVE["qd-06-2019"].items:
        (owner,) = SETS["qd-06-2019"].criteria[item.criterion - 1].items
        assert owner.indicator_code
        assert item.points == max(item.bands.values()) == maxima("qd-06-2019")[item.criterion]


def test_the_made_up_total_and_round_belong_to_the_old_set() -> None:
    assert [(one.rule_set, one.commune_class, one.points) for one in TOLD.thresholds] == [
        ("qd-34-2014", "other", 850)
    ]
    assert [(one.rule_set, one.year) for one in TOLD.rounds] == [("qd-34-2014", 2017)]
    assert "minh họa" in TOLD.thresholds[0].name_vi


# The demonstration: the ways of the communes.


def test_who_was_recognised_in_which_round() -> None:
    recognised = {
        year: [area for area in COMMUNES if ASSESSMENTS[year, area].state == "recognised"]
        for year in (2017, 2019)
    }
    assert recognised == {
        2017: ["thac-mo", "phuoc-binh", "long-phuoc"],
        2019: ["thac-mo", "long-thuy", "phuoc-binh", "long-phuoc"],
    }
    assert len(DECIDED) == 14


@pytest.mark.parametrize("key", DECIDED)
def test_whoever_was_recognised_met_the_conditions_and_whoever_was_refused_did_not(
    key: tuple[int, str],
) -> None:
    row = ASSESSMENTS[key]
    verdict = judge_scores(rules_of(row), row.standing("appraised"), row.threshold)
    assert verdict.is_met is (row.state == "recognised")
    assert row.threshold == 850


def test_in_2019_one_failed_by_a_zero_alone_and_two_by_their_points_alone() -> None:
    verdicts = {
        area: judge_scores(rules_of(row), row.standing("appraised"), row.threshold)
        for (year, area), row in ASSESSMENTS.items()
        if year == 2019 and row.state == "refused"
    }
    assert {area: (each.zero, each.is_enough) for area, each in verdicts.items()} == {
        "son-giang": ((), False),
        "long-giang": ((), False),
        "phuoc-tin": ((9,), True),
    }


def test_where_the_communes_stand_on_the_way_to_2022() -> None:
    now = {area: ASSESSMENTS[2022, area] for area in COMMUNES}
    own = {area: row.standing("self") for area, row in now.items()}
    assert {area: (row.state, len(own[area]), sum(own[area].values())) for area, row in now.items()} == {
        "thac-mo": ("self_scored", 13, 882),
        "long-thuy": ("registered", 9, 650),
        "phuoc-binh": ("self_scored", 13, 868),
        "long-phuoc": ("registered", 13, 861),
        "son-giang": ("registered", 11, 580),
        "long-giang": ("not_registered", 4, 250),
        "phuoc-tin": ("registered", 5, 335),
    }
    assert [area for area in COMMUNES if 0 in own[area].values()] == ["long-phuoc"]
    assert {area for area in COMMUNES if now[area].standing("appraised")} == {"phuoc-binh"}
    assert sorted(now["phuoc-binh"].standing("appraised")) == [1, 2, 3, 4, 5, 6]


def test_five_of_seven_are_registered_at_midsummer_and_six_today() -> None:
    days = {area: ASSESSMENTS[2022, area].registered_on for area in COMMUNES}
    missing = {area for area, day in days.items() if day is None or day > MIDSUMMER}
    assert missing == {"long-giang", "phuoc-tin"}
    assert {area for area, day in days.items() if day is None or day > TODAY} == {"long-giang"}
    assert days["phuoc-tin"] == date(2021, 8, 17)


def test_the_registrations_of_2019_agree_with_what_was_typed_then() -> None:
    figures = made_up_figures()
    typed = {
        (cell.area, cell.part): said.numerator
        for cell, said in figures.items()
        if cell.code == "T8" and cell.year == 2019
    }
    for area in COMMUNES:
        day = ASSESSMENTS[2019, area].registered_on
        assert day
        assert (typed[area, "half"], typed[area, "year"]) == (int(day <= date(2019, 5, 15)), 1)


@pytest.mark.parametrize("row", ASSESSMENTS.values(), ids=lambda row: f"{row.round} {row.area}")
def test_steps_lead_to_the_state_and_carry_what_they_need(row: AssessmentRow) -> None:
    state = State.not_registered
    for version, step in enumerate(row.steps, start=2):
        taken = way(Step(step.step), state)
        assert taken
        assert step.version == version
        assert bool(step.document_number) == bool(step.document_date) == taken.needs_document
        assert step.note or not taken.needs_note
        state = taken.after
    assert (state, row.version) == (row.state, 1 + len(row.steps))
    assert (row.registered_on is None) == (row.state == "not_registered")
    assert (row.threshold is None) == (row.state not in ("appraised", "recognised", "refused"))


@pytest.mark.parametrize("row", ASSESSMENTS.values(), ids=lambda row: f"{row.round} {row.area}")
def test_points_stay_within_their_maxima_and_versions_follow_one_another(row: AssessmentRow) -> None:
    most = maxima(row.rule_set)
    for score in row.scores:
        assert 0 <= score.points <= most[score.criterion]
        assert score.side == "appraised" or score.evidence
    for side in ("self", "appraised"):
        for number in most:
            versions = [one.version for one in row.scores if (one.side, one.criterion) == (side, number)]
            assert versions == list(range(1, len(versions) + 1))


@pytest.mark.parametrize("row", ASSESSMENTS.values(), ids=lambda row: f"{row.round} {row.area}")
def test_scores_are_given_while_their_side_is_open(row: AssessmentRow) -> None:
    at = {step.step: step.at for step in row.steps}
    assert [step.at for step in row.steps] == sorted(at.values())
    for score in row.scores:
        if score.side == "self":
            assert at.get("register", score.at) <= score.at <= at.get("submit_scores", score.at)
        else:
            assert at["submit_scores"] < score.at < at.get("appraise", datetime.max.replace(tzinfo=LOCAL))


def test_whoever_took_a_step_or_gave_points_was_allowed_to() -> None:
    for row in ASSESSMENTS.values():
        for step in row.steps:
            assert may(actor(step.by), WAYS[Step(step.step)].capability, area_id=COMMUNES.index(row.area))
        for score in row.scores:
            assert ACCOUNTS[score.by].area == row.area or score.side == "appraised"


def actor(login: str) -> Actor:
    account = ACCOUNTS[login]
    area = COMMUNES.index(account.area) if account.area else None
    return Actor(id=1, login=login, name=account.name, role=Role(account.role), area_id=area)


def test_a_change_of_the_appraiser_has_its_reason() -> None:
    for row in ASSESSMENTS.values():
        own = row.standing("self")
        for score in row.scores:
            if score.side == "appraised" and score.points != own[score.criterion]:
                assert score.note


def test_tokens_of_the_registers_are_unique_and_short_enough() -> None:
    tokens = [row.token(score) for row in ASSESSMENTS.values() for score in row.scores]
    tokens += [f"{place.token}:{check.told.on}" for place in PLACES.values() for check in place.checks]
    assert len(set(tokens)) == len(tokens)
    assert max(map(len, tokens)) <= 64


def test_all_work_is_done_in_office_hours_before_the_day_of_the_demonstration() -> None:
    moments = [each.at for row in ASSESSMENTS.values() for each in (*row.steps, *row.scores)]
    moments += [row.at for row in QUARTERS]
    moments += [at for place in PLACES.values() for at in (place.at, *(at for at, _by in place.deeds))]
    for local in (at.astimezone(LOCAL) for at in moments):
        assert date(2019, 1, 2) <= local.date() < TODAY
        assert is_workday(local.date())
        assert 7 <= local.hour < 17


# The demonstration: places to play.


def test_quarters_share_out_the_children_of_their_commune() -> None:
    for index, area in enumerate(COMMUNES):
        rows = [row for row in QUARTERS if row.area == area]
        assert 5 <= len(rows) <= 8
        assert sum(row.children for row in rows) == under16(Point(area, index, 2021, "half"), story())
        kind, name = ("thon", "Thôn 1") if area in ("long-giang", "phuoc-tin") else ("khu_pho", "Khu phố 1")
        assert {row.kind for row in rows} == {kind}
        assert rows[0].name == name


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    north = (one[0] - other[0]) * 111_320
    east = (one[1] - other[1]) * 111_320 * math.cos(math.radians(one[0]))
    return math.hypot(north, east)


def test_quarters_lie_around_the_middle_of_their_commune_and_places_near_their_quarter() -> None:
    for row in QUARTERS:
        assert metres_between(row.position, CENTRES[row.area]) <= 1_205
    homes = {(row.area, row.name): row.position for row in QUARTERS}
    for place in PLACES.values():
        assert metres_between(place.position, homes[place.told.area, place.quarter]) <= 155


def test_there_are_sixteen_places_one_to_four_in_each_commune() -> None:
    assert list(PLACES) == [f"VC-{number:02}" for number in range(1, 17)]
    per_commune = [sum(place.told.area == area for place in PLACES.values()) for area in COMMUNES]
    assert per_commune == [3, 2, 3, 3, 2, 1, 2]


def test_every_place_could_have_been_typed_in() -> None:
    for place in PLACES.values():
        told = place.told.model_dump(
            exclude={"code", "area", "quarter", "kind", "funding", "condition", "equipment_condition"}
            | {"picture", "closures", "checks"}
        )
        worn = place.told.equipment_condition
        said = PlayAreaInput(
            **told,
            kind=PlayKind(place.told.kind),
            area_id=1,
            latitude=place.position[0],
            longitude=place.position[1],
            funding=Funding(place.told.funding),
            condition=Condition(place.told.condition),
            equipment_condition=Condition(worn) if worn else None,
        )
        assert check_play_area(said, today=TODAY) == ()


def test_every_visit_answers_each_item_that_is_asked_there_and_agrees_with_its_result() -> None:
    essential = {item.slug for item in REGISTERS.checklist if item.is_essential}
    for place in PLACES.values():
        asked = {
            item.slug
            for item in REGISTERS.checklist
            if not item.for_pools or place.told.kind in ("pool", "mobile_pool")
        }
        for check in place.checks:
            answers = json.loads(check.answers)
            refused = {slug for slug, answer in answers.items() if answer == "no"}
            assert set(answers) == asked
            assert set(answers.values()) <= {"yes", "no", "not_applicable"}
            assert bool(refused & essential) == (check.told.result == "failed")
            assert refused or check.told.result == "passed"
            assert check.told.next_due > check.told.on


def judged(day: date) -> pl.DataFrame:
    """What the register knew on `day`, judged by the made-up standard."""
    told = TOLD.standard
    standard = Standard(
        told.min_area_m2, told.needs_equipment, told.needs_open_to_all, told.max_check_age_months
    )
    return judge_places(pl.DataFrame([known(place, day) for place in PLACES.values()]), standard, day)


def known(place: PlaceRow, day: date) -> dict[str, object]:
    told = place.told
    visit = next((each.told for each in reversed(place.checks) if each.told.on <= day), None)
    closed = [each for each in told.closures if each.on <= day < (each.reopened or date.max)]
    return {
        "code": told.code,
        "area": told.area,
        "condition": told.condition,
        "opened_year": told.opened_year,
        "area_m2": told.area_m2,
        "equipment_count": told.equipment_count,
        "is_open_to_all": told.is_open_to_all,
        "is_closed": bool(closed),
        "check_result": visit.result if visit else None,
        "checked_on": visit.on if visit else None,
        "next_due": visit.next_due if visit else None,
    }


@pytest.mark.parametrize("day", [MIDSUMMER, TODAY, date(2021, 12, 31)])
def test_six_of_seven_communes_have_a_place_that_counts(day: date) -> None:
    counting = judged(day).filter("counts")
    assert [area for area in COMMUNES if area not in set(counting["area"])] == ["son-giang"]
    assert counting.filter(area="long-giang")["code"].to_list() == ["VC-14"]


def test_why_places_do_not_count_today() -> None:
    reasons = dict(judged(TODAY).filter(~pl.col("counts")).select("code", "reasons").iter_rows())
    assert reasons == {
        "VC-05": ["too_small", "no_equipment"],
        "VC-07": ["too_small", "not_for_all"],
        "VC-09": ["not_for_all"],
        "VC-11": ["check_overdue", "check_too_old"],
        "VC-12": ["check_failed"],
        "VC-13": ["under_construction", "not_open_yet", "never_checked", "no_equipment"],
        "VC-16": ["closed"],
    }


def test_one_passed_check_would_bring_the_seventh_commune_in() -> None:
    before = known(PLACES["VC-12"], MIDSUMMER)
    assert before["check_result"] is None
    passed = known(PLACES["VC-12"], TODAY) | {
        "check_result": CheckResult.passed,
        "checked_on": TODAY,
        "next_due": None,
    }
    told = TOLD.standard
    standard = Standard(
        told.min_area_m2, told.needs_equipment, told.needs_open_to_all, told.max_check_age_months
    )
    assert judge_places(pl.DataFrame([passed]), standard, TODAY)["counts"].to_list() == [True]


def test_there_are_places_of_each_kind_of_trouble() -> None:
    closed = {code for code, place in PLACES.items() for each in place.told.closures if each.reopened is None}
    assert closed == {"VC-16"}
    conditions = {place.told.condition for place in PLACES.values()}
    assert conditions == {"good", "needs_repair", "degraded", "under_construction"}
    assert {"pool", "mobile_pool", "library", "private"} <= {place.told.kind for place in PLACES.values()}
    last = [place.checks[-1].told.result for place in PLACES.values() if place.checks]
    assert set(last) == {"passed", "to_repair", "failed"}


def test_nobody_types_what_the_registers_say() -> None:
    typed = {cell.year for cell in made_up_figures() if cell.code in ("T7", "T8")}
    assert typed == {2019, 2020}


# The demonstration: pictures.


@pytest.mark.parametrize("name", ["swing", "slide", "seesaw"])
def test_pictures_are_small_and_say_nothing_of_a_camera(name: str) -> None:
    drawn = picture(name)
    assert len(drawn.jpeg) < 150_000
    with Image.open(BytesIO(drawn.jpeg)) as image, Image.open(BytesIO(drawn.thumbnail)) as small:
        assert image.size == (drawn.width, drawn.height) == (1200, 800)
        assert max(small.size) <= 400
        assert not image.getexif()


def test_three_places_have_a_picture_of_their_own() -> None:
    pictures = [place.told.picture for place in PLACES.values() if place.told.picture]
    assert sorted(pictures) == ["seesaw", "slide", "swing"]


def test_two_tellings_of_the_registers_are_the_same() -> None:
    assert made_up_assessments() == tuple(ASSESSMENTS.values())
    assert made_up_quarters() == QUARTERS
    assert made_up_places() == tuple(PLACES.values())
