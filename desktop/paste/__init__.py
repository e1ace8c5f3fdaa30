"""Text into the window: lend the clipboard, send the chord, watch the target read, give the clipboard back.

No delay can be right for every application; on X11 it need not be guessed, because whoever reads a selection is known.

- Asked by all systems alike: `request`; what an application needs, `applications`; how two texts join, `joining`.
- X11: `x11` is the port, `lending` the transaction; `decision`, `loan`, `chords` and `focus` are its pure part. What is
  done to the server is in `connection`, `clipboard`, `reading`, `keys` and `cursor`. `receipt` tells the reads that
  answer the chord from those that answer the clipboard's change, with what `receipts` sees and `readers` remembers of
  each program. `keeper` gives the clipboard back, and lets go of keys, where the app was killed.
- What stands in a window: `obstacles` in the way of keys, `looking` and `selection` for what is selected, `takeback`
  of what was inserted last.
- What accessibility tells: `fields` of the field that has the focus, `field_text` of its whole text, both asked by
  `accessibility`.
- Where the clipboard keeps promises (Windows, macOS): `promised` is the port, `promising` the transaction, `promise`
  its pure part, `desk` what it needs of the system.
- `wayland/` is the same for a Wayland session.
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
