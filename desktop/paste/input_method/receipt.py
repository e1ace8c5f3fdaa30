"""Decide by the text around the cursor whether a text has arrived, or is gone; and cut long texts. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from desktop.paste.input_method.interface import SurroundingText

MAX_COMMIT_BYTES = 3000
"""Bytes of one commit. A message of Wayland has 4096 with its head, and a compositor that is given more ends the
connection (wayland.freedesktop.org, `wl_buffer` of the wire protocol)."""

MIN_EVIDENCE = 8
"""Characters that must be there where the program reports only a part of what it reported before."""

MAX_WHOLE_CHARACTERS = 1000
"""Characters up to which a report is whole: GTK, Qt and Chromium cut theirs at 4000 bytes, as much as a message of
Wayland has room for."""

_LINE_ENDS = str.maketrans({"\xa0": " ", "\u2028": "\n", "\u2029": "\n"})
"""Chromium reports blanks at the end of a line as U+00A0, and Qt the end of a paragraph as U+2029."""


def is_inserted(before: SurroundingText | None, after: SurroundingText | None, text: str) -> bool:
    """Return whether `after` proves that `text` was inserted at the cursor of `before`.

    Programs report all of the field or what is near the cursor, so that the report's beginning may move. What stands
    before the cursor now must be what stood there, and `text`; what stands after it must be what stood there. What a
    moved cursor explains as well proves nothing. A field of one line may have dropped the line's end or made blanks of
    line ends, and one that writes capitals may have changed the first letter.
    """
    if before is None or after is None or after.selected or not text:
        return False
    old, new = _normalize(before), _normalize(after)
    return any(_is_inserted_as(old, new, written) for written in _list_writings(text.replace("\r\n", "\n")))


def is_deleted(before: SurroundingText, after: SurroundingText | None, text: str) -> bool:
    """Return whether `after` proves that `text`, which stood right before the cursor of `before`, was deleted.

    Where the report begins earlier than before, nothing of `text` may be left at its end.
    """
    if after is None or after.selected or after == before or not stands_before_cursor(before, text):
        return False
    old, new, text = _normalize(before), _normalize(after), text.translate(_LINE_ENDS)
    rest, found = old.before.removesuffix(text), new.before
    if not is_same_rest(old.after, new.after):
        return False
    if found == rest:
        return True
    if len(found) < MIN_EVIDENCE or not found.endswith(rest):
        return False
    return not any(found.endswith(rest + text[:kept]) for kept in range(1, len(text) + 1))


def stands_before_cursor(report: SurroundingText, text: str) -> bool:
    """Return whether `text` stands right before the cursor, to the character, and nothing is selected."""
    return not report.selected and _normalize(report).before.endswith(text.translate(_LINE_ENDS))


def remove_before_cursor(report: SurroundingText, text: str) -> SurroundingText:
    """Return `report` without `text`, which stands right before the cursor."""
    at = report.cursor - len(text)
    return SurroundingText(report.text[:at] + report.text[report.cursor :], at, at)


def is_selection_whole(report: SurroundingText, *, may_be_part: bool) -> bool:
    """Return whether what is selected in `report` is for certain all that is selected in the field.

    What ends where the report does may go on beyond it: in a long report, or where the program `may_be_part`, that is
    reports one paragraph of several.
    """
    first, last = sorted((report.cursor, report.anchor))
    is_inside = first > 0 and last < len(report.text)
    return is_inside or not (may_be_part or len(report.text) > MAX_WHOLE_CHARACTERS)


def _list_writings(text: str) -> Iterator[str]:
    """Yield `text` as a field may have written it."""
    stripped = text.rstrip("\n")
    one_line = stripped.replace("\n", " ")
    for written in filter(None, dict.fromkeys((text, stripped, one_line))):
        yield written
        at = len(written) - len(written.lstrip())
        if written[at : at + 1].islower():
            yield f"{written[:at]}{written[at].upper()}{written[at + 1 :]}"


def _normalize(report: SurroundingText) -> SurroundingText:
    """Return `report` with one form of each blank and line end. The places stay: each is one character."""
    return SurroundingText(report.text.translate(_LINE_ENDS), report.cursor, report.anchor)


def _is_inserted_as(old: SurroundingText, new: SurroundingText, text: str) -> bool:
    expected, found = old.before + text, new.before
    if new.text == old.text:
        return bool(old.selected) and old.selected == text and found == expected
    if not old.selected and new.text in old.text:
        return False  # only the cursor moved, or less is reported
    if not is_same_rest(old.after, new.after):
        return False
    if found == expected:
        return True
    if found.endswith(expected):  # more is reported
        return bool(old.before) and len(expected) >= MIN_EVIDENCE and not expected.endswith(old.before)
    is_last_line = "\n" in text and found != "" and found == text.rpartition("\n")[2]
    is_less = expected.endswith(found) and (len(found) >= MIN_EVIDENCE or is_last_line)
    return is_less and not old.before.endswith(found)  # a text that repeats itself may be there from before


def is_same_rest(old: str, new: str) -> bool:
    """Return whether these are the same text after the cursor; a long one may be cut elsewhere."""
    shorter, longer = sorted((old.rstrip("\n"), new.rstrip("\n")), key=len)
    return shorter == longer or (len(shorter) >= MIN_EVIDENCE and longer.startswith(shorter))


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
