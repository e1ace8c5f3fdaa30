"""Types of the two ways between the main thread and the engine's loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.app.engine import Engine


type PostToEngine = Callable[[Callable[[Engine], object]], None]
"""Schedules a function on the engine's loop, called with the engine."""


type CallOnMainThread = Callable[[Callable[[], object]], None]
"""Schedules a function on the main thread."""
