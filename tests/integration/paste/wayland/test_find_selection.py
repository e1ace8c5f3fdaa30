"""The dictation behind what is selected in a Wayland window, which only the compositor's data-control says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from desktop.app.quotations import QuotationService
from desktop.core.errors import UserError
from desktop.history.store import HistoryStore
from tests.support.history_rows import said
from tests.support.wayland_desk import LabwcWindowsDesk, WaylandDesk
from tests.support.wayland_paster import look, paster_on
from tests.support.x_clients import PATIENCE_S

TEXT = "The herons came back to the pond this morning."
EDITED = "Dear all, the herons were back at the pond this morning."

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module", params=[WaylandDesk, LabwcWindowsDesk], ids=["sway", "labwc"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WaylandDesk]:
    with request.param(tmp_path_factory.mktemp("desk")) as desk:
        desk.environ.pop("DISPLAY", None)  # labwc names one, though there is no XWayland
        yield desk


@pytest.fixture
def history(tmp_path: Path) -> HistoryStore:
    store = HistoryStore(tmp_path / "history.db")
    for text in ("About coffee.", TEXT, "The meeting is at ten."):
        store.add(said(text))
    return store


async def test_selection_in_a_window_opens_its_row(desk: WaylandDesk, history: HistoryStore, tmp_path: Path) -> None:
    opened: list[tuple[Any, ...]] = []
    path = tmp_path / "note.txt"
    path.write_text(EDITED)
    desk.copy(b"before")
    async with paster_on(desk.environ, tmp_path) as paster:
        quotations = QuotationService(paster, history, NotImplemented, lambda *given: opened.append(given))
        window = await look(lambda: desk.open_mousepad(path))
        try:
            with anyio.fail_after(PATIENCE_S):
                while (await paster.read_primary() or "").strip() != EDITED:
                    await look(lambda: desk.keys("-M", "ctrl", "-k", "a", "-m", "ctrl", "-k", "VoidSymbol"))
            await quotations.find()
        finally:
            await look(lambda: desk.close(window))
        assert [(id, text.strip(), is_exact) for id, text, is_exact in opened] == [(2, EDITED, False)]
        assert await look(desk.clipboard) == b"before"


async def test_secret_in_primary_is_not_read(desk: WaylandDesk, history: HistoryStore, tmp_path: Path) -> None:
    desk.copy(b"secret", "x-kde-passwordManagerHint", primary=True)
    async with paster_on(desk.environ, tmp_path) as paster:
        with pytest.raises(UserError) as problem:
            await QuotationService(paster, history, NotImplemented, NotImplemented).find()
    assert problem.value.message.code == "quotation-unreadable"
