"""Read and set how loud programs play, and whether those that record are muted, each device for itself.

Importing this on another system raises `OSError`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from ctypes import c_float, c_int32, c_uint32, c_void_p

from desktop.platforms.windows import ole
from desktop.platforms.windows.com import ComError, ComObject, Guid
from desktop.platforms.windows.sound import PlaybackSession
from desktop.platforms.windows.sound_devices import CAPTURE, RENDER, activate, enumerate_devices, list_active

_SESSION_MANAGER = Guid.parse("77AA99A0-1BD6-484F-8BC7-2C654C9A9B6F")
_SESSION_CONTROL = Guid.parse("BFB7FF88-7239-4FC9-8FA2-07C950BE9C6D")
_SIMPLE_VOLUME = Guid.parse("87CE5498-68D6-44E5-9215-6DA47EF883D8")
_PLAYING = 1


def list_sessions() -> list[PlaybackSession]:
    """Return what plays or played on every loudspeaker; what ends meanwhile is left out. Raises `ComError`."""
    return _list_sessions(RENDER)


def list_recording_sessions() -> list[PlaybackSession]:
    """Return what records or recorded by every microphone, likewise. Raises `ComError`."""
    return _list_sessions(CAPTURE)


def _list_sessions(flow: int) -> list[PlaybackSession]:
    found: list[PlaybackSession] = []
    with ExitStack() as stack:
        for control in _open_sessions(stack, flow):
            with suppress(ComError), control.query(_SIMPLE_VOLUME) as volume:
                found.append(
                    PlaybackSession(
                        program=ole.take_text(control.read(12, c_void_p)),  # GetSessionIdentifier
                        instance=_read_instance(control),
                        pid=control.read(14, c_uint32),  # GetProcessId
                        volume=volume.read(4, c_float),  # GetMasterVolume
                        is_playing=control.read(3, c_int32) == _PLAYING,  # GetState
                        is_muted=bool(volume.read(6, c_int32)),  # GetMute
                    )
                )
    return found


def set_volume(instance: str, level: float) -> bool:
    """Set the volume of a session and return whether it was there. Raises `ComError`."""
    with ExitStack() as stack:
        for control in _open_sessions(stack):
            with suppress(ComError):
                if _read_instance(control) == instance:
                    with control.query(_SIMPLE_VOLUME) as volume:
                        volume.call(3, c_float(level), c_void_p())  # SetMasterVolume
                        return True
    return False


def set_recording_mute(instance: str, is_muted: bool) -> bool:
    """Mute a session that records, or unmute it; return whether it was there. Raises `ComError`."""
    with ExitStack() as stack:
        for control in _open_sessions(stack, CAPTURE):
            with suppress(ComError):
                if _read_instance(control) == instance:
                    with control.query(_SIMPLE_VOLUME) as volume:
                        volume.call(5, c_int32(is_muted), c_void_p())  # SetMute
                        return True
    return False


def _read_instance(control: ComObject) -> str:
    return ole.take_text(control.read(13, c_void_p))  # GetSessionInstanceIdentifier


def _open_sessions(stack: ExitStack, flow: int = RENDER) -> Iterator[ComObject]:
    """Yield every session (IAudioSessionControl2) of loudspeakers or microphones, released with `stack`. Raises
    `ComError`."""
    enumerator = stack.enter_context(enumerate_devices())
    for device in list_active(enumerator, flow, stack):
        with suppress(ComError), _list_of(device) as sessions:
            for index in range(sessions.read(3, c_int32)):  # GetCount
                with sessions.get(4, c_int32(index)) as session:  # GetSession
                    yield stack.enter_context(session.query(_SESSION_CONTROL))


@contextmanager
def _list_of(device: ComObject) -> Iterator[ComObject]:
    with activate(device, _SESSION_MANAGER) as manager, manager.get(5) as sessions:  # GetSessionEnumerator
        yield sessions
