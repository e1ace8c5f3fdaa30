"""The languages of a dictation, chosen at its press: the recognizer's, the pill's, and of no other dictation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.audio.spool_file import SpoolFile
from desktop.core.state import Done, Listening
from desktop.core.types import FRAME_SAMPLES, Frame, Target, Transcript
from desktop.history.rows import HistoryEntry
from tests.support.stage import FakeRecognizer, Stage, on

pytestmark = pytest.mark.anyio


class FakeChooser:
    """Chooses the next of `languages` once its gate is open; `targets` are the windows it was told of."""

    def __init__(self, *languages: tuple[str, ...]) -> None:
        self.languages = list(languages)
        self.gates = [anyio.Event() for _ in languages]
        self.targets: list[Target] = []
        self.asked = 0
        self.heard: list[tuple[tuple[str, ...], int]] = []

    async def choose(self, read_target: Callable[[], Awaitable[Target]]) -> tuple[str, ...]:
        number, self.asked = self.asked, self.asked + 1
        self.targets.append(await read_target())
        await self.gates[number].wait()
        return self.languages[number]

    def create_recognizer(self, languages: tuple[str, ...]) -> FakeRecognizer:
        return LanguageRecognizer(self, languages)


class LanguageRecognizer(FakeRecognizer):
    """Says its languages."""

    def __init__(self, chooser: FakeChooser, languages: tuple[str, ...]) -> None:
        super().__init__()
        self.texts = [" ".join(languages)]
        self._chooser, self._languages = chooser, languages

    async def transcribe(self, speech: AsyncIterator[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        transcript = await super().transcribe(speech, on_partial)
        self._chooser.heard.append((self._languages, self.heard[-1]))
        return transcript


def use(stage: Stage, chooser: FakeChooser) -> None:
    stage.dictation.dependencies = replace(stage.parts(), languages=chooser)


async def test_all_speech_waits_for_the_languages_and_the_pill_shows_them(tmp_path: Path) -> None:
    chooser = FakeChooser(("cs",))
    async with on(tmp_path) as stage:
        use(stage, chooser)
        recording = await stage.press()
        recording.say(3)
        await stage.until(lambda: isinstance(stage.states[-1], Listening))
        assert stage.states[-1].languages == ()
        chooser.gates[0].set()
        await stage.until(lambda: isinstance(stage.states[-1], Listening) and stage.states[-1].languages == ("cs",))
        stage.release()
        await stage.until(lambda: bool(stage.rows))
    assert chooser.heard == [(("cs",), 3 * FRAME_SAMPLES)]
    assert [target.app for target in chooser.targets] == ["editor"]
    assert [row.raw_text for row in stage.rows] == ["cs"]


async def test_languages_that_come_after_the_release_are_the_dictations(tmp_path: Path) -> None:
    chooser = FakeChooser(("cs",))
    async with on(tmp_path) as stage:
        use(stage, chooser)
        recording = await stage.press()
        recording.say(3)
        stage.release()
        await stage.until(lambda: chooser.asked == 1 and not isinstance(stage.states[-1], Listening))
        chooser.gates[0].set()
        await stage.until_state(Done)
    assert chooser.heard == [(("cs",), 3 * FRAME_SAMPLES)]
    assert not any(isinstance(state, Listening) and state.languages for state in stage.states)


async def test_overlapping_dictations_keep_their_own_languages(tmp_path: Path) -> None:
    chooser = FakeChooser(("cs",), ("de", "fr"))
    async with on(tmp_path) as stage:
        use(stage, chooser)
        for _ in range(2):
            (await stage.press()).say(2)
            stage.release()
        await stage.until(lambda: chooser.asked == 2)
        for gate in reversed(chooser.gates):  # the later one is known first
            gate.set()
        await stage.until(lambda: len(stage.rows) == 2)
    assert sorted(chooser.heard) == [(("cs",), 2 * FRAME_SAMPLES), (("de", "fr"), 2 * FRAME_SAMPLES)]
    assert [row.raw_text for row in stage.rows] == ["cs", "de fr"]


async def test_dictation_cancelled_before_its_languages_are_known_ends(tmp_path: Path) -> None:
    chooser = FakeChooser(("cs",))
    async with on(tmp_path) as stage:
        use(stage, chooser)
        (await stage.press()).say(3)
        stage.escape()
        await stage.until_state(Done)
    assert chooser.heard == []


async def test_resumed_dictation_asks_for_no_layout(tmp_path: Path) -> None:
    chooser = FakeChooser()
    async with on(tmp_path, "again") as stage:
        stage.dictation.dependencies = replace(stage.parts(), languages=chooser)
        await anyio.wait_all_tasks_blocked()
        rows: list[HistoryEntry] = []

        def record(row: HistoryEntry, spool: SpoolFile) -> int:
            rows.append(row)
            spool.discard()
            return 1

        stage.dictation.resume(np.full(2 * FRAME_SAMPLES, 0.1, np.float32), record)
        await stage.until(lambda: bool(rows))
    assert (chooser.asked, [row.raw_text for row in rows]) == (0, ["again"])
