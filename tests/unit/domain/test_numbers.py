"""Reading and writing numbers: what could mean two things is refused, what is printed is never too good."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.numbers import (
    LARGEST,
    NumberProblem,
    NumberRefused,
    format_date,
    format_moment,
    format_money,
    format_number,
    format_share,
    parse_figure,
)

MILLION = 1_000_000
FIGURES = st.integers(min_value=0, max_value=LARGEST)
WRITING = st.text(alphabet="0123456789., -²\t\u00a0a", max_size=12)


def refusal(text: str, *, scale: int = 1) -> NumberRefused:
    with pytest.raises(NumberRefused) as caught:
        parse_figure(text, scale=scale)
    return caught.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("007", 7),
        (" 42 ", 42),
        ("1.234", 1234),
        ("1.234.567", 1_234_567),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("1\u202f234", 1234),
        ("1\u2009234", 1234),
        ("1２3", 123),  # a full-width digit, as some keyboards write it
        ("1.234,000", 1234),
        ("\u202a1234\u202c", 1234),  # as copied out of a table of another program
        ("\ufeff1.234\u200b", 1234),
        ("1\u200b.\u2060234", 1234),
        ("12\u00ad34", 1234),
        ("\u2066１.２３４\u2069\u200e", 1234),
        ("1000000000000", LARGEST),
    ],
)
def test_a_whole_number_in_vietnamese_writing_is_read(text: str, value: int) -> None:
    assert parse_figure(text) == value


@pytest.mark.parametrize(
    ("text", "dong"),
    [
        ("12,5", 12_500_000),
        ("1.234,5", 1_234_500_000),
        ("1,50", 1_500_000),
        ("0,123", 123_000),
        ("0,000001", 1),
        ("1234,567", 1_234_567_000),
        ("1.234", 1_234_000_000),
    ],
)
def test_money_in_millions_is_stored_to_the_dong(text: str, dong: int) -> None:
    assert parse_figure(text, scale=MILLION) == dong


@pytest.mark.parametrize(
    ("text", "scale", "problem"),
    [
        ("", 1, NumberProblem.empty),
        ("  \u00a0 ", 1, NumberProblem.empty),
        ("abc", 1, NumberProblem.not_a_number),
        ("12 em", 1, NumberProblem.not_a_number),
        ("15.05.2021", 1, NumberProblem.not_a_number),
        ("1..234", 1, NumberProblem.not_a_number),
        ("12,", 1, NumberProblem.not_a_number),
        ("-3", 1, NumberProblem.negative),
        ("−1 234", 1, NumberProblem.negative),  # the typographic minus of a word processor
        ("1,5", 1, NumberProblem.not_whole),
        ("1.234,5", 1, NumberProblem.not_whole),
        ("0,0000001", MILLION, NumberProblem.too_many_decimals),
        ("1000000000001", 1, NumberProblem.too_large),
        ("1000001", MILLION, NumberProblem.too_large),
        ("9" * 5000, 1, NumberProblem.too_large),
        ("0," + "9" * 5000, MILLION, NumberProblem.too_many_decimals),
    ],
)
def test_what_is_no_figure_is_refused_with_its_reason(text: str, scale: int, problem: NumberProblem) -> None:
    assert refusal(text, scale=scale).problem is problem


@pytest.mark.parametrize(
    ("text", "scale", "reading"),
    [
        ("12.5", 1, ("12,5", "125")),
        ("1.23", 1, ("1,23", "123")),
        ("12.5", MILLION, ("12,5", "125")),
        ("0.123", 1, ("0,123", "123")),
        ("1.2345", 1, ("1,2345", "12345")),
        ("1,234", 1, ("1,234", "1.234")),
        ("1,234", MILLION, ("1,234", "1.234")),
        ("12,000", 1, ("12,000", "12.000")),
        ("1,234,567", 1, ("1234567",)),
        ("1,234.5", MILLION, ("1234,5",)),
    ],
)
def test_what_could_mean_two_things_is_refused_with_both(text: str, scale: int, reading: tuple[str]) -> None:
    refused = refusal(text, scale=scale)
    assert (refused.problem, refused.reading) == (NumberProblem.ambiguous, reading)


@pytest.mark.parametrize("text", ["12²", "1.234¹", "3½", "①2"])
def test_the_mark_of_a_footnote_never_becomes_a_digit(text: str) -> None:
    assert refusal(text).problem is NumberProblem.not_a_number


def test_two_cells_pasted_from_a_sheet_are_not_one_number() -> None:
    assert refusal("1\t234").problem is NumberProblem.not_a_number


@given(FIGURES)
def test_a_figure_read_back_is_the_figure_that_was_shown(figure: int) -> None:
    assert parse_figure(format_number(figure, language="vi")) == figure


@given(FIGURES)
def test_money_read_back_in_millions_is_the_money_that_was_shown_or_refused(dong: int) -> None:
    shown = format_money(dong, language="vi", scale=MILLION)
    try:
        assert parse_figure(shown, scale=MILLION) == dong
    except NumberRefused as refused:
        assert (refused.problem, refused.reading[0]) == (NumberProblem.ambiguous, shown)  # noqa: PT017


@given(WRITING, st.sampled_from([1, 1000, MILLION]))
def test_any_writing_is_read_within_bounds_or_refused(text: str, scale: int) -> None:
    try:
        figure = parse_figure(text, scale=scale)
    except NumberRefused as refused:
        assert refused.text == text  # noqa: PT017
        assert (refused.problem is NumberProblem.ambiguous) == bool(refused.reading)  # noqa: PT017
    else:
        assert 0 <= figure <= LARGEST


@given(st.integers(min_value=0, max_value=999), st.integers(min_value=0, max_value=99))
def test_an_english_decimal_point_is_never_read_as_a_larger_number(whole: int, hundredths: int) -> None:
    assert refusal(f"{whole}.{hundredths:02}").problem is NumberProblem.ambiguous


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (1234.5, 1, "1.234,5", "1,234.5"),
        (1234, 0, "1.234", "1,234"),
        (0.25, 1, "0,3", "0.3"),
        (2.5, 0, "3", "3"),
        (-1234, 0, "-1.234", "-1,234"),
        (-0.04, 1, "0,0", "0.0"),
    ],
)
def test_numbers_follow_the_language(value: float, decimals: int, vi: str, en: str) -> None:
    assert format_number(value, language="vi", decimals=decimals) == vi
    assert format_number(value, language="en", decimals=decimals) == en


@pytest.mark.parametrize(
    ("numerator", "denominator", "target_bp", "shown"),
    [
        (6, 7, 10_000, "85,7%"),
        (1, 8, None, "12,5%"),
        (0, 7, 10_000, "0,0%"),
        (7, 7, 10_000, "100,0%"),
        (9996, 10_000, 10_000, "<100%"),
        (9996, 10_000, None, "<100%"),
        (89_999, 100_000, 9000, "<90%"),
        (99_949, 100_000, 9995, "99,9%"),
        (9994, 10_000, 9995, "99,9%"),
        (1, 100_000, 10_000, "<0,1%"),
        (11, 10, 10_000, "110,0%"),
        (0, 0, 10_000, "–"),  # a dash, not a minus
    ],
)
def test_a_share_prints_with_one_decimal(
    numerator: int, denominator: int, target_bp: int | None, shown: str
) -> None:
    assert format_share(numerator, denominator, language="vi", target_bp=target_bp) == shown


def test_a_share_follows_the_language() -> None:
    assert format_share(6, 7, language="en") == "85.7%"
    assert format_share(1, 100_000, language="en") == "<0.1%"


@given(
    st.integers(min_value=0, max_value=10**8),
    st.integers(min_value=1, max_value=10**8),
    st.integers(min_value=1, max_value=10_000),
)
def test_a_share_below_its_target_never_prints_as_reached(numerator: int, whole: int, target: int) -> None:
    shown = format_share(numerator, whole, language="en", target_bp=target)
    if numerator * 10_000 < target * whole:
        assert shown.startswith("<") or round(float(shown.rstrip("%")) * 100) < target


@given(st.integers(min_value=0, max_value=10**8), st.integers(min_value=1, max_value=10**8))
def test_a_share_prints_as_nothing_or_as_all_only_where_it_is(numerator: int, denominator: int) -> None:
    shown = format_share(numerator, denominator, language="vi")
    assert (shown == "0,0%") == (numerator == 0)
    assert shown != "100,0%" or numerator >= denominator


@given(st.integers(min_value=1, max_value=10**8), st.data())
def test_a_printed_share_is_within_half_a_tenth(denominator: int, data: st.DataObject) -> None:
    numerator = data.draw(st.integers(min_value=0, max_value=denominator))
    shown = format_share(numerator, denominator, language="en")
    if not shown.startswith("<"):
        tenths = round(float(shown.rstrip("%")) * 10)
        assert abs(2000 * numerator - 2 * tenths * denominator) <= denominator


@pytest.mark.parametrize(
    ("dong", "shown"), [(12_500_000, "12,5"), (1_234_000_000, "1.234"), (0, "0"), (1, "0,000001")]
)
def test_money_shows_as_many_decimals_as_it_needs(dong: int, shown: str) -> None:
    assert format_money(dong, language="vi", scale=MILLION) == shown


def test_dates_and_moments_follow_the_language() -> None:
    moment = datetime(2021, 11, 5, 9, 42, tzinfo=UTC)
    assert format_date(date(2021, 5, 15), "vi") == "15/05/2021"
    assert format_date(date(2021, 5, 15), "en") == "15 May 2021"
    assert format_moment(moment, "vi") == "09:42 05/11/2021"
    assert format_moment(moment, "en") == "09:42 5 Nov 2021"
