"""A hundred clips in which nobody speaks: silence, rooms, hands, machines, breath, music. No word may come of them.

Whisper makes up words where there are none, and the words go into somebody's letter; hence a bar of zero, over sounds
as a desk has them rather than noise alone. Levels are drawn too, since what fools a recogniser at -60 dBFS is not what
fools it at -20. Words are counted, never shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from desktop.bench.clock import SkippingClock
from desktop.core.types import RATE_HZ, Audio
from tests.prove.heard import at_pace, dictated, recogniser, words_in
from tests.prove.music import music
from tests.prove.noise import BROWN, PINK, WHITE, band, coloured
from tests.prove.record import Line, Run, tell
from tests.prove.recordings import recorded

LENGTH_S = (3.0, 20.0)

type Rng = np.random.Generator
type Maker = Callable[[Rng, int], np.ndarray]


def db(rng: Rng, low: float, high: float) -> float:
    """An amplitude between two levels in dBFS."""
    return float(10 ** (rng.uniform(low, high) / 20))


def room(rng: Rng, samples: int) -> np.ndarray:
    """A quiet room, in which the sounds below happen."""
    return coloured(rng, samples, PINK) * db(rng, -78, -52)


def silence(rng: Rng, samples: int) -> np.ndarray:
    """Digital zeros in one of three, else the last bit of a converter."""
    return np.zeros(samples) if rng.random() < 1 / 3 else rng.standard_normal(samples) * db(rng, -96, -80)


def of_colour(exponent: float) -> Maker:
    """Room noise from hardly heard to as loud as speech."""
    return lambda rng, samples: coloured(rng, samples, exponent) * db(rng, -72, -26)


def hum(rng: Rng, samples: int) -> np.ndarray:
    """Mains at 50 or 60 Hz with its harmonics, over a room."""
    mains_hz, time_s = float(rng.choice([50.0, 60.0])), np.arange(samples) / RATE_HZ
    partials = [
        rng.uniform(0.2, 1) / n * np.sin(2 * np.pi * (n * mains_hz * time_s + rng.random())) for n in range(1, 13)
    ]
    tone = np.sum(partials, axis=0)
    return np.asarray(tone / np.sqrt((tone**2).mean()) * db(rng, -60, -28) + room(rng, samples))


def fan(rng: Rng, samples: int) -> np.ndarray:
    """A computer's fan: rushing air, beaten by its blades."""
    time_s, turn_hz = np.arange(samples) / RATE_HZ, rng.uniform(12, 40)
    blades_hz = turn_hz * rng.integers(5, 10)
    air = coloured(rng, samples, 1.5) * (1 + 0.3 * np.sin(2 * np.pi * turn_hz * time_s))
    whine = sum(rng.uniform(0.05, 0.4) / n * np.sin(2 * np.pi * n * blades_hz * time_s) for n in (1, 2, 3))
    return (air + whine) * db(rng, -60, -32)


def struck(rng: Rng, low_hz: float, high_hz: float, decay_ms: float) -> np.ndarray:
    """One transient with a peak of 1: noise of a band that dies away."""
    samples = round(8 * decay_ms / 1000 * RATE_HZ)
    click = band(rng, samples, low_hz, high_hz) * np.exp(-np.arange(samples) / RATE_HZ * 1000 / decay_ms)
    return np.asarray(click / np.abs(click).max())


def put(into: np.ndarray, at_s: float, sound: np.ndarray) -> None:
    """Add a sound at a time, cut off at the end."""
    at = round(at_s * RATE_HZ)
    piece = sound[: max(0, len(into) - at)]
    into[at : at + len(piece)] += piece


def keyboard(rng: Rng, samples: int) -> np.ndarray:
    """Typing in bursts: each key is struck, hits its bed, and comes up 50 to 120 ms later."""
    sound, level, at_s = room(rng, samples), db(rng, -40, -8), float(rng.uniform(0, 0.3))
    while at_s < samples / RATE_HZ:
        force = level * rng.uniform(0.4, 1)
        put(sound, at_s, force * struck(rng, 1500, 5000, rng.uniform(1, 4)))
        put(sound, at_s + 0.004, 0.6 * force * struck(rng, 120, 500, rng.uniform(5, 15)))
        put(sound, at_s + rng.uniform(0.05, 0.12), 0.5 * force * struck(rng, 1800, 6000, rng.uniform(1, 3)))
        at_s += float(rng.uniform(0.08, 0.25) if rng.random() < 0.88 else rng.uniform(0.5, 1.8))
    return sound


def mouse(rng: Rng, samples: int) -> np.ndarray:
    """Clicks of a mouse, single and double: down and up."""
    sound, level, at_s = room(rng, samples), db(rng, -36, -10), float(rng.uniform(0.1, 0.8))
    while at_s < samples / RATE_HZ:
        for _ in range(2 if rng.random() < 0.3 else 1):
            put(sound, at_s, level * struck(rng, 2000, 6500, rng.uniform(0.5, 1.5)))
            put(sound, at_s + rng.uniform(0.06, 0.12), 0.7 * level * struck(rng, 2500, 7000, rng.uniform(0.5, 1.5)))
            at_s += float(rng.uniform(0.15, 0.25))
        at_s += float(rng.uniform(0.3, 2.5))
    return sound


def beeps(rng: Rng, samples: int) -> np.ndarray:
    """Tones of machines: single, two-toned, swept."""
    sound, level, at_s = room(rng, samples), db(rng, -34, -8), float(rng.uniform(0.1, 0.8))
    while at_s < samples / RATE_HZ:
        length = round(rng.uniform(0.08, 1.0) * RATE_HZ)
        low_hz, high_hz = rng.uniform(250, 3500, 2)
        sweep = np.linspace(low_hz, high_hz if rng.random() < 0.3 else low_hz, length)
        tone = np.sin(2 * np.pi * np.cumsum(sweep) / RATE_HZ) + 0.2 * np.sin(6 * np.pi * np.cumsum(sweep) / RATE_HZ)
        edge = np.minimum(1, np.minimum(np.arange(length), np.arange(length)[::-1]) / 80)
        put(sound, at_s, level * tone * edge / 1.2)
        at_s += length / RATE_HZ + float(rng.uniform(0.1, 1.5))
    return sound


def breath(rng: Rng, samples: int) -> np.ndarray:
    """Breaths into the microphone: noise of a throat's band that swells and dies, no voice in it."""
    sound, level, at_s = room(rng, samples), db(rng, -44, -16), float(rng.uniform(0.1, 0.8))
    while at_s < samples / RATE_HZ:
        length = round(rng.uniform(0.4, 1.6) * RATE_HZ)
        swell = np.sin(np.pi * np.linspace(0, 1, length) ** rng.uniform(0.6, 1.6)) ** 2
        puff = band(rng, length, rng.uniform(300, 700), rng.uniform(1200, 3000)) * swell
        put(sound, at_s, level * puff / np.abs(puff).max())
        at_s += length / RATE_HZ + float(rng.uniform(0.4, 2.0))
    return sound


def piece(rng: Rng, samples: int) -> np.ndarray:
    """Music at the level of a quiet room's or of a loudspeaker beside the microphone."""
    return music(rng, samples) * db(rng, -30, -3)


KINDS: dict[str, tuple[int, Maker]] = {
    "silence": (6, silence),
    "white": (8, of_colour(WHITE)),
    "pink": (8, of_colour(PINK)),
    "brown": (8, of_colour(BROWN)),
    "hum": (8, hum),
    "fan": (6, fan),
    "keyboard": (14, keyboard),
    "mouse": (8, mouse),
    "beeps": (7, beeps),
    "breath": (7, breath),
    "music": (20, piece),
}
"""How many clips of each kind, a hundred in all, and what makes one."""


def kinds() -> list[str]:
    """The kind of each clip: in turn, so that the first eleven have one of each."""

    def turns() -> Iterator[str]:
        for turn in range(max(count for count, _ in KINDS.values())):
            yield from (kind for kind, (count, _) in KINDS.items() if turn < count)

    return list(turns())


def clip(seed: int, index: int) -> Audio:
    """Clip `index` of this seed, as a microphone of 16 bits hears it."""
    rng = np.random.default_rng([seed, 4, index])
    samples = round(rng.uniform(*LENGTH_S) * RATE_HZ)
    return recorded(KINDS[kinds()[index]][1](rng, samples))


def prove(run: Run) -> dict[str, Any]:
    """Dictate every clip."""
    return at_pace(_prove, run)


async def _prove(run: Run, clock: SkippingClock) -> dict[str, Any]:
    lines: list[tuple[str, Line]] = []
    wanted = kinds()[: run.upto(100)]
    async with recogniser(run.model) as whisper:
        for index, kind in enumerate(wanted):

            async def measure(index: int = index, kind: str = kind) -> Line:
                audio = clip(run.seed, index)
                found = await dictated(whisper, clock, audio)
                level = 10 * np.log10(max(1e-12, float((audio.astype(np.float64) ** 2).mean())))
                seconds = round(len(audio) / RATE_HZ, 2)
                return {
                    "kind": kind,
                    "seconds": seconds,
                    "level_db": round(level, 1),
                    "decoded": found.decode_s > 0,
                    "words": words_in(found.text),
                    "marks": len(found.text.strip()),
                }

            lines.append((kind, await run.lines.once(f"{index:03}", measure)))
            tell(f"nothing: {index + 1}/{len(wanted)}", "\r")
    spoke = Counter(kind for kind, line in lines if line["words"])
    return {
        "clips": len(lines),
        "seconds": round(sum(line["seconds"] for _, line in lines)),
        "kinds": dict(Counter(wanted)),
        "clips_decoded": dict(Counter(kind for kind, line in lines if line["decoded"])),
        "clips_with_words": sum(spoke.values()),
        "clips_with_text": sum(1 for _, line in lines if line["marks"]),
        "words": sum(line["words"] for _, line in lines),
        "by_kind": dict(spoke),
        "ok": not any(line["marks"] for _, line in lines),
    }
