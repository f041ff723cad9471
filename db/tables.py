"""Every table, imported once: what the migrations compare themselves with."""

from __future__ import annotations

from db.accounts import Account, LoginSession, SignInAttempt
from db.agencies import Agency
from db.areas import Area
from db.base import metadata
from db.changes import Change
from db.figures import Figure, FigureEntry
from db.indicators import Indicator, Reference, Split, Target
from db.installation import Installation
from db.plans import Period, Plan
from db.reports import Report

__all__ = [
    "Account",
    "Agency",
    "Area",
    "Change",
    "Figure",
    "FigureEntry",
    "Indicator",
    "Installation",
    "LoginSession",
    "Period",
    "Plan",
    "Reference",
    "Report",
    "SignInAttempt",
    "Split",
    "Target",
    "metadata",
]
