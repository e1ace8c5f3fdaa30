"""Keep the app's visible state, the newest dictation's state and the app's health, and publish it to the frontend.

One rule delays it: a press of a bare modifier may become a shortcut, so the pill appears only after a moment. The
command line sees the state at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from desktop.core.state import (
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
from desktop.settings.schema import Settings
from desktop.stt.local.engine import Condition
from desktop.vocabulary.learning import Suggestion

PAUSED = "The keys are paused."


class Face(Protocol):
    """What the engine needs of the windows. Called from the engine's threads; must not block."""

    def show(self, shown: Shown) -> None:
        """Draw the state."""
        ...

    def chosen(self, settings: Settings) -> None:
        """Apply changed settings."""
        ...

    def remembered(self) -> None:
        """Refresh after a change of the history."""
        ...

    def open_history(self) -> None:
        """Bring up the history window."""
        ...

    def quit(self) -> None:
        """End the app."""
        ...

    async def insert(self, text: str, window: int) -> bool:
        """Insert `text` into the focused field of our own `window`; return whether that succeeded."""
        ...


class Showing:
    """Publishes `app_state` by calling `on_change`.

    `on_cancellable(bool)` is called when a dictation becomes one that Esc can cancel, and when that ends;
    `may_be_shortcut` returns whether a press may still become a shortcut.
    """

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
        """Why nothing is heard now; else that the hotkeys are paused; else why the engine does not run on the preferred
        device."""
        trouble = self.now.state.trouble if isinstance(self.now.state, Listening) else None
        if trouble is not None:
            return str(trouble)
        return PAUSED if self.now.health.paused else self.now.health.note

    def status(self) -> dict[str, Any]:
        """Return the state for programs, as `intone status` prints it."""
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
        """Set the newest dictation's state."""
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
        """Wait until no dictation is running."""
        while self._dictating:
            await self._over.wait()

    def switched(self, languages: tuple[str, ...]) -> None:
        """Show the languages of the next dictation, unless one is running."""
        if not self._dictating:
            self.state(Switched(languages))

    def expression(self, on: bool) -> None:
        """Show that emotion detection was switched on or off, unless a dictation is running."""
        if not self._dictating:
            self.state(Expression(on))

    def learning(self, suggestion: Suggestion) -> bool:
        """Ask whether to learn `suggestion`; return False, without asking, during a dictation or while an error is
        shown."""
        if self._dictating or isinstance(self.now.state, Failed):
            return False
        self.state(Learning(*suggestion))
        return True

    @property
    def _dictating(self) -> bool:
        return isinstance(self.now.state, Starting | Listening | Transcribing | Polishing | Pasting)

    def health(self, **changes: Any) -> None:
        """Set fields of `Health`."""
        self.now = replace(self.now, health=replace(self.now.health, **changes))
        self._draw(self.now)

    def engine(self, condition: Condition) -> None:
        """Set the engine's condition."""
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
