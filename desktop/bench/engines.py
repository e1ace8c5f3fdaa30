"""The two that are compared: the app's own streaming recognizer, and the same model asked once, after the end.

Batch is what people mean by "just run Whisper on it": faster-whisper with its usual beam, one temperature so that its
time is that of one decode, all cores, and the compute type that the app uses. Its time leaves out what an app around it
would add (noticing the release, the recorder's last buffer), which flatters it.
"""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from anyio import to_thread

from desktop.paths import paths
from desktop.ports import RATE_HZ, Audio
from desktop.recognizers.local_model import AUTO, LocalModel, find
from desktop.recognizers.whisper import Whisper
from desktop.settings import load
from models.store import Store

BEAM = 5


@dataclass(frozen=True, slots=True)
class Engine:
    """The loaded streaming recognizer, the model it runs and the languages that it may hear (none: all)."""

    whisper: Whisper
    model: LocalModel
    languages: tuple[str, ...]

    def busy(self) -> bool:
        """Whether its process has something to do."""
        return self.whisper.busy

    def described(self) -> dict[str, Any]:
        """What a figure depends on."""
        return {"model": self.model.name, "device": self.whisper.device, "cpus": os.cpu_count()}


@asynccontextmanager
async def streaming(wanted: str) -> AsyncIterator[Engine]:
    """The recognizer as the settings have it, with the model `wanted` unless empty. Raises `RecognizerProblem`."""
    here = paths()
    settings = load(here.settings).settings.recognizer
    languages = tuple(code for code in settings.language if code != AUTO)
    model = await find(Store(here.models), wanted or settings.model, lambda progress: None)

    async def found() -> LocalModel:
        return model

    whisper = Whisper(found, languages)
    try:
        await whisper.load()
        yield Engine(whisper, model, languages)
    finally:
        await whisper.close()


class Batch:
    """The same model, decoding a whole recording at once. Construction loads it and decodes once to warm up."""

    def __init__(self, folder: Path, device: str, languages: tuple[str, ...]) -> None:
        import ctranslate2
        from faster_whisper import WhisperModel

        kinds = ctranslate2.get_supported_compute_types(device)
        wanted = ("int8_float16", "float16", "float32") if device == "cuda" else ("int8", "float32")
        compute = next(kind for kind in wanted if kind in kinds)
        self._language = languages[0] if len(languages) == 1 else None
        self._whisper = WhisperModel(
            str(folder), device=device, compute_type=compute, cpu_threads=os.cpu_count() or 1, local_files_only=True
        )
        self.decode(np.random.default_rng(0).normal(0, 0.01, RATE_HZ).astype(np.float32))

    def decode(self, audio: Audio) -> tuple[str, float]:
        """The text of `audio` and the seconds it took. For a worker thread."""
        began = time.monotonic()
        segments, _ = self._whisper.transcribe(
            audio,
            language=self._language,
            beam_size=BEAM,
            temperature=[0.0],
            condition_on_previous_text=False,
            vad_filter=False,
        )
        text = "".join(segment.text for segment in segments).strip()
        return text, time.monotonic() - began


async def batch(engine: Engine) -> Batch:
    """The rival of `engine`."""
    load_it = partial(Batch, engine.model.folder, engine.whisper.device, engine.languages)
    return await to_thread.run_sync(load_it)
