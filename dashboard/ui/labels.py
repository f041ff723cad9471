"""Figures as short texts: in a cell, beside a bar, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.domain.catalogue import IndicatorKind, TargetKind
from dashboard.domain.numbers import format_money, format_number, format_share
from dashboard.domain.status import Status
from dashboard.i18n import _, current_language, ngettext
from dashboard.ui.words import yes_no

if TYPE_CHECKING:
    from collections.abc import Mapping

WITHOUT_VALUE = (
    Status.not_reported,
    Status.no_figure,
    Status.nil,
    Status.not_applicable,
    Status.incomplete,
    Status.masked,
)


def value_label(row: Mapping[str, Any]) -> str:
    """The value of one cell of an overview: "97,3%", "6/7", "Có"; empty where there is none to show."""
    if row["status"] in WITHOUT_VALUE:
        return ""
    if row["kind"] == IndicatorKind.share_of_communes:
        return fraction(row) if row["is_town"] else yes_no(row["numerator"])
    if row["numerator"] == row["denominator"] != 0:
        return "100%"
    return format_share(
        row["numerator"], row["denominator"], language=current_language(), target_bp=row["target_bp"]
    )


def cell_label(row: Mapping[str, Any]) -> str:
    """The value in a narrow cell: the heading of the table already says that it counts in per cent."""
    return value_label(row).removesuffix("%")


def fraction(row: Mapping[str, Any]) -> str:
    language = current_language()
    return f"{format_number(row['numerator'], language=language)}/{format_number(row['denominator'], language=language)}"


def target_label(row: Mapping[str, Any]) -> str:
    if row["target_kind"] == TargetKind.increase:
        return _("tăng")
    if row["target_bp"] is None:
        return "–"
    return percent(row["target_bp"])


def percent(basis_points: int) -> str:
    decimals = 0 if basis_points % 100 == 0 else 1
    return f"{format_number(basis_points / 100, language=current_language(), decimals=decimals)}%"


def gap_label(row: Mapping[str, Any]) -> str:
    """How many are missing for the target: "còn thiếu 37 trẻ em"; empty where none is."""
    if not row["gap"]:
        return ""
    missing = format_number(row["gap"], language=current_language())
    # The plan's own word for what is counted is one of many: of one, English needs a sentence around it.
    sentence = ngettext("còn thiếu {n} {unit}", "còn thiếu {n} {unit}", row["gap"])
    return sentence.format(n=missing, unit=row["unit"])


def typed_label(kind: str, numerator: int | None, denominator: int | None, scale: int) -> str:
    """A stored figure as an officer would read it back: "97/100 (97,0%)", "1.234", "12,5"."""
    language = current_language()
    if kind == IndicatorKind.share_of_communes:
        return yes_no(numerator)
    if kind == IndicatorKind.money:
        return "…" if numerator is None else format_money(numerator, language=language, scale=scale)
    if kind == IndicatorKind.number:
        return "…" if numerator is None else format_number(numerator, language=language)
    shown = [
        format_number(value, language=language) if value is not None else "…"
        for value in (numerator, denominator)
    ]
    whole = "/".join(shown)
    if numerator is None or not denominator:
        return whole
    return f"{whole} ({format_share(numerator, denominator, language=language)})"
