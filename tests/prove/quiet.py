"""Somebody who speaks softly, or far from the microphone: clips at peaks of -30, -40 and -60 dBFS.

Scaled, then rounded to 16 bits, so that what a real microphone's converter loses is lost here too. Measured against the
same clips at a peak of -3 dBFS, a microphone turned up well.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from desktop.bench.clock import SkippingClock
from desktop.core.types import Audio
from tests.prove.heard import at_pace, counts, rate, recogniser, said
from tests.prove.record import Line, Run, tell
from tests.prove.recordings import clips, recorded, sound

NORMAL_DB = -3.0
PEAKS_DB = (NORMAL_DB, -30.0, -40.0, -60.0)


def at_peak(audio: Audio, peak_db: float) -> Audio:
    """The sound with this peak, in 16 bits."""
    return recorded(audio * (10 ** (peak_db / 20) / np.abs(audio).max()))


def prove(run: Run) -> dict[str, Any]:
    """Dictate each clip of the set `en` at each level; `run.limit` is how many clips."""
    return at_pace(_prove, run)


async def _prove(run: Run, clock: SkippingClock) -> dict[str, Any]:
    chosen = clips(("en",))
    chosen = chosen[: run.upto(len(chosen))]
    found: dict[float, list[Line]] = {peak_db: [] for peak_db in PEAKS_DB}
    async with recogniser(run.model) as whisper:
        for number, clip in enumerate(chosen):
            for peak_db in PEAKS_DB:

                async def measure(clip: Any = clip, peak_db: float = peak_db) -> Line:
                    return counts(clip.text, await said(whisper, clock, at_peak(sound(clip), peak_db)))

                found[peak_db].append(await run.lines.once(f"{clip.path.stem} {peak_db:g}", measure))
            tell(f"quiet: {number + 1}/{len(chosen)}", "\r")
    return {
        "dictations_each": len(chosen),
        "reference_words": sum(line["words"] for line in found[NORMAL_DB]),
        **{
            f"peak_{-peak_db:g}_db": {"empty": sum(not line["heard"] for line in lines), "wer": rate(lines)}
            for peak_db, lines in found.items()
        },
        "ok": all(line["heard"] for lines in found.values() for line in lines),
    }
