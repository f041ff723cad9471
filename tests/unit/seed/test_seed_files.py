"""A mistake in a seed file is named by file, entry and field."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from seed.catalogue import read_catalogue
from seed.files import FOLDER, SeedProblem

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("areas.toml", "agencies.toml", "plan_2021.toml", "criteria.toml", "checklist.toml"):
        shutil.copy(FOLDER / name, tmp_path / name)
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problem_of(folder: Path) -> str:
    with pytest.raises(SeedProblem) as raised:
        read_catalogue(folder)
    return str(raised.value)


def test_the_files_as_they_are_can_be_read_from_any_folder(folder: Path) -> None:
    assert read_catalogue(folder) == read_catalogue()


def test_a_wrong_word_is_named_with_its_indicator(folder: Path) -> None:
    change(folder / "plan_2021.toml", 'kind = "ratio"', 'kind = "ration"')
    assert problem_of(folder).startswith("plan_2021.toml, indicators T2a: kind:")


def test_a_short_name_too_long_for_the_scorecard_is_refused(folder: Path) -> None:
    change(folder / "plan_2021.toml", 'short_vi = "Khai sinh đúng hạn"', f'short_vi = "{"x" * 35}"')
    assert problem_of(folder).startswith("plan_2021.toml, indicators T5: short_vi:")


def test_an_unknown_field_is_refused(folder: Path) -> None:
    change(folder / "agencies.toml", "is_standing = true", "is_permanent = true")
    assert problem_of(folder).startswith("agencies.toml, agencies noi-vu-ldtbxh: is_permanent:")


def test_a_lead_that_is_no_agency_is_refused(folder: Path) -> None:
    change(folder / "plan_2021.toml", 'lead = "tu-phap"', 'lead = "tu-phap-2"')
    assert problem_of(folder) == "plan_2021.toml, indicators T5: lead tu-phap-2 is not in agencies.toml"


def test_a_parent_must_stand_before_its_children(folder: Path) -> None:
    change(folder / "areas.toml", 'parent = "phuoc-long"', 'parent = "phuoc-tin"')
    assert problem_of(folder) == "areas.toml, areas thac-mo: parent phuoc-tin does not stand before it"


def test_the_plans_area_must_be_known(folder: Path) -> None:
    change(folder / "plan_2021.toml", 'area = "phuoc-long"', 'area = "dong-xoai"')
    assert problem_of(folder) == "plan_2021.toml, plan: area dong-xoai is not in areas.toml"


def test_an_increase_with_a_number_is_refused(folder: Path) -> None:
    change(folder / "plan_2021.toml", '{ kind = "increase" }', '{ kind = "increase", value_bp = 5000 }')
    assert problem_of(folder).startswith("plan_2021.toml, indicators T11a: target:")


def test_a_ratio_without_a_denominator_is_refused(folder: Path) -> None:
    change(folder / "plan_2021.toml", 'denominator_vi = "Tổng số trẻ em dưới 6 tuổi"', 'denominator_vi = ""')
    assert problem_of(folder).startswith("plan_2021.toml, indicators T2a:")


def test_splits_need_a_rule(folder: Path) -> None:
    change(folder / "plan_2021.toml", 'splits_rule = "subsets"', 'splits_rule = "none"')
    assert problem_of(folder).startswith("plan_2021.toml, indicators T4:")


def test_a_measured_indicator_needs_a_target(folder: Path) -> None:
    change(folder / "plan_2021.toml", 'grouping = "monitoring"', 'grouping = "target"')
    assert problem_of(folder).startswith("plan_2021.toml, indicators M1:")


def test_an_indicator_of_a_register_says_from_which_year_on(folder: Path) -> None:
    change(folder / "plan_2021.toml", "derived_since = 2021\n", "")
    assert problem_of(folder).startswith("plan_2021.toml, indicators T7:")


def test_points_for_a_criterion_whose_maximum_was_not_found_are_refused(folder: Path) -> None:
    change(folder / "criteria.toml", 'basis_en = "By rate"', 'basis_en = "By rate"\nmax_points = 75')
    assert problem_of(folder).startswith("criteria.toml, rule_sets qd-06-2019: criteria.1:")


def test_items_worth_more_than_their_criterion_are_refused(folder: Path) -> None:
    change(folder / "criteria.toml", "points = 20", "points = 21")
    assert "more than the criterion" in problem_of(folder)


def test_a_band_above_its_items_points_is_refused(folder: Path) -> None:
    change(folder / "criteria.toml", "points = 50 }]", "points = 51 }]")
    assert "a band cannot give more" in problem_of(folder)


def test_a_figure_that_is_no_indicator_is_refused(folder: Path) -> None:
    change(folder / "criteria.toml", 'indicator_code = "M15"', 'indicator_code = "M16"')
    assert problem_of(folder).endswith("M16 is no indicator of the plan")


def test_a_class_for_an_unknown_commune_is_refused(folder: Path) -> None:
    change(folder / "criteria.toml", 'area = "phuoc-tin"', 'area = "dong-xoai"')
    assert problem_of(folder) == "criteria.toml, commune_classes: area dong-xoai is not in areas.toml"


def test_a_file_that_is_no_toml_is_named(folder: Path) -> None:
    (folder / "areas.toml").write_text("areas = [", encoding="utf-8")
    assert problem_of(folder).startswith("areas.toml: ")


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "agencies.toml").unlink()
    assert problem_of(folder).startswith("agencies.toml: ")
