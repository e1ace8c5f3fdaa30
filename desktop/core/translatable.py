"""Mark texts for Qt's lupdate in modules that know nothing of Qt."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802  the name that lupdate looks for
    """Return `text`; lupdate collects it under `context`."""
    return text
