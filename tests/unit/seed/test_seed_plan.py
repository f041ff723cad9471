"""The plan's facts, held against the document: a slip of the hand here would mislead a whole town."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from seed.catalogue import read_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

    from seed.catalogue import IndicatorSeed

CATALOGUE = read_catalogue()
MEASURED = {each.code: each for each in CATALOGUE.indicators if each.grouping == "target"}
COMMUNES = [area for area in CATALOGUE.areas if area.kind == "commune"]


def every_text(entry: BaseModel) -> Iterator[tuple[str, str]]:
    for name, value in entry:
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, tuple):
            for below in value:
                yield from every_text(below)


def all_entries() -> list[BaseModel]:
    return [*CATALOGUE.areas, *CATALOGUE.agencies, CATALOGUE.plan, *CATALOGUE.periods, *CATALOGUE.indicators]


def test_the_seven_communes_stand_in_the_plans_order_with_their_codes_of_2021() -> None:
    assert [(area.code, area.full_name_vi) for area in COMMUNES] == [
        ("25216", "Phường Thác Mơ"),
        ("25217", "Phường Long Thủy"),
        ("25219", "Phường Phước Bình"),
        ("25220", "Phường Long Phước"),
        ("25237", "Phường Sơn Giang"),
        ("25245", "Xã Long Giang"),
        ("25249", "Xã Phước Tín"),
    ]


def test_the_areas_of_the_communes_add_up_to_the_towns_but_for_rounding() -> None:
    town = next(area for area in CATALOGUE.areas if area.slug == "phuoc-long")
    assert town.area_km2 == 118.83
    assert sum(area.area_km2 or 0 for area in COMMUNES) == pytest.approx(118.83, abs=0.011)


def test_the_communes_begin_with_the_town_and_end_with_the_district_level() -> None:
    spans = {(area.valid_from, area.valid_to) for area in COMMUNES}
    assert spans == {(date(2009, 8, 11), date(2025, 7, 1))}


def test_every_commune_has_a_tile_of_its_own() -> None:
    assert len({(area.tile_row, area.tile_column) for area in COMMUNES}) == 7


def test_the_town_lies_in_its_province() -> None:
    parents = {area.code: (area.slug, area.parent) for area in CATALOGUE.areas if area.kind != "commune"}
    assert parents == {"70": ("binh-phuoc", None), "688": ("phuoc-long", "binh-phuoc")}


def test_ten_bodies_have_work_and_one_is_the_standing_office() -> None:
    assert [agency.clause for agency in CATALOGUE.agencies] == [f"V.{number}" for number in range(1, 11)]
    assert [agency.slug for agency in CATALOGUE.agencies if agency.is_standing] == ["noi-vu-ldtbxh"]


def test_the_plan_has_no_number_and_the_day_of_its_signature() -> None:
    assert CATALOGUE.plan.number is None
    assert CATALOGUE.plan.signed_on == date(2021, 4, 9)


def test_both_tiers_of_deadlines_are_those_of_section_six() -> None:
    deadlines = {
        (period.year, period.part): (period.communes_before, period.town_before)
        for period in CATALOGUE.periods
        if period.communes_before
    }
    assert deadlines == {
        (2021, "half"): (date(2021, 5, 15), date(2021, 5, 20)),
        (2021, "year"): (date(2021, 11, 10), date(2021, 11, 15)),
    }


def test_fourteen_indicators_measure_the_plans_objectives_in_its_order() -> None:
    assert " ".join(MEASURED) == "T1 T2a T2b T3 T4 T5 T6 T7 T8 T9 T10 T11a T11b T11c"
    assert {indicator.clause for indicator in MEASURED.values()} == {"II.2"}


def test_shares_of_communes_aim_at_all_of_them() -> None:
    shares = [each for each in MEASURED.values() if each.kind == "share_of_communes"]
    assert [each.code for each in shares] == ["T1", "T7", "T8"]
    assert {target_of(each) for each in shares} == {("share_of_communes", 10_000, 1_500)}


def test_ratios_aim_at_all_children_but_consultation_at_ninety_per_cent() -> None:
    ratios = {code: target_of(each) for code, each in MEASURED.items() if target_of(each)[0] == "at_least"}
    assert ratios.pop("T9") == ("at_least", 9_000, 500)
    assert list(ratios) == ["T2a", "T2b", "T3", "T4", "T5", "T6", "T10"]
    assert set(ratios.values()) == {("at_least", 10_000, 500)}


@pytest.mark.parametrize("code", ["T11a", "T11b", "T11c"])
def test_swimming_only_has_to_increase(code: str) -> None:
    assert target_of(MEASURED[code]) == ("increase", None, 0)


def target_of(indicator: IndicatorSeed) -> tuple[str, int | None, int]:
    assert indicator.target is not None
    return indicator.target.kind, indicator.target.value_bp, indicator.target.near_bp


def test_the_lines_of_an_indicator_are_those_the_plan_asks_for() -> None:
    lines = {
        code: (each.splits_rule, [split.slug for split in each.splits]) for code, each in MEASURED.items()
    }
    schools = ("parts", ["tieu-hoc", "thcs"])
    assert lines["T4"] == ("subsets", ["dtts", "khuyet-tat"])
    assert [lines[code] for code in ("T10", "T11a", "T11b", "T11c")] == [schools] * 4
    assert lines["T2a"] == ("none", [])


def test_play_areas_and_child_friendly_communes_come_from_their_registers_since_2021() -> None:
    derived = {
        each.code: (each.derived_from, each.derived_since)
        for each in CATALOGUE.indicators
        if each.derived_from
    }
    assert derived == {"T7": ("play_areas", 2021), "T8": ("child_friendly", 2021)}
    for code in derived:
        assert "Từ năm 2021" in MEASURED[code].definition_vi
        assert "From 2021 on" in MEASURED[code].definition_en


def test_the_vaccinated_stand_last_and_are_said_not_to_be_in_the_plan() -> None:
    """Databases in use have given the earlier places away, and a place belongs to one indicator."""
    last = CATALOGUE.indicators[-1]
    assert (last.code, last.lead, last.grouping, last.kind) == ("M15", "y-te", "monitoring", "ratio")
    assert "Không có trong Kế hoạch" in last.definition_vi
    assert "Not in the plan" in last.definition_en


def test_only_running_totals_and_lasting_answers_are_cumulative() -> None:
    cumulative = [code for code, each in MEASURED.items() if each.is_cumulative]
    assert cumulative == ["T1", "T2b", "T5", "T7", "T8", "T9"]


def test_the_leads_are_read_from_section_five_and_say_so() -> None:
    leads = {code: each.lead for code, each in MEASURED.items()}
    assert leads["T2a"] == leads["T2b"] == "y-te"
    assert leads["T5"] == "tu-phap"
    assert leads["T7"] == "van-hoa"
    assert {leads[code] for code in ("T3", "T4", "T10", "T11a", "T11b", "T11c")} == {"giao-duc"}
    assert {leads[code] for code in ("T1", "T6", "T8", "T9")} == {"noi-vu-ldtbxh"}
    assert {each.lead_certainty for each in CATALOGUE.indicators} == {"inferred"}


def test_national_values_are_those_of_the_national_programmes() -> None:
    values = {code: [(one.year, one.value_bp) for one in each.references] for code, each in MEASURED.items()}
    assert {code: found for code, found in values.items() if found} == {
        "T3": [(2025, 9_910), (2030, 9_930)],
        "T5": [(2025, 9_850), (2030, 10_000)],
        "T6": [(2025, 9_000), (2030, 9_500)],
        "T7": [(2025, 4_000), (2030, 4_500)],
        "T8": [(2025, 6_500), (2030, 7_500)],
        "T9": [(2025, 3_000), (2030, 3_500)],
        "T11b": [(2025, 5_000), (2030, 6_000)],
        "T11c": [(2025, 6_000), (2030, 7_000)],
    }


def test_a_national_value_with_another_definition_says_in_what_it_differs() -> None:
    other = {
        each.code: reference
        for each in MEASURED.values()
        for reference in each.references
        if not reference.is_same_definition
    }
    assert list(other) == ["T5", "T8", "T9", "T11b", "T11c"]
    assert all(reference.note_vi and reference.note_en for reference in other.values())
    assert "Ban hành sau Kế hoạch" in other["T11b"].note_vi


def test_fourteen_groups_and_eleven_kinds_of_injury_are_counted() -> None:
    lines = {each.code: len(each.splits) for each in CATALOGUE.indicators if each.splits_rule == "parts"}
    assert (lines["M3"], lines["M5"]) == (14, 11)


def test_what_says_of_few_children_who_they_are_is_sensitive() -> None:
    """Special circumstances, risk, injuries, deaths, abuse, quarantine; and the disabled among those of six."""
    known = ["T6", "M3", "M4", "M5", "M6", "M7", "M8"]
    assert [each.code for each in CATALOGUE.indicators if each.is_sensitive] == known
    lines = [
        f"{each.code}/{split.slug}"
        for each in CATALOGUE.indicators
        for split in each.splits
        if split.is_sensitive
    ]
    assert lines == ["T4/khuyet-tat"]


def test_money_is_shown_in_millions() -> None:
    money = [each for each in CATALOGUE.indicators if each.kind == "money"]
    assert {(each.unit_vi, each.unit_scale) for each in money} == {("triệu đồng", 1_000_000)}
    assert {each.code for each in money if each.scope == "town"} == {"N2", "Q1", "Q2", "Q3"}


def test_whatever_is_not_quoted_says_that_it_is_to_be_confirmed() -> None:
    doubtful = [each for each in CATALOGUE.indicators if each.certainty not in ("quoted", "computed")]
    assert {"T2b", "T7", "T9", "T11b"} <= {each.code for each in doubtful}
    assert all("cần đối chiếu" in each.definition_vi for each in doubtful)
    assert all("to be confirmed" in each.definition_en for each in doubtful)


def test_a_target_or_national_value_is_quoted_or_carries_a_note() -> None:
    for each in MEASURED.values():
        assert each.target
        assert each.target.certainty == "quoted"
        for one in each.references:
            assert one.certainty == "quoted" or "cần đối chiếu" in one.note_vi


def test_every_text_stands_in_both_languages() -> None:
    for entry in all_entries():
        texts = list(every_text(entry))
        vietnamese = [bool(text) for name, text in texts if name.endswith("_vi")]
        english = [bool(text) for name, text in texts if name.endswith("_en")]
        assert vietnamese == english


def test_no_text_addresses_its_reader_familiarly() -> None:
    texts = [text for entry in all_entries() for _name, text in every_text(entry)]
    assert not [text for text in texts if "bạn" in text.lower()]


def test_the_wording_is_that_of_the_plan() -> None:
    assert MEASURED["T2a"].name_vi == "Trẻ em dưới 6 tuổi được cấp thẻ bảo hiểm y tế đúng thời gian quy định"
    assert MEASURED["T5"].name_vi == "Trẻ em sinh ra được làm giấy khai sinh đúng hạn"
    assert MEASURED["T9"].name_vi.startswith("Các Quyết định có liên quan đến trẻ em ở cộng đồng, xã hội")
