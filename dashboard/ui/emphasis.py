"""The one button on a page that matters most."""

from __future__ import annotations

from typing import Literal

from dashboard.ui.charts import theme


def emphasis() -> Literal["primary", "secondary"]:
    """Filled on the light page. On the dark one Streamlit writes white on the pale accent, too faint to read."""
    return "primary" if theme() == "light" else "secondary"
