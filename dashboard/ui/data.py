"""Views kept by data version: a hundred screens that show the same figures cost one query.

The frames are shared between sessions and never changed in place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.views import cell as cell_view
from dashboard.views import installation
from dashboard.views import overview as overview_view

if TYPE_CHECKING:
    from dashboard.i18n import Language
    from dashboard.views.cell import CellHistory
    from dashboard.views.overview import Overview


@st.cache_resource(max_entries=48, show_spinner=False)
def _overview(version: int, year: int, part: str, language: Language) -> Overview | None:  # noqa: ARG001
    return overview_view.overview(year, part, language)


@st.cache_resource(max_entries=64, show_spinner=False)
def _history(version: int, cell: tuple[int, int], year: int, part: str, language: Language) -> CellHistory:  # noqa: ARG001
    return cell_view.cell_history(cell[0], cell[1], year, part, language)


def overview(year: int, part: str, language: Language) -> Overview | None:
    return _overview(installation.current_version(), year, part, language)


def cell_history(indicator: int, area: int, *, year: int, part: str, language: Language) -> CellHistory:
    return _history(installation.current_version(), (indicator, area), year, part, language)
