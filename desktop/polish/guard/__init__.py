"""Decide whether a rewritten text still means what was said."""
