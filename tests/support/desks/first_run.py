"""What a new user does on a desktop from the first window to the first sentence, and when each step was done.

The proofs measure it and the tests look at what is seen on the way: both go it here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from tests.support.desk import BUSY_S, until
from tests.support.desks import gnome, kde
from tests.support.desks.gnome import GnomeDesk
from tests.support.desks.kde import KdeDesk
from tests.support.desks.session import DesktopSession
from tests.support.desks.sway import SwayDesk

WELCOME, LAST_PAGE, HISTORY = "Speak instead of typing", "What is kept", "Intone history"
PAGES = ("Say something", "What turns", "A key to talk")
MISSING = "What is missing"
"""The page after the first where something is, as is a portal for the key on sway."""

HOLD, SENTENCE = "Hold this key to talk", "Your first sentence"

type Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FirstRun:
    """The history's row of the first sentence, the seconds of each step from the start on, and the windows of other
    programs that came `unasked`, each at a page that does not ask for them."""

    row: Row
    steps_s: dict[str, float]
    unasked: list[str]


def nothing(*_: object) -> None:
    """Look at nothing."""


def run_on_gnome(
    desk: GnomeDesk,
    wav: Path,
    *,
    at_key: Callable[[], object] = nothing,
    at_sentence: Callable[[Row], object] = nothing,
) -> FirstRun:
    """Start the app and go through its first run, with a look while the key is asked for and when there is a text."""
    walk = Walk(desk, lambda: desk.tap(gnome.RETURN))
    walk.begin(*PAGES)
    desk.tap(gnome.TAB)
    desk.tap(gnome.SPACE)
    desk.wait_title(gnome.KEY_DIALOG)
    at_key()
    desk.agree_to_key()
    walk.page(HOLD)
    walk.done("key")
    desk.tap(gnome.SPACE)  # the next button, which got the focus
    desk.agree_to_remote_desktop()
    desk.wait_ready()
    walk.page(HOLD)
    walk.done("pasting")
    walk.turn(SENTENCE)
    at_sentence(walk.speak(lambda: desk.dictate(wav)))
    desk.tap(gnome.TAB)
    walk.turn(LAST_PAGE)
    return walk.end(desk.windows)


def run_on_kde(desk: KdeDesk, wav: Path) -> FirstRun:
    """The same on Plasma, which shows the key in its settings."""
    walk = Walk(desk, lambda: desk.tap(kde.RETURN))
    walk.begin(*PAGES)
    desk.tap(kde.TAB)
    desk.tap(kde.SPACE)
    until(lambda: desk.windows(kde.SETTINGS_APP), "KDE shows the key in its settings", BUSY_S)
    desk.close_windows(kde.SETTINGS_APP)
    walk.page(HOLD)
    walk.done("key")
    desk.tap(kde.SPACE)  # the next button: the first has gone
    desk.agree()
    desk.wait_ready()
    walk.page(HOLD)
    walk.done("pasting")
    walk.turn(SENTENCE)
    walk.speak(lambda: desk.dictate(wav))
    desk.tap(kde.TAB)
    walk.turn(LAST_PAGE)
    return walk.end(lambda: desk.windows("Intone"))


def run_on_sway(
    desk: SwayDesk,
    wav: Path,
    *,
    at_welcome: Callable[[], object] = nothing,
    at_sentence: Callable[[Row], object] = nothing,
) -> FirstRun:
    """The same on sway, which asks for nothing: the first sentence is said by the page's button.

    Without a tray, the history is open in the end.
    """
    walk = Walk(desk, lambda: desk.keys("-k", "Return"))

    def speak() -> Row:
        desk.keys("-k", "Tab", "-k", "space")
        desk.wait_state("listening")
        desk.sound.play(wav)
        desk.keys("-k", "Tab", "-k", "space")
        (row,) = desk.wait_rows(1)
        return row

    walk.begin()
    at_welcome()
    desk.wait_ready()
    walk.turn(PAGES[0], MISSING, *PAGES[1:], SENTENCE)
    at_sentence(walk.speak(speak))
    desk.keys("-k", "Tab")
    walk.turn(LAST_PAGE)
    walk.turn(HISTORY)
    return walk.found()


class Walk:
    """A way through the pages by `enter`; at each it is noted which windows of other programs are open."""

    def __init__(self, desk: DesktopSession, enter: Callable[[], None]) -> None:
        self._desk, self._enter = desk, enter
        self._times: dict[str, float] = {}
        self._unasked: set[str] = set()
        self._row: Row = {}
        self._before = desk.others()
        self._began = monotonic()

    def begin(self, *pages: str) -> None:
        """Start the app, and turn the first pages."""
        self._desk.start()
        self.page(WELCOME)
        self.done("welcome")
        self.turn(*pages)

    def turn(self, *pages: str) -> None:
        """Go on to each of these pages."""
        for page in pages:
            self._enter()
            self.page(page)

    def page(self, title: str) -> None:
        """Wait for this page."""
        self._desk.wait_title(title)
        self._unasked |= self._desk.others() - self._before

    def done(self, step: str) -> None:
        """Note that a step is done now."""
        self._times[step] = round(monotonic() - self._began, 2)

    def speak(self, say: Callable[[], Row]) -> Row:
        """Say the first sentence; return its row."""
        self._row = say()
        self.done("sentence")
        return self._row

    def end(self, windows: Callable[[], object]) -> FirstRun:
        """Leave the last page, after which there are no more `windows`."""
        self._enter()
        until(lambda: not windows(), lambda: f"no window is left; {windows()}", BUSY_S)
        return self.found()

    def found(self) -> FirstRun:
        """What there is to say of it."""
        return FirstRun(self._row, self._times, sorted(self._unasked))
