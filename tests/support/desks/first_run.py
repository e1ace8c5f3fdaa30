"""What a new user does on GNOME and KDE from the first window to the first sentence, and when each step was done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

from tests.support.desk import BUSY_S, until
from tests.support.desks.gnome import KEY_DIALOG, PERMISSION_DIALOG, GnomeDesk
from tests.support.desks.gnome import RETURN as GNOME_RETURN
from tests.support.desks.gnome import SPACE as GNOME_SPACE
from tests.support.desks.gnome import TAB as GNOME_TAB
from tests.support.desks.kde import PORTAL, RETURN, SETTINGS_APP, SPACE, TAB, KdeDesk

WELCOME, LAST_PAGE = "Speak instead of typing", "What is kept"
PAGES = ("Say something", "What turns", "A key to talk")
HOLD, SENTENCE = "Hold this key to talk", "Your first sentence"


def run_on_gnome(desk: GnomeDesk, wav: Path) -> dict[str, Any]:
    """Start the app and go through its first run; return the `row` of the first sentence, the seconds of each step from
    the start on, and the dialogs that came `unasked`."""
    steps = Steps()
    desk.start()
    desk.wait_title(WELCOME)
    steps.done("welcome")
    for page in PAGES:
        desk.tap(GNOME_RETURN)
        desk.wait_title(page)
    unasked = [str(one["title"]) for one in desk.windows() if one["title"] in (KEY_DIALOG, PERMISSION_DIALOG)]
    desk.tap(GNOME_TAB)
    desk.tap(GNOME_SPACE)
    desk.agree_to_key()
    desk.wait_title(HOLD)
    steps.done("key")
    desk.tap(GNOME_SPACE)  # the next button, which got the focus
    desk.agree_to_remote_desktop()
    desk.wait_ready()
    desk.wait_title(HOLD)
    steps.done("pasting")
    desk.tap(GNOME_RETURN)
    return steps.speak(desk, wav, unasked, lambda: desk.tap(GNOME_TAB), lambda: desk.tap(GNOME_RETURN), desk.windows)


def run_on_kde(desk: KdeDesk, wav: Path) -> dict[str, Any]:
    """The same on Plasma, which shows the key in its settings."""
    steps = Steps()
    desk.start()
    desk.wait_title(WELCOME)
    steps.done("welcome")
    for page in PAGES:
        desk.tap(RETURN)
        desk.wait_title(page)
    unasked = [window.title for window in (*desk.windows(PORTAL), *desk.windows(SETTINGS_APP))]
    desk.tap(TAB)
    desk.tap(SPACE)
    until(lambda: desk.windows(SETTINGS_APP), "KDE shows the key in its settings", BUSY_S)
    desk.close_windows(SETTINGS_APP)
    desk.wait_title(HOLD)
    steps.done("key")
    desk.tap(SPACE)  # the next button: the first has gone
    desk.agree()
    desk.wait_title(HOLD)
    desk.wait_ready()
    steps.done("pasting")
    desk.tap(RETURN)
    return steps.speak(
        desk, wav, unasked, lambda: desk.tap(TAB), lambda: desk.tap(RETURN), lambda: desk.windows("Intone")
    )


class Steps:
    """When each step was done, in seconds from the start."""

    def __init__(self) -> None:
        self._began = monotonic()
        self._times: dict[str, float] = {}

    def done(self, step: str) -> None:
        """Note that a step is done now."""
        self._times[step] = round(monotonic() - self._began, 2)

    def speak(
        self,
        desk: GnomeDesk | KdeDesk,
        wav: Path,
        unasked: list[str],
        tab: Callable[[], None],
        enter: Callable[[], None],
        windows: Callable[[], object],
    ) -> dict[str, Any]:
        """Say the first sentence, and leave the first run by its last page."""
        desk.wait_title(SENTENCE)
        row = desk.dictate(wav)
        self.done("sentence")
        tab()
        enter()
        desk.wait_title(LAST_PAGE)
        enter()
        until(lambda: not windows(), lambda: f"no window is left; {windows()}", BUSY_S)
        return {"row": row, "steps_s": self._times, "unasked": unasked}
