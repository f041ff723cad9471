"""Positions from whatever map programs, devices and papers write, held against the commune."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.numbers import NumberProblem, NumberRefused
from dashboard.domain.positions import (
    FARTHEST_KM,
    NEAREST_KM,
    Commune,
    check_near,
    distance_km,
    read_position,
)

HERE = (11.818412, 106.994876)
SON_GIANG = Commune("Sơn Giang", 11.8243, 106.9939, 16.9)


def refusal(latitude: str, longitude: str = "") -> NumberProblem:
    with pytest.raises(NumberRefused) as caught:
        read_position(latitude, longitude)
    return caught.value.problem


@pytest.mark.parametrize(
    "text",
    [
        "11.818412, 106.994876", "11.818412,106.994876", "11.818412; 106.994876", "11.818412 106.994876",
        "11.818412\t106.994876", "11.818412\n106.994876", "(11.818412, 106.994876)", "[11.818412, 106.994876]",
        "11,818412; 106,994876", "11,818412 106,994876", "11,818412, 106,994876", "11,818412,106,994876",
        "11.818412/106.994876", "11.818412 | 106.994876", " 11.818412 ,106.994876 ", "\u202a11.818412, 106.994876\u202c",
        "11.818412\u00a0,\u00a0106.994876", "１１.818412, 106.994876", "+11.818412, +106.994876",
        "11.818412° 106.994876°", "11.818412°, 106.994876°", "11.818412°N, 106.994876°E", "11.818412N 106.994876E",
        "N 11.818412 E 106.994876", "N11.818412, E106.994876", "E 106.994876, N 11.818412", "106.994876E, 11.818412N",
        "11,818412 Bắc, 106,994876 Đông", "11,818412° vĩ Bắc; 106,994876° kinh Đông", "11,818412 độ Bắc, 106,994876 độ Đông",
        "11.818412 B, 106.994876 Đ", "Vĩ độ: 11.818412, Kinh độ: 106.994876", "kinh độ 106,994876; vĩ độ 11,818412",
        "lat: 11.818412, lng: 106.994876", "lat=11.818412 lon=106.994876", "Latitude 11.818412 Longitude 106.994876",
        "Tọa độ: 11.818412, 106.994876", "GPS 11.818412, 106.994876",
        "https://www.google.com/maps/@11.818412,106.994876,17z", "https://maps.google.com/?q=11.818412,106.994876",
        "https://www.google.com/maps?q=11.818412%2C106.994876&z=17", "https://maps.google.com/maps?ll=11.818412,106.994876",
        "https://www.google.com/maps/search/?api=1&query=11.818412,106.994876",
        "https://www.google.com/maps/search/11.818412,+106.994876?sa=X",
        "https://www.google.com/maps/place/11.818412,106.994876/@11.9,106.9,17z",
        "https://www.google.com/maps/place/UBND/@11.9,106.9,17z/data=!3m1!4b1!4m5!3m4!1s0x0:0x0!8m2!3d11.818412!4d106.994876",
        "https://www.openstreetmap.org/?mlat=11.818412&mlon=106.994876#map=17/11.9/106.9",
        "https://www.openstreetmap.org/#map=17/11.818412/106.994876", "https://maps.apple.com/?ll=11.818412,106.994876&q=x",
        "geo:11.818412,106.994876", "geo:11.818412,106.994876?z=17", "geo:11.818412,106.994876;u=35",
    ],
)  # fmt: skip
def test_a_pair_is_read_whole_from_either_field(text: str) -> None:
    assert read_position(text, "") == HERE
    assert read_position("", text) == HERE
    assert read_position(text, text) == HERE


@pytest.mark.parametrize(
    "text",
    [
        "11°49'06.3\"N 106°59'41.6\"E", "11°49′06.3″N, 106°59′41.6″E", "11° 49' 06,3\" B; 106° 59' 41,6\" Đ",
        "11º49'06.3''N 106º59'41.6''E", "N 11°49'06.3\" E 106°59'41.6\"", "11 49 06.3 N 106 59 41.6 E",
        "11°49’06.3”N 106°59’41.6”E", "11°49'06.3\" Bắc, 106°59'41.6\" Đông", "11° 49.105' N, 106° 59.693' E",
        "11°49'6.3\" 106°59'41.6\"",
    ],
)  # fmt: skip
def test_degrees_minutes_and_seconds_are_reckoned(text: str) -> None:
    latitude, longitude = read_position(text, "")
    assert latitude == pytest.approx(11.818417, abs=2e-6)
    assert longitude == pytest.approx(106.994889, abs=6e-6)


@pytest.mark.parametrize(
    ("latitude", "longitude", "position"),
    [
        ("11.818412", "106.994876", HERE), ("11,818412", "106,994876", HERE), ("11", "107", (11.0, 107.0)),
        ("11,106", "", (11.106, None)), ("", "106.99", (None, 106.99)), ("", "", (None, None)), ("\u200b", " ", (None, None)),
        ("-11.5", "−106.5", (-11.5, -106.5)), ("11.5 S", "106.5 W", (-11.5, -106.5)), ("11.5 Nam", "106.5 Tây", (-11.5, -106.5)),
        ("11.818412, 106.994876", "106.994876", HERE), ("106.994876 E", "11.818412 N", HERE),
        ("11°49'06.3\"N", "106°59'41.6\"E", (11.81841667, 106.99488889)),
    ],
)  # fmt: skip
def test_each_field_may_hold_its_own(
    latitude: str, longitude: str, position: tuple[float | None, float | None]
) -> None:
    assert read_position(latitude, longitude) == (
        pytest.approx(position[0], abs=1e-6),
        pytest.approx(position[1], abs=1e-6),
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("abc", NumberProblem.not_a_position), ("1,2,3", NumberProblem.not_a_position), ("11,8,107", NumberProblem.not_a_position), ("11.8.4", NumberProblem.not_a_position),
        ("11°70'06\"N", NumberProblem.not_a_position), ("11°49'75\"N", NumberProblem.not_a_position),
        ("11.5°49'N", NumberProblem.not_a_position), ("N", NumberProblem.not_a_position), ("11.8²", NumberProblem.not_a_position),
        ("-11.8 N", NumberProblem.not_a_position), ("11.8 N 12.8 N", NumberProblem.not_a_position),
        ("1234.5, 106", NumberProblem.not_a_position), ("٣", NumberProblem.not_a_position), ("1e5", NumberProblem.not_a_position),
        ("lat 11 E", NumberProblem.not_a_position), ("11.8, 106.9, 5", NumberProblem.not_a_position),
        ("7P5GRX6V+9X", NumberProblem.not_a_position), ("1" * 10_000, NumberProblem.not_a_position),
        ("https://maps.app.goo.gl/abc", NumberProblem.link_without_position), ("goo.gl/maps/x", NumberProblem.link_without_position),
        ("https://vi.du/", NumberProblem.link_without_position),
    ],
)  # fmt: skip
def test_what_is_no_position_is_refused(text: str, problem: NumberProblem) -> None:
    assert refusal(text) is problem


def test_two_positions_are_not_chosen_between() -> None:
    assert refusal("11.8, 106.9", "107.5") is NumberProblem.two_positions


@given(
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.sampled_from(["{}, {}", "{} {}", "{};{}", "({},{})", "geo:{},{}"]),
)
def test_every_pair_of_degrees_comes_back(latitude: float, longitude: float, form: str) -> None:
    text = form.format(f"{latitude:.6f}", f"{longitude:.6f}")
    assert read_position(text, "") == (round(latitude, 6) + 0.0, round(longitude, 6) + 0.0)


@given(st.text(max_size=30) | st.text(alphabet="0123456789.,;°'\"NEBĐ -/@", max_size=24))
def test_anything_at_all_is_a_position_or_a_refusal(text: str) -> None:
    try:
        found = read_position(text, "")
    except NumberRefused:
        return
    assert all(value is None or isinstance(value, float) for value in found)


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [
        (11.818412, 106.994876, ""), (1.818412, 106.994876, "position_far"), (11.818412, 6.994876, "position_far"),
        (11.18412, 106.994876, "position_far"), (11.818412, 10.6994876, "position_far"), (12.818412, 106.994876, "position_far"),
        (-11.818412, 106.994876, "position_far"), (0.0, 0.0, "position_far"), (106.994876, 11.818412, "position_swapped"),
        (21.0278, 105.8342, "position_far"),
    ],
)  # fmt: skip
def test_a_position_that_no_commune_reaches_is_refused_with_the_commune_s_name(
    latitude: float, longitude: float, code: str
) -> None:
    problems = check_near(latitude, longitude, SON_GIANG)
    assert [problem.code for problem in problems] == ([code] if code else [])
    assert all(problem.params["commune"] == "Sơn Giang" for problem in problems)


def test_a_commune_reaches_as_far_as_its_size_lets_it() -> None:
    assert Commune("x", 0, 0, 4).reach_km == NEAREST_KM
    assert Commune("x", 0, 0, 25).reach_km == 30
    assert Commune("x", 0, 0, 1100).reach_km == FARTHEST_KM
    assert Commune("x", 0, 0, None).reach_km == FARTHEST_KM


def test_without_a_middle_nothing_is_asked() -> None:
    assert check_near(1.0, 2.0, Commune("x", None, None, None)) == ()
    assert check_near(None, None, SON_GIANG) == ()


def test_a_degree_of_latitude_is_111_km() -> None:
    assert distance_km((11.0, 107.0), (12.0, 107.0)) == pytest.approx(111.2, abs=0.1)
