"""What the fakes of the controllers share."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any, override

import anyio

from desktop.core.paths import Paths
from desktop.settings.live import LiveSettings
from desktop.settings.store import LoadedSettings, load_settings
from desktop.ui.controllers.controller import CallOnMainThread, ControllerContext


def now(work: Callable[[], Any]) -> None:
    """Do it in this thread, where worker threads and the main thread would."""
    work()


def context(here: Paths, engine: Any = None, call: CallOnMainThread = now) -> ControllerContext:
    """The context of a controller; `engine` is called at once, or not there."""
    return ControllerContext(here, LiveSettings(here), lambda work: None if engine is None else work(engine), call)


class Loop:
    """The part of an engine that runs work on its loop, here at once in a loop of its own."""

    def spawn(self, work: Callable[[], Any]) -> None:
        """Run it to its end."""
        anyio.run(work)


class AtStart(LiveSettings):
    """Settings as a start finds them at each look: nothing was in force before."""

    @override
    def load(self) -> LoadedSettings:
        return load_settings(self.path)


def altered[C](controller: C, **methods: object) -> C:
    """A copy of the controller with other methods, as a test needs them."""
    changed = copy(controller)
    vars(changed).update(methods)
    return changed
