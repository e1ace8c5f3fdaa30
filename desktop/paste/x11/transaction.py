"""The paste transaction: take the clipboard, send the chord, watch the target read, restore the clipboard.

All of it runs in the paste thread, one dictation after the other; every wait inside serves the clipboard. The window is
never chosen or changed here: if the focused window is not the target, the text stays on the clipboard.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Any

from desktop.core.chords import PasteChord
from desktop.core.interfaces import UserActivity
from desktop.core.messages import Message
from desktop.core.types import InputField, Outcome, PasteResult, Selection, Target
from desktop.paste.apps import PasteRule, is_electron
from desktop.paste.outcome import PasteProgress
from desktop.paste.request import (
    CLIPBOARD_UNAVAILABLE,
    KEEP_OFF_CLIPBOARD,
    TEXT_IN_HISTORY,
    USER_AWAY,
    USER_LEFT,
    ClipboardTextRequest,
    PasteOptions,
    PasteRequest,
    SelectionRequest,
    add_lost_contents_notes,
    app_name,
    leave_on_clipboard,
    refuse,
)
from desktop.paste.selection import NOTHING_CHANGED
from desktop.paste.text_fit import Insertion
from desktop.paste.undo import NOTHING_TO_UNDO, REQUEST_INPUT_S, UndoRequest, find_undo_objection
from desktop.paste.x11.active_window import ActiveWindowTracker
from desktop.paste.x11.after_paste import AfterPaste, CursorMover
from desktop.paste.x11.clipboard import text_contents
from desktop.paste.x11.clipboard_copy import SelectionContents, SelectionCopy
from desktop.paste.x11.connection import X11Connection
from desktop.paste.x11.keyboard import XTestKeyboard
from desktop.paste.x11.obstacles import COPY_CHORD, Obstacles
from desktop.paste.x11.paste_state import PendingPaste
from desktop.paste.x11.selection import SelectionCopier
from desktop.paste.x11.selection_reader import PasteThreadRequest, SelectionReader
from desktop.paste.x11.text_joiner import TextJoiner
from desktop.paste.x11.undo import Undo
from desktop.paste.x11.watcher import PasteWatcher
from desktop.platforms.linux import x11_focus

logger = logging.getLogger(__name__)


class PasteTransaction:
    """Handles one request at a time (a paste, an undo, a read), until `close`.

    Call `submit`, `end_checks` (that of `Obstacles`) and `close` in the paste thread (`X11Connection.post`), and set
    `last_insertion` there; `handle_event` is the connection's `on_event`.
    """

    def __init__(
        self,
        connection: X11Connection,
        activity: UserActivity,
        get_options: Callable[[], PasteOptions],
        is_password_focused: Callable[[Target], Future[bool | None]],
        recheck_field: Callable[[Target], Future[InputField | None]],
        may_prefetch: Callable[[Target], bool] = lambda target: True,
        on_restorable: Callable[[SelectionContents], None] = lambda contents: None,
        on_keys_held: Callable[[Sequence[int]], None] = lambda keycodes: None,
    ) -> None:
        """`is_password_focused` is that of `Obstacles`, `recheck_field` returns the focused field with the text around
        its cursor; `may_prefetch` is the paster's, `on_restorable` the clipboard's, `on_keys_held` the keyboard's."""
        self._x = connection
        self._activity = activity
        self._get_options = get_options
        self._may_prefetch = may_prefetch
        self._joiner = TextJoiner(connection, activity, recheck_field)
        self._watcher = PasteWatcher(connection, activity, lambda: bool(self._requests), on_restorable)
        self._clipboard, self._receipts = self._watcher.clipboard, self._watcher.receipts
        self._keyboard = XTestKeyboard(connection, on_keys_held)
        self._requests: deque[PasteThreadRequest] = deque()
        self._cursor = CursorMover(self._keyboard, activity.expect_own_keys)
        copier = SelectionCopier(connection, self._clipboard, self._keyboard, activity)
        self._undo = Undo(connection, self._clipboard, self._keyboard, activity.expect_own_keys, copier)
        self._obstacles = Obstacles(connection, self._keyboard, activity, is_password_focused, lambda: self._closing)
        self.end_checks = self._obstacles.end_checks
        self._selection_reader = SelectionReader(
            connection, self._clipboard, copier, self._obstacles, self._find_rule, self._requests
        )
        self._answer_quick_requests = self._selection_reader.answer_quick_requests
        self._after_paste = AfterPaste(
            self._keyboard, self._cursor, self._obstacles, activity.expect_own_keys, self._answer_quick_requests
        )
        self.press_enter_at_once = self._after_paste.press_enter_at_once
        self._replaced_contents: Mapping[str, SelectionCopy] = {}
        self.last_insertion: Insertion | None = None
        self._closing = False
        self.may_be_unread = False
        """Whether a window may still read what was pasted, because this was closed before it had."""
        self._active_window = ActiveWindowTracker(connection)
        self.find_active = self._active_window.find_active

    def find_target(self) -> Target:
        """Return the target window now; request the early copy of the clipboard while the user talks."""
        target = self._active_window.find_target()
        self._clipboard.prefetch.is_requested |= self._activity.is_speaking() and self._may_prefetch(target)
        return target

    def handle_event(self, event: Any) -> None:
        """Handle an event of the connection that is not waited for."""
        self._active_window.handle_event(event)
        self._clipboard.handle_event(event)

    def submit(self, request: PasteThreadRequest) -> None:
        """Handle this request after those before it."""
        self._requests.append(request)
        if not isinstance(request, ClipboardTextRequest):
            self._watcher.note_next_waiting()

    def close(self) -> None:
        """End `run`: the open paste is answered by what is known."""
        self._closing = True

    def fail_all(self, result: PasteResult) -> None:
        """Answer all open requests with `result`; the clipboard is restored if possible."""
        replaced_contents, self._watcher.pending = self._replaced_contents, None
        with suppress(Exception):  # the display may be gone
            self._restore(replaced_contents)
        while self._requests:
            self._answer_current(result)

    def run(self) -> None:
        """Serve until `close`."""
        while not self._closing:
            pending = self._watcher.pending
            self._x.wait(partial(self._has_work, pending), pending.next_check_at if pending else None)
            if (pending := self._watcher.pending) is not None:
                if (outcome := self._watcher.advance(pending)) is not None:
                    self._finish(pending, outcome)
            elif self._requests and not self._selection_reader.has_late_copy:
                match self._requests[0]:
                    case PasteRequest() as request:
                        self._paste(request)
                    case UndoRequest() as undo_request:
                        self._undo_insertion(undo_request)
                    case ClipboardTextRequest() | SelectionRequest() as read_request:
                        self._selection_reader.answer(read_request)
                        self._requests.popleft()
            elif self._selection_reader.has_idle_work:
                self._selection_reader.do_idle_work(lambda: self._closing or bool(self._requests))
        if (pending := self._watcher.pending) is not None:
            self.may_be_unread = not pending.is_confirmed  # nothing may serve the previous contents, no manager either
            self._finish(pending, Outcome.UNCONFIRMED if self.may_be_unread else Outcome.INSERTED)
        if not self.may_be_unread:
            self._clipboard.hand_over_to_manager()

    def _has_work(self, previous: PendingPaste | None) -> bool:
        """Return whether there is something to do: a paste that differs from `previous`, a request, or idle work."""
        pending = self._watcher.pending
        if self._closing or pending is not previous:
            return True
        return pending is None and (bool(self._requests) or self._selection_reader.has_idle_work)

    def _paste(self, request: PasteRequest) -> None:
        """Do everything up to the chord, and answer if the paste ends before it."""
        target, options = request.target, self._get_options()
        rule = self._find_rule(target)
        rule = rule.model_copy(update={"enter": rule.enter or request.enter})
        text = request.text if request.is_put_back else rule.adapt_text(request.text)
        chord = self._keyboard.find_chord(rule.chord)
        obstacle = self._obstacles.wait_for_keys_in(target, chord, self._answer_quick_requests)
        if request.selection is not None:
            obstacle = (
                obstacle
                or self._obstacles.wait_for_keys(COPY_CHORD, self._answer_quick_requests)
                or self._selection_reader.find_change(request.selection)
            )
        if self._obstacles.has_user_left(request.requested_at):
            self._answer_current(USER_AWAY)
            return
        if obstacle:
            self._stop_before_chord(request, chord, text, obstacle)
            return
        previous_character, joined = "", text
        if request.selection is None:
            previous_character, joined = self._joiner.join(self.last_insertion, text, target, options)
        replaced_contents = {selection: self._clipboard.copy(selection) for selection in chord.selections}
        self._receipts.begin(rule, target)
        if reason := self._obstacles.find_password_field(target):
            self._stop_before_chord(request, chord, text, reason)
            return
        self._replaced_contents = replaced_contents
        if not self._take_selections(chord, joined, replaced_contents):
            self._restore(replaced_contents)
            self._answer_current(CLIPBOARD_UNAVAILABLE)
            return
        self._x.pause(rule.delay_ms / 1000)
        self._receipts.wait_for_early_reads()
        obstacle = self._obstacles.find_obstacle_before_chord(target, chord)
        if self._obstacles.has_user_left(request.requested_at):
            self._restore(replaced_contents)
            self._answer_current(USER_AWAY)
        elif obstacle:
            self._stop_before_chord(request, chord, text, obstacle, replaced_contents)
        elif not all(map(self._clipboard.is_owned, chord.selections)):
            self._restore(replaced_contents)
            self._answer_current(CLIPBOARD_UNAVAILABLE)
        else:
            now, is_next_waiting = monotonic(), len(self._requests) > 1
            progress, receipt = self._receipts.open_receipt(rule, PasteProgress(now, is_next_waiting=is_next_waiting))
            insertion = Insertion(
                target.handle, joined, now, previous_character, request.text, replaced_text=request.replaced_text
            )
            if request.final:
                insertion = Insertion(target.handle, "", now, joined)
            self._watcher.pending = PendingPaste(
                chord,
                rule,
                target,
                progress,
                replaced_contents,
                insertion,
                rule.adapt_text(request.text_after_cursor),
                receipt=receipt,
                clipboard_taken_at=self._receipts.clipboard_taken_at,
                ignores_changes=self._receipts.ignores_changes,
            )
            self._activity.expect_own_keys(chord.keycodes)
            pressed_serial = self._keyboard.press_keys(chord.keycodes, rule.hold_ms / 1000)
            self._watcher.pending = self._watcher.pending.with_chord_pressed(pressed_serial)
            request.on_sent()

    def _undo_insertion(self, request: UndoRequest) -> None:
        """Remove what was inserted last and paste the other text in its place, if there is one."""
        insertion, target = self.last_insertion, self._active_window.find_active()
        last_input_at = self._activity.last_input_at(request.requested_at - REQUEST_INPUT_S)
        reason = (
            find_undo_objection(request, insertion, target.handle, self._find_rule(target), last_input_at)
            or self._obstacles.wait_for_keys(COPY_CHORD, self._answer_quick_requests)
            or (USER_LEFT if self._obstacles.has_user_left(request.requested_at) else None)
        )
        if insertion is not None and not reason:
            obstacle = self._obstacles.make_untouched_check(target, monotonic())
            reason = self._cursor.run_at_end(
                insertion.text_after_cursor, obstacle, partial(self._undo.remove, insertion, obstacle)
            )
        if insertion is None or reason:
            self._answer_current(PasteResult(Outcome.REFUSED, request.refusal_notes(reason or NOTHING_TO_UNDO)))
            self.last_insertion = insertion
            return
        self._requests[0] = request = replace(request, is_removed=True)
        emptied_insertion = Insertion(target.handle, "", monotonic(), insertion.previous_text)
        if request.texts:
            self.last_insertion = emptied_insertion
            text, replaced_text = request.other_text(insertion.spoken_text), insertion.replaced_text
            self._paste(PasteRequest(text, target, request.on_sent, request.on_answer, replaced_text=replaced_text))
        elif insertion.replaced_text:
            self.last_insertion = emptied_insertion
            self._paste(PasteRequest(insertion.replaced_text, target, lambda: None, request.on_answer, final=True))
        else:
            self._answer_current(PasteResult(Outcome.CANCELLED))
            self.last_insertion = emptied_insertion

    def _find_rule(self, target: Target) -> PasteRule:
        return self._get_options().rules.find_rule(
            target.app, x11_focus.read_process_name(target.pid), electron=is_electron(target.pid)
        )

    def _take_selections(
        self, chord: PasteChord, text: str, replaced_contents: Mapping[str, SelectionCopy] | None = None
    ) -> bool:
        """Put `text` into every selection of the chord, as a paste if the `replaced_contents` will be restored; return
        False if one is unavailable."""
        self._selection_reader.forget_late_copy()
        contents = text_contents(self._x, text)
        restorable = {name: copy.contents for name, copy in (replaced_contents or {}).items()}
        return all(
            self._clipboard.take(name, contents, restorable.get(name), is_own_text=True) for name in chord.selections
        )

    def _stop_before_chord(
        self,
        request: PasteRequest,
        chord: PasteChord,
        text: str,
        reason: Message,
        replaced_contents: Mapping[str, SelectionCopy] | None = None,
    ) -> None:
        """End without the chord, and leave the text on the clipboard for the user to paste, if it may be there. An edit
        changes nothing at all instead, so the `replaced_contents` are restored."""
        if reason in KEEP_OFF_CLIPBOARD:
            self._restore(replaced_contents or {})
            self._answer_current(refuse(reason))
        elif request.selection is not None:
            self._restore(replaced_contents or {})
            insertion = self.last_insertion
            self._answer_current(PasteResult(Outcome.REFUSED, (reason, NOTHING_CHANGED, TEXT_IN_HISTORY)))
            self.last_insertion = insertion
        elif self._take_selections(chord, text):
            self._answer_current(leave_on_clipboard(chord.shortcut.value, reason))
        else:
            self._answer_current(CLIPBOARD_UNAVAILABLE)

    def _finish(self, pending: PendingPaste, outcome: Outcome) -> None:
        """Answer and, unless the text is left for the user, restore what is still ours."""
        self._watcher.pending = None
        self._receipts.learn(pending)
        if outcome is Outcome.COPIED:
            for selection in pending.chord.selections:
                self._clipboard.keep_contents(selection)
            name, shortcut = app_name(pending.target), pending.chord.shortcut.value
            note = Message("text-not-taken-copied", name=name, shortcut=shortcut)
            self._answer_current(PasteResult(outcome, (note,)))
        else:
            restore = partial(self._restore, {} if self.may_be_unread else pending.replaced_contents)
            pending, outcome = self._receipts.restore_and_confirm(pending, outcome, restore)
            presses_enter = pending.rule.enter and outcome is Outcome.INSERTED
            insertion, notes = pending.insertion, pending.unconfirmed_notes if outcome is Outcome.UNCONFIRMED else ()
            if presses_enter:
                notes = self._after_paste.press_enter(pending)
            elif pending.text_after_cursor and outcome is Outcome.INSERTED:
                notes = self._after_paste.place_cursor(pending)
                insertion = insertion if notes else replace(insertion, text_after_cursor=pending.text_after_cursor)
            self._answer_current(PasteResult(outcome, notes, pending.read_s))
            sent_insertion = Insertion(pending.target.handle, "", pending.progress.sent_at, "\n")
            self.last_insertion = sent_insertion if presses_enter and not notes else insertion

    def _restore(self, replaced_contents: Mapping[str, SelectionCopy]) -> None:
        for selection, copy in replaced_contents.items():
            self._clipboard.restore(selection, copy.contents)

    def _answer_current(self, result: PasteResult) -> None:
        """Answer the oldest request, which is the current one and whose clipboard has been restored, and add notes on
        what could not be kept of the previous contents."""
        request = self._requests.popleft()
        replaced_copy, self._replaced_contents = self._replaced_contents.get("CLIPBOARD"), {}
        if replaced_copy is not None:
            result = add_lost_contents_notes(result, replaced_copy.contents, replaced_copy.is_whole)
        if isinstance(request, ClipboardTextRequest):
            request.on_answer(None)
            return
        if isinstance(request, SelectionRequest):
            request.on_answer(Selection(refusal=result.notes))
            return
        self.last_insertion = None
        subject = f"a text of {len(request.text)} characters" if isinstance(request, PasteRequest) else "taking back"
        logger.info("%s: %s", subject, result.outcome)
        request.on_answer(request.adjust_result(result) if isinstance(request, UndoRequest) else result)
