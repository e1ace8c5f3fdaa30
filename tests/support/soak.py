"""Hours of dictation on the virtual desk, drawn by a seed: words and paragraphs into several windows, changed settings,
cancelled dictations, and a recognizer's process that is killed now and then.

Each dictation is followed by checks of what a user would miss (the words, the clipboard, the keys) and of what only
a slow machine shows: memory, threads, open files, child processes.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import numpy as np
import soundfile

from desktop.core import ipc_client
from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.core.types import Outcome
from desktop.history.rows import HistoryRow
from desktop.history.store import HistoryStore
from tests.conftest import Clip, sentences
from tests.prove.proc import children, handles, model_of, resident_mb, threads
from tests.support.cloud.faults import At, refused
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.words import Said
from tests.support.desk import CTRL_R, Desk, until
from tests.support.hands import Window, misplaced
from tests.support.words import error_rate

KINDS = ("held", "locked", "escaped", "away", "killed", "served", "refused", "setting")
"""Held: the key is down meanwhile. Locked: two taps. Escaped: Esc in the middle. Away: another window takes the focus
in the middle. Killed: the recognizer's process dies in the middle. Served: a server on loopback has the words. Refused:
it refuses them. Setting: one is changed before."""

SETTINGS = (
    ("polish.mode", "off", "rules"),
    ("audio.warm", "never", "always", "after"),
    ("emotion.engine", "off", "local"),
    ("vocabulary.words", "Dashwood", "Dashwood,Intone"),
    ("paste.join", "space", "auto"),
    ("recognizer.language", "en", "auto"),
)
"""What is changed: a setting and its values in turn. None of them costs a word."""

GAP_S = 0.3
MOST_ERRORS = 0.15
SETTLED_S = 120.0
SEEN_S = 15.0
REST_S = 35.0
"""Longer than the microphone stays open after a dictation."""


@dataclass(frozen=True, slots=True)
class Move:
    """One dictation: its kind, the sentences said, the window (0 to 2) and the next one's, the seconds before it, and
    how far through it (0 to 1) happens what happens in its middle."""

    kind: str
    sentences: tuple[int, ...]
    window: int
    after_s: float
    middle: float


@dataclass(frozen=True, slots=True)
class Took:
    """What the machine holds for the app: MB, threads, open files and child processes; the model's MB where it runs."""

    app_mb: float
    model_mb: float | None
    threads: int
    handles: int
    children: int


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a move: how it ended, with which engine, how many ms after the release the text was known, how much
    of it was wrong, and what else was."""

    outcome: str
    engine: str
    known_ms: float | None
    errors: float
    wrong: str


def moves(seed: int, many: int = 5) -> Iterator[Move]:
    """Moves without end, of `many` sentences to choose from; every kind comes once in each row of `KINDS`."""
    rng = np.random.default_rng([seed, 21])
    while True:
        for at in rng.permutation(len(KINDS)):
            length = min(many, int(rng.geometric(0.35)))
            rests = REST_S if rng.random() < 0.04 else 0.0
            yield Move(
                KINDS[at],
                tuple(int(one) for one in rng.permutation(many)[:length]),  # said twice, it would be written once
                int(rng.integers(0, 3)),
                float(rng.exponential(1.5)) + rests,
                float(rng.uniform(0.1, 0.9)),
            )


def joined(clips: Sequence[Clip], said: Sequence[int], to: Path) -> tuple[str, float]:
    """Write these sentences one after the other to the file `to`; their words, and how many seconds they last."""
    sounds = [soundfile.read(clips[one].path, dtype="float32") for one in said]
    rate_hz = sounds[0][1]
    gap = np.zeros(round(GAP_S * rate_hz), np.float32)
    whole = np.concatenate([part for sound, _ in sounds for part in (sound, gap)])
    soundfile.write(to, whole, rate_hz)
    return " ".join(clips[one].text for one in said), len(whole) / rate_hz


class Soaking:
    """A user at `desk`, whose app is ready; `server` is the service at `url`; files are made in `folder`."""

    def __init__(self, desk: Desk, folder: Path, server: OpenAI, url: str) -> None:
        assert desk.app is not None
        self._desk, self._folder, self._server = desk, folder, server
        self._app = desk.app.pid
        self._clips = sentences()
        self._paths = Paths(desk.home, desk.home, desk.home, desk.runtime)
        self._history = HistoryStore(self._paths.history)
        self._settings = deque((name, deque(values)) for name, *values in SETTINGS)
        self._count = 0
        self._engine = "whisper"
        files = [folder / name for name in ("terminal", "gtk", "qt")]
        opened = zip((desk.open_xterm, desk.open_mousepad, desk.open_qt_editor), files, strict=True)
        handles = [open_(file) for open_, file in opened]
        apps = ("xterm", "mousepad", "qt_editor")
        self._windows = [Window(*of) for of in zip(handles, files, apps, strict=True)]
        desk.intone("settings", "set", "engines.compatible.url", f"{url}/v1")

    def make(self, move: Move) -> Came:
        """Make the move, wait until all is over, and look at what came of it."""
        Event().wait(move.after_s)
        self._prepare(move)
        self._count += 1
        clipboard = f"copied {self._count}".encode()
        self._desk.copy(clipboard)
        self._desk.focus(self._windows[move.window].handle)
        before = self._history.last()
        said = self._folder / "said.wav"
        words, seconds = joined(self._clips, move.sentences, said)
        self._server.words = Said(words)
        self._server.asked.clear()
        self._speak(move, said, seconds)
        row = self._row(before)
        return self._judge(move, row, words, clipboard)

    def took(self) -> Took:
        """What the app holds now."""
        model = model_of(self._app)
        return Took(
            resident_mb(self._app),
            resident_mb(model) if model is not None else None,
            threads(self._app),
            handles(self._app),
            len(children(self._app)),
        )

    def settled(self) -> Took:
        """The same after a moment's rest, as at the beginning."""
        until(lambda: model_of(self._app) is not None, "a process has the model")
        Event().wait(2)
        return self.took()

    def _prepare(self, move: Move) -> None:
        engine = "compatible" if move.kind in ("served", "refused") else "whisper"
        if engine != self._engine:
            self._set("recognizer.engine", engine)
            self._engine = engine
        if move.kind == "refused":
            self._server.faults += [refused(At.TRANSCRIPTION, 503)]
        if move.kind == "setting":
            name, values = self._settings[0]
            self._set(name, values[0])
            values.rotate(-1)
            self._settings.rotate(-1)
        until(self._is_ready, "it is ready", SETTLED_S)

    def _set(self, name: str, value: str) -> None:
        done = self._desk.intone("settings", "set", name, value)
        assert done.returncode == 0, done.stderr

    def _speak(self, move: Move, said: Path, seconds: float) -> None:
        desk, taps = self._desk, move.kind == "locked"
        desk.tap(CTRL_R) if taps else desk.press()
        until(lambda: self._asked("state") == "listening", "it listens")
        player = desk.say(said, wait=False)
        if move.kind in ("escaped", "away", "killed"):
            Event().wait(move.middle * seconds)
            match move.kind:
                case "escaped":
                    desk.esc()
                    desk.sound.hush()
                case "away":
                    desk.focus(self._ended_in(move).handle)
                case "killed":
                    self._kill()
        player.wait()
        if taps:
            desk.tap(CTRL_R)
        else:
            desk.release()

    def _kill(self) -> None:
        if (model := model_of(self._app)) is not None:
            with suppress(ProcessLookupError):
                os.kill(model, signal.SIGKILL)

    def _ended_in(self, move: Move) -> Window:
        """The window that has the focus when the key comes up."""
        return self._windows[(move.window + (move.kind == "away")) % len(self._windows)]

    def _row(self, before: HistoryRow | None) -> HistoryRow:
        """What the history has of it, once nothing goes on any more."""
        since = before.id if before else 0

        def over() -> bool:
            last = self._history.last()
            return last is not None and last.id > since and self._asked("state") in ("idle", "failed")

        until(over, "it is over", SETTLED_S)
        last = self._history.last()
        assert last is not None
        return last

    def _is_ready(self) -> bool:
        return self._asked("ready") is True and self._asked("engine") == self._engine

    def _asked(self, what: str) -> object:
        try:
            reply = ipc_client.send_command(self._paths, "status")
        except UserError:  # it has no time to answer
            return None
        return reply.get(what) if reply else None

    def _judge(self, move: Move, row: HistoryRow, words: str, clipboard: bytes) -> Came:
        wanted = Outcome.CANCELLED if move.kind == "escaped" else Outcome.INSERTED
        window = self._ended_in(move)
        complaints = [] if row.delivery == wanted else [f"it ended as {row.delivery}: {row.note}"]
        errors = 0.0
        if row.delivery == Outcome.INSERTED:
            window.inserted.append(row.text)
            errors = error_rate(words, row.text)
            if errors > MOST_ERRORS:
                complaints.append(f"{errors:.2f} of the words are wrong: {row.text!r} instead of {words!r}")
        self._save()
        for each in self._windows:
            if not _within(lambda each=each: not wrong(each)):
                complaints.append(f"{each.app}: {wrong(each)}")
        if not _within(lambda: self._desk.clipboard() == clipboard):
            complaints.append(f"the clipboard holds {self._desk.clipboard()[:80]!r}")
        complaints += [f"key {code} is down" for code in self._desk.keys_down()]
        if left := list(self._paths.spool.glob("*")):
            complaints.append(f"{len(left)} recordings are left in the spool")
        known_ms = round(row.release_to_text_ms, 1) if row.release_to_text_ms is not None else None
        return Came(row.delivery, row.engine, known_ms, round(errors, 3), "; ".join(complaints))

    def _save(self) -> None:
        """Have the one editor that does not do it by itself write its file."""
        editor = self._windows[1]
        if wrong(editor):
            self._desk.focus(editor.handle)
            self._desk.save()


def wrong(window: Window) -> str:
    """What is wrong with its text, but for the line's end that an editor adds to a file."""
    text = window.file.read_text() if window.file.exists() else ""
    return misplaced(text.removesuffix("\n"), window.inserted, window.typed)


def _within(met: Callable[[], object]) -> bool:
    """Whether it is so before long."""
    try:
        until(met, "", SEEN_S)
    except AssertionError:
        return False
    return True
