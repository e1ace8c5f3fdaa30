"""Objects of COM, called and given: the tables of methods are the same on every system."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from ctypes import byref, c_float, c_int32, c_size_t, c_uint32, c_void_p
from typing import Any

import pytest

from desktop.platforms.windows.com import (
    E_NOINTERFACE,
    ComCallbacks,
    ComError,
    ComObject,
    Guid,
    PropertyKey,
    PropertyValue,
    WaveFormat,
)
from desktop.platforms.windows.structures import WaveHeader

NOTIFICATIONS = Guid.parse("7991EEC9-7E89-4D85-8390-6C703CEC60C0")
OTHER = Guid.parse("A95664D2-9614-4F35-A746-DE8DB63617E6")


class Served:
    """An object of a program, which counts its releases."""

    def __init__(self, *methods: tuple[Callable[..., int], Sequence[type]]) -> None:
        self.released = 0
        kinds = [ctypes.CFUNCTYPE(c_int32, c_void_p, *types)(method) for method, types in methods]
        release = ctypes.CFUNCTYPE(c_int32, c_void_p)(self._release)
        self._functions = [release, release, release, *kinds]
        self._table = (c_void_p * len(self._functions))(
            *(ctypes.cast(function, c_void_p).value for function in self._functions)
        )
        self._object = c_void_p(ctypes.addressof(self._table))
        self.address = ctypes.addressof(self._object)

    def _release(self, _this: int) -> int:
        self.released += 1
        return 0


@pytest.mark.parametrize(
    ("structure", "size"), [(Guid, 16), (PropertyKey, 20), (PropertyValue, 24), (WaveFormat, 18), (WaveHeader, 48)]
)
def test_structures_have_windows_sizes(structure: type[ctypes.Structure], size: int) -> None:
    assert ctypes.sizeof(structure) == size


def test_guid_has_its_first_parts_turned_around() -> None:
    assert bytes(NOTIFICATIONS.data) == bytes.fromhex("C9EE9179 897E 854D 8390 6C703CEC60C0")


def test_methods_get_their_arguments_and_give_results() -> None:
    heard: list[Any] = []

    def set_level(_this: int, level: float, context: int | None) -> int:
        heard.append((level, context))
        return 0

    def get_count(_this: int, flow: int, result: int) -> int:
        c_uint32.from_address(result).value = 7 + flow
        return 0

    served = Served((set_level, (c_float, c_void_p)), (get_count, (c_int32, c_void_p)))
    with ComObject(served.address) as opened:
        opened.call(3, c_float(0.25), c_void_p())
        assert opened.read(4, c_uint32, c_int32(2)) == 9
    assert heard == [(0.25, None)]
    assert served.released == 1


def test_an_object_that_a_method_returns_is_released() -> None:
    inner = Served()

    def get(_this: int, result: int) -> int:
        c_size_t.from_address(result).value = inner.address
        return 0

    outer = Served((get, (c_void_p,)))
    with ComObject(outer.address) as opened, opened.get(3) as got:
        assert got.address == inner.address
    assert (inner.released, outer.released) == (1, 1)


def test_a_failure_is_an_error_and_releases() -> None:
    served = Served((lambda _this: E_NOINTERFACE, ()))
    with pytest.raises(ComError, match="0x80004002"), ComObject(served.address) as opened:
        opened.call(3)
    assert served.released == 1


def test_our_object_is_called_and_knows_its_interface() -> None:
    heard: list[int] = []
    ours = ComCallbacks(NOTIFICATIONS, [(heard.append, (c_uint32,))])
    with ComObject(ours.address) as opened:
        opened.call(3, c_uint32(5))
        assert opened.query(NOTIFICATIONS).address == ours.address
        with pytest.raises(ComError, match="0x80004002"):
            opened.call(0, byref(OTHER), byref(c_void_p()))
    assert heard == [5]
