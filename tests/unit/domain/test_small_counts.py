"""A small number of children stays hidden: by itself, by subtraction from a sum, and from one more reader's page."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.domain.permissions import Actor, Capability, Role, Sight, may, sight
from dashboard.domain.small_counts import LIMIT, Count, Mask, is_seen, is_small, masks, with_masks

COUNTS = st.one_of(st.integers(0, 12), st.integers(0, 10**6))
CELLS = {
    **dict.fromkeys(("indicator", "area", "numerator", "denominator"), pl.Int64),
    **dict.fromkeys(("is_sensitive", "is_seen", "is_total"), pl.Boolean),
}


@st.composite
def parts(draw: st.DrawFn) -> list[Count]:
    """Communes of a town; at most one of them is the reader's own."""
    numbers = draw(st.lists(COUNTS, min_size=1, max_size=9))
    own = draw(st.integers(-3, len(numbers) - 1))
    return [Count(number, is_seen=place == own) for place, number in enumerate(numbers)]


@st.composite
def ratios(draw: st.DrawFn) -> list[Count]:
    pairs = draw(st.lists(st.tuples(COUNTS, COUNTS).map(sorted), min_size=1, max_size=9))
    own = draw(st.integers(-3, len(pairs) - 1))
    return [Count(low, high, is_seen=place == own) for place, (low, high) in enumerate(pairs)]


def possible(number: int, counts: list[Count], hidden: tuple[Mask | None, ...], whole: int) -> set[int]:
    """What a reader who subtracts and knows our words can still think a hidden small count to be."""
    shown = sum(part.numerator for part, mask in zip(counts, hidden, strict=True) if mask is None)
    left = whole - shown
    others = [mask for place, mask in enumerate(hidden) if mask is not None and place != number]
    least = sum(1 if mask is Mask.small else LIMIT for mask in others)
    is_bounded = all(mask is Mask.small for mask in others)
    most = (LIMIT - 1) * len(others) if is_bounded else left
    return {value for value in range(1, LIMIT) if least <= left - value <= most}


@pytest.mark.parametrize(
    ("numerator", "denominator", "small"),
    [
        (0, None, False),
        (1, None, True),
        (4, None, True),
        (5, None, False),
        (0, 0, False),
        (1, 1, True),
        (0, 3, True),
        (5, 5, False),
        (5, 6, True),
        (38, 40, False),
        (3, 40, True),
        (8, 9, True),
        (9, 10, False),
    ],
)
def test_a_count_is_small_where_few_children_are_counted_or_left_out(
    numerator: int, denominator: int | None, *, small: bool
) -> None:
    """Two of forty are hidden among forty; one of six is as good as a name."""
    assert is_small(numerator, denominator) is small


@given(parts())
@settings(max_examples=300)
def test_no_small_count_can_be_got_back_from_a_published_sum(counts: list[Count]) -> None:
    hidden, whole = masks(counts, has_sum=True)
    for number, (part, mask) in enumerate(zip(counts, hidden, strict=True)):
        if part.is_small and not part.is_seen:
            assert mask is Mask.small
            if whole is None:
                total = sum(each.numerator for each in counts)
                assert possible(number, counts, hidden, total) == set(range(1, LIMIT))


@given(ratios())
@settings(max_examples=200)
def test_a_hidden_ratio_is_never_the_only_unknown_of_a_published_sum(counts: list[Count]) -> None:
    hidden, whole = masks(counts, has_sum=True)
    assert all(mask for part, mask in zip(counts, hidden, strict=True) if part.is_small and not part.is_seen)
    unknown = [part for part, mask in zip(counts, hidden, strict=True) if mask]
    if unknown and whole is None:
        assert len(unknown) > 1
        assert sum(part.numerator for part in unknown) >= 2 * LIMIT - 2


@given(st.one_of(parts(), ratios()), st.booleans())
def test_nothing_of_ones_own_is_hidden_and_nothing_large_without_need(
    counts: list[Count],
    has_sum: bool,  # noqa: FBT001 - drawn
) -> None:
    hidden, whole = masks(counts, has_sum=has_sum)
    assert all(mask is None for part, mask in zip(counts, hidden, strict=True) if part.is_seen)
    assert hidden.count(Mask.other) <= (1 if has_sum else 0)
    if not any(part.is_small and not part.is_seen for part in counts):
        assert not any(hidden)
        assert whole is None


@given(st.lists(st.tuples(COUNTS, COUNTS).map(sorted), min_size=1, max_size=8), st.booleans())
@settings(max_examples=60)
def test_a_frame_hides_exactly_what_its_cells_hide(pairs: list[list[int]], sensitive: bool) -> None:  # noqa: FBT001
    rows: list[dict[str, Any]] = [
        {"indicator": 1, "area": area, "numerator": low, "denominator": high, "is_total": False}
        for area, (low, high) in enumerate(pairs)
    ]
    total = {"numerator": sum(low for low, _ in pairs), "denominator": sum(high for _, high in pairs)}
    rows.append({"indicator": 1, "area": 99, "is_total": True} | total)
    frame = pl.DataFrame(rows).with_columns(is_sensitive=sensitive, is_seen=False)
    found = with_masks(frame, ["indicator"])["mask"].to_list()
    hidden, whole = masks([Count(*pair) for pair in pairs], has_sum=True)
    assert found == ([*hidden, whole] if sensitive else [None] * len(rows))


def test_an_empty_frame_hides_nothing() -> None:
    assert with_masks(pl.DataFrame(schema=CELLS), ["indicator"])["mask"].to_list() == []


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("area", "lead"), [(3, 3), (3, 4), (4, 3), (4, 4)])
def test_a_frame_is_seen_as_the_table_of_rights_says(role: Role, area: int, lead: int) -> None:
    place = {Role.commune_officer: {"area_id": 3}, Role.agency_officer: {"agency_id": 3}}.get(role, {})
    person = Actor(1, "lan", "Lan", role, **place)
    allowed = may(person, Capability.see_small_counts, area_id=area, lead_agency_id=lead)
    seen = pl.DataFrame({"area": [area], "lead": [lead]}).select(
        is_seen(sight(person, Capability.see_small_counts))
    )
    assert seen.item() is allowed


def test_a_reader_without_a_place_sees_nothing_small() -> None:
    frame = pl.DataFrame({"area": [1, None], "lead": [None, 1]}, schema={"area": pl.Int64, "lead": pl.Int64})
    assert frame.select(is_seen(Sight())).to_series().to_list() in ([False], [False, False])
