"""Property tests of the rules: many examples, no clock of their own (a busy machine is no failure)."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("rules", max_examples=100, deadline=None)
settings.load_profile("rules")
