"""What belongs beside a figure so that nobody takes it for more than it is: who is missing from it, what is a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.domain.status import Status
from dashboard.i18n import _, ngettext
from dashboard.ui.words import state_note

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboard.views.overview import Overview

NAMES_SHOWN = 8


def named(names: Sequence[str]) -> str:
    """Names in one line; of very many only the first, with how many there are."""
    shown = ", ".join(names[:NAMES_SHOWN])
    if len(names) <= NAMES_SHOWN:
        return shown
    return _("{names} và {n} xã, phường khác").format(names=shown, n=len(names) - NAMES_SHOWN)


def notes(overview: Overview, row: Mapping[str, Any]) -> list[str]:
    """Sentences about one cell of `overview.cells`, the gravest first; none for a plain submitted figure."""
    if not row["is_town"]:
        return [note for note in (_own_state(overview, row),) if note]
    below = overview.cells.filter(pl.col("code") == row["code"], ~pl.col("is_town"))
    parts = (
        (
            _("chưa nộp: {names}"),
            pl.col("status").is_in([Status.not_reported.value, Status.incomplete.value]),
        ),
        (_("chưa có số liệu: {names}"), pl.col("status") == Status.no_figure.value),
        (_("tạm tính, gồm số liệu của báo cáo chưa nộp: {names}"), pl.col("figure_state") == "draft"),
        (
            _("không áp dụng, không tính vào mẫu số: {names}"),
            pl.col("status") == Status.not_applicable.value,
        ),
        (_("theo báo cáo đã nộp trước khi có sổ theo dõi: {names}"), _is_reported_before(overview)),
    )
    found = ((sentence, below.filter(which)["area_name"].to_list()) for sentence, which in parts)
    return [sentence.format(names=named(names)) for sentence, names in found if names]


def answered_note(row: Mapping[str, Any]) -> str:
    """Over whom a share of communes is judged: "5/5 xã, phường đã trả lời"; empty where all have."""
    silent = silent_count(row)
    if row["kind"] != "share_of_communes" or not row["is_town"] or not silent:
        return ""
    answered = row["expected"] - row["elsewhere"] - silent
    return ngettext(
        "tính trên {n} xã, phường đã trả lời", "tính trên {n} xã, phường đã trả lời", answered
    ).format(n=answered)


def silent_count(row: Mapping[str, Any]) -> int:
    """Communes whose answer is missing from a town's figure."""
    return int((row["expected"] or 0) - (row["reported"] or 0)) if row["is_town"] else 0


def elsewhere_note(row: Mapping[str, Any]) -> str:
    """ "1 xã, phường không áp dụng": why the denominator is not that of all communes; empty where it is."""
    n = row["elsewhere"] or 0
    if not n:
        return ""
    return ngettext("{n} xã, phường không áp dụng", "{n} xã, phường không áp dụng", n).format(n=n)


def silent_note(overview: Overview, row: Mapping[str, Any]) -> str:
    """ "2 xã, phường chưa trả lời: Phước Bình, Long Giang"; empty where nobody is silent."""
    silent = overview.silent(row["code"])["area_name"].to_list()
    if not silent:
        return ""
    return ngettext(
        "{n} xã, phường chưa trả lời: {names}", "{n} xã, phường chưa trả lời: {names}", len(silent)
    ).format(n=len(silent), names=named(silent))


def _own_state(overview: Overview, row: Mapping[str, Any]) -> str:
    if row["figure_state"] == "draft":
        return state_note("draft")
    since = row["derived_since"]
    if row["figure_state"] == "submitted" and since is not None and overview.year >= since:
        return _("theo báo cáo đã nộp trước khi có sổ theo dõi")
    return ""


def _is_reported_before(overview: Overview) -> pl.Expr:
    is_typed = pl.col("figure_state").is_in(["submitted", "draft"])
    return is_typed & (pl.col("derived_since") <= overview.year).fill_null(value=False)
