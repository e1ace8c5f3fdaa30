"""Decide whether a committed text has arrived, by the text around the cursor; and cut long texts. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from desktop.paste.input_method.interface import SurroundingText

MAX_COMMIT_BYTES = 3000
"""Bytes of one commit. A message of Wayland has 4096 with its head, and a compositor that is given more ends the
connection (wayland.freedesktop.org, `wl_buffer` of the wire protocol)."""

MIN_EVIDENCE = 8
"""Characters that must be there where the program reports only the end of a long text."""


def is_inserted(before: SurroundingText | None, after: SurroundingText | None, text: str) -> bool:
    """Return whether `after` proves that `text` was inserted at the cursor of `before`.

    Programs report all of the field or what is near the cursor, so that the report's beginning may move. What stands
    before the cursor now must be what stood there, and `text`; a report that has not changed proves nothing.
    """
    if before is None or after is None or after == before or not text:
        return False
    expected, found = before.before + text, after.before
    if after.selected:
        return False
    if found.endswith(text):
        rest = found.removesuffix(text)
        return rest.endswith(before.before) or before.before.endswith(rest)
    return len(found) >= MIN_EVIDENCE and expected.endswith(found) and len(found) < len(text)


def split_text(text: str, max_bytes: int = MAX_COMMIT_BYTES) -> Iterator[str]:
    """Yield `text` in parts of at most `max_bytes` in UTF-8, cut at blanks, else between characters as they are seen.

    Marks, joiners and the second letter of a flag stay with what they belong to, unless that is longer by itself.
    """
    while len(text.encode()) > max_bytes:
        end = len(text.encode()[:max_bytes].decode(errors="ignore"))
        blank = max(text.rfind(" ", 0, end), text.rfind("\n", 0, end)) + 1
        cut = blank or next((at for at in range(end, 0, -1) if _can_cut(text, at)), end)
        yield text[:cut]
        text = text[cut:]
    if text:
        yield text


def _can_cut(text: str, at: int) -> bool:
    """Return whether no character as it is seen continues across `at`."""
    left, right = text[at - 1], text[at]
    is_mark = unicodedata.category(right) in {"Mn", "Mc", "Me", "Cf"} or "\U0001f3fb" <= right <= "\U0001f3ff"
    is_flag = "\U0001f1e6" <= left <= "\U0001f1ff" and "\U0001f1e6" <= right <= "\U0001f1ff"
    return not (is_mark or is_flag or left == "\u200d" or (left == "\r" and right == "\n"))
