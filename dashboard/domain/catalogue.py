"""Kinds of indicators, targets, periods and splits."""

from __future__ import annotations

from enum import StrEnum


class IndicatorKind(StrEnum):
    ratio = "ratio"
    share_of_communes = "share_of_communes"
    number = "count"  # `count` is a method of every string
    money = "money"


class TargetKind(StrEnum):
    at_least = "at_least"
    share_of_communes = "share_of_communes"
    increase = "increase"
    none = "none"


class Part(StrEnum):
    half = "half"
    year = "year"


class SplitsRule(StrEnum):
    """`subsets` lie within the whole and may overlap; `parts` add up to it, so the whole is not typed."""

    none = "none"
    subsets = "subsets"
    parts = "parts"
