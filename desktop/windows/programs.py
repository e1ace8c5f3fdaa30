"""Whose window it is, and whether keys may go there."""

from __future__ import annotations

from ctypes import byref, c_size_t, c_ubyte, c_uint32, create_string_buffer, create_unicode_buffer, sizeof
from pathlib import PureWindowsPath

from desktop.ports import Target
from desktop.windows import api
from desktop.windows.structures import ThreadWindows, TokenLabel

_LONGEST = 32_768
"""Characters of a path."""

_FRAME, _CORE = "applicationframehost.exe", "Windows.UI.Core.CoreWindow"
"""Applications from the store sit in a frame that belongs to this program, in a window of this class."""


def foreground() -> Target:
    """The window that has the focus, or `Target()`."""
    window = api.foreground_window()
    if not window:
        return Target()
    pid = process(window)
    path = program(pid)
    if path.name.lower() == _FRAME and (core := api.find_window(window, 0, _CORE, None)):
        pid = process(core)
        path = program(pid)
    title = create_unicode_buffer(512)
    api.window_text(window, title, len(title))
    return Target(handle=window, app=path.stem, window=title.value, pid=pid)


def process(window: int) -> int:
    """The process that made the window; 0 where it is gone."""
    pid = c_uint32()
    api.window_thread(window, byref(pid))
    return pid.value


def program(pid: int) -> PureWindowsPath:
    """The path of the process's program, empty where it is not told."""
    handle = api.open_process(api.PROCESS_QUERY_LIMITED_INFORMATION, False, pid)
    if not handle:
        return PureWindowsPath()
    try:
        path, length = create_unicode_buffer(_LONGEST), c_uint32(_LONGEST)
        return PureWindowsPath(path.value if api.program_path(handle, 0, path, byref(length)) else "")
    finally:
        api.close_handle(handle)


def integrity(pid: int) -> int | None:
    """The integrity level of the process: 0x2000 for most, 0x3000 for an administrator's; None where it is not told."""
    handle = api.open_process(api.PROCESS_QUERY_LIMITED_INFORMATION, False, pid)
    if not handle:
        return None
    token = c_size_t()
    try:
        return _level(token.value) if api.open_token(handle, api.TOKEN_QUERY, byref(token)) else None
    finally:
        if token.value:
            api.close_handle(token.value)
        api.close_handle(handle)


def _level(token: int) -> int | None:
    """The last part of the token's integrity SID."""
    room, length = create_string_buffer(256), c_uint32()
    if not api.token_information(token, api.TOKEN_INTEGRITY_LEVEL, room, sizeof(room), byref(length)):
        return None
    sid = TokenLabel.from_buffer(room).sid
    parts = c_ubyte.from_address(api.sid_length(sid)).value
    return c_uint32.from_address(api.sid_part(sid, parts - 1)).value


def is_password(window: int) -> bool:
    """Whether the control that gets the keys is Windows' own edit control for passwords. Other toolkits' are not
    known."""
    thread = api.window_thread(window, None)
    windows = ThreadWindows(size=sizeof(ThreadWindows))
    if not api.thread_windows(thread, byref(windows)) or not windows.focus:
        return False
    name = create_unicode_buffer(64)
    api.class_name(windows.focus, name, len(name))
    return name.value.lower() == "edit" and bool(api.window_number(windows.focus, api.GWL_STYLE) & api.ES_PASSWORD)
