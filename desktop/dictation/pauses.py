"""Decide when a hands-free dictation has fallen silent, and when speech begins again, by the samples alone.

No clock is read, so that a recording that is read faster than it was spoken is divided at the same places. A frame
costs 0.2 ms on one core, most of it the voice detector's; nothing of this is loaded where no dictation is hands-free.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from desktop.audio.vad import VoiceActivity
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Frame
from desktop.dictation.auto_stop import FRAMES_PER_BLOCK, is_steady_noise
from desktop.stt.segmenter import ONSET_FRAMES, ONSET_SPAN_FRAMES, PAUSE_FRAMES, VOICE_THRESHOLD

STEADY_S = 2.0
"""Seconds that are looked at for an even noise, which the voice detector may take for a voice: long enough that even a
drawn-out vowel changes within them."""

MIN_STEADY_BLOCKS = 3
"""Blocks of `FRAMES_PER_BLOCK` frames (0.8 s in all) in which an even noise can be told from speech at the earliest."""

_STEADY_FRAMES = math.ceil(STEADY_S * RATE_HZ / FRAME_SAMPLES / FRAMES_PER_BLOCK) * FRAMES_PER_BLOCK
_PAUSE_S = PAUSE_FRAMES * FRAME_SAMPLES / RATE_HZ


class PauseFinder:
    """Follows one recording, frame by frame.

    - `has_speech`: speech was heard since the start, or since `forget_speech`.
    - `silence_s`: the seconds since the last voiced frame.
    """

    def __init__(self) -> None:
        self.has_speech = False
        self.silence_s = 0.0
        self._voice = VoiceActivity()
        self._recent = deque[bool](maxlen=ONSET_SPAN_FRAMES)
        self._window = deque[Frame](maxlen=_STEADY_FRAMES)
        self._frames = 0
        self._speech_s = 0.0
        self._is_steady = False

    def add_frame(self, frame: Frame) -> None:
        """Add the next frame."""
        frame_s = len(frame) / RATE_HZ
        is_voiced = self._voice(frame) >= VOICE_THRESHOLD
        self._recent.append(is_voiced)
        self._window.append(frame)
        self._frames += 1
        is_onset = is_voiced and sum(self._recent) >= ONSET_FRAMES
        if self._frames % FRAMES_PER_BLOCK == 0 or (is_onset and self._is_steady):  # a short word is over by the next
            self._check_noise()
        goes_on = self.has_speech and self.silence_s <= _PAUSE_S
        self._speech_s += frame_s
        self.silence_s += frame_s
        if is_voiced and not self._is_steady and (goes_on or is_onset):
            self._speech_s = self._speech_s if self.has_speech else 0.0
            self.has_speech, self.silence_s = True, 0.0

    def forget_speech(self) -> None:
        """Begin anew at the seam between two paragraphs; what is known of the room stays."""
        self.has_speech = False

    def _check_noise(self) -> None:
        """Take the newest seconds for silence where they are one even noise."""
        is_long_enough = len(self._window) >= MIN_STEADY_BLOCKS * FRAMES_PER_BLOCK
        self._is_steady = is_long_enough and is_steady_noise(np.concatenate(self._window))
        if self._is_steady:
            window_s = len(self._window) * FRAME_SAMPLES / RATE_HZ
            self.silence_s = max(self.silence_s, window_s)
            self.has_speech = self.has_speech and self._speech_s > window_s
