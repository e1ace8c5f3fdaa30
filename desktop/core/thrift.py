"""Return large freed memory to the system at once.

glibc raises its mmap threshold whenever a mapped block is freed, up to 32 MB: from then on the arrays of a minute of
audio come from heaps, one for each worker thread, and stay there. Detecting emotions for an hour moved this process
between 390 and 540 MB that way; with the threshold held at 1 MB a process that does only that stays at 80 MB instead of
160, at the same speed. The recognizer's process has a setting of its own, in `stt.local.process`.
"""

from __future__ import annotations

import ctypes
import sys

M_MMAP_THRESHOLD = -3
"""`mallopt`'s parameter: `man 3 mallopt`."""

LARGE_BYTES = 2**20


def fix_mmap_threshold() -> None:
    """Hold glibc's mmap threshold at `LARGE_BYTES`. Does nothing where the C library is not glibc."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
