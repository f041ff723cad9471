"""Dates as people write them: each of them one day or a refusal, never another day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.dates import DateProblem, DateRefused, parse_date, possible_years

TODAY = date(2021, 11, 5)
FIFTH = date(2021, 1, 5)
DAYS = st.dates(date(2000, 1, 1), date(2031, 12, 31))


def refusal(text: str) -> DateRefused:
    with pytest.raises(DateRefused) as caught:
        parse_date(text, today=TODAY)
    assert caught.value.text == text
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "5/1/2021", "05/01/2021", "5-1-2021", "05-01-2021", "5.1.2021", "05.01.2021", "5/1/21", "05/01/21", "5 1 2021",
        " 5 / 1 / 2021 ", "5/01/2021", "05/1/2021", "5-1/2021", "5,1,2021", "5–1–2021", "5.1.2021.", "2021-01-05",
        "2021/1/5", "2021.01.05", "05012021", "20210105", "ngày 5 tháng 1 năm 2021", "5 tháng 1 năm 2021",
        "5 tháng 1 2021", "ngày 05/01/2021", "Ngày 5 tháng 01, năm 2021", "5 tháng 1/2021", "NGÀY 5 THÁNG 1 NĂM 2021",
        "nga\u0300y 5 tha\u0301ng 1 na\u0306m 2021", "５/１/２０２１", "\u00a05/1/2021\u00a0", "5\u00a0/\u00a01\u00a0/\u00a02021",
        "\u202a5/1/2021\u202c", "\ufeff05/01/2021", "5\u200b/1/2021", "5∕1∕2021", "thứ Ba, 5/1/2021",
        "thứ ba ngày 5 tháng 1 năm 2021", "ngày 05/01/2021 (thứ Ba)", "Thứ 3, 5/1/2021", "5 Jan 2021", "5 January 2021",
        "Jan 5, 2021", "Tuesday, 5 Jan 2021", "5 Jan 2021 (Tuesday)",
    ],
)  # fmt: skip
def test_the_fifth_of_january_however_it_is_written(text: str) -> None:
    assert parse_date(text, today=TODAY) == FIFTH


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", DateProblem.empty), ("  ", DateProblem.empty), ("\u200b", DateProblem.empty), ("ngày", DateProblem.not_a_date),
        ("31/2/2021", DateProblem.no_such_day), ("29/2/2021", DateProblem.no_such_day),
        ("31/4/2021", DateProblem.no_such_day), ("32/1/2021", DateProblem.no_such_day),
        ("0/1/2021", DateProblem.no_such_day), ("2021-02-30", DateProblem.no_such_day),
        ("ngày 31 tháng 6 năm 2021", DateProblem.no_such_day), ("30 Feb 2021", DateProblem.no_such_day),
        ("5/0/2021", DateProblem.no_such_month), ("40/13/2021", DateProblem.no_such_month),
        ("1/13/2021", DateProblem.month_first), ("12/25/2021", DateProblem.month_first),
        ("5/1", DateProblem.year_missing), ("5 tháng 1", DateProblem.year_missing), ("5-1", DateProblem.year_missing),
        ("5 Jan", DateProblem.year_missing), ("5/1/1850", DateProblem.year_impossible),
        ("5/1/2121", DateProblem.year_impossible), ("5/1/0021", DateProblem.year_impossible),
        ("5/1/1999", DateProblem.year_impossible), ("5/1/99", DateProblem.year_impossible),
        ("01-01-0001", DateProblem.year_impossible),
        ("abc", DateProblem.not_a_date), ("5", DateProblem.not_a_date), ("2021", DateProblem.not_a_date),
        ("5/1/202", DateProblem.not_a_date), ("5/1/20211", DateProblem.not_a_date), ("5/1/5", DateProblem.not_a_date),
        ("5//1/2021", DateProblem.not_a_date), ("-5/1/2021", DateProblem.not_a_date), ("5/1/2021 10:30", DateProblem.not_a_date),
        ("5/1/2021, 6/1/2021", DateProblem.not_a_date), ("050121", DateProblem.not_a_date), ("44201", DateProblem.not_a_date),
        ("5²/1/2021", DateProblem.not_a_date), ("٥/١/٢٠٢١", DateProblem.not_a_date), ("5\t1\n", DateProblem.year_missing),
        ("tháng 1 năm 2021", DateProblem.not_a_date), ("99999999", DateProblem.not_a_date),
        ("thứ Hai, 5/1/2021", DateProblem.other_weekday), ("5/1/2021 (chủ nhật)", DateProblem.other_weekday),
        ("mùng 5 tháng giêng", DateProblem.not_a_date), ("hôm nay", DateProblem.not_a_date),
        ("1" * 5000, DateProblem.not_a_date),
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused_by_its_own_name(text: str, problem: DateProblem) -> None:
    assert refusal(text).problem is problem


def test_a_month_before_its_day_is_refused_with_the_day_it_means() -> None:
    assert refusal("12/25/2021").reading == (date(2021, 12, 25),)


def test_eight_digits_are_never_two_days() -> None:
    """What domain.dates leans on, for all the years that it takes."""
    first, last = possible_years(TODAY)
    days = [date(first, 1, 1) + timedelta(days=n) for n in range((last - first + 1) * 365)]
    assert not {f"{day:%d%m%Y}" for day in days} & {f"{day:%Y%m%d}" for day in days}


@given(
    DAYS, st.sampled_from(["{d}/{m}/{y}", "{d:02}/{m:02}/{y}", "{d}-{m}-{y}", "{d}.{m}.{y}", "{d} {m} {y}"])
)
def test_every_day_is_read_as_itself(day: date, form: str) -> None:
    text = form.format(d=day.day, m=day.month, y=day.year)
    assert parse_date(text, today=TODAY) == day


@given(DAYS)
def test_every_day_is_read_in_its_other_writings(day: date) -> None:
    first, last = possible_years(TODAY)
    for text in (
        day.isoformat(),
        f"ngày {day.day} tháng {day.month} năm {day.year}",
        f"{day.day}/{day.month}/{day:%y}",
        f"{day.day} {day:%b} {day.year}",
    ):
        if first <= day.year <= last:
            assert parse_date(text, today=TODAY) == day


@given(st.text(max_size=20) | st.text(alphabet="0123456789/-. thángnăm", max_size=16))
def test_anything_else_is_a_day_in_sight_or_a_refusal(text: str) -> None:
    try:
        found = parse_date(text, today=TODAY)
    except DateRefused:
        return
    first, last = possible_years(TODAY)
    assert first <= found.year <= last
    # A day that was understood has its own digits in what was typed.
    assert str(found.day) in text or f"{found.day:02}" in text or not text.isascii()


@given(DAYS, st.integers(1, 6))
def test_a_wrong_day_of_the_week_is_never_passed_over(day: date, off: int) -> None:
    names = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "chủ nhật")
    wrong = names[(day + timedelta(days=off)).weekday()]
    with pytest.raises(DateRefused):
        parse_date(f"{wrong}, {day:%d/%m/%Y}", today=TODAY)
