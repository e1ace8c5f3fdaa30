"""Global keys: a key held anywhere, in whatever window, heard and told to the gesture.

Each system has its own way, hence a folder. Where none works, opening the keys is a `HotkeyProblem` that says how the
app can be driven instead: a talk key that looks healthy and is deaf costs a person their words.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from math import inf
from typing import Protocol

from desktop.gesture import Event
from desktop.hotkey import wayland
from desktop.hotkey.bindings import Action, Bindings, bind
from desktop.hotkey.keys import Binding, parse
from desktop.problems import HotkeyProblem

__all__ = ["Action", "Binding", "Bindings", "Keys", "bind", "open_keys", "parse"]


class Keys(Protocol):
    """The keys that are bound, heard until `close`. Callable from any thread."""

    def listening(self, active: bool) -> None:
        """While active, the cancel key cancels and is kept from the application; otherwise it is the application's."""
        ...

    def expect(self, keycodes: Iterable[int]) -> None:
        """Before we press and release each of these once ourselves: take them for nobody's. Valid for a second."""
        ...

    def touched(self, until: float = inf) -> float:
        """When the person last did what may move a cursor: pressed a key that is not ours, or clicked (monotonic).
        What came after `until` does not count."""
        ...

    def rebind(self, bindings: Bindings) -> None:
        """Use these keys instead; which of them cannot be had, `ails` is told. Waits for the system; raises
        `HotkeyProblem` where it does not answer."""
        ...

    def close(self) -> None:
        """Give every key back; call it once."""
        ...


def open_keys(
    bindings: Bindings,
    post: Callable[[Event, Action], None],
    ails: Callable[[HotkeyProblem | None], None],
    environ: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
) -> Keys:
    """Hear the keys in the session that `environ` describes.

    `post` gets an event and what its key is bound to: DOWN, UP and OTHER for keys that talk, ESC for the one that
    cancels, and DOWN alone for the others. `ails` is told what is wrong, at the start and whenever that changes: None,
    a `SomeKeysProblem`, or what ended the hearing. Both are called in the keys' own thread, where they must return at
    once. Raises `HotkeyProblem` when keys cannot be heard here.
    """
    if platform == "win32":
        from desktop.windows.keys import WindowsKeys

        windows = WindowsKeys(bindings, post, ails)
        windows.start()
        return windows
    if platform == "darwin":
        from desktop.macos.keys import MacKeys

        mac = MacKeys(bindings, post, ails)
        mac.start()
        return mac
    if wayland.is_session(environ):
        if not wayland.asks_portal(environ):
            raise HotkeyProblem(wayland.DEAF, wayland.advice(environ))
        from desktop.hotkey.portal import PortalKeys

        shortcut = PortalKeys(bindings, post, ails, environ)
        shortcut.start()
        return shortcut
    if not environ.get("DISPLAY"):
        raise HotkeyProblem("There is no display, so no key can be heard.", "Start Intone from a desktop session.")
    from desktop.hotkey.x11 import X11Keys  # python-xlib and eventfd exist on Linux only

    keys = X11Keys(bindings, post, ails, environ["DISPLAY"])
    keys.start()
    return keys
