"""Keep what the encoder made of the last sounds for the next questions about them: several are asked about each."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from typing import Any

from desktop.core.types import Audio

MAX_KEPT = 10
"""Most encodings that are kept: those of a correction, of up to four places, and of its sound in each, are 1 MB each
with base and 8 MB with large models."""

KEPT_S = 10.0
"""Seconds after the last question until all are forgotten: a correction is done by then, and sound may be deleted."""


class KeptEncodings:
    """The encodings that `encode(audio, frames)` returned last, by a digest of the sound. From any thread."""

    def __init__(self, encode: Callable[[Audio, int], Any], kept_s: float = KEPT_S) -> None:
        self._encode = encode
        self._kept_s = kept_s
        self._encodings: dict[tuple[bytes, int], Any] = {}
        self._forget_at = 0.0
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()

    def encode(self, audio: Audio, frames: int) -> Any:
        """Return the encoding, made before or now."""
        key = hashlib.sha256(audio.tobytes()).digest(), frames
        with self._lock:
            encoding = self._encodings.pop(key, None)
        if encoding is None:
            encoding = self._encode(audio, frames)
        with self._lock:
            self._encodings[key] = encoding
            while len(self._encodings) > MAX_KEPT:
                del self._encodings[next(iter(self._encodings))]
            self._forget_at = time.monotonic() + self._kept_s
            if self._timer is None:
                self._start_timer(self._kept_s)
        return encoding

    def _start_timer(self, after_s: float) -> None:
        self._timer = threading.Timer(after_s, self._forget)
        self._timer.daemon = True
        self._timer.start()

    def _forget(self) -> None:
        with self._lock:
            self._timer = None
            if (left_s := self._forget_at - time.monotonic()) > 0:
                self._start_timer(left_s)
            else:
                self._encodings.clear()
