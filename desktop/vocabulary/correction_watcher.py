"""Watch the field after an insertion for a correction by the user, and ask once whether to learn it.

For some seconds after an insertion only that field is read; when it loses the focus or the time is over, its text is
compared with what it was. Nothing is read where no history is kept: in private mode, in excluded applications, and in
password and private windows.

A pair that was asked about is remembered until the program exits, so that the question comes once; it is stored as
declined only if the user refuses it, and not if the history is encrypted, because the vocabulary file is not.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from pathlib import Path
from typing import Protocol

import anyio
from anyio import to_thread

from desktop.core.errors import SettingsError
from desktop.core.paths import make_private_dir
from desktop.core.types import RuleChange, Target
from desktop.vocabulary import store
from desktop.vocabulary.learning import Suggestion
from desktop.vocabulary.row_learning import find_row_suggestions
from desktop.vocabulary.vocabulary import fold_phrase

logger = logging.getLogger(__name__)

WATCH_S = 20.0
"""Seconds to watch a field: a misheard name is corrected at once or in the next reading, before the next dictation."""

READ_INTERVAL_S = 1.0
"""Seconds between two reads; with two equal reads in a row the user is not in the middle of a word."""


class FieldReader(Protocol):
    """Reads the text of a field."""

    async def read_field(self, address: tuple[str, str]) -> str | None:
        """Return the text of the field at `address`, or None if it cannot be read."""
        ...

    def close(self) -> None:
        """Stop reading."""
        ...


class NullFieldReader:
    """A reader for systems without a way to read fields."""

    async def read_field(self, address: tuple[str, str]) -> str | None:
        """Return None."""
        return None

    def close(self) -> None:
        """Do nothing."""


class CorrectionWatcher:
    """Watches insertions for corrections. Use on the engine's loop only.

    `reader` reads the field, `get_target` returns what has the focus. `on_suggestion` shows a question and returns
    whether it could; `on_learned` is called when the file has a new replacement. `may_keep` returns whether the history
    keeps anything of dictations into a target, `may_write` whether words of a dictation may be stored unencrypted in
    the vocabulary; it may block.
    """

    def __init__(
        self,
        vocabulary: Path,
        reader: FieldReader,
        get_target: Callable[[], Awaitable[Target]],
        on_suggestion: Callable[[Suggestion], bool],
        on_learned: Callable[[], None],
        watch_s: float = WATCH_S,
        read_interval_s: float = READ_INTERVAL_S,
        may_keep: Callable[[Target], bool] = lambda target: True,
        may_write: Callable[[], bool] = lambda: True,
    ) -> None:
        self._file = vocabulary
        self._reader = reader
        self._get_target = get_target
        self._on_suggestion = on_suggestion
        self._on_learned = on_learned
        self._watch_s = watch_s
        self._read_interval_s = read_interval_s
        self._may_keep = may_keep
        self._may_write = may_write
        self._scopes = set[anyio.CancelScope]()
        self._pending: tuple[Suggestion, Target] | None = None
        self._asked_pairs = set[tuple[str, str]]()

    async def watch(
        self,
        text: str,
        target: Target,
        changes: Sequence[RuleChange] = (),
        raw_text: str = "",
        own_words: Collection[str] = (),
    ) -> None:
        """Watch what becomes of `text`, which was just inserted at `target`, and ask about its first new correction.

        `changes` made it of `raw_text`, and `own_words` are the user's. Raises `SettingsError`.
        """
        field = target.field
        if field is None or target.is_password or not any(field.address) or not self._may_keep(target):
            return
        with anyio.CancelScope() as scope:
            self._scopes.add(scope)
            try:
                texts = await self._follow_text(text.strip(), target, field.address)
            finally:
                self._scopes.discard(scope)
        if scope.cancelled_caught or texts is None:
            return
        before, versions, span = texts
        for edited in versions:
            suggestions = find_row_suggestions(before, edited, changes, raw_text, own_words, span)
            if suggestions:
                await self.propose(suggestions, target)
                break

    def stop(self) -> None:
        """Stop watching, because the program itself changes the text now."""
        for scope in self._scopes:
            scope.cancel()

    def forget(self) -> None:
        """Forget also what was asked about, because all dictations are deleted."""
        self.stop()
        self._pending = None
        self._asked_pairs.clear()

    def close(self) -> None:
        """Stop watching and close the reader."""
        self.stop()
        self._reader.close()

    async def learn_pending(self) -> None:
        """Store the suggestion that was asked about last. Raises `SettingsError`."""
        pending, self._pending = self._pending, None
        if pending is not None:
            await to_thread.run_sync(store.learn, self._file, *pending[0])
            self._on_learned()

    async def decline_pending(self) -> None:
        """Store that the suggestion asked about last was refused, if that may be stored. Raises `SettingsError`."""
        pending, self._pending = self._pending, None
        if pending is not None and self._may_keep(pending[1]) and await to_thread.run_sync(self._may_write):
            await to_thread.run_sync(store.decline_suggestion, self._file, pending[0].heard, pending[0].written)

    async def _follow_text(
        self, text: str, target: Target, address: tuple[str, str]
    ) -> tuple[str, tuple[str, ...], tuple[int, int]] | None:
        """Return the field's text, those that it became, the likeliest first, and where `text` stands in it; None where
        it is not there.
        """
        before = await self._reader.read_field(address)
        start = before.rfind(text) if before is not None and text else -1
        if before is None or start < 0:
            return None
        span, last = (start, start + len(text)), before
        ends_at = anyio.current_time() + self._watch_s
        while await self._has_focus(target, address):
            text_now = await self._reader.read_field(address)
            seconds_over = anyio.current_time() - ends_at
            if not text_now or (seconds_over >= 0 and text_now == last) or seconds_over >= self._watch_s:
                break  # sending a message empties its field
            last = text_now
            await anyio.sleep(self._read_interval_s)
        # includes the last word if the focus left directly after it
        final_text = await self._reader.read_field(address)
        return before, (last,) if final_text is None else (final_text, last), span

    async def _has_focus(self, target: Target, address: tuple[str, str]) -> bool:
        """Return whether the focus is still on that field, as far as that is known."""
        focused = await self._get_target()
        return focused.handle == target.handle and (focused.field is None or focused.field.address == address)

    async def propose(self, suggestions: Sequence[Suggestion], target: Target) -> None:
        """Ask whether to learn the first of `suggestions`, made of a text at `target`, that is new. Raises
        `SettingsError`."""
        if not self._may_keep(target):
            return
        stored = await to_thread.run_sync(store.load_vocabulary_file, self._file)
        known = (
            {(fold_phrase(heard), written) for heard, written in stored.replacements.items()}
            | {(fold_phrase(heard), heard) for heard in stored.kept}
            | stored.declined
            | self._asked_pairs
        )
        new_suggestion = next(
            (
                suggestion
                for suggestion in suggestions
                if (fold_phrase(suggestion.heard), suggestion.written) not in known
            ),
            None,
        )
        if new_suggestion is not None and self._on_suggestion(new_suggestion):
            logger.info("asked whether to learn a correction")
            self._pending = new_suggestion, target
            self._asked_pairs.add((fold_phrase(new_suggestion.heard), new_suggestion.written))


def clear_old_declined(vocabulary: Path, marker: Path) -> None:
    """Remove the pairs that earlier versions wrote into `[declined]` whatever the user answered, in private mode too.

    Done once: the file `marker` records it, and pairs that are refused later stay. Blocks. Never raises; an obstacle is
    logged, and the next start tries again.
    """
    if marker.exists():
        return
    try:
        if store.forget_declined(vocabulary):
            logger.info("what was suggested before was removed from the vocabulary")
        make_private_dir(marker.parent)
        marker.touch(mode=0o600)
    except SettingsError as problem:
        logger.warning("what was suggested before stays in the vocabulary: %s", problem)
    except OSError as error:
        logger.warning("that the vocabulary was cleaned up could not be noted: %s", error.strerror)
