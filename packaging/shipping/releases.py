"""List the releases that CHANGELOG.md has, as AppStream wants them of a program."""

from __future__ import annotations

import re
from xml.sax.saxutils import quoteattr

_HEADING = re.compile(r"^## (\S+) \((\d{4}-\d{2}-\d{2}|unreleased)\)$", re.MULTILINE)


def format_releases(changelog: str, version: str, date: str) -> str:
    """Return the `release` elements of a changelog, the newest first.

    What is not released yet has the `date` of the build. Raises where the newest is not `version`, or a heading is not
    `## VERSION (DATE)`.
    """
    headings = re.findall(r"^## .*$", changelog, re.MULTILINE)
    found = _HEADING.findall(changelog)
    if len(found) != len(headings) or not found or found[0][0] != version:
        raise ValueError(f"the headings of CHANGELOG.md begin with {headings[:1]}, not with ## {version} (DATE)")
    return "\n    ".join(
        f"<release version={quoteattr(number)} date={quoteattr(date if day == 'unreleased' else day)}"
        f"{' type="development"' if day == 'unreleased' else ''}/>"
        for number, day in found
    )
