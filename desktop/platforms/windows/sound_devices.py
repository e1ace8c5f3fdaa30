"""List Windows' microphones, and hear when they change. Importing this on another system raises `OSError`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from ctypes import byref, c_float, c_int32, c_uint32, c_void_p, c_wchar_p

from desktop.platforms.windows import ole
from desktop.platforms.windows.com import ComCallbacks, ComError, ComObject, Guid, PropertyKey, WaveFormat
from desktop.platforms.windows.sound import CaptureEndpoint

_ENUMERATOR_CLASS = Guid.parse("BCDE0395-E52F-467C-8E3D-C4579291692E")
_ENUMERATOR = Guid.parse("A95664D2-9614-4F35-A746-DE8DB63617E6")
_AUDIO_CLIENT = Guid.parse("1CB9AD4C-DBFA-4C32-B178-C2F568A703B2")
_ENDPOINT_VOLUME = Guid.parse("5CDF2C82-841E-4546-9722-0CF74078229A")
_NOTIFICATIONS = Guid.parse("7991EEC9-7E89-4D85-8390-6C703CEC60C0")
_DEVICE_SET = Guid.parse("A45C254E-DF1C-4EFD-8020-67D146A850E0")
_FRIENDLY_NAME, _BUS = PropertyKey(_DEVICE_SET, 14), PropertyKey(_DEVICE_SET, 24)

RENDER, CAPTURE = 0, 1
"""Loudspeakers and microphones."""

_CONSOLE, _ACTIVE, _STGM_READ = 0, 1, 0
_NOT_FOUND = 0x80070490 - (1 << 32)


@contextmanager
def enumerate_devices() -> Iterator[ComObject]:
    """Provide the system's list of sound devices (IMMDeviceEnumerator). Raises `ComError`."""
    with ole.create(_ENUMERATOR_CLASS, _ENUMERATOR) as enumerator:
        yield enumerator


def list_active(enumerator: ComObject, flow: int, stack: ExitStack) -> list[ComObject]:
    """Return the devices of `flow` that can be used now, released with `stack`. Raises `ComError`."""
    with enumerator.get(3, c_int32(flow), c_uint32(_ACTIVE)) as collection:  # EnumAudioEndpoints
        count = collection.read(3, c_uint32)
        return [stack.enter_context(collection.get(4, c_uint32(index))) for index in range(count)]


def list_microphones() -> list[CaptureEndpoint]:
    """Return the microphones that can be used now; one that goes meanwhile is left out. Raises `ComError`."""
    found: list[CaptureEndpoint] = []
    with enumerate_devices() as enumerator, ExitStack() as stack:
        default_id = _find_default(enumerator)
        for device in list_active(enumerator, CAPTURE, stack):
            try:
                found.append(_describe(device, default_id))
            except ComError:
                continue
    return found


def read_level(device_id: str) -> tuple[bool, float]:
    """Return whether the device is muted, and its volume from 0 to 1. Raises `ComError`."""
    with (
        enumerate_devices() as enumerator,
        enumerator.get(5, c_wchar_p(device_id)) as device,  # GetDevice
        activate(device, _ENDPOINT_VOLUME) as volume,
    ):
        return bool(volume.read(15, c_int32)), float(volume.read(9, c_float))  # GetMute, GetMasterVolumeLevelScalar


def activate(device: ComObject, interface: Guid) -> ComObject:
    """Return an interface of a device. Raises `ComError`."""
    return device.get(3, byref(interface), c_uint32(ole.CLSCTX_ALL), c_void_p())


@contextmanager
def watch_devices(on_change: Callable[[], None]) -> Iterator[None]:
    """Call `on_change`, on a thread of Windows, when a device comes, goes or becomes the default. Raises `ComError`."""
    callbacks = ComCallbacks(
        _NOTIFICATIONS,
        [
            (lambda _id, _state: on_change(), (c_void_p, c_uint32)),
            (lambda _id: on_change(), (c_void_p,)),
            (lambda _id: on_change(), (c_void_p,)),
            (lambda _flow, _role, _id: on_change(), (c_int32, c_int32, c_void_p)),
            (lambda _id, _key: None, (c_void_p, c_void_p)),  # properties change with every volume
        ],
    )
    with enumerate_devices() as enumerator:
        enumerator.call(6, c_void_p(callbacks.address))  # RegisterEndpointNotificationCallback
        try:
            yield
        finally:
            enumerator.call(7, c_void_p(callbacks.address))


def read_id(device: ComObject) -> str:
    """Return the id of a device, which stays the same. Raises `ComError`."""
    return ole.take_text(device.read(5, c_void_p))


def _find_default(enumerator: ComObject) -> str:
    """Return the id of the default microphone, empty if there is none."""
    try:
        with enumerator.get(4, c_int32(CAPTURE), c_int32(_CONSOLE)) as device:  # GetDefaultAudioEndpoint
            return read_id(device)
    except ComError as error:
        if error.code != _NOT_FOUND:
            raise
        return ""


def _describe(device: ComObject, default_id: str) -> CaptureEndpoint:
    device_id = read_id(device)
    with device.get(4, c_uint32(_STGM_READ)) as store:  # OpenPropertyStore
        name, bus = ole.read_property(store, _FRIENDLY_NAME), ole.read_property(store, _BUS)
    with activate(device, _AUDIO_CLIENT) as client:
        address = client.read(8, c_void_p)  # GetMixFormat
        sound = WaveFormat.from_address(address)
        rate_hz, channels = sound.rate_hz, sound.channels
        ole.free(address)
    return CaptureEndpoint(device_id, name, device_id == default_id, rate_hz, channels, bus)
