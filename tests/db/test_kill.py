"""`kill -9` in the middle of a stream of saves: whatever was acknowledged is there afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from db.changes import broken_links
from db.tables import Figure, FigureEntry

if TYPE_CHECKING:
    from rows import World

    from db.engine import Database

# Saves one figure after the other, and says each version only once the save has returned.
SAVER = """
import sys
from dashboard.actions.figures import Cell, Value, record_figure
from dashboard.domain.permissions import Actor, Role
from db.engine import use
use(sys.argv[1])
officer, split, commune, year = (int(text) for text in sys.argv[2:])
actor = Actor(officer, "thacmo", "x", Role.commune_officer, area_id=commune)
for version in range(100000):
    saved = record_figure(actor=actor, cell=Cell(split, commune, year), value=Value("figure", version % 90, 100),
                          base_version=version, token=str(version))
    print(saved.version, flush=True)
"""
ROOT = Path(__file__).parents[2]


def test_every_acknowledged_save_survives_the_kill(database: Database, world: World) -> None:
    arguments = [database.url, *map(str, (world.officer, world.split, world.commune, world.year))]
    saver = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", SAVER, *arguments], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert saver.stdout is not None
    acknowledged = [saver.stdout.readline() for _ in range(40)]
    time.sleep(0.013)
    os.kill(saver.pid, signal.SIGKILL)
    acknowledged += saver.stdout.readlines()
    saver.wait()
    saver.stdout.close()
    last = max(int(text) for text in acknowledged if text.endswith("\n"))
    with database.read() as session:
        versions = session.scalars(select(col(FigureEntry.version)).order_by(col(FigureEntry.version))).all()
        current = session.scalar(select(col(Figure.version)))
        assert list(broken_links(session)) == []
    assert len(versions) >= last >= 40
    assert list(versions) == list(range(1, len(versions) + 1))
    assert current == versions[-1]
