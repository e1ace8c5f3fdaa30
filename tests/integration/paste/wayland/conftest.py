"""A Wayland desk with a paster, and what a process needs that talks to XWayland here and to Xvfb elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from Xlib.protocol import event
from Xlib.protocol.display import Display

from desktop.paste.wayland.paster import WaylandPaster
from tests.support.wayland_desk import WaylandDesk
from tests.support.wayland_paster import closing, paster_on


@pytest.fixture(autouse=True, scope="module")
def event_codes() -> Iterator[None]:
    """python-xlib keeps the event codes of all servers in one table, and XWayland's extensions have other codes."""
    ours = Display.event_classes
    Display.event_classes = event.event_class.copy()
    yield
    Display.event_classes = ours


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WaylandDesk]:
    with WaylandDesk(tmp_path_factory.mktemp("desk"), xwayland=True) as desk:
        yield desk


@pytest.fixture
def foot(desk: WaylandDesk, tmp_path: Path) -> Iterator[Path]:
    """A terminal with the focus; the file that holds what it was given."""
    path = tmp_path / "foot.txt"
    with closing(desk, desk.open_foot(path)):
        yield path


@pytest.fixture
def editor(desk: WaylandDesk, tmp_path: Path) -> Iterator[Path]:
    """A Qt editor with the focus; the file that holds its text."""
    path = tmp_path / "editor.txt"
    with closing(desk, desk.open_editor(path)):
        yield path


@pytest.fixture
async def paster(desk: WaylandDesk, tmp_path: Path) -> AsyncIterator[WaylandPaster]:
    async with paster_on(desk.environ, tmp_path) as paster:
        yield paster


@pytest.fixture
def token(tmp_path: Path) -> Path:
    """Where the portal's token is kept; it is not there yet."""
    return tmp_path / "state" / "token"
