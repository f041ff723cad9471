"""The addresses of the pages: what the menu links to, and all that is answered with a page."""

from __future__ import annotations

from typing import Final

# The page that opens first has no address of its own for Streamlit; people write it all the same.
OVERVIEW: Final = "overview"
CHILD_FRIENDLY: Final = "child-friendly"
PLAY_AREAS: Final = "play-areas"
ENTRY: Final = "entry"
SCORING: Final = "scoring"
PLAY_REGISTER: Final = "play-register"
RULES: Final = "rules"
PAGES: Final = (OVERVIEW, CHILD_FRIENDLY, PLAY_AREAS, ENTRY, SCORING, PLAY_REGISTER, RULES)
