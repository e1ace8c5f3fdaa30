"""Ask Windows' accessibility whether a field is for a password: MSAA and UI Automation, by the tables of their methods.

The methods are called by their places in the interfaces' tables, since comtypes cannot read every type library and
writes a cache. A program that hangs hangs these calls, so they run in threads of `PasswordQuery`, for which a paste
waits no longer than its deadline.
"""

from __future__ import annotations

import ctypes
from ctypes import byref, c_int32, c_size_t, c_uint32, c_void_p

from desktop.platforms.windows.accessible import ACCESSIBLE, VT_BOOL, Variant, is_protected
from desktop.platforms.windows.com import ComError, ComObject, Guid
from desktop.platforms.windows.password_query import PasswordCheck

_CLIENT = 0xFFFFFFFC
_IS_PASSWORD = 30019
_MULTITHREADED, _IN_PROCESS = 0, 1

_AUTOMATION_CLASS = Guid.parse("ff48dba4-60ef-4201-aa87-54103eef594e")
_AUTOMATION = Guid.parse("30cbe57d-d9d0-452a-ab13-7ac5ac4825ee")

# Places in the tables of IUIAutomation and IUIAutomationElement
_ELEMENT_FROM_HANDLE, _GET_FOCUSED_ELEMENT = 6, 8
_GET_PROPERTY = 11

_ole = ctypes.CDLL("ole32")
_ole.CoInitializeEx.argtypes = (c_void_p, c_uint32)
_ole.CoCreateInstance.argtypes = (c_void_p, c_void_p, c_uint32, c_void_p, c_void_p)
_msaa = ctypes.CDLL("oleacc")
_msaa.AccessibleObjectFromWindow.argtypes = (c_size_t, c_uint32, c_void_p, c_void_p)


def open_password_check() -> PasswordCheck:
    """Return what asks, for the thread that calls this."""
    _ole.CoInitializeEx(None, _MULTITHREADED)
    automation = _create_automation()
    return lambda control: _is_protected(control) or _is_automation_password(automation, control)


def _create_automation() -> ComObject | None:
    """Return UI Automation's object, None if there is none."""
    automation = c_void_p()
    _ole.CoCreateInstance(byref(_AUTOMATION_CLASS), None, _IN_PROCESS, byref(_AUTOMATION), byref(automation))
    return ComObject(automation.value) if automation.value else None


def _is_protected(control: int) -> bool:
    """Return whether MSAA names the control, or the child of it that has the focus, as protected."""
    accessible = c_void_p()
    if _msaa.AccessibleObjectFromWindow(control, _CLIENT, byref(ACCESSIBLE), byref(accessible)) < 0:
        return False
    if not accessible.value:
        return False
    with ComObject(accessible.value) as opened:
        try:
            return is_protected(opened)
        except ComError:
            return False


def _is_automation_password(automation: ComObject | None, control: int) -> bool | None:
    """Return whether UI Automation names the control, or what has the focus, as a password; None if it answers
    neither."""
    if automation is None:
        return None
    by_control = _read_is_password(automation, _ELEMENT_FROM_HANDLE, c_size_t(control))
    if by_control:
        return True
    by_focus = _read_is_password(automation, _GET_FOCUSED_ELEMENT)
    return by_control if by_focus is None else by_focus


def _read_is_password(automation: ComObject, find_element: int, *arguments: c_size_t) -> bool | None:
    try:
        element = automation.get(find_element, *arguments)
        if not element.address:
            return None
        with element:
            value = Variant()
            element.call(_GET_PROPERTY, c_int32(_IS_PASSWORD), c_int32(1), byref(value))
    except ComError:
        return None
    return bool(value.value & 0xFFFF) if value.kind == VT_BOOL else None
