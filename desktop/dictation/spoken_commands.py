"""Recognize what ends or sends a hands-free dictation when it is said alone, and press Return for it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from enum import Enum
from functools import cache

from desktop.core.files import read_package_toml
from desktop.core.interfaces import Paster, PasterCapability
from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult, Target
from desktop.dictation.insertion import is_phrase_alone
from desktop.dictation.target import is_same_window
from desktop.paste.request import RETURN_NOT_PRESSED

RETURN_PRESSED, LISTENING_STOPPED = Message("return-pressed"), Message("listening-stopped")

SEND_WINDOW_S = 300.0
"""Longest time between an insertion and the "send it" that can mean it, as for "scratch that"."""

MAX_UNSENT = 50
"""Texts since the last Return that are kept in mind."""


class SpokenCommand(Enum):
    """A command, by the name of its table in `spoken_commands.toml`."""

    SEND = "send"
    STOP = "stop"


def find_spoken_command(text: str) -> SpokenCommand | None:
    """Return the command that `text` is, without case, punctuation and fillers; None where it is anything more."""
    return next((command for command in SpokenCommand if is_phrase_alone(text, _load_phrases()[command])), None)


@cache
def _load_phrases() -> dict[SpokenCommand, frozenset[str]]:
    """Return the phrases of all languages by their command."""
    table = read_package_toml("desktop.dictation", "spoken_commands.toml")
    return {
        command: frozenset(phrase for phrases in table[command.value].values() for phrase in phrases)
        for command in SpokenCommand
    }


class SpokenReturn:
    """Presses Return in the window of the last insertion, as long as that is the newest thing done there.

    `get_paster` returns the paster; `now` is a monotonic clock.
    """

    def __init__(self, get_paster: Callable[[], Paster], now: Callable[[], float] = time.monotonic) -> None:
        self._get_paster = get_paster
        self._now = now
        self._unsent: deque[tuple[Target, PasteResult, float]] = deque(maxlen=MAX_UNSENT)

    def note_paste(self, result: PasteResult, target: Target) -> None:
        """Note what became of a text for `target`."""
        if result.outcome in (Outcome.INSERTED, Outcome.UNCONFIRMED):
            self._unsent.append((target, result, self._now()))
        else:
            self._unsent.clear()

    def note_undo(self) -> None:
        """Note that the newest text was removed. What was touched since the one before it still counts."""
        if self._unsent:
            self._unsent.pop()

    async def press(self, target: Target) -> PasteResult | None:
        """Press Return and return the result; None, with nothing pressed, if nothing was inserted into `target`
        lately. It is pressed once for an insertion, on its proof, and where nothing was touched since."""
        if not self._unsent:
            return None
        window, result, at = self._unsent[-1]
        is_other_page = window.site != target.site and bool(window.site and target.site)
        if not is_same_window(window, target) or is_other_page or self._now() - at > SEND_WINDOW_S:
            return None
        paster = self._get_paster()
        is_possible = result.outcome is Outcome.INSERTED and PasterCapability.PRESS_RETURN in paster.capabilities
        if not is_possible or not await paster.press_return(target, at):
            return PasteResult(Outcome.REFUSED, (RETURN_NOT_PRESSED,))
        self._unsent.clear()
        return PasteResult(Outcome.SILENT, (RETURN_PRESSED,))
