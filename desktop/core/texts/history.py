"""Texts about the history and its encryption."""

from __future__ import annotations

from desktop.core.texts.text import Text

TEXTS: dict[str, Text] = {}
