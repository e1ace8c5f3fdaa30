"""The paste transaction with delayed rendering (Windows, macOS), by the same rules as `desktop.paste.x11.transaction`.

Take the clipboard, send the chord, watch the target read, restore the clipboard; one dictation after the other, in a
thread that serves the system in every wait. The differences: how a read is known (`DelayedText`), and that the
system's part is a `PasteDesktop`.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from math import inf

from desktop.core.chords import PasteShortcut
from desktop.core.interfaces import UserActivity
from desktop.core.messages import Message, Notes
from desktop.core.types import Outcome, PasteResult, Selection, Target
from desktop.paste import text_fit
from desktop.paste.apps import PasteRule
from desktop.paste.delayed.desktop import PasteDesktop
from desktop.paste.delayed.field_editor import TextFieldEditor
from desktop.paste.delayed.obstacles import PasteObstacles
from desktop.paste.delayed.pending_text import DelayedPendingPaste, DelayedText, ReaderKind
from desktop.paste.outcome import PasteProgress
from desktop.paste.request import (
    CLIPBOARD_UNAVAILABLE,
    CONTENTS_LOST,
    REMOTE_UNPROVEN,
    RETURN_NOT_PRESSED,
    TAKEN_BEFORE_READ,
    ClipboardTextRequest,
    PasteOptions,
    PasteRequest,
    SelectionRequest,
    app_name,
    leave_on_clipboard,
    unread_notes,
)
from desktop.paste.selection import FIELD_ALTERED
from desktop.paste.text_fit import Insertion
from desktop.paste.undo import NOTHING_TO_UNDO, REQUEST_INPUT_S, UndoRequest, find_undo_objection

logger = logging.getLogger(__name__)

READ_BY_OTHER_PROGRAM = Message("text-read-by-other")

type PasteThreadRequest = PasteRequest | UndoRequest | ClipboardTextRequest | SelectionRequest


class DelayedPasteTransaction[C]:
    """Handles one paste at a time, until `close`. All of it belongs to the paste thread (`PasteDesktop.post`).

    `system` names the rows of the table of applications that apply here.
    """

    def __init__(
        self, desktop: PasteDesktop[C], activity: UserActivity, get_options: Callable[[], PasteOptions], system: str
    ) -> None:
        self._desktop = desktop
        self._activity = activity
        self._get_options = get_options
        self._system = system
        self._obstacles = PasteObstacles(desktop, activity, lambda: self._closing or self._are_waits_ended)
        self._fields = TextFieldEditor(desktop, self._obstacles.find, self._find_rule, self._obstacles.is_ending)
        self._requests: deque[PasteThreadRequest] = deque()
        self._pending: DelayedPendingPaste[C] | None = None
        self._early_readers: list[ReaderKind] = []
        self._is_offer_unread, self._has_unnamed_history = True, False
        self._replaced_contents: C | None = None
        self._last_insertion: Insertion | None = None
        self._closing = False
        self._are_waits_ended = False

    def submit(self, request: PasteThreadRequest) -> None:
        """Do this after the requests before it; what only reads, and changes nothing for them, at once."""
        if isinstance(request, ClipboardTextRequest):
            request.on_answer(self._desktop.read_text(self._replaced_contents))
            return
        if isinstance(request, SelectionRequest) and request.target is None:
            request.on_answer(self._fields.read_selection(request))
            return
        self._requests.append(request)
        self._update_offer(lambda offered: replace(offered, progress=replace(offered.progress, is_next_waiting=True)))

    def end_waits(self) -> None:
        """End every wait for a key or a program, those to come too: the app quits, and waits for the pastes."""
        self._are_waits_ended = True

    def close(self) -> None:
        """End `run`: the open paste is answered by what is known."""
        self._closing = True

    def fail_all(self, result: PasteResult) -> None:
        """Answer all open requests with `result`, or that it is not known where the keys were pressed; the clipboard is
        restored if possible."""
        pending, self._pending = self._pending, None
        if self._requests and self._replaced_contents is not None:
            outcome = result.outcome if pending is None else Outcome.UNCONFIRMED
            lost: Notes = (CONTENTS_LOST,)
            with suppress(Exception):  # what failed may do so again
                lost = self._desktop.restore_clipboard(self._replaced_contents, self._is_closing)
            self._answer_current(PasteResult(outcome, (*result.notes, *lost)))
        while self._requests:
            self._answer_current(result)

    def run(self) -> None:
        """Serve until `close`."""
        while not self._closing:
            self._desktop.wait(
                partial(self._has_work, self._pending),
                self._pending.offered.next_check_at if self._pending else None,
            )
            if self._pending is not None:
                self._watch(self._pending)
            elif self._requests:
                match self._requests[0]:
                    case UndoRequest() as undo_request:
                        self._undo_insertion(undo_request)
                    case SelectionRequest() as read_request:
                        read_request.on_answer(self._fields.read_selection(read_request))
                        self._requests.popleft()
                    case PasteRequest(selection=Selection() as selection) as edit_request:
                        self._edit(edit_request, selection)
                    case PasteRequest() as request:
                        self._paste(request)
        if self._pending is not None:
            is_read = self._pending.offered.find_outcome(inf) is Outcome.INSERTED
            self._finish(self._pending, Outcome.INSERTED if is_read else Outcome.UNCONFIRMED)

    def _is_closing(self) -> bool:
        return self._closing

    def _has_work(self, previous: DelayedPendingPaste[C] | None) -> bool:
        """Return whether there is something to do: a paste that differs from `previous`, or a request."""
        return self._closing or self._pending is not previous or (self._pending is None and bool(self._requests))

    def _watch(self, pending: DelayedPendingPaste[C]) -> None:
        if not pending.offered.progress.is_clipboard_lost and not self._desktop.owns_clipboard():
            self._on_lost()
        elif (renewal_at := pending.offered.renewal_at) is not None and self._desktop.now() >= renewal_at:
            self._renew()
        elif (outcome := pending.offered.find_outcome(self._desktop.now())) is not None:
            self._finish(pending, outcome)

    def _renew(self) -> None:
        """Offer the text again; a failure to take the clipboard counts as one more try."""
        is_renewed = self._desktop.renew_offer()
        now = self._desktop.now()
        self._update_offer(lambda offered: replace(offered.with_renewal(now), is_fulfilled=not is_renewed))

    def _paste(self, request: PasteRequest) -> None:
        """Do everything up to the chord, and answer if the paste ends before it."""
        target, options = request.target, self._get_options()
        rule = self._find_rule(target)
        rule = rule.model_copy(update={"enter": rule.enter or request.enter})
        shortcut = rule.chord or PasteShortcut.CTRL_V
        text = request.text if request.is_put_back else rule.adapt_text(request.text)
        if (obstacle := self._obstacles.wait_for_chord(target, shortcut, is_new_paste=True)) is not None:
            self._stop_before_chord(obstacle, shortcut, text)
            return
        previous = self._find_previous_character(target, options)
        joined = text_fit.join_text(previous, text)
        self._early_readers.clear()
        self._is_offer_unread = True
        replaced_contents = self._desktop.offer_text(joined, target, self._on_read, self._on_lost)
        if replaced_contents is None:
            self._answer_current(CLIPBOARD_UNAVAILABLE)
            return
        self._replaced_contents = replaced_contents
        self._desktop.wait(lambda: self._closing, self._desktop.now() + rule.delay_ms / 1000)
        if self._early_readers and rule.reads != "early":
            self._is_offer_unread = self._desktop.renew_offer()
        obstacle = self._obstacles.wait_for_chord(target, shortcut)
        if obstacle is None and not self._desktop.owns_clipboard():
            self._answer_current(CLIPBOARD_UNAVAILABLE)
        elif obstacle is not None:
            self._stop_before_chord(obstacle, shortcut, text, replaced_contents)
        else:
            offered = DelayedText.with_early_reads(
                PasteProgress(self._desktop.now(), is_next_waiting=len(self._requests) > 1),
                self._early_readers,
                reads_early=rule.reads == "early",
                is_unread=self._is_offer_unread,
                has_unnamed_history=self._has_unnamed_history,
            )
            self._send_chord(
                request,
                DelayedPendingPaste(*(target, rule, shortcut, offered, joined, previous, request, replaced_contents)),
            )

    def _send_chord(self, request: PasteRequest, pending: DelayedPendingPaste[C]) -> None:
        keys = self._desktop.shortcut_keys(pending.shortcut)
        self._pending = pending
        self._activity.expect_own_keys(keys)
        if self._desktop.press_keys(keys):
            request.on_sent()
        else:
            self._pending = None
            reason = PasteResult(Outcome.COPIED, (Message("keys-not-allowed"),))
            self._stop_before_chord(reason, pending.shortcut, pending.text, pending.replaced_contents)

    def _find_previous_character(self, target: Target, options: PasteOptions) -> str:
        """Return the last insertion's last character, if that is still what stands before the cursor."""
        if options.join == "none":
            return ""
        last_input_at = self._activity.last_input_at(inf) if options.join == "auto" else 0.0
        return text_fit.find_character_before(self._last_insertion, target.handle, self._desktop.now(), last_input_at)

    def _find_rule(self, target: Target) -> PasteRule:
        names, electron = self._desktop.app_names(target), self._desktop.is_electron(target)
        return self._get_options().rules.find_rule(*names, electron=electron, system=self._system)

    def _edit(self, request: PasteRequest, selection: Selection) -> None:
        """Replace a selection; what was inserted before stays known if nothing was changed."""
        previous = self._last_insertion
        result, inserted = self._fields.replace_selection(request, selection)
        self._answer_current(result)
        self._last_insertion = previous if result.outcome is Outcome.REFUSED else inserted

    def _undo_insertion(self, request: UndoRequest) -> None:
        """Remove what was inserted last and paste the other text in its place, if there is one."""
        insertion, target = self._last_insertion, self._desktop.active_window()
        last_input_at = self._activity.last_input_at(request.requested_at - REQUEST_INPUT_S)
        reason = find_undo_objection(request, insertion, target.handle, self._find_rule(target), last_input_at)
        if (
            insertion is None
            or reason
            or (reason := self._fields.remove(target, insertion, restores=not request.texts))
        ):
            if reason == FIELD_ALTERED:
                self._answer_current(PasteResult(Outcome.UNCONFIRMED, (FIELD_ALTERED,)))
                return
            self._answer_current(PasteResult(Outcome.REFUSED, request.refusal_notes(reason or NOTHING_TO_UNDO)))
            self._last_insertion = insertion
            return
        self._last_insertion = Insertion(target.handle, "", self._desktop.now(), insertion.previous_text)
        self._requests[0] = request = replace(request, is_removed=True)
        if request.texts:
            text, replaced_text = request.other_text(insertion.spoken_text), insertion.replaced_text
            self._paste(PasteRequest(text, target, request.on_sent, request.on_answer, replaced_text=replaced_text))
        else:
            removed = self._last_insertion
            self._answer_current(PasteResult(Outcome.CANCELLED))
            self._last_insertion = removed

    def _stop_before_chord(
        self, reason: PasteResult, shortcut: PasteShortcut, text: str, replaced_contents: C | None = None
    ) -> None:
        """End without a chord: a refused text goes nowhere, any other stays on the clipboard, if that can be had."""
        if reason.outcome is Outcome.COPIED and self._desktop.leave_text(text, self._is_closing):
            self._answer_current(leave_on_clipboard(self._desktop.shortcut_label(shortcut), *reason.notes))
            return
        if reason.outcome is Outcome.COPIED:
            reason = PasteResult(Outcome.FAILED, (*reason.notes, *CLIPBOARD_UNAVAILABLE.notes))
        lost = self._restore(replaced_contents) if replaced_contents is not None else ()
        self._answer_current(PasteResult(reason.outcome, (*reason.notes, *lost)))

    def _restore(self, replaced_contents: C) -> Notes:
        """Restore the clipboard, unless another program has put something there since; return notes on what is lost."""
        is_ours = self._desktop.owns_clipboard()
        return self._desktop.restore_clipboard(replaced_contents, self._is_closing) if is_ours else ()

    def _leave_unread(self, pending: DelayedPendingPaste[C]) -> None:
        """Answer that the window took nothing, and leave the text for the user in the place of the offer."""
        name, shortcut = app_name(pending.target), self._desktop.shortcut_label(pending.shortcut)
        if self._desktop.leave_text(pending.text, self._is_closing, over_own=True):
            note = Message("text-not-taken-copied", name=name, shortcut=shortcut)
            self._answer_current(PasteResult(Outcome.COPIED, (note,)))
        elif not self._desktop.owns_clipboard():
            self._answer_current(PasteResult(Outcome.UNCONFIRMED, unread_notes(pending.rule.enter)))
        else:
            lost = self._restore(pending.replaced_contents)
            notes = (Message("text-not-taken", name=name), *CLIPBOARD_UNAVAILABLE.notes, *lost)
            self._answer_current(PasteResult(Outcome.FAILED, notes))

    def _finish(self, pending: DelayedPendingPaste[C], outcome: Outcome) -> None:
        """Answer and, unless the text is left for the user, restore what is still ours."""
        self._pending = None
        # A history reads every offer, so at most one such read is none of its.
        self._has_unnamed_history = pending.offered.is_unnamed_history and pending.offered.unnamed_reads > 1
        if outcome is Outcome.COPIED:
            self._leave_unread(pending)
            return
        lost = self._restore(pending.replaced_contents)
        enter, after = pending.rule.enter, pending.rule.adapt_text(pending.request.text_after_cursor)
        if outcome is Outcome.INSERTED and pending.rule.reads == "early":
            outcome, notes = Outcome.UNCONFIRMED, unread_notes(enter, REMOTE_UNPROVEN)
        elif outcome is Outcome.INSERTED:
            notes = self._press_enter(pending) if enter else self._fields.place_cursor(pending) if after else ()
        else:
            is_taken = pending.offered.progress.is_clipboard_lost or not pending.offered.is_read_by_other
            notes = unread_notes(enter, TAKEN_BEFORE_READ if is_taken else READ_BY_OTHER_PROGRAM)
        self._answer_current(PasteResult(outcome, (*notes, *lost)))
        entered = enter and not notes
        self._last_insertion = (
            Insertion(pending.target.handle, "", pending.offered.progress.sent_at, "\n")
            if entered
            else Insertion(
                *(pending.target.handle, pending.text, pending.offered.progress.sent_at, pending.previous_text),
                spoken_text=pending.request.text,
                text_after_cursor=after if outcome is Outcome.INSERTED and not (enter or notes) else "",
                replaced_text=pending.request.replaced_text,
            )
        )

    def _press_enter(self, pending: DelayedPendingPaste[C]) -> Notes:
        """Press Return if the user is still in the window. Returns notes if that was not possible.

        The talk key may be down again: a Control that does not affect Ctrl+V makes Return another key.
        """
        if reason := self._obstacles.wait_for_chord(pending.target, PasteShortcut.SHIFT_INSERT):
            return (*(reason.notes if reason.outcome is Outcome.COPIED else ()), RETURN_NOT_PRESSED)
        keys = (self._desktop.enter_key(),)
        self._activity.expect_own_keys(keys)
        return () if self._desktop.press_keys(keys) else (RETURN_NOT_PRESSED,)

    def _answer_current(self, result: PasteResult) -> None:
        """Answer the oldest request, which is the current one and whose clipboard has been restored."""
        self._last_insertion = self._replaced_contents = None
        match self._requests.popleft():
            case UndoRequest() as undo_request:
                logger.info("an undo: %s", result.outcome)
                undo_request.on_answer(undo_request.adjust_result(result))
            case PasteRequest() as request:
                logger.info("a text of %d characters: %s", len(request.text), result.outcome)
                request.on_answer(result)
            case SelectionRequest() as read_request:
                read_request.on_answer(Selection(refusal=result.notes))
            case ClipboardTextRequest() as text_request:
                text_request.on_answer(None)

    def _on_read(self, reader: ReaderKind, at: float) -> None:
        """Process a read of the text: a receipt if it was the target's and the chord was sent."""
        if self._pending is None:
            self._early_readers.append(reader)
            self._is_offer_unread = False
            reads_twice = False
        else:
            reads_twice = self._pending.rule.reads == "twice" and self._pending.offered.progress.read_at is None
        self._update_offer(lambda offered: offered.with_read(reader, at, reads_twice=reads_twice))

    def _on_lost(self) -> None:
        """Note that another program has taken the clipboard."""
        self._update_offer(lambda offered: replace(offered, progress=replace(offered.progress, is_clipboard_lost=True)))

    def _update_offer(self, change: Callable[[DelayedText], DelayedText]) -> None:
        if self._pending is not None:
            self._pending = replace(self._pending, offered=change(self._pending.offered))
