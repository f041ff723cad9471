"""The rules of the plan as pure functions. They know neither Streamlit nor the database."""
