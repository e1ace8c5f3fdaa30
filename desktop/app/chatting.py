"""Keep the current language model client: replace it when the settings change, and close it when unused."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from desktop.app import factory as making
from desktop.settings.schema import Settings

if TYPE_CHECKING:  # not loaded where nothing leaves the machine
    from desktop.llm.client import Chat
    from desktop.network.client import Client


class Chats:
    """`client` is the one that polish, emotions and voice edits use; None where none of them needs it."""

    def __init__(self) -> None:
        self.now: Chat | None = None

    def prepare(
        self,
        settings: Settings,
        client: Callable[[], Client],
        spawn: Callable[[Callable[[], Coroutine[Any, Any, object]]], None],
    ) -> None:
        """Create the configured client. Its key is loaded now: a keyring may prompt for its password, and its window
        would take the focus from the window that is dictated into."""
        before, self.now = self.now, making.chat(settings, client, self.now)
        if before is not None and before is not self.now:
            spawn(before.aclose)
        if self.now is not None:
            spawn(self.now.warm)

    async def aclose(self) -> None:
        """Close the client."""
        if self.now is not None:
            await self.now.aclose()
