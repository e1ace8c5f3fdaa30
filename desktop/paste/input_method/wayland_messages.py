"""The messages of `zwp_input_method_v2`, and what they say of a field. Pure. (input-method-unstable-v2,
text-input-unstable-v3.)"""

from __future__ import annotations

import struct

from desktop.paste.input_method.interface import FieldTraits, SurroundingText

MANAGER, SEAT = "zwp_input_method_manager_v2", "wl_seat"

WLROOTS_ONLY = "zwlr_export_dmabuf_manager_v1"
"""An interface of compositors of wlroots, which drop a commit that does not know the newest news. Others that have
`MANAGER` (Hyprland, smithay's) carry it out."""

GET_INPUT_METHOD, COMMIT_STRING, SET_PREEDIT, DELETE_SURROUNDING, COMMIT, DESTROY = 0, 0, 1, 2, 3, 6
"""Opcodes of requests to the manager, and to the input method."""

ACTIVATE, DEACTIVATE, SURROUNDING_TEXT, CONTENT_TYPE, DONE, UNAVAILABLE = 0, 1, 2, 4, 5, 6
"""Opcodes of the input method's events."""

HIDDEN_TEXT, SENSITIVE_DATA = 0x40, 0x80
"""Hints of text-input-v3."""

PASSWORD, PIN, TERMINAL = 8, 9, 13
"""Purposes of text-input-v3."""


def read_traits(hints: int, purpose: int) -> FieldTraits:
    """Return the traits of a field with these hints and this purpose."""
    return FieldTraits(
        is_password=bool(hints & HIDDEN_TEXT) or purpose in (PASSWORD, PIN),
        is_terminal=purpose == TERMINAL,
        is_private=bool(hints & SENSITIVE_DATA),
    )


def parse_surrounding(body: bytes) -> SurroundingText:
    """Return what the arguments of a surrounding text say: a string, and two offsets in its bytes, which programs may
    have wrong. Half characters at the ends are left out."""
    (size,) = struct.unpack_from("=I", body)
    data = body[4 : 3 + size]
    cursor, anchor = struct.unpack_from("=II", body, 4 + (size + 3) // 4 * 4)

    def count_characters(offset: int) -> int:
        return len(data[:offset].decode(errors="ignore"))

    return SurroundingText(data.decode(errors="ignore"), count_characters(cursor), count_characters(anchor))
