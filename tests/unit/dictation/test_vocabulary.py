"""One's own words in a whole dictation: what is replaced, expanded, put around the cursor, and noticed afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from desktop.core.interfaces import PasterCapability
from desktop.core.messages import Notes
from desktop.core.state import Done
from desktop.core.types import Outcome, PasteResult, RuleChange, Target
from desktop.dictation.insertion import CURSOR_NOT_MOVED_NOTE
from desktop.polish.polisher import TextPolisher
from desktop.polish.rules.pipeline import PolishRules
from desktop.vocabulary.snippets import CLIPBOARD_UNREADABLE
from desktop.vocabulary.vocabulary import Vocabulary
from tests.support.stage import FakePaster, Stage

OWN = Vocabulary(
    words=("PyTorch",),
    replacements={"get hub": "GitHub"},
    snippets={"my letter": "Dear {cursor},\nyours", "as copied": "“{clipboard}”"},
)

pytestmark = pytest.mark.anyio


class PastesAround(FakePaster):
    """One that can leave the cursor in the text; `around` has the halves."""

    capabilities = PasterCapability.PLACE_CURSOR

    def __init__(self) -> None:
        super().__init__()
        self.around: list[tuple[str, str]] = []

    async def paste_around(
        self, before: str, after: str, target: Target, on_sent: Callable[[], None], enter: bool = False
    ) -> PasteResult:
        self.around.append((before, after))
        return await self.paste(before + after, target, on_sent, enter)


async def dictate(stage: Stage, said: str) -> Done:
    stage.recognizer.texts.append(said)
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        recording = await stage.press()
        recording.say(40)
        await stage.until(lambda: bool(stage.states))
        stage.release()
        await stage.until(lambda: bool(stage.rows))
        done = stage.states[-1]
        tasks.cancel_scope.cancel()
    assert isinstance(done, Done)
    return done


def stage_with(folder: Path, paster: FakePaster | None = None, copied: str | None = None) -> Stage:
    stage = Stage(folder)
    stage.paster = paster or stage.paster

    async def clipboard() -> str | None:
        return copied

    parts = replace(stage.parts(), polisher=TextPolisher(rules=PolishRules(OWN)), read_clipboard=clipboard)
    stage.dictation.dependencies = parts
    return stage


async def test_replacement_is_pasted_and_noted_in_the_row(tmp_path: Path) -> None:
    stage = stage_with(tmp_path)
    await dictate(stage, "push it to get hub")
    assert stage.paster.pasted == [("Push it to GitHub.", 1)]
    assert stage.rows[0].raw_text == "push it to get hub"
    assert ("replacements", "get hub", "GitHub") in [(one.rule, one.before, one.after) for one in stage.rows[0].changed]


async def test_own_word_is_pasted_and_the_row_has_both(tmp_path: Path) -> None:
    stage = stage_with(tmp_path)
    await dictate(stage, "train it with pie torch")
    assert stage.paster.pasted == [("Train it with PyTorch.", 1)]
    row = stage.rows[0]
    assert (row.raw_text, row.text) == ("train it with pie torch", "Train it with PyTorch.")  # what swap swaps
    assert row.changed[0] == RuleChange("own_words", "pie torch", "PyTorch")


async def test_outcome_tells_words_taken_out_from_tidying(tmp_path: Path) -> None:
    corrected = await dictate(stage_with(tmp_path / "1"), "let's meet at two no wait at three")
    assert (corrected.text, corrected.lacks_words) == ("Let's meet at three.", True)
    tidied = await dictate(stage_with(tmp_path / "2"), "um the the train is late")
    assert (tidied.text, tidied.lacks_words) == ("The train is late.", False)


async def test_a_snippet_is_pasted_around_the_cursor(tmp_path: Path) -> None:
    paster = PastesAround()
    stage = stage_with(tmp_path, paster)
    assert (await dictate(stage, "my letter")).notes == ()
    assert paster.around == [("Dear ", ",\nyours")]
    assert stage.rows[0].text == "Dear ,\nyours"


async def test_immovable_cursor_keeps_text_whole_with_a_note(tmp_path: Path) -> None:
    stage = stage_with(tmp_path)
    done = await dictate(stage, "My letter.")
    assert stage.paster.pasted == [("Dear ,\nyours", 1)]
    assert (done.outcome, done.notes) == (Outcome.INSERTED, (CURSOR_NOT_MOVED_NOTE,))


@pytest.mark.parametrize(
    ("copied", "text", "notes"), [("é 日本", "“é 日本”", ()), (None, "“”", (CLIPBOARD_UNREADABLE,))]
)
async def test_snippet_uses_the_clipboard_at_the_press(
    tmp_path: Path, copied: str | None, text: str, notes: Notes
) -> None:
    stage = stage_with(tmp_path, copied=copied)
    done = await dictate(stage, "as copied")
    assert stage.paster.pasted == [(text, 1)]
    assert done.notes == notes
