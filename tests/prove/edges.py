"""The first and the last word of a dictation whose speaker begins with the key and lets it go on the last syllable.

The flow is the real one: X11 keys, the sound server's microphone, the app, an editor that takes the text. A clip's
sound is cut to where somebody speaks and put between two stretches of its own noise floor; the key goes down when its
first sample is heard and up when its last one is. The player says where it is in the sound by the sound server's clock,
to a few milliseconds.

Takes are drawn among those whose first and last word faster-whisper hears right when it is given the same sound whole,
and again without the first 0.3 and 0.6 s of its noise floor and a third and two thirds of a sample later, as the way
through the sound server shifts it: what the model mishears anyway is not cut, and an accent on which that decides
("Tell them", "Teo then"; "song", "saw") says nothing of the app. A word is kept when it is among the first or the last
three words, since a neighbour may be heard as two. Whether the sound itself is there, whatever the model makes of it,
is told by the recording: it is laid upon what was played. The language is set to English, since this is about edges:
detection on three seconds of accented speech sometimes says another.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

import numpy as np
import soundfile
import soxr

from desktop.core.types import RATE_HZ, Audio
from tests.prove.batch import batch
from tests.prove.heard import normal
from tests.prove.noise import floor_of
from tests.prove.record import MODELS, Line, Run, tell
from tests.prove.recordings import Clip, clips, power, recorded, sound
from tests.support.desk import Desk, until

TAKES = 20
LEAD_S, AFTER_S = 1.0, 1.5
"""Noise floor before and after the speech; the first is for the player to find its pace."""

CUTS_S = (0.0, 0.3, 0.6)
"""How much of the noise floor before the speech is left out, each time that a sound is heard whole."""

NEAR = 3
"""Words from the edge among which its word is looked for."""

TEXT_WITHIN_S = 30.0
SLACK_S = 0.01
"""What the recording may lack at an end: the key goes down and up with the sound to a few milliseconds."""

_STEP = 80
"""Samples (5 ms) by which the speech's edges are found."""


def span(audio: Audio) -> tuple[int, int]:
    """The samples from the first to the last in which somebody speaks.

    Speech is 10 dB above the noise floor (the quietest tenth of 5 ms frames) and not 35 dB below the loudest, in two
    of three neighbouring frames.
    """
    level_db = 10 * np.log10(power(audio, _STEP) + 1e-10)
    least = max(np.percentile(level_db, 10) + 10, np.percentile(level_db, 99) - 35)
    loud = np.convolve(level_db > least, np.ones(3), mode="same") >= 2
    at = np.flatnonzero(loud)
    return int(at[0]) * _STEP, (int(at[-1]) + 1) * _STEP


def take(clip: Clip, rng: np.random.Generator) -> tuple[Audio, float]:
    """The clip's speech between its noise floor, and how many seconds it lasts."""
    audio = sound(clip)
    first, last = span(audio)
    before, after = (floor_of(audio, round(s * RATE_HZ), rng) for s in (LEAD_S, AFTER_S))
    return recorded(np.concatenate([before, audio[first:last], after])), (last - first) / RATE_HZ


class Playing:
    """A sound that is being played; `at` waits for a moment of it."""

    def __init__(self, player: subprocess.Popen[bytes]) -> None:
        self._player = player
        self._began: float | None = None
        self._told = Event()
        self._follower = Thread(target=self._follow)
        self._follower.start()

    def at(self, second: float) -> None:
        """Return when this second of the sound is heard."""
        assert self._told.wait(10), "nothing is played"
        assert self._began is not None
        while (left := self._began + second - monotonic()) > 0:
            Event().wait(min(left, 0.02))

    def end(self) -> None:
        """Wait for the sound's end."""
        self._follower.join()

    def _follow(self) -> None:
        """Read `paplay -v`, which says every 50 ms what is heard now."""
        assert self._player.stderr is not None
        said = b""
        while piece := os.read(self._player.stderr.fileno(), 4096):
            now, said = monotonic(), (said + piece)[-400:]
            if found := re.findall(rb"Time: ([\d.]+) sec", said):
                said = said[said.rindex(b"Time: ") + 6 :]
                self._began = now - float(found[-1])
                self._told.set()


@contextmanager
def playing(desk: Desk, wav: Path) -> Iterator[Playing]:
    """The sound in front of the microphone, to its end."""
    command = ["paplay", "-v", "--latency-msec=100", "--device=vmic_sink", str(wav)]
    with subprocess.Popen(command, env=desk.environ, stderr=subprocess.PIPE) as player:
        heard = Playing(player)
        try:
            yield heard
        finally:
            heard.end()


def kept(reference: str, text: str) -> Line:
    """Whether the first and the last word of `reference` are at the edges of `text`, and whether there is any text."""
    wanted, found = normal(reference).split(), normal(text).split()
    return {"first": wanted[0] in found[:NEAR], "last": wanted[-1] in found[-NEAR:], "heard": bool(found)}


def whole(recording: Audio, played: Audio, seconds: float) -> bool:
    """Whether all of the speech, `seconds` from `LEAD_S` on in what was played, is in the recording."""
    size = 1 << (len(recording) + len(played)).bit_length()
    match = np.fft.irfft(np.fft.rfft(played, size) * np.conj(np.fft.rfft(recording, size)), size)
    at = int(np.argmax(match))
    began_s = (at - size if at > len(played) else at) / RATE_HZ
    return began_s <= LEAD_S + SLACK_S and began_s + len(recording) / RATE_HZ >= LEAD_S + seconds - SLACK_S


def drawn(seed: int) -> Iterator[tuple[Clip, np.random.Generator]]:
    """Clips of two to ten seconds in a drawn order, each with what its noise floor is made from."""
    short = [clip for clip in clips(("en", "en-l2")) if 2 <= clip.seconds <= 10]
    for at in np.random.default_rng([seed, 6]).permutation(len(short)):
        yield short[at], np.random.default_rng([seed, 7, at])


def chosen(run: Run, folder: Path, count: int) -> list[tuple[Clip, Path, float]]:
    """Takes that are understood whole: the clip, its sound in `folder`, and the seconds of speech in it."""
    found: list[tuple[Clip, Path, float]] = []
    rest = drawn(run.seed)
    while len(found) < count and (some := list(islice(rest, count))):
        made = []
        for clip, rng in some:
            audio, seconds = take(clip, rng)
            made.append((clip, folder / f"{clip.path.stem}.wav", seconds))
            soundfile.write(made[-1][1], audio, RATE_HZ)
        unknown = [(clip, wav) for clip, wav, _ in made if f"{clip.path.stem} whole" not in run.lines]
        texts = batch(run.model, [cut for _, wav in unknown for cut in _cuts(wav)]) if unknown else []
        for at, (clip, _) in enumerate(unknown):
            heard = [kept(clip.text, text) for text in texts[at * len(CUTS_S) : (at + 1) * len(CUTS_S)]]
            run.lines.add(f"{clip.path.stem} whole", {key: all(line[key] for line in heard) for key in heard[0]})
        wholes = [run.lines[f"{clip.path.stem} whole"] for clip, _, _ in made]
        found += [take for take, whole in zip(made, wholes, strict=True) if whole["first"] and whole["last"]]
    return found[:count]


def _cuts(wav: Path) -> list[Path]:
    """The sound in `wav`, each time from another of `CUTS_S` on and by another third of a sample later, in files beside
    it."""
    audio, _ = soundfile.read(wav, dtype="float32")
    finer = soxr.resample(audio, RATE_HZ, 3 * RATE_HZ)
    made = [wav.with_suffix(f".{at}.wav") for at in range(len(CUTS_S))]
    for third, (path, cut_s) in enumerate(zip(made, CUTS_S, strict=True)):
        later = soxr.resample(finer[third + 3 * round(cut_s * RATE_HZ) :], 3 * RATE_HZ, RATE_HZ)
        soundfile.write(path, later, RATE_HZ)
    return made


def prove(run: Run) -> dict[str, Any]:
    """Start the app once and dictate each take; `run.limit` is how many."""
    with tempfile.TemporaryDirectory(prefix="intone-edges-") as name:
        folder = Path(name)
        takes = chosen(run, folder, run.upto(TAKES))
        missing = [take for take in takes if take[0].path.stem not in run.lines]
        if missing:
            with Desk(folder / "desk") as desk:
                _ready(desk, run, folder)
                _dictate(desk, *missing[0][1:])  # the microphone is warm from now on
                for number, (clip, wav, seconds) in enumerate(missing):
                    text, recording = _dictate(desk, wav, seconds)
                    played, _ = soundfile.read(wav, dtype="float32")
                    there = recording is not None and whole(recording, played, seconds)
                    run.lines.add(clip.path.stem, {**kept(clip.text, text), "whole": there})
                    tell(f"edges: {number + 1}/{len(missing)}", "\r")
    lines = [run.lines[clip.path.stem] for clip, _, _ in takes]
    both = sum(line["first"] and line["last"] for line in lines)
    return {
        "takes": len(lines),
        "both_kept": both,
        "first_kept": sum(line["first"] for line in lines),
        "last_kept": sum(line["last"] for line in lines),
        "sound_whole": sum(line["whole"] for line in lines),
        "empty": sum(not line["heard"] for line in lines),
        "ok": both == len(lines) and all(line["whole"] for line in lines),
    }


def _ready(desk: Desk, run: Run, folder: Path) -> None:
    (desk.home / "models").symlink_to(MODELS)
    desk.intone("settings", "set", "recognizer.model", run.model)
    desk.intone("settings", "set", "recognizer.language", "en")
    desk.start()
    desk.wait_ready()
    desk.open_qt_editor(folder / "text")


def _dictate(desk: Desk, wav: Path, seconds: float) -> tuple[str, Audio | None]:
    """What the history has of it as it was heard, and its recording; nothing where there is none in time."""
    before = len(desk.history())
    with playing(desk, wav) as heard:
        heard.at(LEAD_S)
        desk.press()
        heard.at(LEAD_S + seconds)
        desk.release()
    try:
        until(lambda: len(desk.history()) > before, "the text is there", TEXT_WITHIN_S)
    except AssertionError as late:
        sys.stderr.write(f"{wav.stem}: {late}\n")
        return "", None
    row = desk.history()[0]
    return str(row["raw_text"]), soundfile.read(row["audio_path"], dtype="float32")[0]
