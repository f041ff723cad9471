"""Who visits in these tests."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "bồ câu bay qua sông"


@dataclass(frozen=True)
class Known:
    login: str
    name: str
    password: str
