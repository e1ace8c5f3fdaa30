"""An hour in one dictation, fed eight times as fast as people speak: is all of it there, and what does it cost?

The whole flow runs in this process with the real recogniser, spool, history and polish; the microphone is a file, the
window a fake. The file is read block by block, so that what this process holds is what the app holds of the sound. The
recogniser falls behind at that pace on small machines, which is meant: sound must wait without being kept in memory.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import soundfile

from desktop.audio.file import iterate_frames
from desktop.audio.spool_file import SpoolFile
from desktop.core.paths import Paths
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Frame
from desktop.dictation.controller import DictationController
from desktop.dictation.dependencies import SessionDependencies
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.hotkeys.gesture import DictationIntent
from desktop.polish.polisher import TextPolisher
from desktop.settings.schema import HistorySettings
from tests.prove.corpus import joined, planned
from tests.prove.heard import counts, ignore, rate, recogniser
from tests.prove.proc import peak_mb, resident_mb, restart_peak
from tests.prove.record import Line, Run, tell
from tests.prove.recordings import Clip, clips, recorded, sound
from tests.support.stage import FakePaster

LENGTH_S = 3600
FASTER = 8.0
GAP_S = 0.8
EVERY_S = 60.0
ALONE = 20
"""So many clips are transcribed one by one, to know what the model makes of short pieces."""

SOUND_MB_PER_S = 4 * RATE_HZ / 1e6
LEAST_MB = 100.0
"""What a short one may take: libraries are loaded at the first."""

MOST_ERRORS = 0.03
"""How much higher the error rate of the hour may be than that of short pieces."""


class File:
    """`core.interfaces.Microphone` that hears the sound file `path`, `faster` times as fast as it was spoken.

    The key comes up at its end. `memory` is (second, this process's MB) on the way.
    """

    device = "a file"
    problem = None
    notes = ()
    preroll_s = 0.0

    def __init__(self, path: Path, faster: float) -> None:
        self._path, self._faster = path, faster
        self.memory: list[tuple[int, float]] = []

    @asynccontextmanager
    async def open(self) -> AsyncIterator[File]:
        """Begin at its beginning."""
        yield self

    def stop(self, at: float) -> None:
        """Nothing: it is heard to its end."""

    async def __aiter__(self) -> AsyncIterator[Frame]:
        """Frames that share no memory, as a microphone's."""
        began, heard_s = anyio.current_time(), 0.0
        for block in soundfile.blocks(self._path, FRAME_SAMPLES, dtype="float32"):
            await anyio.sleep_until(began + (heard_s + len(block) / RATE_HZ) / self._faster)
            yield block.copy()
            before_s, heard_s = heard_s, heard_s + len(block) / RATE_HZ
            if heard_s // EVERY_S > before_s // EVERY_S:
                self.memory.append((round(heard_s), resident_mb(os.getpid())))
                tell(f"hour: {heard_s:.0f} s", "\r")


def prove(run: Run) -> dict[str, Any]:
    """Dictate it; `run.limit` is in seconds. A run that was killed begins anew: a dictation is one."""
    seconds = run.limit or LENGTH_S
    if f"{seconds} s" not in run.lines:
        with tempfile.TemporaryDirectory(prefix="intone-hour-") as name:
            file, chosen = written(run.seed, seconds, Path(name, "hour.flac"))
            text = " ".join(clip.text for clip in chosen)
            found = anyio.run(partial(dictated, run.model, file, text, Path(name), FASTER))
            found["alone"] = anyio.run(_alone, run.model, chosen[:: max(1, len(chosen) // ALONE)])
            run.lines.add(f"{seconds} s", found)
    found = run.lines[f"{seconds} s"]
    wer, alone = rate([found["errors"]]), rate([found["alone"]])
    return {
        **{name: value for name, value in found.items() if name not in ("key", "alone", "errors")},
        "reference_words": found["errors"]["words"],
        "wer": wer,
        "wer_of_short_pieces": alone,
        "ok": wer <= alone + 100 * MOST_ERRORS
        and found["whole"]
        and found["grew_mb"] < max(found["sound_mb"], LEAST_MB),
    }


def written(seed: int, seconds: float, to: Path) -> tuple[Path, list[Clip]]:
    """Clips of the corpus one after the other in the file `to`, until they last `seconds`."""
    chosen: list[Clip] = []
    way = seed
    with soundfile.SoundFile(to, "w", RATE_HZ, 1, subtype="PCM_16", format="FLAC") as file:
        while True:
            for part in planned(clips(), way):
                file.write(recorded(joined(part)))
                file.write(np.zeros(round(GAP_S * RATE_HZ), np.float32))
                chosen += part.clips
                if file.frames >= seconds * RATE_HZ:
                    return to, chosen
            way += 1


async def dictated(model: str, file: Path, text: str, folder: Path, faster: float) -> Line:
    """What came of dictating `file`, whose words are `text`, with a home in `folder`."""
    paths = Paths(folder, folder, folder, folder)
    memory = DictationRecorder(paths, HistoryStore(paths.history))
    microphone, paster = File(file, faster), FakePaster()
    kept: list[HistoryEntry] = []
    remembered = anyio.Event()

    def remember(entry: HistoryEntry, take: SpoolFile) -> int:
        id = memory.record(entry, take, HistorySettings())
        kept.append(entry)
        anyio.from_thread.run_sync(remembered.set)
        return id

    async with recogniser(model) as whisper:
        parts = SessionDependencies(
            microphone, whisper, TextPolisher(), paster, memory.spool, remember, max_duration_s=2 * 3600
        )
        dictation = DictationController(parts, lambda state: None, lambda pressed_at: None)
        send, intents = anyio.create_memory_object_stream[tuple[DictationIntent, float]](2)
        before_mb = resident_mb(os.getpid())
        restart_peak()
        async with send, intents, anyio.create_task_group() as tasks:
            tasks.start_soon(dictation.run, intents)
            await send.send((DictationIntent.BEGIN, anyio.current_time()))
            await remembered.wait()
            tasks.cancel_scope.cancel()
        most_mb = peak_mb()
    (entry,) = kept
    length_s = soundfile.info(file).duration
    recording = next(paths.audio.glob("*.flac"))
    return {
        "seconds": round(length_s, 1),
        "release_to_text_ms": entry.release_to_text_ms,
        "delivery": entry.delivery,
        "guards": sorted(set(entry.guards)),
        "grew_mb": round(most_mb - before_mb, 1),
        "sound_mb": round(length_s * SOUND_MB_PER_S, 1),
        "whole": abs(soundfile.info(recording).duration - length_s) < 1 / RATE_HZ and not list(paths.spool.glob("*")),
        "errors": counts(text, entry.raw_text),
        "memory": microphone.memory,
    }


async def _alone(model: str, chosen: Sequence[Clip]) -> Line:
    """The errors of these clips, each a dictation of its own."""
    total = {"words": 0, "edits": 0}
    async with recogniser(model) as whisper:
        for clip in chosen:
            said = await whisper.transcribe(iterate_frames(sound(clip)), ignore)
            one = counts(clip.text, said.text)
            total = {key: total.get(key, 0) + value for key, value in one.items()}
    return total
