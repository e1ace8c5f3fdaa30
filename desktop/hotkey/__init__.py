"""Global keys: a key held anywhere, in whatever window, heard and told to the gesture.

Each system has its own way, hence a folder. Where none works, opening the keys is a `HotkeyProblem` that says how the
app can be driven instead: a talk key that looks healthy and is deaf costs a person their words.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from desktop.gesture import Event
from desktop.hotkey import wayland
from desktop.hotkey.keys import Binding, pair, parse
from desktop.problems import HotkeyProblem

__all__ = ["Binding", "Keys", "open_keys", "pair", "parse"]


class Keys(Protocol):
    """The talk and cancel keys, heard until `close`. Callable from any thread."""

    def listening(self, active: bool) -> None:
        """While active, the cancel key cancels and is kept from the application; otherwise it is the application's."""
        ...

    def expect(self, keycodes: Iterable[int]) -> None:
        """Before we press and release each of these once ourselves: take them for nobody's. Valid for a second."""
        ...

    def touched(self) -> float:
        """When the person last did what may move a cursor: pressed a key that is not ours, or clicked (monotonic)."""
        ...

    def rebind(self, talk: Binding, cancel: Binding) -> None:
        """Use other keys. Waits for the system; raises `HotkeyProblem` when they cannot be had: the old ones stay."""
        ...

    def close(self) -> None:
        """Give every key back; call it once."""
        ...


def open_keys(
    talk: Binding,
    cancel: Binding,
    post: Callable[[Event], None],
    failed: Callable[[HotkeyProblem], None],
    environ: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
) -> Keys:
    """Hear the keys in the session that `environ` describes.

    `post` gets DOWN, UP, ESC and OTHER, and `failed` the problem that ends the hearing later on; both in the keys' own
    thread, where they must return at once. Raises `HotkeyProblem` when keys cannot be heard here.
    """
    if platform in ("win32", "darwin"):
        raise HotkeyProblem(
            "Intone does not hear keys on this system yet.",
            "Use intone start and intone stop from a shortcut of the system.",
        )
    if wayland.is_session(environ):
        if not wayland.asks_portal(environ):
            raise HotkeyProblem(wayland.DEAF, wayland.advice(environ))
        from desktop.hotkey.portal import PortalKeys

        shortcut = PortalKeys(talk, post, failed, environ)
        shortcut.start()
        return shortcut
    if not environ.get("DISPLAY"):
        raise HotkeyProblem("There is no display, so no key can be heard.", "Start Intone from a desktop session.")
    from desktop.hotkey.x11 import X11Keys  # python-xlib and eventfd exist on Linux only

    keys = X11Keys(talk, cancel, post, failed, environ["DISPLAY"])
    keys.start()
    return keys
