"""What is shown: the newest dictation's state and the app's health, kept in one value and told to the face.

One rule decides what is not shown yet: a press of a bare modifier may be the beginning of a shortcut, so the pill waits
for a moment. The command line knows at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from desktop.recognizers.local import Condition
from desktop.settings.tree import Settings
from desktop.state import (
    Expression,
    Failed,
    Health,
    Learning,
    Listening,
    Pasting,
    Polishing,
    Shown,
    Starting,
    State,
    Switched,
    Transcribing,
    hushed,
    name,
)
from desktop.vocabulary.learn import Suggestion

PAUSED = "The keys are paused."


class Face(Protocol):
    """What the engine needs of whoever draws. Called from the engine's threads; none may block."""

    def show(self, shown: Shown) -> None:
        """Draw it."""
        ...

    def chosen(self, settings: Settings) -> None:
        """The settings are others now."""
        ...

    def remembered(self) -> None:
        """The history has changed."""
        ...

    def open_history(self) -> None:
        """Bring up the history window."""
        ...

    def quit(self) -> None:
        """End the app."""
        ...

    async def insert(self, text: str, window: int) -> bool:
        """Put `text` into the field with the focus, if that is in our `window`. Whether it could be."""
        ...


class Showing:
    """`now` is what there is to show. `draw` is given it; `cancellable` is told when a dictation begins to be one that
    Esc may end, and when it stops; `hushes` says whether a press may still become a shortcut."""

    def __init__(
        self, draw: Callable[[Shown], None], cancellable: Callable[[bool], None], hushes: Callable[[], bool]
    ) -> None:
        self.now = Shown(health=Health(engine_name="whisper"))
        self._draw = draw
        self._cancellable = cancellable
        self._hushes = hushes
        self._began_at = 0.0
        self._over = asyncio.Event()

    @property
    def note(self) -> str:
        """Why nothing is heard now, else that the keys are paused, else why the engine is not on the device that was
        hoped for."""
        trouble = self.now.state.trouble if isinstance(self.now.state, Listening) else None
        if trouble is not None:
            return str(trouble)
        return PAUSED if self.now.health.paused else self.now.health.note

    def status(self) -> dict[str, Any]:
        """The same for programs, as the command line says it."""
        state, health = name(self.now.state), self.now.health
        return {
            "state": "starting" if state == "idle" and not health.engine_loaded else state,
            "ready": health.ready,
            "engine": health.engine_name,
            "model": health.model,
            "device": health.device,
            "note": self.note,
            "hotkey": [health.hotkey.title, health.hotkey.remedy] if health.hotkey else [],
        }

    def state(self, state: State) -> None:
        """The newest dictation is in `state`."""
        busy = _busy(state)
        if busy != _busy(self.now.state):
            self._cancellable(busy)
        self.now = replace(self.now, state=state)
        if not self._dictating:
            self._over.set()
            self._over = asyncio.Event()
        if isinstance(state, Starting):
            self._began_at = time.monotonic()
        if not (self._hushes() and hushed(state, time.monotonic() - self._began_at)):
            self._draw(self.now)

    async def quiet(self) -> None:
        """Return once nobody dictates."""
        while self._dictating:
            await self._over.wait()

    def switched(self, languages: tuple[str, ...]) -> None:
        """The next dictation is expected in `languages`; not shown over one that is going on."""
        if not self._dictating:
            self.state(Switched(languages))

    def expression(self, on: bool) -> None:
        """Say whether it is noted from now on how one sounds; not over a dictation that is going on."""
        if not self._dictating:
            self.state(Expression(on))

    def learning(self, suggestion: Suggestion) -> bool:
        """Ask whether to learn it; not over a dictation that is going on, nor over what went wrong. Whether it is
        asked."""
        if self._dictating or isinstance(self.now.state, Failed):
            return False
        self.state(Learning(*suggestion))
        return True

    @property
    def _dictating(self) -> bool:
        return isinstance(self.now.state, Starting | Listening | Transcribing | Polishing | Pasting)

    def health(self, **changes: Any) -> None:
        """Fields of `Health` are otherwise."""
        self.now = replace(self.now, health=replace(self.now.health, **changes))
        self._draw(self.now)

    def engine(self, condition: Condition) -> None:
        """The engine is in `condition`."""
        self.health(
            engine=condition.problem,
            engine_loaded=condition.loaded,
            progress=condition.progress,
            engine_name=condition.engine,
            model=condition.model,
            device=condition.device,
            note=condition.note,
        )


def _busy(state: State) -> bool:
    return isinstance(state, Starting | Listening | Transcribing | Polishing)
