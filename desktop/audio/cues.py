"""Make and play the start, stop, cancel and error sounds of a dictation.

The start cue plays when real sound has arrived, not when a stream was opened, because a headset that wakes up loses
what is said until then. It ends up in the recording, so it must not resemble speech: one pure tone, shorter than the
shortest word, fading in and out, which neither voice detection nor the model takes for speech
(`tests/speech/test_cue.py`). The stop cue plays after the recording has ended; at most it is in the pre-roll of a press
that follows at once. A user's own sound file may contain a voice, and is then transcribed.

`pacat` (packaged with `pactl`) plays them from its standard input: a child process can neither block nor break the
capture, as an output stream in PortAudio could, which is not thread-safe and hangs with a device that hangs. On Windows
`desktop.audio.windows_playback` plays them. A cue that cannot be played is only counted.
"""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import soundfile
import soxr

from desktop.audio.playback import CLIENT_NAME
from desktop.core.errors import UserError
from desktop.core.state import DictationState, Done, Failed, Listening, Polishing, Transcribing
from desktop.core.types import Audio, Outcome
from desktop.settings.schema import AudioSettings, CueKind

logger = logging.getLogger(__name__)

CUE_HZ, CUE_S, CUE_PEAK = 880.0, 0.06, 0.05
"""Frequency, length and peak of the cue: two frames of Silero long, 26 dB under full scale.

From 780 Hz on, Silero gives such tones a voice probability of 0.2 at most at any loudness; lower tones up to 0.5.
"""

NOTES_HZ: dict[CueKind, tuple[float, ...]] = {
    "start": (CUE_HZ,),
    "stop": (784.0,),
    "cancel": (988.0, 784.0),
    "error": (784.0, 784.0, 784.0),
}
"""Notes of each cue in Hz, in order. They differ by falling pitch and by count; none is below 780 Hz."""

MAX_FILE_S, FADE_S = 1.5, 0.02
"""Seconds of a sound file that are played, and seconds of fade-out at its end."""

PLAY_TIMEOUT_S = 3.0
"""Seconds after which an unplayed cue is given up."""

PLAYER_RATE_HZ = 48_000
PLAYER_COMMAND = (
    *("pacat", "--playback", f"--client-name={CLIENT_NAME}", "--property=media.role=event", "--latency-msec=20"),
    *(f"--rate={PLAYER_RATE_HZ}", "--channels=1", "--format=float32le"),
)


def make_tone(rate_hz: int, kind: CueKind = "start", volume: int = 50) -> Audio:
    """Return the built-in cue for `kind` at `rate_hz` and `volume` percent, float32 samples, shape (n,).

    Sine waves under raised cosines, which begin and end without a click.
    """
    time_s = np.arange(round(CUE_S * rate_hz)) / rate_hz
    swell = CUE_PEAK * volume / 50 * np.square(np.sin(np.pi * time_s / CUE_S))
    return np.concatenate([swell * np.sin(2 * np.pi * hz * time_s) for hz in NOTES_HZ[kind]]).astype(np.float32)


def load_sound_file(path: Path, volume: int) -> Audio:
    """Return the first `MAX_FILE_S` seconds of the sound file `path`, mono at `PLAYER_RATE_HZ` and `volume` percent of
    its loudness.

    Raises `UserError`. Call from a worker thread.
    """
    try:
        path.stat()  # soundfile's error for a missing file is the same as for a broken one
        with soundfile.SoundFile(path) as file:
            samples = file.read(round(MAX_FILE_S * file.samplerate), dtype="float32", always_2d=True)
            rate_hz = file.samplerate
    except FileNotFoundError as error:
        raise UserError("cue-file-missing") from error
    except (OSError, RuntimeError, ValueError) as error:  # soundfile's own error is a RuntimeError
        raise UserError("cue-file-unplayable") from error
    if not len(samples):
        raise UserError("cue-file-silent")
    sound: Audio = soxr.resample(samples.mean(axis=1), rate_hz, PLAYER_RATE_HZ).astype(np.float32)
    faded = min(len(sound), round(FADE_S * PLAYER_RATE_HZ))
    sound[len(sound) - faded :] *= np.linspace(1, 0, faded, dtype=np.float32)
    softer: Audio = np.clip(sound * np.float32(volume / 100), -1, 1)
    return softer


def load_cue(settings: AudioSettings, kind: CueKind) -> tuple[Audio, UserError | None]:
    """Return the cue that the settings choose for `kind` at `PLAYER_RATE_HZ`, or the built-in one and the error.

    Call from a worker thread.
    """
    path: str = getattr(settings, f"cue_{kind}")
    try:
        if path:
            return load_sound_file(Path(path).expanduser(), settings.cue_volume), None
    except UserError as problem:
        return make_tone(PLAYER_RATE_HZ, kind, settings.cue_volume), problem
    return make_tone(PLAYER_RATE_HZ, kind, settings.cue_volume), None


class CuePlayer:
    """Plays one sound beside everything else. `failed_count` counts failed attempts."""

    def __init__(self, make_samples: Callable[[], Audio] = lambda: make_tone(PLAYER_RATE_HZ)) -> None:
        """Create a player; `make_samples` returns audio at `PLAYER_RATE_HZ` and is called in a worker thread at the
        first play."""
        self.failed_count = 0
        self._make_samples = make_samples
        self._play_samples = choose_output()
        self._samples: bytes | None = None
        self._playing = set[asyncio.Task[bool]]()

    def __call__(self) -> None:
        """Start to play, from the engine's loop. Never waits, never raises."""
        task = asyncio.get_running_loop().create_task(self.play())
        self._playing.add(task)
        task.add_done_callback(self._playing.discard)

    async def play(self) -> bool:
        """Play the sound and return whether that succeeded."""
        try:
            async with asyncio.timeout(PLAY_TIMEOUT_S):
                if self._samples is None:
                    self._samples = (await asyncio.to_thread(self._make_samples)).tobytes()
                played = await self._play_samples(self._samples)
        except OSError:  # `pacat` is missing, or the timeout passed
            played = False
        self.failed_count += not played
        if self.failed_count == 1 and not played:
            logger.warning("cues that could not be played: %d; no more is said of it", self.failed_count)
        return played


class DictationCues:
    """The four cues of a dictation as the settings choose them; each is None when cues are off."""

    def __init__(self, settings: AudioSettings) -> None:
        def cue(kind: CueKind) -> CuePlayer | None:
            return (
                CuePlayer(lambda: load_cue(settings, kind)[0]) if settings.cue == "on" and settings.cue_volume else None
            )

        self.start, self.stop, self.cancel, self.error = cue("start"), cue("stop"), cue("cancel"), cue("error")

    def on_state(self, before: DictationState, now: DictationState) -> None:
        """Play the cancel or error cue on a change of state. Call from the engine's loop."""
        cue = {"cancel": self.cancel, "error": self.error}.get(choose_end_cue(before, now) or "")
        if cue is not None:
            cue()


def choose_end_cue(before: DictationState, now: DictationState) -> CueKind | None:
    """Return the cue for the end of a dictation; None for a visible end, and for a press that was no dictation."""
    match now:
        case Failed() | Done(Outcome.FAILED | Outcome.REFUSED | Outcome.REMOVED):
            return "error"
        case Done(Outcome.CANCELLED) if isinstance(before, Listening | Transcribing | Polishing):
            return "cancel"
        case _:
            return None


def choose_output(platform: str = sys.platform) -> Callable[[bytes], Awaitable[bool]]:
    """Return what plays float32 samples at `PLAYER_RATE_HZ` on this system, and tells whether that succeeded."""
    if platform == "win32":
        from desktop.audio.windows_playback import CUE_OUTPUT

        return lambda samples: CUE_OUTPUT.play(samples, PLAYER_RATE_HZ)
    return _play_with_pacat


async def _play_with_pacat(samples: bytes) -> bool:
    """Play `samples` with `pacat` and return whether it succeeded."""
    player = await asyncio.create_subprocess_exec(
        *PLAYER_COMMAND, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        await player.communicate(samples)
        return player.returncode == 0
    finally:
        if player.returncode is None:
            player.kill()
