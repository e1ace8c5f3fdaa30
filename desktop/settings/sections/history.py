"""What is kept of a dictation, and whether its emotion is detected."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from desktop.settings.section import Choices, Details, SettingsSection, Unit
from desktop.settings.values import MAX_DAYS, TextList


class EmotionSettings(SettingsSection, title="Emotion"):
    """The engine that detects the emotion of a dictation."""

    engine: Annotated[
        Literal["off", "local", "llm"],
        Field(
            title="How it sounded",
            description="Noted in the history after the text is in: what the words express and how lively the voice "
            "is, not what anybody feels. It can be wrong, and what you correct counts.",
        ),
        Choices({"local": "On this machine", "llm": "By a language model", "off": "Not at all"}),
        Details(
            "A head that judges the voice too does not come with Intone; `make voice-head` builds it. "
            '`llm` sends the words, and a line such as "higher, louder than usual", to the model at `polish.url`, '
            "never the voice."
        ),
    ] = "local"
    voice: Annotated[
        Literal["recognizer", "whisper"],
        Field(
            title="Heard in the voice",
            description="Only Whisper hears more of a voice than pitch, loudness and pace. It can listen once the text "
            "of another model is in.",
        ),
        Choices({"recognizer": "What the engine hears", "whisper": "By Whisper afterwards"}),
        Details(
            "`whisper` needs an installed Whisper model with a voice head. Where a model without one made the text, it "
            "hears the first 30 seconds in a process of its own, at low priority, and takes its memory only meanwhile. "
            "The label comes a little later then."
        ),
    ] = "recognizer"


class HistorySettings(SettingsSection, title="History"):
    """What the history stores (`desktop.history.retention`, `desktop.history.privacy`,
    `desktop.history.encryption`)."""

    keep_audio_days: Annotated[
        int,
        Field(
            ge=0,
            le=MAX_DAYS,
            title="Keep recordings",
            description="Recordings and text are kept on this machine.",
        ),
        Choices({"0": "Never"}),
        Unit("days"),
    ] = 7
    keep_text_days: Annotated[
        int,
        Field(
            ge=0,
            le=MAX_DAYS,
            title="Keep text",
            description="What is older is deleted at once, with its recording.",
        ),
        Choices({"0": "Until I delete it"}),
        Unit("days"),
    ] = 0
    max_audio_mb: Annotated[
        int,
        Field(
            ge=0,
            le=1_000_000,
            title="Room for recordings",
            description="When there are more, the oldest go. Their text stays.",
        ),
        Choices({"0": "No limit"}),
        Unit("megabytes"),
    ] = 2000
    private: Annotated[
        Literal["off", "on"],
        Field(
            title="Private mode",
            description="Nothing is kept of what you dictate: no text, no recording, no mood.",
        ),
        Choices({"off": "Off", "on": "On"}),
        Details("Nothing is learned of your voice either."),
    ] = "off"
    exclude: Annotated[
        TextList,
        Field(
            title="Never keep from",
            description="Applications, by the names the history shows, separated by commas.",
        ),
        Details("What is said while one of them has the focus is not written to disk meanwhile either."),
    ] = ()
    sensitive: Annotated[
        Literal["off", "on"],
        Field(
            title="Keep from password managers",
            description="And from private browser windows. Not every browser says which are private.",
        ),
        Choices({"off": "Off", "on": "On"}),
        Details("On X11, Chrome, Chromium and Brave do not say it."),
    ] = "off"
    encrypted: Annotated[
        Literal["off", "on"],
        Field(
            title="Encrypt what is kept",
            description="Who finds the disk reads no text and hears no recording. The key is in your keyring: where "
            "that is lost, so are they. Searching takes half as long again.",
        ),
        Choices({"off": "Off", "on": "On"}),
        Details("What was kept before is encrypted as well. `off` decrypts it again."),
    ] = "off"
