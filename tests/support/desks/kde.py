"""Plasma on Wayland without a screen: KWin in a window on Xvfb, with Plasma's shell and KDE's portals.

Keys come from Xvfb's keyboard, as a real one's do, and pictures of all that is seen from its screen. Programs know
nothing of Xvfb: their `DISPLAY` is KWin's own XWayland.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import monotonic
from typing import ClassVar

from Xlib import X
from Xlib.display import Display

from tests.conftest import start_display
from tests.support.desk import BUSY_S, stop, until
from tests.support.desks.data_control import DataControlDesk
from tests.support.desks.installed import lacking_for_desk
from tests.support.desks.kwin import KWin, KWinWindow
from tests.support.desks.session import OWN
from tests.support.desks.xvfb import HEIGHT, WIDTH, XvfbDesk
from tests.support.session_bus import INSTALLED

PROGRAMS = (
    "kwin_wayland",
    "plasmashell",
    "kded6",
    "kbuildsycoca6",
    "systemsettings",
    "wl-copy",
    "konsole",
)
"""What the desk and its terminal are made of, by the programs that are looked for in PATH."""

PORTAL = "org.freedesktop.impl.portal.desktop.kde"

F9, RETURN, TAB, SPACE = 75, 36, 23, 65
"""Keycodes of evdev's map, which Xvfb uses."""

CONSENT = "Remote control requested"
"""The title of the dialog in which KDE asks whether a program may press keys."""

ANSWERED_S = 3.0
"""How long the dialog has to go after it was answered."""

SETTINGS_APP, SHELL_APP = "systemsettings", "plasmashell"

SESSION = """#!/bin/sh
env | grep -E '^(DISPLAY|XAUTHORITY|WAYLAND_DISPLAY)=.' > {told}.part && mv {told}.part {told}
"""
"""What KWin runs when it is up: it says how programs find it."""


def missing() -> list[str]:
    """What of the desk is not installed here."""
    return lacking_for_desk(PROGRAMS, [str(INSTALLED / f"{PORTAL}.service")])


class KdeDesk(XvfbDesk, DataControlDesk):
    """KWin, Plasma's shell and the portals of `account`, from entering to leaving."""

    services: ClassVar[Sequence[str]] = (
        "org.freedesktop.portal.Desktop",
        "org.freedesktop.portal.Documents",
        "org.freedesktop.impl.portal.PermissionStore",
        PORTAL,
        "org.kde.ActivityManager",
        "org.kde.kded6",
        "org.kde.kiod6",
        "org.a11y.*",
        "ca.desrt.dconf",
    )
    variables: ClassVar[Mapping[str, str]] = {
        "XDG_CURRENT_DESKTOP": "KDE",
        "XDG_SESSION_DESKTOP": "KDE",
        "XDG_MENU_PREFIX": "plasma-",
        "KDE_FULL_SESSION": "true",
        "KDE_SESSION_VERSION": "6",
    }
    kwin: KWin

    def _start_desktop(self) -> None:
        server, name = start_display(f"{WIDTH}x{HEIGHT}x24")
        self._stack.callback(stop, server)
        self._screen = Display(name)
        self._screen.change_keyboard_control(auto_repeat_mode=X.AutoRepeatModeOff)  # KWin would take it for a new press
        self._screen.sync()
        self._stack.callback(self._screen.close)
        self.tell_services(*self.environ)
        self.run("kbuildsycoca6")  # without this cache KWin takes the portal for any program, and refuses its requests
        told, session = self.runtime / "kwin-environ", self.folder / "session.sh"
        session.write_text(SESSION.format(told=told))
        session.chmod(0o755)
        size = ("--width", str(WIDTH), "--height", str(HEIGHT))
        self.spawn("kwin_wayland", "--x11-display", name, *size, "--xwayland", "--no-lockscreen", str(session))
        until(told.exists, lambda: f"KWin runs\n{self.output('kwin_wayland')}", BUSY_S)
        found = dict(line.split("=", 1) for line in told.read_text().splitlines())
        self.environ |= found
        self.tell_services(*found)
        self.kwin = KWin(self.environ["DBUS_SESSION_BUS_ADDRESS"], self.user.own(self.folder / "scripts"))
        self.spawn("kded6")
        self.spawn("plasmashell")
        until(self._has_panel, lambda: f"there is a panel\n{self.output('plasmashell')}", BUSY_S)

    def _has_panel(self) -> bool:
        shell = [window.rect for window in self.kwin.windows() if window.app == SHELL_APP]
        return any(height == HEIGHT for *_, height in shell) and any(height < HEIGHT / 4 for *_, height in shell)

    # -- windows --------------------------------------------------------------------------------------------------

    def windows(self, app: str = "") -> list[KWinWindow]:
        """The windows, those of `app` where it is given."""
        return [window for window in self.kwin.windows() if app in ("", window.app)]

    def others(self) -> set[str]:
        known = (*OWN, SHELL_APP, f"org.kde.{SHELL_APP}")  # the shell's windows come and go
        return {f"{window.app}: {window.title}" for window in self.windows() if window.app not in known}

    def pills(self) -> list[KWinWindow]:
        """The app's pill: its other windows have titles."""
        return [window for window in self.windows("Intone") if not window.title]

    def focused_title(self) -> str:
        """The title of the window that has the focus, without the program's name that Konsole adds."""
        window = self.kwin.active()
        return window.title.removesuffix(" — Konsole") if window is not None else ""

    def focus(self, title: str) -> None:
        """Give the focus to the window with this title, and wait until it has it."""
        until(lambda: self.kwin.activate(title), lambda: f"there is a window {title}; {self.windows()}", BUSY_S)
        until(
            lambda: self.focused_title() == title, lambda: f"{title} has the focus, not {self.focused_title()}", BUSY_S
        )

    def close_windows(self, app: str) -> None:
        """Close the windows of a program by their title bars, and wait until they are gone."""
        self.kwin.close(app)
        until(lambda: not self.windows(app), f"the windows of {app} are closed", BUSY_S)

    def agree(self) -> None:
        """Wait for KDE's question whether the app may press keys, and say yes: one that just comes takes no key yet."""
        self.focus(CONSENT)
        deadline = monotonic() + BUSY_S
        while monotonic() < deadline:
            if self.focused_title() == CONSENT:
                self.tap(RETURN)
            with suppress(AssertionError):
                until(lambda: not self.windows(PORTAL), "the question is answered", ANSWERED_S)
                return
        raise AssertionError(f"the question stays; {self.windows()}")

    # -- the user -------------------------------------------------------------------------------------------------

    def begin_talking(self) -> None:
        self.press(F9)

    def end_talking(self) -> None:
        self.release(F9)
