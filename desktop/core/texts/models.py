"""Texts about fetching and keeping models."""

from __future__ import annotations

from desktop.core.texts.text import Text

TEXTS: dict[str, Text] = {}
