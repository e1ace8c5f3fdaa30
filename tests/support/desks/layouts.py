"""Keyboards of several layouts on the desks, switched as their users do, and the language that a press comes to."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random
from threading import Event
from time import monotonic
from typing import Any, Protocol

from Xlib.display import Display

from desktop.hotkeys.gesture import RELEASE_GRACE_S
from tests.support.desk import BUSY_S, until
from tests.support.desks.gnome import SPACE, GnomeDesk
from tests.support.desks.kde import KdeDesk
from tests.support.desks.labwc import LabwcDesk
from tests.support.desks.session import DesktopSession
from tests.support.desks.sway import SwayDesk
from tests.support.desks.x11 import X11Desk
from tests.support.ibus import LATIN, LIBPINYIN

FALLBACK = "fi"
"""The language that is expected where the layout is not known."""

LAYOUTS = {"us": "en", "cz": "cs", "de": "de", "ru": "ru"}
"""The layouts of each keyboard and their languages, in this order."""

SUPER_L, ALT_L, SHIFT_L, LETTER_K = 125, 56, 42, 37
"""Key codes of evdev; X adds 8."""

X_OFFSET = 8

GROUP_SHIFT = 13

PAUSE_S = 4 * RELEASE_GRACE_S
"""Between switching and pressing: the talk key was let go a moment ago, and a press within the grace of that is an
auto-repeat. On X11 0 to 1 of 5 presses after 0 to 35 ms are heard and 5 of 5 after 70 ms, by the layout and without."""

SOURCES = "org.gnome.desktop.input-sources"
MANAGER = "Main.panel.statusArea.keyboard._inputSourceManager"

KDE, KDE_LAYOUTS = "org.kde.keyboard", "org.kde.KeyboardLayouts"


class LayoutHands(Protocol):
    """The hands of a desk's user on the layouts. `languages` are what each choice stands for."""

    languages: Sequence[str]

    def switch(self, to: int, draw: Random) -> None:
        """Switch to a choice, and wait until the desktop says that it is on; `draw` chooses among several ways."""
        ...

    def close(self) -> None:
        """Let go of the keyboard."""
        ...


class X11Layouts:
    """Four groups of the X server, by the key that switches them, and Chinese by IBus."""

    def __init__(self, desk: X11Desk) -> None:
        self.languages = [*LAYOUTS.values(), "zh"]
        self._desk = desk
        self._set_layouts()
        self._screen = Display(desk.environ["DISPLAY"])
        self._engine = LATIN

    def switch(self, to: int, draw: Random) -> None:
        wanted = LATIN if to < len(LAYOUTS) else LIBPINYIN
        if wanted != self._engine:
            self._desk.choose_engine(wanted)  # by the command `ibus engine`, which sets a layout of its own
            self._set_layouts()
            self._engine = wanted
        while to < len(LAYOUTS) and (group := self._group()) != to:
            self._desk.tap(SHIFT_L + X_OFFSET, ALT_L + X_OFFSET)
            until(lambda group=group: self._group() != group, "the key has switched the group", BUSY_S)

    def close(self) -> None:
        self._screen.close()

    def _set_layouts(self) -> None:
        self._desk.run("setxkbmap", "-layout", ",".join(LAYOUTS), "-option", "grp:alt_shift_toggle")

    def _group(self) -> int:
        return int(self._screen.screen().root.query_pointer().mask >> GROUP_SHIFT & 3)


class GnomeLayouts:
    """GNOME's input sources, by its key and by its menu."""

    def __init__(self, desk: GnomeDesk) -> None:
        self.languages = [*LAYOUTS.values(), "zh"]
        self._names = [*LAYOUTS, LIBPINYIN]
        self._desk = desk
        kinds = ["xkb"] * len(LAYOUTS) + ["ibus"]
        desk.set(SOURCES, "sources", str(list(zip(kinds, self._names, strict=True))))
        count = f"return Object.keys({MANAGER}.inputSources).length"
        until(lambda: desk.look(count) == len(self._names), "GNOME has the input sources", BUSY_S)

    def switch(self, to: int, draw: Random) -> None:
        last = self._desk.look(f"return {MANAGER}._mruSources.map(source => source.id)")
        if last[1:2] == [self._names[to]] and draw.random() < 0.5:
            self._desk.tap(SUPER_L, SPACE)
        else:
            self._desk.look(f"{MANAGER}.inputSources[{to}].activate(true); return 1")
        current = f"return {MANAGER}.currentSource.id"
        until(lambda: self._desk.look(current) == self._names[to], f"{self._names[to]} is on", BUSY_S)

    def close(self) -> None:
        self._desk.run("gsettings", "reset", SOURCES, "sources")


class KdeLayouts:
    """KDE's layouts, by its key, and as its tray does."""

    def __init__(self, desk: KdeDesk) -> None:
        self.languages = list(LAYOUTS.values())
        self._desk = desk
        config = desk.user.own(desk.home / ".config") / "kxkbrc"
        config.write_text(f"[Layout]\nUse=true\nLayoutList={','.join(LAYOUTS)}\n")
        desk.user.give(config)
        desk.run("dbus-send", "--session", "--type=signal", "/Layouts", f"{KDE}.reloadConfig")
        until(lambda: len(self._call("getLayoutsList")) == len(LAYOUTS), "KDE has the layouts", BUSY_S)

    def switch(self, to: int, draw: Random) -> None:
        if (self._call("getLayout") + 1) % len(LAYOUTS) == to and draw.random() < 0.5:
            self._desk.tap(SUPER_L + X_OFFSET, ALT_L + X_OFFSET, LETTER_K + X_OFFSET)
        else:
            self._call("setLayout", "u", to)
        until(lambda: self._call("getLayout") == to, f"layout {to} is on", BUSY_S)

    def close(self) -> None:
        self._call("setLayout", "u", 0)

    def _call(self, member: str, signature: str = "", *body: Any) -> Any:
        return (self._desk.bus.call(KDE, "/Layouts", f"{KDE_LAYOUTS}.{member}", signature, *body) or [None])[0]


class KeyboardLayouts:
    """A keyboard that is plugged in, of whose layouts sway tells and labwc nothing."""

    def __init__(self, desk: SwayDesk | LabwcDesk) -> None:
        is_told = isinstance(desk, SwayDesk)
        self.languages = list(LAYOUTS.values()) if is_told else [FALLBACK] * len(LAYOUTS)
        self._desk = desk
        fifo = desk.runtime / "layouts"
        os.mkfifo(fifo)
        desk.user.give(fifo)
        desk.spawn(str(desk.user.python), "-m", "tests.support.desks.programs.layout_keyboard", str(fifo))
        self._lines = fifo.open("w")

    def switch(self, to: int, draw: Random) -> None:
        self._lines.write(f"{to}\n")
        self._lines.flush()
        if isinstance(self._desk, SwayDesk):
            until(lambda: to in self._read(self._desk), f"layout {to} is on", BUSY_S)

    def close(self) -> None:
        self._lines.close()

    def _read(self, desk: Any) -> list[int]:
        keyboards = (one for one in desk.sway("-t", "get_inputs") if one["type"] == "keyboard")
        return [one["xkb_active_layout_index"] for one in keyboards if len(one["xkb_layout_names"]) == len(LAYOUTS)]


HANDS = {
    X11Desk: X11Layouts,
    GnomeDesk: GnomeLayouts,
    KdeDesk: KdeLayouts,
    SwayDesk: KeyboardLayouts,
    LabwcDesk: KeyboardLayouts,
}


@contextmanager
def layout_hands(desk: DesktopSession) -> Iterator[LayoutHands]:
    """Give the desk's keyboard its layouts, and have the app go by them until the block ends."""
    hands = next(make for kind, make in HANDS.items() if isinstance(desk, kind))
    taken: LayoutHands = hands(desk)  # type: ignore[operator]
    done = desk.intone("settings", "set", "recognizer.language", f"layout,{FALLBACK}")
    assert done.returncode == 0, done.stderr
    try:
        yield taken
    finally:
        desk.intone("settings", "reset", "recognizer.language")
        taken.close()


def languages_at_press(desk: DesktopSession) -> list[str]:
    """Press the talk key, and once Intone has chosen the languages return them; nothing is said."""
    Event().wait(PAUSE_S)
    desk.begin_talking()
    try:
        printed = desk.run(str(desk.user.python), "-m", "tests.support.desks.programs.chosen_languages")
    finally:
        if not desk.toggles:
            desk.end_talking()
    found: list[str] = json.loads(printed)
    return found


def switch_and_press(desk: DesktopSession, hands: LayoutHands, seed: int, times: int) -> list[dict[str, Any]]:
    """Switch and press so often; return of each what was on, what the press came to, and the seconds it took."""
    draw, takes, on = Random(seed), list[dict[str, Any]](), -1
    for _ in range(times):
        on = draw.choice([choice for choice in range(len(hands.languages)) if choice != on])
        hands.switch(on, draw)
        began = monotonic()
        found = languages_at_press(desk)
        takes.append({"on": on, "wanted": [hands.languages[on]], "found": found, "took_s": monotonic() - began})
    return takes


def doctor_of_layout(desk: DesktopSession) -> str:
    """What the doctor says of the layout."""
    lines = map(json.loads, desk.intone("doctor", "--json").stdout.splitlines())
    return next(str(line["detail"]) for line in lines if line["name"] == "layout")
