"""The table of all texts."""

from __future__ import annotations

from desktop.core.texts import (
    accessibility,
    app,
    audio,
    bench,
    commands,
    credentials,
    dictation,
    doctor,
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
)
from desktop.core.texts.text import Text

TEXTS: dict[str, Text] = {}
"""The texts of every message, by its code."""

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
    doctor,
    accessibility,
):
    TEXTS |= area.TEXTS
