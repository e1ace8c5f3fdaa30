"""The sounds of a dictation. The start cue, a soft short tone, says that the microphone hears, for whoever waits for it
before speaking; others say that it hears no more, that the dictation was cancelled, or that it failed.

The first comes when real sound has arrived, not when a stream was opened, because a headset that wakes up eats what is
said until then. It ends up in the recording, so it must be nothing that a voice could be: one pure tone, shorter than
the shortest word, swelling and fading, which neither the voice activity nor the model takes for speech
(`tests/speech/test_cue.py`). The second comes when the take is over, so that it is in no recording but, at most, in the
moment before a press that follows at once. A person's own sound may be a voice, and is then written down as one.

`pacat`, from the package of `pactl`, plays them from its standard input: a child process can neither hold up nor break
what hears, as an output stream in PortAudio could, which is not thread-safe and hangs with a device that hangs. Where
one cannot be played, nothing happens but that it is counted.
"""

from __future__ import annotations

import asyncio
import logging
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
import soxr

from desktop.playing import CLIENT
from desktop.ports import Audio, Outcome
from desktop.problems import Problem
from desktop.settings.tree import CueKind, Sound
from desktop.state import Done, Failed, Listening, Polishing, State, Transcribing

logger = logging.getLogger(__name__)

CUE_HZ, CUE_S, CUE_PEAK = 880.0, 0.06, 0.05
"""Two of Silero's frames long and 26 dB under full scale. Silero gives such tones 0.2 of being a voice at most from
780 Hz on, at any loudness; lower ones, up to 0.5."""

NOTES_HZ: dict[CueKind, tuple[float, ...]] = {
    "start": (CUE_HZ,),
    "stop": (784.0,),
    "cancel": (988.0, 784.0),
    "error": (784.0, 784.0, 784.0),
}
"""What they are made of, one note after the other: told apart by falling and by number, none below 780 Hz."""

OWN_S, FADE_S = 1.5, 0.02
"""So much of a file is played, and how it ends."""

PLAY_S = 3.0
"""A sound server that has not played one by then is no use for it."""

PLAYER_HZ = 48_000
PLAYER = (
    *("pacat", "--playback", f"--client-name={CLIENT}", "--property=media.role=event", "--latency-msec=20"),
    *(f"--rate={PLAYER_HZ}", "--channels=1", "--format=float32le"),
)


def tone(rate_hz: int, kind: CueKind = "start", volume: int = 50) -> Audio:
    """Ours for `kind` at `rate_hz` and `volume` percent: sines under raised cosines, which begin and end without a
    click."""
    time_s = np.arange(round(CUE_S * rate_hz)) / rate_hz
    swell = CUE_PEAK * volume / 50 * np.square(np.sin(np.pi * time_s / CUE_S))
    return np.concatenate([swell * np.sin(2 * np.pi * hz * time_s) for hz in NOTES_HZ[kind]]).astype(np.float32)


def own(path: Path, volume: int) -> Audio:
    """The beginning of the sound file at `path`, at `PLAYER_HZ` and `volume` percent of its loudness. Raises `Problem`.
    For a worker thread."""
    try:
        path.stat()  # of a missing file soundfile says no more than of a broken one
        with soundfile.SoundFile(path) as file:
            samples = file.read(round(OWN_S * file.samplerate), dtype="float32", always_2d=True)
            rate_hz = file.samplerate
    except FileNotFoundError as error:
        raise Problem("This file is not there any more.", "Our own sound is played. Choose another one.") from error
    except (OSError, RuntimeError, ValueError) as error:  # soundfile's own error is a RuntimeError
        raise Problem("This file cannot be played.", "Our own sound is. Choose a WAV, FLAC or OGG file.") from error
    if not len(samples):
        raise Problem("There is no sound in this file.", "Our own sound is played. Choose another one.")
    made: Audio = soxr.resample(samples.mean(axis=1), rate_hz, PLAYER_HZ).astype(np.float32)
    end = min(len(made), round(FADE_S * PLAYER_HZ))
    made[len(made) - end :] *= np.linspace(1, 0, end, dtype=np.float32)
    softer: Audio = np.clip(made * np.float32(volume / 100), -1, 1)
    return softer


def chosen(sound: Sound, kind: CueKind) -> tuple[Audio, Problem | None]:
    """What the settings have for `kind`, at `PLAYER_HZ`; ours, and what is wrong, where that cannot be read. For a
    worker thread."""
    path: str = getattr(sound, f"cue_{kind}")
    try:
        if path:
            return own(Path(path).expanduser(), sound.cue_volume), None
    except Problem as problem:
        return tone(PLAYER_HZ, kind, sound.cue_volume), problem
    return tone(PLAYER_HZ, kind, sound.cue_volume), None


class Cue:
    """Plays a sound beside everything else. `missed` counts the times that it could not be played."""

    def __init__(self, samples: Callable[[], Audio] = lambda: tone(PLAYER_HZ)) -> None:
        """`samples`, at `PLAYER_HZ`, are made in a worker when they are first played."""
        self.missed = 0
        self._make = samples
        self._samples: bytes | None = None
        self._playing = set[asyncio.Task[bool]]()

    def __call__(self) -> None:
        """Begin to play it, from the engine's loop. Never waits, never raises."""
        task = asyncio.get_running_loop().create_task(self.play())
        self._playing.add(task)
        task.add_done_callback(self._playing.discard)

    async def play(self) -> bool:
        """Play it; whether it could be."""
        try:
            async with asyncio.timeout(PLAY_S):
                if self._samples is None:
                    self._samples = (await asyncio.to_thread(self._make)).tobytes()
                played = await _play(self._samples)
        except OSError:  # there is no `pacat`, or the time is over
            played = False
        self.missed += not played
        if self.missed == 1 and not played:
            logger.warning("cues that could not be played: %d; no more is said of it", self.missed)
        return played


class Cues:
    """The four sounds of a dictation, as they were `chosen`; none where there are to be none."""

    def __init__(self, sound: Sound) -> None:
        def cue(kind: CueKind) -> Cue | None:
            return Cue(lambda: chosen(sound, kind)[0]) if sound.cue == "on" and sound.cue_volume else None

        self.start, self.stop, self.cancel, self.error = cue("start"), cue("stop"), cue("cancel"), cue("error")

    def hear(self, before: State, now: State) -> None:
        """Say that a dictation was cancelled, or failed. From the engine's loop."""
        ring = {"cancel": self.cancel, "error": self.error}.get(ended(before, now) or "")
        if ring is not None:
            ring()


def ended(before: State, now: State) -> CueKind | None:
    """Which sound says how it ended; None for an end that is seen, or that nobody meant to be a dictation."""
    match now:
        case Failed() | Done(Outcome.FAILED | Outcome.REFUSED):
            return "error"
        case Done(Outcome.CANCELLED) if isinstance(before, Listening | Transcribing | Polishing):
            return "cancel"
        case _:
            return None


async def _play(samples: bytes) -> bool:
    """Whether `pacat` played them."""
    player = await asyncio.create_subprocess_exec(
        *PLAYER, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        await player.communicate(samples)
        return player.returncode == 0
    finally:
        if player.returncode is None:
            player.kill()
