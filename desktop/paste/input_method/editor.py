"""Undo, swap and edit texts in a field as its input method: by what stands there, to the character, or not at all.

The program reports the text around its cursor and what is selected. What is not certain by that is refused, and nothing
is changed: text that was touched since, a selection that may go on beyond the report, terminals, password fields.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from time import monotonic

from desktop.core.interfaces import PasterCapability, UserActivity
from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult, Selection, Target
from desktop.paste.apps import PasteRule, may_use_qt
from desktop.paste.input_method.committer import (
    PROBE,
    SilenceChoice,
    commit_text,
    delete_text,
    find_deletion_obstacle,
    find_traits_obstacle,
    probe_field,
    remove_probe,
)
from desktop.paste.input_method.interface import InputContext, SurroundingText
from desktop.paste.input_method.joiner import FieldJoiner
from desktop.paste.input_method.receipt import MIN_EVIDENCE, is_selection_whole, stands_before_cursor
from desktop.paste.input_method.route import CommitRoute
from desktop.paste.request import (
    COMMIT_CUT_OFF,
    PASSWORD_FIELD_FOCUSED,
    PROBE_LEFT,
    TEXT_IN_HISTORY,
    USER_AWAY,
    USER_LEFT,
)
from desktop.paste.selection import (
    NOTHING_CHANGED,
    OWN_WINDOW,
    SELECTION_CHANGED,
    SELECTION_UNREADABLE,
    WINDOW_NOT_EDITABLE,
)
from desktop.paste.session_paster import SessionPaster
from desktop.paste.text_fit import JOIN_TIMEOUT_S, Insertion
from desktop.paste.undo import (
    NOTHING_TO_UNDO,
    OTHER_WINDOW,
    REQUEST_INPUT_S,
    TEXT_UNREADABLE,
    UndoRequest,
    find_undo_objection,
)
from desktop.paste.x11.selection import find_edit_objection
from desktop.platforms.linux import x11_focus

MAX_SILENCE_S = 30.0
"""Seconds after a text within which a program that reports nothing since is taken at its word that nothing changed."""

MAX_LATE_S = 2.0
"""Seconds after a text within which a report may still be of the time before it: on a busy machine it takes 0.5 s."""


@dataclass(frozen=True, slots=True)
class FieldSelection(Selection):
    """A selection that the program has reported to its input method."""


class FieldEditor:
    """Changes what stands in fields, for one call at a time; None means that only the paster below can.

    `activity` is the paster's.
    """

    def __init__(self, below: SessionPaster, route: CommitRoute, joiner: FieldJoiner, activity: UserActivity) -> None:
        self._below = below
        self._route = route
        self._joiner = joiner
        self._activity = activity
        self._insertion: Insertion | None = None
        self._is_proven = self._is_late = self._is_reported = False
        self._before: int | None = None
        self._focus: object = None

    def note_insertion(
        self,
        insertion: Insertion | None,
        result: PasteResult | None = None,
        before: SurroundingText | None = None,
        *,
        is_late: bool = False,
    ) -> None:
        """Note the last insertion as the input method, with its `result`, and have the paster below know it too.

        `before` is what was reported before it, and kept as a number only; `is_late`: nothing was reported since.
        """
        if result is not None and result.outcome is Outcome.REFUSED:
            return  # nothing went in
        is_cut_off = result is not None and COMMIT_CUT_OFF in result.notes
        self._insertion = None if is_cut_off else insertion
        self._is_proven = result is not None and result.outcome is Outcome.INSERTED
        self._is_late, self._is_reported = is_late and before is not None, False
        self._before = None if before is None else hash(before)
        self._focus = self._route.method.focus
        self._below.note_insertion(self._insertion)

    def note_report(self, report: SurroundingText | None) -> None:
        """Note what a field reports between two texts: another text than the last one tells that its program's silence
        says nothing any more, since it reports each change once."""
        if report is None or self._insertion is None or hash(report) == self._before:
            return
        text = self._insertion.text
        is_ours = stands_before_cursor(report, text) or (not report.selected and text.endswith(report.before))
        self._is_reported = self._is_reported or not is_ours

    def is_unchanged(self, last_insertion: Insertion | None, target: Target) -> bool:
        """Return whether the silence of `target` says that `last_insertion` still stands there: its program reports
        changes, and has reported none since. It is believed for longer where it is known that no key was pressed."""
        is_telling = (self._is_proven or self._is_late) and not self._is_reported
        max_s = JOIN_TIMEOUT_S if self._below.is_input_known else MAX_SILENCE_S
        return is_telling and self._is_recent(last_insertion, target, max_s)

    def complete_report(
        self,
        report: SurroundingText | None,
        last_insertion: Insertion | None,
        target: Target,
        max_s: float = MAX_LATE_S,
    ) -> SurroundingText | None:
        """Return `report` with `last_insertion`, where it is late: the same as before that, `max_s` ago at most."""
        is_late = report is not None and hash(report) == self._before
        if report is None or last_insertion is None or not is_late or report.selected:
            return report
        if not self._is_recent(last_insertion, target, max_s):
            return report
        before = report.before + last_insertion.text
        return SurroundingText(before + report.after, len(before), len(before))

    def _is_recent(self, last_insertion: Insertion | None, target: Target, max_s: float) -> bool:
        """Return whether `last_insertion` went into `target` as the input method less than `max_s` ago, and nothing was
        touched since, as far as that is known."""
        if last_insertion is None or last_insertion is not self._insertion or last_insertion.handle != target.handle:
            return False
        inserted_at = last_insertion.inserted_at
        if self._focus != self._route.method.focus:
            return False
        return monotonic() - inserted_at < max_s and self._activity.last_input_at(inf) <= inserted_at

    async def undo(self, request: UndoRequest) -> PasteResult | None:
        """Undo the last insertion, as `Paster.undo_paste` promises; None if the paster below has made it, or can undo
        it where the program reports no text."""
        focus, insertion = await self._below.find_focus(), self._insertion
        target, options = focus.target, self._below.options
        if insertion is None and focus.last_insertion is None:
            return _refuse_undo(request, NOTHING_TO_UNDO)
        if insertion is None or focus.last_insertion is not insertion or not self._route.is_open(options):
            return None
        last_input_at = self._activity.last_input_at(request.requested_at - REQUEST_INPUT_S)
        rule = self._route.find_rule(target, options)
        if reason := find_undo_objection(request, insertion, target.handle, rule, last_input_at):
            return _refuse_undo(request, reason)
        if target.handle < 0 and len(insertion.text) < MIN_EVIDENCE:
            return _refuse_undo(request, TEXT_UNREADABLE)  # so little may stand in another window too
        async with self._route.open_field(target) as context:
            is_silent = context is None or context.surrounding is None
            if is_silent and PasterCapability.UNDO in self._below.capabilities:
                return None
            if context is None or (is_silent and not self._is_proven):
                return _refuse_undo(request, TEXT_UNREADABLE)
            if (await self._below.find_focus()).target.handle != target.handle:
                return _refuse_undo(request, OTHER_WINDOW)
            if self._has_user_left(request.requested_at):
                return _refuse_undo(request, USER_LEFT)
            return await self._undo_in(context, request, insertion, rule)

    async def _undo_in(
        self, context: InputContext, request: UndoRequest, insertion: Insertion, rule: PasteRule
    ) -> PasteResult:
        """Delete `insertion` if it stands there, and put in what comes in its place."""
        probe = PROBE if context.surrounding is None and not find_traits_obstacle(context) else ""
        if probe and await probe_field(context, probe) is None:
            return _refuse_undo(request, PROBE_LEFT)
        if reason := find_deletion_obstacle(context, insertion, probe):
            if probe and not await remove_probe(context, probe):
                return PasteResult(Outcome.REFUSED, (*request.refusal_notes(reason), PROBE_LEFT))
            return _refuse_undo(request, reason)
        self.note_insertion(None)
        if_silent: SilenceChoice = "probe"
        if request.texts or insertion.replaced_text:
            if_silent = "go on"
        elif insertion.handle < 0:  # it may be Qt's on GNOME, which a probe does not make report
            if_silent = "stop"
        left = await delete_text(context, insertion.text + probe, if_silent)
        if isinstance(left, Message):
            return PasteResult(Outcome.UNCONFIRMED, (left,))
        handle, previous = insertion.handle, insertion.previous_text
        emptied = Insertion(handle, "", monotonic(), previous)
        self.note_insertion(emptied, PasteResult(Outcome.INSERTED))
        text = joined = insertion.replaced_text
        if request.texts:
            text = request.other_text(insertion.spoken_text)
            options = self._below.options
            adapted = text if text == insertion.replaced_text else rule.adapt_text(text)
            previous, joined = self._joiner.join(adapted, left, emptied, handle, options)
        if not joined:
            return PasteResult(Outcome.CANCELLED)
        committed_at = monotonic()
        result = await commit_text(context, joined, request.on_sent, left)
        put_in = Insertion(handle, "", committed_at, joined)
        if request.texts:
            put_in = Insertion(handle, joined, committed_at, previous, text, replaced_text=insertion.replaced_text)
        self.note_insertion(put_in, result)
        return replace(request, is_removed=True).adjust_result(result)

    async def read_selection(self) -> Selection | None:
        """Return what the focused field reports as selected; None if it does not say."""
        focus = await self._below.find_focus()
        target = focus.target
        if self._below.is_xwayland(target) or not self._route.may_commit(target, self._below.options):
            return None
        async with self._route.open_field(target) as context:
            if context is None or context.surrounding is None:
                return None
            if context.traits.is_password or self._route.is_password(target):
                return FieldSelection(target.handle)  # that it is one, `copy_selection` says
            report = context.surrounding
        if PasterCapability.EDIT_SELECTION in self._below.capabilities and not _is_whole(report, target):
            return None  # perhaps more is selected than is reported
        return FieldSelection(target.handle, report.selected or None)

    async def copy_selection(self, reported: Selection, target: Target) -> Selection:
        """Return what is selected in `target`, if that is what was `reported`."""
        async with self._route.open_field(target) as context:
            reason = await self._find_edit_obstacle(context, reported, target)
        return FieldSelection(target.handle, None if reason else reported.text, (reason,) if reason else ())

    async def replace_selection(
        self, selection: Selection, text: str, target: Target, on_sent: Callable[[], None], requested_at: float
    ) -> PasteResult:
        """Put `text` where `selection` still is selected in `target`."""
        async with self._route.open_field(target) as context:
            reason = await self._find_edit_obstacle(context, selection, target)
            if reason or context is None:
                return _refuse_edit(reason or SELECTION_UNREADABLE)
            if self._has_user_left(requested_at):
                return USER_AWAY
            committed_at = monotonic()
            adapted = self._route.find_rule(target, self._below.options).adapt_text(text)
            result = await commit_text(context, adapted, on_sent, context.surrounding)
        insertion = Insertion(target.handle, adapted, committed_at, "", text, replaced_text=selection.text or "")
        self.note_insertion(insertion, result)
        return result

    async def _find_edit_obstacle(
        self, context: InputContext | None, selection: Selection, target: Target
    ) -> Message | None:
        """Return why what is selected in `target`, whose field is had, must not be edited; None if it is `selection`,
        to the character."""
        if target.pid == os.getpid():
            return OWN_WINDOW
        if selection.handle != target.handle:
            return SELECTION_CHANGED
        if self._route.is_password(target):
            return PASSWORD_FIELD_FOCUSED
        if not self._route.find_rule(target, self._below.options).is_exact:
            return WINDOW_NOT_EDITABLE
        return await self._below.find_obstacle(target) or _find_selection_obstacle(context, selection, target)

    def _has_user_left(self, since: float) -> bool:
        return self._activity.last_left_at() > since


def _find_selection_obstacle(context: InputContext | None, selection: Selection, target: Target) -> Message | None:
    """Return why what is selected in the field must not be replaced; None if it is `selection`, to the character."""
    if context is None:
        return SELECTION_UNREADABLE
    if context.traits.is_password:
        return PASSWORD_FIELD_FOCUSED
    if context.traits.is_terminal:
        return WINDOW_NOT_EDITABLE
    if (report := context.surrounding) is None:
        return SELECTION_UNREADABLE
    if reason := find_edit_objection(selection.text, report.selected or None, report.selected):
        return reason
    return None if _is_whole(report, target) else SELECTION_UNREADABLE


def _is_whole(report: SurroundingText, target: Target) -> bool:
    """Return whether what is selected, in `target`, is for certain all that is selected there."""
    may_be_part = may_use_qt(target.pid, x11_focus.read_process_name(target.pid))
    return bool(report.selected) and is_selection_whole(report, may_be_part=may_be_part)


def _refuse_undo(request: UndoRequest, reason: Message) -> PasteResult:
    return PasteResult(Outcome.REFUSED, request.refusal_notes(reason))


def _refuse_edit(reason: Message) -> PasteResult:
    return PasteResult(Outcome.REFUSED, (reason, NOTHING_CHANGED, TEXT_IN_HISTORY))
