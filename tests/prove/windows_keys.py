"""Keys in Windows, over Notepad: each gesture heard once, nothing of a bound key in Notepad, and no key left down.

The app's hotkeys run alone, with Right Ctrl and F9 to talk, Ctrl+Alt+Z and Esc. Gestures are drawn by number: a held
modifier, one that repeats as Windows repeats it, F9 held until it repeats, a tap that locks until the next one, a
letter within a held talk key, a chord, Esc, and letters that are only Notepad's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from threading import Event
from typing import Any

import numpy as np

from desktop.platforms.windows.key_codes import CODES
from tests.prove.record import Line
from tests.support.desk import read_until, stop
from tests.support.desks.wine import CTRL_R, ESC, F9, WineDesk

TIMES = 200

GESTURES = {
    "modifier": ["DOWN talk", "UP talk"],
    "modifier-repeat": ["DOWN talk", "UP talk"],
    "tap": ["BEGIN", "LOCK", "END"],
    "repeat": ["DOWN talk", "UP talk"],
    "other": ["DOWN talk", "OTHER talk", "UP talk"],
    "chord": ["DOWN undo"],
    "esc": ["ESC cancel"],
    "letter": [],
}
"""By gesture, what the hotkeys are to say; by a tap, what it means for a dictation."""

HELD_S, REPEATS_S = 1.0, 1.2
"""How long Right Ctrl is held, which is no tap, and F9: X repeats a key after .66 s."""

REPEATS = 40
"""So many times a held modifier is pressed."""

LOCKED_S = 1.0
"""How long a dictation goes on between the two taps."""

HEARD_S, EXTRA_S = 20.0, 0.3
"""How long an event may take, and how long is looked for one too many."""

CHECKED = 10
"""After so many gestures Notepad is read, and which keys are down."""

LETTERS = "asdfgq"


def gesture(number: int) -> str:
    """The gesture of a number."""
    return list(GESTURES)[int(np.random.default_rng(number).integers(len(GESTURES)))]


def measure(fresh_desk: Callable[[], Any], numbers: Sequence[int]) -> Iterator[tuple[int, Line]]:
    """Yield the gestures, each with what was heard."""
    with fresh_desk() as desk:
        notepad, file = desk.open_notepad(), desk.folder / "events"
        process = desk.spawn(*desk.helper_command("keys", file, "ctrl_r", "f9"))
        read_until(file, lambda text: text.startswith("ready"), 120)
        typed = ""
        for at, number in enumerate(numbers, 1):
            kind = gesture(number)
            log = file.with_suffix(".intents") if kind == "tap" else file
            before = len(log.read_text().splitlines())
            letter = LETTERS[number % len(LETTERS)] if kind == "letter" else ""
            typed += letter
            _do(desk, kind, letter)
            wanted = before + len(GESTURES[kind])
            with suppress(AssertionError):
                read_until(log, lambda text, wanted=wanted: text.count("\n") >= wanted, HEARD_S)
            Event().wait(EXTRA_S)
            heard = log.read_text().splitlines()[before:]
            is_checked = at % CHECKED == 0 or at == len(numbers)
            told = desk.helper("focused") if is_checked else {"text": typed, "down": []}
            yield number, {"gesture": kind, "wrong": wrong(kind, heard, typed, told["text"], told["down"])}
            typed = told["text"]
        stop(process)
        stop(notepad)


def _do(desk: WineDesk, kind: str, letter: str) -> None:
    if kind == "modifier-repeat":
        desk.helper("held_key", str(CODES["ctrl_r"]), str(REPEATS))
    elif kind == "tap":
        desk.keys(CTRL_R)
        Event().wait(LOCKED_S)
        desk.keys(CTRL_R)
    elif kind in ("modifier", "other", "repeat"):
        key = F9 if kind == "repeat" else CTRL_R
        desk.press(key)
        if kind == "other":
            desk.keys("c")
        Event().wait(REPEATS_S if kind == "repeat" else HELD_S)
        desk.release(key)
    else:
        desk.keys({"chord": "ctrl+alt+z", "esc": ESC}.get(kind, letter))


def wrong(kind: str, heard: list[str], typed: str, text: str, down: list[int]) -> list[str]:
    """What is wrong after a gesture, when Notepad should have what was `typed`."""
    found = [] if heard == GESTURES[kind] else [f"heard {heard}"]
    found += [] if text == typed else [f"in Notepad stands {text!r}, and not {typed!r}"]
    return found + [f"key {key:#x} is down" for key in down]


def judge(lines: Sequence[Line]) -> dict[str, Any]:
    """The counts, and `ok`."""
    bad = [f"{line['key']} ({line['gesture']}): {why}" for line in lines for why in line["wrong"]]
    return {
        "gestures": Counter(line["gesture"] for line in lines),
        "good": sum(not line["wrong"] for line in lines),
        "wrong": bad[:20],
        "ok": not bad,
    }
