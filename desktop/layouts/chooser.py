"""Choose the languages of a dictation at its press: by the user's key, the application, and the keyboard's layout."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import anyio
from anyio import to_thread

from desktop.core.interfaces import Recognizer
from desktop.core.types import Target
from desktop.layouts.layout import READ_TIMEOUT_S, KeyboardLayout, LayoutLadder
from desktop.layouts.names import find_languages, load_layout_list
from desktop.settings.schema import LAYOUT, language_codes

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LanguageOptions:
    """What decides: `chosen` is `recognizer.language`, `table` the user's layouts, and `find_own` returns an
    application's value of `recognizer.language`, None where it has none; None where no application has one."""

    chosen: tuple[str, ...] = ()
    table: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    find_own: Callable[[Target], tuple[str, ...] | None] | None = None


class LayoutLanguageChooser:
    """`desktop.core.interfaces.LanguageChooser` for the whole life of the app; `options` may change at any time.

    `get_selected` returns the language that the user's key has selected, None where it is all of them;
    `forget_selected` ends that. Without a `ladder` no layout is asked for.
    """

    def __init__(
        self,
        options: LanguageOptions,
        ladder: LayoutLadder | None,
        create_recognizer: Callable[[tuple[str, ...]], Recognizer],
        get_selected: Callable[[], tuple[str, ...] | None],
        forget_selected: Callable[[], None],
    ) -> None:
        self.options = options
        self.ladder = ladder
        self.create_recognizer = create_recognizer
        self._get_selected = get_selected
        self._forget_selected = forget_selected
        self._selected: tuple[tuple[str, ...], str] | None = None  # with the layout that it was first used with

    async def choose(self, read_target: Callable[[], Awaitable[Target]]) -> tuple[str, ...]:
        """See `desktop.core.interfaces.LanguageChooser`."""
        began = time.monotonic()
        options, layout = self.options, None
        own: tuple[str, ...] | None = None
        known: tuple[str, ...] | None = None

        async def read_layout() -> None:
            nonlocal layout, known
            if self.ladder is not None and (layout := await self.ladder.read()) is not None:
                known = await to_thread.run_sync(find_languages, layout, options.table)

        async def find_own() -> None:
            nonlocal own
            with anyio.move_on_after(READ_TIMEOUT_S):
                own = options.find_own(await read_target()) if options.find_own is not None else None

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(read_layout)
            tasks.start_soon(find_own)
        selected = self._keep_selected(layout)
        source = layout.source if layout is not None else "none"
        logger.info("the layout was read in %.0f ms (%s)", 1000 * (time.monotonic() - began), source)
        return decide_languages(options.chosen, own, known, selected)

    async def warm(self) -> None:
        """Connect to those that tell the layout, and load the list of layouts, so that no dictation waits for it."""
        await to_thread.run_sync(load_layout_list)
        if self.ladder is not None:
            await self.ladder.read()

    def _keep_selected(self, layout: KeyboardLayout | None) -> tuple[str, ...] | None:
        """Return the language that the user's key has selected, unless the layout has changed since it was first used
        with one that was known; then it is forgotten."""
        selected, name = self._get_selected(), layout.name if layout is not None else ""
        if selected is None:
            self._selected = None
        elif self._selected is None or self._selected[0] != selected or not self._selected[1]:
            self._selected = selected, name
        elif self._selected[1] != name and name:
            self._selected = selected = None
            self._forget_selected()
        return selected

    def close(self) -> None:
        """Disconnect, and ask for no layout."""
        if self.ladder is not None:
            self.ladder.close()
            self.ladder = None


def decide_languages(
    chosen: tuple[str, ...],
    own: tuple[str, ...] | None,
    known: tuple[str, ...] | None,
    selected: tuple[str, ...] | None,
) -> tuple[str, ...]:
    """Return the languages to expect, none for any.

    What the user's key has `selected` comes first, then the application's `own` choice, then the setting's (`chosen`).
    Where that one goes by the layout, its languages are those `known` for the layout; the other codes count where none
    are known.
    """
    if selected is not None:
        return selected
    values = chosen if own is None else own
    return known if LAYOUT in values and known is not None else language_codes(values)
