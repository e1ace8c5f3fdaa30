"""Find the foreground window's program, and whether keys may be pressed there."""

from __future__ import annotations

from ctypes import byref, c_size_t, c_ubyte, c_uint32, create_string_buffer, create_unicode_buffer, sizeof
from pathlib import PureWindowsPath

from desktop.core.types import Target
from desktop.platforms.windows import api
from desktop.platforms.windows.controls import TASKBAR_CLASSES, find_edit_breaks, is_windows_edit, may_be_password_edit
from desktop.platforms.windows.structures import ThreadWindows, TokenLabel

_MAX_PATH_CHARACTERS = 32_768
"""Maximum characters of a path."""

MESSAGE_TIMEOUT_MS = 200
"""Milliseconds that a control may take to answer a message."""

_FRAME, _CORE = "applicationframehost.exe", "Windows.UI.Core.CoreWindow"
"""Store applications are inside a frame that belongs to this program, in a window of this class."""


def find_foreground_window() -> Target:
    """Return the window that has the focus, or `Target()`."""
    window = api.foreground_window()
    if not window:
        return Target()
    pid = process_of_window(window)
    path = find_program_path(pid)
    if path.name.lower() == _FRAME and (core := api.find_window(window, 0, _CORE, None)):
        pid = process_of_window(core)
        path = find_program_path(pid)
    title = create_unicode_buffer(512)
    # Of a window of ours GetWindowText would ask the thread that draws it, which may wait for this one.
    api.window_text(window, title, len(title))
    return Target(handle=window, app=path.stem, title=title.value, pid=pid)


def process_of_window(window: int) -> int:
    """Return the process that made the window; 0 if it is gone."""
    pid = c_uint32()
    api.window_thread(window, byref(pid))
    return pid.value


def find_program_path(pid: int) -> PureWindowsPath:
    """Return the path of the process's program; empty if unknown."""
    handle = api.open_process(api.PROCESS_QUERY_LIMITED_INFORMATION, False, pid)
    if not handle:
        return PureWindowsPath()
    try:
        path, length = create_unicode_buffer(_MAX_PATH_CHARACTERS), c_uint32(_MAX_PATH_CHARACTERS)
        return PureWindowsPath(path.value if api.program_path(handle, 0, path, byref(length)) else "")
    finally:
        api.close_handle(handle)


def find_integrity_level(pid: int) -> int | None:
    """Return the integrity level of the process: 0x2000 for most, 0x3000 for an administrator's; None if unknown."""
    handle = api.open_process(api.PROCESS_QUERY_LIMITED_INFORMATION, False, pid)
    if not handle:
        return None
    token = c_size_t()
    try:
        return _read_level(token.value) if api.open_token(handle, api.TOKEN_QUERY, byref(token)) else None
    finally:
        if token.value:
            api.close_handle(token.value)
        api.close_handle(handle)


def _read_level(token: int) -> int | None:
    """Return the last part of the token's integrity SID."""
    buffer, length = create_string_buffer(256), c_uint32()
    if not api.token_information(token, api.TOKEN_INTEGRITY_LEVEL, buffer, sizeof(buffer), byref(length)):
        return None
    sid = TokenLabel.from_buffer(buffer).sid
    parts = c_ubyte.from_address(api.sid_length(sid)).value
    return c_uint32.from_address(api.sid_part(sid, parts - 1)).value


def find_focused_control(window: int) -> int:
    """Return the control of the window's thread that gets the keys; 0 if none does."""
    windows = ThreadWindows(size=sizeof(ThreadWindows))
    return int(windows.focus or 0) if api.thread_windows(api.window_thread(window, None), byref(windows)) else 0


def find_focused_process(window: int) -> int:
    """Return the process of the control of the window's thread that gets the keys: that of a page in a WebView2, and
    not its program's. 0 if none does."""
    control = find_focused_control(window) if window else 0  # the thread of no window would be the foreground's
    return process_of_window(control) if control else 0


def find_class(window: int) -> str:
    """Return the name of the window's class; empty if it is gone."""
    name = create_unicode_buffer(256)
    api.class_name(window, name, len(name))
    return name.value


def is_taskbar(window: int) -> bool:
    """Return whether the window is a part of the taskbar, which takes no text."""
    return find_class(window) in TASKBAR_CLASSES


def is_edit_control(control: int) -> bool:
    """Return whether the control is one of Windows' edit controls, or made of one."""
    return find_edit_breaks(find_class(control)) is not None


def find_password_style(control: int) -> bool | None:
    """Return whether the control is an edit control for passwords; None where only accessibility tells: for all but
    Windows' own edit controls without that style."""
    if not control:
        return None
    return is_password_edit(control) or (False if is_windows_edit(find_class(control)) else None)


def is_password_edit(control: int) -> bool:
    """Return whether the control is one of Windows' edit controls, or made of one, and for passwords."""
    if not may_be_password_edit(find_class(control), api.window_number(control, api.GWL_STYLE)):
        return False
    shown = c_size_t()
    answered = api.send_message(
        control, api.EM_GETPASSWORDCHAR, 0, 0, api.SMTO_ABORTIFHUNG, MESSAGE_TIMEOUT_MS, byref(shown)
    )
    return not answered or bool(shown.value)
