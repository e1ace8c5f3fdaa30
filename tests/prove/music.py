"""Music without a singer: chords, a melody, a bass and drums from a seed, played by FluidSynth.

Written as a Standard MIDI File of one track, because that is thirty lines and needs no library. Reverb and chorus are
off and one core renders, so that the same seed gives the same samples.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile
import soxr

from desktop.core.errors import UserError
from desktop.core.types import RATE_HZ

SOUNDFONT = Path("/usr/share/sounds/sf2/TimGM6mb.sf2")
TICKS = 480
"""A quarter note."""

_MAJOR, _MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
_PROGRESSIONS = ((0, 4, 5, 3), (0, 3, 4, 4), (5, 3, 0, 4), (1, 4, 0, 0), (0, 5, 1, 4))
"""Degrees of the scale, a chord a bar."""
_CHORDS, _MELODY, _BASS, _DRUMS = 0, 1, 2, 9
_KICK, _SNARE, _HAT = 36, 38, 42
_RENDER_HZ = 48_000


def midi(rng: np.random.Generator, seconds: float) -> bytes:
    """A piece of at least `seconds`, as a MIDI file."""
    tempo = float(rng.uniform(70, 160))
    scale = _MAJOR if rng.random() < 0.5 else _MINOR
    key, bars = int(rng.integers(-5, 7)), int(np.ceil(seconds * tempo / 60 / 4)) + 1
    progression = _PROGRESSIONS[int(rng.integers(len(_PROGRESSIONS)))]
    drums = rng.random() < 0.75
    events: list[tuple[int, bytes]] = [
        (0, b"\xff\x51\x03" + round(60e6 / tempo).to_bytes(3, "big")),
        (0, bytes((0xC0 | _CHORDS, int(rng.integers(0, 96))))),
        (0, bytes((0xC0 | _MELODY, int(rng.integers(0, 88))))),
        (0, bytes((0xC0 | _BASS, int(rng.integers(32, 40))))),
    ]

    def note(channel: int, pitch: int, at: float, beats: float, velocity: int) -> None:
        start, end = round(at * TICKS), round((at + beats) * TICKS)
        events.append((start, bytes((0x90 | channel, pitch, velocity))))
        events.append((end, bytes((0x80 | channel, pitch, 0))))

    def pitch(degree: int) -> int:
        return 60 + key + scale[degree % 7] + 12 * (degree // 7)

    at_degree = 7
    for bar in range(bars):
        root, beat = progression[bar % len(progression)], 4 * bar
        for third in (0, 2, 4):
            note(_CHORDS, pitch(root + third), beat, 3.9, int(rng.integers(50, 80)))
        note(_BASS, pitch(root) - 24, beat, 1.9, 90)
        note(_BASS, pitch(root) - 24, beat + 2, 1.9, 80)
        at = 0.0
        while at < 4:
            length = float(rng.choice([0.5, 0.5, 1.0, 1.5]))
            at_degree = int(np.clip(at_degree + rng.integers(-2, 3), 3, 14))
            if rng.random() < 0.85:
                note(_MELODY, pitch(at_degree), beat + at, length * 0.9, int(rng.integers(70, 115)))
            at += length
        for eighth in range(8 if drums else 0):
            note(_DRUMS, _HAT, beat + eighth / 2, 0.2, int(rng.integers(40, 80)))
            if eighth % 4 == 0:
                note(_DRUMS, _KICK, beat + eighth / 2, 0.2, 105)
            if eighth % 4 == 2:
                note(_DRUMS, _SNARE, beat + eighth / 2, 0.2, 95)
    events.sort(key=lambda event: event[0])
    track, now = b"", 0
    for tick, data in [*events, (events[-1][0], b"\xff\x2f\x00")]:
        track += _variable(tick - now) + data
        now = tick
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, TICKS) + b"MTrk" + struct.pack(">I", len(track)) + track


def _variable(number: int) -> bytes:
    """MIDI's number of variable length: seven bits a byte, the highest first, all but the last marked."""
    found = [number & 0x7F]
    while number := number >> 7:
        found.append(0x80 | number & 0x7F)
    return bytes(reversed(found))


def music(rng: np.random.Generator, samples: int) -> np.ndarray:
    """A piece with a peak of 1, float64[samples]. Raises `UserError` without FluidSynth or its instruments."""
    if shutil.which("fluidsynth") is None or not SOUNDFONT.is_file():
        raise UserError(
            "reported-message",
            title="FluidSynth and TimGM6mb are missing.",
            advice="Run `sh packaging/debian/install.sh packaging/debian/prove.txt`.",
        )
    with tempfile.TemporaryDirectory(prefix="intone-music-") as folder:
        score, played = Path(folder, "a.mid"), Path(folder, "a.wav")
        score.write_bytes(midi(rng, samples / RATE_HZ))
        still = ["-f", "/dev/null", "-R", "0", "-C", "0", "-g", "0.5"]
        written = ["-r", str(_RENDER_HZ), "-O", "float", "-T", "wav", "-F", str(played)]
        subprocess.run(
            ["fluidsynth", "-niq", *still, *written, str(SOUNDFONT), str(score)],
            check=True,
            capture_output=True,
            timeout=120,
        )
        sound, rate_hz = soundfile.read(played)
    mono = soxr.resample(sound.mean(axis=1), rate_hz, RATE_HZ)[:samples]
    assert len(mono) == samples, "the piece is too short"
    return np.asarray(mono / np.abs(mono).max())
