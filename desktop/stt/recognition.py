"""Recognize speech with the engine that the settings choose: the local one, or a service with the local one as
fallback.

One object for the app's life. Settings may change at any time; a dictation keeps those it began with. It also reports
the state of the chosen engine as one `EngineStatus`: a service without a key is a problem only if no local model can
answer instead.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import anyio

from desktop.core.errors import UserError
from desktop.core.interfaces import Recognizer, WordAligner
from desktop.core.messages import Message, Notes
from desktop.core.types import Frame, Transcript
from desktop.settings.schema import AUTO, LAYOUT, Settings, language_codes
from desktop.stt.chinese_script import ScriptConverter, choose_script, convert_to_script
from desktop.stt.fallback import FallbackRecognizer, FallbackRules
from desktop.stt.local.client import ShowPartial
from desktop.stt.local.engine import WhisperEngine
from desktop.stt.local.engine_options import local_engine_options
from desktop.stt.local.engine_status import EngineStatus
from desktop.stt.local.language import next_expected
from desktop.stt.local.model_choice import ModelFetcher
from models.store import ModelStore

if TYPE_CHECKING:  # not loaded where nothing leaves the machine
    from desktop.network.client import ServiceClient
    from desktop.network.endpoint import Service
    from desktop.stt.local.client import WhisperClient

WHISPER = "whisper"


@dataclass(frozen=True, slots=True)
class _ChosenService:
    """A configured service; `engine` and `model` are the settings' names, the latter empty for auto."""

    service: Service
    recognizer: Recognizer
    rules: FallbackRules
    engine: str
    model: str


class _AnyLanguageRecognizer(Protocol):
    """A recognizer that takes the languages of each dictation, None for those of the settings."""

    async def transcribe(
        self, speech: AsyncIterable[Frame], on_partial: ShowPartial, languages: tuple[str, ...] | None = None
    ) -> Transcript: ...


@dataclass(frozen=True, slots=True)
class _LanguageRecognizer:
    """`desktop.core.interfaces.Recognizer` by another, for a dictation in `languages`."""

    recognizer: _AnyLanguageRecognizer
    languages: tuple[str, ...] | None

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: ShowPartial) -> Transcript:
        """See `desktop.core.interfaces.Recognizer`."""
        return await self.recognizer.transcribe(speech, on_partial, self.languages)


class ConfiguredRecognizer:
    """`desktop.core.interfaces.Recognizer` for the engine that the settings choose.

    `on_change` is called with every new status of the engine; `fetch_model` downloads a model, and `fetch_problem` says
    why none is downloaded unasked.
    """

    def __init__(
        self,
        store: ModelStore,
        settings: Settings,
        on_change: Callable[[EngineStatus], None],
        fetch_model: ModelFetcher | None = None,
        fetch_problem: Message | None = None,
    ) -> None:
        self._settings = settings
        self._on_change = on_change
        self._local_options = local_engine_options(settings, fetch_problem)
        self._local = WhisperEngine(store, self._local_options, self._report_status, fetch_model)
        self._client: ServiceClient | None = None
        self._chosen: _ChosenService | None = None
        self._service_problem: UserError | None = None
        self._service_notes: Notes = ()
        self._languages: tuple[str, ...] | None = None

    async def run(self) -> None:
        """Keep the chosen engine ready until cancelled."""
        try:
            async with anyio.create_task_group() as self._tasks:
                self._create_service()
                await self._local.run()
        finally:
            if self._client is not None:
                with anyio.CancelScope(shield=True):
                    await self._client.aclose()

    def apply_settings(self, settings: Settings, fetch_problem: Message | None = None) -> None:
        """Apply `settings` from the next dictation on."""
        before, self._settings = self._settings, settings
        self._forget_service()  # that of the old settings; `_create_service` creates it again
        options = local_engine_options(settings, fetch_problem)
        if options != self._local_options:
            self._local_options = options
            self._local.apply_options(options)
        if before.network != settings.network:
            self._reset_connections()
        if before.recognizer.language != settings.recognizer.language:
            self._languages = None
        self._create_service()

    def reconnect(self) -> None:
        """Drop all connections, which are dead after the machine slept."""
        self._reset_connections()
        self._create_service()

    def _reset_connections(self) -> None:
        if self._client is not None:
            self._tasks.start_soon(self._client.reconnect, self._settings.network.http)

    @property
    def local_status(self) -> EngineStatus:
        """The status of the local engine, whichever engine is chosen."""
        return self._local.status

    @property
    def aligner(self) -> WordAligner:
        """What finds words in recordings: the local model, whichever engine is chosen."""
        from desktop.stt.local.word_aligner import LocalWordAligner

        return LocalWordAligner(self._lend_local_client, self._write_in_script)

    def _write_in_script(self, text: str, language: str) -> str:
        script = choose_script(self._settings.recognizer.chinese, language, os.environ)
        return convert_to_script(text, language, script)

    @contextmanager
    def _lend_local_client(self) -> Iterator[WhisperClient | None]:
        if not self._local.is_available:
            yield None
            return
        with self._local.use_client() as client:
            yield client

    def on_model_arrived(self, name: str) -> None:
        """Retry with the model that was installed."""
        self._local.on_model_arrived(name)

    def get_client(self) -> ServiceClient:
        """Return the app's one HTTP client, created on first use. Others hold it too, so it is never replaced."""
        from desktop.network.client import ServiceClient

        if self._client is None:
            self._client = ServiceClient(self._settings.network.http)
        return self._client

    def select_next_language(self) -> tuple[str, ...]:
        """Select the next of the chosen languages alone, or all of them again; return the selection.

        Where the keyboard's layout decides, `LAYOUT` stands for all, and a selection is for `in_languages` alone.
        """
        chosen = self._settings.recognizer.language
        if LAYOUT in chosen:
            self._languages = next_expected(self._languages or (LAYOUT,), chosen)
            return self._languages
        self._languages = self._local.select_next_language()
        self._create_service()
        return self._languages

    @property
    def selected_languages(self) -> tuple[str, ...] | None:
        """Return the language that was selected by key; None where it is all of them, or the keyboard's layout."""
        chosen = self._settings.recognizer.language
        everything = (LAYOUT,) if LAYOUT in chosen else language_codes(chosen)
        return self._languages if self._languages not in (None, everything) else None

    def forget_selected_language(self) -> None:
        """Expect all languages again, or that of the keyboard's layout."""
        while self.selected_languages is not None:
            self.select_next_language()

    def in_languages(self, languages: tuple[str, ...]) -> Recognizer:
        """Return the recognizer for one dictation in `languages`, empty for any, whichever others are spoken."""
        return _LanguageRecognizer(self, languages)

    async def transcribe(
        self, speech: AsyncIterable[Frame], on_partial: ShowPartial, languages: tuple[str, ...] | None = None
    ) -> Transcript:
        """See `desktop.core.interfaces.Recognizer`. `languages` are expected in place of those of the settings."""
        chosen, engine = self._chosen, _LanguageRecognizer(self._local, languages)
        if chosen is None:
            return await self._transcribe(engine, speech, on_partial)
        service = chosen.recognizer if languages is None else self._create_recognizer(chosen.engine, languages)
        recognizer = FallbackRecognizer(service, engine if self._local.is_available else None, chosen.rules)
        return await self._transcribe(recognizer, speech, on_partial)

    async def transcribe_without_fallback(
        self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]
    ) -> Transcript:
        """As `transcribe`, by the chosen engine alone."""
        recognizer = self._local if self._chosen is None else self._chosen.recognizer
        return await self._transcribe(recognizer, speech, on_partial)

    @property
    def has_local_model(self) -> bool:
        """Whether a model on this machine can answer, now or once it is there."""
        return self._local.is_available

    async def transcribe_locally(self, speech: AsyncIterable[Frame], languages: tuple[str, ...] | None) -> Transcript:
        """Return the transcript of the local model, whichever engine is chosen, in one of `languages`, None for those
        of the settings. Raises `RecognizerError`."""
        return await self._transcribe(_LanguageRecognizer(self._local, languages), speech, lambda partial: None)

    async def _transcribe(
        self, recognizer: Recognizer, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]
    ) -> Transcript:
        """Return the transcript of `recognizer` with its text as the user writes it."""
        to_script = ScriptConverter(self._settings.recognizer.chinese, os.environ)
        transcript = await recognizer.transcribe(speech, lambda partial: on_partial(to_script(partial)))
        return to_script(transcript)

    def _create_recognizer(self, name: str, languages: tuple[str, ...] | None) -> Recognizer:
        from desktop.stt.cloud.factory import create_recognizer

        return create_recognizer(name, self._settings, self.get_client(), languages)

    def _create_service(self) -> None:
        """Create the chosen service, if one is chosen, again: its key may have changed."""
        self._forget_service()
        name = self._settings.recognizer.engine
        if name != WHISPER:
            from desktop.network.services import build_service

            service = build_service(name, self._settings)
            is_by_layout = LAYOUT in self._settings.recognizer.language
            recognizer = self._create_recognizer(name, None if is_by_layout else self._languages)
            options = self._settings.recognizer
            rules = FallbackRules(options.policy, options.deadline_ms / 1000, service.name)
            model = getattr(self._settings.engines, name.replace("-", "_")).model
            self._chosen = _ChosenService(service, recognizer, rules, name, "" if model == AUTO else model)
            self._tasks.start_soon(self._check_service, self._chosen)
        self._report_status(self._local.status)

    def _forget_service(self) -> None:
        self._chosen, self._service_problem, self._service_notes = None, None, ()

    async def _check_service(self, chosen: _ChosenService) -> None:
        """Check before a dictation whether the service can be used, and load what it needs."""
        from desktop.network.services import load_client

        notes: Notes = ()
        try:
            notes = await load_client(chosen.engine)
            await chosen.service.auth_headers()
            problem = None
        except UserError as error:
            problem = error
        if chosen is self._chosen:
            self._service_problem, self._service_notes = problem, notes
            self._report_status(self._local.status)

    def _report_status(self, local: EngineStatus) -> None:
        """Report the status of the chosen engine, given that of the local one."""
        chosen = self._chosen
        if chosen is None:
            self._on_change(local)
            return
        problem = None if local.loaded else self._service_problem
        note = self._service_notes
        if self._service_problem is not None:
            note = (self._service_problem.message, Message("local-engine-answering")) if local.loaded else ()
        self._on_change(EngineStatus(True, chosen.engine, chosen.model, chosen.service.host, note, None, problem))
