"""Global hotkeys: report key presses in any window to the gesture.

Each system has its own implementation. Where none works, `open_hotkeys` raises a `HotkeyError` that says how else the
app can be driven: a talk key that seems to work but receives nothing would lose the user's words.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from math import inf
from pathlib import Path
from typing import Protocol

from desktop.core.errors import HotkeyError
from desktop.core.keys import Action, Bindings
from desktop.core.messages import Translate
from desktop.hotkeys import wayland
from desktop.hotkeys.gesture import GestureEvent


class HotkeyListener(Protocol):
    """A listener for the bound keys, active until `close`. Callable from any thread."""

    def set_cancel_enabled(self, enabled: bool) -> None:
        """Enable the cancel key: while active it cancels and is withheld from the application; otherwise the
        application gets it."""
        ...

    def expect_own_keys(self, keycodes: Iterable[int]) -> None:
        """Ignore the next press and release of each of these keys, which Intone itself is about to send.

        Valid for a second.
        """
        ...

    def last_input_at(self, until: float = inf) -> float:
        """Return when the user last did what may move a cursor: pressed a key that is not bound, or clicked
        (monotonic). Input after `until` does not count."""
        ...

    def rebind(self, bindings: Bindings) -> None:
        """Replace the bound keys; `on_problem` is called with those that are unavailable.

        Waits for the system; raises `HotkeyError` when it does not answer.
        """
        ...

    def request_keys(self) -> None:
        """Ask the user for the keys where the desktop owns them and asks in a dialog of its own; else do nothing."""
        ...

    def close(self) -> None:
        """Release every key. Call once."""
        ...


def open_hotkeys(
    bindings: Bindings,
    on_event: Callable[[GestureEvent, Action], None],
    on_problem: Callable[[HotkeyError | None], None],
    environ: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
    on_key_names: Callable[[Mapping[Action, str]], None] = lambda names: None,
    agreed: Path | None = None,
    translate: Translate = str,
) -> HotkeyListener:
    """Open the hotkeys in the session that `environ` describes.

    `on_event(event, action)` is called for each event: DOWN, UP and OTHER for talk keys, ESC for the cancel key, and
    only DOWN for the others. `on_problem` is called at the start and on each change: with None, an
    `UnavailableKeysError`, or the error that ended the listener. `on_key_names(names)` is called where the desktop owns
    the keys, with their names; `agreed` is the file that keeps which of them the user has agreed to, and `translate` is
    for what its dialog says of them. All are called in the hotkey thread and must return at once. Raises
    `HotkeyError` when keys cannot be received here.
    """
    if platform == "win32":
        from desktop.hotkeys.keyboard_hook import HookHotkeyListener
        from desktop.hotkeys.windows import WindowsKeyHook
        from desktop.platforms.windows import key_codes as windows_key_codes

        windows = HookHotkeyListener(bindings, on_event, on_problem, windows_key_codes.KEY_CODES, WindowsKeyHook)
        windows.start()
        return windows
    if platform == "darwin":
        from desktop.hotkeys.keyboard_hook import HookHotkeyListener
        from desktop.hotkeys.macos import MacEventTap
        from desktop.platforms.macos import key_codes as mac_key_codes

        mac = HookHotkeyListener(bindings, on_event, on_problem, mac_key_codes.KEY_CODES, MacEventTap)
        mac.start()
        return mac
    if wayland.is_wayland_session(environ):
        if not wayland.can_use_portal(environ):
            raise wayland.setup_error(environ)
        from desktop.hotkeys.portal import PortalHotkeyListener

        shortcut = PortalHotkeyListener(bindings, on_event, on_problem, environ, on_key_names, agreed, translate)
        shortcut.start()
        return shortcut
    if not environ.get("DISPLAY"):
        raise HotkeyError("hotkeys-without-display")
    from desktop.hotkeys.x11 import X11HotkeyListener  # python-xlib and eventfd exist on Linux only

    keys = X11HotkeyListener(bindings, on_event, on_problem, environ["DISPLAY"])
    keys.start()
    return keys
