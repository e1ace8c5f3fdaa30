"""What a process needs that talks to XWayland here and to Xvfb elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from Xlib.protocol import event
from Xlib.protocol.display import Display


@pytest.fixture(autouse=True, scope="module")
def event_codes() -> Iterator[None]:
    """python-xlib keeps the event codes of all servers in one table, and XWayland's extensions have other codes."""
    ours = Display.event_classes
    Display.event_classes = event.event_class.copy()
    yield
    Display.event_classes = ours
