"""Read and change what stands in one of Windows' edit controls, by the messages with which it tells text and cursor.

The control is asked before and afterwards, so that nothing else changes; what went wrong is undone by the control
itself. Only a control whose lines have as many units as its text counts the cursor in that text: a rich one may hold
objects that the text lacks. Each message has a time limit.
"""

from __future__ import annotations

from ctypes import byref, c_size_t, create_unicode_buffer
from typing import NamedTuple

from desktop.core.messages import Message
from desktop.paste.selection import (
    FIELD_ALTERED,
    FIELD_READ_ONLY,
    FIELD_REFUSED,
    FIELD_WITHOUT_SELECTION,
    FIELD_WITHOUT_TEXT,
    SELECTION_CHANGED,
)
from desktop.paste.undo import TEXT_CHANGED
from desktop.platforms.windows import api
from desktop.platforms.windows.controls import (
    ES_MULTILINE,
    ES_READONLY,
    MAX_EDIT_UNITS,
    decode_from_edit,
    encode_for_edit,
    find_edit_breaks,
    find_text_at_cursor,
)

MESSAGE_TIMEOUT_MS = 500
"""Milliseconds that a control may take for one message."""


class EditField(NamedTuple):
    """What a control holds, in its own units and with its own line ends, and what is selected there."""

    control: int
    breaks: str
    units: bytes
    selection: tuple[int, int]

    def encode(self, text: str) -> bytes:
        """Return `text` as it would stand there."""
        return encode_for_edit(text, self.breaks)

    @property
    def text(self) -> str:
        """All that stands there."""
        return decode_from_edit(self.units, (0, len(self.units) // 2))

    @property
    def selected_text(self) -> str:
        """The selected text; empty if nothing is."""
        return decode_from_edit(self.units, self.selection)

    def is_style_set(self, style: int) -> bool:
        """Return whether the control has this style."""
        return bool(api.window_number(self.control, api.GWL_STYLE) & style)


def read_field(control: int) -> EditField | None:
    """Return what `control` holds; None where it does not tell that exactly, as most controls."""
    name = create_unicode_buffer(256)
    api.class_name(control, name, len(name))
    breaks = find_edit_breaks(name.value)
    if breaks is None or (text := _read(control)) is None or (selection := _read_selection(control)) is None:
        return None
    units = encode_for_edit(text, breaks)
    return EditField(control, breaks, units, selection) if _count_units(control) == len(units) // 2 else None


def remove_at_cursor(control: int, text: str, text_after_cursor: str, replacement: str) -> Message | None:
    """Replace `text` by `replacement` where it stands at the cursor of `control`, all but `text_after_cursor` before
    it. Returns why nothing was changed or `FIELD_ALTERED`, None when it is done."""
    field = read_field(control)
    if field is None:
        return FIELD_WITHOUT_TEXT
    found = find_text_at_cursor(field.units, field.selection, field.encode(text), field.encode(text_after_cursor))
    if found is None:
        return TEXT_CHANGED
    if field.is_style_set(ES_READONLY):
        return FIELD_READ_ONLY
    if not _select(control, found):
        _select(control, field.selection)
        return TEXT_CHANGED
    return _replace_selected(field._replace(selection=found), replacement)


def replace_selection(control: int, selected: str, text: str) -> Message | None:
    """Replace what is selected in `control` by `text`, if that is `selected`. Returns as `remove_at_cursor`."""
    field = read_field(control)
    if field is None:
        return FIELD_WITHOUT_SELECTION
    if field.selected_text != selected:
        return SELECTION_CHANGED
    return FIELD_READ_ONLY if field.is_style_set(ES_READONLY) else _replace_selected(field, text)


def move_cursor_back(control: int, text: str, text_after_cursor: str) -> bool:
    """Move the cursor from the end of `text` to before its end `text_after_cursor`; return whether it is there."""
    field = read_field(control)
    found = field and find_text_at_cursor(field.units, field.selection, field.encode(text))
    if field is None or found is None:
        return False
    place = found[1] - len(field.encode(text_after_cursor)) // 2
    return _select(control, (place, place))


def _replace_selected(field: EditField, text: str) -> Message | None:
    """Replace what is selected, as the user would by typing, so that the control can undo it."""
    if not field.is_style_set(ES_MULTILINE):
        text = " ".join(text.splitlines())
    units, (start, end) = field.encode(text), field.selection
    new_text = create_unicode_buffer(units.decode("utf-16-le", "surrogatepass"))
    _send(field.control, api.EM_REPLACESEL, 1, api.address_of(new_text))
    after = read_field(field.control)
    if after is not None and after.units == field.units[: 2 * start] + units + field.units[2 * end :]:
        return None
    _send(field.control, api.EM_UNDO, 0, 0)
    after = read_field(field.control)
    return FIELD_REFUSED if after is not None and after.units == field.units else FIELD_ALTERED


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


def _count_units(control: int) -> int | None:
    """Return how many units stand in the control by its own count of lines."""
    if (lines := _send(control, api.EM_GETLINECOUNT, 0, 0)) is None:
        return None
    begin = _send(control, api.EM_LINEINDEX, max(0, lines - 1), 0)
    length = None if begin is None else _send(control, api.EM_LINELENGTH, begin, 0)
    return None if begin is None or length is None else begin + length


def _read_selection(control: int) -> tuple[int, int] | None:
    """Return where the control's selection begins and ends, in UTF-16 units."""
    answer = _send(control, api.EM_GETSEL, 0, 0)
    return None if answer is None else (answer & 0xFFFF, answer >> 16 & 0xFFFF)


def _select(control: int, selection: tuple[int, int]) -> bool:
    """Select this; return whether it is what is selected then."""
    _send(control, api.EM_SETSEL, *selection)
    return _read_selection(control) == selection
