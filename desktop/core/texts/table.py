"""The table of all texts."""

from __future__ import annotations

import sys

from desktop.core.texts import (
    accessibility,
    app,
    audio,
    bench,
    commands,
    credentials,
    dictation,
    doctor,
    doors,
    general,
    history,
    hotkeys,
    key_conflicts,
    language_models,
    models,
    network,
    paste,
    polish,
    settings,
    speech,
    vocabulary,
    windows,
)
from desktop.core.texts.text import Text

TEXTS: dict[str, Text] = {}
"""The texts of every message, by its code; of a system's own words see `texts_of`."""

for area in (
    general,
    audio,
    hotkeys,
    key_conflicts,
    network,
    speech,
    language_models,
    models,
    credentials,
    history,
    settings,
    vocabulary,
    polish,
    paste,
    dictation,
    app,
    bench,
    commands,
    doors,
    doctor,
    accessibility,
    windows,
):
    TEXTS |= area.TEXTS


def texts_of(system: str) -> dict[str, Text]:
    """Return the texts of every message in the words of `system` (as `sys.platform`)."""
    return TEXTS | windows.INSTEAD if system == "win32" else TEXTS


SHOWN_TEXTS = texts_of(sys.platform)
"""The texts of every message that are shown here."""
