"""Show words in the focused field as its composition while they are spoken, and leave nothing of them there.

A composition is drawn at the cursor and is no part of the document: the program takes it away when the input method
does, and with the connection, the focus or the app. A commit replaces it in one step. The newest words win: what came
while a message was on its way is never sent, and nothing waits for the field.

It would take the place of what is selected, for good, so that none is shown there. And a click makes it text in some
programs (Qt, Chromium): then it ends, so that the words do not come once more.
"""

from __future__ import annotations

import logging
import math
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from time import monotonic
from unicodedata import east_asian_width

import anyio

from desktop.core.chords import remove_controls
from desktop.core.interfaces import Composition
from desktop.core.types import Target
from desktop.paste.input_method.interface import FieldTraits, InputContext, SurroundingText
from desktop.paste.input_method.receipt import MIN_EVIDENCE, is_same_rest

logger = logging.getLogger(__name__)

MAX_COLUMNS = 200
"""Columns of a composition, two for a wide character: three lines of an editor, a quarter of a minute of speech. Input
methods compose a word or a clause; of a longer text the beginning leaves a small field, and lines below it move."""

MIN_INTERVAL_S = 0.1
"""Seconds between two messages: faster than words are read, and slow enough for a program that lays out its page."""

SEND_TIMEOUT_S = 0.5
"""Seconds after which a message that is still on its way is the last one. They usually take a few milliseconds."""

type FitWords = Callable[[str, SurroundingText | None], str | None]
"""Returns words as they are to stand after the text around the cursor; None where none may be shown any more."""

type OpenField = Callable[[Target], AbstractAsyncContextManager[tuple[InputContext, FitWords] | None]]
"""Has the focused field in a window within the context; None where no words are to be shown there."""


def fit_composition(text: str) -> str | None:
    """Return what a field shows of `text`: one line; None if that is too long."""
    line = " ".join(remove_controls(text).split())
    if len(line) > MAX_COLUMNS or sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line) > MAX_COLUMNS:
        return None
    return line


def may_compose(traits: FieldTraits) -> bool:
    """Return whether a field may show words while they are spoken. A terminal's program may take them for input, a
    password field shows them as dots, and a private one is not to show more than what is meant for it."""
    return not (traits.is_password or traits.is_terminal or traits.is_private)


def compute_delay_s(wanted: str, shown: str, sent_at: float, now: float, interval_s: float) -> float | None:
    """Return the seconds until `wanted` may be sent in place of what is `shown` since `sent_at`; None if it is shown.

    Words are removed at once.
    """
    if wanted == shown:
        return None
    return max(0.0, sent_at + interval_s - now) if wanted else 0.0


def remove_composition(
    report: SurroundingText | None, first: SurroundingText | None, words: str
) -> SurroundingText | None:
    """Return what stands around the cursor without the composition `words`, which some programs report as text.

    `first` is what was reported before there was a composition. None if it is not known what of the text is one.
    """
    if not words or report is None or report == first or not report.before.endswith(words):
        return report
    if first is None:
        return None
    before = report.before.removesuffix(words)
    if not _is_same_before(before, first.before):
        return report
    return SurroundingText(before + report.after, len(before), len(before))


def is_untouched(report: SurroundingText | None, first: SurroundingText | None, shown: Iterable[str]) -> bool:
    """Return whether `report` is of the place that `first` was reported of, without a composition or with one of those
    `shown` there; what is not reported counts as that."""
    if report is None or first is None:
        return True
    return any(_is_same_place(remove_composition(report, first, words), first) for words in ("", *shown))


def find_first_report(
    report: SurroundingText | None, first: SurroundingText | None, shown: Collection[str]
) -> SurroundingText | None:
    """Return what stood around the cursor before there was a composition: `first`, or more of it that is reported by
    now. A browser reports a text some time after it has it, and until then what was there before."""
    if report is None or first is None or any(words and report.before.endswith(words) for words in shown):
        return first
    return report if len(report.before) > len(first.before) and _is_same_place(report, first) else first


def _is_same_place(report: SurroundingText | None, first: SurroundingText) -> bool:
    if report is None or report.selected:
        return False
    return _is_same_before(report.before, first.before) and is_same_rest(first.after, report.after)


def _is_same_before(before: str, first: str) -> bool:
    """Return whether these stand before the same place; of a long text, more or less may be reported than before."""
    return before == first or (len(before) >= MIN_EVIDENCE and (first.endswith(before) or before.endswith(first)))


class FieldComposition:
    """The words of one dictation in one field, a `desktop.core.interfaces.Composition`.

    It ends by `end`, with the field, where something else is changed there, and where the words are longer than a field
    shows: what was removed for that does not come back when tentative words become fewer. `gone` is set when nothing is
    shown any more, and never will be; `opening` is cancelled where the field is not needed any more.
    """

    def __init__(self, interval_s: float, timeout_s: float) -> None:
        self.gone = anyio.Event()
        self.opening = anyio.CancelScope()
        self._interval_s = interval_s
        self._timeout_s = timeout_s
        self._first_report: SurroundingText | None = None
        self._words = ""
        self._shown = ""  # or on its way
        self._all_shown: list[str] = []
        self._sent_at = -math.inf
        self._is_ended = False
        self._changed = anyio.Event()
        self._sending = anyio.Lock()
        self._watching = anyio.Lock()
        self._watch_scope = anyio.CancelScope()

    @property
    def is_ended(self) -> bool:
        """Return whether no more words are shown."""
        return self._is_ended

    def show(self, text: str) -> None:
        """Show `text` in place of what was shown, as `Composition.show`."""
        if (words := fit_composition(text)) is None:
            self.end()
            return
        self._words = words
        self._changed.set()

    def end(self) -> None:
        """Have `run` remove the words and return."""
        self._is_ended = True
        self.opening.cancel()
        self._words = ""
        self._changed.set()

    async def run(self, context: InputContext, fit: FitWords) -> None:
        """Show in `context` what is to be shown, until it ends or is cancelled; then the words are removed."""
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._end_with_field, context)
                await self._send_changes(context, fit)
                tasks.cancel_scope.cancel()
        finally:
            await self._remove(context)

    def find_surrounding(self, context: InputContext) -> SurroundingText | None:
        """Return what stands around the cursor of `context` without the words, as far as that is known."""
        return remove_composition(context.surrounding, self._first_report, self._shown)

    @asynccontextmanager
    async def replaced(self) -> AsyncIterator[None]:
        """Send nothing within the context, in which a commit replaces what is shown.

        Afterwards nothing is shown, nor what was still to be sent, until `show` is called.
        """
        async with self._sending:
            self._watch_scope.cancel()
            async with self._watching:
                yield
            self._words = self._shown = ""
            self._changed.set()

    async def _send_changes(self, context: InputContext, fit: FitWords) -> None:
        while not self._is_ended:
            self._changed = anyio.Event()
            if not self._shown:
                self._first_report, self._all_shown = context.surrounding, []
            self._first_report = find_first_report(context.surrounding, self._first_report, self._all_shown)
            if (wanted := self._fit(fit)) is None:
                self.end()
                return
            delay_s = compute_delay_s(wanted, self._shown, self._sent_at, monotonic(), self._interval_s)
            if delay_s == 0:
                await self._send(context, wanted)
            else:
                with anyio.move_on_after(delay_s):
                    await self._changed.wait()

    def _fit(self, fit: FitWords) -> str | None:
        is_selected = self._first_report is not None and self._first_report.selected
        return fit(self._words, self._first_report) if self._words and not is_selected else ""

    async def _send(self, context: InputContext, wanted: str) -> None:
        async with self._sending:
            if self._changed.is_set():  # it waited for a commit, or there are newer words
                return
            if not may_compose(context.traits):
                self.end()
                return
            self._shown = wanted or self._shown
            self._all_shown.append(wanted)
            try:
                with anyio.fail_after(self._timeout_s):
                    await context.show_composition(wanted)
            except OSError:  # also of the time limit
                self.end()
            else:
                self._shown = wanted
                self._sent_at = monotonic()

    async def _end_with_field(self, context: InputContext) -> None:
        """End once the field has lost the focus, must show no words, or something is changed there. A commit waits for
        changes alone."""
        with suppress(OSError):
            while may_compose(context.traits) and not self._is_touched(context):
                with anyio.CancelScope() as self._watch_scope:
                    async with self._watching:
                        await context.wait_for_change()
        self.end()

    def _is_touched(self, context: InputContext) -> bool:
        return bool(self._shown) and not is_untouched(context.surrounding, self._first_report, self._all_shown)

    async def _remove(self, context: InputContext) -> None:
        self.end()
        with anyio.move_on_after(self._timeout_s, shield=True), suppress(OSError):
            async with self._sending:
                if self._shown:
                    self._shown = ""
                    await context.show_composition("")


class FieldCompositions:
    """The compositions of a paster: one at a time, in the field that had the focus when it was opened."""

    def __init__(
        self, open_field: OpenField, interval_s: float = MIN_INTERVAL_S, timeout_s: float = SEND_TIMEOUT_S
    ) -> None:
        self._open_field = open_field
        self._interval_s = interval_s
        self._timeout_s = timeout_s
        self._current: FieldComposition | None = None

    @asynccontextmanager
    async def open(self, target: Target) -> AsyncIterator[Composition]:
        """Return a composition in the focused field of `target`, at once; it is removed at the end of the context.

        The field is had in the background, and given back as soon as nothing more is shown there.
        """
        await self.remove()
        composition = self._current = FieldComposition(self._interval_s, self._timeout_s)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._hold_field, composition, target)
            try:
                yield composition
            finally:
                tasks.cancel_scope.cancel()

    @asynccontextmanager
    async def replaced(self) -> AsyncIterator[None]:
        """Commit a text within this context; it replaces the composition without a step in between."""
        if self._current is None:
            yield
            return
        async with self._current.replaced():
            yield

    async def remove(self) -> None:
        """Remove the composition before something else is done in the field; its dictation shows no more words."""
        composition, self._current = self._current, None
        if composition is not None:
            composition.end()
            with anyio.move_on_after(2 * self._timeout_s):
                await composition.gone.wait()

    async def wait_until_given_back(self) -> None:
        """Wait until a field that shows no more words can be had by another, as it is once it has lost the focus."""
        if self._current is not None and self._current.is_ended:
            await self.remove()

    def find_surrounding(self, context: InputContext) -> SurroundingText | None:
        """Return what stands around the cursor of `context` without the composition, as far as that is known."""
        return context.surrounding if self._current is None else self._current.find_surrounding(context)

    async def _hold_field(self, composition: FieldComposition, target: Target) -> None:
        try:
            async with AsyncExitStack() as stack:
                field = None
                with composition.opening:
                    field = await stack.enter_async_context(self._open_field(target))
                if field is not None and not composition.is_ended:
                    await composition.run(*field)
        except OSError:
            logger.info("the field of the words was lost")
        except Exception as error:  # the message of one may contain the words
            logger.error("words could not be shown in the field: %s", type(error).__name__)
        finally:
            composition.end()
            composition.gone.set()
            if self._current is composition:
                self._current = None
