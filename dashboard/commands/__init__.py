"""The parts of the `dashboard` command: how a database is opened, accounts, copies, and their sentences."""
