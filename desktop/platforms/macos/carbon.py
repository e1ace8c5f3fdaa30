"""Ask Carbon for the letters of the keyboard layout, and for whether a password is being typed.

PyObjC has no Carbon, so its functions are called through ctypes. The layout may be read in the main thread only:
elsewhere the call ends the process.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_bool, c_int32, c_uint8, c_uint16, c_uint32, c_ulong, c_void_p

_carbon = ctypes.CDLL("/System/Library/Frameworks/Carbon.framework/Carbon")
_foundation = ctypes.CDLL("/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation")

_secure = _carbon.IsSecureEventInputEnabled
_secure.restype, _secure.argtypes = c_bool, ()

_layout = _carbon.TISCopyCurrentKeyboardLayoutInputSource
_layout.restype, _layout.argtypes = c_void_p, ()

_property = _carbon.TISGetInputSourceProperty
_property.restype, _property.argtypes = c_void_p, (c_void_p, c_void_p)

_kind = _carbon.LMGetKbdType
_kind.restype, _kind.argtypes = c_uint8, ()

_translate = _carbon.UCKeyTranslate
_translate.restype = c_int32
_translate.argtypes = (
    *(c_void_p, c_uint16, c_uint16, c_uint32, c_uint32, c_uint32),
    *(POINTER(c_uint32), c_ulong, POINTER(c_ulong), POINTER(c_uint16)),
)

_bytes = _foundation.CFDataGetBytePtr
_bytes.restype, _bytes.argtypes = c_void_p, (c_void_p,)

_release = _foundation.CFRelease
_release.restype, _release.argtypes = None, (c_void_p,)

_PRESS, _NO_DEAD_KEYS = 0, 1
"""kUCKeyActionDown, kUCKeyTranslateNoDeadKeysMask."""

_WITH_COMMAND = 1
"""Modifiers for UCKeyTranslate: those of the old event, shifted by a byte."""

_LONGEST = 4


def password_is_typed() -> bool:
    """Return whether a program has requested that no other program receives the keys."""
    return bool(_secure())


def letters() -> dict[int, str]:
    """Return what each key code types with Command held, in the layout in use.

    Empty for an input source without a table (some input methods). Call in the main thread only.
    """
    source = _layout()
    if not source:
        return {}
    try:
        data = _property(source, c_void_p.in_dll(_carbon, "kTISPropertyUnicodeKeyLayoutData"))
        return {code: _typed(_bytes(data), code) for code in range(128)} if data else {}
    finally:
        _release(source)


def _typed(layout: int, code: int) -> str:
    dead, length, text = c_uint32(), c_ulong(), (c_uint16 * _LONGEST)()
    error = _translate(
        layout, code, _PRESS, _WITH_COMMAND, _kind(), _NO_DEAD_KEYS, byref(dead), _LONGEST, byref(length), text
    )
    return "" if error else bytes(text)[: 2 * length.value].decode("utf-16-le", "replace").lower()
