"""What the pasters of X11 and Wayland sessions have in common: below an input method, they put texts in by keys."""

from __future__ import annotations

import asyncio
import os
from abc import abstractmethod
from dataclasses import dataclass

from desktop.core.interfaces import Paster
from desktop.core.messages import Message
from desktop.core.types import Target
from desktop.paste.request import PasteOptions
from desktop.paste.text_fit import Insertion


@dataclass(frozen=True, slots=True)
class PasteFocus:
    """The window that has the focus now, and the last insertion."""

    target: Target
    last_insertion: Insertion | None = None


class SessionPaster(Paster):
    """A paster of the session. `options` apply from the next paste on.

    `is_input_known`: it is known when the user last pressed a key or a button. `proves_insertions`: in every window,
    by its reads. `asks_input_method`: `find_target` asks the input method what kind of field has the focus.
    """

    options: PasteOptions
    is_input_known = False
    proves_insertions = False
    asks_input_method = False

    @abstractmethod
    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Connect to the desktop. Call on `loop`. Raises `PasteError`."""

    @abstractmethod
    def close(self) -> None:
        """Disconnect; what was on the clipboard is restored."""

    @abstractmethod
    async def find_focus(self) -> PasteFocus:
        """Return the focused window without asking its program for its field, after the pastes that have ended."""

    def is_xwayland(self, target: Target) -> bool:
        """Return whether `target` is a window of X in a Wayland session, which no input method of Wayland serves."""
        return False

    @abstractmethod
    def note_insertion(self, insertion: Insertion | None) -> None:
        """Note what another rung has inserted, or None for what is not known. Call while no paste is under way."""

    async def find_obstacle(self, target: Target) -> Message | None:
        """Return why a text for `target` must not go into the focused window; None if it may, also where the window is
        not known."""
        if target.handle == 0:
            return Message("window-missing")
        if target.pid == os.getpid():
            return Message("own-window-excluded")
        if target.handle < 0 or (await self.find_focus()).target.handle == target.handle:
            return None
        return Message("window-changed")
