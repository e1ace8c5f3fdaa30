"""Read the layout of the window in front, on Windows: each thread of a program has its own.

A layout is installed for a language, which the low word of its handle names, for input methods too: the keys of the
United States may be those of a user who has them for Czech. A console's window belongs to another process than the
program in it, and tells the layout that the console had when it was opened. (GetKeyboardLayout.)
"""

from __future__ import annotations

import locale

from desktop.layouts.layout import KeyboardLayout

LANGUAGE_MASK = 0xFFFF


class WindowsReader:
    """The layout of the thread that has the window in front."""

    async def read(self) -> KeyboardLayout | None:
        """See `desktop.layouts.layout.LayoutReader`."""
        from desktop.platforms.windows import api

        thread = api.window_thread(api.foreground_window(), None)
        return describe_layout(api.keyboard_layout(thread)) if thread else None  # 0 would be the thread that asks

    def close(self) -> None:
        """Do nothing: the system is asked."""


def describe_layout(handle: int) -> KeyboardLayout | None:
    """Return the layout of a handle by its language, such as `en-US`; None where that has no name."""
    tag = locale.windows_locale.get(handle & LANGUAGE_MASK, "").replace("_", "-")
    return KeyboardLayout(tag, (tag,), source="Windows") if tag else None
