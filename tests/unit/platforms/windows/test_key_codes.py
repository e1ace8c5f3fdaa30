"""What is decided for Windows without asking it: contents of the clipboard, codes, structures. The rest has not run."""

from __future__ import annotations

import ctypes
from pathlib import PureWindowsPath

import pytest

from desktop.core.keys import parse_binding
from desktop.paste.delayed.pending_text import ReaderKind
from desktop.paste.delayed.windows_formats import (
    CF_UNICODETEXT,
    NO_RECORD_FORMATS,
    WindowsProgram,
    classify_reader,
    encode_text,
    find_copyable_formats,
    is_all_copyable,
    is_leftover,
)
from desktop.platforms.windows.controls import (
    can_press_keys_in,
    encode_for_edit,
    find_edit_breaks,
    find_text_at_cursor,
    find_window_program,
    is_windows_edit,
    may_be_password_edit,
)
from desktop.platforms.windows.key_codes import CODES, CONTROLS, MODIFIERS
from desktop.platforms.windows.structures import (
    JobLimits,
    RawInputDevice,
    RawKeyInput,
    RawMouseInput,
    ThreadWindows,
    TokenLabel,
    WindowClass,
    WindowsInput,
    WindowsMessage,
)

CF_TEXT, CF_BITMAP, CF_DIB, CF_DIBV5, CF_HDROP, CF_ENHMETAFILE, CF_LOCALE = 1, 2, 8, 17, 15, 14, 16
CF_METAFILE = 3
CONTENTS, OBJECT = (0xC0A3, "FileContents"), (0xC0A4, "DataObject")
EXCLUDE, IGNORE = (0xC0A5, "ExcludeClipboardContentFromMonitorProcessing"), (0xC0A6, "Clipboard Viewer Ignore")
HTML, PNG = (0xC0A1, "HTML Format"), (0xC0A2, "PNG")


@pytest.mark.parametrize(
    ("formats", "kept"),
    [
        pytest.param([], [], id="empty"),
        pytest.param(
            [HTML, (CF_UNICODETEXT, ""), (CF_LOCALE, ""), (CF_TEXT, ""), (7, "")],
            [HTML[0], CF_UNICODETEXT, CF_LOCALE],
            id="older text is made of the newer",
        ),
        pytest.param([(CF_TEXT, "")], [CF_TEXT], id="an old program's text is all there is"),
        pytest.param([PNG, (CF_BITMAP, ""), (CF_DIB, ""), (CF_DIBV5, "")], [PNG[0], CF_DIB], id="a picture"),
        pytest.param([(CF_DIBV5, ""), (CF_DIB, ""), (CF_BITMAP, "")], [CF_DIBV5], id="a picture with transparency"),
        pytest.param([(CF_BITMAP, ""), (CF_DIB, ""), (CF_DIBV5, "")], [CF_DIB], id="a picture of the graphics system"),
        pytest.param([(CF_HDROP, ""), CONTENTS, OBJECT], [CF_HDROP], id="files"),
        pytest.param([(CF_ENHMETAFILE, ""), (CF_METAFILE, "")], [CF_ENHMETAFILE], id="a drawing"),
        pytest.param([(0x80, ""), (0x210, ""), (0x310, "")], [], id="what is no memory"),
        pytest.param(
            [(CF_UNICODETEXT, ""), HTML, EXCLUDE, IGNORE],
            [EXCLUDE[0], IGNORE[0], CF_UNICODETEXT, HTML[0]],
            id="a password's marks first",
        ),
    ],
)
def test_clipboard_copy_holds_only_restorable_formats(formats: list[tuple[int, str]], kept: list[int]) -> None:
    assert find_copyable_formats(formats) == kept


@pytest.mark.parametrize(
    ("formats", "is_all"),
    [
        ([], True),
        ([HTML, (CF_UNICODETEXT, ""), (CF_LOCALE, ""), (CF_TEXT, ""), (7, ""), OBJECT], True),
        ([PNG, (CF_DIB, ""), (CF_BITMAP, ""), (CF_DIBV5, ""), (9, "")], True),
        ([(CF_DIBV5, ""), (CF_DIB, ""), (CF_BITMAP, "")], True),
        ([(CF_ENHMETAFILE, ""), (CF_METAFILE, ""), (CF_UNICODETEXT, ""), (0x8E, "")], True),
        ([(CF_HDROP, ""), CONTENTS, OBJECT], True),
        ([CONTENTS, OBJECT, (CF_UNICODETEXT, "")], False),
        ([(CF_UNICODETEXT, ""), (0x210, "")], False),
        ([(CF_UNICODETEXT, ""), (0x310, "")], False),
        ([(CF_BITMAP, ""), HTML], False),
        ([OBJECT], False),
    ],
)
def test_clipboard_is_whole_without_what_is_derived(formats: list[tuple[int, str]], is_all: bool) -> None:
    assert is_all_copyable(formats) is is_all


@pytest.mark.parametrize(
    ("text", "as_windows_has_it"),
    [("", "\0"), ("é 日本 👩‍👩‍👧", "é 日本 👩‍👩‍👧\0"), ("a\nb\r\nc", "a\r\nb\r\nc\0"), ("a\0b", "ab\0")],
)
def test_text_is_utf_16_with_its_own_line_ends(text: str, as_windows_has_it: str) -> None:
    assert encode_text(text).decode("utf-16-le") == as_windows_has_it


def test_histories_and_the_cloud_are_asked_to_leave_it() -> None:
    assert set(NO_RECORD_FORMATS) == {
        "ExcludeClipboardContentFromMonitorProcessing",
        "CanIncludeInClipboardHistory",
        "CanUploadToCloudClipboard",
    }
    assert set(NO_RECORD_FORMATS.values()) == {bytes(4)}


NO_RECORD = [(0xC100 + place, name) for place, name in enumerate(NO_RECORD_FORMATS)]


@pytest.mark.parametrize(
    ("formats", "is_left"),
    [
        (NO_RECORD, True),
        ([*NO_RECORD, (CF_UNICODETEXT, ""), (CF_LOCALE, ""), (CF_TEXT, ""), (7, "")], True),
        ([*NO_RECORD, (CF_UNICODETEXT, ""), HTML], False),
        ([NO_RECORD[0], (CF_UNICODETEXT, "")], False),
        ([(CF_UNICODETEXT, "")], False),
        ([], False),
    ],
)
def test_leftover_of_killed_app_is_known_by_its_formats(formats: list[tuple[int, str]], is_left: bool) -> None:
    assert is_leftover(formats) is is_left


NOTEPAD = WindowsProgram(10, PureWindowsPath("C:/Windows/notepad.exe"))
BROWSER, RENDERER = (WindowsProgram(pid, PureWindowsPath("C:/Browser/browser.exe")) for pid in (20, 21))
TEAMS = WindowsProgram(30, PureWindowsPath("C:/Teams/ms-teams.exe"))
TEAMS_VIEW, OTHER_VIEW = (WindowsProgram(pid, PureWindowsPath("C:/Edge/msedgewebview2.exe")) for pid in (31, 41))
UNKNOWN = WindowsProgram()


@pytest.mark.parametrize(
    ("opener", "front", "target", "focused_pid", "reader"),
    [
        (TEAMS_VIEW, TEAMS, TEAMS, TEAMS_VIEW.pid, ReaderKind.TARGET),
        (OTHER_VIEW, TEAMS, TEAMS, TEAMS_VIEW.pid, ReaderKind.OTHER),
        (TEAMS_VIEW, TEAMS, TEAMS, TEAMS.pid, ReaderKind.OTHER),
        (UNKNOWN, TEAMS, TEAMS, 0, ReaderKind.OTHER),
        (NOTEPAD, NOTEPAD, NOTEPAD, 0, ReaderKind.TARGET),
        (RENDERER, BROWSER, BROWSER, 0, ReaderKind.TARGET),
        (BROWSER, NOTEPAD, NOTEPAD, 0, ReaderKind.OTHER),
        (UNKNOWN, NOTEPAD, NOTEPAD, 0, ReaderKind.OTHER),
        (None, NOTEPAD, NOTEPAD, 0, ReaderKind.UNNAMED_IN_FRONT),
        (None, RENDERER, BROWSER, 0, ReaderKind.UNNAMED_IN_FRONT),
        (None, BROWSER, NOTEPAD, 0, ReaderKind.UNNAMED),
        (None, UNKNOWN, NOTEPAD, 0, ReaderKind.UNNAMED),
        (None, UNKNOWN, UNKNOWN, 0, ReaderKind.UNNAMED),
    ],
)
def test_reader_known_by_its_window_or_the_front(
    opener: WindowsProgram | None, front: WindowsProgram, target: WindowsProgram, focused_pid: int, reader: ReaderKind
) -> None:
    assert classify_reader(opener, front, target, focused_pid) is reader


@pytest.mark.parametrize(
    ("ours", "theirs", "may"),
    [
        (0x2000, 0x2000, True),
        (0x2000, 0x1000, True),
        (0x2000, 0x3000, False),
        (0x3000, 0x3000, True),
        (0x2000, None, False),
        (0x3000, None, True),
        (None, 0x3000, True),
        (None, None, True),
    ],
)
def test_keys_go_to_programs_of_no_higher_level(ours: int | None, theirs: int | None, may: bool) -> None:
    assert can_press_keys_in(ours, theirs) is may


@pytest.mark.parametrize(
    ("class_name", "style", "may_be"),
    [
        ("Edit", 0x500100A0, True),
        ("Edit", 0x50010080, False),
        ("RICHEDIT50W", 0x20, True),
        ("TEdit", 0x20, True),
        ("WindowsForms10.EDIT.app.0.141b42a_r6_ad1", 0x20, True),
        ("Button", 0x20, False),
        ("", 0x20, False),
    ],
)
def test_password_edit_by_class_and_style(class_name: str, style: int, may_be: bool) -> None:
    assert may_be_password_edit(class_name, style) is may_be


@pytest.mark.parametrize(
    ("class_name", "is_windows"),
    [
        ("Edit", True),
        ("RICHEDIT50W", True),
        ("RichEditD2DPT", True),
        ("WindowsForms10.EDIT.app.0.141b42a_r6_ad1", True),
        ("WindowsForms10.RichEdit20W.app.0.141b42a_r6_ad1", True),
        ("TEdit", False),
        ("PasswordEdit", False),
        ("Chrome_WidgetWin_1", False),
        ("", False),
    ],
)
def test_only_windows_own_edit_controls_need_no_accessibility(class_name: str, is_windows: bool) -> None:
    assert is_windows_edit(class_name) is is_windows


@pytest.mark.parametrize(
    ("class_name", "breaks"),
    [("Edit", "\r\n"), ("TEdit", "\r\n"), ("RICHEDIT", "\r\n"), ("RichEdit20W", "\r"), ("Button", None), ("", None)],
)
def test_edit_control_counts_line_ends(class_name: str, breaks: str | None) -> None:
    assert find_edit_breaks(class_name) == breaks


@pytest.mark.parametrize(
    ("field", "cursor", "text", "breaks", "removal"),
    [
        ("a one", (5, 5), "one", "\r\n", (2, 5)),
        ("one b", (3, 3), "one", "\r\n", (0, 3)),
        ("a\r\nb c", (4, 4), "a\nb", "\r\n", (0, 4)),
        ("a\r\nb c", (3, 3), "a\nb", "\r", (0, 3)),
        ("é 😀!", (5, 5), "😀!", "\r\n", (2, 5)),
        ("a one", (4, 4), "one", "\r\n", None),
        ("a one", (2, 5), "one", "\r\n", None),
        ("ne", (2, 2), "one", "\r\n", None),
        ("a Oneé", (6, 6), "one", "\r\n", None),
        ("a", (1, 1), "", "\r\n", None),
    ],
)
def test_removal_is_exactly_the_text_before_the_cursor(
    field: str, cursor: tuple[int, int], text: str, breaks: str, removal: tuple[int, int] | None
) -> None:
    assert find_text_at_cursor(encode_for_edit(field, breaks), cursor, encode_for_edit(text, breaks)) == removal


@pytest.mark.parametrize(
    ("structure", "size"),
    [
        (WindowsInput, 40),
        (RawInputDevice, 16),
        (RawMouseInput, 48),
        (RawKeyInput, 40),
        (WindowsMessage, 48),
        (WindowClass, 72),
        (ThreadWindows, 72),
        (TokenLabel, 16),
        (JobLimits, 144),
    ],
)
def test_structures_match_windows_sizes(structure: type[ctypes.Structure], size: int) -> None:
    assert ctypes.sizeof(structure) == size


@pytest.mark.parametrize(
    ("name", "code"), [("ctrl_r", 0xA3), ("f9", 0x78), ("f24", 0x87), ("ctrl+alt+space", 0x20), ("alt+v", 0x56)]
)
def test_keys_have_their_virtual_codes(name: str, code: int) -> None:
    assert CODES[parse_binding(name).key] == code


def test_key_codes_unique_and_controls_identified() -> None:
    assert len(set(CODES.values())) == len(CODES)
    assert {CODES["ctrl_l"], CODES["ctrl_r"]} == CONTROLS
    assert MODIFIERS[CODES["alt_r"]] == "alt"


@pytest.mark.parametrize(
    ("class_name", "focused_app", "program"),
    [
        ("ConsoleWindowClass", "ssh", "conhost"),
        ("CASCADIA_HOSTING_WINDOW_CLASS", "ssh", "ssh"),
        ("", "", "ssh"),
        ("TeamsWebView", "msedgewebview2", "msedgewebview2"),
    ],
)
def test_window_may_be_drawn_by_another_program(class_name: str, focused_app: str, program: str) -> None:
    assert find_window_program("ssh", class_name, focused_app) == program
