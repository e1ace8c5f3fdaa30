"""Change what stands in a field that tells exactly what it holds: undo, voice editing, the cursor within a text.

No key is pressed and the clipboard is not used: the desktop asks the field, changes it and looks at it again. Where a
field does not tell its text, nothing is changed, and a sentence says so. All of it belongs to the paste thread.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from desktop.core.messages import Message, Notes
from desktop.core.types import Outcome, PasteResult, Selection, Target
from desktop.paste.apps import PasteRule
from desktop.paste.delayed.desktop import PasteDesktop
from desktop.paste.delayed.pending_text import DelayedPendingPaste
from desktop.paste.request import TEXT_IN_HISTORY, PasteRequest, SelectionRequest
from desktop.paste.selection import (
    FIELD_ALTERED,
    FIELD_WITHOUT_CURSOR,
    FIELD_WITHOUT_SELECTION,
    NOTHING_CHANGED,
    OWN_WINDOW,
    WINDOW_NOT_EDITABLE,
    find_field_objection,
)
from desktop.paste.text_fit import Insertion


class TextFieldEditor[C]:
    """Edits fields of `desktop`. `find_obstacle(target)` returns why nothing may go into the focused window,
    `find_rule(target)` how it is pasted into; `is_ending()` whether programs are no longer waited for."""

    def __init__(
        self,
        desktop: PasteDesktop[C],
        find_obstacle: Callable[[Target], PasteResult | None],
        find_rule: Callable[[Target], PasteRule],
        is_ending: Callable[[], bool],
    ) -> None:
        self._desktop = desktop
        self._find_obstacle = find_obstacle
        self._find_rule = find_rule
        self._is_ending = is_ending

    def read_selection(self, request: SelectionRequest) -> Selection:
        """Return what is selected, as `SelectionRequest` says."""
        target = request.target
        if target is None:
            active = self._desktop.active_window()
            return Selection(active.handle, self._read(active) if active.pid != os.getpid() else None)
        reason = self._find_edit_obstacle(target)
        selected = None if reason else self._read(target)
        reason = reason or find_field_objection(request.reported, target.handle, selected)
        return Selection(target.handle, refusal=(reason,)) if reason else Selection(target.handle, selected)

    def replace_selection(self, request: PasteRequest, selection: Selection) -> tuple[PasteResult, Insertion | None]:
        """Replace `selection` in the target, and call `on_sent`; return how that ended, and what was inserted."""
        target, text = request.target, self._find_rule(request.target).adapt_text(request.text)
        reason = self._find_edit_obstacle(target) or (
            self._desktop.replace_selection(target, selection.text, text)
            if selection.text is not None
            else FIELD_WITHOUT_SELECTION
        )
        if reason == FIELD_ALTERED:
            return PasteResult(Outcome.UNCONFIRMED, (FIELD_ALTERED, TEXT_IN_HISTORY)), None
        if reason is not None:
            return PasteResult(Outcome.REFUSED, (reason, NOTHING_CHANGED, TEXT_IN_HISTORY)), None
        request.on_sent()
        return PasteResult(Outcome.INSERTED), Insertion(
            *(target.handle, text, self._desktop.now()),
            spoken_text=request.text,
            replaced_text=request.replaced_text,
        )

    def remove(self, target: Target, insertion: Insertion, *, restores: bool) -> Message | None:
        """Remove `insertion` from the field, and put back what it had replaced if it `restores` that. Returns why
        nothing was changed, or `FIELD_ALTERED`."""
        if obstacle := self._find_obstacle(target):
            return obstacle.notes[0]
        replacement = insertion.replaced_text if restores else ""
        return self._desktop.remove_text(insertion.text, target, insertion.text_after_cursor, replacement)

    def place_cursor(self, pending: DelayedPendingPaste[C]) -> Notes:
        """Move the cursor to its place in the text that has arrived. Returns notes if that was not possible."""
        if obstacle := self._find_obstacle(pending.target):
            return (*(obstacle.notes if obstacle.outcome is Outcome.COPIED else ()), FIELD_WITHOUT_CURSOR)
        after = pending.rule.adapt_text(pending.request.text_after_cursor)
        is_there = self._desktop.move_cursor(pending.text, pending.target, after)
        return () if is_there else (FIELD_WITHOUT_CURSOR,)

    def _read(self, target: Target) -> str | None:
        return self._desktop.read_selection(target, self._is_ending)

    def _find_edit_obstacle(self, target: Target) -> Message | None:
        """Return why nothing may be edited in `target`; None if it may."""
        if target.pid == os.getpid():
            return OWN_WINDOW
        if not self._find_rule(target).is_exact:
            return WINDOW_NOT_EDITABLE
        obstacle = self._find_obstacle(target)
        return obstacle.notes[0] if obstacle else None
