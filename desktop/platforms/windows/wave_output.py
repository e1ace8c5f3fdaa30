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
_kernel.CloseHandle.argtypes = (c_size_t,)


class WaveOutput:
    """One sound, mono 16 bit at `rate_hz`. `stop` may be called from any thread, also before `play`."""

    def __init__(self, rate_hz: int) -> None:
        self._sound = WaveFormat(_FORMAT_PCM, 1, rate_hz, 2 * rate_hz, 2, 16, 0)
        self._lock = Lock()
        self._output = c_size_t()
        self._is_stopped = False

    def play(self, samples: bytes, on_started: Callable[[], None] = lambda: None) -> bool:
        """Play until the end or until `stop`; return whether a loudspeaker took it. Blocks.

        `on_started` is called once it has been taken.
        """
        done = _kernel.CreateEventW(None, False, False, None)
        header = WaveHeader(data=ctypes.cast(ctypes.c_char_p(samples), c_void_p), length=len(samples))
        try:
            with self._lock:
                if self._is_stopped or _media.waveOutOpen(
                    byref(self._output), _WAVE_MAPPER, byref(self._sound), done, 0, _CALLBACK_EVENT
                ):
                    return self._is_stopped
                output = self._output.value
                _media.waveOutPrepareHeader(output, byref(header), sizeof(header))
                is_taken = not _media.waveOutWrite(output, byref(header), sizeof(header))
            if is_taken:
                on_started()
            until = monotonic() + len(samples) / self._sound.bytes_per_second + _SPARE_S
            while is_taken and not header.flags & _HEADER_DONE:  # the event also comes at the opening
                is_taken = (left_s := until - monotonic()) > 0
                _kernel.WaitForSingleObject(done, max(0, ceil(1000 * left_s)))
            with self._lock:
                self._output.value = 0
                _media.waveOutReset(output)
                _media.waveOutUnprepareHeader(output, byref(header), sizeof(header))
                _media.waveOutClose(output)
            return is_taken
        finally:
            _kernel.CloseHandle(done)

    def stop(self) -> None:
        """End the sound; `play` returns."""
        with self._lock:
            self._is_stopped = True
            if self._output.value:
                _media.waveOutReset(self._output.value)
