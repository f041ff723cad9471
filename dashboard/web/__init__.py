"""HTTP around Streamlit: sign-in, live events, health; sessions, cookies and headers."""
