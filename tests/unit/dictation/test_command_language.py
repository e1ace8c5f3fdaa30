"""A command that was taken for another language is heard again in the language of the paragraphs before it."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.audio.spool import Spool
from desktop.core.errors import RecognizerError
from desktop.core.interfaces import Recognizer
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Frame, Target, Transcript
from desktop.dictation.command_language import COMMAND_S, CommandLanguage
from desktop.dictation.dependencies import SessionDependencies
from desktop.dictation.paragraphs import LEAD_S
from desktop.dictation.spoken_commands import RETURN_PRESSED
from desktop.history.recorder import NO_ROW
from tests.support.stage import FakeMicrophone, FakePaster, FakeRecognizer, TextPolisher
from tests.unit.dictation.test_hands_free import QUIET, scene, spoken

pytestmark = pytest.mark.anyio

LONG = ("We met on Monday.", "en")
ENGLISH = Transcript("Send it!", 8, "en")

__all__ = ["spoken"]


class Saying(Recognizer):
    """Says one text in one language, whatever it hears."""

    def __init__(self, text: str, language: str) -> None:
        self.transcript = Transcript(text, len(text), language)

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        async for _ in speech:
            pass
        return self.transcript


class Again:
    """Hears speech again as `heard`, or fails; `asked` are the languages, and seconds, of each time."""

    def __init__(self, heard: Transcript | None = ENGLISH) -> None:
        self.heard = heard
        self.asked: list[tuple[tuple[str, ...], float]] = []

    async def __call__(self, speech: AsyncIterable[Frame], languages: tuple[str, ...]) -> Transcript:
        samples = sum([len(frame) async for frame in speech])
        self.asked.append((languages, samples / RATE_HZ))
        if self.heard is None:
            raise RecognizerError("recognizer-without-words")
        return self.heard


class Choosing:
    """A chooser whose recognizers say one text."""

    def __init__(self, text: str, language: str) -> None:
        self._recognizer = Saying(text, language)

    async def choose(self, read_target: object) -> tuple[str, ...]:
        return ()

    def create_recognizer(self, languages: tuple[str, ...]) -> Recognizer:
        return self._recognizer


async def silence(seconds: float) -> AsyncIterator[Frame]:
    for _ in range(round(seconds * RATE_HZ / FRAME_SAMPLES)):
        yield np.zeros(FRAME_SAMPLES, np.float32)


@pytest.fixture
def dependencies(tmp_path: Path) -> SessionDependencies:
    return SessionDependencies(
        FakeMicrophone(),
        FakeRecognizer(),
        TextPolisher(),
        FakePaster(),
        Spool(tmp_path),
        lambda entry, spool_file: NO_ROW,
        end_silence_s=1.0,
    )


async def hear(
    dependencies: SessionDependencies,
    again: Again,
    *said: tuple[str, str],
    seconds: float = 2.0,
    is_chosen: bool = False,
) -> list[str]:
    """Return what was heard of paragraphs that are taken for a text in a language each."""
    language, texts = CommandLanguage(), []
    for text, code in said:
        one = replace(dependencies, recognizer=Saying(text, code), recognize_in=again)
        if is_chosen:
            one = replace(one, recognizer=Saying("another", "de"), languages=Choosing(text, code))
        adapted = language.adapt_dependencies(one)
        recognizer = adapted.recognizer
        if is_chosen:
            assert adapted.languages is not None
            recognizer = adapted.languages.create_recognizer(())
        texts.append((await recognizer.transcribe(silence(seconds), lambda partial: None)).text)
    return texts


@pytest.mark.parametrize("is_chosen", [False, True])
async def test_command_taken_for_another_language_is_heard_in_that_before(
    dependencies: SessionDependencies, is_chosen: bool
) -> None:
    again = Again()
    heard = await hear(dependencies, again, LONG, ("仙台!", "ja"), LONG, is_chosen=is_chosen)
    assert heard == [LONG[0], "Send it!", LONG[0]]
    assert again.asked == [(("en",), pytest.approx(2.0, abs=0.05))]


async def test_what_is_no_command_stays_as_it_was_heard(dependencies: SessionDependencies) -> None:
    again = Again(Transcript("Sendai.", 7, "en"))
    assert await hear(dependencies, again, LONG, ("仙台!", "ja")) == [LONG[0], "仙台!"]
    assert len(again.asked) == 1


async def test_language_spoken_most_counts(dependencies: SessionDependencies) -> None:
    again = Again(Transcript("No.", 3, "en"))
    await hear(dependencies, again, LONG, ("仙台!", "ja"), LONG, ("Sende das.", "de"))
    assert [languages for languages, _ in again.asked] == [("en",), ("en",)]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ((("仙台!", "ja"),), 2.0),  # the first: there is nothing before it
        ((LONG, ("仙台!", "ja")), LEAD_S + COMMAND_S + 1.5),  # too long for a command
        ((LONG, ("Send him.", "en")), 2.0),  # the same language
        ((LONG, ("Send him.", "")), 2.0),  # no language is known
        ((LONG, ("", "ja")), 2.0),  # nothing was said
        ((LONG, ("发送。", "zh")), 2.0),  # a command in its own language
    ],
)
async def test_nothing_else_is_heard_again(
    dependencies: SessionDependencies, said: tuple[tuple[str, str], ...], seconds: float
) -> None:
    again = Again()
    assert await hear(dependencies, again, *said, seconds=seconds) == [text for text, _ in said]
    assert again.asked == []


async def test_failure_to_hear_again_changes_nothing(dependencies: SessionDependencies) -> None:
    again = Again(None)
    assert await hear(dependencies, again, LONG, ("仙台!", "ja")) == [LONG[0], "仙台!"]
    assert len(again.asked) == 1


async def test_where_a_service_recognizes_nothing_is_heard_again(dependencies: SessionDependencies) -> None:
    assert CommandLanguage().adapt_dependencies(dependencies) is dependencies


async def test_send_it_taken_for_japanese_presses_return(tmp_path: Path, spoken: list[Audio]) -> None:
    again = Again()
    async with scene(tmp_path, "One.", "仙台!") as stage:
        stage.keeping.languages = ["en", "ja"]
        stage.dictation.dependencies = replace(stage.dictation.dependencies, recognize_in=again)
        recording = await stage.tap()
        recording.play(np.concatenate([spoken[0], QUIET]))
        await stage.until(lambda: len(stage.rows) == 1)
        recording.play(np.concatenate([spoken[1], QUIET]))
        with anyio.fail_after(30):
            assert await stage.until_shown_done(RETURN_PRESSED)
        assert (stage.returning.returned, stage.texts) == ([1], ["One."])
        assert stage.returning.focus == Target(1, "editor", "Untitled")
