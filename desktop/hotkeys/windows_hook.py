"""One of Windows' low-level hooks, for keys or for the mouse, carried by a listener of pynput in a thread of its own.

pynput installs the hook, fetches the thread's messages and answers Windows; its `win32_event_filter` sees the whole
event, and `suppress_event` withholds it from all programs. Nothing reaches pynput's own callbacks, for which it would
translate each key with functions that change the state of dead keys. A new listener uses them once, so one is made only
where there is none or Windows has removed its hook (`docs/adr/0015`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from time import monotonic, sleep
from typing import Any

logger = logging.getLogger(__name__)

INSTALL_TIMEOUT_S = 30.0
"""Seconds until a hook that is not there counts as refused. A refusal is known at once; the rest is for a machine that
is too busy to start a thread."""

INSTALL_POLL_S = 0.002

END_TIMEOUT_S = 2.0
"""Seconds to wait for the thread of a hook that is closed."""

type EventFilter = Callable[[int, Any], bool]
"""A callback in the hook's thread with a message and its KBDLLHOOKSTRUCT or MSLLHOOKSTRUCT, as pynput names their
fields; returns at once whether to withhold the event from all programs."""


class WindowsHook:
    """A hook that is there until `close`; `is_withheld` may be asked as soon as this is made."""

    def __init__(
        self, listener_type: Callable[..., Any], hooks: Mapping[int | None, Any], is_withheld: EventFilter
    ) -> None:
        """Install it by pynput's `listener_type`, which enters it into `hooks` by its thread. `is_installed` says
        whether Windows has allowed that."""
        self._is_withheld = is_withheld
        self._hooks = hooks
        self._listener = listener_type(win32_event_filter=self._filter)
        self._listener.start()
        self.is_installed = self._wait_until_installed()

    def close(self) -> None:
        """Remove the hook and end its thread. Call once, in another thread."""
        self._listener.stop()
        self._listener.join(END_TIMEOUT_S)

    def _filter(self, message: int, data: Any) -> bool:
        """Answer Windows; what this returns keeps the event from pynput's callbacks."""
        try:
            is_withheld = self._is_withheld(message, data)
        except Exception:  # pynput would end its thread
            logger.exception("a key was not understood")
            is_withheld = False
        if is_withheld:
            self._listener.suppress_event()
        return False

    def _wait_until_installed(self) -> bool:
        """Return whether Windows has installed the hook, which pynput's listeners tell by no method of theirs."""
        deadline = monotonic() + INSTALL_TIMEOUT_S
        while monotonic() < deadline:
            hook = self._hooks.get(self._listener.ident)
            if hook is not None and hook._hook is not None:
                return bool(hook._hook)
            sleep(INSTALL_POLL_S)
        return False


def open_key_hook(is_withheld: EventFilter) -> WindowsHook:
    """Install a hook for keys."""
    from pynput import keyboard
    from pynput._util.win32 import SystemHook

    return WindowsHook(keyboard.Listener, SystemHook._HOOKS, is_withheld)


def open_mouse_hook(is_withheld: EventFilter) -> WindowsHook:
    """Install a hook for the mouse: each of its movements waits for the answer."""
    from pynput import mouse
    from pynput._util.win32 import SystemHook

    return WindowsHook(mouse.Listener, SystemHook._HOOKS, is_withheld)
