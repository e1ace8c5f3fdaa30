"""A stage on which words are shown in the field while they are spoken. The field is a fake, the composition real."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import anyio

from desktop.core.state import Listening
from desktop.core.types import Frame, Transcript
from tests.support.composed_field import ComposedField, ComposingPaster
from tests.support.stage import Stage, on


class LiveStage:
    """A stage whose paster shows words in `field`."""

    def __init__(self, stage: Stage, field: ComposedField | None = None) -> None:
        self.stage = stage
        self.paster = ComposingPaster(field)
        self.field = self.paster.field
        stage.paster = self.paster
        stage.dictation.dependencies = replace(stage.parts(), is_live=True)

    async def speak(self, frames: int, words: str) -> None:
        """Press the key and say `frames`, until `words` stand in the field."""
        (await self.stage.press()).say(frames)
        await self.stage.until(lambda: self.field.composition == words)

    async def until_rows(self, count: int) -> None:
        await self.stage.until(lambda: len(self.stage.rows) == count)

    def assert_nothing_left(self) -> None:
        assert self.field.composition == ""
        assert self.paster.input_method.users == 0


@asynccontextmanager
async def live(folder: Path, *texts: str, field: ComposedField | None = None) -> AsyncIterator[LiveStage]:
    """The flow with `paste.live` on; nothing is left in the field afterwards, also if it ends in the middle."""
    async with on(folder, *texts) as stage:
        stand = LiveStage(stage, field)
        yield stand
    stand.assert_nothing_left()


class RetractingRecognizer:
    """Says `partial` with the first frame and `final` at the end."""

    def __init__(self, partial: str, final: str) -> None:
        self.partial, self.final = partial, final

    async def transcribe(self, speech: AsyncIterator[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        async for _ in speech:
            on_partial(Transcript(self.partial))
        return Transcript(self.final, len(self.final), silence_confirmed=not self.final)


async def settle() -> None:
    """Let everything run that waits for nothing."""
    for _ in range(50):
        await anyio.lowlevel.checkpoint()


def shown_words(stage: Stage) -> list[str]:
    """Return what the pill has shown while the user spoke."""
    return [state.transcript.text for state in stage.states if isinstance(state, Listening)]
