"""The cells of `input-method`: dictations that arrive by an input method, and what they must not touch."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event

from tests.prove import desk_cells
from tests.prove.desk_cells import REST_S, clip_of, dictate
from tests.prove.desk_kinds import DeskKind
from tests.prove.record import Line
from tests.support.desk import until
from tests.support.desks.gnome import GnomeDesk
from tests.support.desks.kde import KdeDesk
from tests.support.desks.kde_ibus import KdeIBusDesk
from tests.support.desks.session import DesktopSession
from tests.support.desks.windows import DeskWindow
from tests.support.desks.x11 import X11Desk

TERMINALS = ("console", "foot", "xterm", "konsole")
"""The windows of which no program reports the text."""

WITHOUT_TEXT = ("qt", "chromium", "xterm", "konsole")
"""The windows that do not tell IBus of a password field: without the desktop between the two they get their texts by
the clipboard, whose reads prove more there."""

COMMITTED = re.compile(r"committed ([\d.]+) ms after the text was known")
"""What the app logs of a text that it has committed: the milliseconds since the text was known."""

MINE = "What the user has copied."

OFFER = ("wl-copy", "--foreground", "--paste-once", MINE)
OFFER_X = ("sh", "-c", 'printf %s "$0" | xclip -i -quiet -loops 1 -selection clipboard', MINE)
"""Have something on the clipboard until it is read once: then the program ends."""

OFFER_GNOME = ("sh", "-c", 'printf %s "$0" | xclip -i -quiet -selection clipboard', MINE)
OFFER_KDE = ("wl-copy", "--foreground", MINE)
"""The same until another program takes the clipboard: GNOME's compositor reads from each program of X at once, Plasma's
clipboard from every program."""

WRITTEN = {"he": "Henry", "and": "as well as", "the": "yonder"}
"""The user's replacements, by which most texts are other than they were spoken."""

UNDO_S = 8.0
"""How long an undo may take."""


def windows(desk: DesktopSession, kind: DeskKind, field: str, seed: int, times: int) -> Line:
    """Dictate so often into one window, with something on the clipboard that ends when it is read."""
    logged = len(committed_ms(desk))
    with offered(desk) as offer:
        line = desk_cells.windows(desk, kind, field, seed, times)
        line["clipboard_untouched"] = offer.poll() is None
    line["commit_ms"] = committed_ms(desk)[logged:]
    line["terminal"] = field in TERMINALS
    line["first_rung"] = not (isinstance(desk, (X11Desk, KdeIBusDesk)) and field in WITHOUT_TEXT)
    return line


def committed_ms(desk: DesktopSession) -> list[float]:
    """How long after each text was known the app has committed it."""
    file = desk.home / "intone/logs/intone.log"
    return [float(ms) for ms in COMMITTED.findall(file.read_text())] if file.exists() else []


@contextmanager
def offered(desk: DesktopSession) -> Iterator[subprocess.Popen[bytes]]:
    """Have something on the clipboard; the program that has it ends once it was read, or has lost the clipboard."""
    offers = {GnomeDesk: OFFER_GNOME, KdeDesk: OFFER_KDE, X11Desk: OFFER_X}
    offer = desk.spawn(*next((words for kind, words in offers.items() if isinstance(desk, kind)), OFFER))
    Event().wait(REST_S)
    assert offer.poll() is None
    try:
        yield offer
    finally:
        offer.terminate()
        offer.wait()


def passwords(desk: DesktopSession, kind: DeskKind, field: str, seed: int, times: int) -> Line:
    """Dictate into a password field, a new one each time."""
    takes = []
    for at in range(times):
        with desk.open(field, "password") as window:
            take = dictate(desk, window, clip_of(seed, at), lands_s=3)
            Event().wait(REST_S)
            takes.append({**take, "in_field": len(window.text())})
    return {"takes": takes, "untold": field in kind.untold}


def undo(desk: DesktopSession, kind: DeskKind, field: str, seed: int, times: int) -> Line:
    """Dictate and take it back, or have it as it was spoken, so often."""
    takes = []
    for heard, written in WRITTEN.items():
        desk.intone("vocabulary", "add", heard, written)
    with desk.open(field) as window:
        for at in range(times):
            held = window.text()
            take = dictate(desk, window, clip_of(seed, at))
            full = window.text()
            asked = "swap" if at % 3 == 0 else "undo"
            answer = desk.intone(asked)
            found = _settled(window, full)
            takes.append({**take, "asked": asked, "done": answer.returncode == 0, "held": held, "full": full})
            takes[-1] |= {"found": found, "answer": (answer.stdout + answer.stderr)[-200:]}
    return {"takes": takes}


def is_exact_or_refused(take: Line) -> bool:
    """Whether the field has exactly what stood there before, or what was there is untouched, and the answer says so."""
    if not take["done"]:
        return bool(take["found"] == take["full"] and take["answer"])
    if take["asked"] == "undo":
        return bool(take["found"] == take["held"])
    swapped = take["found"].removeprefix(take["held"])
    is_behind = take["found"].startswith(take["held"]) and take["found"] != take["full"]
    return bool(is_behind and not any(written in swapped for written in WRITTEN.values()))


def _settled(window: DeskWindow, full: str) -> str:
    """What the window holds once it has changed, or had the time for it."""
    with suppress(AssertionError):
        until(lambda: window.text() != full, "it changes", UNDO_S)
    Event().wait(REST_S)
    return window.text()
