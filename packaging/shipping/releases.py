"""List the releases that CHANGELOG.md has, as AppStream wants them of a program."""

from __future__ import annotations

import re
from xml.sax.saxutils import quoteattr

_HEADING = re.compile(r"^## \[(\S+)\](?: - (\d{4}-\d{2}-\d{2}))?$", re.MULTILINE)
"""A release's heading in the form of keepachangelog.com 1.1.0; what is not released yet has no date."""


def format_releases(changelog: str, version: str, date: str) -> str:
    """Return the `release` elements of a changelog, the newest first.

    A `version` that has no heading of its own yet is in development, of the `date` of the build. Raises `ValueError`
    for a heading that is none of a release's.
    """
    headings = re.findall(r"^## .*$", changelog, re.MULTILINE)
    found = _HEADING.findall(changelog)
    if len(found) != len(headings) or not found:
        raise ValueError(f"CHANGELOG.md has headings that are not ## [VERSION] - DATE: {headings[:3]}")
    releases = [(number, day, "") for number, day in found if day]
    if version not in (number for number, _, _ in releases):
        releases.insert(0, (version, date, ' type="development"'))
    return "\n    ".join(
        f"<release version={quoteattr(number)} date={quoteattr(day)}{kind}/>" for number, day, kind in releases
    )
