"""The scoring form: saved when left, refused with a sentence, never over a colleague's score; then the steps."""

from __future__ import annotations

import html
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import streamlit as st
from saving_lines import refused, said
from sqlalchemy import func, select
from sqlmodel import col

from dashboard.actions.recognition import ScoreCell, ScoreValue, StepPaper, record_score, take_step
from dashboard.actions.recognition_rules import set_commune_class
from dashboard.domain.permissions import Actor, Role
from dashboard.domain.recognition import Side, Step
from db.tables import (
    Account,
    Area,
    Assessment,
    AssessmentStep,
    Criterion,
    EvaluationRound,
    Score,
    ScoreEntry,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from db.engine import Database

    OpenPage = Callable[..., AppTest]

CRITERIA = 13


def area_id(database: Database, slug: str) -> int:
    with database.read() as session:
        found = session.scalar(select(col(Area.id)).where(col(Area.slug) == slug))
    assert found is not None
    return found


def cell(database: Database, area: str, number: int, side: Side = Side.own) -> ScoreCell:
    """One criterion of the round of 2022."""
    with database.read() as session:
        place = session.scalar(select(col(Area.id)).where(col(Area.slug) == area))
        round_id, rule_set = session.execute(
            select(col(EvaluationRound.id), col(EvaluationRound.rule_set_id)).where(
                col(EvaluationRound.year) == 2022
            )
        ).one()
        criterion = session.scalar(
            select(col(Criterion.id)).where(
                col(Criterion.rule_set_id) == rule_set, col(Criterion.number) == number
            )
        )
    assert place
    assert criterion
    assert round_id
    return ScoreCell(place, round_id, criterion, side)


def key(at: ScoreCell, name: str = "points", generation: int = 0) -> str:
    return f"fld:score:{at.area_id}:{at.round_id}:{at.criterion_id}:{at.side.value}:{name}:{generation}"


def proposal_key(at: ScoreCell) -> str:
    return f"btn:proposal:score:{at.area_id}:{at.round_id}:{at.criterion_id}:{at.side.value}"


def stored(database: Database, at: ScoreCell) -> Score | None:
    with database.read() as session:
        return session.scalar(
            select(Score)
            .join(Assessment, col(Assessment.id) == col(Score.assessment_id))
            .where(
                col(Assessment.area_id) == at.area_id,
                col(Assessment.round_id) == at.round_id,
                col(Score.criterion_id) == at.criterion_id,
                col(Score.side) == at.side,
            )
        )


def assessment(database: Database, area: str) -> Assessment:
    at = cell(database, area, 1)
    with database.read() as session:
        found = session.scalar(
            select(Assessment).where(
                col(Assessment.area_id) == at.area_id, col(Assessment.round_id) == at.round_id
            )
        )
    assert found is not None
    return found


def entries(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count(col(ScoreEntry.id)))) or 0


def steps_taken(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count(col(AssessmentStep.id)))) or 0


def actor(database: Database, login: str) -> Actor:
    with database.read() as session:
        account = session.scalar(select(Account).where(col(Account.login) == login))
    assert account is not None
    return Actor(account.id or 0, login, account.name, Role(account.role), account.area_id, account.agency_id)


def leave(app: AppTest, field: str, text: str) -> AppTest:
    app.text_input(key=field).set_value(text).run()
    assert not app.exception
    return app


def everything(app: AppTest) -> str:
    shown = (*app.title, *app.markdown, *app.info, *app.text)
    tables = [html.unescape(element.proto.body) for element in app.get("html")]
    return "\n".join((*(element.value for element in shown), said(app), *tables))


def step_key(database: Database, area: str, step: Step, version: int) -> str:
    at = cell(database, area, 1)
    return f"step:{at.area_id}:{at.round_id}:{step.value}:{version}"


def take(
    app: AppTest,
    at: str,
    *,
    number: str | None = None,
    day: date | None = None,
    note: str | None = None,
) -> AppTest:
    """Fill in the paper of a step and press its button; `at` is what its fields are named after."""
    if number is not None:
        app.text_input(key=f"{at}:number").set_value(number)
    if day is not None:
        app.text_input(key=f"{at}:date").set_value(f"{day.day}/{day.month}/{day.year}")
    if note is not None:
        app.text_area(key=f"{at}:note").set_value(note)
    app.button(key=f"btn:{at}").click().run()
    assert not app.exception
    return app


def labels(app: AppTest) -> set[str]:
    return {button.label for button in app.button}


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """The pages remember by data version, and each test's database counts from the same one."""
    st.cache_resource.clear()


@pytest.fixture
def participation(demonstration: Database) -> ScoreCell:
    """Criterion 11 of Sơn Giang, at most 75 points, not scored yet."""
    return cell(demonstration, "son-giang", 11)


@pytest.fixture
def resources(demonstration: Database) -> ScoreCell:
    """Criterion 1 of Sơn Giang, at most 100 points, scored 70."""
    return cell(demonstration, "son-giang", 1)


def test_a_score_is_saved_as_its_field_is_left(
    demonstration: Database, open_page: OpenPage, participation: ScoreCell
) -> None:
    app = open_page("songiang", "scoring")
    leave(app, key(participation), "60")
    kept = stored(demonstration, participation)
    assert kept is not None
    assert kept.points == 60
    assert "đã lưu" in said(app)
    assert "· 60 điểm" in said(app)
    assert app.metric[0].value == "640 / 850"


def test_evidence_and_note_are_saved_beside_the_points(
    demonstration: Database, open_page: OpenPage, participation: ScoreCell
) -> None:
    app = open_page("songiang", "scoring")
    app.text_area(key=key(participation, "evidence")).set_value("Biên bản 12/BB-UBND").run()
    leave(app, key(participation), "60")
    kept = stored(demonstration, participation)
    assert kept is not None
    assert (kept.points, kept.evidence, kept.version) == (60, "Biên bản 12/BB-UBND", 2)


def test_points_can_be_taken_away_again(
    demonstration: Database, open_page: OpenPage, resources: ScoreCell
) -> None:
    app = open_page("songiang", "scoring")
    leave(app, key(resources, generation=1), "")
    kept = stored(demonstration, resources)
    assert kept is not None
    assert kept.points is None
    assert "chưa có điểm" in said(app)
    assert app.metric[0].value == "510 / 850"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("abc", "không phải là số"),
        ("1.5", "chưa rõ là số nào"),
        ("1,5", "số nguyên"),
        ("-3", "số âm"),
        ("101", "điểm tối đa của tiêu chí này là 100"),
        ("9999999999", "điểm tối đa"),
        ("7o", "không phải là số"),
    ],
)
def test_what_cannot_be_a_score_is_refused_with_a_sentence_and_stays_in_the_field(
    typed: str, sentence: str, demonstration: Database, open_page: OpenPage, resources: ScoreCell
) -> None:
    before = entries(demonstration)
    app = open_page("songiang", "scoring")
    leave(app, key(resources, generation=1), typed)
    assert sentence in said(app) or "quá lớn" in said(app)
    assert "Điểm đã lưu trước đó vẫn giữ nguyên: 70 điểm." in said(app)
    assert app.text_input(key=key(resources, generation=1)).value == typed
    assert entries(demonstration) == before
    leave(app, key(resources, generation=1), "71")
    assert not refused(app)
    kept = stored(demonstration, resources)
    assert kept is not None
    assert kept.points == 71


def test_what_was_refused_where_nothing_is_stored_says_so(
    open_page: OpenPage, participation: ScoreCell
) -> None:
    app = leave(open_page("songiang", "scoring"), key(participation), "76")
    assert "Chưa lưu gì cho tiêu chí này; chữ vừa nhập vẫn còn trong ô." in said(app)
    assert app.text_input(key=key(participation)).value == "76"


@pytest.mark.parametrize("typed", ["100", "0"])
def test_both_ends_of_the_scale_are_scores(
    typed: str, demonstration: Database, open_page: OpenPage, resources: ScoreCell
) -> None:
    leave(open_page("songiang", "scoring"), key(resources, generation=1), typed)
    kept = stored(demonstration, resources)
    assert kept is not None
    assert kept.points == int(typed)


@pytest.fixture
def vaccination(demonstration: Database) -> ScoreCell:
    """Criterion 7 of Sơn Giang, whose score was taken away: the figure earns the 50 points of its only band."""
    at = cell(demonstration, "son-giang", 7)
    record_score(
        actor=actor(demonstration, "songiang"), cell=at, value=ScoreValue(), base_version=1, token="none"
    )
    return at


def test_a_proposal_is_taken_over_by_its_button_and_never_without(
    demonstration: Database, open_page: OpenPage, vaccination: ScoreCell
) -> None:
    before = entries(demonstration)
    app = open_page("songiang", "scoring")
    assert "đề xuất 50 điểm" in said(app)
    app.run()
    assert entries(demonstration) == before
    app.button(key=proposal_key(vaccination)).click().run()
    assert not app.exception
    kept = stored(demonstration, vaccination)
    assert kept is not None
    assert kept.points == 50
    assert app.text_input(key=key(vaccination, generation=3)).value == "50"
    assert proposal_key(vaccination) not in {button.key for button in app.button}
    assert entries(demonstration) == before + 1


def test_a_proposal_keeps_the_words_that_stand_in_the_fields(
    demonstration: Database, open_page: OpenPage, vaccination: ScoreCell
) -> None:
    """Also those that were not saved, because the points beside them were no number."""
    app = open_page("songiang", "scoring")
    leave(app, key(vaccination, generation=2), "9O")
    app.text_area(key=key(vaccination, "evidence", 2)).set_value("Sổ tiêm chủng").run()
    app.button(key=proposal_key(vaccination)).click().run()
    kept = stored(demonstration, vaccination)
    assert kept is not None
    assert (kept.points, kept.evidence) == (50, "Sổ tiêm chủng")
    assert app.text_area(key=key(vaccination, "evidence", 3)).value == "Sổ tiêm chủng"


def test_while_two_versions_wait_for_a_choice_no_third_is_offered(
    demonstration: Database, open_page: OpenPage, vaccination: ScoreCell
) -> None:
    app = open_page("songiang", "scoring")
    theirs_first(demonstration, vaccination, 20)
    leave(app, key(vaccination, generation=2), "30")
    assert proposal_key(vaccination) not in {button.key for button in app.button}
    app.button(key=key(vaccination, "btn-mine", 2)).click().run()
    kept = stored(demonstration, vaccination)
    assert kept is not None
    assert kept.points == 30
    assert app.text_input(key=key(vaccination, generation=3)).value == "30"


def test_a_figure_below_the_only_known_band_earns_nothing_that_is_known(open_page: OpenPage) -> None:
    """Of criterion 7 the decree's highest band was found alone: what 94,9% earns is not zero but unknown."""
    app = open_page("longgiang", "scoring")
    line = next(caption.value for caption in app.caption if "Số liệu M15" in caption.value)
    assert "(94,9%)" in line
    assert "thang điểm dưới mức này cần nhập theo bản in" in line
    assert "đề xuất" not in line


def test_an_old_round_is_explained_by_the_figures_of_its_year(open_page: OpenPage) -> None:
    app = open_page("tonghop", "scoring", round="2019")
    figures = [caption.value for caption in app.caption if "Số liệu T5" in caption.value]
    assert figures
    assert all("2019" in line and "2021" not in line for line in figures)


def test_the_appraiser_is_told_what_changed_after_it_was_appraised(
    demonstration: Database, open_page: OpenPage
) -> None:
    area, office, own = "phuoc-binh", actor(demonstration, "tonghop"), actor(demonstration, "phuocbinh")
    at = cell(demonstration, area, 3, Side.appraised)
    before = stored(demonstration, at)
    base = before.version if before else 0
    record_score(actor=office, cell=at, value=ScoreValue(60), base_version=base, token="appraised")
    reached = assessment(demonstration, area).version
    place = {"area_id": at.area_id, "round_id": at.round_id}
    note = StepPaper(note="chấm lại")
    take_step(actor=own, step=Step.take_back, base_version=reached, paper=note, **place)
    mine = cell(demonstration, area, 3)
    record_score(actor=own, cell=mine, value=ScoreValue(75), base_version=1, token="again")
    take_step(actor=own, step=Step.submit_scores, base_version=reached + 1, paper=StepPaper(), **place)
    app = open_page("tonghop", "scoring", commune=str(at.area_id))
    assert "Điểm tự chấm của tiêu chí 3 đã thay đổi sau khi được thẩm định." in app.warning[0].value


def test_a_proposal_for_a_part_of_a_criterion_has_no_button(
    demonstration: Database, open_page: OpenPage
) -> None:
    app = open_page("thacmo", "scoring")
    assert "cho nội dung “Từ 95% trẻ em có hoàn cảnh đặc biệt trở lên được trợ giúp”" in said(app)
    assert proposal_key(cell(demonstration, "thac-mo", 6)) not in {button.key for button in app.button}


def test_a_proposal_says_which_figure_it_comes_from(open_page: OpenPage) -> None:
    app = open_page("songiang", "scoring")
    line = next(caption.value for caption in app.caption if "Số liệu T5" in caption.value)
    assert "cả năm 2021" in line
    assert "72/72 (100,0%)" in line
    assert "cần đối chiếu" in line
    assert "đề xuất 75 điểm" in line


def theirs_first(database: Database, at: ScoreCell, points: int) -> None:
    """A colleague saves a score after this person's page was opened."""
    before = stored(database, at)
    record_score(
        actor=actor(database, "tonghop"),
        cell=at,
        value=ScoreValue(points, "Của đồng nghiệp"),
        base_version=before.version if before else 0,
        token=f"other:{points}",
    )


def test_two_officers_on_one_criterion_see_both_values(
    demonstration: Database, open_page: OpenPage, participation: ScoreCell
) -> None:
    app = open_page("songiang", "scoring")
    theirs_first(demonstration, participation, 40)
    leave(app, key(participation), "60")
    assert "Đề nghị chọn một trong hai" in said(app)
    shown = everything(app)
    assert "· 40 điểm" in shown
    assert "· 60 điểm" in shown
    assert "Của đồng nghiệp" in shown
    assert "Cán bộ tổng hợp" in shown
    assert app.text_input(key=key(participation)).value == "60"
    kept = stored(demonstration, participation)
    assert kept is not None
    assert kept.points == 40


def test_the_stored_score_may_stand(
    demonstration: Database, open_page: OpenPage, participation: ScoreCell
) -> None:
    app = open_page("songiang", "scoring")
    theirs_first(demonstration, participation, 40)
    leave(app, key(participation), "60")
    app.button(key=key(participation, "btn-theirs")).click().run()
    assert not app.exception
    assert not app.warning
    assert app.text_input(key=key(participation, generation=1)).value == "40"
    assert app.text_area(key=key(participation, "evidence", 1)).value == "Của đồng nghiệp"
    kept = stored(demonstration, participation)
    assert kept is not None
    assert (kept.points, kept.version) == (40, 1)


def test_the_own_score_may_be_put_over_a_seen_one(
    demonstration: Database, open_page: OpenPage, participation: ScoreCell
) -> None:
    app = open_page("songiang", "scoring")
    theirs_first(demonstration, participation, 40)
    leave(app, key(participation), "60")
    app.button(key=key(participation, "btn-mine")).click().run()
    assert not app.exception
    assert not app.warning
    kept = stored(demonstration, participation)
    assert kept is not None
    assert (kept.points, kept.version) == (60, 2)
    assert app.metric[0].value == "640 / 850"


def test_a_choice_made_too_late_asks_again(
    demonstration: Database, open_page: OpenPage, participation: ScoreCell
) -> None:
    app = open_page("songiang", "scoring")
    theirs_first(demonstration, participation, 40)
    leave(app, key(participation), "60")
    theirs_first(demonstration, participation, 45)
    app.button(key=key(participation, "btn-mine")).click().run()
    assert "Đề nghị chọn một trong hai" in said(app)
    kept = stored(demonstration, participation)
    assert kept is not None
    assert kept.points == 45


def test_the_same_score_by_a_colleague_is_no_conflict(
    demonstration: Database, open_page: OpenPage, participation: ScoreCell
) -> None:
    app = open_page("songiang", "scoring")
    theirs = ScoreValue(60)
    record_score(
        actor=actor(demonstration, "tonghop"), cell=participation, value=theirs, base_version=0, token="other"
    )
    leave(app, key(participation), "60")
    assert not app.warning
    kept = stored(demonstration, participation)
    assert kept is not None
    assert kept.version == 1


def test_the_same_text_left_twice_is_saved_once(
    demonstration: Database, open_page: OpenPage, participation: ScoreCell
) -> None:
    before = entries(demonstration)
    app = open_page("songiang", "scoring")
    leave(app, key(participation), "60")
    leave(app, key(participation), "60 ")
    leave(app, key(participation), "60")
    assert entries(demonstration) == before + 1


def test_a_double_click_on_a_proposal_saves_it_once(
    demonstration: Database, open_page: OpenPage, vaccination: ScoreCell
) -> None:
    before = entries(demonstration)
    app = open_page("songiang", "scoring")
    offer = app.button(key=proposal_key(vaccination))
    offer.click().run()
    # The second click of the same button, sent before the page had answered.
    offer.click().run()
    assert not app.exception
    assert entries(demonstration) == before + 1


def test_what_waits_in_a_field_outlives_another_save(
    demonstration: Database, open_page: OpenPage, participation: ScoreCell, resources: ScoreCell
) -> None:
    app = open_page("songiang", "scoring")
    leave(app, key(participation), "76")
    leave(app, key(resources, generation=1), "72")
    assert app.text_input(key=key(participation)).value == "76"
    assert "điểm tối đa của tiêu chí này là 75" in said(app)


def test_every_score_that_was_ever_given_can_be_looked_at(
    demonstration: Database, open_page: OpenPage, participation: ScoreCell
) -> None:
    app = open_page("songiang", "scoring")
    leave(app, key(participation), "60")
    leave(app, key(participation), "55")
    box = app.selectbox(key=f"history:{participation.area_id}:{participation.round_id}")
    assert box.value is None
    box.select_index(10).run()
    assert not app.exception
    shown = everything(app).partition("Ai ghi, khi nào</th>")[2]
    assert shown.index(">55<") < shown.index(">60<")


def test_a_viewer_sees_no_form(open_page: OpenPage) -> None:
    app = open_page("lanhdao", "scoring")
    assert "chỉ xem" in app.info[0].value
    assert not app.text_input
    assert not app.text_area
    assert not app.selectbox
    assert not app.button


def test_a_commune_officer_sees_the_own_commune_alone(demonstration: Database, open_page: OpenPage) -> None:
    other = area_id(demonstration, "thac-mo")
    app = open_page("songiang", "scoring", commune=str(other), side="appraised")
    assert "Xã, phường" not in {box.label for box in app.selectbox}
    assert "Phường Sơn Giang · Điểm tự chấm" in everything(app)
    assert "Thác Mơ" not in everything(app)
    own = area_id(demonstration, "son-giang")
    fields = [text.key for text in app.text_input if text.key and text.key.startswith("fld:")]
    assert len(fields) == CRITERIA
    assert all(field.startswith(f"fld:score:{own}:") for field in fields)
    assert all(":self:" in field for field in fields)


def test_an_office_chooses_among_all_communes(demonstration: Database, open_page: OpenPage) -> None:
    app = open_page("tonghop", "scoring")
    chosen = app.selectbox(key="address:commune")
    assert len(chosen.options) == 7
    chosen.set_value(area_id(demonstration, "phuoc-tin")).run()
    assert not app.exception
    assert "Xã Phước Tín" in everything(app)


def test_the_appraisers_side_is_locked_until_the_commune_has_handed_in(
    demonstration: Database, open_page: OpenPage
) -> None:
    at = cell(demonstration, "long-thuy", 1, Side.appraised)
    app = open_page("tonghop", "scoring", commune=str(at.area_id), side="appraised")
    assert app.text_input(key=key(at)).disabled
    assert all(text.disabled for text in app.text_input if text.key and text.key.startswith("fld:"))
    assert "Ở bước “Đã đăng ký”, điểm thẩm định chỉ để xem." in app.info[0].value


def test_the_communes_side_is_locked_once_it_has_handed_in(
    demonstration: Database, open_page: OpenPage
) -> None:
    app = open_page("thacmo", "scoring")
    fields = [text for text in app.text_input if text.key and text.key.startswith("fld:")]
    assert len(fields) == CRITERIA
    assert all(field.disabled for field in fields)
    assert "Ở bước “Đã tự chấm”, điểm tự chấm chỉ để xem." in app.info[0].value
    assert not [button for button in app.button if (button.key or "").startswith("btn:proposal")]


def test_the_appraiser_sees_the_communes_score_and_saves_the_own(
    demonstration: Database, open_page: OpenPage
) -> None:
    at = cell(demonstration, "thac-mo", 1, Side.appraised)
    app = open_page("tonghop", "scoring", commune=str(at.area_id))
    assert app.segmented_control(key="address:side").value == "appraised"
    assert "Điểm tự chấm: 100" in everything(app)
    leave(app, key(at), "95")
    kept = stored(demonstration, at)
    assert kept is not None
    assert (kept.points, kept.side) == (95, "appraised")
    own = stored(demonstration, cell(demonstration, "thac-mo", 1))
    assert own is not None
    assert own.points == 100


def test_made_up_maxima_are_marked_beside_their_criterion(open_page: OpenPage) -> None:
    app = open_page("songiang", "scoring")
    shown = everything(app)
    assert "Điểm tối đa minh họa, không phải của quyết định" in shown
    assert "**1. Nguồn lực thực hiện quyền trẻ em** · tối đa 100 điểm\n" in shown
    assert "**2. Trẻ em được khai sinh đúng quy định** · tối đa 75 điểm · minh họa" in shown


def test_a_decided_round_shows_its_scores_and_lets_nobody_change_them(
    demonstration: Database, open_page: OpenPage
) -> None:
    app = open_page("songiang", "scoring", round="2017")
    fields = [text for text in app.text_input if text.key and text.key.startswith("fld:")]
    assert len(fields) == 15
    assert all(field.disabled for field in fields)
    assert "34/2014" in said(app)
    assert not app.button


def test_a_registration_needs_its_document(demonstration: Database, open_page: OpenPage) -> None:
    before = steps_taken(demonstration)
    app = open_page("longgiang", "scoring")
    at = step_key(demonstration, "long-giang", Step.register, 1)
    take(app, at)
    assert "đề nghị ghi số, ký hiệu và ngày của văn bản" in refused(app)
    take(app, at, number="28/UBND-ĐK")
    assert "đề nghị ghi số, ký hiệu và ngày của văn bản" in refused(app)
    assert app.text_input(key=f"{at}:number").value == "28/UBND-ĐK"
    assert steps_taken(demonstration) == before
    take(app, at, day=date(2021, 11, 6))
    assert "ở sau ngày hôm nay" in refused(app)
    take(app, at, day=date(2021, 11, 4))
    assert not refused(app)
    found = assessment(demonstration, "long-giang")
    assert (found.state, found.registered_on) == ("registered", date(2021, 11, 4))
    assert "28/UBND-ĐK (04/11/2021)" in everything(app)
    assert "Bước hiện tại: Đã đăng ký" in said(app)


def test_a_registration_of_a_period_that_is_over_says_that_its_result_moves(
    demonstration: Database, open_page: OpenPage
) -> None:
    app = open_page("longgiang", "scoring")
    at = step_key(demonstration, "long-giang", Step.register, 1)
    take(app, at, number="28/UBND-ĐK", day=date(2021, 6, 1))
    assert not refused(app)
    assert any("kết quả theo sổ của 6 tháng đầu năm 2021 được tính lại" in each.value for each in app.warning)


def test_registering_twice_registers_once(demonstration: Database, open_page: OpenPage) -> None:
    before = steps_taken(demonstration)
    app = open_page("longgiang", "scoring")
    at = step_key(demonstration, "long-giang", Step.register, 1)
    app.text_input(key=f"{at}:number").set_value("28/UBND-ĐK")
    app.text_input(key=f"{at}:date").set_value("4/11/2021")
    app.text_area(key=f"{at}:note").set_value("")
    # The second click of the same button, sent before the page had answered.
    button = app.button(key=f"btn:{at}")
    button.click().run()
    button.click().run()
    assert not app.exception
    assert not refused(app)
    assert steps_taken(demonstration) == before + 1


def test_a_registration_is_withdrawn_with_a_reason(demonstration: Database, open_page: OpenPage) -> None:
    app = open_page("songiang", "scoring")
    at = step_key(demonstration, "son-giang", Step.withdraw, 2)
    take(app, at)
    assert "đề nghị ghi lý do" in refused(app)
    take(app, at, note="Sáp nhập địa bàn")
    found = assessment(demonstration, "son-giang")
    assert (found.state, found.registered_on) == ("not_registered", None)
    assert "Sáp nhập địa bàn" in everything(app)


def test_scores_are_not_handed_in_while_some_are_missing(
    demonstration: Database, open_page: OpenPage
) -> None:
    app = open_page("songiang", "scoring")
    at = step_key(demonstration, "son-giang", Step.submit_scores, 2)
    take(app, at)
    assert "tiêu chí 11, 13 chưa có điểm" in refused(app)
    assert assessment(demonstration, "son-giang").state == "registered"
    for number in (11, 13):
        leave(app, key(cell(demonstration, "son-giang", number)), "60")
    take(app, at)
    assert not refused(app)
    assert assessment(demonstration, "son-giang").state == "self_scored"
    assert "Đã tự chấm" in said(app)
    assert all(text.disabled for text in app.text_input if text.key and text.key.startswith("fld:"))


def test_a_commune_takes_its_scores_back_with_a_reason(demonstration: Database, open_page: OpenPage) -> None:
    app = open_page("thacmo", "scoring")
    at = step_key(demonstration, "thac-mo", Step.take_back, 3)
    take(app, at)
    assert "đề nghị ghi lý do" in refused(app)
    take(app, at, note="Bổ sung minh chứng")
    assert assessment(demonstration, "thac-mo").state == "registered"
    assert not any(text.disabled for text in app.text_input if text.key and text.key.startswith("fld:"))


def test_a_commune_officer_is_offered_no_step_of_the_office(open_page: OpenPage) -> None:
    offered = labels(open_page("thacmo", "scoring"))
    assert "Rút lại để chấm tiếp" in offered
    assert not offered & {"Hoàn tất thẩm định", "Ghi quyết định công nhận", "Ghi văn bản không công nhận"}


def appraised(database: Database, area: str, changed: dict[int, int] | None = None) -> None:
    """Appraise a commune that handed in: its own points stand, but for those in `changed`."""
    office = actor(database, "tonghop")
    for number in range(1, CRITERIA + 1):
        own = stored(database, cell(database, area, number))
        assert own is not None
        at = cell(database, area, number, Side.appraised)
        before = stored(database, at)
        record_score(
            actor=office,
            cell=at,
            value=ScoreValue((changed or {}).get(number, own.points)),
            base_version=before.version if before else 0,
            token=f"appraised:{area}:{number}",
        )
    take_step(
        actor=office,
        area_id=cell(database, area, 1).area_id,
        round_id=cell(database, area, 1).round_id,
        step=Step.appraise,
        base_version=assessment(database, area).version,
        paper=StepPaper("140/BC-NVLĐTBXH", date(2021, 11, 4)),
    )


def open_commune(database: Database, open_page: OpenPage, area: str, **query: Any) -> AppTest:
    return open_page("tonghop", "scoring", commune=str(area_id(database, area)), **query)


def test_the_appraisal_is_not_finished_before_every_criterion_has_points(
    demonstration: Database, open_page: OpenPage
) -> None:
    app = open_commune(demonstration, open_page, "phuoc-binh")
    at = step_key(demonstration, "phuoc-binh", Step.appraise, 3)
    take(app, at, number="140/BC", day=date(2021, 11, 4))
    assert "tiêu chí 7, 8, 9, 10, 11, 12, 13 chưa có điểm" in refused(app)
    assert assessment(demonstration, "phuoc-binh").state == "self_scored"
    for number in range(7, CRITERIA + 1):
        leave(app, key(cell(demonstration, "phuoc-binh", number, Side.appraised)), "50")
    take(app, at)
    assert not refused(app)
    found = assessment(demonstration, "phuoc-binh")
    assert (found.state, found.threshold) == ("appraised", 850)


def test_recognition_waits_until_all_conditions_are_met(demonstration: Database, open_page: OpenPage) -> None:
    appraised(demonstration, "thac-mo", {9: 0})
    app = open_commune(demonstration, open_page, "thac-mo")
    version = assessment(demonstration, "thac-mo").version
    at = step_key(demonstration, "thac-mo", Step.recognise, version)
    take(app, at, number="415/QĐ-UBND", day=date(2021, 11, 5))
    assert "chưa đạt đủ ba điều kiện công nhận" in refused(app)
    assert "0 điểm: 9" in everything(app)
    assert assessment(demonstration, "thac-mo").state == "appraised"


def test_what_meets_the_conditions_is_recognised_by_a_decision(
    demonstration: Database, open_page: OpenPage
) -> None:
    appraised(demonstration, "thac-mo")
    app = open_commune(demonstration, open_page, "thac-mo")
    version = assessment(demonstration, "thac-mo").version
    at = step_key(demonstration, "thac-mo", Step.recognise, version)
    take(app, at)
    assert "đề nghị ghi số, ký hiệu" in refused(app)
    take(app, at, number="415/QĐ-UBND", day=date(2021, 11, 5))
    assert not refused(app)
    assert assessment(demonstration, "thac-mo").state == "recognised"
    assert "415/QĐ-UBND (05/11/2021)" in everything(app)
    assert "Hủy kết quả đã ghi" in labels(app)


def test_a_refusal_needs_its_document_and_its_reason(demonstration: Database, open_page: OpenPage) -> None:
    appraised(demonstration, "thac-mo", {9: 0})
    app = open_commune(demonstration, open_page, "thac-mo")
    version = assessment(demonstration, "thac-mo").version
    at = step_key(demonstration, "thac-mo", Step.refuse, version)
    take(app, at, number="420/UBND-VX", day=date(2021, 11, 5))
    assert "đề nghị ghi lý do" in refused(app)
    assert app.text_input(key=f"{at}:number").value == "420/UBND-VX"
    take(app, at, note="Một tiêu chí 0 điểm")
    assert not refused(app)
    assert assessment(demonstration, "thac-mo").state == "refused"
    assert "Một tiêu chí 0 điểm" in everything(app)
    revoke = step_key(demonstration, "thac-mo", Step.revoke_decision, version + 1)
    take(app, revoke, note="Ghi nhầm")
    assert assessment(demonstration, "thac-mo").state == "appraised"


def test_a_step_that_somebody_else_took_meanwhile_is_said(
    demonstration: Database, open_page: OpenPage
) -> None:
    app = open_page("thacmo", "scoring")
    at = step_key(demonstration, "thac-mo", Step.take_back, 3)
    appraised(demonstration, "thac-mo")
    take(app, at, note="Bổ sung")
    assert "vừa được người khác chuyển sang bước “Đã thẩm định”" in everything(app)
    assert assessment(demonstration, "thac-mo").state == "appraised"


def test_a_score_left_after_the_scores_were_handed_in_is_refused_with_a_sentence(
    demonstration: Database, open_page: OpenPage
) -> None:
    at = cell(demonstration, "son-giang", 11)
    app = open_page("songiang", "scoring")
    office = actor(demonstration, "tonghop")
    for number in (11, 13):
        record_score(
            actor=office,
            cell=cell(demonstration, "son-giang", number),
            value=ScoreValue(50),
            base_version=0,
            token=f"late:{number}",
        )
    take_step(
        actor=office,
        area_id=at.area_id,
        round_id=at.round_id,
        step=Step.submit_scores,
        base_version=2,
        paper=StepPaper(),
    )
    leave(app, key(at), "60")
    assert "hồ sơ đang ở bước “Đã tự chấm”" in said(app)
    kept = stored(demonstration, at)
    assert kept is not None
    assert kept.points == 50


def test_another_class_brings_another_threshold(demonstration: Database, open_page: OpenPage) -> None:
    app = open_page("songiang", "scoring")
    assert app.metric[0].value == "580 / 850"
    at = area_id(demonstration, "son-giang")
    set_commune_class(
        actor=actor(demonstration, "quantri"), area_id=at, commune_class="remote", base_version=1
    )
    app.run()
    assert not app.exception
    assert app.metric[0].value == "580 / 800"
    assert "Tổng điểm từ 800 trở lên" in everything(app)
    assert "còn thiếu 220 điểm" in everything(app)


def test_the_appraised_threshold_stays_when_the_class_changes(
    demonstration: Database, open_page: OpenPage
) -> None:
    appraised(demonstration, "thac-mo")
    at = area_id(demonstration, "thac-mo")
    set_commune_class(
        actor=actor(demonstration, "quantri"), area_id=at, commune_class="remote", base_version=1
    )
    app = open_commune(demonstration, open_page, "thac-mo", side="appraised")
    assert app.metric[0].value == "882 / 850"


def test_the_dossier_is_offered_under_the_communes_name(open_page: OpenPage) -> None:
    app = open_page("songiang", "scoring")
    assert [each.label for each in app.download_button] == ["Tải hồ sơ (Word)"]
