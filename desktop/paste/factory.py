"""Put text into the target window: take the clipboard, send the chord, watch the target read, restore the clipboard.

No fixed delay suits every application; on X11 none is needed, because the program that reads a selection is known.

- Common to all systems: `request`; an application's rule, `apps`; how two texts join, `text_fit`; when a paste is over,
  `outcome`.
- X11: `x11.paster` is the port, `x11.transaction` the transaction, `x11.paste_state` its value. The server is used by
  `x11.connection`, `x11.clipboard`, `x11.clipboard_copy` and `x11.keyboard`. `receipt` tells the reads that answer the
  chord from those that answer the clipboard's change, with what `x11.receipts` observes and `x11.readers` remembers of
  each program. `x11.clipboard_restorer` restores the clipboard, and releases keys, if the app was killed.
- In a window: `x11.obstacles` to pressing keys, `x11.selection` and `x11.selection_reader` for the selected text,
  `x11.undo` for the last insertion, `x11.after_paste` for Return and the cursor.
- Accessibility: `field` reads the focused field and its whole text, both by `platforms.linux.atspi`.
- Delayed rendering (Windows, macOS): `delayed.paster` is the port, `delayed.transaction` the transaction,
  `delayed.pending_text` its pure part, `delayed.desktop` what it needs of the system.
- `wayland/` is the same for a Wayland session.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.core.interfaces import UserActivity
    from desktop.core.paths import Paths
    from desktop.paste.delayed.macos import MacPaster
    from desktop.paste.delayed.windows import WindowsPaster
    from desktop.paste.wayland.paster import WaylandPaster
    from desktop.paste.x11.paster import X11Paster


def open_paster(
    environ: Mapping[str, str], activity: UserActivity, insert: Callable[[str, int], Awaitable[bool]], paths: Paths
) -> X11Paster | WaylandPaster | WindowsPaster | MacPaster:
    """Return the paster for the session that `environ` describes, to be started.

    `insert(text, window)` puts a text into a field of our own windows, which are X windows in either session. The
    session decides, not what is installed: a desktop on X11 may have every Wayland tool.
    """
    if sys.platform == "win32":
        from desktop.paste.delayed.windows import WindowsPaster

        return WindowsPaster(activity)
    if sys.platform == "darwin":
        from desktop.paste.delayed.macos import MacPaster

        return MacPaster(activity)
    if environ.get("WAYLAND_DISPLAY"):
        from desktop.paste.wayland.paster import WaylandPaster

        return WaylandPaster(environ, paths.remote_desktop, insert, last_left_at=activity.last_left_at)
    from desktop.paste.x11.paster import X11Paster

    return X11Paster(environ.get("DISPLAY"), activity, insert, restores_after_crash=hasattr(os, "memfd_create"))
