"""Why a selection is not edited and a cursor not placed, in the words of all pasters, and how long one may be. Pure."""

from __future__ import annotations

from desktop.core.messages import Message
from desktop.core.types import Selection

MAX_EDIT_CHARACTERS = 10_000
"""Five pages: what a language model rewrites within the time that an edit is waited for."""

NOTHING_SELECTED = Message("selection-empty")
SELECTION_UNREADABLE = Message("selection-unreadable")
SELECTION_CHANGED = Message("selection-changed")
SELECTION_TOO_LONG = Message("selection-too-long")
WINDOW_NOT_EDITABLE = Message("edit-window-unsuitable")
OWN_WINDOW = Message("edit-own-window")
NOTHING_CHANGED = Message("nothing-changed")
CURSOR_NOT_MOVED = Message("cursor-not-moved")
FIELD_WITHOUT_SELECTION = Message("field-without-selection")
FIELD_WITHOUT_TEXT = Message("field-without-text")
FIELD_WITHOUT_CURSOR = Message("field-without-cursor")
FIELD_READ_ONLY = Message("field-read-only")
FIELD_REFUSED = Message("field-refused")
FIELD_ALTERED = Message("field-altered")
"""The field did not do what it was asked to, and does not stand as before."""


def find_field_objection(reported: Selection, handle: int, selected: str | None) -> Message | None:
    """Return why what a field of the window `handle` tells as `selected` must not be edited; None if it may.

    `reported` is what it told at the press.
    """
    if reported.handle != handle:
        return SELECTION_CHANGED
    if selected is None:
        return FIELD_WITHOUT_SELECTION
    if selected != reported.text:
        return SELECTION_CHANGED
    if not selected.strip():
        return NOTHING_SELECTED
    return SELECTION_TOO_LONG if len(selected) > MAX_EDIT_CHARACTERS else None
