"""A desk of X11 whose user has an input method: openbox on Xvfb, and IBus' daemon with every toolkit told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import ClassVar

from Xlib import X
from Xlib.display import Display
from Xlib.error import BadWindow

from tests.conftest import start_display
from tests.support.desk import BUSY_S, stop, until
from tests.support.desks.ibus_session import IBusSession
from tests.support.desks.installed import lacking
from tests.support.desks.session import OWN, TEXT
from tests.support.desks.xvfb import HEIGHT, WIDTH, XvfbDesk
from tests.support.ibus import MODULES

PROGRAMS = ("Xvfb", "openbox", "ibus-daemon", "xclip", "xdotool", "stalonetray", "xterm")

CTRL_R = 105
"""The keycode of the talk key in evdev's map, which Xvfb uses."""

TARGETS: Mapping[str, str] = {TEXT: "UTF8_STRING"}
"""What X calls a type, where that is another name."""

TITLES = ("_NET_WM_NAME", "WM_NAME")


def missing() -> list[str]:
    """What of the desk is not installed here."""
    return lacking(PROGRAMS)


class X11Desk(XvfbDesk, IBusSession):
    """openbox and IBus of `account`, from entering to leaving."""

    services: ClassVar[Sequence[str]] = ("org.a11y.*",)
    variables: ClassVar[Mapping[str, str]] = {
        "XDG_SESSION_TYPE": "x11",
        "GSETTINGS_BACKEND": "memory",
        **MODULES,
    }

    def _start_desktop(self) -> None:
        server, name = start_display(f"{WIDTH}x{HEIGHT}x24")
        self._stack.callback(stop, server)
        self.environ["DISPLAY"] = name
        self._screen = Display(name)
        self._stack.callback(self._screen.close)
        self.tell_services("DISPLAY", "HOME", "XDG_RUNTIME_DIR")
        self.spawn("openbox")
        until(lambda: self._root("_NET_SUPPORTING_WM_CHECK"), "openbox manages the display", BUSY_S)
        self.spawn("stalonetray")
        self.start_ibus()

    # -- windows --------------------------------------------------------------------------------------------------

    def focused_title(self) -> str:
        (window, *_) = (*self._root("_NET_ACTIVE_WINDOW"), 0)
        return self._title(window) if window else ""

    def others(self) -> set[str]:
        return {
            title for window in self._root("_NET_CLIENT_LIST") if not (title := self._title(window)).startswith(OWN)
        }

    def pills(self) -> list[str]:
        found = self.run("sh", "-c", "xdotool search --onlyvisible --class Intone || true").decode().split()
        return [window for window in found if int(window) not in self._root("_NET_CLIENT_LIST")]

    def copy(self, data: bytes, kind: str = TEXT) -> None:
        file = self.folder / "copied"
        file.write_bytes(data)
        target = TARGETS.get(kind, kind)
        self.run("sh", "-c", 'xclip -i -selection clipboard -t "$0" < "$1" > /dev/null', target, str(file))
        until(lambda: self.clipboard(kind) == data, f"the clipboard has it as {kind}", BUSY_S)

    def clipboard(self, kind: str = TEXT) -> bytes:
        return self.run("sh", "-c", 'xclip -o -selection clipboard -t "$0" || true', TARGETS.get(kind, kind))

    def _title(self, window: int) -> str:
        with suppress(BadWindow):  # it was closed
            of = self._screen.create_resource_object("window", window)
            found = (of.get_full_property(self._screen.intern_atom(name), X.AnyPropertyType) for name in TITLES)
            return next((bytes(one.value).decode() for one in found if one is not None), "")
        return ""

    def _root(self, name: str) -> Sequence[int]:
        found = self._screen.screen().root.get_full_property(self._screen.intern_atom(name), X.AnyPropertyType)
        values: Sequence[int] = found.value if found is not None else ()
        return values

    # -- the user -------------------------------------------------------------------------------------------------

    def begin_talking(self) -> None:
        self.press(CTRL_R)

    def end_talking(self) -> None:
        self.release(CTRL_R)
