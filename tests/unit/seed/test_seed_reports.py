"""Who has reported what in the demonstration, and when: the clock stands at 5 November 2021."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

from seed.catalogue import read_catalogue
from seed.demonstration import DEMONSTRATION_ACCOUNTS
from seed.made_up_reports import EntryRow, demonstration_rows
from seed.story import Cell, story

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
ROWS = demonstration_rows()
LAST = {row.cell: row for row in ROWS.entries}
INDICATORS = {each.code: each for each in read_catalogue().indicators}
ACCOUNTS = {account.login: account for account in DEMONSTRATION_ACCOUNTS}


def of_period(area: str, year: int, part: str) -> list[EntryRow]:
    return [row for cell, row in LAST.items() if (cell.area, cell.year, cell.part) == (area, year, part)]


def versions(cell: str) -> list[EntryRow]:
    return [row for row in ROWS.entries if row.cell == Cell.parse(cell)]


def test_all_earlier_reports_were_submitted() -> None:
    earlier = [row for row in ROWS.reports if (row.year, row.part) != (2021, "year")]
    assert len(earlier) == 7 * 5
    assert all(row.submitted_at for row in earlier)


def test_one_commune_was_late_with_the_first_half_of_2021() -> None:
    days = {
        row.area: row.submitted_at.astimezone(LOCAL).date()
        for row in ROWS.reports
        if row.submitted_at and (row.year, row.part) == (2021, "half")
    }
    late = {area: day for area, day in days.items() if day >= date(2021, 5, 15)}
    assert late == {"phuoc-tin": date(2021, 5, 17)}
    assert len(days) == 7


def test_of_the_year_2021_three_are_in_two_half_way_and_two_not_begun() -> None:
    states = {
        row.area: bool(row.submitted_at) for row in ROWS.reports if (row.year, row.part) == (2021, "year")
    }
    assert sorted(area for area, is_in in states.items() if is_in) == ["long-phuoc", "son-giang", "thac-mo"]
    assert sorted(area for area, is_in in states.items() if not is_in) == ["long-thuy", "phuoc-binh"]
    for silent in ("long-giang", "phuoc-tin"):
        assert of_period(silent, 2021, "year") == []


def test_half_way_means_about_half_of_the_plans_lines_and_some_with_one_number_only() -> None:
    for area in ("long-thuy", "phuoc-binh"):
        rows = [row for row in of_period(area, 2021, "year") if row.cell.code.startswith("T")]
        halves = [row for row in rows if row.value.answer == "figure" and row.value.denominator is None]
        assert 8 <= len(rows) <= 12
        assert 1 <= len(halves) <= 2


def test_nothing_was_entered_after_the_eve_of_the_demonstrations_day() -> None:
    end = datetime(2021, 11, 4, 17, 0, tzinfo=LOCAL)
    assert max(row.at for row in ROWS.entries) <= end
    assert max(row.submitted_at for row in ROWS.reports if row.submitted_at) <= end
    assert story().day == date(2021, 11, 5)


def test_entries_are_made_in_office_hours_and_before_their_report_is_sent() -> None:
    sent = {(row.area, row.year, row.part): row.submitted_at for row in ROWS.reports}
    for row in ROWS.entries:
        local = row.at.astimezone(LOCAL)
        assert local.weekday() < 5
        assert 7 <= local.hour < 17
        limit = sent.get((row.cell.area, row.cell.year, row.cell.part))
        assert limit is None or row.at < limit


def test_entries_are_spread_over_days() -> None:
    days = {row.at.date() for row in of_period("thac-mo", 2021, "half")}
    assert len(days) >= 5


def test_versions_follow_one_another_in_time_and_corrections_have_a_reason() -> None:
    for cell, count in Counter(row.cell for row in ROWS.entries).items():
        if count > 1:
            rows = [row for row in ROWS.entries if row.cell == cell]
            assert [row.version for row in rows] == list(range(1, count + 1))
            assert all(row.reason for row in rows[1:])


def test_every_correction_of_the_story_is_told() -> None:
    told = Counter(row.cell for row in ROWS.entries)
    for correction in story().corrections:
        assert told[Cell.parse(correction.cell)] == len(correction.reasons) + 1 == len(correction.off) + 1
    assert [row.value.numerator for row in versions("thac-mo T2a 2021 half")] == [775, 787]


def test_an_earlier_version_is_itself_possible() -> None:
    for row in ROWS.entries:
        numerator, denominator = row.value.numerator, row.value.denominator
        assert numerator is None or denominator is None or 0 <= numerator <= denominator


def test_whoever_entered_a_figure_was_allowed_to() -> None:
    for row in ROWS.entries:
        account, indicator = ACCOUNTS[row.by], INDICATORS[row.cell.code]
        own_area = account.area == row.cell.area
        own_indicator = account.agency == indicator.lead
        assert own_area or own_indicator or account.role == "town_officer"


def test_tokens_are_unique_and_short_enough_to_store() -> None:
    tokens = [row.token for row in ROWS.entries]
    assert len(set(tokens)) == len(tokens)
    assert max(map(len, tokens)) <= 64


def test_there_is_an_account_for_every_role_and_commune_all_marked_as_made_up() -> None:
    assert {account.role for account in DEMONSTRATION_ACCOUNTS} == {
        "viewer",
        "commune_officer",
        "agency_officer",
        "town_officer",
        "administrator",
    }
    assert [account.area for account in DEMONSTRATION_ACCOUNTS if account.area] == story().communes
    assert all("(minh họa)" in account.name for account in DEMONSTRATION_ACCOUNTS)


def test_only_the_whole_of_parts_is_left_to_the_rules() -> None:
    with_parts = {code for code, each in INDICATORS.items() if each.splits_rule == "parts"}
    assert not [row.cell for row in ROWS.entries if row.cell.code in with_parts and row.cell.split == "all"]
