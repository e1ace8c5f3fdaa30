"""Text into the window: lend the clipboard, send the chord, watch the target read, give the clipboard back.

No delay can be right for every application; on X11 it need not be guessed, because whoever reads a selection is known.
`decision.py`, `loan.py`, `chords.py` and `joining.py` are pure; `connection.py`, `clipboard.py` and `keys.py` are the
three things done to the X server; `lending.py` is the transaction that joins them and `x11.py` the port. What may stand
in its way is asked of `obstacles.py`, what is selected of `looking.py`. `wayland/` is the same for a Wayland session;
`promising.py` and `promised.py` are where the clipboard keeps promises (Windows, macOS).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.macos.desk import MacPaster
    from desktop.paste.request import Hands
    from desktop.paste.wayland.paster import WaylandPaster
    from desktop.paste.x11 import X11Paster
    from desktop.paths import Paths
    from desktop.windows.desk import WindowsPaster


def open_paster(
    environ: Mapping[str, str], hands: Hands, insert: Callable[[str, int], Awaitable[bool]], paths: Paths
) -> X11Paster | WaylandPaster | WindowsPaster | MacPaster:
    """The paster for the session that `environ` describes, to be started. `insert(text, window)` puts a text into a
    field of our own windows, which are X windows in either session.

    It is the session that counts, not what is installed: a desk on X11 may have every tool of Wayland's.
    """
    if sys.platform == "win32":
        from desktop.windows.desk import WindowsPaster

        return WindowsPaster(hands)
    if sys.platform == "darwin":
        from desktop.macos.desk import MacPaster

        return MacPaster(hands)
    if environ.get("WAYLAND_DISPLAY"):
        from desktop.paste.wayland.paster import WaylandPaster

        return WaylandPaster(environ, paths.remote_desktop, insert, left=hands.left)
    from desktop.paste.x11 import X11Paster

    return X11Paster(environ.get("DISPLAY"), hands, insert, keeps=hasattr(os, "memfd_create"))
