"""The interface that `desktop.paste.wayland.paster` needs of a clipboard, and a check of which process reads from
it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from desktop.core.messages import Notes
from desktop.paste.wayland.protocol import Compositor

TEXT_TYPES = ("text/plain;charset=utf-8", "text/plain", "UTF8_STRING", "TEXT", "STRING")
"""The types by which toolkits request text; those in capitals are for programs behind XWayland."""


class WaylandClipboard(Protocol):
    """The clipboard and PRIMARY of a session, for one text at a time. Used from one loop.

    `on_read` is called with the pipe that was read from (its number in the kernel, 0 if unknown) before any data is
    given, and `on_lost` when another program has taken the clipboard.
    """

    lost_notes: Notes
    """The notes on the previous contents, if not all of them could be kept."""

    async def put_text(self, text: str, selections: Sequence[str]) -> bool:
        """Keep what the selections (CLIPBOARD, PRIMARY) hold and put `text` there, with the hint.

        Returns False if one is unavailable.
        """
        ...

    async def restore(self) -> None:
        """Restore what was kept, unless another program has taken the selection since."""
        ...

    async def read_text(self) -> str | None:
        """Return the clipboard's text, as it was before a paste; None if there is none, or a secret."""
        ...

    async def read_primary(self) -> str | None:
        """Return what was selected last, in any window; None if there is none, it is a secret, or it cannot be read."""
        ...

    def keep_text(self) -> None:
        """Leave the text where it is, for the user."""
        ...

    async def reopen(self, compositor: Compositor) -> None:
        """Go on with a new connection to the compositor, after the last one was lost, and serve again what was served,
        or was to be restored. Raises `OSError` when that one is lost too."""
        ...

    def close(self) -> None:
        """Release the clipboard."""
        ...


type PipeReadCallback = Callable[[int], None]
type ClipboardLostCallback = Callable[[], None]


def has_pipe_open(pid: int, pipe: int) -> bool | None:
    """Return whether the process has an end of the pipe open; None if that cannot be read (a sandbox)."""
    link = f"pipe:[{pipe}]"
    try:
        return any(_read_link(fd) == link for fd in Path(f"/proc/{pid}/fd").iterdir())
    except FileNotFoundError:
        return False
    except OSError:
        return None


def _read_link(fd: Path) -> str:
    try:
        return str(fd.readlink())
    except OSError:
        return ""
