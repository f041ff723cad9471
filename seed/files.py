"""Reading seed files: an error names the file and the entry."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

FOLDER = Path(__file__).parent

Certainty = Literal["quoted", "computed", "inferred", "recalled", "not_found"]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, Field(min_length=1)]
BasisPoints = Annotated[int, Field(ge=0, le=10_000)]


class SeedProblem(ValueError):
    """A seed file that cannot be loaded; the message names file, entry and field."""


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


Seed = TypeVar("Seed", bound=Entry)


def document(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SeedProblem(f"{path.name}: {error}") from error


def read_entries(path: Path, table: str, shape: type[Seed]) -> tuple[Seed, ...]:
    rows = document(path).get(table, [])
    return tuple(
        read_entry(path, f"{table} {_label(row, number)}", shape, row)
        for number, row in enumerate(rows, start=1)
    )


def _label(row: dict[str, Any], number: int) -> str:
    return str(row.get("code") or row.get("slug") or f"no. {number}")


def read_entry(path: Path, label: str, shape: type[Seed], row: dict[str, Any]) -> Seed:
    try:
        return shape.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(step) for step in first["loc"]) or "entry"
        raise SeedProblem(f"{path.name}, {label}: {field}: {first['msg']}") from error
