"""The Windows structures that are passed by address, laid out as on every 64-bit Windows. Pure.

Written with the sizes of their fields, since C's `long` has 32 bits there and 64 elsewhere, so that their sizes can be
tested on any system.
"""

from __future__ import annotations

from ctypes import Structure, Union, c_int32, c_int64, c_size_t, c_uint16, c_uint32, c_uint64, c_void_p
from typing import ClassVar

type StructureFields = list[tuple[str, type]]


class Point(Structure):
    """POINT."""

    _fields_: ClassVar[StructureFields] = [("x", c_int32), ("y", c_int32)]


class Rectangle(Structure):
    """RECT."""

    _fields_: ClassVar[StructureFields] = [("left", c_int32), ("top", c_int32), ("right", c_int32), ("bottom", c_int32)]


class WindowsMessage(Structure):
    """MSG."""

    _fields_: ClassVar[StructureFields] = [
        ("window", c_void_p),
        ("message", c_uint32),
        ("wparam", c_size_t),
        ("lparam", c_size_t),
        ("time", c_uint32),
        ("point", Point),
    ]


class WindowClass(Structure):
    """WNDCLASSW; `procedure` is the address of a WNDPROC."""

    _fields_: ClassVar[StructureFields] = [
        ("style", c_uint32),
        ("procedure", c_void_p),
        ("class_extra", c_int32),
        ("window_extra", c_int32),
        ("instance", c_void_p),
        ("icon", c_void_p),
        ("cursor", c_void_p),
        ("background", c_void_p),
        ("menu_name", c_void_p),
        ("class_name", c_void_p),
    ]


class RawInputDevice(Structure):
    """RAWINPUTDEVICE: a kind of device, and the window that gets its input."""

    _fields_: ClassVar[StructureFields] = [
        ("page", c_uint16),
        ("usage", c_uint16),
        ("flags", c_uint32),
        ("window", c_void_p),
    ]


class RawMouseInput(Structure):
    """RAWINPUT of a mouse: its header, and what changed."""

    _fields_: ClassVar[StructureFields] = [
        ("kind", c_uint32),
        ("size", c_uint32),
        ("device", c_void_p),
        ("wparam", c_size_t),
        ("flags", c_uint16),
        ("unused", c_uint16),
        ("buttons", c_uint16),
        ("wheel", c_uint16),
        ("raw_buttons", c_uint32),
        ("x", c_int32),
        ("y", c_int32),
        ("extra", c_uint32),
    ]


class RawKeyInput(Structure):
    """RAWINPUT of a keyboard: its header, and the key."""

    _fields_: ClassVar[StructureFields] = [
        ("kind", c_uint32),
        ("size", c_uint32),
        ("device", c_void_p),
        ("wparam", c_size_t),
        ("scan", c_uint16),
        ("flags", c_uint16),
        ("unused", c_uint16),
        ("code", c_uint16),
        ("message", c_uint32),
        ("extra", c_uint32),
    ]


class KeyInput(Structure):
    """KEYBDINPUT."""

    _fields_: ClassVar[StructureFields] = [
        ("code", c_uint16),
        ("scan", c_uint16),
        ("flags", c_uint32),
        ("time", c_uint32),
        ("extra", c_size_t),
    ]


class MouseInput(Structure):
    """MOUSEINPUT, which is never sent but is the largest of the union."""

    _fields_: ClassVar[StructureFields] = [
        ("x", c_int32),
        ("y", c_int32),
        ("data", c_uint32),
        ("flags", c_uint32),
        ("time", c_uint32),
        ("extra", c_size_t),
    ]


class AnyInput(Union):
    """The union inside INPUT."""

    _fields_: ClassVar[StructureFields] = [("mouse", MouseInput), ("key", KeyInput)]


class WindowsInput(Structure):
    """INPUT; `kind` 1 is a key."""

    _fields_: ClassVar[StructureFields] = [("kind", c_uint32), ("of", AnyInput)]


class ThreadWindows(Structure):
    """GUITHREADINFO: `focus` is the control that gets the keys."""

    _fields_: ClassVar[StructureFields] = [
        ("size", c_uint32),
        ("flags", c_uint32),
        ("active", c_void_p),
        ("focus", c_void_p),
        ("capture", c_void_p),
        ("menu_owner", c_void_p),
        ("move_size", c_void_p),
        ("caret", c_void_p),
        ("caret_at", Rectangle),
    ]


class TokenLabel(Structure):
    """TOKEN_MANDATORY_LABEL: the address of the SID that is an integrity level, and its attributes."""

    _fields_: ClassVar[StructureFields] = [("sid", c_void_p), ("attributes", c_uint32)]


class WaveHeader(Structure):
    """WAVEHDR."""

    _fields_: ClassVar[StructureFields] = [
        ("data", c_void_p),
        ("length", c_uint32),
        ("recorded", c_uint32),
        ("user", c_size_t),
        ("flags", c_uint32),
        ("loops", c_uint32),
        ("next", c_void_p),
        ("reserved", c_size_t),
    ]


class JobLimits(Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION. Of its fields only `flags` is set."""

    _fields_: ClassVar[StructureFields] = [
        ("process_time", c_int64),
        ("job_time", c_int64),
        ("flags", c_uint32),
        ("least_memory", c_size_t),
        ("most_memory", c_size_t),
        ("most_processes", c_uint32),
        ("affinity", c_size_t),
        ("priority", c_uint32),
        ("scheduling", c_uint32),
        ("transfers", c_uint64 * 6),
        ("process_memory", c_size_t),
        ("job_memory", c_size_t),
        ("process_peak", c_size_t),
        ("job_peak", c_size_t),
    ]
