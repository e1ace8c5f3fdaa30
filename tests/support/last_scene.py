"""A history, and a paster that takes back what it inserted, for commands on the last text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from desktop.audio.spool import Spool
from desktop.core.interfaces import PasterCapability
from desktop.core.paths import Paths
from desktop.core.state import DictationState
from desktop.core.types import Outcome, PasteResult, Target
from desktop.dictation.controller import DictationController
from desktop.dictation.dependencies import SessionDependencies
from desktop.dictation.last import LastDictation
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry, HistoryRow
from desktop.history.store import HistoryStore
from desktop.polish.polisher import TextPolisher
from desktop.settings.schema import HistorySettings
from tests.support.stage import FakeMicrophone, FakePaster, FakeRecognizer

KEEPING = HistorySettings()
RAW, POLISHED = "um hello", "Hello."


class TakingPaster(FakePaster):
    """A paster that takes back, with `taken` for its answer; `asked` are the texts it was to swap between.
    `focuses` have the focus one after the other, before `focus` has it; `on_look` is called each time."""

    capabilities = PasterCapability.UNDO

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, ...]] = []
        self.taken: PasteResult | None = None
        self.focuses: list[Target] = []
        self.on_look: Callable[[], object] = lambda: None

    async def find_target(self) -> Target:
        self.on_look()
        return self.focuses.pop(0) if self.focuses else self.focus

    async def undo_paste(self, texts: tuple[str, ...], on_sent: Callable[[], None]) -> PasteResult:
        self.asked.append(texts)
        if self.taken is None and texts:
            on_sent()
        return self.taken or PasteResult(Outcome.INSERTED if texts else Outcome.CANCELLED)


class Scene:
    """A history in `folder`, in one run of the app: what was shown, and how often a row was changed."""

    def __init__(self, folder: Path, paster: FakePaster) -> None:
        self.states: list[DictationState] = []
        self.remembered = 0
        paths = Paths(config=folder, data=folder, state=folder, runtime=folder)
        self.history = HistoryStore(paths.history)
        self.memory = DictationRecorder(paths, self.history)
        parts = SessionDependencies(
            FakeMicrophone(), FakeRecognizer(), TextPolisher(), paster, Spool(folder / "spool"), lambda entry, take: 1
        )
        self.dictation = DictationController(parts, self.states.append, lambda pressed_at: None)
        self.afterwards = LastDictation(self.dictation, self.history, self.memory, self._remember)

    def dictated(self, delivery: Outcome = Outcome.INSERTED) -> None:
        self.record(HistoryEntry(started_at=datetime.now(UTC), raw_text=RAW, text=POLISHED, delivery=delivery))

    def dictated_in_private(self) -> None:
        entry = HistoryEntry(
            started_at=datetime.now(UTC), raw_text="um secret", text="Secret.", delivery=Outcome.INSERTED
        )
        self.record(entry, HistorySettings(private="on"))

    def record(self, entry: HistoryEntry, settings: HistorySettings = KEEPING, given_to: str = "") -> None:
        with Spool(None).create(entry.started_at) as take:
            self.memory.record(entry, take, settings, given_to)

    def row(self) -> HistoryRow:
        row = self.history.last()
        assert row is not None
        return row

    def _remember(self) -> None:
        self.remembered += 1
