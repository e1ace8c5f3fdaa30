"""How long the app takes in Windows from its process to the tray icon and to `ready`, and a first run to a sentence.

Wine shows the tray as a small window of its own explorer. The first run has its model in the app's folder already, and
so shows no download; its pages are turned by Enter, and the sentence is said to Notepad. A picture of each page and of
the sentence is kept, to be looked at. Times mean something only where nothing else is at work: each has the load of the
machine beside it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any

from tests.conftest import Clip, sentences
from tests.prove.record import MODELS, ROOT, Line
from tests.support.desk import stop, until
from tests.support.desks.wine import WindowsSession, WineDesk
from tests.support.words import error_rate

TIMES = 6

ICON_BAR_S, SENTENCE_BAR_S = 5.0, 60.0

PAGES = ("Speak instead of typing", "Say something", "What turns", "Hold this key to talk", "Your first sentence")
"""How the titles of the first run's pages begin."""

PICTURES = ROOT / ".cache/prove/windows-start"

MISHEARD = 0.4

LIMIT_S = 600.0

IDLE_LOAD = 0.5
"""The load up to which the machine counts as idle, on all processors together."""

QUIET_S = 300.0
"""Seconds to wait for that before each start, which makes load itself."""


def measure(fresh_desk: Callable[[], Any], numbers: Sequence[int]) -> Iterator[tuple[int, Line]]:
    """Yield starts with settings, and every second time a first run, each on a desk of its own."""
    for number in numbers:
        with suppress(AssertionError):
            until(lambda: os.getloadavg()[0] <= IDLE_LOAD, "the machine is idle", QUIET_S)
        load = os.getloadavg()[0]
        with fresh_desk() as desk:
            (desk.home / "models").symlink_to(MODELS)
            line = _first_run(desk) if number % 2 else _start(desk)
            desk.intone("quit")
        yield number, {"load": round(load, 1), **line}


def _start(desk: WineDesk) -> Line:
    """Seconds from the process to the icon in the tray, and to `ready`."""
    began = monotonic()
    desk.start()
    until(desk.has_tray_icon, "there is an icon", LIMIT_S)
    icon_s = monotonic() - began
    desk.wait_ready(LIMIT_S)
    return {"icon_s": round(icon_s, 2), "ready_s": round(monotonic() - began, 2), "wrong": []}


def _first_run(desk: WineDesk) -> Line:
    """Seconds from the process to the first page, and to the first sentence in Notepad."""
    (desk.home / "settings.toml").unlink()
    PICTURES.mkdir(parents=True, exist_ok=True)
    began, steps = monotonic(), list[float]()
    desk.start()
    for page in PAGES:
        if steps:
            desk.keys("Return")
        until(lambda page=page: page in desk.focused_title(), f"the page {page}", LIMIT_S)
        steps.append(round(monotonic() - began, 2))
        desk.picture(PICTURES / f"{len(steps)}.png")
    desk.wait_ready(LIMIT_S)
    found = dictate_into_notepad(desk, sentences()[1], 1, MISHEARD, PICTURES / "sentence.png")
    return {"pages_s": steps, "sentence_s": round(monotonic() - began, 2), "wrong": found["wrong"]}


def dictate_into_notepad(
    app: WindowsSession, clip: Clip, rows: int, misheard: float, picture: Path | None = None
) -> Line:
    """Dictate a sentence into a new Notepad as the history's `rows`th dictation; return its text and what is `wrong`.

    `misheard` is the share of the words that may be wrong; `picture` is the file of a picture of the screen with it.
    """
    notepad = app.open_notepad()
    app.dictate(clip.path)
    listed = app.wait_rows(rows, LIMIT_S)
    text, row = app.notepad_text(), listed[0]
    if picture is not None:
        app.picture(picture)
    stop(notepad)
    share = error_rate(clip.text, text)
    wrong = [] if len(listed) == rows else [f"{len(listed)} dictations in the history, and not {rows}"]
    wrong += [] if text == row["text"] else [f"in Notepad stands {text!r}, and not {row['text']!r}"]
    wrong += [] if share <= misheard else [f"misheard: {text!r}"]
    return {"text": text, "delivery": row["delivery"], "wrong_words": round(share, 3), "wrong": wrong}


def judge(lines: Sequence[Line]) -> dict[str, Any]:
    """The medians, whether the bars are met, and `ok`, which needs an idle machine."""
    bad = [f"{line['key']}: {why}" for line in lines for why in line["wrong"]]
    idle = max(line["load"] for line in lines) <= IDLE_LOAD
    found: dict[str, Any] = {"load": [line["load"] for line in lines], "idle": idle, "model": "prepared"}
    is_met = True
    for name, bar in (("icon_s", ICON_BAR_S), ("ready_s", None), ("sentence_s", SENTENCE_BAR_S)):
        times = [line[name] for line in lines if name in line]
        if times:
            found[name] = {"median": median(times), "all": times, "bar": bar}
            is_met = is_met and (bar is None or median(times) <= bar)
    return {**found, "met": is_met, "wrong": bad, "ok": not bad and idle and is_met}
