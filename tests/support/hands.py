"""Random user input around a dictation, drawn by a seed, and a judge of the result.

Two windows are open, `here` and `there`. A move speaks once or twice and does one thing that goes wrong in practice:
the key held again before the text is there, let go too early, bouncing; other keys touched while one speaks, letters
typed while the text is on its way, a modifier still down, the focus moved away between the release and the paste, a
shortcut with the talk key.

The judge knows what was typed and what the history says was inserted, by window. It asks for each once, whole and in
order, and for nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
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
from tests.conftest import sentences
from tests.support.desk import CTRL_R, Desk, until

KINDS = ("held", "early", "bounce", "others", "typing", "modifier", "away", "shortcut")

LETTERS = {24: "q", 25: "w", 26: "e", 27: "r", 28: "t", 29: "y"}
"""Keycodes of evdev's map and what they type on a US keyboard."""

SHIFT_L, CTRL_L, LETTER_C = 50, 37, 54

OTHERS = (123, 107, 71, 172)
"""Keycodes of keys that are touched while one speaks: volume, PrtScr, F5, play."""

SAID_S = 2.2
"""How long a sentence is: enough for a few words, since there are hundreds."""

SETTLED_S = 60.0

BESIDE = (Outcome.COPIED, Outcome.UNCONFIRMED)
"""How a dictation may also end whose window was left before it came."""


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that a hand does: its kind, the keycodes it types, and a delay in seconds, whatever that is of."""

    kind: str
    typed: tuple[int, ...]
    delay_s: float

    @property
    def dictations(self) -> int:
        """How many rows it leaves in the history."""
        return {"held": 2, "shortcut": 0}.get(self.kind, 1)


def moves(seed: int) -> Iterator[Move]:
    """Moves without end; every kind comes once in each row of `KINDS`, in a drawn order."""
    rng = np.random.default_rng([seed, 11])
    while True:
        for at in rng.permutation(len(KINDS)):
            typed = tuple(int(code) for code in rng.choice(list(LETTERS), rng.integers(3, 12)))
            yield Move(KINDS[at], typed, float(rng.uniform(0.0, 0.4)))


def misplaced(text: str, inserted: Sequence[str], typed: str) -> str:
    """What is wrong with the `text` of a window into which these texts were inserted, in order, while `typed` was
    typed; empty when nothing is.

    A text may begin with another case where it goes on from the one before, and one space may join the two.
    """
    rest, at = "", 0
    for one in inserted:
        found = text.casefold().find(one.casefold(), at)
        if found < 0 or text[found + 1 : found + len(one)] != one[1:]:
            return f"{one!r} is not there, or not whole, or not in its place"
        rest, at = rest + text[at:found], found + len(one)
    rest += text[at:]
    if rest.count(" ") > max(0, len(inserted) - 1):
        return f"{rest.count(' ')} spaces between {len(inserted)} texts"
    rest = rest.replace(" ", "")
    return "" if rest == typed else f"{rest!r} is there beside what was dictated, and {typed!r} was typed"


def said(folder: Path) -> list[Path]:
    """Recordings in `folder` of the beginnings of some sentences, `SAID_S` each."""
    found = []
    for clip in sentences():
        sound, rate_hz = soundfile.read(clip.path, dtype="float32")
        found.append(folder / f"said-{clip.path.name}")
        soundfile.write(found[-1], sound[: round(SAID_S * rate_hz)], rate_hz)
    return found


@dataclass(slots=True)
class Window:
    """A window, the file that has its text, and what was typed into it."""

    handle: int
    file: Path
    app: str
    typed: str = ""
    inserted: list[str] = field(default_factory=list)

    def wrong(self) -> str:
        """What is wrong with its text."""
        text = self.file.read_text() if self.file.exists() else ""
        return misplaced(text, self.inserted, self.typed)


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a move: how its dictations ended, how many ms after the release their texts were known, and what was
    wrong with either window and the keys."""

    outcomes: tuple[str, ...]
    known_ms: tuple[float, ...]
    wrong: str


class Hands:
    """A user at `desk`, whose app is ready; files are made in `folder`."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self._desk = desk
        self._say = cycle(said(folder))
        self._paths = Paths(desk.home, desk.home, desk.home, desk.runtime)
        self._history = HistoryStore(self._paths.history)
        there, here = folder / "there", folder / "here"
        self._there = Window(desk.open_xterm(there), there, "xterm")
        self._here = Window(desk.open_qt_editor(here), here, "qt_editor")

    def make(self, move: Move) -> Came:
        """Make the move, wait until all is over, and look at what came of it."""
        before = self._history.last()
        self._desk.focus(self._here.handle)
        match move.kind:
            case "held":
                self._speak()
                self._speak(listening=False)
            case "early":
                self._speak(early_s=0.2 + move.delay_s)
            case "bounce":
                self._speak(bounces=3)
            case "others":
                self._speak(others=OTHERS)
            case "typing":
                self._speak()
                self._type(move)
            case "modifier":
                self._with_modifier(move)
            case "away":
                self._speak()
                Event().wait(move.delay_s / 4)
                self._desk.focus(self._there.handle)
            case "shortcut":
                self._desk.tap(CTRL_R, LETTER_C)
        rows = self._rows(before, move.dictations)
        known_ms = tuple(round(row.release_to_text_ms, 1) for row in rows if row.release_to_text_ms is not None)
        return Came(tuple(row.delivery for row in rows), known_ms, self._judge(move, rows))

    def _speak(
        self, *, listening: bool = True, early_s: float = 0.0, bounces: int = 0, others: Sequence[int] = ()
    ) -> None:
        """Hold the key, say a sentence, let go; `early_s` seconds before its end. Meanwhile the key bounces so often,
        and these `others` are tapped."""
        self._desk.press()
        if listening:
            until(lambda: self._state() == "listening", "it listens")
        player = self._desk.say(next(self._say), wait=not (early_s or bounces or others))
        for _ in range(bounces):
            Event().wait(0.4)
            self._desk.bounce(CTRL_R)
        for code in others:
            Event().wait(0.3)
            self._desk.key(code, down=True)
            self._desk.key(code, down=False)
        if early_s:
            Event().wait(SAID_S - early_s)
        elif bounces or others:
            player.wait()
        self._desk.release()
        player.wait()

    def _with_modifier(self, move: Move) -> None:
        """Another modifier goes down just after the key came up, as where the user goes on typing."""
        self._speak()
        code = SHIFT_L if len(move.typed) % 2 else CTRL_L
        self._desk.key(code, down=True)
        Event().wait(0.05 + move.delay_s)
        self._desk.key(code, down=False)

    def _type(self, move: Move) -> None:
        for code in move.typed:
            Event().wait(0.02 + move.delay_s / 4)
            self._desk.tap(code)
            self._here.typed += LETTERS[code]

    def _rows(self, before: HistoryRow | None, count: int) -> list[HistoryRow]:
        """What the history has of the move, oldest first, once nothing goes on any more."""
        since = before.id if before else 0

        def new() -> list[HistoryRow]:
            return [row for row in reversed(self._history.rows()) if row.id > since]

        until(lambda: len(new()) >= count and self._state() in ("idle", "failed"), f"{count} are over", SETTLED_S)
        return new()

    def _state(self) -> str:
        try:
            reply = ipc_client.send_command(self._paths, "status")
        except UserError:  # it has no time to answer
            return ""
        return str(reply["state"]) if reply else ""

    def _judge(self, move: Move, rows: Sequence[HistoryRow]) -> str:
        for row in rows:
            if row.delivery == Outcome.INSERTED:
                window = self._here if self._here.app in row.app.lower() else self._there
                window.inserted.append(row.text)
        complaints = [f"{code} is down" for code in self._desk.keys_down()]
        if len(rows) != move.dictations:
            complaints.append(f"{len(rows)} dictations instead of {move.dictations}")
        allowed = (Outcome.INSERTED, *(BESIDE if move.kind == "away" else ()))
        complaints += [f"one ended as {row.delivery}: {row.note}" for row in rows if row.delivery not in allowed]
        for window in (self._here, self._there):
            try:
                until(lambda window=window: not window.wrong(), "the text is right", 5)
            except AssertionError:
                complaints.append(f"{window.app}: {window.wrong()}")
        return "; ".join(complaints)
