"""Recognizers that keep the sound they hear, for what is done with it once its words are known."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable

from desktop.core.interfaces import LanguageChooser, Recognizer
from desktop.core.types import Frame, Target, Transcript


class KeepingRecognizer:
    """A recognizer that calls `keep` with each frame it hears, and whose transcript `complete` returns."""

    def __init__(
        self,
        recognizer: Recognizer,
        keep: Callable[[Frame], None],
        complete: Callable[[Transcript], Awaitable[Transcript]],
    ) -> None:
        self._recognizer = recognizer
        self._keep = keep
        self._complete = complete

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        """See `desktop.core.interfaces.Recognizer`."""
        return await self._complete(await self._recognizer.transcribe(self._pass_on(speech), on_partial))

    async def _pass_on(self, speech: AsyncIterable[Frame]) -> AsyncIterator[Frame]:
        async for frame in speech:
            self._keep(frame)
            yield frame


class KeepingChooser:
    """A chooser whose recognizers `listen` returns."""

    def __init__(self, chooser: LanguageChooser, listen: Callable[[Recognizer], Recognizer]) -> None:
        self._chooser = chooser
        self._listen = listen

    async def choose(self, read_target: Callable[[], Awaitable[Target]]) -> tuple[str, ...]:
        """See `desktop.core.interfaces.LanguageChooser`."""
        return await self._chooser.choose(read_target)

    def create_recognizer(self, languages: tuple[str, ...]) -> Recognizer:
        """See `desktop.core.interfaces.LanguageChooser`."""
        return self._listen(self._chooser.create_recognizer(languages))
