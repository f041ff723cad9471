"""Charts: pure functions from a polars frame to an Altair chart; every word arrives from the caller."""
