"""Run the dictation flow on a test stand: everything between the key and the paste is the app's own.

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

from desktop.audio.microphone.devices import Device
from desktop.audio.microphone.recording import SystemRecording
from desktop.audio.microphone.stream import Chunk, Line
from desktop.audio.spool import Spool
from desktop.audio.take import Take
from desktop.audio.vad import VoiceActivity
from desktop.bench.passages import Passage
from desktop.core.errors import Problem
from desktop.core.interfaces import Recognizer
from desktop.core.state import Done, Failed, Listening, State, Transcribing
from desktop.core.types import FRAME, RATE_HZ, Audio, Delivery, Outcome, Target
from desktop.dictation.controller import Dictation
from desktop.dictation.dependencies import Parts
from desktop.history.row import Entry
from desktop.hotkeys.gesture import Event, Intent
from desktop.hotkeys.gesture_runner import Intents
from desktop.polish.polisher import Writer
from desktop.stt.local.segmenter import VOICE

PLAYED_HZ = 48_000
"""Sample rate in Hz of most microphones."""

CHUNK_S = 0.025
"""Seconds in a chunk of PortAudio: a quarter of the 0.1 s buffer that `audio.microphone` requests."""

SERVER_S = 0.025
"""Seconds that the newest sample of a chunk spent in the sound server: as `audio.microphone` estimates, one chunk."""

ROOM = 0.0005
"""Root mean square of a quiet room's noise: -66 dB of full scale."""


@dataclass(frozen=True, slots=True)
class Dictated:
    """One dictation. `audio` is what the app recorded, at `RATE_HZ`.

    `release_to_text_ms`: from the physical key release until the paster had the final text, None where nothing was
    recognized. `first_partial_ms`: from the first frame detected as voice to the first words shown, None where there
    were none before the final text. `entry`: what the history would store.
    """

    audio: Audio
    release_to_text_ms: float | None
    first_partial_ms: float | None
    entry: Entry | None


async def dictate(recognizer: Recognizer, passage: Passage, late_s: float) -> Dictated:
    """Play `passage` with the key held, release it `late_s` after the last word, and time it. Raises `UserError`."""
    with tempfile.TemporaryDirectory(prefix="intone-bench-") as folder:
        stand = _Stand(recognizer, passage, Path(folder))
        await stand.run(late_s)
        return stand.dictated()


class _Stand:
    """The surroundings of the dictation flow."""

    def __init__(self, recognizer: Recognizer, passage: Passage, folder: Path) -> None:
        self._passage = passage
        self._microphone = _Microphone(passage.audio)
        self._paster = _Paster()
        self._up_at = 0.0
        self._first_words_at: float | None = None
        self._ended = anyio.Event()
        self._problem: Problem | None = None
        self._entry: Entry | None = None
        self._audio: Audio = np.zeros(0, np.float32)
        self._send, self._intents = anyio.create_memory_object_stream[tuple[Intent, float]](math.inf)
        self._keys = Intents(lambda intent, at: self._send.send_nowait((intent, at)))
        parts = Parts(self._microphone, recognizer, Writer(), self._paster, Spool(folder), self._remember)
        self._dictation = Dictation(parts, self._show, self._keys.over)

    async def run(self, late_s: float) -> None:
        async with self._send, self._intents, anyio.create_task_group() as tasks:
            tasks.start_soon(self._dictation.run, self._intents)
            self._keys.key(Event.DOWN)
            await self._microphone.opened.wait()
            self._up_at = self._microphone.began_at + self._passage.end_s + late_s
            await anyio.sleep_until(self._up_at)
            self._keys.key(Event.UP)
            await self._ended.wait()
            self._send.close()

    def dictated(self) -> Dictated:
        if self._problem is not None:
            raise self._problem
        pasted_at = self._paster.pasted_at
        onset_at = self._microphone.began_at + _first_voice_s(self._passage.audio)
        return Dictated(
            self._audio,
            _ms(self._up_at, pasted_at),
            _ms(onset_at, self._first_words_at),
            self._entry,
        )

    def _show(self, state: State) -> None:
        match state:
            case Listening(words) | Transcribing(words) if words.text and self._first_words_at is None:
                self._first_words_at = time.monotonic()
            case Failed(problem):
                self._problem = problem
                self._ended.set()
            case Done():
                self._ended.set()

    def _remember(self, entry: Entry, take: Take) -> int:
        self._entry, self._audio = entry, take.audio()
        take.discard()
        return 1


def _first_voice_s(audio: Audio) -> float:
    """Return when the first frame begins that the voice detector detects. Loudness would not do: a breath before the
    first word is loud and can last half a second."""
    voice = VoiceActivity()
    starts = range(0, len(audio), FRAME)
    return next((start / RATE_HZ for start in starts if voice(audio[start : start + FRAME]) >= VOICE), 0.0)


def _ms(since: float, until: float | None) -> float | None:
    return None if until is None else round((until - since) * 1000, 1)


class _Microphone:
    """A `Microphone` that plays `audio` and then a quiet room, one recording at a time."""

    def __init__(self, audio: Audio) -> None:
        self._audio = soxr.resample(audio, RATE_HZ, PLAYED_HZ).astype(np.float32, copy=False)
        self.began_at = 0.0
        self.opened = anyio.Event()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[SystemRecording]:
        line = Line()
        line.device = Device("", "a recording", False, PLAYED_HZ, 1)
        closed = threading.Event()
        self.began_at = time.monotonic()
        recording = SystemRecording(line, self.began_at)
        player = threading.Thread(target=self._play, args=(recording, closed), daemon=True)
        player.start()
        self.opened.set()
        try:
            yield recording
        finally:
            closed.set()
            player.join()

    def _play(self, recording: SystemRecording, closed: threading.Event) -> None:
        size = round(CHUNK_S * PLAYED_HZ)
        random = np.random.default_rng(0)
        for number in count():
            chunk = (ROOM * random.standard_normal(size)).astype(np.float32)
            spoken = self._audio[number * size : (number + 1) * size]
            chunk[: len(spoken)] += spoken
            due = self.began_at + (number + 1) * CHUNK_S + SERVER_S
            if closed.wait(max(0.0, due - time.monotonic())):
                return
            recording.post(recording.line, Chunk(chunk.tobytes(), time.monotonic()))


class _Paster:
    """A `Paster` that discards the text."""

    def __init__(self) -> None:
        self.pasted_at: float | None = None

    async def target(self) -> Target:
        return Target()

    async def paste(self, text: str, target: Target, sent: Callable[[], None], enter: bool = False) -> Delivery:
        self.pasted_at = time.monotonic()
        sent()
        return Delivery(Outcome.INSERTED)
