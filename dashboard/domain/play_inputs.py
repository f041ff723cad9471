"""What each field of a form of the play-area register must be, before its rules are asked."""

from __future__ import annotations

from typing import Final

from dashboard.domain.inputs import (
    DAY,
    ID,
    LONG,
    NUMBER,
    WHOLE,
    Form,
    Maybe,
    Name,
    OneOf,
    Pairs,
    Picture,
    Words,
    YesNo,
)
from dashboard.domain.pictures import Photo
from dashboard.domain.play_areas import (
    KNOWN_OR_NOT,
    NUMBER_FIELDS,
    CheckAnswer,
    CheckInput,
    CheckResult,
    Condition,
    Funding,
    PlayAreaInput,
    PlayKind,
)

TEXT_FIELDS = ("address", "manager", "equipment_note", "opening_hours", "notes")
PLACE: Final = Form(
    PlayAreaInput,
    kind=OneOf(PlayKind),
    area_id=ID,
    quarter_id=Maybe(ID),
    latitude=Maybe(NUMBER),
    longitude=Maybe(NUMBER),
    funding=Maybe(OneOf(Funding)),
    condition=OneOf(Condition),
    equipment_condition=Maybe(OneOf(Condition)),
    name=Name(LONG.longest),
    **dict.fromkeys(TEXT_FIELDS, LONG),
    **dict.fromkeys(NUMBER_FIELDS, Maybe(WHOLE)),
    **dict.fromkeys(KNOWN_OR_NOT, Maybe(YesNo())),
)
VISIT: Final = Form(
    CheckInput,
    checked_on=DAY,
    checked_by=LONG,
    result=OneOf(CheckResult),
    next_due=Maybe(DAY),
    answers=Pairs(Words(60, is_required=True), OneOf(CheckAnswer)),
    note=LONG,
)
PHOTO: Final = Form(
    Photo, jpeg=Picture(), thumbnail=Picture(), width=ID, height=ID, sha256=Words(64, is_required=True)
)
