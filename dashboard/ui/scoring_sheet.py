"""One side's scores of one commune, as the scoring form shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.actions.recognition import ScoreCell
from dashboard.domain.permissions import may
from dashboard.domain.recognition import SIDE_CAPABILITY, SIDE_OPEN, Side
from dashboard.ui.scoring_state import OpenedScore, opened_score

if TYPE_CHECKING:
    from dashboard.domain.permissions import Actor
    from dashboard.views.recognition import CommuneWay, Recognition


@dataclass(frozen=True)
class Sheet:
    """One side's scores of one commune in one round, as they stand on the screen."""

    recognition: Recognition
    commune: CommuneWay
    side: Side
    is_open: bool

    def cell(self, criterion: int) -> ScoreCell:
        return ScoreCell(self.commune.area, self.recognition.round["round"], criterion, self.side)

    def opened(self, criterion: int) -> OpenedScore:
        return opened_score(self.cell(criterion), self.recognition.scores)

    @property
    def names(self) -> dict[int, str]:
        return dict(self.recognition.book.criteria.select("number", "name").iter_rows())


def scoring_sheet(recognition: Recognition, commune: CommuneWay, side: Side, actor: Actor) -> Sheet:
    is_open = commune.state in SIDE_OPEN[side] and may(actor, SIDE_CAPABILITY[side], area_id=commune.area)
    return Sheet(recognition, commune, side, is_open)
