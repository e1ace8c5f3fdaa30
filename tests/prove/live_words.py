"""The cells of `input-method` in which words stand in the field while they are spoken (`paste.live`).

Each dictation is filmed (`tests.prove.film`) and judged by the window's own log: the text once and in its place, or the
field as it was before; nothing of the composition; and the next typed letter right after it.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import numpy as np
import soundfile

from desktop.core.types import RATE_HZ
from tests.prove.corpus import GAP_S, Dictation, joined
from tests.prove.desk_cells import LOG_CHARACTERS, REST_S, clip_of, dictate, landed, log_of
from tests.prove.desk_kinds import DeskKind
from tests.prove.film import Film, composed_frames
from tests.prove.record import Line
from tests.prove.recordings import Absent, Clip, clips, recorded
from tests.support.desk import BUSY_S, ESC, until
from tests.support.desks.session import DesktopSession
from tests.support.desks.windows import DeskWindow
from tests.support.desks.x11 import X11Desk
from tests.support.words import error_rate

PASSWORD = "password"

SETS = ("en", "long")
"""The recordings of speakers who read in the model's language from childhood: of others it takes words for another
language's."""

RELEASE, CANCEL, KILL = "release", "cancel", "kill"

ENDINGS = (RELEASE, CANCEL, KILL, RELEASE, RELEASE, RELEASE, CANCEL, RELEASE, RELEASE, RELEASE)
"""How the dictations of a window end: the key let go, Esc, or kill -9 of the app while words are shown."""

SECONDS = (10.0, 10.0, 10.0, 32.0, 10.0, 10.0, 10.0, 12.0, 10.0, 10.0)
"""How long the speech in them is at least, without the gaps."""

LONGER, DRAWS = 1.1, 8
"""So many times as long it may be; and how often clips of a speaker are drawn for that."""

CUT = 0.8
"""The part of a dictation after which it is cancelled or killed."""

LANDS_S, GONE_S = 15.0, 10.0
GONE = "the words are gone"

KEY_S = 15.0
"""How long a typed letter may take."""

DRAWN_S = 0.2
"""How long a window has to draw what it has logged."""


def live(desk: DesktopSession, kind: DeskKind, cell: str, seed: int, times: int) -> Line:
    """Dictate so often into one window with words in the field, once where none may be shown.

    Before the first of them a sentence is dictated: of an empty field some programs say nothing. With IBus's library
    they say nothing of what was typed before the field is had either, so that on X11 each has a sentence before it.
    """
    with live_words(desk):
        if cell in silent_cells(desk, kind):
            return _without_words(desk, kind, cell, seed)
        takes, before = [], []
        with ExitStack() as stack:
            window = None
            for at in range(times):
                if window is None:
                    window = stack.enter_context(desk.open(cell))
                    before.append(dictate(desk, window, clip_of(seed, at))["outcome"])
                elif isinstance(desk, X11Desk):
                    before.append(dictate(desk, window, clip_of(seed, at))["outcome"])
                film = Film(desk, f"{_name_of(desk)}-{cell}-{at + 1}")
                said = spoken(desk.folder, seed, at, SECONDS[at])
                takes.append(_take(desk, kind, window, said, ENDINGS[at], film))
                if ENDINGS[at] == KILL:
                    window.close()
                    window = None
                    takes[-1]["outcome"] = restart(desk)
        return {"before": before, "takes": takes}


def silent_cells(desk: DesktopSession, kind: DeskKind) -> Sequence[str]:
    """The cells in which no words may be shown; those of X11 get their texts by the clipboard."""
    return (kind.terminal, PASSWORD, *(("qt", "chromium") if isinstance(desk, X11Desk) else ()))


@contextmanager
def live_words(desk: DesktopSession) -> Iterator[None]:
    """Have words shown in the field until the block ends."""
    for choice in ("on", "off"):
        done = desk.intone("settings", "set", "paste.live", choice)
        assert done.returncode == 0, done.stderr
        if choice == "on":
            yield


@dataclass(frozen=True, slots=True)
class Said:
    """What is said in a dictation, and where its sound is."""

    path: Path
    text: str
    seconds: float


def spoken(folder: Path, seed: int, at: int, seconds: float) -> Said:
    """Join clips of one speaker to a dictation of at least so long, in a file in `folder`."""
    try:
        dictation = planned(clips(SETS), seed, at, seconds)
    except Absent as absent:
        raise LookupError(str(absent)) from None
    file = folder / f"said-{at}.wav"
    soundfile.write(file, recorded(joined(dictation)), RATE_HZ, subtype="PCM_16")
    return Said(file, dictation.text, dictation.seconds)


def planned(all_clips: Sequence[Clip], seed: int, at: int, seconds: float) -> Dictation:
    """The clips of the dictation `at`: by one speaker, and not much longer than `seconds` where there is such a one."""
    rng = np.random.default_rng([seed, 4, at])
    speakers = sorted({clip.speaker for clip in all_clips})
    drawn = {
        tuple(_draw([clip for clip in all_clips if clip.speaker == speaker], rng, seconds))
        for speaker in speakers
        for _ in range(DRAWS)
    }
    by_length = sorted(drawn, key=lambda some: (_seconds(some), [clip.path for clip in some]))
    fitting = [some for some in by_length if _seconds(some) >= seconds]
    chosen = fitting[rng.integers(0, max(1, sum(_seconds(some) <= LONGER * seconds for some in fitting)))]
    return Dictation(seed, at, tuple(chosen), tuple(float(gap) for gap in rng.uniform(*GAP_S, len(chosen) - 1)))


def _draw(own: Sequence[Clip], rng: np.random.Generator, seconds: float) -> list[Clip]:
    chosen: list[Clip] = []
    for index in rng.permutation(len(own)):
        if _seconds(chosen) < seconds:
            chosen.append(own[index])
    return chosen


def _seconds(some: Sequence[Clip]) -> float:
    return sum(clip.seconds for clip in some)


def _name_of(desk: DesktopSession) -> str:
    return type(desk).__name__.removesuffix("Desk").lower()


# -- one dictation ------------------------------------------------------------------------------------------------


def _take(desk: DesktopSession, kind: DeskKind, window: DeskWindow, said: Said, ending: str, film: Film) -> Line:
    """Dictate, end it so, and type a letter; what came of it."""
    held, before, logged, began = window.text(), len(desk.history()), len(log_of(desk)), monotonic()
    _speak(desk, said, film, None if ending == RELEASE else window.composition)
    film.take("end")
    ended_at, was_shown = monotonic(), window.composition()
    row = END[ending](desk, before, lambda: film.until(lambda: is_as_wanted(window, held, ""), GONE, GONE_S))
    text = str(row.get("text") or "") if ending == RELEASE else ""
    with suppress(AssertionError):
        film.until(lambda: is_as_wanted(window, held, text), "the field is as it should be", LANDS_S)
    film.take("after")
    Event().wait(REST_S)
    found, left = window.text(), window.composition()
    kind.press_a(desk)
    with suppress(AssertionError):
        until(lambda: window.text() == f"{found}a", "the letter comes", KEY_S)
    Event().wait(DRAWN_S)
    film.take("letter")
    events = [event for event in window.events() if float(str(event["at"])) >= began]
    line = {
        "ending": ending,
        "seconds": round(said.seconds, 1),
        "outcome": str(row.get("delivery", "no row")),
        "landed": landed(held, found, text) if text else found == held,
        "left": left,
        "cursor": window.text() == f"{found}a",
        "shown": bool(was_shown),
        "frames": len(film.times),
        "composed": composed_frames(film.times, events),
        "updates": len(compositions := shown_texts(events)),
        "longest": max(map(len, compositions), default=0),
        "error_rate": round(error_rate(said.text, str(row.get("text") or "")), 3),
        "note": str(row.get("note") or ""),
    }
    if ending == RELEASE:
        line |= {
            "rewrites": rewrites(compositions),
            "flickers": flickers(compositions, str(row.get("raw_text") or "")),
            "between_ms": between_ms(events, held, text, ended_at),
        }
    if not is_good(line):
        line |= {"held": held[-300:], "text": text, "window": window.text()[-500:], "events": events[-12:]}
        line |= {"log": log_of(desk)[logged:][-LOG_CHARACTERS:]}
    return line


def _speak(desk: DesktopSession, said: Said, film: Film, until_shown: Callable[[], object] | None = None) -> None:
    """Begin to talk and say it, filmed; with `until_shown` at least `CUT` of it, and until words are shown."""
    desk.begin_talking()
    desk.wait_state("listening")
    player = desk.sound.play(said.path, wait=False)
    cut_at = monotonic() + CUT * said.seconds

    def is_over() -> object:
        return player.poll() is not None if until_shown is None else monotonic() > cut_at and until_shown()

    with suppress(AssertionError):
        film.until(is_over, "it is said", said.seconds + LANDS_S)


def _release(desk: DesktopSession, before: int, gone: Callable[[], object]) -> Line:
    desk.end_talking()
    desk.wait_state("idle", "failed")
    return _row(desk, before)


def _cancel(desk: DesktopSession, before: int, gone: Callable[[], object]) -> Line:
    """Press Esc; on Wayland it goes to the window, and a binding of the compositor runs the command."""
    if isinstance(desk, X11Desk):
        desk.tap(ESC)
    else:
        desk.intone("cancel")
    desk.sound.hush()
    if not desk.toggles:
        desk.end_talking()
    desk.wait_state("idle", "failed")
    return _row(desk, before)


def _kill(desk: DesktopSession, before: int, gone: Callable[[], object]) -> Line:
    """Kill the app, and wait until its words are gone."""
    assert desk.app is not None
    os.kill(desk.app.pid, signal.SIGKILL)
    desk.app.wait()
    desk.sound.hush()
    if not desk.toggles:
        desk.end_talking()
    with suppress(AssertionError):
        gone()
    return {"delivery": "killed"}


END: Mapping[str, Callable[[DesktopSession, int, Callable[[], object]], Line]] = {
    RELEASE: _release,
    CANCEL: _cancel,
    KILL: _kill,
}


def restart(desk: DesktopSession) -> str:
    """Start the app again, and wait until it has recovered the recording; return what became of that. Where no program
    shows tray icons, it opens a window, which takes the focus."""
    before = len(desk.history())
    desk.start()
    desk.wait_ready()
    return str(_row(desk, before, BUSY_S).get("delivery", "no row"))


def _row(desk: DesktopSession, before: int, timeout_s: float = LANDS_S) -> Line:
    rows: list[dict[str, Any]] = []
    with suppress(AssertionError):
        rows = desk.wait_rows(before + 1, timeout_s)
    return rows[0] if rows else {}


def is_as_wanted(window: DeskWindow, held: str, text: str) -> bool:
    """Whether the field has the text after what was there, or just that without a text, and no composition."""
    found = window.text()
    return not window.composition() and (landed(held, found, text) if text else found == held)


def _without_words(desk: DesktopSession, kind: DeskKind, cell: str, seed: int) -> Line:
    """Dictate once where no words may be shown: in no frame, and in no event of the window."""
    film = Film(desk, f"{_name_of(desk)}-{cell}-1")
    said = spoken(desk.folder, seed, 0, SECONDS[0])
    with desk.open(*(("gtk4", PASSWORD) if cell == PASSWORD else (cell,))) as window:
        before, logged = len(desk.history()), len(log_of(desk))
        _speak(desk, said, film)
        film.take("end")
        spoken_frames = len(film.times)
        row = _release(desk, before, lambda: None)
        text = "" if cell == PASSWORD else str(row.get("text") or "")
        with suppress(AssertionError):
            film.until(lambda: is_as_wanted(window, "", text), "the field is as it should be", LANDS_S)
        film.take("after")
        Event().wait(REST_S)
        line = {
            "ending": RELEASE,
            "outcome": str(row.get("delivery", "no row")),
            "landed": landed("", window.text(), text) if text else not window.text(),
            "frames": len(film.times),
            "composed": sum(bool(text) for text in shown_texts(window.events())),
            "changed": film.changed(spoken_frames),
            "error_rate": round(error_rate(said.text, str(row.get("text") or "")), 3),
            "note": str(row.get("note") or ""),
        }
        if not is_good_without_words(line):
            line |= {"text": text, "window": window.text()[-500:], "log": log_of(desk)[logged:][-LOG_CHARACTERS:]}
    return {"silent": True, "takes": [line]}


# -- what the log of a window tells -------------------------------------------------------------------------------


def is_good(take: Mapping[str, Any]) -> bool:
    """Whether words were shown, nothing is left of them, and the text or the field as it was stands there, with the
    cursor behind it."""
    ended = {RELEASE: ("inserted", "unconfirmed"), CANCEL: ("cancelled",), KILL: ("killed", "recovered")}[
        take["ending"]
    ]
    return bool(
        take["landed"] and not take["left"] and take["cursor"] and take["composed"] and take["outcome"] in ended
    )


def is_good_without_words(take: Mapping[str, Any]) -> bool:
    """Whether nothing was shown, and the text came or was refused."""
    return bool(take["landed"] and not take["composed"] and not take["changed"])


def shown_texts(events: Sequence[Mapping[str, Any]]) -> list[str]:
    """The compositions, one after the other, without what is shown again."""
    texts = [str(event["text"]).strip() for event in events if event["event"] == "composition"]
    return [text for text, before in zip(texts, ["", *texts], strict=False) if text and text != before]


def rewrites(texts: Sequence[str]) -> int:
    """How often a shown text did not go on with the one before it: tentative words were changed."""
    return sum(_agreement(words_of(before), words_of(text)) < len(words_of(before)) for before, text in pairwise(texts))


def flickers(texts: Sequence[str], final: str) -> int:
    """How often words of the final text that stood in their places were shown otherwise again."""
    meant = words_of(final)
    return sum(
        _agreement(words_of(text), meant) < _agreement(words_of(before), meant) for before, text in pairwise(texts)
    )


def words_of(text: str) -> list[str]:
    """The words of a text without case and punctuation."""
    return re.findall(r"[\w']+", text.casefold())


def _agreement(words: Sequence[str], others: Sequence[str]) -> int:
    """How many words at the beginning are the same."""
    same = (one == other for one, other in zip(words, others, strict=False))
    return next((at for at, is_same in enumerate(same) if not is_same), min(len(words), len(others)))


def between_ms(events: Sequence[Mapping[str, Any]], held: str, text: str, since: float) -> float | None:
    """The milliseconds between the end of the composition and the text in its place; None if none stood there."""
    composed = [event for event in events if event["event"] == "composition"]
    ends = [
        float(event["at"])
        for before, event in pairwise(composed)
        if before["text"] and not event["text"] and event["at"] >= since
    ]
    arrivals = (
        float(event["at"])
        for event in events
        if event["event"] == "text" and event["at"] >= since and landed(held, str(event["text"]), text)
    )
    arrived_at = next(arrivals, None)
    return round((arrived_at - ends[0]) * 1000, 1) if ends and arrived_at is not None else None
