"""Decide whether an empty transcript means silence.

Recognizers also return nothing for speech: a service with a failure, guards that rejected every word. So silence is
believed of two recognizers that agree, or of one and the voice detector.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from anyio import to_thread

from desktop.audio.vad import VoiceActivity
from desktop.core.errors import RecognizerProblem
from desktop.core.types import FRAME, RATE_HZ, Audio, Transcript, engine_name
from desktop.stt.local.segmenter import VOICE

logger = logging.getLogger(__name__)

VOICE_S = 1.0
"""Seconds of voice from which an empty transcript of a single recognizer is a failure, not silence."""


def voiced(blocks: Iterable[Audio], at_least_s: float = VOICE_S, probability: float = VOICE) -> bool:
    """Return whether `blocks` hold at least `at_least_s` seconds of frames with at least this `probability` of voice.

    Blocks for 0.15 ms a frame of 32 ms, until enough is found.
    """
    voice, found_s = VoiceActivity(), 0.0
    for block in blocks:
        for start in range(0, len(block), FRAME):
            frame = block[start : start + FRAME]
            if voice(frame) >= probability:
                found_s += len(frame) / RATE_HZ
                if found_s >= at_least_s:
                    return True
    return False


async def is_voiced(blocks: Iterable[Audio], at_least_s: float = VOICE_S, probability: float = VOICE) -> bool:
    """Run `has_voice` in a worker thread. A recording that cannot be read or judged counts as voiced."""
    try:
        return await to_thread.run_sync(voiced, blocks, at_least_s, probability, abandon_on_cancel=True)
    except Exception:
        logger.exception("whether a recording holds voice cannot be determined")
        return True


async def unheard(words: Transcript, blocks: Iterable[Audio]) -> RecognizerProblem | None:
    """Return an error if `transcript` are empty though the recording in `blocks` holds voice; None for true silence."""
    if words.text or words.agreed or not await is_voiced(blocks):
        return None
    name = engine_name(words.engine, words.model) or "The engine"
    return RecognizerProblem(f"{name} heard nothing.", "What you said is kept. Try again.")
