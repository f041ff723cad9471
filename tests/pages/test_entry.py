"""The entry sheet: saved when left, refused with a sentence, never over a colleague's figure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from saving_lines import lines, refused, said
from sqlalchemy import func, select
from sqlmodel import col

from dashboard.actions.figures import Cell, Value, record_figure
from dashboard.clock import LOCAL
from dashboard.domain.permissions import Actor, Role
from db.tables import Account, Area, Figure, FigureEntry, Indicator, Period, Split

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from db.engine import Database

    OpenPage = Callable[..., AppTest]


def cell(database: Database, code: str, slug: str, area: str, part: str = "year") -> Cell:
    with database.read() as session:
        split = session.scalar(
            select(col(Split.id)).join(Indicator).where(col(Indicator.code) == code, col(Split.slug) == slug)
        )
        place = session.scalar(select(col(Area.id)).where(col(Area.slug) == area))
        period = session.scalar(
            select(col(Period.id)).where(col(Period.year) == 2021, col(Period.part) == part)
        )
    assert split
    assert place
    assert period
    return Cell(split, place, period)


@pytest.fixture
def cards(demonstration: Database) -> Cell:
    """Insurance cards of Long Giang, which has entered nothing for the year."""
    return cell(demonstration, "T2a", "all", "long-giang")


def field(at: Cell, name: str, generation: int = 0) -> str:
    return f"fld:{at.split_id}:{at.area_id}:{at.period_id}:{name}:{generation}"


def stored(database: Database, at: Cell) -> Figure | None:
    with database.read() as session:
        return session.scalar(
            select(Figure).where(
                col(Figure.split_id) == at.split_id,
                col(Figure.area_id) == at.area_id,
                col(Figure.period_id) == at.period_id,
            )
        )


def entries(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count(col(FigureEntry.id)))) or 0


def leave(app: AppTest, key: str, text: str) -> AppTest:
    app.text_input(key=key).set_value(text).run()
    assert not app.exception
    return app


def both(app: AppTest, cell_: Cell, numerator: str, denominator: str = "490") -> AppTest:
    """The lower number first: half a ratio is not stored."""
    leave(app, field(cell_, "denominator"), denominator)
    return leave(app, field(cell_, "numerator"), numerator)


def test_half_a_ratio_waits_in_its_field_for_the_other_number(
    demonstration: Database, open_page: OpenPage, cards: Cell
) -> None:
    before = entries(demonstration)
    app = open_page("longgiang", "entry")
    for name, other in (("numerator", "denominator"), ("denominator", "numerator")):
        leave(app, field(cards, other), "")
        leave(app, field(cards, name), "485")
        assert "Chưa lưu, còn thiếu: " in said(app)
        assert "đã lưu" not in said(app).split("\n")[1]
    theirs = Value("figure", 470, 490)
    record_figure(actor=colleague(demonstration), cell=cards, value=theirs, base_version=0, token="other")
    app.button(key="btn:reload").click().run()
    assert app.text_input(key=field(cards, "denominator")).value == "485"
    assert entries(demonstration) == before + 1


def test_both_numbers_are_saved_as_they_are_left(
    demonstration: Database, open_page: OpenPage, cards: Cell
) -> None:
    app = open_page("longgiang", "entry")
    leave(app, field(cards, "numerator"), "485")
    leave(app, field(cards, "denominator"), "490")
    kept = stored(demonstration, cards)
    assert kept is not None
    assert (kept.numerator, kept.denominator) == (485, 490)
    assert "đã lưu" in said(app)
    assert "485/490 (99,0%) trẻ em · Gần đạt" in said(app)


def test_a_point_groups_thousands_and_is_echoed(
    demonstration: Database, open_page: OpenPage, cards: Cell
) -> None:
    app = open_page("longgiang", "entry")
    both(app, cards, "1.234", "1.300")
    kept = stored(demonstration, cards)
    reason = "khác nhiều" in said(app)
    assert reason or (kept is not None and kept.numerator == 1234)
    assert "1.234" in said(app)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("12,5", "số nguyên"),
        ("-3", "số âm"),
        ("abc", "không phải là số"),
        ("12.5", "chưa rõ"),
        ("1,234", "chưa rõ"),
        ("9" * 30, "quá lớn"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence_and_stays_in_the_field(
    typed: str, sentence: str, demonstration: Database, open_page: OpenPage, cards: Cell
) -> None:
    before = entries(demonstration)
    app = open_page("longgiang", "entry")
    leave(app, field(cards, "numerator"), typed)
    assert sentence in said(app)
    assert "Chưa lưu" in said(app)
    assert app.text_input(key=field(cards, "numerator")).value == typed
    assert entries(demonstration) == before


def test_a_numerator_above_its_denominator_waits_until_they_agree(
    demonstration: Database, open_page: OpenPage, cards: Cell
) -> None:
    app = open_page("longgiang", "entry")
    leave(app, field(cards, "denominator"), "480")
    leave(app, field(cards, "numerator"), "485")
    upper, lower = (app.text_input(key=field(cards, name)).label for name in ("numerator", "denominator"))
    assert f"“{upper}” (485) lớn hơn “{lower}” (480)" in said(app)
    leave(app, field(cards, "denominator"), "490")
    kept = stored(demonstration, cards)
    assert kept is not None
    assert (kept.numerator, kept.denominator) == (485, 490)


def test_a_whole_of_nought_is_named_as_the_form_names_it(open_page: OpenPage, cards: Cell) -> None:
    app = open_page("longgiang", "entry")
    leave(app, field(cards, "numerator"), "0")
    leave(app, field(cards, "denominator"), "0")
    label = app.text_input(key=field(cards, "denominator")).label
    assert f"“{label}” bằng 0" in said(app)
    assert "ẫu số" not in said(app)


def test_emptying_a_field_erases_nothing(demonstration: Database, open_page: OpenPage, cards: Cell) -> None:
    app = open_page("longgiang", "entry")
    both(app, cards, "485")
    leave(app, field(cards, "numerator"), "")
    kept = stored(demonstration, cards)
    assert kept is not None
    assert kept.numerator == 485
    assert "Chưa có" in said(app)


@pytest.mark.parametrize("answer", ["nil", "not_applicable", "not_reported"])
def test_saying_that_there_is_no_figure_is_an_answer(
    answer: str, demonstration: Database, open_page: OpenPage, cards: Cell
) -> None:
    app = open_page("longgiang", "entry")
    app.selectbox(key=field(cards, "answer")).set_value(answer).run()
    kept = stored(demonstration, cards)
    assert kept is not None
    assert kept.answer == answer


@pytest.mark.parametrize("answer", ["nil", "not_applicable", "not_reported"])
def test_nothing_is_called_saved_while_a_figure_is_chosen_and_not_yet_typed(
    answer: str, demonstration: Database, open_page: OpenPage, cards: Cell
) -> None:
    """The line said “✓ đã lưu · Chưa có số liệu” beside a list that said “Có số liệu”."""
    app = open_page("longgiang", "entry")
    app.selectbox(key=field(cards, "answer")).set_value(answer).run()
    assert not refused(app)
    app.selectbox(key=field(cards, "answer")).set_value("figure").run()
    assert "Chưa lưu, còn thiếu: Số trẻ em dưới 6 tuổi có thẻ bảo hiểm y tế" in refused(app)
    app.selectbox(key=field(cards, "answer")).set_value(answer).run()
    assert not refused(app)
    kept = stored(demonstration, cards)
    assert kept is not None
    assert kept.answer == answer


def test_nothing_is_called_saved_while_neither_yes_nor_no_is_chosen(
    demonstration: Database, open_page: OpenPage
) -> None:
    plan = cell(demonstration, "T1", "all", "long-giang")
    app = open_page("longgiang", "entry")
    app.segmented_control(key=field(plan, "answer")).set_value("not_applicable").run()
    app.segmented_control(key=field(plan, "answer")).set_value(None).run()
    assert "Chưa lưu, còn thiếu" in refused(app)


def test_a_yes_or_no_is_one_click(demonstration: Database, open_page: OpenPage) -> None:
    plan = cell(demonstration, "T1", "all", "long-giang")
    app = open_page("longgiang", "entry")
    app.segmented_control(key=field(plan, "answer")).set_value("yes").run()
    kept = stored(demonstration, plan)
    assert kept is not None
    assert (kept.numerator, kept.denominator) == (1, 1)


def colleague(database: Database) -> Actor:
    with database.read() as session:
        account = session.scalar(select(Account).where(col(Account.login) == "tonghop"))
    assert account is not None
    return Actor(account.id or 0, "tonghop", account.name, Role.town_officer)


def test_two_officers_on_one_cell_see_both_values_and_choose(
    demonstration: Database, open_page: OpenPage, cards: Cell
) -> None:
    app = open_page("longgiang", "entry")
    theirs = Value("figure", 470, 490)
    record_figure(actor=colleague(demonstration), cell=cards, value=theirs, base_version=0, token="other")
    both(app, cards, "485")
    assert "Đề nghị chọn" in said(app)
    assert app.text_input(key=field(cards, "numerator")).value == "485"
    labels = [button.label for button in app.button]
    # A button on a telephone ends in dots: the number has to come before the name.
    assert any(label.startswith("Giữ 470/490") for label in labels)
    app.button(key=field(cards, "btn-theirs")).click().run()
    kept = stored(demonstration, cards)
    assert kept is not None
    assert kept.numerator == 470
    assert app.text_input(key=field(cards, "numerator", 1)).value == "470"


def test_the_second_officer_may_put_the_own_figure_over_a_seen_one(
    demonstration: Database, open_page: OpenPage, cards: Cell
) -> None:
    app = open_page("longgiang", "entry")
    theirs = Value("figure", 470, 490)
    record_figure(actor=colleague(demonstration), cell=cards, value=theirs, base_version=0, token="other")
    leave(app, field(cards, "denominator"), "488")
    leave(app, field(cards, "numerator"), "485")
    app.button(key=field(cards, "btn-mine")).click().run()
    kept = stored(demonstration, cards)
    assert kept is not None
    assert (kept.numerator, kept.denominator, kept.version) == (485, 488, 2)


def test_the_same_text_left_twice_is_saved_once(
    demonstration: Database, open_page: OpenPage, cards: Cell
) -> None:
    before = entries(demonstration)
    app = open_page("longgiang", "entry")
    both(app, cards, "485")
    leave(app, field(cards, "numerator"), "485 ")
    leave(app, field(cards, "numerator"), "485")
    assert entries(demonstration) == before + 1


def test_an_agency_sees_one_indicator_for_all_communes(open_page: OpenPage) -> None:
    app = open_page("giaoduc", "entry")
    communes = {caption.value.split(" · ")[0] for caption in app.caption if "đơn vị" in caption.value}
    assert len(communes) == 7


def test_moments_are_shown_in_local_time(demonstration: Database, open_page: OpenPage, cards: Cell) -> None:
    saved = record_figure(
        actor=colleague(demonstration), cell=cards, value=Value("figure", 470, 490), base_version=0, token="x"
    )
    app = open_page("longgiang", "entry")
    assert f"{saved.at.astimezone(LOCAL):%H:%M} 05/11/2021" in said(app)


def test_a_choice_is_in_the_address_as_a_code_not_as_a_word(open_page: OpenPage) -> None:
    app = open_page("longgiang", "entry")
    app.segmented_control(key="address:period").set_value("half").run()
    assert app.query_params["period"] in ("half", ["half"])
    assert "6 tháng đầu năm 2021" in app.title[0].value


def test_a_jump_asks_why_and_is_saved_with_the_answer(
    demonstration: Database, open_page: OpenPage, cards: Cell
) -> None:
    app = open_page("longgiang", "entry")
    both(app, cards, "1.234", "1.300")
    assert "khác nhiều so với cùng kỳ năm trước" in said(app)
    assert stored(demonstration, cards) is None
    leave(app, field(cards, "reason"), "sáp nhập địa bàn")
    kept = stored(demonstration, cards)
    assert kept is not None
    assert kept.numerator == 1234
    assert "refused" not in {line["state"] for line in lines(app).values()}


def test_newer_figures_are_shown_when_asked_for_and_only_then(
    demonstration: Database, open_page: OpenPage, cards: Cell
) -> None:
    app = open_page("longgiang", "entry")
    theirs = Value("figure", 470, 490)
    record_figure(actor=colleague(demonstration), cell=cards, value=theirs, base_version=0, token="other")
    assert app.text_input(key=field(cards, "numerator")).value == ""
    app.button(key="btn:reload").click().run()
    assert app.text_input(key=field(cards, "numerator", 1)).value == "470"


def test_what_waits_in_a_field_outlives_a_reload_of_the_figures(
    demonstration: Database, open_page: OpenPage, cards: Cell
) -> None:
    app = open_page("longgiang", "entry")
    leave(app, field(cards, "numerator"), "abc")
    theirs = Value("figure", 470, 490)
    record_figure(actor=colleague(demonstration), cell=cards, value=theirs, base_version=0, token="other")
    app.button(key="btn:reload").click().run()
    assert app.text_input(key=field(cards, "numerator")).value == "abc"


def test_what_is_not_confirmed_says_so_beside_its_name(open_page: OpenPage) -> None:
    app = open_page("longgiang", "entry")
    unconfirmed = [caption.value for caption in app.caption if "cần đối chiếu" in caption.value]
    assert len(unconfirmed) > 3


def test_a_page_counts_the_answered_lines_once_and_the_same(open_page: Callable[..., AppTest]) -> None:
    """Half a ratio, stored by an earlier version, is no answer, whichever of the two numbers one reads."""
    app = open_page("longthuy", "entry")
    texts = [element.value for element in (*app.markdown, *app.caption)]
    entered = {found[1] for text in texts if (found := re.match(r"Đã nhập (\d+/\d+) dòng", text))}
    answered = {found[1] for text in texts if (found := re.match(r"(\d+/\d+) dòng chỉ tiêu", text))}
    assert entered == answered == {"6/18"}
