"""Texts about what concerns no part alone."""

from __future__ import annotations

from desktop.core.texts.text import Text
from desktop.core.translatable import QT_TRANSLATE_NOOP

TEXTS: dict[str, Text] = {
    "nothing-kept": Text("{problem}", QT_TRANSLATE_NOOP("messages", "Nothing was kept. {remedy}")),
    "two-sentences": Text(QT_TRANSLATE_NOOP("messages", "{first} {second}")),
    "legacy": Text("{title}", "{remedy}"),
}
