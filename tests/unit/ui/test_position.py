"""Where the device says it is, and how far off that may be."""

from __future__ import annotations

import pytest

from dashboard.ui.position import DevicePosition, device_position


@pytest.mark.parametrize(
    ("found", "accuracy_m"),
    [
        ("11.850000 107.033500 12", 12),
        ("11.850000 107.033500 0", 0),
        # A device that does not say.
        ("11.850000 107.033500 ", None),
        ("11.850000 107.033500", None),
        ("11.850000 107.033500 NaN", None),
    ],
)
def test_a_position_says_how_far_off_it_may_be(found: str, accuracy_m: int | None) -> None:
    assert device_position(found) == DevicePosition("11.850000", "107.033500", accuracy_m)


def test_south_and_west_keep_their_sign() -> None:
    assert device_position("-11.850000 -107.033500 5") == DevicePosition("-11.850000", "-107.033500", 5)
