"""Play sound by waveOut, which mixes, converts and follows the default loudspeaker. Needs no process and no PortAudio,
so that nothing played can block a recording. Importing this on another system raises `OSError`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import byref, c_size_t, c_uint32, c_void_p, sizeof
from math import ceil
from threading import Lock
from time import monotonic

from desktop.platforms.windows.com import WaveFormat
from desktop.platforms.windows.structures import WaveHeader

_WAVE_MAPPER, _CALLBACK_EVENT, _FORMAT_PCM, _HEADER_DONE = 0xFFFFFFFF, 0x00050000, 1, 1
_SPARE_S = 10.0
"""Seconds beyond its length that a sound may take, as on a loudspeaker that wakes up."""

_media, _kernel = ctypes.CDLL("winmm"), ctypes.CDLL("kernel32")
_media.waveOutOpen.argtypes = (c_void_p, c_uint32, c_void_p, c_size_t, c_size_t, c_uint32)
for _name in ("waveOutPrepareHeader", "waveOutWrite", "waveOutUnprepareHeader"):
    getattr(_media, _name).argtypes = (c_size_t, c_void_p, c_uint32)
for _name in ("waveOutReset", "waveOutClose"):
    getattr(_media, _name).argtypes = (c_size_t,)
_kernel.CreateEventW.restype, _kernel.CreateEventW.argtypes = c_size_t, (c_void_p, c_uint32, c_uint32, c_void_p)
_kernel.WaitForSingleObject.argtypes = (c_size_t, c_uint32)
for _name in ("SetEvent", "CloseHandle"):
    getattr(_kernel, _name).argtypes = (c_size_t,)


class WaveOutput:
    """One sound, mono 16 bit at `rate_hz`. `stop` may be called from any thread, also before `play`.

    All of waveOut is called in the thread of `play`, because each call may hang with its loudspeaker.
    """

    def __init__(self, rate_hz: int) -> None:
        self._sound = WaveFormat(_FORMAT_PCM, 1, rate_hz, 2 * rate_hz, 2, 16, 0)
        self._lock = Lock()  # held for no call that may hang
        self._event = 0
        self._is_stopped = False

    def play(self, samples: bytes, on_started: Callable[[], None] = lambda: None) -> bool:
        """Play until the end or until `stop`; return whether a loudspeaker took it. Blocks.

        `on_started` is called once it has been taken.
        """
        with self._lock:
            self._event = event = _kernel.CreateEventW(None, False, False, None)
        try:
            return self._play(samples, event, on_started) or self._is_stopped
        finally:
            with self._lock:
                self._event = 0
                _kernel.CloseHandle(event)

    def stop(self) -> None:
        """End the sound; `play` returns as soon as its loudspeaker answers. Never waits."""
        with self._lock:
            self._is_stopped = True
            if self._event:
                _kernel.SetEvent(self._event)

    def _play(self, samples: bytes, event: int, on_started: Callable[[], None]) -> bool:
        opened = c_size_t()
        header = WaveHeader(data=ctypes.cast(ctypes.c_char_p(samples), c_void_p), length=len(samples))
        if self._is_stopped or _media.waveOutOpen(
            byref(opened), _WAVE_MAPPER, byref(self._sound), event, 0, _CALLBACK_EVENT
        ):
            return False
        output = opened.value
        _media.waveOutPrepareHeader(output, byref(header), sizeof(header))
        is_taken = not self._is_stopped and not _media.waveOutWrite(output, byref(header), sizeof(header))
        if is_taken:
            on_started()
        until = monotonic() + len(samples) / self._sound.bytes_per_second + _SPARE_S
        while is_taken and not self._is_stopped and not header.flags & _HEADER_DONE:  # the opening sets the event too
            is_taken = (left_s := until - monotonic()) > 0
            _kernel.WaitForSingleObject(event, max(0, ceil(1000 * left_s)))
        _media.waveOutReset(output)
        _media.waveOutUnprepareHeader(output, byref(header), sizeof(header))
        _media.waveOutClose(output)
        return is_taken
