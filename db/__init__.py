"""Storage: tables, transactions with a change log, migrations. Knows neither Streamlit nor the rules."""
