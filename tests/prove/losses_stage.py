"""The windows, the microphone and the service of the random sequences, and one dictation as they see it."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio

from desktop.core.errors import ServiceError
from desktop.core.types import RATE_HZ, Frame, InputField, Outcome, PasteResult, Target, Transcript
from desktop.history.rows import HistoryEntry
from desktop.paste.request import CLIPBOARD_UNAVAILABLE, PASSWORD_FOCUSED
from tests.conftest import Clip
from tests.support.stage import FakeMicrophone, FakeRecording

EXCLUDED = "signal"

WINDOWS = {
    "editor": Target(1, "editor", "Untitled", field=InputField()),
    "terminal": Target(2, "terminal", "Shell"),
    "excluded": Target(3, EXCLUDED, "Chat"),
    "prompt": Target(4, "dialog", "Log in", field=InputField(is_password=True)),
    "pinentry": Target(5, "pinentry-gtk-2", "Passphrase"),
}

PROMPTS = {WINDOWS["prompt"].app, WINDOWS["pinentry"].app}

PASTES = {
    "arrives": PasteResult(Outcome.INSERTED),
    "fails": CLIPBOARD_UNAVAILABLE,
    "is refused": PASSWORD_FOCUSED,
}
"""What comes of a paste."""


class FakeService:
    """Answers as `how` says at the end of the speech: the count of samples, nothing, a fault, or after `gate`."""

    def __init__(self) -> None:
        self.how = "words"
        self.gate = anyio.Event()

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        count = 0
        async for frame in speech:
            count += len(frame)
        match self.how:
            case "fails":
                raise ServiceError("connection-broken", service="Example")
            case "nothing":
                return Transcript(engine="openai")
            case "late":
                await self.gate.wait()
        if not count:
            return Transcript(engine="openai")
        return Transcript(f"heard {count} samples", engine="openai", duration_s=count / RATE_HZ)


class CountedRecording(FakeRecording):
    """Counts the samples that were heard."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = 0

    async def __aiter__(self) -> AsyncIterator[Frame]:
        async for frame in super().__aiter__():
            self.heard += len(frame)
            yield frame


class OneMicrophone(FakeMicrophone):
    """The microphone of one dictation."""

    def __init__(self) -> None:
        super().__init__()
        self.recording: CountedRecording | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[FakeRecording]:
        self.recording = CountedRecording()
        try:
            yield self.recording
        finally:
            self.recording.close()


@dataclass
class Spoken:
    """One dictation as the sequence sees it: where it was begun, what was said, and the row that was made of it.

    `moved`: another window had the focus then.
    """

    begun_in: Target
    microphone: OneMicrophone = field(default_factory=OneMicrophone)
    clips: list[Clip] = field(default_factory=list)
    samples: int = 0
    entry: HistoryEntry | None = None
    untouched: bool = True
    voiced: bool = False
    moved: bool = False
    shortcut: bool = False
