"""The Windows functions that are used, each with its types, and their constants by Microsoft's names.

Handles are plain numbers, 0 for none. 64-bit Windows has one calling convention, so the libraries are opened like any
other. Importing this on another system raises `OSError`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import c_int, c_int32, c_short, c_size_t, c_ssize_t, c_uint32, c_uint64, c_void_p, c_wchar_p
from typing import Any

WM_RENDERFORMAT, WM_DESTROYCLIPBOARD = 0x0305, 0x0307
WM_NULL, WM_KEYDOWN, WM_SYSKEYDOWN, WM_INPUT = 0x0000, 0x0100, 0x0104, 0x00FF
WM_MOUSEMOVE = 0x0200
HWND_MESSAGE = -3
PM_NOREMOVE, PM_REMOVE = 0, 1
QS_ALLINPUT, MWMO_INPUTAVAILABLE, INFINITE = 0x04FF, 0x0004, 0xFFFFFFFF
GMEM_MOVEABLE = 0x0002
PROCESS_QUERY_LIMITED_INFORMATION, TOKEN_QUERY, TOKEN_INTEGRITY_LEVEL = 0x1000, 0x0008, 25
PROCESS_TERMINATE, PROCESS_SET_QUOTA = 0x0001, 0x0100
INPUT_KEYBOARD, KEYEVENTF_EXTENDEDKEY, KEYEVENTF_KEYUP = 1, 0x0001, 0x0002
MAPVK_VK_TO_VSC = 0
RID_INPUT, RIDEV_INPUTSINK, RAW_HEADER_BYTES = 0x10000003, 0x00000100, 24
RAW_INPUT_FAILED = 0xFFFFFFFF
EVENT_SYSTEM_FOREGROUND, EVENT_SYSTEM_DESKTOPSWITCH, WINEVENT_OUTOFCONTEXT = 0x0003, 0x0020, 0x0000
NOTIFY_FOR_THIS_SESSION, DEVICE_NOTIFY_WINDOW_HANDLE = 0, 0
ASFW_ANY = 0xFFFFFFFF
CTRL_CLOSE_EVENT = 2
GWL_STYLE, DWMWA_EXTENDED_FRAME_BOUNDS = -16, 9
EM_GETSEL, EM_SETSEL, EM_REPLACESEL, EM_UNDO, EM_GETPASSWORDCHAR = 0x00B0, 0x00B1, 0x00C2, 0x00C7, 0x00D2
EM_GETLINECOUNT, EM_LINEINDEX, EM_LINELENGTH = 0x00BA, 0x00BB, 0x00C1
WM_GETTEXT, WM_GETTEXTLENGTH, SMTO_ABORTIFHUNG = 0x000D, 0x000E, 0x0002
address_of = ctypes.addressof

WINDOW_PROCEDURE = ctypes.CFUNCTYPE(c_ssize_t, c_size_t, c_uint32, c_size_t, c_ssize_t)
"""Window, message, wParam, lParam."""

EVENT_PROCEDURE = ctypes.CFUNCTYPE(None, c_size_t, c_uint32, c_size_t, c_int32, c_int32, c_uint32, c_uint32)
"""Hook, event, window, object, child, thread, time."""

CONSOLE_PROCEDURE = ctypes.CFUNCTYPE(c_int, c_uint32)
"""Event."""

type WindowsFunction = Callable[..., Any]

_user = ctypes.CDLL("user32")
_quick_user, _quick_kernel = ctypes.PyDLL("user32"), ctypes.PyDLL("kernel32")
"""For functions that wait for nothing: they keep Python's global lock, which a hook that all keys wait for might get
back only after another thread's turn."""
_graphics = ctypes.CDLL("gdi32")
_kernel = ctypes.CDLL("kernel32")
_security = ctypes.CDLL("advapi32")
_shell = ctypes.CDLL("shell32")
_composition = ctypes.CDLL("dwmapi")
_sessions = ctypes.CDLL("wtsapi32")


def _bind(library: ctypes.CDLL, name: str, result: Any, *arguments: Any) -> WindowsFunction:
    function = getattr(library, name)
    function.restype, function.argtypes = result, arguments
    return function  # type: ignore[no-any-return]


# Messages and windows
peek_message = _bind(_user, "PeekMessageW", c_int, c_void_p, c_size_t, c_uint32, c_uint32, c_uint32)
dispatch_message = _bind(_user, "DispatchMessageW", c_ssize_t, c_void_p)
post_thread_message = _bind(_user, "PostThreadMessageW", c_int, c_uint32, c_uint32, c_size_t, c_ssize_t)
wait_for_message = _bind(
    _user, "MsgWaitForMultipleObjectsEx", c_uint32, c_uint32, c_void_p, c_uint32, c_uint32, c_uint32
)
register_class = _bind(_user, "RegisterClassW", c_uint32, c_void_p)
create_window = _bind(
    _user,
    "CreateWindowExW",
    c_size_t,
    *(c_uint32, c_wchar_p, c_wchar_p, c_uint32, c_int, c_int, c_int, c_int),
    *(c_ssize_t, c_size_t, c_size_t, c_void_p),
)
unregister_class = _bind(_user, "UnregisterClassW", c_int, c_wchar_p, c_size_t)
destroy_window = _bind(_user, "DestroyWindow", c_int, c_size_t)
default_procedure = _bind(_user, "DefWindowProcW", c_ssize_t, c_size_t, c_uint32, c_size_t, c_ssize_t)
foreground_window = _bind(_user, "GetForegroundWindow", c_size_t)
window_thread = _bind(_user, "GetWindowThreadProcessId", c_uint32, c_size_t, c_void_p)
window_text = _bind(_user, "InternalGetWindowText", c_int, c_size_t, c_wchar_p, c_int)
class_name = _bind(_user, "GetClassNameW", c_int, c_size_t, c_wchar_p, c_int)
find_window = _bind(_user, "FindWindowExW", c_size_t, c_size_t, c_size_t, c_wchar_p, c_wchar_p)
window_number = _bind(_user, "GetWindowLongW", c_int32, c_size_t, c_int)
send_message = _bind(
    _user, "SendMessageTimeoutW", c_ssize_t, c_size_t, c_uint32, c_size_t, c_ssize_t, c_uint32, c_uint32, c_void_p
)
thread_windows = _bind(_user, "GetGUIThreadInfo", c_int, c_uint32, c_void_p)
is_hung = _bind(_user, "IsHungAppWindow", c_int, c_size_t)
is_minimized = _bind(_user, "IsIconic", c_int, c_size_t)
window_rectangle = _bind(_user, "GetWindowRect", c_int, c_size_t, c_void_p)
composed_attribute = _bind(_composition, "DwmGetWindowAttribute", c_int32, c_size_t, c_uint32, c_void_p, c_uint32)
set_event_hook = _bind(
    _user, "SetWinEventHook", c_size_t, c_uint32, c_uint32, c_size_t, EVENT_PROCEDURE, c_uint32, c_uint32, c_uint32
)
unset_event_hook = _bind(_user, "UnhookWinEvent", c_int, c_size_t)

# The session, and the taskbar
watch_session_lock = _bind(_sessions, "WTSRegisterSessionNotification", c_int, c_size_t, c_uint32)
allow_foreground = _bind(_user, "AllowSetForegroundWindow", c_int, c_uint32)
power_status = _bind(_kernel, "GetSystemPowerStatus", c_int, c_void_p)
watch_sleep = _bind(_user, "RegisterSuspendResumeNotification", c_size_t, c_size_t, c_uint32)
unwatch_sleep = _bind(_user, "UnregisterSuspendResumeNotification", c_int, c_size_t)
unwatch_session_lock = _bind(_sessions, "WTSUnRegisterSessionNotification", c_int, c_size_t)
set_console_handler = _bind(_kernel, "SetConsoleCtrlHandler", c_int, c_void_p, c_int)
set_app_id = _bind(_shell, "SetCurrentProcessExplicitAppUserModelID", c_int32, c_wchar_p)

# The clipboard
open_clipboard = _bind(_user, "OpenClipboard", c_int, c_size_t)
close_clipboard = _bind(_user, "CloseClipboard", c_int)
empty_clipboard = _bind(_user, "EmptyClipboard", c_int)
clipboard_owner = _bind(_user, "GetClipboardOwner", c_size_t)
clipboard_opener = _bind(_user, "GetOpenClipboardWindow", c_size_t)
next_format = _bind(_user, "EnumClipboardFormats", c_uint32, c_uint32)
format_name = _bind(_user, "GetClipboardFormatNameW", c_int, c_uint32, c_wchar_p, c_int)
register_format = _bind(_user, "RegisterClipboardFormatW", c_uint32, c_wchar_p)
get_data = _bind(_user, "GetClipboardData", c_size_t, c_uint32)
set_data = _bind(_user, "SetClipboardData", c_size_t, c_uint32, c_size_t)
metafile_bits = _bind(_graphics, "GetEnhMetaFileBits", c_uint32, c_size_t, c_uint32, c_void_p)
make_metafile = _bind(_graphics, "SetEnhMetaFileBits", c_size_t, c_uint32, c_void_p)
delete_metafile = _bind(_graphics, "DeleteEnhMetaFile", c_int, c_size_t)

# Keys
send_input = _bind(_user, "SendInput", c_uint32, c_uint32, c_void_p, c_int)
key_state = _bind(_quick_user, "GetAsyncKeyState", c_short, c_int)
map_key = _bind(_user, "MapVirtualKeyExW", c_uint32, c_uint32, c_uint32, c_size_t)
keyboard_layout = _bind(_user, "GetKeyboardLayout", c_size_t, c_uint32)
register_raw_input = _bind(_user, "RegisterRawInputDevices", c_int, c_void_p, c_uint32, c_uint32)
message_time = _bind(_quick_user, "GetMessageTime", c_uint32)
raw_input = _bind(_user, "GetRawInputData", c_uint32, c_size_t, c_uint32, c_void_p, c_void_p, c_uint32)
raw_inputs = _bind(_user, "GetRawInputBuffer", c_uint32, c_void_p, c_void_p, c_uint32)

# Memory, processes and their rights
allocate = _bind(_kernel, "GlobalAlloc", c_size_t, c_uint32, c_size_t)
free = _bind(_kernel, "GlobalFree", c_size_t, c_size_t)
lock = _bind(_kernel, "GlobalLock", c_void_p, c_size_t)
unlock = _bind(_kernel, "GlobalUnlock", c_int, c_size_t)
memory_size = _bind(_kernel, "GlobalSize", c_size_t, c_size_t)
this_process = _bind(_kernel, "GetCurrentProcessId", c_uint32)
tick_count = _bind(_quick_kernel, "GetTickCount64", c_uint64)
this_thread = _bind(_kernel, "GetCurrentThreadId", c_uint32)
this_program = _bind(_kernel, "GetModuleHandleW", c_size_t, c_wchar_p)
open_process = _bind(_kernel, "OpenProcess", c_size_t, c_uint32, c_int, c_uint32)
close_handle = _bind(_kernel, "CloseHandle", c_int, c_size_t)
create_job = _bind(_kernel, "CreateJobObjectW", c_size_t, c_void_p, c_wchar_p)
assign_to_job = _bind(_kernel, "AssignProcessToJobObject", c_int, c_size_t, c_size_t)
terminate_job = _bind(_kernel, "TerminateJobObject", c_int, c_size_t, c_uint32)
limit_job = _bind(_kernel, "SetInformationJobObject", c_int, c_size_t, c_int, c_void_p, c_uint32)
program_path = _bind(_kernel, "QueryFullProcessImageNameW", c_int, c_size_t, c_uint32, c_wchar_p, c_void_p)
open_token = _bind(_security, "OpenProcessToken", c_int, c_size_t, c_uint32, c_void_p)
token_information = _bind(_security, "GetTokenInformation", c_int, c_size_t, c_int, c_void_p, c_uint32, c_void_p)
sid_length = _bind(_security, "GetSidSubAuthorityCount", c_void_p, c_size_t)
sid_part = _bind(_security, "GetSidSubAuthority", c_void_p, c_size_t, c_uint32)
