"""What the recogniser makes of a sound, and how much of it is right.

Sounds are streamed at the pace of speech, because the app decodes ahead, and what it decided on half a sentence (the
language) holds for the rest: one dictation had 15 % errors as fast as it could be read and 49 % at its pace, on the
same code. The waiting is skipped by `bench`'s clock. Error rates are the field's: edits over reference words of the
whole set, after Whisper's English normaliser. Results keep counts, never words.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from functools import partial

import anyio
import jiwer
from whisper_normalizer.english import EnglishTextNormalizer

from desktop.audio.file import iterate_frames
from desktop.bench.clock import SkippingClock
from desktop.core.errors import UserError
from desktop.core.types import Audio, Transcript
from desktop.stt.local.client import WhisperClient
from desktop.stt.local.model_choice import LocalModel
from tests.prove.record import MODELS, Line, Run

normal = EnglishTextNormalizer()


@asynccontextmanager
async def recogniser(model: str, languages: tuple[str, ...] = ()) -> AsyncIterator[WhisperClient]:
    """The model as the app uses it, loaded. Raises `UserError` when it is not installed."""
    whisper = WhisperClient(partial(installed_model, model), languages)
    await whisper.load()
    try:
        yield whisper
    finally:
        await whisper.close()


async def installed_model(name: str) -> LocalModel:
    """The model among those of the tests. Raises `UserError` when it is not there."""
    if not (MODELS / name).is_dir():
        raise UserError(
            "reported-message",
            title=f"The model {name} is not in {MODELS}.",
            advice=f"Run `INTONE_HOME={MODELS.parent} intone models pull`.",
        )
    return LocalModel.from_catalog(name, MODELS / name)


def ignore(_: Transcript) -> None:
    """Look at no partial text."""


def at_pace(work: Callable[[Run, SkippingClock], Awaitable[Line]], run: Run) -> Line:
    """Run `work` on a loop whose clock can skip waiting."""
    clock = SkippingClock()
    return anyio.run(work, run, clock, backend_options={"loop_factory": clock.create_loop})


async def dictated(whisper: WhisperClient, clock: SkippingClock, audio: Audio) -> Transcript:
    """What comes of a dictation that sounds like this."""
    with clock.skipping(lambda: whisper.is_busy):
        return await whisper.transcribe(iterate_frames(audio, realtime=True), ignore)


async def said(whisper: WhisperClient, clock: SkippingClock, audio: Audio) -> str:
    """Its text."""
    return (await dictated(whisper, clock, audio)).text


def words_in(text: str) -> int:
    """How many words there are, in any script that sets them apart."""
    return len(re.findall(r"\w+", text))


def counts(reference: str, text: str) -> Line:
    """`words` of the reference, `edits` from it to the text, and whether anything was `heard`."""
    found = jiwer.process_words(normal(reference), normal(text))
    edits = found.substitutions + found.deletions + found.insertions
    return {"words": found.hits + found.substitutions + found.deletions, "edits": edits, "heard": words_in(text) > 0}


def rate(lines: Iterable[Line]) -> float:
    """The error rate of all `counts` together, in percent."""
    lines = list(lines)
    return round(100 * sum(line["edits"] for line in lines) / max(1, sum(line["words"] for line in lines)), 2)
