"""Ask Windows' accessibility whether a field is for a password: MSAA and UI Automation, by the tables of their methods.

The methods are called by their places in the interfaces' tables, since comtypes cannot read every type library and
writes a cache. A program that hangs hangs these calls, so they run in a thread of their own, for which a paste waits
no longer than its deadline.
"""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Callable
from concurrent.futures import Future
from ctypes import byref, c_int32, c_size_t, c_uint16, c_uint32, c_void_p
from queue import SimpleQueue
from threading import Thread
from typing import Any, ClassVar
from uuid import UUID

from desktop.platforms.windows.structures import StructureFields

logger = logging.getLogger(__name__)

_CLIENT, _SELF = 0xFFFFFFFC, 0
_STATE_PROTECTED = 0x20000000
_IS_PASSWORD = 30019
_MULTITHREADED, _IN_PROCESS = 0, 1
_VT_I4, _VT_DISPATCH, _VT_BOOL = 3, 9, 11

_ACCESSIBLE = UUID("618736e0-3c3d-11cf-810c-00aa00389b71")
_AUTOMATION_CLASS = UUID("ff48dba4-60ef-4201-aa87-54103eef594e")
_AUTOMATION = UUID("30cbe57d-d9d0-452a-ab13-7ac5ac4825ee")

# Places in the tables of IUnknown, IAccessible, IUIAutomation and IUIAutomationElement
_RELEASE = 2
_GET_STATE, _GET_FOCUS = 14, 18
_ELEMENT_FROM_HANDLE, _GET_FOCUSED_ELEMENT = 6, 8
_GET_PROPERTY = 11


class Variant(ctypes.Structure):
    """VARIANT, with a number or an address as its value."""

    _fields_: ClassVar[StructureFields] = [
        ("kind", c_uint16),
        ("reserved", c_uint16 * 3),
        ("value", c_size_t),
        ("record", c_size_t),
    ]


class PasswordQuery:
    """Asks whether the focused field is for a password, in a thread of its own that is started by the first query."""

    def __init__(self) -> None:
        self._windows: SimpleQueue[tuple[int, Future[bool | None]]] = SimpleQueue()
        self._last: Future[bool | None] | None = None
        self._thread: Thread | None = None

    def ask(self, window: int) -> Future[bool | None]:
        """Ask it of the control `window`, which has the focus. The answer is None where none is known, and at once
        while a program still has not answered the query before."""
        answer: Future[bool | None] = Future()
        if self._last is not None and not self._last.done():
            answer.set_result(None)
            return answer
        if self._thread is None:
            self._thread = Thread(target=self._run, name="accessibility", daemon=True)
            self._thread.start()
        self._last = answer
        self._windows.put((window, answer))
        return answer

    def _run(self) -> None:
        _ole.CoInitializeEx(None, _MULTITHREADED)
        automation = _create_automation()
        while True:
            window, answer = self._windows.get()
            try:
                is_password = _is_protected(window) or _is_automation_password(automation, window)
            except OSError:
                logger.warning("accessibility failed", exc_info=True)
                is_password = None
            answer.set_result(is_password)


_ole = ctypes.CDLL("ole32")
_ole.CoInitializeEx.argtypes = (c_void_p, c_uint32)
_ole.CoCreateInstance.argtypes = (c_void_p, c_void_p, c_uint32, c_void_p, c_void_p)
_msaa = ctypes.CDLL("oleacc")
_msaa.AccessibleObjectFromWindow.argtypes = (c_size_t, c_uint32, c_void_p, c_void_p)
_variants = ctypes.CDLL("oleaut32")
_variants.VariantClear.argtypes = (c_void_p,)


def _guid(uuid: UUID) -> Any:
    return ctypes.create_string_buffer(uuid.bytes_le, 16)


def _method(object_: int, place: int, *arguments: Any) -> Callable[..., int]:
    """Return the method of the COM object at that place of its table, which returns an HRESULT."""
    table = c_size_t.from_address(object_).value
    address = c_size_t.from_address(table + place * ctypes.sizeof(c_size_t)).value
    prototype = ctypes.CFUNCTYPE(c_int32, c_size_t, *arguments)
    return lambda *values: int(prototype(address)(object_, *values))


def _release(object_: int) -> None:
    if object_:
        _method(object_, _RELEASE)()


def _create_automation() -> int:
    """Return UI Automation's object, 0 if there is none."""
    automation = c_size_t()
    _ole.CoCreateInstance(_guid(_AUTOMATION_CLASS), None, _IN_PROCESS, _guid(_AUTOMATION), byref(automation))
    return automation.value


def _is_protected(window: int) -> bool:
    """Return whether MSAA names the control, or the child of it that has the focus, as protected."""
    accessible = c_size_t()
    if _msaa.AccessibleObjectFromWindow(window, _CLIENT, _guid(_ACCESSIBLE), byref(accessible)) < 0:
        return False
    if not accessible.value:
        return False
    try:
        child = Variant()
        focused = _method(accessible.value, _GET_FOCUS, c_void_p)(byref(child)) >= 0
        try:
            if focused and child.kind == _VT_DISPATCH and child.value:
                return _has_protected_state(child.value, _SELF)
            number = child.value & 0xFFFFFFFF if focused and child.kind == _VT_I4 else _SELF
            return _has_protected_state(accessible.value, number)
        finally:
            _variants.VariantClear(byref(child))
    finally:
        _release(accessible.value)


def _has_protected_state(accessible: int, child: int) -> bool:
    """Return whether the child of that number is protected; a VARIANT is passed by its address on 64-bit Windows."""
    state, of = Variant(), Variant(kind=_VT_I4, value=child)
    if _method(accessible, _GET_STATE, c_void_p, c_void_p)(byref(of), byref(state)) < 0:
        return False
    return state.kind == _VT_I4 and bool(state.value & _STATE_PROTECTED)


def _is_automation_password(automation: int, window: int) -> bool | None:
    """Return whether UI Automation names the control, or what has the focus, as a password; None if it answers
    neither."""
    if not automation:
        return None
    by_window = _read_is_password(_method(automation, _ELEMENT_FROM_HANDLE, c_size_t, c_void_p), window)
    if by_window:
        return True
    by_focus = _read_is_password(_method(automation, _GET_FOCUSED_ELEMENT, c_void_p))
    return by_window if by_focus is None else by_focus


def _read_is_password(find_element: Callable[..., int], *arguments: int) -> bool | None:
    element = c_size_t()
    if find_element(*arguments, byref(element)) < 0 or not element.value:
        return None
    try:
        value = Variant()
        result = _method(element.value, _GET_PROPERTY, c_int32, c_int32, c_void_p)(_IS_PASSWORD, 1, byref(value))
        return bool(value.value & 0xFFFF) if result >= 0 and value.kind == _VT_BOOL else None
    finally:
        _release(element.value)
