"""A page of people's words in every kind of place that Streamlit reads as Markdown; run by test_words_in_the_browser."""

from __future__ import annotations

import json
import os
from pathlib import Path

import streamlit as st

from dashboard.ui.as_written import as_written

WORDS = json.loads(Path(os.environ["WORDS_AS_WRITTEN"]).read_text(encoding="utf-8"))
for number, text in enumerate(WORDS):
    words = as_written(text)
    with st.container(key=f"words-{number}"):
        st.markdown(words)
        st.markdown(f"- **{words}**: 5")
        st.caption(f"“{words}” · 2\n\n{words}")
        st.error(words)
        st.button(words, key=f"button-{number}")
        st.checkbox(f"Mục {words}", key=f"checkbox-{number}")
        st.metric(words, words)
