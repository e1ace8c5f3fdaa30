"""Query Carbon for the letters of the keyboard layout, and for whether a password is being typed.

PyObjC has no Carbon, so its functions are called through ctypes. The layout may be read in the main thread only:
elsewhere the call ends the process.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_bool, c_int32, c_uint8, c_uint16, c_uint32, c_ulong, c_void_p

_carbon = ctypes.CDLL("/System/Library/Frameworks/Carbon.framework/Carbon")
_foundation = ctypes.CDLL("/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation")

_is_secure_input = _carbon.IsSecureEventInputEnabled
_is_secure_input.restype, _is_secure_input.argtypes = c_bool, ()

_copy_layout = _carbon.TISCopyCurrentKeyboardLayoutInputSource
_copy_layout.restype, _copy_layout.argtypes = c_void_p, ()

_get_property = _carbon.TISGetInputSourceProperty
_get_property.restype, _get_property.argtypes = c_void_p, (c_void_p, c_void_p)

_keyboard_type = _carbon.LMGetKbdType
_keyboard_type.restype, _keyboard_type.argtypes = c_uint8, ()

_translate = _carbon.UCKeyTranslate
_translate.restype = c_int32
_translate.argtypes = (
    *(c_void_p, c_uint16, c_uint16, c_uint32, c_uint32, c_uint32),
    *(POINTER(c_uint32), c_ulong, POINTER(c_ulong), POINTER(c_uint16)),
)

_data_bytes = _foundation.CFDataGetBytePtr
_data_bytes.restype, _data_bytes.argtypes = c_void_p, (c_void_p,)

_release_object = _foundation.CFRelease
_release_object.restype, _release_object.argtypes = None, (c_void_p,)

_KEY_DOWN, _NO_DEAD_KEYS = 0, 1
"""kUCKeyActionDown, kUCKeyTranslateNoDeadKeysMask."""

_COMMAND_STATE = 1
"""Modifiers for UCKeyTranslate: those of the old event, shifted by a byte."""

_MAX_UNITS = 4


def is_secure_input_on() -> bool:
    """Return whether a program has requested that no other program receives the keys."""
    return bool(_is_secure_input())


def read_layout_letters() -> dict[int, str]:
    """Return what each key code types with Command held, in the layout in use.

    Empty for an input source without a table (some input methods). Call in the main thread only.
    """
    source = _copy_layout()
    if not source:
        return {}
    try:
        data = _get_property(source, c_void_p.in_dll(_carbon, "kTISPropertyUnicodeKeyLayoutData"))
        return {code: _translate_code(_data_bytes(data), code) for code in range(128)} if data else {}
    finally:
        _release_object(source)


def _translate_code(layout: int, code: int) -> str:
    dead, length, text = c_uint32(), c_ulong(), (c_uint16 * _MAX_UNITS)()
    error = _translate(
        layout,
        code,
        _KEY_DOWN,
        _COMMAND_STATE,
        _keyboard_type(),
        _NO_DEAD_KEYS,
        byref(dead),
        _MAX_UNITS,
        byref(length),
        text,
    )
    return "" if error else bytes(text)[: 2 * length.value].decode("utf-16-le", "replace").lower()
