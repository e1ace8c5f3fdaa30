"""The language model of now: made anew when the settings want another, and closed when nothing asks it any more."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from desktop import making
from desktop.settings.tree import Settings

if TYPE_CHECKING:  # not loaded where nothing leaves the machine
    from desktop.chat import Chat
    from desktop.network import Client


class Chats:
    """`now` is the one that polish, emotion and edits ask; None where none of them does."""

    def __init__(self) -> None:
        self.now: Chat | None = None

    def prepare(
        self,
        settings: Settings,
        client: Callable[[], Client],
        spawn: Callable[[Callable[[], Coroutine[Any, Any, object]]], None],
    ) -> None:
        """Make the one that is wanted. Its key is asked for now: a keyring may ask for its password, and its window
        would take the focus from the one that is dictated into."""
        before, self.now = self.now, making.chat(settings, client, self.now)
        if before is not None and before is not self.now:
            spawn(before.aclose)
        if self.now is not None:
            spawn(self.now.warm)

    async def aclose(self) -> None:
        """Close it."""
        if self.now is not None:
            await self.now.aclose()
