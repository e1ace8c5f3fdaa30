"""Serve the links of the command channel: what other programs of the user get of the app.

What is behind a link is imported when one is opened for the first time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from desktop.app.doors.feed import DictationFeed
from desktop.app.ipc_links import Link
from desktop.app.status import Frontend, StatusPublisher
from desktop.core.errors import UserError
from desktop.core.tasks import SpawnTask
from desktop.dictation.controller import DictationController
from desktop.history.rows import HistoryRow
from desktop.history.store import HistoryStore
from desktop.settings.store import LoadedSettings
from desktop.stt.recognition import ConfiguredRecognizer

if TYPE_CHECKING:
    from desktop.app.doors.assistants import AssistantService
    from desktop.app.doors.hook import HookRunner
    from desktop.app.doors.transcripts import TranscriptService

MAX_READERS = 16
"""Programs that listen at once."""


class DoorHost(Protocol):
    """What the links need of the engine."""

    history: HistoryStore
    recognition: ConfiguredRecognizer

    @property
    def spawn(self) -> SpawnTask:
        """Runs work in the background on the engine's loop."""
        ...

    def post(self, work: Callable[..., object], *arguments: object) -> None:
        """Schedule `work` on the engine's loop, from any thread."""
        ...


class DoorService:
    """Serves links, and runs the hook."""

    def __init__(
        self,
        host: DoorHost,
        frontend: Frontend,
        loaded: Callable[[], LoadedSettings],
        get_running: Callable[[], tuple[StatusPublisher, DictationController]],
    ) -> None:
        self._host = host
        self._frontend = frontend
        self._loaded = loaded
        self._get_running = get_running
        self._feed = DictationFeed(host.history.get, host.spawn, self._has_hook, self._run_hook)
        self._request_count = 0
        self._hook: HookRunner | None = None
        self._transcripts: TranscriptService | None = None
        self._assistants: AssistantService | None = None

    @property
    def is_busy(self) -> bool:
        """Whether another program is being answered, or the hook runs. One that only listens is not counted."""
        return self._request_count > 0 or (self._hook is not None and self._hook.is_running)

    def on_recorded(self, id: int) -> None:
        """Publish the row with this id, where that is wanted. Call from any thread."""
        if self._feed.is_wanted:
            self._host.post(self._feed.on_recorded, id)

    async def serve(self, link: Link) -> None:
        """Serve a link until it ends. Raises `UserError`."""
        command = link.request["command"]
        if command == "listen":
            await self._listen(link)
            return
        self._request_count += 1
        try:
            match command:
                case "transcribe":
                    await self._load_transcripts().serve(link)
                case "dictate":
                    await self._load_assistants().dictate(link)
                case "search":
                    await self._load_assistants().search(link)
        finally:
            self._request_count -= 1

    async def _listen(self, link: Link) -> None:
        if self._feed.reader_count >= MAX_READERS:
            raise UserError("app-too-many-readers", count=str(MAX_READERS))
        with self._feed.subscribe() as subscription:
            await link.accept()

            async def send_lines() -> None:
                async for line in subscription.lines():
                    await link.send(line)

            await link.run_while_open(send_lines)

    def _load_transcripts(self) -> TranscriptService:
        if self._transcripts is None:
            from desktop.app.doors.transcripts import TranscriptService

            self._transcripts = TranscriptService(self._host.recognition, self._get_running()[0].wait_until_idle)
        return self._transcripts

    def _load_assistants(self) -> AssistantService:
        if self._assistants is None:
            from desktop.app.doors.assistants import AssistantService

            self._assistants = AssistantService(
                self._frontend,
                self._host.history,
                self._get_running()[1],
                lambda: self._loaded().settings.history.private == "on",
            )
        return self._assistants

    def _has_hook(self) -> bool:
        loaded = self._loaded()
        return bool(loaded.settings.hooks.after) and not loaded.is_safe_mode

    def _run_hook(self, row: HistoryRow) -> None:
        if self._hook is None:
            from desktop.app.doors.hook import HookRunner

            self._hook = HookRunner(self._loaded, self._host.spawn, self._get_running()[0].show_problem)
        self._hook.add(row)
