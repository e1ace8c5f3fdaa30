"""What the find key does with a selection, and where nothing can be found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import anyio
import numpy as np
import pytest
import soundfile

from desktop.app.quotations import LEAD_S, QuotationService
from desktop.core.errors import UserError
from desktop.core.interfaces import PasterCapability
from desktop.core.types import RATE_HZ, Audio, InputField, Selection, Target, TimedWord
from desktop.history.store import HistoryStore
from desktop.paste.request import PASSWORD_FIELD_FOCUSED
from desktop.paste.selection import NOTHING_SELECTED, OWN_WINDOW, SELECTION_UNREADABLE, WINDOW_NOT_EDITABLE
from tests.support.history_rows import said

pytestmark = pytest.mark.anyio

TEXT = "The herons came back to the pond."


@dataclass
class Window:
    """A paster of one window, with what it reports as selected and what it copies."""

    reported: Selection = Selection()
    copied: Selection = Selection()
    target: Target = Target(7)
    capabilities: PasterCapability = PasterCapability.EDIT_SELECTION
    primary: str | None = None
    asked: list[str] = field(default_factory=list)

    async def find_target(self) -> Target:
        return self.target

    async def read_selection(self) -> Selection:
        self.asked.append("read")
        return self.reported

    async def copy_selection(self, reported: Selection, target: Target) -> Selection:
        self.asked.append("copy")
        return self.copied

    async def read_primary(self) -> str | None:
        self.asked.append("primary")
        return self.primary


class Aligner:
    """Says that each word took a second."""

    async def align(self, audio: Audio, text: str, language: str, *, is_urgent: bool = False) -> tuple[TimedWord, ...]:
        assert len(audio) == 8 * RATE_HZ
        return tuple(TimedWord(at, at + 1, word, 0.9) for at, word in enumerate(text.split()))

    async def list_alternatives(self, audio: Audio, language: str, count: int) -> tuple[str, ...]:
        raise NotImplementedError

    async def score(self, audio: Audio, texts: Sequence[str], language: str) -> tuple[float, ...]:
        raise NotImplementedError


@pytest.fixture
def history(tmp_path: Path) -> HistoryStore:
    store = HistoryStore(tmp_path / "history.db")
    soundfile.write(tmp_path / "take.flac", np.zeros(8 * RATE_HZ, np.float32), RATE_HZ)
    store.add(said(TEXT, raw_text="um the herons came back to the pond", audio_path=tmp_path / "take.flac"))
    return store


def service(window: Window, history: HistoryStore, opened: list[tuple[Any, ...]]) -> QuotationService:
    return QuotationService(cast(Any, window), history, Aligner, lambda *given: opened.append(given))


@pytest.mark.parametrize(
    ("window", "is_exact"),
    [
        (Window(Selection(7, "herons came back"), Selection(7, "herons came back")), True),
        (Window(Selection(7), Selection(7, "Herons were back to the pond")), False),
        (Window(Selection(7, "to the pond"), Selection(7, refusal=(WINDOW_NOT_EDITABLE,))), True),
        (Window(Selection(7, "to the pond"), Selection(7, refusal=(SELECTION_UNREADABLE,))), True),
        (Window(Selection(7, "to the pond"), Selection(7, refusal=(OWN_WINDOW,))), True),
        (Window(capabilities=PasterCapability(0), primary="to the pond"), True),
        (Window(Selection(7), Selection(7, refusal=(SELECTION_UNREADABLE,)), primary="to the pond"), True),
    ],
    ids=["both", "copied", "terminal", "inexact", "own", "primary", "no-report"],
)
async def test_selection_opens_its_row(window: Window, is_exact: bool, history: HistoryStore) -> None:
    opened: list[tuple[Any, ...]] = []
    await service(window, history, opened).find()
    assert opened == [(1, window.copied.text or window.reported.text or window.primary, is_exact)]


@pytest.mark.parametrize(
    ("window", "code"),
    [
        (
            Window(Selection(7, "stale"), Selection(7, refusal=(NOTHING_SELECTED,)), primary="stale"),
            "quotation-unselected",
        ),
        (Window(Selection(7), Selection(7, "  ")), "quotation-unselected"),
        (Window(Selection(7), Selection(7, refusal=(SELECTION_UNREADABLE,))), "quotation-unreadable"),
        (Window(Selection(7), Selection(7, refusal=(OWN_WINDOW,))), "quotation-unreadable"),
        (Window(Selection(7, "x"), Selection(7, refusal=(PASSWORD_FIELD_FOCUSED,))), "quotation-password"),
        (Window(capabilities=PasterCapability(0)), "quotation-unreadable"),
        (Window(Selection(7), Selection(7, "The board approved the budget.")), "quotation-not-found"),
    ],
    ids=["deselected", "blank", "unreadable", "own", "password", "cannot", "unknown"],
)
async def test_what_cannot_be_found_is_said(window: Window, code: str, history: HistoryStore) -> None:
    opened: list[tuple[Any, ...]] = []
    with pytest.raises(UserError) as problem:
        await service(window, history, opened).find()
    assert (problem.value.message.code, opened) == (code, [])


@pytest.mark.parametrize("capabilities", [PasterCapability.EDIT_SELECTION, PasterCapability(0)])
async def test_password_field_is_not_read(history: HistoryStore, capabilities: PasterCapability) -> None:
    window = Window(target=Target(7, field=InputField(is_password=True)), capabilities=capabilities, primary=TEXT)
    with pytest.raises(UserError, match="password"):
        await service(window, history, []).find()
    assert window.asked == []


async def test_words_are_located_in_the_recording(history: HistoryStore) -> None:
    (row,) = history.rows()
    finder = service(Window(), history, [])
    assert await finder.locate(row, "back to the pond") == pytest.approx(4 - LEAD_S)
    assert await finder.locate(row, "nothing") is None


async def test_recording_that_is_gone_has_no_place(history: HistoryStore) -> None:
    (row,) = history.rows()
    assert row.audio_path is not None
    row.audio_path.unlink()
    with pytest.raises(UserError):
        await service(Window(), history, []).locate(row, "back to the pond")


@dataclass
class BusyAligner(Aligner):
    """Never ends by itself."""

    has_begun: anyio.Event = field(default_factory=anyio.Event)

    async def align(self, audio: Audio, text: str, language: str, *, is_urgent: bool = False) -> tuple[TimedWord, ...]:
        self.has_begun.set()
        await anyio.sleep_forever()
        raise AssertionError


async def test_next_place_ends_the_search_for_the_last(history: HistoryStore) -> None:
    (row,) = history.rows()
    aligners = [Aligner(), BusyAligner()]
    busy = cast(BusyAligner, aligners[-1])
    finder = QuotationService(cast(Any, Window()), history, aligners.pop, NotImplemented)
    places: dict[str, float | None] = {}

    async def locate(text: str) -> None:
        places[text] = await finder.locate(row, text)

    async with anyio.create_task_group() as group:
        group.start_soon(locate, "herons")
        await busy.has_begun.wait()
        await locate("pond")
    assert places == {"herons": None, "pond": pytest.approx(7 - LEAD_S)}
