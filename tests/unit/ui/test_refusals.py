"""Every refusal and every wrong value has a sentence, in both languages."""

from __future__ import annotations

import pytest

from dashboard.documents.input_words import input_sentence
from dashboard.domain.refusals import ActionRefused, InputProblem, InputRefused
from dashboard.i18n import in_language
from dashboard.ui.refusals import refusal_sentence

LIMITS = {"least": 0, "most": 5, "longest": 9, "first": "1/1/2000", "last": "31/12/2100", "text": "{x}"}


@pytest.mark.parametrize("name", ["reason", "token", "no such field"])
@pytest.mark.parametrize("problem", InputProblem)
def test_every_wrong_value_has_a_sentence(problem: InputProblem, name: str) -> None:
    said = []
    for language in ("vi", "en"):
        with in_language(language):  # type: ignore[arg-type]
            said.append(input_sentence(InputRefused(name, problem, **LIMITS)))
    assert said[0].startswith("Chưa lưu: ")
    assert said[1].startswith("Not saved: ")
    assert "{" not in "".join(said)


def kinds(refusal: type[ActionRefused]) -> set[type[ActionRefused]]:
    return {refusal, *(each for below in refusal.__subclasses__() for each in kinds(below))}


# Answered beside the field with both values, see dashboard.ui.opened.
BOTH_SHOWN = {"FigureConflict", "ScoreConflict"}


@pytest.mark.parametrize(
    "refusal", sorted(kinds(ActionRefused) - {ActionRefused}, key=lambda each: each.__name__)
)
def test_every_refusal_has_a_sentence_of_its_own(refusal: type[ActionRefused]) -> None:
    general = refusal_sentence.dispatch(ActionRefused)
    assert (refusal_sentence.dispatch(refusal) is general) == (refusal.__name__ in BOTH_SHOWN)
