"""The user's own words: what recognition listens for, what is written in place of what it hears, and longer texts that
a few spoken words stand for. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`words` bias recognition and are never changed by polish; `replacements` go from what is heard to what is
    written; `snippets` from what is said to the text that it stands for."""

    words: tuple[str, ...] = ()
    replacements: Mapping[str, str] = field(default_factory=dict)
    snippets: Mapping[str, str] = field(default_factory=dict)
