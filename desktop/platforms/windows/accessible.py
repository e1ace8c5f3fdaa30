"""Whether an accessible object of MSAA (IAccessible) is for a password. Pure.

Its methods are called by their places in the interface's table (`desktop.platforms.windows.com`). A field that has the
focus has a number, or is an object that is given by another interface: IDispatch, whose table, in another process than
the program's, ends before the methods of IAccessible begin.
"""

from __future__ import annotations

import ctypes
from ctypes import byref, c_size_t, c_uint16
from typing import ClassVar

from desktop.platforms.windows.com import ComError, ComObject, Guid
from desktop.platforms.windows.structures import StructureFields

ACCESSIBLE = Guid.parse("618736e0-3c3d-11cf-810c-00aa00389b71")

STATE_PROTECTED = 0x20000000

VT_I4, VT_DISPATCH, VT_BOOL, VT_UNKNOWN = 3, 9, 11, 13

_SELF = 0
_GET_STATE, _GET_FOCUS = 14, 18


class Variant(ctypes.Structure):
    """VARIANT, with a number or an address as its value."""

    _fields_: ClassVar[StructureFields] = [
        ("kind", c_uint16),
        ("reserved", c_uint16 * 3),
        ("value", c_size_t),
        ("record", c_size_t),
    ]


def is_protected(accessible: ComObject) -> bool:
    """Return whether the object, or the child of it that has the focus, is named as protected; False where that is not
    known. Raises `ComError` where neither tells its state."""
    focused = Variant()
    try:
        accessible.call(_GET_FOCUS, byref(focused))
    except ComError:
        return _has_protected_state(accessible, _SELF)
    if focused.kind in (VT_DISPATCH, VT_UNKNOWN) and focused.value:
        with ComObject(focused.value) as told:
            try:
                child = told.query(ACCESSIBLE)
            except ComError:
                return False
        with child:
            return _has_protected_state(child, _SELF)
    return _has_protected_state(accessible, focused.value & 0xFFFFFFFF if focused.kind == VT_I4 else _SELF)


def _has_protected_state(accessible: ComObject, child: int) -> bool:
    """Return whether the child of that number is protected; a VARIANT is passed by its address on 64-bit Windows."""
    state, of = Variant(), Variant(kind=VT_I4, value=child)
    accessible.call(_GET_STATE, byref(of), byref(state))
    return state.kind == VT_I4 and bool(state.value & STATE_PROTECTED)
