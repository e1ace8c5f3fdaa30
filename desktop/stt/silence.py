"""Decide whether an empty transcript means silence: only if two recognizers agree, or one and the voice detector.

Recognizers also return nothing for speech: a service with a failure, guards that rejected every word. See
`docs/adr/0004`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from anyio import to_thread

from desktop.audio.vad import VoiceActivity
from desktop.core.engine_names import engine_name
from desktop.core.errors import RecognizerError
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Transcript
from desktop.stt.segmenter import VOICE_THRESHOLD

logger = logging.getLogger(__name__)

MIN_VOICE_S = 1.0
"""Seconds of voice from which an empty transcript of a single recognizer is a failure, not silence."""


def has_voice(blocks: Iterable[Audio], at_least_s: float = MIN_VOICE_S, probability: float = VOICE_THRESHOLD) -> bool:
    """Return whether `blocks` hold at least `at_least_s` seconds of frames with at least this `probability` of voice.

    Blocks for 0.15 ms a frame of 32 ms, until enough is found.
    """
    voice, voiced_s = VoiceActivity(), 0.0
    for block in blocks:
        for start in range(0, len(block), FRAME_SAMPLES):
            frame = block[start : start + FRAME_SAMPLES]
            if voice(frame) >= probability:
                voiced_s += len(frame) / RATE_HZ
                if voiced_s >= at_least_s:
                    return True
    return False


async def detect_voice(
    blocks: Iterable[Audio], at_least_s: float = MIN_VOICE_S, probability: float = VOICE_THRESHOLD
) -> bool:
    """Run `has_voice` in a worker thread. A recording that cannot be read or judged counts as voiced."""
    try:
        return await to_thread.run_sync(has_voice, blocks, at_least_s, probability, abandon_on_cancel=True)
    except Exception:
        logger.exception("whether a recording holds voice cannot be determined")
        return True


async def find_missed_speech(transcript: Transcript, blocks: Iterable[Audio]) -> RecognizerError | None:
    """Return an error if `transcript` is empty though the recording in `blocks` holds voice; None for true silence."""
    if transcript.text or transcript.silence_confirmed or not await detect_voice(blocks):
        return None
    name = engine_name(transcript.engine, transcript.model)
    if not name:
        return RecognizerError("unnamed-recognizer-without-words")
    return RecognizerError("recognizer-without-words", engine=name)
