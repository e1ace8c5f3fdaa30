"""Deterministic polish rules, applied in order."""
