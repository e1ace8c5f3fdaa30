"""Call COM objects, and be one: an object is an address whose first field is the address of its table of methods. Pure.

Methods are numbered as in Microsoft's headers, from the three of IUnknown on. 64-bit Windows has one calling
convention, so they are called like any other function.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from ctypes import Structure, c_int32, c_size_t, c_ubyte, c_uint16, c_uint32, c_void_p
from types import TracebackType
from typing import Any, ClassVar, Self
from uuid import UUID

from desktop.platforms.windows.structures import StructureFields

S_OK, E_NOINTERFACE = 0, 0x80004002 - (1 << 32)
_QUERY_INTERFACE, _RELEASE = 0, 2
_METHOD = ctypes.CFUNCTYPE(c_int32)


class Guid(Structure):
    """GUID."""

    _fields_: ClassVar[StructureFields] = [("data", c_ubyte * 16)]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the GUID that is written `text`."""
        return cls.from_buffer_copy(UUID(text).bytes_le)


_UNKNOWN = Guid.parse("00000000-0000-0000-C000-000000000046")


class PropertyKey(Structure):
    """PROPERTYKEY."""

    _fields_: ClassVar[StructureFields] = [("set", Guid), ("id", c_uint32)]


class PropertyValue(Structure):
    """PROPVARIANT of a `kind` that has an address in it."""

    _fields_: ClassVar[StructureFields] = [
        ("kind", c_uint16),
        ("reserved", c_uint16 * 3),
        ("address", c_void_p),
        ("more", c_void_p),
    ]


class WaveFormat(Structure):
    """WAVEFORMATEX."""

    _pack_ = 1
    _fields_: ClassVar[StructureFields] = [
        ("tag", c_uint16),
        ("channels", c_uint16),
        ("rate_hz", c_uint32),
        ("bytes_per_second", c_uint32),
        ("block_bytes", c_uint16),
        ("sample_bits", c_uint16),
        ("extra_bytes", c_uint16),
    ]


class ComError(OSError):
    """A method failed with `code`."""

    def __init__(self, code: int) -> None:
        super().__init__(f"COM error {code & 0xFFFFFFFF:#010x}")
        self.code = code


def check(code: int) -> int:
    """Return the result of a function. Raises `ComError` where that is an error."""
    if code < 0:
        raise ComError(code)
    return code


class ComObject:
    """An object at `address`, released at the end of the context."""

    def __init__(self, address: int | None) -> None:
        self.address = address or 0

    def call(self, method: int, *arguments: Any) -> int:
        """Call a method with arguments of ctypes. Raises `ComError`."""
        table = c_size_t.from_address(self.address).value
        function = _METHOD(c_size_t.from_address(table + method * ctypes.sizeof(c_size_t)).value)
        return check(function(c_void_p(self.address), *arguments))

    def get(self, method: int, *arguments: Any) -> ComObject:
        """Call a method whose last argument returns an object, and return that. Raises `ComError`."""
        result = c_void_p()
        self.call(method, *arguments, ctypes.byref(result))
        return ComObject(result.value)

    def read[T: ctypes._SimpleCData[Any]](self, method: int, kind: type[T], *arguments: Any) -> Any:
        """Call a method whose last argument returns a value of `kind`, and return that. Raises `ComError`."""
        result = kind()
        self.call(method, *arguments, ctypes.byref(result))
        return result.value

    def query(self, interface: Guid) -> ComObject:
        """Return the object's `interface`. Raises `ComError`."""
        return self.get(_QUERY_INTERFACE, ctypes.byref(interface))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        address, self.address = self.address, 0
        if address:
            ComObject(address).call(_RELEASE)


class ComCallbacks:
    """An object of ours with an `interface`, which Windows calls: its `methods` follow those of IUnknown, each with the
    types of its arguments.

    It is never freed by its counter: keep it as long as it is registered.
    """

    def __init__(self, interface: Guid, methods: Sequence[tuple[Callable[..., None], Sequence[type]]]) -> None:
        known = (bytes(_UNKNOWN.data), bytes(interface.data))
        count = ctypes.CFUNCTYPE(c_uint32, c_void_p)
        query = ctypes.CFUNCTYPE(c_int32, c_void_p, c_void_p, c_void_p)

        def answer_query(this: int, asked: int, result: int) -> int:
            is_known = bytes(Guid.from_address(asked).data) in known
            c_size_t.from_address(result).value = this if is_known else 0
            return S_OK if is_known else E_NOINTERFACE

        self._functions = [
            query(answer_query),
            *(count(lambda _this: 1) for _ in range(2)),
            *(ctypes.CFUNCTYPE(c_int32, c_void_p, *types)(_returning_ok(method)) for method, types in methods),
        ]
        self._table = (c_void_p * len(self._functions))(
            *(ctypes.cast(function, c_void_p).value for function in self._functions)
        )
        self._object = c_void_p(ctypes.addressof(self._table))
        self.address = ctypes.addressof(self._object)


def _returning_ok(method: Callable[..., None]) -> Callable[..., int]:
    def call(_this: int, *arguments: Any) -> int:
        method(*arguments)
        return S_OK

    return call
