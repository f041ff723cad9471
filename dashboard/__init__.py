"""The dashboard with which a Vietnamese town keeps its yearly plan for children."""

__version__ = "0.2.0"
