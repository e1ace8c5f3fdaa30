"""The cells of `desks`: what a user with windows, a voice and a clipboard meets on one desk.

A dictation is judged by the window's own log: what came into it is the row's text, once, after what was there.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from threading import Event
from time import monotonic
from typing import Any

import numpy as np
from dbus_fast import Variant

from tests.conftest import Clip, sentences
from tests.prove.desk_kinds import DeskKind
from tests.prove.record import Line
from tests.support.desk import until
from tests.support.desks.pictures import NOISE_BYTES, png_of_noise
from tests.support.desks.session import DesktopSession
from tests.support.desks.windows import DeskWindow
from tests.support.words import error_rate

FIELDS = ("gtk4", "gtk3", "qt", "chromium")
"""The windows that have fields for texts and for passwords; the fifth window is the desk's terminal."""

BUSY = ("starting", "listening", "transcribing", "polishing", "pasting")

LANDS_S = 8.0
"""How long a text may take before the history is asked what became of it: asking costs time that a paste has."""

ROW_S, GIVEN_BACK_S = 10.0, 6.0

REST_S = 1.0
"""Between two dictations, and before the last look at a window: what comes twice has come by then."""

UNHEARD = 0.4
"""The share of wrong words above which what was said is not what is there: sound was lost, or another was heard."""

LOG_CHARACTERS = 3000

ACCESSIBILITY = ("org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties.Set", "ssv", "org.a11y.Status")


def clip_of(seed: int, at: int) -> Clip:
    """The sentence of one dictation."""
    clips = sentences()
    return clips[(seed + at) % len(clips)]


def landed(held: str, text: str, said: str) -> bool:
    """Whether a window that held `held` and now has `text` got what was said: once, whole, and after what was there.

    Within a sentence it begins in lower case.
    """
    got, meant = text[len(held) :].strip(), said.strip()
    is_same = got == meant or (bool(held) and got == meant[:1].lower() + meant[1:])
    return bool(meant) and text.startswith(held) and is_same


def is_false(outcome: str, *, has_landed: bool, has_changed: bool, is_copied: bool) -> bool:
    """Whether the outcome says what is not so, `is_copied` being whether the clipboard has the text."""
    match outcome:
        case "inserted":
            return not has_landed
        case "unconfirmed":
            return False
        case "copied":
            return has_changed or not is_copied
        case _:
            return has_changed


def is_true_end(take: Mapping[str, Any]) -> bool:
    """Whether the dictation landed, or ended with a true sentence and its words in the history."""
    return not take["false"] and (take["landed"] or bool(take["note"] and take["text"]))


def dictate(desk: DesktopSession, window: DeskWindow, clip: Clip, lands_s: float = LANDS_S) -> Line:
    """Dictate into the window that has the focus; what came of it."""
    held, before, logged = window.text(), len(desk.history()), len(log_of(desk))
    released_at = speak(desk, clip)
    with suppress(AssertionError):
        until(lambda: window.text() != held, "the text comes", lands_s)
    desk.wait_state("idle", "failed")
    rows: list[dict[str, Any]] = []
    with suppress(AssertionError):
        rows = desk.wait_rows(before + 1, ROW_S)
    row = rows[0] if rows else {}
    said = str(row.get("text") or "")
    if said and row["delivery"] in ("inserted", "unconfirmed"):
        with suppress(AssertionError):
            until(lambda: landed(held, window.text(), said), "all of it is there", lands_s)
    take = {
        "outcome": str(row.get("delivery", "no row")),
        "landed": landed(held, window.text(), said),
        "text_ms": _text_ms(window, held, said, released_at),
        "app_ms": row.get("release_to_text_ms"),
        "error_rate": round(error_rate(clip.text, said), 3),
        "rows": max(len(rows) - before, 0),
        "text": said,
        "note": str(row.get("note") or ""),
    }
    has_changed = window.text() != held
    is_copied = take["outcome"] == "copied" and desk.clipboard().decode(errors="replace").strip() == said.strip()
    take["false"] = is_false(take["outcome"], has_landed=take["landed"], has_changed=has_changed, is_copied=is_copied)
    if take["false"] or not take["landed"]:
        take |= {"window": window.text()[-300:], "log": log_of(desk)[logged:][-LOG_CHARACTERS:]}
    return take


def speak(desk: DesktopSession, clip: Clip) -> float:
    """Do what a user does with the talk key and say the sentence; return when the key was let go."""
    with desk.talking():
        desk.sound.play(clip.path)
        return monotonic()


def _text_ms(window: DeskWindow, held: str, said: str, released_at: float) -> float | None:
    """From the release until the window had all of the text."""
    for event in window.events():
        if event["event"] == "text" and landed(held, str(event["text"]), said):
            return round((float(str(event["at"])) - released_at) * 1000, 1)
    return None


def log_of(desk: DesktopSession) -> str:
    """What the app has logged."""
    return desk.log.read_text(errors="replace") if desk.log.exists() else ""


# -- the parts ----------------------------------------------------------------------------------------------------


def windows(desk: DesktopSession, kind: DeskKind, field: str, seed: int, times: int) -> Line:
    """Dictate so often into one window."""
    takes = []
    with desk.open(field) as window:
        for at in range(times):
            take = dictate(desk, window, clip_of(seed, at))
            seen = window.text()
            Event().wait(REST_S)
            takes.append({**take, "twice": window.text() != seen})
    return {"takes": takes}


def clipboard(desk: DesktopSession, kind: DeskKind, content: str, seed: int, times: int) -> Line:
    """Dictate while the clipboard has something, and compare it afterwards."""
    takes = []
    with desk.open("gtk4") as window:
        for at in range(times):
            mime, data = contents(content, np.random.default_rng([seed, at]))
            desk.copy(data, mime)
            take = dictate(desk, window, clip_of(seed, at))
            with suppress(AssertionError):
                until(lambda mime=mime, data=data: desk.clipboard(mime) == data, "it is given back", GIVEN_BACK_S)
            found = desk.clipboard(mime)
            takes.append({**take, "identical": found == data, "bytes": [len(data), len(found)]})
    return {"takes": takes}


CONTENTS = ("text", "png", "html", "files")


def contents(content: str, rng: np.random.Generator) -> tuple[str, bytes]:
    """The type and the bytes of something on the clipboard."""
    match content:
        case "png":
            return "image/png", png_of_noise(rng.bytes(NOISE_BYTES))
        case "html":
            return "text/html", f"<p>{rng.bytes(int(rng.integers(1, 10_000))).hex()}</p>".encode()
        case "files":
            names = [f"file:///home/user/{rng.bytes(8).hex()}" for _ in range(rng.integers(1, 50))]
            return "text/uri-list", "".join(f"{name}\r\n" for name in names).encode()
        case _:
            return "text/plain", f"Häuser, 你好, {rng.bytes(int(rng.integers(1, 2_000))).hex()}".encode()


PASSWORDS = (*(f"{access} {field}" for access in ("off", "on") for field in FIELDS), "forced qt", "forced chromium")
"""The desktop's accessibility off and on; and off, but the program told to name its fields all the same."""

FORCED: Mapping[str, Mapping[str, Any]] = {
    "forced qt": {"extra": {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}},
    "forced chromium": {"extra": {"GNOME_ACCESSIBILITY": "1"}},  # and the flag that goes with it
}


def passwords(desk: DesktopSession, kind: DeskKind, cell: str, seed: int, times: int) -> Line:
    """Dictate into a password field, a new one each time."""
    access, field = cell.split()
    _set_accessibility(desk, on=access == "on")
    takes = []
    try:
        for at in range(times):
            with desk.open(field, "password", **FORCED.get(cell, {})) as window:
                take = dictate(desk, window, clip_of(seed, at), lands_s=3)
                Event().wait(REST_S)
                takes.append({**take, "in_field": len(window.text())})
    finally:
        _set_accessibility(desk, on=False)
    return {"untold": cell in kind.untold, "kept": cell in kind.kept, "takes": takes}


def _set_accessibility(desk: DesktopSession, *, on: bool) -> None:
    """Switch accessibility as the desktop's settings do: programs that start then register, and some that run."""
    desk.bus.call(*ACCESSIBILITY, "IsEnabled", Variant("b", on))


def restart(desk: DesktopSession, kind: DeskKind, cell: str, seed: int, times: int) -> Line:
    """Quit the app and start it again, so often; then dictate. Without a tray, a window of its own comes each time."""
    ready_s: list[float] = []
    dialogs: set[str] = set()
    for _ in range(times):
        desk.quit()
        before = desk.others()
        began = monotonic()
        desk.start()
        desk.wait_ready()
        ready_s.append(round(monotonic() - began, 2))
        dialogs |= desk.others() - before
        Event().wait(REST_S)
        dialogs |= desk.others() - before
    with desk.open("gtk4") as window:
        before = desk.others()
        take = dictate(desk, window, clip_of(seed, 0))
        dialogs |= desk.others() - before
    return {"ready_s": ready_s, "dialogs": sorted(dialogs), "takes": [take]}
