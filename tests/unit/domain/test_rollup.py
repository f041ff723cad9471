"""From communes upwards: sums over sums, every silent commune seen."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.domain.answers import Answer
from dashboard.domain.rollup import roll_up, sum_parts

TOWN, PROVINCE = 100, 200
FIGURE = {
    **dict.fromkeys(("indicator", "split", "area", "period"), pl.Int64),
    **dict.fromkeys(("kind", "answer"), pl.String),
    **dict.fromkeys(("numerator", "denominator"), pl.Int64),
}
PART = {**FIGURE, "slug": pl.String}
Said = tuple[str | None, int | None, int | None]
NIL, NONE = ("nil", None, None), ("not_applicable", None, None)
# Somebody who answers that there is no figure yet, and somebody who does not answer.
WITHOUT, SILENT = ("not_reported", None, None), (None, None, None)


def figures(said: list[Said], *, kind: str = "ratio") -> pl.DataFrame:
    """One indicator in one period, commune after commune."""
    shared = {"indicator": 1, "split": 1, "period": 1, "kind": kind}
    rows = [
        {**shared, "area": area, "answer": answer, "numerator": numerator, "denominator": denominator}
        for area, (answer, numerator, denominator) in enumerate(said)
    ]
    return pl.DataFrame(rows, schema=FIGURE)


def tree(communes: int, *ancestors: int) -> pl.DataFrame:
    rows = [(area, above) for area in range(communes) for above in ancestors or (TOWN,)]
    return pl.DataFrame(rows, schema={"area": pl.Int64, "ancestor": pl.Int64}, orient="row")


def town(said: list[Said], *, kind: str = "ratio", communes: int | None = None) -> dict[str, Any]:
    rolled = roll_up(figures(said, kind=kind), tree(communes or len(said)))
    return rolled.row(0, named=True)


def values(row: dict[str, Any]) -> Said:
    return row["answer"], row["numerator"], row["denominator"]


@st.composite
def answers(draw: st.DrawFn) -> Said:
    low, high = sorted(draw(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6))))
    return draw(st.sampled_from([("figure", low, high), ("figure", low, None), NIL, NONE, WITHOUT, SILENT]))


def test_the_town_is_the_sum_of_its_communes_and_not_their_mean() -> None:
    row = town([("figure", 1, 1), ("figure", 0, 99)])
    assert values(row) == ("figure", 1, 100)


def test_silent_and_half_entered_communes_add_nothing_and_have_not_reported() -> None:
    row = town([("figure", 9, 10), ("figure", 5, None), SILENT, WITHOUT, NIL, NONE])
    assert values(row) == ("figure", 9, 10)
    assert (row["reported"], row["expected"]) == (3, 6)


@given(st.integers(0, 9), st.integers(0, 9), st.lists(st.sampled_from([SILENT, WITHOUT, NONE]), max_size=9))
@settings(max_examples=40)
def test_a_share_of_communes_is_judged_over_those_that_said_yes_or_no(
    yes: int, no: int, others: list[Said]
) -> None:
    said = [*[("figure", 1, 1)] * yes, *[("figure", 0, 1)] * no, *others]
    if not yes + no:
        return
    row = town(said, kind="share_of_communes")
    assert values(row) == ("figure", yes, yes + no)
    assert row["elsewhere"] == others.count(NONE)
    assert row["expected"] - row["reported"] == others.count(SILENT) + others.count(WITHOUT)


@pytest.mark.parametrize("kind", ["ratio", "share_of_communes"])
def test_a_commune_without_a_row_is_a_silent_one(kind: str) -> None:
    said = [("figure", 1, 1), ("figure", 0, 1)]
    assert town(said, kind=kind, communes=7) == town([*said, *[SILENT] * 5], kind=kind)


@pytest.mark.parametrize("kind", ["count", "money"])
def test_counts_and_money_add_up_without_a_denominator(kind: str) -> None:
    row = town([("figure", 3, None), ("figure", 4, None), SILENT], kind=kind)
    assert values(row) == ("figure", 7, None)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ([NIL, NIL], "nil"),
        ([NIL, NONE], "nil"),
        ([NIL, SILENT], None),
        ([NONE, NONE], "not_applicable"),
        ([NONE, SILENT], None),
        ([NONE, WITHOUT, NIL], "not_reported"),
        ([WITHOUT, WITHOUT], "not_reported"),
        ([WITHOUT, SILENT], None),
        ([SILENT, ("figure", 5, None)], None),
    ],
)
def test_without_a_figure_the_town_says_what_all_communes_said(said: list[Said], answer: str | None) -> None:
    assert values(town(said)) == (answer, None, None)


@given(st.lists(answers(), min_size=1, max_size=12))
@settings(max_examples=40)
def test_the_order_of_communes_does_not_matter(said: list[Said]) -> None:
    assert town(said) == town(said[::-1])


@given(st.lists(answers(), min_size=1, max_size=12))
@settings(max_examples=40)
def test_a_share_of_the_town_lies_between_those_of_its_communes(said: list[Said]) -> None:
    row = town(said)
    complete = [(n, d) for answer, n, d in said if answer == "figure" and n is not None and d is not None]
    if row["numerator"] is None or not row["denominator"]:
        return
    shares = [n / d for n, d in complete if d]
    assert min(shares) - 1e-9 <= row["numerator"] / row["denominator"] <= max(shares) + 1e-9


@given(st.lists(answers(), min_size=2, max_size=12))
@settings(max_examples=40)
def test_every_level_above_sums_the_same_communes(said: list[Said]) -> None:
    rolled = roll_up(figures(said), tree(len(said), TOWN, PROVINCE))
    by_area = [rolled.filter(area=area).drop("area").row(0) for area in (TOWN, PROVINCE)]
    assert by_area[0] == by_area[1]


def test_indicators_splits_and_periods_are_kept_apart() -> None:
    one = figures([("figure", 1, 2)])
    others = [one.with_columns(pl.lit(2, pl.Int64).alias(key)) for key in ("indicator", "split", "period")]
    rolled = roll_up(pl.concat([one, *others]), tree(1))
    assert rolled["denominator"].to_list() == [2, 2, 2, 2]


def test_nothing_rolls_up_to_nothing_with_its_types() -> None:
    rolled = roll_up(pl.DataFrame(schema=FIGURE), tree(2))
    assert rolled.schema == {
        **dict.fromkeys(("indicator", "split", "period", "area"), pl.Int64),
        **dict.fromkeys(("kind", "answer"), pl.String),
        **dict.fromkeys(("numerator", "denominator", "reported", "elsewhere", "expected"), pl.Int64),
    }


def whole(said: dict[str, Said], *, kind: str = "ratio") -> dict[str, Any]:
    """The whole of an indicator with the parts `primary` and `secondary`."""
    shared = {"indicator": 1, "area": 1, "period": 1, "kind": kind}
    rows = [
        {**shared, "split": split, "slug": slug, "answer": answer, "numerator": low, "denominator": high}
        for split, (slug, (answer, low, high)) in enumerate(said.items())
    ]
    lines = pl.DataFrame(
        {"indicator": [1] * 3, "slug": ["all", "primary", "secondary"], "splits_rule": "parts"}
    )
    return sum_parts(pl.DataFrame(rows, schema=PART), lines).row(0, named=True)


def test_parts_that_are_all_answered_sum_to_the_whole() -> None:
    both = {"primary": ("figure", 3, 10), "secondary": ("figure", 4, 10)}
    assert values(whole(both)) == ("figure", 7, 20)
    assert values(whole(both | {"secondary": NIL})) == ("figure", 3, 10)


@pytest.mark.parametrize(
    "other", [{}, {"secondary": SILENT}, {"secondary": WITHOUT}, {"secondary": ("figure", 4, None)}]
)
def test_a_whole_with_a_missing_part_is_a_figure_without_numbers(other: dict[str, Said]) -> None:
    assert values(whole({"primary": ("figure", 3, 10)} | other)) == ("figure", None, None)


@pytest.mark.parametrize("kind", ["count", "money"])
def test_parts_of_a_count_sum_without_denominators(kind: str) -> None:
    both = {"primary": ("figure", 3, None), "secondary": ("figure", 4, None)}
    assert values(whole(both, kind=kind)) == ("figure", 7, None)


@pytest.mark.parametrize(
    ("first", "second", "answer"),
    [
        (NIL, NIL, Answer.nil),
        (NIL, NONE, Answer.nil),
        (NONE, NONE, Answer.not_applicable),
        (NIL, WITHOUT, Answer.not_reported),
        (NIL, SILENT, None),
    ],
)
def test_parts_without_figures_say_together_what_each_said(
    first: Said, second: Said, answer: Answer | None
) -> None:
    assert values(whole({"primary": first, "secondary": second})) == (answer, None, None)


def test_a_typed_whole_is_not_added_to_its_parts() -> None:
    said = {"all": ("figure", 99, 99), "primary": ("figure", 3, 10), "secondary": ("figure", 4, 10)}
    assert values(whole(said)) == ("figure", 7, 20)
