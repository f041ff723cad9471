"""Photos of play areas, added and taken off the screens."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlmodel import col

from dashboard.actions.errors import NotAllowed, PhotoConflict
from dashboard.actions.register import place_for, touch
from dashboard.actions.standing import name_of
from dashboard.clock import business_now
from dashboard.domain.inputs import ID, VERSION, Words, takes
from dashboard.domain.permissions import Capability
from dashboard.domain.play_inputs import PHOTO
from db.engine import database
from db.tables import PlayPhoto

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dashboard.domain.permissions import Actor
    from dashboard.domain.pictures import Photo

LONGEST_CAPTION: Final = 200


@takes(place_id=ID, photo=PHOTO, base_version=VERSION, caption=Words(LONGEST_CAPTION))
def add_photo(*, actor: Actor, place_id: int, photo: Photo, base_version: int = 0, caption: str = "") -> None:
    """Add a photo, made anew before, to a place; the same picture twice is kept once.

    `base_version` is 0 for a picture that the person does not know to be there; one that somebody took off the
    screens comes back only to who knows it (the version that the conflict tells). Raises NotAllowed, PhotoConflict.
    """
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        row = place_for(session, actor, place_id, Capability.edit_play_areas)
        known = session.scalar(
            select(PlayPhoto).where(
                col(PlayPhoto.play_area_id) == place_id, col(PlayPhoto.sha256) == photo.sha256
            )
        )
        if known and known.hidden_at is None and known.caption == caption:
            return
        if known and (known.hidden_at is None or known.version != base_version):
            raise _photo_conflict(session, known)
        if known:
            known.hidden_at = known.hidden_by = None
            known.caption, known.version = caption, known.version + 1
        else:
            session.add(
                PlayPhoto(
                    play_area_id=place_id,
                    **asdict(photo),
                    caption=caption,
                    added_at=business_now(session),
                    added_by=actor.id,
                )
            )
        touch(session, row, actor)
        transaction.log("add_photo", "play_area", place_id, after={"sha256": photo.sha256})


@takes(photo_id=ID, base_version=VERSION)
def hide_photo(*, actor: Actor, photo_id: int, base_version: int) -> None:
    """Take a photo off the screens; it stays in the database. Raises NotAllowed, PhotoConflict."""
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        photo = session.get(PlayPhoto, photo_id)
        if photo is None:
            raise NotAllowed(Capability.edit_play_areas)
        row = place_for(session, actor, photo.play_area_id, Capability.edit_play_areas)
        if photo.hidden_at is not None and photo.version == base_version + 1:
            return
        if photo.hidden_at is not None or photo.version != base_version:
            raise _photo_conflict(session, photo)
        photo.hidden_at, photo.hidden_by = business_now(session), actor.id
        photo.version += 1
        touch(session, row, actor)
        transaction.log("hide_photo", "play_area", photo.play_area_id, before={"sha256": photo.sha256})


def _photo_conflict(session: Session, photo: PlayPhoto) -> PhotoConflict:
    by = name_of(session, photo.hidden_by or photo.added_by)
    stands = {"is_hidden": photo.hidden_at is not None, "caption": photo.caption}
    return PhotoConflict(by, photo.hidden_at or photo.added_at, photo.version, stands)
