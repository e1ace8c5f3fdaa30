"""Run the dictation flow on a test stand, and time it: everything between the key and the paste is the app's own.

Replaced are the user (key events at known times), the microphone (a thread feeds a file, in PortAudio's chunks and with
its delay, into the app's real recording) and the window (which notes when it received its text). The physical key
release is the time at which the event was due, so that a late event loop counts against the app.
"""

from __future__ import annotations

import math
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import anyio
import numpy as np
import soxr

from desktop.audio.microphone.device import MicrophoneDevice
from desktop.audio.microphone.recording import SystemRecording
from desktop.audio.microphone.stream import AudioChunk, MicrophoneStream
from desktop.audio.spool import Spool
from desktop.audio.spool_file import SpoolFile
from desktop.audio.vad import VoiceActivity
from desktop.bench.passages import Passage
from desktop.core.errors import UserError
from desktop.core.interfaces import Paster, Recognizer
from desktop.core.state import DictationState, Done, Failed, Listening, Transcribing
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Outcome, PasteResult, Target
from desktop.dictation.controller import DictationController
from desktop.dictation.dependencies import SessionDependencies
from desktop.history.rows import HistoryEntry
from desktop.hotkeys.gesture import DictationIntent, GestureEvent
from desktop.hotkeys.gesture_runner import GestureRunner
from desktop.polish.polisher import TextPolisher
from desktop.stt.segmenter import VOICE_THRESHOLD

PLAYBACK_HZ = 48_000
"""Sample rate in Hz of most microphones."""

CHUNK_S = 0.025
"""Seconds in a chunk of PortAudio: a quarter of the 0.1 s buffer that `desktop.audio.microphone` requests."""

SERVER_DELAY_S = 0.025
"""Seconds that the newest sample of a chunk spent in the sound server: as `desktop.audio.microphone` estimates, one
chunk."""

ROOM_NOISE_RMS = 0.0005
"""Root mean square of a quiet room's noise: -66 dB of full scale."""


@dataclass(frozen=True, slots=True)
class BenchDictation:
    """One dictation. `audio` is what the app recorded, at `RATE_HZ`.

    `release_to_text_ms`: from the physical key release until the paster had the final text, None where nothing was
    recognized. `first_partial_ms`: from the first frame detected as voice to the first words shown, None where there
    were none before the final text. `entry`: what the history would store.
    """

    audio: Audio
    release_to_text_ms: float | None
    first_partial_ms: float | None
    entry: HistoryEntry | None


async def run_dictation(recognizer: Recognizer, passage: Passage, late_s: float) -> BenchDictation:
    """Play `passage` with the key held, release it `late_s` after the last word, and time it. Raises `UserError`."""
    with tempfile.TemporaryDirectory(prefix="intone-bench-") as folder:
        stand = _TestStand(recognizer, passage, Path(folder))
        await stand.run(late_s)
        return stand.result()


class _TestStand:
    """The surroundings of the dictation flow."""

    def __init__(self, recognizer: Recognizer, passage: Passage, folder: Path) -> None:
        self._passage = passage
        self._microphone = _FileMicrophone(passage.audio)
        self._paster = _DiscardingPaster()
        self._released_at = 0.0
        self._first_words_at: float | None = None
        self._finished = anyio.Event()
        self._problem: UserError | None = None
        self._entry: HistoryEntry | None = None
        self._audio: Audio = np.zeros(0, np.float32)
        self._send, self._intents = anyio.create_memory_object_stream[tuple[DictationIntent, float]](math.inf)
        self._gestures = GestureRunner(lambda intent, at: self._send.send_nowait((intent, at)))
        dependencies = SessionDependencies(
            self._microphone, recognizer, TextPolisher(), self._paster, Spool(folder), self._record
        )
        self._controller = DictationController(dependencies, self._on_state, self._gestures.on_auto_stop)

    async def run(self, late_s: float) -> None:
        async with self._send, self._intents, anyio.create_task_group() as tasks:
            tasks.start_soon(self._controller.run, self._intents)
            self._gestures.handle_key(GestureEvent.DOWN)
            await self._microphone.opened.wait()
            self._released_at = self._microphone.started_at + self._passage.end_s + late_s
            await anyio.sleep_until(self._released_at)
            self._gestures.handle_key(GestureEvent.UP)
            await self._finished.wait()
            self._send.close()

    def result(self) -> BenchDictation:
        if self._problem is not None:
            raise self._problem
        pasted_at = self._paster.pasted_at
        onset_at = self._microphone.started_at + _find_voice_onset_s(self._passage.audio)
        return BenchDictation(
            self._audio,
            _elapsed_ms(self._released_at, pasted_at),
            _elapsed_ms(onset_at, self._first_words_at),
            self._entry,
        )

    def _on_state(self, state: DictationState) -> None:
        match state:
            case Listening(transcript) | Transcribing(transcript) if transcript.text and self._first_words_at is None:
                self._first_words_at = time.monotonic()
            case Failed(problem):
                self._problem = problem
                self._finished.set()
            case Done():
                self._finished.set()

    def _record(self, entry: HistoryEntry, spool_file: SpoolFile) -> int:
        self._entry, self._audio = entry, spool_file.read_audio()
        spool_file.discard()
        return 1


def _find_voice_onset_s(audio: Audio) -> float:
    """Return when the first frame begins that the voice detector detects. Loudness would not do: a breath before the
    first word is loud and can last half a second."""
    voice = VoiceActivity()
    starts = range(0, len(audio), FRAME_SAMPLES)
    return next(
        (start / RATE_HZ for start in starts if voice(audio[start : start + FRAME_SAMPLES]) >= VOICE_THRESHOLD), 0.0
    )


def _elapsed_ms(since: float, until: float | None) -> float | None:
    return None if until is None else round((until - since) * 1000, 1)


class _FileMicrophone:
    """A `Microphone` that plays `audio` and then a quiet room, one recording at a time."""

    def __init__(self, audio: Audio) -> None:
        self._audio = soxr.resample(audio, RATE_HZ, PLAYBACK_HZ).astype(np.float32, copy=False)
        self.started_at = 0.0
        self.opened = anyio.Event()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[SystemRecording]:
        stream = MicrophoneStream()
        stream.device = MicrophoneDevice("", "a recording", False, PLAYBACK_HZ, 1)
        closed = threading.Event()
        self.started_at = time.monotonic()
        recording = SystemRecording(stream, self.started_at)
        player = threading.Thread(target=self._play, args=(recording, closed), daemon=True)
        player.start()
        self.opened.set()
        try:
            yield recording
        finally:
            closed.set()
            player.join()

    def _play(self, recording: SystemRecording, closed: threading.Event) -> None:
        size = round(CHUNK_S * PLAYBACK_HZ)
        random = np.random.default_rng(0)
        for number in count():
            chunk = (ROOM_NOISE_RMS * random.standard_normal(size)).astype(np.float32)
            speech = self._audio[number * size : (number + 1) * size]
            chunk[: len(speech)] += speech
            due = self.started_at + (number + 1) * CHUNK_S + SERVER_DELAY_S
            if closed.wait(max(0.0, due - time.monotonic())):
                return
            recording.on_chunks(recording.stream, AudioChunk(chunk.tobytes(), time.monotonic()))


class _DiscardingPaster(Paster):
    """A `Paster` that discards the text."""

    def __init__(self) -> None:
        self.pasted_at: float | None = None

    async def find_target(self) -> Target:
        return Target()

    async def paste(self, text: str, target: Target, on_sent: Callable[[], None], enter: bool = False) -> PasteResult:
        self.pasted_at = time.monotonic()
        on_sent()
        return PasteResult(Outcome.INSERTED)
