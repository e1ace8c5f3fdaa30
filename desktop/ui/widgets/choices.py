"""Option lists that several pages use, or that look alike."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.settings.schema import AUTO
from desktop.ui.bridge import ListOption

translate = QCoreApplication.translate


def off_on_options(off: str, on: str) -> list[ListOption]:
    """Return the options off and on, with these labels."""
    return [ListOption("off", off), ListOption("on", on)]


def minute_options(*counts: int) -> list[ListOption]:
    """Return durations in minutes."""
    return [ListOption(str(count), _minutes_label(count)) for count in counts]


def second_options(*counts_ms: int) -> list[ListOption]:
    """Return durations given in milliseconds, labelled in seconds."""
    return [ListOption(str(ms), translate("choices", "{0} s").format(f"{ms / 1000:g}")) for ms in counts_ms]


def day_options(*counts: int) -> list[ListOption]:
    """Return durations in days."""
    return [ListOption(str(count), _days_label(count)) for count in counts]


def polish_mode_options() -> list[ListOption]:
    """Return the polish modes."""
    return [
        ListOption("rules", translate("choices", "Tidy")),
        ListOption("llm", translate("choices", "By a language model")),
        ListOption("off", translate("choices", "As spoken")),
    ]


def window_language_options() -> list[ListOption]:
    """Return the languages of the windows, each named in its own language."""
    return [
        ListOption(AUTO, translate("choices", "As the desktop")),
        ListOption("en", "English"),
        ListOption("zh_CN", "简体中文"),
    ]


def _minutes_label(count: int) -> str:
    return translate("choices", "1 hour") if count == 60 else translate("choices", "{0} minutes").format(count)


def _days_label(count: int) -> str:
    named = {1: translate("choices", "1 day"), 365: translate("choices", "1 year")}
    return named.get(count) or translate("choices", "{0} days").format(count)
