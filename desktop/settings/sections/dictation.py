"""How a dictation goes on and ends without a held key."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from desktop.settings.section import Choices, Details, SettingsSection, Unit
from desktop.settings.values import EndSilence

USUAL_END_SILENCE_S = 1.5
"""Seconds without speech that end a paragraph where only `continuous` is set. Pauses within a sentence are mostly below
a second, and those of a user who searches for a word seldom longer than this."""


class DictationSettings(SettingsSection, title="Hands free"):
    """What ends a dictation that was begun by a tap, and whether another one follows
    (`desktop.dictation.hands_free`)."""

    end_silence_s: Annotated[
        EndSilence,
        Field(
            title="End by silence",
            description="A dictation that was begun by a tap ends when you stop speaking. While the key is held, "
            "nothing ends it.",
        ),
        Choices({"0": "Never"}),
        Unit("seconds"),
        Details(
            "The silence before the first word does not count. An even noise, such as a fan, counts as silence, a "
            "voice from a radio does not. One that was started by `intone start` or `toggle` ends in the same way."
        ),
    ] = 0.0
    continuous: Annotated[
        Literal["off", "on"],
        Field(
            title="Paragraph by paragraph",
            description="After a tap Intone listens on: each paragraph is put in at its pause. The key, Esc, “stop "
            "listening” or two minutes of silence end it.",
        ),
        Choices({"off": "Off", "on": "On"}),
        Details(
            "A paragraph ends after `dictation.end_silence_s`, or after 1.5 s if that is 0. Said alone between two "
            'pauses, "stop listening" ends it, "send it" presses Return, and "scratch that" takes the last paragraph '
            "back."
        ),
    ] = "off"

    @property
    def effective_end_silence_s(self) -> float:
        """Return the seconds without speech that end a dictation, 0 for never."""
        return self.end_silence_s or (USUAL_END_SILENCE_S if self.continuous == "on" else 0.0)
