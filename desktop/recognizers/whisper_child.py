"""The process that owns a Whisper model: load, decode, end.

A process of its own, because a missing CUDA library aborts whatever process first infers, because a decode holds the
processor for a second while the app must hear the keyboard, and because memory is really given back only by ending. It
reads jobs from standard input and answers on standard output (see `wire`), one at a time, in order. When standard input
ends, the app has gone and so does the child, at once, whatever it is decoding.

It calls CTranslate2 itself rather than `WhisperModel.transcribe`, which always encodes 30 s (0.44 s of a 0.5 s job for
two seconds of speech on two cores), encodes twice to detect a language, and climbs a ladder of temperatures.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from desktop.ports import RATE_HZ, Audio
from desktop.recognizers import wire

FULL = 3000
"""Mel frames of Whisper's window: 30 s of 10 ms."""

CROPPED = ("tiny", "base", "small")
"""Models that may be given less than the full window: WER 11.13 % against 11.23 % for base, at half the time. Medium,
large and turbo fall apart (turbo: 15.4 % to 62.9 %)."""

LOOPED = 2.4
"""Text that compresses better than this repeats itself (Whisper's own threshold)."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a window says. `guard` names the check that made it be decoded a second time, or is empty."""

    text: str
    language: str
    probability: float
    guard: str


def mel_frames(samples: int, crop: bool) -> int:
    """The encoder's input length in mel frames: twice the speech, at least 15.36 s, where the model bears it."""
    return min(FULL, max(1536, 2 * -(-samples * 100 // RATE_HZ))) if crop else FULL


def loops(text: str) -> bool:
    """Whether the text repeats itself as no person does."""
    data = text.encode()
    return len(data) > 60 and len(data) / len(zlib.compress(data)) > LOOPED


class Model:
    """A loaded model. Construction reads it and runs it once on noise, which is what aborts on a broken GPU."""

    def __init__(self, folder: str, name: str, device: str, threads: int) -> None:
        import ctranslate2
        from faster_whisper import WhisperModel

        if device == "auto":
            device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
        kinds = ctranslate2.get_supported_compute_types(device)
        wanted = ("int8_float16", "float16", "float32") if device == "cuda" else ("int8", "float32")
        self.compute = next(kind for kind in wanted if kind in kinds)
        self.device = device
        self._crop = device == "cpu" and name.split(".")[0] in CROPPED
        self._whisper = WhisperModel(folder, device=device, compute_type=self.compute, cpu_threads=threads)
        noise = np.random.default_rng(0).normal(0, 0.1, RATE_HZ).astype(np.float32)
        self.decode(noise, "en", (), beam=1)

    def decode(self, audio: Audio, language: str, allowed: tuple[str, ...], beam: int) -> Decoded:
        """Decode up to 30 s; `language` empty detects it among `allowed` (all, when empty)."""
        features = self._whisper.feature_extractor(audio)[:, :FULL]
        frames = mel_frames(len(audio), self._crop)
        decoded, sure = self._once(features, frames, language, allowed, beam)
        if not sure:
            again, _ = self._once(features, FULL, decoded.language, (), max(beam, 5))
            return Decoded(again.text, decoded.language, decoded.probability, "loop")
        return decoded

    def _once(
        self, features: Any, frames: int, language: str, allowed: tuple[str, ...], beam: int
    ) -> tuple[Decoded, bool]:
        from faster_whisper.audio import pad_or_trim
        from faster_whisper.tokenizer import Tokenizer
        from faster_whisper.transcribe import get_suppressed_tokens

        whisper = self._whisper
        encoded = whisper.encode(pad_or_trim(features, frames))
        probability = 1.0
        if not whisper.model.is_multilingual:
            language = "en"
        elif not language:
            ranked = [(token[2:-2], float(p)) for token, p in whisper.model.detect_language(encoded)[0]]
            language, probability = next((r for r in ranked if not allowed or r[0] in allowed), ranked[0])
        tokenizer = Tokenizer(whisper.hf_tokenizer, whisper.model.is_multilingual, task="transcribe", language=language)
        prompt = whisper.get_prompt(tokenizer, [], without_timestamps=True)
        result = whisper.model.generate(
            encoded,
            [prompt],
            beam_size=beam,
            max_length=whisper.max_length,
            suppress_blank=True,
            suppress_tokens=list(get_suppressed_tokens(tokenizer, [-1])),
        )[0]
        tokens = result.sequences_ids[0]
        text = tokenizer.decode(tokens).strip()
        full = len(tokens) >= whisper.max_length // 2 - len(prompt)
        return Decoded(text, language, probability, ""), not (full or loops(text))


def main() -> None:
    """Serve jobs until standard input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not break the answers
    jobs: queue.SimpleQueue[wire.Message] = queue.SimpleQueue()

    def read() -> None:
        while (message := wire.read(sys.stdin.buffer)) is not None:
            jobs.put(message)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    model: Model | None = None
    while True:
        head, payload = jobs.get()
        began = time.monotonic()
        try:
            match head["do"]:
                case "load":
                    model = Model(head["folder"], head["name"], head["device"], head["threads"])
                    answer: dict[str, Any] = {"device": model.device, "compute": model.compute}
                case "decode":
                    assert model is not None, "a decode came before a load"
                    audio = np.frombuffer(payload, np.float32)
                    found = model.decode(audio, head["language"], tuple(head["allowed"]), head["beam"])
                    answer = {
                        "text": found.text,
                        "language": found.language,
                        "probability": found.probability,
                        "guard": found.guard,
                    }
                case other:
                    raise ValueError(f"unknown job {other!r}")
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        wire.write(answers, {"id": head["id"], "took_s": time.monotonic() - began, **answer})


if __name__ == "__main__":
    main()
