"""Every read, as typed Polars frames or frozen dataclasses."""
