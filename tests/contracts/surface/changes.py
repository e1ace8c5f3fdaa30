"""What of the frozen surface was changed on purpose: each entry is read in a review.

A line is named as it stands in the JSON file. The files keep the old lines; these tables say what became of them.
"""

from __future__ import annotations

REWORDED: dict[str, str] = {}
"""Each line, or name of a section, that is worded anew or has another value, and what it is now."""

REMOVED: frozenset[str] = frozenset()
"""Lines, or whole sections, that are gone."""

RENAMED_FILES = {
    "catalogue.toml": "catalog.toml",
    "offers.toml": "provider_models.toml",
    "scratching.toml": "scratch.toml",
}
"""Packaged files that bear the old name or the new one."""
