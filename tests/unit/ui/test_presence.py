"""When a screen says that its session is about to end."""

from __future__ import annotations

import pytest

from dashboard.ui.presence import idle_warning_seconds


@pytest.mark.parametrize(("idle_minutes", "seconds"), [(5, 150), (8, 240), (10, 300), (120, 300)])
def test_the_warning_comes_five_minutes_before_and_never_stands_all_the_time(
    idle_minutes: int, seconds: int
) -> None:
    assert idle_warning_seconds(idle_minutes) == seconds
