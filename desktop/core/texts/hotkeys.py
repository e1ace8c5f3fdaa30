"""Texts about keys and shortcuts."""

from __future__ import annotations

from desktop.core.texts.text import Text

TEXTS: dict[str, Text] = {}
