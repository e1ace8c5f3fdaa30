"""Hear a voice with Whisper's encoder after a dictation whose text is of a model without a voice head.

It runs in a process of its own, at low priority, which ends with the recording: its memory is taken for a second or
two. The voice is cut into windows as Whisper cuts it, so that the state is that of a dictation with Whisper.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, replace
from pathlib import Path

import anyio
import numpy as np
from anyio import to_thread

from desktop.audio.vad import VoiceActivity
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Transcript
from desktop.emotion.voice_heads import VoiceHeads
from desktop.stt.local.decoding import DecodeRequest
from desktop.stt.local.process import WorkerError, WorkerProcess
from desktop.stt.segmenter import Segmenter, SpeechWindow, span_phrases
from models.store import ModelStore

logger = logging.getLogger(__name__)

MAX_ENCODED_S = 30.0
"""Seconds of a recording that are encoded: as many as its prosody is measured over."""

LOAD_TIMEOUT_S, ENCODE_TIMEOUT_S = 180.0, 90.0
MAX_MISSED_HEARTBEATS = 60
"""Missed heartbeats allowed: at low priority the process may have to wait for all others."""


class WhisperVoiceEncoder:
    """Encodes recordings with an installed Whisper model of `store` that has a head in `heads`, one after another."""

    def __init__(self, store: ModelStore, heads: VoiceHeads) -> None:
        self._store = store
        self._heads = heads
        self._lock = anyio.Lock()

    async def is_wanted(self, transcript: Transcript) -> bool:
        """Return whether there is such a model, and no head for the state that the transcript has, if any."""
        return await to_thread.run_sync(self._is_wanted, transcript)

    async def add_voice(self, transcript: Transcript, audio: Audio) -> Transcript:
        """Return the transcript with the state of the voice and its model; as it is where there is no such model, or
        nothing was spoken."""
        model = next(iter(await to_thread.run_sync(self._heads.list_encoders, self._store)), None)
        if model is None:
            return transcript
        windows = await to_thread.run_sync(find_voice_windows, audio[: int(MAX_ENCODED_S * RATE_HZ)])
        if not windows:
            return transcript
        try:
            async with self._lock:
                states = await _encode(self._store.model_path(model), model, [audio[w.start : w.end] for w in windows])
        except WorkerError as problem:
            logger.warning("a voice could not be encoded by %s: %s", model, problem)
            return transcript
        voice = np.average(np.array(states, np.float32), 0, [window.end - window.start for window in windows])
        return replace(transcript, voice=voice.astype(np.float32), voice_model=model)

    def _is_wanted(self, transcript: Transcript) -> bool:
        if transcript.voice is not None and self._heads.load(transcript.voice_model or transcript.model) is not None:
            return False
        return bool(self._heads.list_encoders(self._store))


def find_voice_windows(audio: Audio) -> list[SpeechWindow]:
    """Return the windows that Whisper would decode. Blocks."""
    segmenter, measure = Segmenter(), VoiceActivity()
    for start in range(0, len(audio), FRAME_SAMPLES):
        frame = audio[start : start + FRAME_SAMPLES]
        segmenter.add_frame(measure(np.pad(frame, (0, FRAME_SAMPLES - len(frame)))))
    segmenter.finish()
    return [span_phrases(group) for group in (*segmenter.groups, segmenter.phrases) if group]


async def _encode(folder: Path, model: str, windows: list[Audio]) -> list[list[float]]:
    """Return the mean encoder state of each window. Raises `WorkerError`."""
    worker = await WorkerProcess.start(is_background=True)
    try:
        head = {"do": "load", "folder": str(folder), "name": model, "format": "ctranslate2", "family": "whisper"}
        await worker.request(LOAD_TIMEOUT_S, {**head, "device": "cpu"}, max_missed=MAX_MISSED_HEARTBEATS)
        ask = {"do": "decode", "ask": asdict(DecodeRequest("", "en", only_voice=True))}
        return [
            (await worker.request(ENCODE_TIMEOUT_S, ask, window.tobytes(), MAX_MISSED_HEARTBEATS))["voice"]
            for window in windows
        ]
    finally:
        with anyio.CancelScope(shield=True):
            await worker.stop()
