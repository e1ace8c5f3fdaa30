"""Watch the field after an insertion for a correction by the user, and ask once whether to learn it.

For some seconds after an insertion only that field is read; when it loses the focus or the time is over, its text is
compared with what it was. Nothing is read where no history is kept: in private mode, in excluded applications, and in
password and private windows.

A pair that was asked about is remembered until the program exits, so that the question comes once; it is stored as
declined only if the user refuses it, and not if the history is encrypted, because the vocabulary file is not.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

import anyio
from anyio import to_thread

from desktop.core.errors import SettingsProblem
from desktop.core.paths import private
from desktop.core.types import Target
from desktop.vocabulary import store as file
from desktop.vocabulary.learning import Suggestion, suggestions
from desktop.vocabulary.phrases import folded

logger = logging.getLogger(__name__)

WATCHED_S = 20.0
"""Seconds to watch a field: a misheard name is corrected at once or in the next reading, before the next dictation."""

LOOK_S = 1.0
"""Seconds between two reads; with two equal reads in a row the user is not in the middle of a word."""


class Reader(Protocol):
    """Reads the text of a field."""

    async def read(self, at: tuple[str, str]) -> str | None:
        """Return the text of the field at `address`, or None if it cannot be read."""
        ...

    def close(self) -> None:
        """Stop reading."""
        ...


class Untold:
    """A reader for systems without a way to read fields."""

    async def read(self, at: tuple[str, str]) -> str | None:
        """Return None."""
        return None

    def close(self) -> None:
        """Do nothing."""


class Noticing:
    """Watches insertions for corrections. Use on the engine's loop only.

    `reader` reads the field, `get_target` returns what has the focus. `on_suggestion` shows a question and returns
    whether it could; `on_learned` is called when the file has a new replacement. `may_keep` returns whether the history
    keeps anything of dictations into a target, `may_write` whether words of a dictation may be stored unencrypted in
    the vocabulary; it may block.
    """

    def __init__(
        self,
        vocabulary: Path,
        reader: Reader,
        target: Callable[[], Awaitable[Target]],
        ask: Callable[[Suggestion], bool],
        learned: Callable[[], None],
        watched_s: float = WATCHED_S,
        look_s: float = LOOK_S,
        keeps: Callable[[Target], bool] = lambda into: True,
        writes: Callable[[], bool] = lambda: True,
    ) -> None:
        self._file = vocabulary
        self._reader = reader
        self._target = target
        self._ask = ask
        self._learned = learned
        self._watched_s = watched_s
        self._look_s = look_s
        self._keeps = keeps
        self._writes = writes
        self._scopes = set[anyio.CancelScope]()
        self._asked: tuple[Suggestion, Target] | None = None
        self._known = set[tuple[str, str]]()

    async def watch(self, text: str, into: Target) -> None:
        """Watch what becomes of `text`, which was just inserted at `into`, and ask about the first correction that was
        not asked about before. Raises `SettingsError`.
        """
        field = into.field
        if field is None or field.secret or not any(field.address) or not self._keeps(into):
            return
        with anyio.CancelScope() as scope:
            self._scopes.add(scope)
            try:
                found = await self._corrected(text.strip(), into, field.address)
            finally:
                self._scopes.discard(scope)
        if not scope.cancelled_caught and found and self._keeps(into):
            await self._propose(found, into)

    def stop(self) -> None:
        """Stop watching, because the program itself changes the text now."""
        for scope in self._scopes:
            scope.cancel()

    def forget(self) -> None:
        """Forget also what was asked about, because all dictations are deleted."""
        self.stop()
        self._asked = None
        self._known.clear()

    def close(self) -> None:
        """Stop watching and close the reader."""
        self.stop()
        self._reader.close()

    async def learn(self) -> None:
        """Store the suggestion that was asked about last. Raises `SettingsError`."""
        asked, self._asked = self._asked, None
        if asked is not None:
            await to_thread.run_sync(file.put, self._file, "replacements", {asked[0].heard: asked[0].written})
            self._learned()

    async def decline(self) -> None:
        """Store that the suggestion asked about last was refused, if that may be stored. Raises `SettingsError`."""
        asked, self._asked = self._asked, None
        if asked is not None and self._keeps(asked[1]) and await to_thread.run_sync(self._writes):
            await to_thread.run_sync(file.decline, self._file, asked[0].heard, asked[0].written)

    async def _corrected(self, text: str, into: Target, address: tuple[str, str]) -> list[Suggestion]:
        before = await self._reader.read(address)
        at = before.rfind(text) if before is not None and text else -1
        if before is None or at < 0:
            return []
        within, last = (at, at + len(text)), before
        ends_at = anyio.current_time() + self._watched_s
        while await self._is_there(into, address):
            now = await self._reader.read(address)
            over = anyio.current_time() - ends_at
            if not now or (over >= 0 and now == last) or over >= self._watched_s:
                break  # sending a message empties its field
            last = now
            await anyio.sleep(self._look_s)
        left = await self._reader.read(address)  # includes the last word if the focus left directly after it
        found = suggestions(before, left, within) if left is not None else []
        return found or suggestions(before, last, within)

    async def _is_there(self, into: Target, address: tuple[str, str]) -> bool:
        """Return whether the focus is still on that field, as far as that is known."""
        now = await self._target()
        return now.handle == into.handle and (now.field is None or now.field.address == address)

    async def _propose(self, found: list[Suggestion], into: Target) -> None:
        kept = await to_thread.run_sync(file.load, self._file)
        known = {(folded(heard), written) for heard, written in kept.replacements.items()} | kept.declined | self._known
        new = next((one for one in found if (folded(one.heard), one.written) not in known), None)
        if new is not None and self._ask(new):
            logger.info("asked whether to learn a correction")
            self._asked = new, into
            self._known.add((folded(new.heard), new.written))


def clean_up_once(vocabulary: Path, marker: Path) -> None:
    """Remove the pairs that earlier versions wrote into `[declined]` whatever the user answered, in private mode too.

    Done once: the file `marker` records it, and pairs that are refused later stay. Blocks. Never raises; an obstacle is
    logged, and the next start tries again.
    """
    if marker.exists():
        return
    try:
        if file.forget_declined(vocabulary):
            logger.info("what was suggested before was removed from the vocabulary")
        private(marker.parent)
        marker.touch(mode=0o600)
    except SettingsProblem as problem:
        logger.warning("what was suggested before stays in the vocabulary: %s", problem)
    except OSError as error:
        logger.warning("that the vocabulary was cleaned up could not be noted: %s", error.strerror)
