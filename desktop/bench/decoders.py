"""Create the two decoders to compare: the app's streaming recognizer, and the same model run once after the end."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from anyio import to_thread

from desktop.audio.vad import VoiceActivity
from desktop.core.paths import find_paths
from desktop.core.text import join_texts
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio
from desktop.settings.live import load_in_force
from desktop.settings.schema import AUTO
from desktop.stt.local.audio_window import pad_tail
from desktop.stt.local.client import WhisperClient
from desktop.stt.local.decoding import DecodeRequest
from desktop.stt.local.gguf_decoder import GgufDecoder, find_gguf
from desktop.stt.local.language import known_language
from desktop.stt.local.model_choice import LocalModel, find_model
from desktop.stt.segmenter import Segmenter, span_phrases
from desktop.stt.traits import load_traits
from models.store import ModelStore

BEAM_SIZE = 5


@dataclass(frozen=True, slots=True)
class BenchEngine:
    """The loaded streaming recognizer, its model and its allowed languages (none: all)."""

    whisper: WhisperClient
    model: LocalModel
    languages: tuple[str, ...]

    def is_busy(self) -> bool:
        """Return whether the recognizer's process is working."""
        return self.whisper.is_busy

    def describe(self) -> dict[str, Any]:
        """Return the conditions that the figures depend on."""
        return {"model": self.model.name, "device": self.whisper.device, "cpus": os.cpu_count()}


@asynccontextmanager
async def load_streaming(model_name: str) -> AsyncIterator[BenchEngine]:
    """Load the configured recognizer, with the model `model_name` unless empty. Raises `RecognizerError`."""
    paths = find_paths()
    loaded = load_in_force(paths)
    settings = loaded.settings.recognizer
    languages = tuple(code for code in settings.language if code != AUTO)
    model = await find_model(
        ModelStore(paths.models),
        model_name or settings.model,
        lambda progress: None,
        fetch_problem=None if model_name else loaded.fetch_problem,
    )

    async def get_model() -> LocalModel:
        return model

    whisper = WhisperClient(get_model, languages)
    try:
        await whisper.load()
        yield BenchEngine(whisper, model, languages)
    finally:
        await whisper.close()


class BatchDecoder(Protocol):
    """Decodes a whole recording at once."""

    def decode(self, audio: Audio) -> tuple[str, float]:
        """Return the text of `audio` and the seconds it took. Call from a worker thread."""
        ...


class WhisperBatchDecoder:
    """The same model, decoding a whole recording at once. Construction loads it and decodes once to warm up.

    This is plain Whisper: faster-whisper with its usual beam, one temperature so that its time is that of one decode,
    all cores, and the compute type that the app uses. Its time excludes what an app would add (noticing the release,
    the recorder's last buffer), which flatters it.
    """

    def __init__(self, folder: Path, device: str, languages: tuple[str, ...]) -> None:
        import ctranslate2
        from faster_whisper import WhisperModel

        supported = ctranslate2.get_supported_compute_types(device)
        preferred = ("int8_float16", "float16", "float32") if device == "cuda" else ("int8", "float32")
        compute = next(kind for kind in preferred if kind in supported)
        self._language = languages[0] if len(languages) == 1 else None
        self._whisper = WhisperModel(
            str(folder), device=device, compute_type=compute, cpu_threads=os.cpu_count() or 1, local_files_only=True
        )
        self.decode(np.random.default_rng(0).normal(0, 0.01, RATE_HZ).astype(np.float32))

    def decode(self, audio: Audio) -> tuple[str, float]:
        """Return the text of `audio` and the seconds it took. Call from a worker thread."""
        started_at = time.monotonic()
        segments, _ = self._whisper.transcribe(
            audio,
            language=self._language,
            beam_size=BEAM_SIZE,
            temperature=[0.0],
            condition_on_previous_text=False,
            vad_filter=False,
        )
        text = "".join(segment.text for segment in segments).strip()
        return text, time.monotonic() - started_at


class GgufBatchDecoder:
    """A model in GGUF, decoding a whole recording at once, cut at pauses into the longest windows that it takes.

    Without live words and without phrases; else as the app decodes. Construction loads it.
    """

    def __init__(self, model: LocalModel, languages: tuple[str, ...]) -> None:
        self._decoder = GgufDecoder(str(find_gguf(model.folder)), model.family)
        self._traits = load_traits(model.family)
        self._language = known_language(self._traits, languages, "")

    def decode(self, audio: Audio) -> tuple[str, float]:
        """Return the text of `audio` and the seconds it took. Call from a worker thread."""
        started_at = time.monotonic()
        voice, segmenter = VoiceActivity(), Segmenter(self._traits)
        for start in range(0, len(audio) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
            segmenter.add_frame(voice(audio[start : start + FRAME_SAMPLES]))
        segmenter.finish()
        segmenter.merge_groups(0)
        windows = map(span_phrases, segmenter.groups)
        request = DecodeRequest("", self._language)
        texts = [
            self._decoder.decode(pad_tail(audio[window.start : window.end], self._traits), request).text
            for window in windows
        ]
        return join_texts(texts), time.monotonic() - started_at


async def load_batch(engine: BenchEngine) -> BatchDecoder:
    """Load the batch decoder to compare `engine` with."""
    if engine.model.format == "gguf":
        return await to_thread.run_sync(partial(GgufBatchDecoder, engine.model, engine.languages))
    load = partial(WhisperBatchDecoder, engine.model.folder, engine.whisper.device, engine.languages)
    return await to_thread.run_sync(load)
