"""The microphone, the cues, and other programs' audio."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from desktop.settings.section import Choices, Details, SettingsSection, Unit
from desktop.settings.values import MicrophoneNames, SoundFile

type CallMode = Literal["off", "mute"]
"""What becomes of the user's voice in other programs' calls during a dictation."""

type CueKind = Literal["start", "stop", "cancel", "error"]
"""The events that a tone signals."""

_FIRST_SECONDS = Details("The first 1.5 s of the file are played.")


class AudioSettings(SettingsSection, title="Microphone and sounds"):
    """The microphone (`desktop.audio.microphone.microphone`), the cues (`desktop.audio.cues`) other programs' audio
    meanwhile (`desktop.audio.ducking`), and what they hear (`desktop.audio.calls`)."""

    device: Annotated[
        MicrophoneNames,
        Field(
            title="Microphones",
            description="The first that is connected is heard. Where none of them is, the system's default is.",
        ),
        Details("The system's default is followed when it changes."),
    ] = ()
    warm: Annotated[
        Literal["never", "after", "always"],
        Field(
            title="Keep it open",
            description="While it is open its lamp is lit, and a dictation starts at once, with what you said just "
            "before the key. Nothing is kept until you press it.",
        ),
        Choices({"never": "Only while dictating", "after": "Half a minute longer", "always": "Always"}),
        Details("What was said in the 0.4 s before the press is heard then."),
    ] = "after"
    cue: Annotated[
        Literal["off", "on"],
        Field(
            title="Sounds",
            description="They tell what happens without a look at the screen, and delay nothing.",
        ),
        Choices({"off": "None", "on": "Soft sounds"}),
    ] = "off"
    cue_volume: Annotated[
        int, Field(ge=0, le=100, title="Volume", description="At 0 nothing is heard."), Unit("percent")
    ] = 50
    cue_start: Annotated[
        SoundFile,
        Field(title="Start", description="The microphone hears you. Words in it would be written."),
        _FIRST_SECONDS,
    ] = ""
    cue_stop: Annotated[
        SoundFile, Field(title="Stop", description="The microphone hears you no more."), _FIRST_SECONDS
    ] = ""
    cue_cancel: Annotated[SoundFile, Field(title="Cancel", description="You cancelled."), _FIRST_SECONDS] = ""
    cue_error: Annotated[
        SoundFile, Field(title="Error", description="The text did not arrive. The overlay says why."), _FIRST_SECONDS
    ] = ""
    longest_min: Annotated[
        int,
        Field(
            ge=1,
            le=120,
            title="Longest dictation",
            description="It ends by itself then, and its text is put in as ever.",
        ),
        Unit("minutes"),
        Details("The overlay counts the last 30 s down."),
    ] = 10
    others: Annotated[
        Literal["off", "duck", "pause"],
        Field(title="Other sound", description="While you talk. Afterwards it is as it was."),
        Choices({"off": "Goes on", "duck": "Is turned down", "pause": "Is paused"}),
        Details("`duck` turns other programs down to a fifth, `pause` pauses media players (MPRIS)."),
    ] = "off"
    calls: Annotated[
        CallMode,
        Field(
            title="In a call",
            description="Whether other programs that record the microphone hear your dictation. Afterwards they are "
            "as they were.",
        ),
        Choices({"off": "They hear you", "mute": "You are muted"}),
        Details(
            "`mute` mutes their recording streams at the sound server, and nothing else of them. macOS lets no program "
            "do that."
        ),
    ] = "off"
