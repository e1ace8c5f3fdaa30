"""Test stand for the dictation flow: short fakes at its edges, and a driver with press, say and release.

A fake waits at a gate where a test holds it; nothing sleeps.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import numpy as np
from anyio.abc import TaskGroup

from desktop.audio.spool import Spool
from desktop.audio.spool_file import SpoolFile
from desktop.core.errors import MicrophoneError, UserError
from desktop.core.interfaces import Paster
from desktop.core.messages import Notes
from desktop.core.state import DictationState
from desktop.core.types import (
    FRAME_SAMPLES,
    Audio,
    DictationContext,
    EmotionResult,
    Frame,
    Outcome,
    PasteResult,
    PolishedText,
    SentData,
    Target,
    Transcript,
)
from desktop.dictation.controller import DictationController
from desktop.dictation.dependencies import SessionDependencies
from desktop.history.rows import HistoryEntry
from desktop.hotkeys.gesture import DictationIntent
from desktop.hotkeys.gesture_runner import GestureRunner
from desktop.polish.polisher import TextPolisher
from desktop.stt.expected_speech import find_expected


class FakeRecording:
    """Gives what `say` puts in, until stopped or unplugged."""

    device = "Fake Microphone"
    preroll_s = 0.0

    def __init__(self) -> None:
        self.problem: UserError | None = None
        self.notes: Notes = ()
        self._send, self._receive = anyio.create_memory_object_stream[Frame](3000)
        self.unplugged: MicrophoneError | None = None
        self.closed = False

    def say(self, frames: int = 1) -> None:
        for _ in range(frames):
            self._send.send_nowait(np.full(FRAME_SAMPLES, 0.1, np.float32))

    def play(self, audio: Audio) -> None:
        """What is in `audio`, at most a minute and a half that has not been heard yet."""
        for start in range(0, len(audio), FRAME_SAMPLES):
            self._send.send_nowait(audio[start : start + FRAME_SAMPLES])

    def stop(self, at: float) -> None:
        self._send.close()

    def close(self) -> None:
        self.closed = True
        self._send.close()
        self._receive.close()

    async def __aiter__(self) -> AsyncIterator[Frame]:
        async for frame in self._receive:
            yield frame
        if self.unplugged is not None:
            raise self.unplugged


class FakeMicrophone:
    """Opens a `FakeRecording` a press, or refuses with `problem`."""

    def __init__(self) -> None:
        self.recordings: list[FakeRecording] = []
        self.problem: MicrophoneError | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[FakeRecording]:
        if self.problem is not None:
            raise self.problem
        recording = FakeRecording()
        self.recordings.append(recording)
        try:
            yield recording
        finally:
            recording.close()

    def find_problem(self) -> MicrophoneError | None:
        return self.problem


class FakeRecognizer:
    """Hears all, then says the next of `texts`, in the next of `languages` or English; `gates` hold an answer back, a
    `problem` replaces it. `expected` is what each was likely to say, as was known at the end."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.languages: list[str] = []
        self.gates: list[anyio.Event] = []
        self.problem: UserError | Exception | None = None
        self.heard: list[int] = []
        self.expected: list[str] = []

    async def transcribe(self, speech: AsyncIterator[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        text = self.texts.pop(0) if self.texts else ""
        language = self.languages.pop(0) if self.languages else "en"
        gate = self.gates.pop(0) if self.gates else None
        count = 0
        async for frame in speech:
            count += len(frame)
            on_partial(Transcript(text[: count // FRAME_SAMPLES]))
            if self.problem is not None:
                raise self.problem
        self.heard.append(count)
        self.expected.append(find_expected(language))
        if gate is not None:
            await gate.wait()
        text = text if count else ""
        return Transcript(text, len(text), language, duration_s=count / 16000, engine="fake", model="fake")


class FakePaster(Paster):
    """Keeps what was pasted; `focus` is what has the focus, `outcome` what comes of a paste."""

    def __init__(self) -> None:
        self.pasted: list[tuple[str, int]] = []
        self.entered: list[str] = []
        self.focus = Target(1, "editor", "Untitled")
        self.outcome = PasteResult(Outcome.INSERTED)
        self.before_sent: Callable[[], Awaitable[None]] | None = None

    async def find_target(self) -> Target:
        return self.focus

    async def paste(self, text: str, target: Target, on_sent: Callable[[], None], enter: bool = False) -> PasteResult:
        if self.before_sent is not None:
            await self.before_sent()
        self.pasted.append((text, target.handle))
        if enter:
            self.entered.append(text)
        if self.outcome.outcome is Outcome.INSERTED:
            on_sent()
        return self.outcome


class SlowPolisher(TextPolisher):
    """The rules, once `gate` is open."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = anyio.Event()

    async def polish(self, text: str, context: DictationContext, on_draft: Callable[[str], None]) -> PolishedText:
        await self.gate.wait()
        return await super().polish(text, context, on_draft)


class SendingPolisher(SlowPolisher):
    """A slow one that has sent all that it was told of; `told` is that, but for the empty text of a beginning."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def prepare(self, text: str, context: DictationContext) -> None:
        if text:
            self.told.append(text)

    def finish(self, context: DictationContext) -> tuple[SentData, ...]:
        told, self.told = self.told, []
        return (SentData("example", "polish", characters=sum(map(len, told))),) if told else ()


class FakeFeeler:
    """Says `felt`, or raises it, once `gate` is open; `heard` are the words and the samples it was given,
    `stopped` whether it was cancelled."""

    def __init__(self, felt: EmotionResult | Exception) -> None:
        self.felt = felt
        self.gate = anyio.Event()
        self.heard: list[tuple[str, int]] = []
        self.microphones: list[str] = []
        self.stopped = False

    async def detect(self, transcript: Transcript, audio: Audio, context: DictationContext) -> EmotionResult:
        self.heard.append((transcript.text, len(audio)))
        self.microphones.append(context.microphone)
        try:
            await self.gate.wait()
        except anyio.get_cancelled_exc_class():
            self.stopped = True
            raise
        if isinstance(self.felt, Exception):
            raise self.felt
        return self.felt


class Stage:
    """The flow with fakes around it."""

    def __init__(self, folder: Path) -> None:
        self.microphone = FakeMicrophone()
        self.recognizer = FakeRecognizer()
        self.paster = FakePaster()
        self.spool = Spool(folder)
        self.rows: list[HistoryEntry] = []
        self.felt: list[tuple[int, EmotionResult]] = []
        self.states: list[DictationState] = []
        self.overs = 0
        self.keys: GestureRunner | None = None
        self._send, self._intents = anyio.create_memory_object_stream[tuple[DictationIntent, float]](100)
        self._changed = anyio.Event()
        self.dictation = DictationController(self.parts(), self._show, self._over)

    def parts(self) -> SessionDependencies:
        return SessionDependencies(
            self.microphone,
            self.recognizer,
            TextPolisher(),
            self.paster,
            self.spool,
            self._remember,
            add_emotion=self._felt,
        )

    def start(self, tasks: TaskGroup) -> None:
        tasks.start_soon(self._run)

    async def _run(self) -> None:
        with self._send, self._intents:
            await self.dictation.run(self._intents)

    async def press(self) -> FakeRecording:
        count = len(self.microphone.recordings)
        self.mean(DictationIntent.BEGIN)
        await self.until(lambda: len(self.microphone.recordings) > count)
        return self.microphone.recordings[-1]

    def release(self) -> None:
        self.mean(DictationIntent.END)

    def escape(self) -> None:
        self.mean(DictationIntent.CANCEL)

    def mean(self, intent: DictationIntent) -> None:
        self._send.send_nowait((intent, anyio.current_time()))

    async def until(self, met: Callable[[], bool]) -> None:
        """Let everything run until `met`."""
        with anyio.fail_after(30):
            while not met():
                await anyio.lowlevel.checkpoint()

    async def until_shown(self, met: Callable[[], bool]) -> None:
        """Let everything run until `met`, which only what is shown changes: threads have the processor meanwhile."""
        with anyio.fail_after(60):
            while not met():
                await self._changed.wait()

    async def until_state(self, kind: type[DictationState]) -> DictationState:
        await self.until(lambda: bool(self.states) and isinstance(self.states[-1], kind))
        return self.states[-1]

    def _remember(self, entry: HistoryEntry, take: SpoolFile) -> int:
        self.rows.append(entry)
        take.discard()
        return len(self.rows)

    def _felt(self, id: int, felt: EmotionResult) -> None:
        self.felt.append((id, felt))

    def _show(self, state: DictationState) -> None:
        self.states.append(state)
        self._changed.set()
        self._changed = anyio.Event()

    def _over(self, pressed_at: float) -> None:
        self.overs += 1
        if self.keys is not None:
            self.keys.on_auto_stop(pressed_at)


@asynccontextmanager
async def on(folder: Path, *texts: str) -> AsyncIterator[Stage]:
    """The flow at work, which will hear these texts."""
    stage = Stage(folder)
    stage.recognizer.texts = list(texts)
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        yield stage
        tasks.cancel_scope.cancel()
