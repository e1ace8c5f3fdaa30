"""Show the words of a dictation in the field itself while they are spoken, if the user wants that (`paste.live`).

Nothing of the dictation waits for it. It begins with the first words, once the window is known and the earlier
dictations are in their places, and only while the user still speaks: words that appear after the release, to be
replaced at once, would only flicker. It stays until the text has replaced it, or until nothing will.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

import anyio

from desktop.core.interfaces import Composition, PasterCapability
from desktop.dictation.dependencies import SessionDependencies
from desktop.dictation.target import TargetTracker

logger = logging.getLogger(__name__)


class LiveText:
    """The words of one dictation in the field. Its methods but `run` and `close` return at once."""

    def __init__(self, dependencies: SessionDependencies, tracker: TargetTracker) -> None:
        self._dependencies = dependencies
        self._tracker = tracker
        self._words = ""
        self._has_words = anyio.Event()
        self._composition: Composition | None = None
        self._scope = anyio.CancelScope()
        self._ended = anyio.Event()

    async def run(self, wait_for_turn: Callable[[], Awaitable[None]]) -> None:
        """Show the words from the first ones on until `end`. `wait_for_turn` returns when the earlier dictations have
        been pasted, which is when the cursor stands where these words will."""
        try:
            with self._scope:
                if self._dependencies.is_live:
                    await self._has_words.wait()
                    await self._tracker.looked_up.wait()
                    await wait_for_turn()
                    await self._show_words()
        except Exception as error:  # the message of one may contain the words
            logger.error("words could not be shown while they were spoken: %s", type(error).__name__)
        finally:
            self._composition = None
            self._ended.set()

    def show(self, words: str) -> None:
        """Show `words`, settled and tentative ones, in place of the earlier ones."""
        self._words = words
        if words:
            self._has_words.set()
        if self._composition is not None:
            self._composition.show(words)

    def on_release(self) -> None:
        """Begin no more: the key is released, and the text comes soon."""
        if self._composition is None:
            self.end()

    def end(self) -> None:
        """Have the words removed, unless the text has replaced them."""
        self._scope.cancel()

    async def close(self) -> None:
        """Remove the words before something else is done in the field, and wait until they are gone."""
        self.end()
        await self._ended.wait()

    async def _show_words(self) -> None:
        paster, target = self._dependencies.paster, self._tracker.target
        if PasterCapability.LIVE_TEXT not in paster.capabilities or target.handle == 0:
            return
        async with paster.open_composition(target) as composition:
            self._composition = composition
            composition.show(self._words)
            await anyio.sleep_forever()
