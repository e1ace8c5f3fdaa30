"""What may die or fill up in Windows during a dictation, and what is left then: no word is lost, and none comes twice.

The model's process is killed in speech; the app is killed in speech, as the Task Manager does, and started again; a
second app is started in speech, which shows the history of the first; the disk with the app's folder is full. Speech,
model, keys and Notepad are real, the disk is a small file system in memory, which only root can mount.
"""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np

from tests.conftest import Clip, sentences
from tests.prove.record import MODELS, Line
from tests.support.desk import BUSY_S, until
from tests.support.desks.wine import CTRL_R, NOTEPAD, WineDesk
from tests.support.words import error_rate

TIMES = 16

FAULTS = ("worker", "app", "second", "disk")

MODEL = "tiny.en"

MISHEARD = 0.5
"""Word errors up to which a text is that of the sentence: a small model, and a busy machine that loses sound."""

STARTED_S, ENDED_S = 300.0, 240.0

DISK_MB = 24
"""How large the disk is: enough for the app's files."""


def fault(number: int) -> str:
    """What happens in a dictation."""
    return FAULTS[number % len(FAULTS)]


def measure(fresh_desk: Callable[[], Any], numbers: Sequence[int]) -> Iterator[tuple[int, Line]]:
    """Yield the dictations, those with a full disk last, on a desk of their own."""
    for on_disk in (False, True):
        some = [number for number in numbers if (fault(number) == "disk") is on_disk]
        if some and on_disk and os.getuid():
            yield from ((number, {"fault": "disk", "state": "not tried: wants root", "wrong": []}) for number in some)
        elif some:
            with fresh_desk() as desk, ExitStack() as stack:
                if on_disk:
                    stack.enter_context(Disk(desk.home))
                world = World(desk)
                for number in some:
                    yield number, {"fault": fault(number), **world.dictate(number)}
                desk.intone("quit")


class Disk:
    """A small file system at `folder`, for a while."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", self._folder], check=True)

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", "--lazy", self._folder], check=True)


class World:
    """The app and a Notepad at `desk`."""

    def __init__(self, desk: WineDesk) -> None:
        self.desk = desk
        self.clips = sentences()[1:4]
        (desk.home / "models").symlink_to(MODELS)
        (desk.home / "settings.toml").write_text(f'[recognizer]\nmodel = "{MODEL}"\n')
        desk.start()
        desk.wait_ready(STARTED_S)
        desk.open_notepad()

    def dictate(self, number: int) -> dict[str, Any]:
        """Say a sentence and let the fault happen; what is left then."""
        desk, clip = self.desk, self.clips[number % len(self.clips)]
        desk.focus(NOTEPAD)
        known, text = {row["id"] for row in desk.history()}, desk.notepad_text()
        happen: Callable[[], str] = getattr(self, f"_{fault(number)}")
        self._speak(clip, number)
        state = happen()
        desk.release(CTRL_R)
        if fault(number) == "app":
            desk.start()
            desk.wait_ready(STARTED_S)
        desk.wait_state("idle", "failed", timeout_s=ENDED_S)  # a row that cannot be written has failed
        self._free()
        new: list[dict[str, Any]] = []

        def left() -> bool:
            new[:] = [row for row in desk.history() if row["id"] not in known]
            return any(row["text"] for row in new) or desk.notepad_text() != text

        with suppress(AssertionError):
            until(left, "there are words", BUSY_S)
        after = desk.notepad_text()
        rows = [(str(row["delivery"]), str(row["text"])) for row in new]
        found = wrong(clip.text, after[len(text) :].strip(), rows, fault(number))
        notes = [str(row["note"]) for row in new]
        return {"state": state, "left": [delivery for delivery, _ in rows], "notes": notes, "wrong": found}

    def _speak(self, clip: Clip, number: int) -> None:
        """Speak, to the end but for a worker, which is killed at a drawn moment."""
        if fault(number) == "disk":
            self._fill()
        self.desk.press(CTRL_R)
        self.desk.wait_state("listening", timeout_s=BUSY_S)
        player = self.desk.sound.play(clip.path, wait=False)
        if fault(number) == "worker":
            Event().wait(float(np.random.default_rng(number).uniform(0, 2)))
            self.desk.kill_worker()
        assert player.wait(BUSY_S * 5) == 0

    def _worker(self) -> str:
        return "killed while it was spoken"

    def _app(self) -> str:
        self.desk.kill_app()
        return "killed while the key was down"

    def _second(self) -> str:
        """Start another app, which is to end; the first shows its history, over Notepad."""
        done = self.desk.run(*self.desk.program, timeout_s=STARTED_S)
        return f"the second app ended with {done.returncode}"

    def _disk(self) -> str:
        return "nothing can be written"

    @property
    def _ballast(self) -> Path:
        return self.desk.home / "ballast"

    def _fill(self) -> None:
        with suppress(OSError), self._ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))

    def _free(self) -> None:
        self._ballast.unlink(missing_ok=True)


def wrong(said: str, new: str, rows: Sequence[tuple[str, str]], what: str) -> list[str]:
    """What is wrong where `said` was said, `new` came into Notepad, and the history has new `rows` of outcome and
    text."""
    found = []
    texts = [text for _, text in rows if text]
    inserted = [text for outcome, text in rows if outcome == "inserted"]
    if not new and not texts:
        found.append("lost")
    if new and error_rate(f"{said} {said}", new) < error_rate(said, new):
        found.append("twice in Notepad")
    elif new and error_rate(said, new) > MISHEARD:
        found.append(f"something else in Notepad: {new!r}")
    if texts and min(error_rate(said, text) for text in texts) > MISHEARD:
        found.append(f"something else in the history: {texts}")
    if len(rows) > 1:
        found.append("twice in the history")
    if inserted and not new:
        found.append("a row says inserted, and nothing is there")
    if what == "second" and not new and "copied" not in (outcome for outcome, _ in rows):
        found.append("neither inserted nor copied")
    elif what not in ("app", "second") and not new:
        found.append("not inserted")
    return found


def judge(lines: Sequence[Line]) -> dict[str, Any]:
    """The counts, and `ok`."""
    bad = [f"{line['key']} ({line['fault']}): {why}" for line in lines for why in line["wrong"]]
    return {
        "faults": Counter(line["fault"] for line in lines),
        "good": sum(not line["wrong"] for line in lines),
        "states": Counter(line["state"] for line in lines),
        "left": Counter("+".join(line.get("left", ())) or "no row" for line in lines),
        "wrong": bad[:20],
        "ok": not bad,
    }
