"""Encodings of the last sounds, and when they are forgotten."""

from __future__ import annotations

import threading
import weakref
from typing import Any

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


def test_the_one_that_was_asked_about_last_stays() -> None:
    encoder = CountingEncoder()
    kept = KeptEncodings(encoder.encode)
    for at in range(MAX_KEPT):
        kept.encode(sound(at), 10)
    for at in (0, MAX_KEPT, 0):
        kept.encode(sound(at), 10)
    assert encoder.count == MAX_KEPT + 1


class WeakEncoder:
    """Encodes a sound as something that tells when it is forgotten, as late as `may_end` says."""

    def __init__(self) -> None:
        self.may_end, self.forgotten = threading.Event(), threading.Event()

    def encode(self, audio: Audio, frames: int) -> Any:
        assert self.may_end.wait(30)
        encoding = FakeEncoding()
        weakref.finalize(encoding, self.forgotten.set)
        return encoding


class FakeEncoding:
    """What is kept."""


def test_all_are_forgotten_after_a_while() -> None:
    encoder = WeakEncoder()
    encoder.may_end.set()
    KeptEncodings(encoder.encode, kept_s=0.01).encode(sound(0.5), 10)
    assert encoder.forgotten.wait(30)


def test_what_took_longer_than_that_is_forgotten_too() -> None:
    encoder = WeakEncoder()
    kept = KeptEncodings(encoder.encode, kept_s=0.05)
    threading.Timer(0.2, encoder.may_end.set).start()
    kept.encode(sound(0.5), 10)
    assert encoder.forgotten.wait(30)
