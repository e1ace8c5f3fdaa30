"""Keep the language model client while the app runs: replace it when the settings change, and close it when unused."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop.app import factory
from desktop.core.tasks import SpawnTask
from desktop.settings.schema import Settings

if TYPE_CHECKING:
    from desktop.llm.client import LLMClient
    from desktop.network.client import ServiceClient


class LLMService:
    """Keeps `client`, which polish, emotions and voice edits use; None where none of them needs it."""

    def __init__(self) -> None:
        self.client: LLMClient | None = None

    def update(
        self,
        settings: Settings,
        get_http_client: Callable[[], ServiceClient],
        spawn: SpawnTask,
    ) -> None:
        """Create the configured client, and close the one it replaces.

        Its key is loaded now: a keyring may prompt for its password, and its window would take the focus from the
        window that is dictated into.
        """
        previous, self.client = self.client, factory.create_llm_client(settings, get_http_client, self.client)
        if previous is not None and previous is not self.client:
            spawn(previous.aclose)
        if self.client is not None:
            spawn(self.client.warm)

    async def aclose(self) -> None:
        """Close the client."""
        if self.client is not None:
            await self.client.aclose()
