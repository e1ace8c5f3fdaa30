"""The functions of COM that are used. Importing this on another system raises `OSError`."""

from __future__ import annotations

import ctypes
from ctypes import byref, c_int32, c_size_t, c_uint32, c_void_p
from functools import cache

from desktop.platforms.windows.com import ComObject, Guid, PropertyKey, PropertyValue, check

CLSCTX_ALL = 0x17
_VT_LPWSTR = 31

_ole = ctypes.CDLL("ole32")
_create_instance = _ole.CoCreateInstance
_create_instance.restype = c_int32
_create_instance.argtypes = (c_void_p, c_void_p, c_uint32, c_void_p, c_void_p)
_free_memory = _ole.CoTaskMemFree
_free_memory.restype, _free_memory.argtypes = None, (c_void_p,)
_clear_value = _ole.PropVariantClear
_clear_value.restype, _clear_value.argtypes = c_int32, (c_void_p,)
_increment_usage = _ole.CoIncrementMTAUsage
_increment_usage.restype, _increment_usage.argtypes = c_int32, (c_void_p,)


@cache
def keep_apartment() -> None:
    """Begin COM for every thread that does not itself, as worker threads that come and go, and PortAudio in them."""
    _increment_usage(byref(c_size_t()))


def create(kind: Guid, interface: Guid) -> ComObject:
    """Create an object of a class, known by its `interface`. Raises `ComError`."""
    keep_apartment()
    result = c_void_p()
    check(_create_instance(byref(kind), None, CLSCTX_ALL, byref(interface), byref(result)))
    return ComObject(result.value)


def take_text(address: int | None) -> str:
    """Return a string that a method returned, and free it."""
    text = ctypes.wstring_at(address) if address else ""
    _free_memory(address)
    return text


def free(address: int | None) -> None:
    """Free memory that a method returned."""
    _free_memory(address)


def read_property(store: ComObject, key: PropertyKey) -> str:
    """Return a text of a property store (IPropertyStore); empty where it has none. Raises `ComError`."""
    value = PropertyValue()
    store.call(5, byref(key), byref(value))  # GetValue
    text = ctypes.wstring_at(value.address) if value.kind == _VT_LPWSTR and value.address else ""
    _clear_value(byref(value))
    return text
