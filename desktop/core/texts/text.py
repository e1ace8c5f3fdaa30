"""The texts of a message."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """The templates of a message: `title` says what happened, `remedy` what to do.

    Whole plain sentences without exclamation marks, or fragments that other texts name as a parameter; `{name}` is the
    place of a parameter. `unkept_title` and `unkept_remedy` stand instead where the history keeps nothing,
    `outside_title` and `outside_remedy` outside a dictation. `command` is what can be copied of the remedy, a command
    or lines of a file, and `further_commands` is the rest of that, in order.
    """

    title: str
    remedy: str = ""
    unkept_title: str = ""
    unkept_remedy: str = ""
    outside_title: str = ""
    outside_remedy: str = ""
    command: str = ""
    further_commands: tuple[str, ...] = ()


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802  the name that Qt's lupdate looks for
    """Return `text`, which lupdate collects under `context`; nothing here knows of Qt."""
    return text
