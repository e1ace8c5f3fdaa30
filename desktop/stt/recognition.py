"""Recognize speech with the engine that the settings choose: the local one, or a service with the local one as
fallback.

One object for the app's life. Settings may change at any time; a dictation keeps those it began with. It also reports
the state of the chosen engine as one `EngineStatus`: a service without a key is a problem only if no local model can
answer instead.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import anyio

from desktop.app import factory as making
from desktop.core.errors import Problem
from desktop.core.interfaces import Recognizer
from desktop.core.types import Frame, Transcript
from desktop.settings.schema import AUTO, Settings
from desktop.stt.fallback import Choice, Rules
from desktop.stt.local.engine import Condition, LocalEngine
from desktop.stt.local.model_choice import Get
from models.store import Store

if TYPE_CHECKING:  # not loaded where nothing leaves the machine
    from desktop.network.client import Client
    from desktop.network.endpoint import Service

WHISPER = "whisper"


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A configured service; `engine` and `model` are the settings' names, the latter empty for auto."""

    service: Service
    recognizer: Recognizer
    rules: Rules
    engine: str
    model: str


class Recognition:
    """`core.interfaces.Recognizer` for the engine that the settings choose.

    `on_change` is called with every new condition of the engine; `fetch_model` downloads a model.
    """

    def __init__(
        self, store: Store, settings: Settings, tell: Callable[[Condition], None], get: Get | None = None
    ) -> None:
        self._settings = settings
        self._tell = tell
        self._local = LocalEngine(store, making.wanted(settings), self._local_is, get)
        self._client: Client | None = None
        self._chosen: _Chosen | None = None
        self._lacks: Problem | None = None
        self._languages: tuple[str, ...] | None = None

    async def run(self) -> None:
        """Keep the chosen engine ready until cancelled."""
        try:
            async with anyio.create_task_group() as self._tasks:
                self._make()
                await self._local.run()
        finally:
            if self._client is not None:
                with anyio.CancelScope(shield=True):
                    await self._client.aclose()

    def choose(self, settings: Settings) -> None:
        """Apply `settings` from the next dictation on."""
        before, self._settings = self._settings, settings
        self._chosen, self._lacks = None, None  # of the old settings; `_make` sets them again
        if making.wanted(before) != making.wanted(settings):
            self._local.choose(making.wanted(settings))
        if before.network != settings.network:
            self._hang_up()
        if before.recognizer.language != settings.recognizer.language:
            self._languages = None
        self._make()

    def renew(self) -> None:
        """Drop all connections, which are dead after the machine slept."""
        self._hang_up()
        self._make()

    def _hang_up(self) -> None:
        if self._client is not None:
            self._tasks.start_soon(self._client.renew, self._settings.network.http)

    @property
    def local(self) -> Condition:
        """The condition of the local engine, whichever engine is chosen."""
        return self._local.condition

    def arrived(self, name: str) -> None:
        """Retry with the model that was installed."""
        self._local.arrived(name)

    def client(self) -> Client:
        """Return the app's one HTTP client, created on first use. Others hold it too, so it is never replaced."""
        from desktop.network.client import Client

        if self._client is None:
            self._client = Client(self._settings.network.http)
        return self._client

    @property
    def alone(self) -> Recognizer:
        """The chosen engine without its fallback."""
        return self._local if self._chosen is None else self._chosen.recognizer

    def next_language(self) -> tuple[str, ...]:
        """Select the next of the chosen languages alone, or all of them again; return the selection."""
        self._languages = self._local.next_language()
        self._make()
        return self._languages

    async def transcribe(self, speech: AsyncIterable[Frame], show: Callable[[Transcript], None]) -> Transcript:
        """See `core.interfaces.Recognizer`."""
        chosen = self._chosen
        if chosen is None:
            return await self._local.transcribe(speech, show)
        local = self._local if self._local.joins else None
        return await Choice(chosen.recognizer, local, chosen.rules).transcribe(speech, show)

    def _make(self) -> None:
        """Create the chosen service, if one is chosen, again: its key may have changed."""
        self._chosen, self._lacks = None, None
        name = self._settings.recognizer.engine
        if name != WHISPER:
            from desktop.network.services import service
            from desktop.stt.cloud.factory import recognizer

            there = service(name, self._settings)
            asked = recognizer(name, self._settings, self.client(), self._languages)
            wanted = self._settings.recognizer
            rules = Rules(wanted.policy, wanted.deadline_ms / 1000, there.name)
            model = getattr(self._settings.engines, name.replace("-", "_")).model
            self._chosen = _Chosen(there, asked, rules, name, "" if model == AUTO else model)
            self._tasks.start_soon(self._look, self._chosen)
        self._local_is(self._local.condition)

    async def _look(self, chosen: _Chosen) -> None:
        """Check before a dictation whether the service can be used."""
        try:
            await chosen.service.headers()
            lacks = None
        except Problem as problem:
            lacks = problem
        if chosen is self._chosen:
            self._lacks = lacks
            self._local_is(self._local.condition)

    def _local_is(self, local: Condition) -> None:
        """Report the condition of the chosen engine, given that of the local one."""
        chosen = self._chosen
        if chosen is None:
            self._tell(local)
            return
        problem = None if local.loaded else self._lacks
        note = f"{self._lacks} The local engine answers." if self._lacks and local.loaded else ""
        self._tell(Condition(True, chosen.engine, chosen.model, chosen.service.host, note, None, problem))
