"""Take back a text in one of Windows' edit controls, by the messages with which it tells its text and its cursor.

The control is asked before and afterwards, so that nothing else goes; what went wrong is undone by the control itself.
Each message has a time limit.
"""

from __future__ import annotations

from ctypes import byref, c_size_t, create_unicode_buffer

from desktop.core.messages import Message
from desktop.paste.undo import TEXT_CHANGED, TEXT_UNREADABLE
from desktop.platforms.windows import api
from desktop.platforms.windows.controls import MAX_EDIT_UNITS, encode_for_edit, find_edit_breaks, find_removal

MESSAGE_TIMEOUT_MS = 500
"""Milliseconds that a control may take for one message."""


def remove_before_cursor(control: int, text: str) -> Message | None:
    """Remove `text` from before the cursor of `control`. Returns why nothing was changed, None when it is done."""
    name = create_unicode_buffer(256)
    api.class_name(control, name, len(name))
    breaks = find_edit_breaks(name.value)
    if breaks is None or (before := _read(control)) is None or (cursor := _read_selection(control)) is None:
        return TEXT_UNREADABLE
    units = encode_for_edit(before, breaks)
    removal = find_removal(units, cursor, encode_for_edit(text, breaks))
    if removal is None:
        return TEXT_CHANGED
    _send(control, api.EM_SETSEL, *removal)
    if _read_selection(control) != removal:
        _send(control, api.EM_SETSEL, *cursor)
        return TEXT_CHANGED
    empty = create_unicode_buffer("")
    _send(control, api.EM_REPLACESEL, 1, api.address_of(empty))
    after = _read(control)
    if after is not None and encode_for_edit(after, breaks) == units[: 2 * removal[0]] + units[2 * removal[1] :]:
        return None
    _send(control, api.EM_UNDO, 0, 0)
    return TEXT_CHANGED


def _send(control: int, message: int, wparam: int, lparam: int) -> int | None:
    """Send a message and return its answer; None if there was none in time."""
    answer = c_size_t()
    limits = (api.SMTO_ABORTIFHUNG, MESSAGE_TIMEOUT_MS, byref(answer))
    return answer.value if api.send_message(control, message, wparam, lparam, *limits) else None


def _read(control: int) -> str | None:
    """Return the control's text; None if it does not tell it, or it has more than its cursor can count."""
    length = _send(control, api.WM_GETTEXTLENGTH, 0, 0)
    if length is None or length > MAX_EDIT_UNITS:
        return None
    text = create_unicode_buffer(length + 1)
    return None if _send(control, api.WM_GETTEXT, len(text), api.address_of(text)) is None else text.value


def _read_selection(control: int) -> tuple[int, int] | None:
    """Return where the control's selection begins and ends, in UTF-16 units."""
    answer = _send(control, api.EM_GETSEL, 0, 0)
    return None if answer is None else (answer & 0xFFFF, answer >> 16 & 0xFFFF)
