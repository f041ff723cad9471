"""The cells of the entry sheet as this screen has opened them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from dashboard.actions.figures import Cell, Value
from dashboard.ui.opened import Opened, opened

if TYPE_CHECKING:
    from collections.abc import Mapping

OpenedCell: TypeAlias = Opened[Cell, Value]


def opened_cell(line: Mapping[str, Any]) -> OpenedCell:
    """The cell of one line of an entry sheet."""
    cell = Cell(line["split"], line["area"], line["period"])
    value = Value(line["answer"], line["numerator"], line["denominator"]) if line["answer"] else None
    return opened(cell, f"{cell.split_id}:{cell.area_id}:{cell.period_id}", line["version"], value)
