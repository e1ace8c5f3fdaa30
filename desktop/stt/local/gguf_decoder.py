"""Decode windows of audio with a model in GGUF, by transcribe.cpp (`docs/adr/0019`).

It computes one decode per loaded model at a time. On a CPU each lane has a model of its own, which costs little: the
weights are mapped from the file and shared. On a GPU the lanes take turns with one.

A window is decoded once. These models tell little of how sure they are: what is repeated or cut off is said
(`DecodeResult.is_looped`), and the words until then are kept; what a window may be worth is judged by the stream. A
window that the model refuses, such as one that is too long for it, has no words and is in doubt, so that shorter ones
are decoded.
"""

from __future__ import annotations

import os
import queue
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from desktop.core.messages import Foreign, Message
from desktop.core.types import RATE_HZ, Audio
from desktop.stt.local.decoding import (
    GGUF_UNREADABLE,
    LANE_COUNT,
    LIBRARY_UNUSABLE,
    VULKAN,
    VULKAN_UNUSABLE,
    AlignedText,
    DecodeRequest,
    DecoderError,
    DecodeResult,
    DeviceLostError,
    TokenTime,
)
from desktop.stt.traits import DETECT, TOKENS, TOLD, VOCABULARY, load_traits

if TYPE_CHECKING:  # the library is loaded with the first model
    from transcribe_cpp import Result, Session, TranscribeError

MIN_SAMPLES = RATE_HZ // 10
"""Samples below which a window is padded with silence: 0.1 s is too short for some encoders."""

_QUOTED_FOLDER = re.compile(r"'[^']*[/\\](?=[^'/\\]*')")
"""The folder of a file that an error of the library names."""

SINGLE_THREADED = ("moonshine",)
"""Families for which a second thread is no gain: their steps are too small for it (measured on two cores)."""

_NO_VULKAN = {"VK_DRIVER_FILES": "/dev/null", "VK_ICD_FILENAMES": "/dev/null"}
"""Environment variables by which no Vulkan driver is loaded: one that crashes must not matter on a CPU."""


def find_gguf(folder: Path) -> Path:
    """Return the model's file in its folder; one that is not there if there is none."""
    return next(iter(sorted(folder.glob("*.gguf"))), folder / "model.gguf")


class _RefusedError(DecoderError):
    """The model cannot decode this window; another one it may."""


class GgufDecoder:
    """A loaded model. Construction reads it and runs it once on noise. Raises `DecoderError`."""

    def __init__(self, file: str, family: str, device: str = "cpu", threads: int = 0) -> None:
        self.device = VULKAN if device == VULKAN else "cpu"
        library = _load_library(self.device)
        self.compute = Path(file).stem.rpartition("-")[2]  # as the files are named: Q8_0
        self._library = library
        self._traits = load_traits(family)
        threads = threads or (1 if family in SINGLE_THREADED else max(1, (os.cpu_count() or 1) // LANE_COUNT))
        self._sessions: queue.SimpleQueue[Session] = queue.SimpleQueue()
        with self._convert_errors():
            for _ in range(1 if self.device == VULKAN else LANE_COUNT):
                model = library.Model(file, backend=self.device)
                self._sessions.put(model.session(n_threads=threads))
            capabilities = model.capabilities
            self._takes_words = self._traits.words == VOCABULARY and model.supports("vocabulary")
        tells_times = self._traits.evidence == TOKENS and capabilities.max_timestamp_kind == "token"
        self._timestamps: Literal["none", "token"] = "token" if tells_times else "none"
        self._languages = capabilities.languages if self._traits.language in (DETECT, TOLD) else ()
        noise = np.random.default_rng(0).normal(0, 0.1, RATE_HZ).astype(np.float32)
        self._run(noise, DecodeRequest("9" * 31, self._traits.only_language or "en"))

    def decode(self, audio: Audio, request: DecodeRequest) -> DecodeResult:
        """Decode up to 30 s. Raises `DecoderError`, and `DeviceLostError` where the GPU failed."""
        if request.only_language:
            return self._detect_language(audio, request)
        try:
            result, is_looped = self._run(audio, request)
        except _RefusedError:
            return DecodeResult("", self._traits.only_language or request.language, "coverage", sure=False)
        language = self._traits.only_language or result.language or request.language
        guard = "loop" if is_looped else ""
        times = [(token.t0_ms / 1000, token.t1_ms / 1000) for token in result.tokens]
        return DecodeResult(result.text.strip(), language, guard, not is_looped, is_looped=is_looped, token_times=times)

    def align(self, audio: Audio, texts: Sequence[str], language: str) -> list[AlignedText]:
        """Return the text that the model hears, with its times, for each of `texts`; empty if it tells no times."""
        if self._timestamps == "none":
            return []
        try:
            result, _ = self._run(audio, DecodeRequest("", language))
        except _RefusedError:
            return []
        tokens: list[TokenTime] = []
        text = ""
        for token in result.tokens:
            begin, text = len(text), text + token.text
            tokens.append(TokenTime(begin, len(text), token.t0_ms / 1000, token.t1_ms / 1000, token.p))
        return [AlignedText(text, tuple(tokens))] * len(texts)

    def list_alternatives(self, audio: Audio, language: str, count: int) -> list[str]:
        """Return nothing: the library has one text for a window."""
        return []

    def _detect_language(self, audio: Audio, request: DecodeRequest) -> DecodeResult:
        language = self._traits.only_language
        if not language:
            with suppress(_RefusedError):
                language = self._run(audio, request)[0].language
        known = [language] if language and (not request.allowed or language in request.allowed) else request.allowed
        return DecodeResult("", (known or ("en",))[0], odds=dict.fromkeys(known or ("en",), 1 / max(1, len(known))))

    def _run(self, audio: Audio, request: DecodeRequest) -> tuple[Result, bool]:
        """Return what the model says, and whether it repeated itself or ran into its limit."""
        options: dict[str, Any] = {}
        if request.language in self._languages:
            options["language"] = request.language
        if self._takes_words and request.words:
            options["vocabulary"] = list(request.words)
        samples = np.pad(audio, (0, max(0, MIN_SAMPLES - len(audio)))).tobytes()
        session = self._sessions.get()
        try:
            with self._convert_errors():
                try:
                    return session.run(samples, timestamps=self._timestamps, **options), False
                except self._library.OutputTruncated as error:  # and `OutputRepetition`, which is one
                    if error.partial_result is None:
                        raise
                    return error.partial_result, True
        finally:
            self._sessions.put(session)

    @contextmanager
    def _convert_errors(self) -> Iterator[None]:
        """Convert the library's errors to this app's."""
        library = self._library
        try:
            yield
        except library.BackendError as error:
            if self.device == VULKAN:
                raise DeviceLostError(Message(VULKAN_UNUSABLE), _without_folders(error)) from error
            raise DecoderError(_describe(error)) from error
        except library.OutOfMemory as error:
            kind = DeviceLostError if self.device == VULKAN else DecoderError
            raise kind(Message("memory-exhausted")) from error
        except (library.ModelLoadError, library.ModelFileNotFound, library.NotImplementedByModel) as error:
            raise DecoderError(Message(GGUF_UNREADABLE)) from error
        except (library.OutputTruncated, library.InputTooLong, library.UnsupportedRequest) as error:
            raise _RefusedError(_describe(error)) from error
        except library.AbiError as error:
            raise DecoderError(Message(LIBRARY_UNUSABLE, error=Foreign(error))) from error
        except library.TranscribeError as error:
            raise DecoderError(_describe(error)) from error


def _describe(error: TranscribeError) -> Message:
    return Message("ggml-failed", error=Foreign(_without_folders(error)))


def _without_folders(error: TranscribeError) -> str:
    return _QUOTED_FOLDER.sub("'", str(error))


def _load_library(device: str) -> Any:
    """Import transcribe.cpp, which loads what this machine can compute with. Raises `DecoderError`."""
    if device != VULKAN:
        os.environ.update(_NO_VULKAN)
    try:
        with _silent_stderr():
            import transcribe_cpp
    except (ImportError, OSError, RuntimeError) as error:  # its own errors are of the last kind
        raise DecoderError(Message(LIBRARY_UNUSABLE, error=Foreign(error))) from error
    transcribe_cpp.set_log_callback(None)
    return transcribe_cpp


@contextmanager
def _silent_stderr() -> Iterator[None]:
    """Keep a library from writing to standard error, whose last lines explain the end of this process."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
