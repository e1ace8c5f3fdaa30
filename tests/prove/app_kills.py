"""`kill -9` at a random moment of a dictation, with the real app, real speech and a real window, and what is left then.

A moment is drawn from the press to three seconds after the release; half of them from the first second after it, since
that is when a text is decoded, pasted and written. Then the app starts again, and it is asked: are the words in the
window once, or in a row, and never in neither nor twice; is there one row at most, which says so where the text may be
in the window already; is the history whole and the spool empty; is no key down; what is on the clipboard.

The clipboard of X lives in the program that has filled it. Once the app has lent it, a kill takes it along, and the
app's clipboard restorer gives it back; where it does not, the kill counts as `gone`.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import numpy as np

from desktop.app.recovery import MAYBE_INSERTED_NOTE
from desktop.audio.spool import Spool
from desktop.core import ipc_client
from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.core.types import Outcome
from desktop.history.rows import HistoryRow
from desktop.history.schema import open_history
from desktop.history.store import HistoryStore
from desktop.paste.outcome import READ_TIMEOUT_S
from tests.prove.record import MODELS, Line, Run, tell
from tests.support.desk import CTRL_R, Desk, until
from tests.support.hands import SAID_S, said
from tests.support.words import error_rate

KILLS = 300

A_DESK = 30
"""Kills at one desk: its sound server takes 64 connections, and does not always notice that a killed one has ended."""

AFTER_S, SOON_S = 3.0, 1.0
"""How long after the release the last moment is, and the last of those that are drawn more often."""

ENOUGH_S = 1.2
"""Who has spoken for so long has said words."""

ALIKE = 0.5
"""Word errors up to which a text is that of the sentence or the row: a small model hears the same otherwise."""

OPENS_S, SETTLED_S, GIVEN_BACK_S = 20.0, 60.0, READ_TIMEOUT_S + 4.0

MODEL = "tiny.en"


@dataclass(frozen=True, slots=True)
class Moment:
    """When the app is killed: seconds after the press, or after the release where `released`."""

    released: bool
    after_s: float


def moment(seed: int, at: int) -> Moment:
    """The moment of one kill."""
    rng = np.random.default_rng([seed, at])
    if rng.random() < 0.5:
        return Moment(True, float(rng.uniform(0, SOON_S)))
    spoken = float(rng.uniform(0, SAID_S + AFTER_S))
    return Moment(False, spoken) if spoken < SAID_S else Moment(True, spoken - SAID_S)


def prove(run: Run) -> dict[str, Any]:
    """`run.limit` kills."""
    keys = [f"kill {at}" for at in range(run.upto(KILLS))]
    missing = [key for key in keys if key not in run.lines]
    for some in batched(missing, A_DESK):
        with (
            tempfile.TemporaryDirectory(prefix="intone-app-kills-", ignore_cleanup_errors=True) as name,
            Desk(Path(name, "desk")) as desk,
        ):
            killer = Killer(desk, Path(name))
            for key in some:
                run.lines.add(key, killer.kill(run.seed, int(key.split()[1])))
                tell(f"app-kills: {key.split()[1]}/{len(keys)}", "\r")
    return summary([run.lines[key] for key in keys])


def summary(lines: list[Line]) -> dict[str, Any]:
    """The counts, and `ok`."""
    wrong = [f"{line['key']} ({line['state']}): {why}" for line in lines for why in line["wrong"]]
    return {
        "kills": len(lines),
        "states": Counter(line["state"] for line in lines),
        "left": Counter(line["left"] for line in lines),
        "clipboard": Counter(line["clipboard"] for line in lines),
        "lost": sum("lost" in why for why in wrong),
        "twice": sum("twice" in why for why in wrong),
        "otherwise": sum("something else in the window" in why for why in wrong),
        "wrong": wrong[:20],
        "ok": not wrong,
    }


class Killer:
    """The user at `desk`, and what kills the app there; files are made in `folder`."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self._desk = desk
        self._clips = said(folder)
        self._file = folder / "text"
        self._paths = Paths(desk.home, desk.home, desk.home, desk.runtime)
        self._history = HistoryStore(self._paths.history)
        (desk.home / "models").symlink_to(MODELS)
        (desk.home / "settings.toml").write_text(f'[recognizer]\nmodel = "{MODEL}"\n')
        self._editor = 0
        self._start()
        self._editor = desk.open_qt_editor(self._file)
        self._whole = {clip: self._dictated(clip) for clip in self._clips}

    def kill(self, seed: int, at: int) -> dict[str, Any]:
        """Dictate, kill, start again; what is left."""
        desk, clip, when = self._desk, self._clips[at % len(self._clips)], moment(seed, at)
        text, row = self._text(), self._history.last()
        known = row.id if row else 0
        before = f"before {at}".encode()
        desk.copy(before)
        spoken_s = self._dictate_until(clip, when)
        state = self._state()  # which takes it a few milliseconds
        assert desk.app is not None
        desk.app.kill()
        desk.app.wait()
        desk.sound.hush()
        desk.release(CTRL_R)
        down = desk.keys_down()
        left_s = self._left_s()
        self._start()
        until(lambda: not list(self._paths.spool.glob("*")), "the spool is empty", SETTLED_S)
        rows = [row for row in self._history.rows(10) if row.id > known]
        new = self._text()[len(text) :].strip()
        with suppress(AssertionError):
            until(desk.clipboard, "the clipboard is given back", GIVEN_BACK_S)
        clipboard = desk.clipboard()
        wrong = [
            *judged(new, rows, self._whole[clip], spoken_s),
            *(f"{code} is down" for code in down),
            *self._broken(),
        ]
        if clipboard not in (b"", before) and clipboard.decode().strip() not in {row.text for row in rows} | {new}:
            wrong.append("the clipboard has something else")
        return {
            "state": state,
            "released": when.released,
            "after_s": round(when.after_s, 3),
            "spoken_s": round(spoken_s, 2),
            "left_s": round(left_s, 2),
            "left": "+".join([*(["window"] if new else []), *(row.delivery for row in rows)]) or "nothing",
            "clipboard": "as before" if clipboard == before else "text" if clipboard else "gone",
            "wrong": wrong,
        }

    def _dictate_until(self, clip: Path, when: Moment) -> float:
        """Press, speak and let go, as far as there is time; how many seconds were spoken."""
        desk, pressed_at = self._desk, monotonic()
        desk.press()
        end = np.inf if when.released else pressed_at + when.after_s
        self._until(lambda: self._state() == "listening", min(end, pressed_at + OPENS_S))
        assert monotonic() < pressed_at + OPENS_S, f"the app does not listen: {self._asked()}"
        began = monotonic()
        player = desk.say(clip, wait=False)
        self._until(lambda: player.poll() is not None, min(end, began + 2 * SAID_S))
        if when.released:
            desk.release(CTRL_R)
            Event().wait(when.after_s)
            return SAID_S
        return min(SAID_S, monotonic() - began)

    def _until(self, met: Callable[[], bool], deadline: float) -> None:
        while monotonic() < deadline and not met():
            Event().wait(min(0.02, max(0.0, deadline - monotonic())))

    def _dictated(self, clip: Path) -> str:
        """What the sentence reads as when nothing goes wrong."""
        row = self._history.last()
        known = row.id if row else 0
        self._dictate_until(clip, Moment(True, 0))

        def new() -> HistoryRow | None:
            found = self._history.last()
            return found if found is not None and found.id > known else None

        until(lambda: new() is not None, "the dictation is remembered", SETTLED_S)
        found = new()
        assert found is not None
        return found.raw_text

    def _start(self) -> None:
        """Start the app, and wait until it is ready."""
        self._desk.start()
        until(lambda: bool((reply := self._asked()) and reply["ready"]), self._desk.log.read_text, SETTLED_S)
        if self._editor:
            until(lambda: self._desk.focused() not in (0, self._editor), "the history is shown, as there is no tray")
            self._desk.focus(self._editor)

    def _asked(self) -> ipc_client.Reply | None:
        with suppress(UserError, OSError):
            return ipc_client.send_command(self._paths, "status")
        return None

    def _state(self) -> str:
        reply = self._asked()
        return str(reply["state"]) if reply else ""

    def _text(self) -> str:
        return self._file.read_text() if self._file.exists() else ""

    def _left_s(self) -> float:
        """Seconds of sound in the spool."""
        return sum(len(take.read_audio()) for take in Spool(self._paths.spool).find_leftovers()) / 16_000

    def _broken(self) -> list[str]:
        """What is wrong with the history's file."""
        with open_history(self._paths.history) as connection:
            (answer,) = connection.execute("PRAGMA integrity_check").fetchone()
            connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")  # raises
        return [] if answer == "ok" else [f"the history: {answer}"]


def judged(new: str, rows: list[HistoryRow], whole: str, spoken_s: float) -> list[str]:
    """What is wrong with the text that came into the window and with the rows, when so much of the `whole` was said."""
    wrong = []
    if len(rows) > 1:
        wrong.append("twice in the history")
    if not new and not any(row.text for row in rows) and spoken_s >= ENOUGH_S:
        wrong.append("lost")
    meant = [whole, *(row.text for row in rows if row.text)]
    once, again = (min(error_rate(" ".join([text] * times), new) for text in meant) for times in (1, 2))
    if new and again < once:
        wrong.append(f"twice in the window: {new!r} for {meant}")
    elif new and once > ALIKE:
        wrong.append(f"something else in the window: {new!r} for {meant}")
    for row in rows:
        if row.delivery is Outcome.INSERTED and not new:
            wrong.append("lost: a row says inserted, and nothing is there")
        if row.delivery is Outcome.RECOVERED and new and MAYBE_INSERTED_NOTE not in row.notes:
            wrong.append("a recovered row does not say that the text may be in the window already")
        if row.audio_path is None or not row.audio_path.is_file():
            wrong.append(f"a {row.delivery} row has no recording")
    return wrong
