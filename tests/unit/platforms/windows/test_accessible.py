"""Password fields by MSAA, of programs played here: an object, its child by number, and a child that is an object."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import c_int32, c_size_t, c_void_p

import pytest

from desktop.platforms.windows.accessible import (
    ACCESSIBLE,
    STATE_PROTECTED,
    VT_DISPATCH,
    VT_I4,
    Variant,
    is_protected,
)
from desktop.platforms.windows.com import E_NOINTERFACE, ComError, ComObject, Guid

FAILURE = 0x80004005 - (1 << 32)
IDISPATCH_METHODS, GET_STATE, GET_FOCUS = 7, 14, 18


class Served:
    """An object of a program, with a table that ends with its last method; `uses` counts those who hold it."""

    def __init__(self, methods: dict[int, Callable[..., int]], size: int, interface: Served | None = None) -> None:
        self.uses = 1
        self._interface = interface
        known = {0: self._query, 1: self._keep, 2: self._release, **methods}
        kind = ctypes.CFUNCTYPE(c_int32, c_void_p, c_void_p, c_void_p)
        self._functions = [kind(known.get(place, lambda *_: FAILURE)) for place in range(size)]
        self._table = (c_void_p * size)(*(ctypes.cast(function, c_void_p).value for function in self._functions))
        self._object = c_void_p(ctypes.addressof(self._table))
        self.address = ctypes.addressof(self._object)

    def _query(self, _this: int, interface: int, result: int) -> int:
        if self._interface is None or bytes(Guid.from_address(interface).data) != bytes(ACCESSIBLE.data):
            return E_NOINTERFACE
        self._interface.uses += 1
        c_size_t.from_address(result).value = self._interface.address
        return 0

    def _keep(self, *_: object) -> int:
        self.uses += 1
        return self.uses

    def _release(self, *_: object) -> int:
        self.uses -= 1
        return self.uses


def accessible(states: dict[int, int], focused: tuple[int, int] | None = None) -> Served:
    """An IAccessible with the states of itself (0) and of its children; `focused`: kind and value of what is."""

    def get_state(_this: int, child: int, result: int) -> int:
        number = Variant.from_address(child).value
        answer = Variant.from_address(result)
        answer.kind, answer.value = VT_I4, states.get(number, 0)
        return 0 if number in states else FAILURE

    def get_focus(_this: int, result: int, _: int) -> int:
        if focused is None:
            return FAILURE
        answer = Variant.from_address(result)
        answer.kind, answer.value = focused
        return 0

    return Served({GET_STATE: get_state, GET_FOCUS: get_focus}, 28)


@pytest.mark.parametrize(
    ("states", "focused", "protected"),
    [
        ({0: STATE_PROTECTED}, None, True),
        ({0: 4}, None, False),
        ({0: 4, 3: STATE_PROTECTED | 4}, (VT_I4, 3), True),
        ({0: STATE_PROTECTED, 3: 4}, (VT_I4, 3), False),
        ({0: STATE_PROTECTED}, (0, 0), True),
    ],
)
def test_protected_state_of_what_has_the_focus(
    states: dict[int, int], focused: tuple[int, int] | None, protected: bool
) -> None:
    served = accessible(states, focused)
    with ComObject(served.address) as opened:
        assert is_protected(opened) is protected
    assert served.uses == 0


@pytest.mark.parametrize("state", [0, STATE_PROTECTED])
def test_focused_object_is_asked_by_its_own_interface(state: int) -> None:
    child = accessible({0: state})
    told = Served({}, IDISPATCH_METHODS, child)
    told.uses, child.uses = 1, 0
    served = accessible({0: 0}, (VT_DISPATCH, told.address))
    with ComObject(served.address) as opened:
        assert is_protected(opened) is bool(state)
    assert (told.uses, child.uses, served.uses) == (0, 0, 0)


def test_focused_object_without_that_interface_is_unknown_and_released() -> None:
    told = Served({}, IDISPATCH_METHODS)
    served = accessible({0: 0}, (VT_DISPATCH, told.address))
    with ComObject(served.address) as opened:
        assert not is_protected(opened)
    assert told.uses == 0


def test_object_that_tells_no_state_is_an_error() -> None:
    served = accessible({})
    with ComObject(served.address) as opened, pytest.raises(ComError):
        is_protected(opened)
