"""What is run after a dictation."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from desktop.settings.section import Details, SettingsSection, Unit
from desktop.settings.values import CommandLine

MAX_TIMEOUT_S = 600
"""Longest time limit of a command: ten minutes, in which others wait for it."""


class HooksSettings(SettingsSection, title="Hooks"):
    """The user's own command (`desktop.app.doors.hook`)."""

    after: Annotated[
        CommandLine,
        Field(
            title="Run after a dictation",
            description="A command of yours that gets the words on standard input, once they are in the window. "
            "Nothing is run for what the history does not keep.",
        ),
        Details(
            "Split as a shell does and run without one, with `INTONE_ID`, `INTONE_OUTCOME`, `INTONE_LANGUAGE`, "
            "`INTONE_APP` and `INTONE_STARTED_AT` in its environment. What it prints is dropped. It is not run in "
            "private mode, nor while a line of the settings is invalid."
        ),
    ] = ""
    timeout_s: Annotated[
        int,
        Field(
            ge=1,
            le=MAX_TIMEOUT_S,
            title="Time for the command",
            description="It is killed then, with what it has started.",
        ),
        Unit("seconds"),
    ] = 10
