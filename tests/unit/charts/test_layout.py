"""What the charts share: breaking of names and numbers by language."""

from __future__ import annotations

import pytest

from dashboard.charts.layout import initials, locale_config, lookup, wrap_label


def test_a_short_name_stays_on_one_line() -> None:
    assert wrap_label("Khai sinh", 20) == "Khai sinh"


def test_a_long_name_is_broken_into_two_even_lines_and_keeps_every_word() -> None:
    name = "Học sinh biết kỹ năng phòng, chống TNTT, bạo lực, xâm hại"
    first, second = wrap_label(name, 26).split("\n")
    assert f"{first} {second}" == name
    assert abs(len(first) - len(second)) < 8


def test_a_break_that_is_already_there_stays() -> None:
    assert wrap_label("Thị xã\nPhước Long", 3) == "Thị xã\nPhước Long"


@pytest.mark.parametrize("name", ["", "Một", "Không-có-khoảng-trắng-nào-ở-đây"])
def test_a_name_that_cannot_be_broken_stays(name: str) -> None:
    assert wrap_label(name, 5) == name


def test_initials_stand_for_a_name_on_a_phone() -> None:
    assert initials("Phước Bình") == "PB"


def test_labels_are_found_by_thousandths_so_that_the_language_of_numbers_is_no_matter() -> None:
    assert (
        lookup({9.959999999999999: "Diễn\nbiến"}) == '({"9960": ["Diễn", "biến"]})[round(datum.value * 1000)]'
    )


@pytest.mark.parametrize(("language", "decimal", "thousands"), [("vi", ",", "."), ("en", ".", ",")])
def test_numbers_on_axes_follow_the_language(language: str, decimal: str, thousands: str) -> None:
    number = locale_config(language)["locale"]["number"]
    assert (number["decimal"], number["thousands"]) == (decimal, thousands)
