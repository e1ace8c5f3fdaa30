"""Password fields without accessibility, by what sway tells an input method of them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from desktop.core.types import Outcome
from desktop.paste.input_method.wayland import WaylandInputMethod
from desktop.paste.request import PASSWORD_FIELD_FOCUSED, refuse
from desktop.paste.wayland import focus_reader
from desktop.paste.wayland.focus import UNKNOWN_WINDOW
from desktop.paste.wayland.paster import WaylandPaster
from tests.support.desk import ROOT, read_until
from tests.support.desks.windows import browser_command, served_pages
from tests.support.wayland_desk import WaylandDesk
from tests.support.x_clients import PATIENCE_S

QT_WINDOW = str(ROOT / "tests/support/desks/programs/qt_window.py")

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WaylandDesk]:
    with WaylandDesk(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program beside other tests is slow."""
    monkeypatch.setattr(focus_reader, "TRAITS_TIMEOUT_S", PATIENCE_S)


@asynccontextmanager
async def paster_on(desk: WaylandDesk, folder: Path) -> AsyncIterator[WaylandPaster]:
    paster = WaylandPaster(desk.environ, folder / "token", input_method=WaylandInputMethod(desk.environ))
    paster.start(asyncio.get_running_loop())
    try:
        yield paster
    finally:
        paster.close()


async def test_password_field_gets_nothing_without_accessibility(desk: WaylandDesk, tmp_path: Path) -> None:
    log = tmp_path / "log"
    window = desk.open_window("fields", sys.executable, QT_WINDOW, "password", "fields", str(log))
    async with paster_on(desk, tmp_path) as paster:
        target = await paster.find_target()
        assert (target.is_password, target.title, target.pid) == (True, "fields", window.pid)
        for one in (target, UNKNOWN_WINDOW):
            assert await paster.paste("One.", one, lambda: None) == refuse(PASSWORD_FIELD_FOCUSED)
    desk.close(window)
    assert '"text": "One' not in log.read_text()


async def test_browser_tells_of_its_password_field(desk: WaylandDesk, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.touch()
    with served_pages({"fields": log}) as pages:
        command = browser_command(f"{pages}/password/fields", tmp_path / "chromium", "wayland")
        window = await asyncio.to_thread(desk.open_window, "fields", *command)
        async with paster_on(desk, tmp_path) as paster:
            with anyio.fail_after(PATIENCE_S):
                while not (target := await paster.find_target()).is_password:
                    await asyncio.to_thread(lambda: None)
            assert await paster.paste("One.", target, lambda: None) == refuse(PASSWORD_FIELD_FOCUSED)
        assert '"text": "One' not in log.read_text()
        await asyncio.to_thread(desk.close, window)


async def test_plain_field_gets_its_text(desk: WaylandDesk, tmp_path: Path) -> None:
    log = tmp_path / "log"
    window = desk.open_window("fields", sys.executable, QT_WINDOW, "text", "fields", str(log))
    async with paster_on(desk, tmp_path) as paster:
        target = await paster.find_target()
        assert not target.is_password
        assert (await paster.paste("One.", target, lambda: None)).outcome is Outcome.INSERTED
    assert await asyncio.to_thread(read_until, log, lambda text: '"One."' in text)
    desk.close(window)
