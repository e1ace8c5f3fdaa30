"""Programs in a call with the user: what each of them hears, sample by sample, against the keys.

The room is never silent: noise whose samples are all different from zero is played into it for as long as the stage
stands. So what a program hears of a muted stream, zeros, is known from the quietest room, and its samples are found
again in those of a reference, which records the air itself (a monitor, which no call does) and is never muted.
"""

from __future__ import annotations

import subprocess
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

import numpy as np

from tests.support.sound_server import Sound

RATE_HZ = 48_000

NOISE_S = 20.0
QUIETEST, LOUDEST = 40, 400
"""Samples of the room's noise, of 32,768."""

ALIGN_SAMPLES = 256
"""Samples by which a place is found again: of noise they occur once."""

SETTLED_S, TIMEOUT_S = 0.5, 20.0

CALLS = ("Zoom", "Firefox")

type Samples = np.ndarray[Any, np.dtype[np.int16]]


class Hearer:
    """A program that records `source`; `heard` is all of it."""

    def __init__(self, sound: Sound, program: str, source: str) -> None:
        known = len(sound.recorders())
        self._lock = Lock()
        self._heard = bytearray()
        self._process = subprocess.Popen(
            (
                "parec",
                f"--device={source}",
                f"--client-name={program}",
                "--raw",
                "--format=s16le",
                f"--rate={RATE_HZ}",
                "--channels=1",
                "--latency-msec=5",
            ),
            env=sound.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()
        deadline = monotonic() + TIMEOUT_S
        while len(sound.recorders()) == known or not self.count:
            assert monotonic() < deadline, f"{program} records nothing"
            Event().wait(0.02)

    @property
    def count(self) -> int:
        """How many samples were heard until now."""
        with self._lock:
            return len(self._heard) // 2

    @property
    def heard(self) -> Samples:
        """What was heard."""
        with self._lock:
            return np.frombuffer(bytes(self._heard[: len(self._heard) // 2 * 2]), np.int16)

    def close(self) -> None:
        """Hang up."""
        self._process.terminate()
        self._process.wait()
        self._reader.join()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as output:
            while data := output.read1(4096):
                with self._lock:
                    self._heard += data


@dataclass(frozen=True, slots=True)
class Leak:
    """What a call heard between press and release, in ms: at the beginning, and later; and how long after the release
    it heard the room again, None where it did not within what was recorded."""

    begin_ms: float
    later_ms: float
    back_ms: float | None


class CallStage:
    """Two calls, the reference and a program that plays, around `sound`."""

    def __init__(self, sound: Sound) -> None:
        self._sound = sound
        self._room = subprocess.Popen(
            (
                "pacat",
                "--raw",
                "--device=vmic_sink",
                "--format=s16le",
                f"--rate={RATE_HZ}",
                "--channels=1",
                "--client-name=room",
            ),
            env=sound.environ,
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._noise = Thread(target=self._make_noise, daemon=True)
        self._noise.start()
        self.reference = Hearer(sound, "reference", "vmic_sink.monitor")
        self.calls = {name: Hearer(sound, name, "vmic") for name in CALLS}
        self._music = sound.stream("music")
        sound.keep(self._music)
        self.before = self.state()

    def state(self) -> list[dict[str, Any]]:
        """Every stream of these programs, as the server has it."""
        names = {"reference", "music", *CALLS}
        streams = [*self._sound.recorders(), *self._sound.players()]
        return [stream for stream in streams if stream["properties"]["application.name"] in names]

    def close(self) -> None:
        """End the calls."""
        for hearer in (self.reference, *self.calls.values()):
            hearer.close()
        for player in (self._room, self._music):
            player.terminate()
            player.wait()
        self._noise.join()

    def _make_noise(self) -> None:
        rng = np.random.default_rng(1)
        signs = rng.choice(np.array([-1, 1], np.int16), round(NOISE_S * RATE_HZ))
        noise = (signs * rng.integers(QUIETEST, LOUDEST, signs.size, np.int16)).tobytes()
        assert self._room.stdin is not None
        with suppress(BrokenPipeError), self._room.stdin as room:
            while True:
                room.write(noise)

    def measure(self, pressed: int, released: int) -> dict[str, Leak]:
        """What each call heard between two counts of the reference."""
        wanted = self.reference.count + round(SETTLED_S * RATE_HZ)
        while self.reference.count < wanted:
            Event().wait(0.02)
        reference = self.reference.heard
        return {name: find_leak(reference, call.heard, pressed, released) for name, call in self.calls.items()}


def find_leak(reference: Samples, heard: Samples, pressed: int, released: int) -> Leak:
    """Return what of `heard` lies between the places `pressed` and `released` of `reference`."""
    offset = find_offset(reference, heard, pressed)
    part = heard[pressed - offset : released - offset] != 0
    silent = np.flatnonzero(~part)
    begin = int(silent[0]) if silent.size else part.size
    back = np.flatnonzero(heard[released - offset :] != 0)
    return Leak(
        round(1000 * begin / RATE_HZ, 2),
        round(1000 * int(part[begin:].sum()) / RATE_HZ, 2),
        round(1000 * int(back[0]) / RATE_HZ, 1) if back.size else None,
    )


def find_offset(reference: Samples, heard: Samples, before: int) -> int:
    """Return how many samples later a sound stands in `reference` than in `heard`, by what was heard just `before` a
    place in the reference."""
    piece = reference[before - ALIGN_SAMPLES : before].tobytes()
    at = heard.tobytes().rfind(piece)
    assert at >= 0, "the room is not found again"
    assert at % 2 == 0, "half a sample"
    return before - ALIGN_SAMPLES - at // 2
