"""Option lists that several pages use, or that look alike."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.settings.schema import AUTO
from desktop.ui.bridge import Choice

translate = QCoreApplication.translate


def switch(off: str, on: str) -> list[Choice]:
    """Return the options off and on, with these labels."""
    return [Choice("off", off), Choice("on", on)]


def minutes(*counts: int) -> list[Choice]:
    """Return durations in minutes."""
    return [Choice(str(count), _minutes(count)) for count in counts]


def seconds(*counts_ms: int) -> list[Choice]:
    """Return durations given in milliseconds, labelled in seconds."""
    return [Choice(str(ms), translate("choices", "{0} s").format(f"{ms / 1000:g}")) for ms in counts_ms]


def days(*counts: int) -> list[Choice]:
    """Return durations in days."""
    return [Choice(str(count), _days(count)) for count in counts]


def polish_modes() -> list[Choice]:
    """Return the polish modes."""
    return [
        Choice("rules", translate("choices", "Tidy")),
        Choice("llm", translate("choices", "By a language model")),
        Choice("off", translate("choices", "As spoken")),
    ]


def window_languages() -> list[Choice]:
    """Return the languages of the windows, each named in its own language."""
    return [
        Choice(AUTO, translate("choices", "As the desktop")),
        Choice("en", "English"),
        Choice("zh_CN", "简体中文"),
    ]


def _minutes(count: int) -> str:
    return translate("choices", "1 hour") if count == 60 else translate("choices", "{0} minutes").format(count)


def _days(count: int) -> str:
    named = {1: translate("choices", "1 day"), 365: translate("choices", "1 year")}
    return named.get(count) or translate("choices", "{0} days").format(count)
