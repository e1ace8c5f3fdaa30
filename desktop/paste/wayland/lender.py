"""What the transaction needs of a clipboard, and who read from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

HINT = "x-kde-passwordManagerHint"
"""With the value `secret` it asks clipboard managers not to record (Klipper, CopyQ, cliphist and others honour it)."""

TEXT_TYPES = ("text/plain;charset=utf-8", "text/plain", "UTF8_STRING", "TEXT", "STRING")
"""The names that toolkits ask for text by; those in capitals are for programs behind XWayland."""


class Lender(Protocol):
    """The clipboard and PRIMARY of a session, lent to one text at a time. Used from one loop.

    It calls `read` with the pipe that was read from (its number in the kernel, 0 where that is not known) before any
    data is given, and `lost` when another program has taken what was lent.
    """

    unkept: str
    """What there is to say of the clipboard that was last lent, where not all of it could be kept."""

    async def lend(self, text: str, selections: Sequence[str]) -> bool:
        """Keep what the selections (CLIPBOARD, PRIMARY) hold and put `text` there, with the hint. False where one
        cannot be had."""
        ...

    async def give_back(self) -> None:
        """Put back what was kept, where nobody else has taken the selection since."""
        ...

    async def text(self) -> str | None:
        """The clipboard's text, as it was before anything was lent; None where it is none, or a secret."""
        ...

    def leave(self) -> None:
        """Leave the text where it is, for the person."""
        ...

    def close(self) -> None:
        """Let go."""
        ...


type Read = Callable[[int], None]
type Lost = Callable[[], None]


def holds(pid: int, pipe: int) -> bool | None:
    """Whether the process has an end of the pipe open; None where it may not be looked into (a sandbox)."""
    wanted = f"pipe:[{pipe}]"
    try:
        return any(_link(fd) == wanted for fd in Path(f"/proc/{pid}/fd").iterdir())
    except FileNotFoundError:
        return False
    except OSError:
        return None


def _link(fd: Path) -> str:
    try:
        return str(fd.readlink())
    except OSError:
        return ""
