"""Whether a machine without the fonts is told so: ✓ and ✕ would come out as the same box."""

from __future__ import annotations

import pytest

from dashboard.charts import signs


@pytest.mark.parametrize("absent", [*signs.NEEDED])
@pytest.mark.parametrize("as_drawn", [signs.IN_NO_FONT, " "])
def test_a_sign_drawn_as_a_box_or_as_nothing_is_named(
    monkeypatch: pytest.MonkeyPatch, absent: str, as_drawn: str
) -> None:
    monkeypatch.setattr(signs, "_drawn", lambda sign: (as_drawn if sign == absent else sign).encode())
    assert signs.signs_without_font() == [absent]


def test_a_family_that_has_them_is_well() -> None:
    assert signs._drawn("✓") != signs._drawn("✕")
    assert signs._drawn("ế") != signs._drawn(" ")
