"""GNOME Shell without a screen: a desk of 1280 by 800 pixels with its portals, its dialogs, and Xwayland.

Hands are a keyboard and a pointer of Mutter's remote desktop, plugged in as long as the desk is: a keyboard that goes
takes the focus with it. Eyes are an extension of the tests' own (`gnome_eyes`), so that the shell is not in its unsafe
mode, in which programs may do what they may not on a user's desk.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any, ClassVar

from tests.support.desk import BUSY_S, until
from tests.support.desks.account import Account
from tests.support.desks.bus import BusError
from tests.support.desks.installed import lacking_for_desk
from tests.support.desks.session import OWN, TEXT, DesktopSession

SIZE = 1280, 800

EYES = "eyes@intone.app"
TRAY = "ubuntu-appindicators@ubuntu.com"

PROGRAMS = ("gnome-shell", "gsettings", "xclip", "ibus", "ibus-daemon", "kgx")
"""What the desk and its terminal are made of, by the programs that are looked for in PATH."""

FILES = (
    "/usr/libexec/xdg-desktop-portal-gnome",
    "/usr/libexec/gnome-control-center-global-shortcuts-provider",
    f"/usr/share/gnome-shell/extensions/{TRAY}/metadata.json",
)
"""Its portals, and the extension that shows tray icons."""

SETTINGS = {
    "org.gnome.shell": {
        "disable-extension-version-validation": "true",
        "welcome-dialog-last-shown-version": "'999'",
    },
    "org.gnome.desktop.interface": {"enable-animations": "false"},
}

ACCESSIBILITY = ("org.gnome.desktop.interface", "toolkit-accessibility")
GIVEN_KEYS = (
    "org.gnome.settings-daemon.global-shortcuts.application:"
    "/org/gnome/settings-daemon/global-shortcuts/app.intone.Intone/",
    "shortcuts",
)
"""Where GNOME keeps the keys that it gave to Intone."""

NO_KEYS, KEY_F9 = "@a(sa{sv}) []", "[('talk', {'description': <'Hold to talk'>, 'shortcuts': <['F9']>})]"

SHELL, EYES_PATH = "org.gnome.Shell", "/app/intone/Eyes"
REMOTE, REMOTE_PATH = "org.gnome.Mutter.RemoteDesktop", "/org/gnome/Mutter/RemoteDesktop"

F9, ESC, TAB, RETURN, SPACE = 67, 1, 15, 28, 57
CTRL_L, ALT_L, F4, LETTER_A, LETTER_C = 29, 56, 62, 30, 46
"""Key codes of evdev."""

LEFT_BUTTON = 272

MANAGED = (0, 3, 4)
"""Mutter's types of windows that it manages itself: normal ones, dialogs and modal ones."""

KEY_DIALOG, ADD = "Add Keyboard Shortcuts", (-41, 22)
"""GNOME's question for the talk key, and where its button is, from the top right of the window."""

PERMISSION_DIALOG, ALLOW, SHARE = "Remote Desktop", (-85, 157), (-49, 22)
"""The question of RemoteDesktop: the switch that is off at first, then the button that was grey until then."""

X_TYPES = {TEXT: "UTF8_STRING"}
"""What X programs, which need no focus for the clipboard, call the types; others have one name."""

CLICKED_S = 3.0
"""How long a dialog has to go after it was answered."""

FINGER_S = 0.03
"""Between two events of a user's hand."""

WINDOWS = """return global.get_window_actors().map(actor => actor.meta_window).map(window => {
    const frame = window.get_frame_rect();
    return {title: window.title, class: window.wm_class, pid: window.get_pid(), focused: window.has_focus(),
        x11: window.get_client_type() === Meta.WindowClientType.X11, type: window.window_type,
        rect: [frame.x, frame.y, frame.width, frame.height]};
})"""


def missing() -> list[str]:
    """What of the desk is not installed here."""
    return lacking_for_desk(PROGRAMS, FILES)


IBUS, IBUS_S, LOGINS = "ibus-daemon", 10.0, 3
"""The input method's daemon, how long it has to be one, and how often the desk is started until it is."""


class GnomeDesk(DesktopSession):
    """The desk of GNOME Shell; `start` starts Intone on it. `tray`: with the extension that shows tray icons."""

    services: ClassVar[Sequence[str]] = (
        "ca.desrt.dconf",
        "org.a11y.*",
        "org.freedesktop.IBus",
        "org.freedesktop.portal.*",
        "org.freedesktop.impl.portal.PermissionStore",
        "org.freedesktop.impl.portal.desktop.gnome",
        "org.freedesktop.impl.portal.desktop.gtk",
        "org.gnome.Console",
        "org.gnome.Settings*",
        "org.gnome.Shell.*",
        "org.gnome.ScreenSaver",
    )
    variables: ClassVar = {
        "XDG_CURRENT_DESKTOP": "GNOME",
        "XDG_SESSION_DESKTOP": "gnome",
        "DESKTOP_SESSION": "gnome",
    }

    def __init__(self, account: Account, *, new: bool = False, tray: bool = True) -> None:
        super().__init__(account, new=new)
        self._tray = tray

    def _start_desktop(self) -> None:
        for schema, values in SETTINGS.items():
            for key, value in values.items():
                self.set(schema, key, value)
        extensions = [EYES, TRAY] if self._tray else [EYES]
        self.set("org.gnome.shell", "enabled-extensions", str(extensions))
        self._install_eyes()
        width, height = SIZE
        self.spawn("gnome-shell", "--headless", "--wayland", "--virtual-monitor", f"{width}x{height}")
        until(self._sees, lambda: f"GNOME Shell is up\n{self.output('gnome-shell')}", BUSY_S)
        for name in ("WAYLAND_DISPLAY", "DISPLAY", "XAUTHORITY"):
            until(lambda name=name: self.look(f"return GLib.getenv('{name}')"), f"the shell has {name}", BUSY_S)
            self.environ[name] = self.look(f"return GLib.getenv('{name}')")
        self.tell_services("WAYLAND_DISPLAY", "DISPLAY", "XAUTHORITY")
        self._hands = self.bus.call(REMOTE, REMOTE_PATH, f"{REMOTE}.CreateSession")[0]
        self.bus.call(REMOTE, self._hands, f"{REMOTE}.Session.Start")
        self.tap(CTRL_L)  # the first key plugs the keyboard in, and is lost
        self.move(SIZE[0] / 2, SIZE[1] - 10)

    def _log_in(self) -> None:
        """Log in, anew where IBus began in two: the shell starts it once more when there is an X server, and on a busy
        machine the first one may not end. Keys get to no field then, and the shell crashes with that one."""
        for _ in range(LOGINS):
            super()._log_in()
            with suppress(AssertionError):
                until(lambda: len(self.pids(IBUS)) == 1, "there is one IBus", IBUS_S)
                return
            self._stack.close()
            shutil.rmtree(self.runtime, ignore_errors=True)
        raise AssertionError(f"{IBUS} began in two {LOGINS} times")

    def set(self, schema: str, key: str, value: str) -> None:
        """Change a setting of the desktop."""
        self.run("gsettings", "set", schema, key, value)

    def _install_eyes(self) -> None:
        parent = self.home
        for part in (".local", "share", "gnome-shell", "extensions", EYES):
            parent = self.user.own(parent / part)
        for file in Path(__file__).with_name("gnome_eyes").iterdir():
            shutil.copy(file, parent / file.name)

    # -- eyes -----------------------------------------------------------------------------------------------------

    def look(self, code: str) -> Any:
        """Run JavaScript in the shell and return what it returns."""
        return json.loads(self.bus.call(SHELL, EYES_PATH, "app.intone.Eyes.Run", "s", code)[0])

    def _sees(self) -> bool:
        try:
            return bool(self.look("return !Main.layoutManager._startingUp"))
        except BusError:
            return False

    def windows(self) -> list[dict[str, Any]]:
        """All windows, the lowest first: title, class, pid, whether it is `focused`, `x11` and its `rect`."""
        found: list[dict[str, Any]] = self.look(WINDOWS)
        return found

    def focused_title(self) -> str:
        return next((str(window["title"]) for window in self.windows() if window["focused"]), "")

    def others(self) -> set[str]:
        managed = (window for window in self.windows() if window["type"] in MANAGED)
        return {f"{window['class']}: {window['title']}" for window in managed if window["class"] not in OWN}

    def pills(self) -> list[dict[str, Any]]:
        return [window for window in self.windows() if window["class"] == "Intone" and window["type"] not in MANAGED]

    def picture(self, file: Path) -> None:
        taken = self.folder / "picture.png"  # where its user may write
        taken.touch()
        self.user.give(taken)
        self.bus.call(SHELL, EYES_PATH, "app.intone.Eyes.Picture", "s", str(taken))
        file.write_bytes(taken.read_bytes())

    # -- hands ----------------------------------------------------------------------------------------------------

    def begin_talking(self) -> None:
        self.press(F9)

    def end_talking(self) -> None:
        self.release(F9)

    def press(self, code: int) -> None:
        """Hold a key down."""
        self.bus.call(REMOTE, self._hands, f"{REMOTE}.Session.NotifyKeyboardKeycode", "ub", code, True)

    def release(self, code: int) -> None:
        """Let a key go."""
        self.bus.call(REMOTE, self._hands, f"{REMOTE}.Session.NotifyKeyboardKeycode", "ub", code, False)

    def tap(self, *codes: int) -> None:
        """Press the keys in order and let them go in reverse."""
        for act, order in ((self.press, codes), (self.release, tuple(reversed(codes)))):
            for code in order:
                act(code)
                Event().wait(FINGER_S)

    def move(self, x: float, y: float) -> None:
        """Move the pointer there, by way of the bottom right: at the top left a hot corner holds it."""
        for motion in ((5000.0, 5000.0), (x - SIZE[0] + 1, y - SIZE[1] + 1)):
            self.bus.call(REMOTE, self._hands, f"{REMOTE}.Session.NotifyPointerMotionRelative", "dd", *motion)
            Event().wait(FINGER_S)

    def click(self, x: float, y: float) -> None:
        """Click with the left button."""
        self.move(x, y)
        for down in (True, False):
            self.bus.call(REMOTE, self._hands, f"{REMOTE}.Session.NotifyPointerButton", "ib", LEFT_BUTTON, down)
            Event().wait(FINGER_S)

    # -- the clipboard ------------------------------------------------------------------------------------------

    def copy(self, data: bytes, kind: str = TEXT) -> None:
        command = 'xclip -i -selection clipboard -t "$0" > /dev/null'
        self.run("sh", "-c", command, X_TYPES.get(kind, kind), data=data)
        until(lambda: self.clipboard(kind) == data, f"the clipboard has it as {kind}", BUSY_S)

    def clipboard(self, kind: str = TEXT) -> bytes:
        command = 'xclip -o -selection clipboard -t "$0" || true'
        return self.run("sh", "-c", command, X_TYPES.get(kind, kind))

    # -- dialogs --------------------------------------------------------------------------------------------------

    def agree_to_key(self) -> None:
        """Answer the question for the keys: as they are proposed."""
        self._answer(KEY_DIALOG, ADD)

    def agree_to_remote_desktop(self) -> None:
        """Answer the question whether keys may be pressed: yes, and from now on."""
        self._answer(PERMISSION_DIALOG, ALLOW, SHARE)

    def _answer(self, title: str, *buttons: tuple[int, int]) -> None:
        """Click in the dialog until it goes: one that just comes takes no click yet."""
        until(lambda: self.focused_title() == title, lambda: f"{title} is asked; {self.windows()}", BUSY_S)
        deadline = monotonic() + BUSY_S
        while monotonic() < deadline:
            for right, top in buttons:
                if rect := self._rect(title):
                    self.click(rect[0] + rect[2] + right, rect[1] + top)
            with suppress(AssertionError):
                until(lambda: self._rect(title) is None, f"{title} is answered", CLICKED_S)
                return
        raise AssertionError(f"{title} stays; {self.windows()}")

    def _rect(self, title: str) -> list[int] | None:
        return next((window["rect"] for window in self.windows() if window["title"] == title), None)
