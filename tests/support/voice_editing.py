"""A window with a selection, and what is said over it."""

from __future__ import annotations

from collections.abc import Callable

from desktop.core.interfaces import PasterCapability
from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult, Selection, Target
from desktop.hotkeys.gesture import DictationIntent
from tests.support.stage import FakePaster, Stage

NOTHING_CHANGED = Message("nothing-changed")
NOTHING_SELECTED = Message("selection-empty")
SELECTION_CHANGED = Message("selection-changed")

ORIGINAL = "This is a rather long way to say it."
EDITED = "Short, this."
SAID = "Make this shorter."


class EditingPaster(FakePaster):
    """A paster whose window has `selection` selected; `replaced` is what was put there, `asked` what was marked."""

    capabilities = PasterCapability.EDIT_SELECTION

    def __init__(self) -> None:
        super().__init__()
        self.selection = Selection(1, ORIGINAL)
        self.replaced: list[tuple[Selection, str]] = []
        self.asked: list[Selection] = []

    async def read_selection(self) -> Selection:
        return Selection(self.focus.handle, ORIGINAL)

    async def copy_selection(self, reported: Selection, target: Target) -> Selection:
        self.asked.append(reported)
        return self.selection

    async def replace_selection(
        self, selection: Selection, text: str, target: Target, on_sent: Callable[[], None]
    ) -> PasteResult:
        self.replaced.append((selection, text))
        if self.outcome.outcome is Outcome.INSERTED:
            on_sent()
        return self.outcome


async def edit(stage: Stage, said: str = SAID) -> None:
    """Hold the edit key, say it, let go."""
    stage.recognizer.texts.append(said)
    recordings = len(stage.microphone.recordings)
    stage.mean(DictationIntent.EDIT)
    await stage.until(lambda: len(stage.microphone.recordings) > recordings)
    stage.microphone.recordings[-1].say(len(said))
    stage.release()
