"""`kill -9` while dictations are written, corrected and deleted, and what is left of the history then.

Two in three begin encrypted, and in one of two another thread encrypts and decrypts all of it meanwhile, over and over.

A process of its own does what the app does at the end of a dictation, over and over, and says on its standard output
what it has done and what it is about to undo. It is killed at a random moment; the next one goes on in the same folder.
What has been said to be done must be there, and whatever is there must be whole.
"""

from __future__ import annotations

import functools
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

import anyio
import numpy as np
import soundfile

from desktop.audio.spool import Spool
from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Emotion, EmotionResult, Outcome
from desktop.encryption import keyring as encryption_keyring
from desktop.encryption import recordings
from desktop.encryption.cipher import EncryptionKey
from desktop.history import connection as history_connection
from desktop.history import encryption
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry, HistoryRow
from desktop.history.schema import open_history
from desktop.history.store import HistoryStore
from desktop.settings.schema import HistorySettings
from tests.prove.record import ROOT, Run, tell
from tests.support.settings import in_force

KILLS = 200

LONGEST_S = 0.4
"""The latest moment of a kill: some tens of writes after the first."""

ROWS = 40
"""From so many rows on the oldest go."""


def prove(run: Run) -> dict[str, Any]:
    """`run.limit` kills."""
    with tempfile.TemporaryDirectory(prefix="intone-kills-") as folder:
        return killed(Path(folder), run.seed, run.upto(KILLS))


def environ(folder: Path) -> dict[str, str]:
    """What a writer lives in: a keyring of its own beside the folder."""
    keyring = {
        "PYTHON_KEYRING_BACKEND": "tests.support.keyring.InFile",
        "INTONE_TEST_KEYRING": f"{folder}-keyring.json",
    }
    return {**os.environ, **keyring}


def killed(folder: Path, seed: int, kills: int) -> dict[str, Any]:
    """Kill so often in `folder`; the counts, what was wrong, and `ok`."""
    chance = random.Random(seed)
    scene = Scene(folder)
    for at in range(kills):
        scene.kill(seed * 10_000 + at, chance.uniform(0, LONGEST_S))
        tell(f"history-kills: {at + 1}/{kills}", "\r")
    Path(environ(folder)["INTONE_TEST_KEYRING"]).unlink()
    return {"kills": kills, **scene.counts, "wrong": scene.wrong[:10], "ok": not scene.wrong}


def paths(folder: Path) -> Paths:
    """Everything in one folder."""
    return Paths(config=folder, data=folder, state=folder, runtime=folder)


@dataclass
class Scene:
    """The folder over all kills: what was said to be in it, and what was found wrong."""

    folder: Path
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def kill(self, seed: int, after_s: float) -> None:
        """Let a writer live for so long, and look at what it left."""
        command = [sys.executable, "-m", "tests.prove.history_kills", str(self.folder), str(seed)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, env=environ(self.folder)) as writer:
            assert writer.stdout is not None
            first = writer.stdout.readline()
            Event().wait(after_s)
            ended = writer.poll()
            writer.kill()
            said = (first + writer.stdout.read()).decode().splitlines()
        if ended is not None:
            self.wrong.append(f"{seed}: the writer ended by itself ({ended})")
        for line in said:
            what, _, id = line.partition(" ")
            self.counts[what] += 1
            if what == "added":
                self.expected.add(int(id))
            elif what == "deleting":
                self.expected.discard(int(id))
        self.look(seed)

    def look(self, seed: int) -> None:
        """Note what is not as it was said to be, or not whole. What an app would recover or sweep is swept."""
        place, found = paths(self.folder), list[str]()
        if (told := Path(environ(self.folder)["INTONE_TEST_KEYRING"])).exists():
            (secret,) = json.loads(told.read_text()).values()
            encryption_keyring.LOADED_KEYS.remember(EncryptionKey(bytes.fromhex(secret)))
        self.counts["encrypted"] += history_connection.encrypted_file(place.history).exists()
        with open_history(place.history) as connection:
            (answer,) = connection.execute("PRAGMA integrity_check").fetchone()
            if answer != "ok":
                found.append(f"the file: {answer}")
            connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")  # raises
        rows = HistoryStore(place.history).rows(10_000)
        found += [f"row {row.id}: {why}" for row in rows if (why := halved(row))]
        found += [f"row {id} is lost" for id in self.expected - {row.id for row in rows}]
        memory = DictationRecorder(place, HistoryStore(place.history))
        for take in memory.spool.find_leftovers():  # an app that starts would recover them
            self.counts["recoverable"] += 1
            take.discard()
        orphans = set(place.audio.glob("*")) - memory_of(rows)
        self.counts["orphans"] += len(orphans)
        for orphan in orphans:
            os.utime(orphan, (0, 0))
        place.clock.unlink(missing_ok=True)
        if rows:  # whose newest tells that the time is to be believed
            anyio.run(memory.expire, in_force(HistorySettings()))
            found += [f"{path.name} stays for ever" for path in set(place.audio.glob("*")) - memory_of(rows)]
        self.wrong += [f"{seed}: {why}" for why in found]


def memory_of(rows: list[HistoryRow]) -> set[Path]:
    """The recordings that they name."""
    return {row.audio_path for row in rows if row.audio_path is not None}


def halved(row: HistoryRow) -> str:
    """What of the row is not whole, empty where all is."""
    number = row.raw_text.partition(" ")[0]
    if (row.raw_text, row.text) != texts(int(number)):
        return "the words do not belong together"
    if row.emotion is not None and row.emotion.note != number:
        return "the emotion is of another"
    if row.audio_path is None:
        return "it has no recording"
    try:
        info = soundfile.info(recordings.open_recording(row.audio_path))
    except (soundfile.LibsndfileError, UserError, OSError) as error:
        return f"the recording: {error}"
    return "" if info.frames == round(row.duration_s * RATE_HZ) else "the recording is cut"


def texts(number: int) -> tuple[str, str]:
    """As spoken and as written."""
    spoken = f"{number} " + " ".join(f"wort{number * at % 997} 詞{chr(0x4E00 + number * at % 997)}" for at in range(40))
    return spoken, spoken.upper() + "."


def write(folder: Path, seed: int) -> None:
    """Dictate, feel, correct and delete until killed."""
    chance, sound = random.Random(seed), np.random.default_rng(seed)
    history = HistoryStore(paths(folder).history)
    memory = DictationRecorder(paths(folder), history)
    say = functools.partial(print, flush=True)
    ids = [row.id for row in history.rows(10_000)]
    encryption.apply_encryption(paths(folder), lambda: seed % 3 > 0, Spool(None))
    say("ready")
    if seed % 2:
        Thread(target=turn, args=(paths(folder), say), daemon=True).start()
    for number in range(seed * 1000, seed * 1000 + 1000):
        now = datetime.now(UTC)
        frames = chance.randint(5, 120)
        with memory.spool.create(now) as take:
            for _ in range(frames):
                take.write(sound.normal(0, 0.1, FRAME_SAMPLES).astype(np.float32))
            raw, text = texts(number)
            length_s = frames * FRAME_SAMPLES / RATE_HZ
            entry = HistoryEntry(
                started_at=now, raw_text=raw, text=text, duration_s=length_s, delivery=Outcome.INSERTED
            )
            ids.append(memory.record(entry, take, HistorySettings()))
        say(f"added {ids[-1]}")
        memory.add_emotion(ids[-1], EmotionResult(Emotion("joy", 0.5, 0.5, 0.5, note=str(number))))
        history.correct_text(chance.choice(ids), f"{number} corrected")
        history.correct_emotion(chance.choice(ids), "fear")
        if len(ids) > ROWS:
            say(f"deleting {ids[0]}")
            history.delete(ids.pop(0))


def turn(place: Paths, say: Callable[[str], None]) -> None:
    """Encrypt and decrypt until killed."""
    for on in itertools.cycle((False, True)):
        encryption.apply_encryption(place, lambda on=on: on, Spool(None))  # type: ignore[misc]
        say("turned")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
