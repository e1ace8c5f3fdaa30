"""Encodings of the last sounds, and when they are forgotten."""

from __future__ import annotations

import threading

import numpy as np

from desktop.core.types import Audio
from desktop.stt.local.kept_encodings import MAX_KEPT, KeptEncodings


class CountingEncoder:
    """Encodes a sound as its first sample and the length, and counts."""

    def __init__(self) -> None:
        self.count = 0

    def encode(self, audio: Audio, frames: int) -> tuple[float, int]:
        self.count += 1
        return float(audio[0]), frames


def sound(level: float) -> Audio:
    """A sound of this level."""
    return np.full(160, level, np.float32)


def test_a_sound_is_encoded_once_for_each_length() -> None:
    encoder = CountingEncoder()
    kept = KeptEncodings(encoder.encode)
    assert [kept.encode(sound(0.5), frames) for frames in (10, 10, 20)] == [(0.5, 10), (0.5, 10), (0.5, 20)]
    assert kept.encode(sound(0.25), 10) == (0.25, 10)
    assert encoder.count == 3


def test_the_oldest_is_encoded_again_where_there_are_many() -> None:
    encoder = CountingEncoder()
    kept = KeptEncodings(encoder.encode)
    for at in range(MAX_KEPT + 1):
        kept.encode(sound(at), 10)
    kept.encode(sound(MAX_KEPT), 10)
    assert encoder.count == MAX_KEPT + 1
    kept.encode(sound(0), 10)
    assert encoder.count == MAX_KEPT + 2


class SignallingEncodings(KeptEncodings):
    """Tells when all are forgotten."""

    def __init__(self, encoder: CountingEncoder) -> None:
        self.forgotten = threading.Event()
        super().__init__(encoder.encode, kept_s=0.01)

    def forget(self) -> None:
        super().forget()
        self.forgotten.set()


def test_all_are_forgotten_after_a_while() -> None:
    encoder = CountingEncoder()
    kept = SignallingEncodings(encoder)
    kept.encode(sound(0.5), 10)
    assert kept.forgotten.wait(30)
    kept.encode(sound(0.5), 10)
    assert encoder.count == 2
