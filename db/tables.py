"""Every table, imported once: what the migrations compare themselves with."""

from __future__ import annotations

from db.accounts import Account, LoginSession, SignInAttempt
from db.agencies import Agency
from db.areas import Area
from db.assessments import Assessment, AssessmentStep, Score, ScoreEntry
from db.base import metadata
from db.changes import Change
from db.criteria import (
    CommuneClass,
    Criterion,
    CriterionItem,
    EvaluationRound,
    RecognitionThreshold,
    RuleSet,
    ScoringBand,
)
from db.figures import Figure, FigureEntry
from db.indicators import Indicator, Reference, Split, Target
from db.installation import Installation
from db.plans import Period, Plan
from db.play_areas import (
    ChecklistItem,
    Outlines,
    PlayArea,
    PlayAreaClosure,
    PlayPhoto,
    PlayStandard,
    Quarter,
    SafetyCheck,
)
from db.reports import Report, ReportEvent

__all__ = [
    "Account",
    "Agency",
    "Area",
    "Assessment",
    "AssessmentStep",
    "Change",
    "ChecklistItem",
    "CommuneClass",
    "Criterion",
    "CriterionItem",
    "EvaluationRound",
    "Figure",
    "FigureEntry",
    "Indicator",
    "Installation",
    "LoginSession",
    "Outlines",
    "Period",
    "Plan",
    "PlayArea",
    "PlayAreaClosure",
    "PlayPhoto",
    "PlayStandard",
    "Quarter",
    "RecognitionThreshold",
    "Reference",
    "Report",
    "ReportEvent",
    "RuleSet",
    "SafetyCheck",
    "Score",
    "ScoreEntry",
    "ScoringBand",
    "SignInAttempt",
    "Split",
    "Target",
    "metadata",
]
