"""Put texts into windows as their input method, which is the first rung; the session's paster is the one below.

No clipboard is touched, no key pressed, and the text that stands there afterwards is the proof. What the input method
cannot do, or must not, goes to the paster below as if there were no input method: our own windows, X windows in a
Wayland session, applications whose rule names keys, more than one line into a terminal, and everything while a paste
below is under way, so that texts keep their order. See `docs/adr/0018`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import replace
from functools import partial
from math import inf
from time import monotonic

from desktop.core.chords import flatten_for_shell
from desktop.core.interfaces import Composition, Paster, PasterCapability, UserActivity
from desktop.core.messages import Message, join_notes
from desktop.core.types import Outcome, PasteResult, Selection, Target
from desktop.paste.input_method.committer import commit_text
from desktop.paste.input_method.composition import FieldCompositions, FitWords
from desktop.paste.input_method.editor import MAX_SILENCE_S, FieldEditor, FieldSelection
from desktop.paste.input_method.interface import InputContext, SurroundingText
from desktop.paste.input_method.joiner import FieldJoiner
from desktop.paste.input_method.return_key import ReturnKey
from desktop.paste.input_method.route import CommitRoute
from desktop.paste.request import (
    PASSWORD_FOCUSED,
    USER_AWAY,
    PasteOptions,
)
from desktop.paste.selection import NOTHING_CHANGED, SELECTION_UNREADABLE
from desktop.paste.session_paster import PasteFocus, SessionPaster
from desktop.paste.text_fit import Insertion
from desktop.paste.undo import UndoRequest

logger = logging.getLogger(__name__)

USE_CHECK_S = 2.0
"""Seconds between two looks whether the input method is there: it comes and goes with its daemon."""

INSERTION_UNSEEN = Message("insertion-unseen")


class InputMethodPaster(Paster):
    """A `Paster` by the input method of `route`, and by `below` where that cannot be used. Belongs to one loop.

    `activity` is that of the paster `below`. `on_input_method(is_used)` is called when texts begin or cease to go in by
    the input method.
    """

    def __init__(
        self,
        below: SessionPaster,
        route: CommitRoute,
        activity: UserActivity,
        on_input_method: Callable[[bool], None] = lambda is_used: None,
    ) -> None:
        self._on_input_method, self._is_used = on_input_method, False
        self.below = below
        self._route = route
        if not below.is_input_known:  # else any other key might have been pressed at any time
            activity = replace(activity, last_input_at=lambda until: 0.0)
        self._activity = activity
        self._joiner = FieldJoiner(activity, is_input_known=below.is_input_known)
        self._editor = FieldEditor(below, route, self._joiner, activity)
        self._return_key = ReturnKey(below, activity)
        self._compositions = FieldCompositions(self._open_composed_field)
        self._lock = asyncio.Lock()
        self._pending_below = 0
        self._use_check: asyncio.TimerHandle | None = None

    @property
    def options(self) -> PasteOptions:
        """The options, which apply from the next paste on."""
        return self.below.options

    @options.setter
    def options(self, options: PasteOptions) -> None:
        self.below.options = options
        self._route.method.apply_choice(options.input_method)
        self._note_use()

    @property
    def capabilities(self) -> PasterCapability:
        """Return what the paster below can do, with what an input method adds where there is one."""
        added = PasterCapability.UNDO | PasterCapability.EDIT_SELECTION | PasterCapability.LIVE_TEXT
        return self.below.capabilities | (added if self._route.is_open(self.options) else PasterCapability(0))

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Connect to the desktop, and to the input method in the background. Call on `loop`. Raises `PasteError`."""
        self.below.start(loop)
        self._route.method.apply_choice(self.options.input_method)
        self._route.method.start(loop)
        self._check_use(loop)

    def close(self) -> None:
        """Give the user's input method back, and close the paster below."""
        if self._use_check is not None:
            self._use_check.cancel()
        self._route.method.close()
        self.below.close()

    def end_checks(self) -> None:
        """End what pastes wait for before their keys, as `Paster.end_checks` says."""
        self.below.end_checks()

    async def find_target(self) -> Target:
        """Return the target window, as `Paster.find_target` says, with what the input method knows of its field."""
        self._note_use()
        target = await self.below.find_target()
        if target.is_password or self.below.asks_input_method or not self._may_commit(target):
            return target
        async with self._route.open_field(target, traits_only=True) as context:
            if context is not None:
                self._route.note_field(target, takes_texts=not self._is_below_better(context, target))
                self._editor.note_report(context.surrounding)
            return target if context is None else replace(target, kind=context.traits.kind)

    async def paste(self, text: str, target: Target, on_sent: Callable[[], None], enter: bool = False) -> PasteResult:
        """Put `text` into `target` once and return the outcome, as `Paster.paste` promises."""
        requested_at = monotonic()
        return await self._run(
            lambda: self._commit(text, target, on_sent, enter, requested_at),
            lambda: self.below.paste(text, target, on_sent, enter),
        )

    async def paste_around(
        self, before: str, after: str, target: Target, on_sent: Callable[[], None], enter: bool = False
    ) -> PasteResult:
        """The same with the cursor within the text, as `Paster.paste_around` promises: no input method moves one."""
        return await self._run(None, lambda: self.below.paste_around(before, after, target, on_sent, enter))

    def open_composition(self, target: Target) -> AbstractAsyncContextManager[Composition]:
        """Show words in the field, as `Paster.open_composition` promises."""
        return self._compositions.open(target)

    async def request_permission(self) -> None:
        """Ask the user to let texts into windows, as `Paster.request_permission` says."""
        await self.below.request_permission()

    async def read_clipboard(self) -> str | None:
        """Return the clipboard's text, as `Paster.read_clipboard` promises."""
        return await self.below.read_clipboard()

    async def read_primary(self) -> str | None:
        """Return what was selected last, as `Paster.read_primary` promises."""
        return await self.below.read_primary()

    async def press_return(self, target: Target, since: float) -> bool:
        """Press Return, as `Paster.press_return` promises."""
        async with self._lock:
            by_keys = self._pending_below or self._route.is_password(target) or self._route.is_terminal(target)
            is_field = self._may_commit(target) and not by_keys
            field = self._route.open_field(target) if is_field else nullcontext()
            if is_pressed := await self._return_key.press_alone(field, target, since):
                self._editor.note_insertion(Insertion(target.handle, "", monotonic(), "\n"))
            return is_pressed

    async def undo_paste(self, texts: tuple[str, ...], on_sent: Callable[[], None]) -> PasteResult:
        """Undo the last insertion, as `Paster.undo_paste` promises."""
        request = UndoRequest(texts, monotonic(), on_sent, lambda result: None)
        await self._compositions.remove()

        async def undo_below() -> PasteResult:
            if PasterCapability.UNDO in self.below.capabilities:
                return await self.below.undo_paste(texts, on_sent)
            return PasteResult(Outcome.REFUSED, request.refusal_notes(INSERTION_UNSEEN))

        return await self._run(lambda: self._editor.undo(request), undo_below)

    async def read_selection(self) -> Selection:
        """Return what the focused window reports as selected, as `Paster.read_selection` promises."""

        async def read_below() -> Selection:
            if PasterCapability.EDIT_SELECTION in self.below.capabilities:
                return await self.below.read_selection()
            return Selection(refusal=(SELECTION_UNREADABLE,))

        return await self._run(self._editor.read_selection, read_below)

    async def copy_selection(self, reported: Selection, target: Target) -> Selection:
        """Return what is selected in `target`, as `Paster.copy_selection` promises."""

        async def copy_below() -> Selection:
            if PasterCapability.EDIT_SELECTION in self.below.capabilities:
                return await self.below.copy_selection(reported, target)
            return replace(reported, text=None, refusal=reported.refusal or (SELECTION_UNREADABLE,))

        is_own = isinstance(reported, FieldSelection)
        return await self._run(partial(self._editor.copy_selection, reported, target) if is_own else None, copy_below)

    async def replace_selection(
        self, selection: Selection, text: str, target: Target, on_sent: Callable[[], None]
    ) -> PasteResult:
        """Replace `selection` by `text`, as `Paster.replace_selection` promises."""
        requested_at = monotonic()

        async def replace_below() -> PasteResult:
            if PasterCapability.EDIT_SELECTION in self.below.capabilities:
                return await self.below.replace_selection(selection, text, target, on_sent)
            return PasteResult(Outcome.REFUSED, (SELECTION_UNREADABLE, NOTHING_CHANGED))

        await self._compositions.remove()
        by_field = partial(self._editor.replace_selection, selection, text, target, on_sent, requested_at)
        return await self._run(by_field if isinstance(selection, FieldSelection) else None, replace_below)

    async def _run[T](self, by_field: Callable[[], Awaitable[T | None]] | None, below: Callable[[], Awaitable[T]]) -> T:
        """Return the result of `by_field`, in its turn; that of `below` if there is none, or while the paster below is
        at work."""
        async with self._lock:
            result = None if by_field is None or self._pending_below else await by_field()
            if result is not None:
                return result
            self._pending_below += 1
        try:
            await self._compositions.remove()
            return await below()
        finally:
            self._pending_below -= 1

    async def _commit(
        self, text: str, target: Target, on_sent: Callable[[], None], enter: bool, requested_at: float
    ) -> PasteResult | None:
        """Commit `text` if that is possible and allowed; None if it must go below, of which nothing is there then."""
        if not self._may_commit(target):
            return None
        if self._route.is_password(target):
            return PASSWORD_FOCUSED

        def on_committed() -> None:
            logger.info("committed %.1f ms after the text was known", (monotonic() - requested_at) * 1000)
            on_sent()

        try:
            await self._compositions.wait_until_given_back()
            async with self._route.open_field(target) as context:
                if context is None:
                    return None
                focus = await self.below.find_focus()  # now that the field is had: it is of this window
                result = await self._commit_into(context, focus, text, target, on_committed, enter, requested_at)
        except OSError as error:  # nothing was committed
            logger.info("the field was lost: %s", type(error).__name__)
            return None
        if result is not None:
            logger.info("a text of %d characters as the input method: %s", len(text), result.outcome)
        return result

    async def _commit_into(
        self,
        context: InputContext,
        focus: PasteFocus,
        text: str,
        target: Target,
        on_sent: Callable[[], None],
        enter: bool,
        requested_at: float,
    ) -> PasteResult | None:
        """Commit `text` into the field, which has the focus. Raises `OSError` only before that."""
        if context.traits.is_password:
            return PASSWORD_FOCUSED
        if self._is_below_better(context, target):
            return None
        focused, options = focus.target, self.options
        if target.handle > 0 and focused.handle != target.handle:
            return None
        if target.handle < 0:  # as today: the text goes into the field that has the focus
            target = focused
            if not self._may_commit(target):
                return None
            if self._route.is_password(target):
                return PASSWORD_FOCUSED
        rule, is_terminal = self._route.find_rule(target, options), self._is_terminal(context, target)
        spoken, text, enter = text, rule.adapt_text(text), enter or rule.enter
        may_run_lines = is_terminal or not rule.is_exact
        if not text or (may_run_lines and flatten_for_shell(text) != text):
            return None
        if enter and is_terminal:
            return None  # Return is pressed on proof, and only the paster below may have one
        if self._has_user_left(requested_at):
            return USER_AWAY
        last, shown = focus.last_insertion, context.surrounding
        report = None if is_terminal else self._compositions.find_surrounding(context)
        report = self._editor.complete_report(report, last, target)
        around = report if report is not None or is_terminal else self._find_earlier(context)
        is_unchanged = around is None and not is_terminal and self._editor.is_unchanged(last, target)
        previous, joined = self._joiner.join(text, around, last, target.handle, options, is_unchanged=is_unchanged)
        async with self._compositions.replaced():
            committed_at = monotonic()
            result = await commit_text(context, joined, on_sent, report, is_terminal=is_terminal, may_go_below=True)
        insertion = Insertion(target.handle, joined, committed_at, previous, spoken)
        is_late = result.outcome is not Outcome.INSERTED and context.surrounding in (None, shown)
        self._editor.note_insertion(insertion, result, shown, is_late=is_late)
        if not enter or result.outcome is Outcome.REFUSED:
            return result
        reasons = await self._return_key.press(result, context, target, committed_at)
        if not reasons:
            self._editor.note_insertion(Insertion(target.handle, "", committed_at, "\n"))
        return replace(result, notes=join_notes(result.notes, reasons))

    def _check_use(self, loop: asyncio.AbstractEventLoop) -> None:
        self._note_use()
        self._use_check = loop.call_later(USE_CHECK_S, self._check_use, loop)

    def _note_use(self) -> None:
        is_used = self._route.is_open(self.options)
        if is_used != self._is_used:
            self._is_used = is_used
            self._on_input_method(is_used)

    @asynccontextmanager
    async def _open_composed_field(self, target: Target) -> AsyncIterator[tuple[InputContext, FitWords] | None]:
        """Have the focused field within the context, if the text for `target` will be committed there, with its words
        joined to what stands before them as it will be. Earlier texts come first, with their proof and Return."""
        async with self._lock:
            pass
        began, focus, options = monotonic(), await self.below.find_focus(), self.options
        if target.handle < 0:
            target = focus.target
        if (
            self._pending_below
            or focus.target.handle != target.handle
            or not self._may_commit(target)
            or self._route.is_password(target)
            or self._route.is_terminal(target)
        ):
            yield None
            return

        is_unchanged = self._editor.is_unchanged(last := focus.last_insertion, target)  # while the field is had

        def fit(words: str, report: SurroundingText | None) -> str | None:
            report = self._editor.complete_report(report, last, target, MAX_SILENCE_S)
            is_silent = report is None and is_unchanged
            return self._joiner.fit_words(words, report, last, target.handle, options, began, is_unchanged=is_silent)

        async with self._route.open_field(target) as context:
            is_there = (await self.below.find_focus()).target.handle == target.handle
            yield None if context is None or not is_there or self._is_below_better(context, target) else (context, fit)

    def _find_earlier(self, context: InputContext) -> SurroundingText | None:
        """Return what the program reported before, if nothing was pressed since, as far as that is known."""
        earlier = context.earlier
        return earlier.text if earlier is not None and self._activity.last_input_at(inf) <= earlier.at else None

    def _may_commit(self, target: Target) -> bool:
        return self._route.may_commit(target, self.options) and not self.below.is_xwayland(target)

    def _is_below_better(self, context: InputContext, target: Target) -> bool:
        """Return whether only the paster below can prove a text in the field: a terminal reports none."""
        return self.below.proves_insertions and self._is_terminal(context, target)

    def _is_terminal(self, context: InputContext, target: Target) -> bool:
        return context.traits.is_terminal or self._route.is_terminal(target)

    def _has_user_left(self, since: float) -> bool:
        return self._activity.last_left_at() > since
