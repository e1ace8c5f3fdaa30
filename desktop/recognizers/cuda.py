"""An NVIDIA card for CTranslate2: its libraries found and loaded, and what is said where that fails.

CTranslate2 opens cuBLAS by its name at the first inference, and a name is looked for among what is loaded and in the
system's folders, never in a wheel's. So the wheel's libraries are loaded beforehand, each by its path: setting
LD_LIBRARY_PATH would need a restart. cuBLAS is all that is needed: CTranslate2's wheels run without cuDNN since 4.6.3
(4.8.5 names `libcublas.so.12` and no other library to open). Without the wheel the system's own cuBLAS serves.

Only the model's process loads anything here. That a library loads proves nothing yet: the model's first decode does.
"""

from __future__ import annotations

import ctypes
import sysconfig
from collections.abc import Set
from pathlib import Path

from desktop.installed import adding

DRIVER = (Path("/proc/driver/nvidia/version"), Path("/dev/dxg"))
"""What shows that an NVIDIA driver runs; the second under Windows' Linux."""

CUBLAS = ("libcublasLt.so.12", "libcublas.so.12")
"""The libraries in load order: the second needs the first, and finds it loaded."""

REMEDY = adding("cuda")

_COMPUTE = {
    "cuda": ("int8_float16", "float16", "int8_float32", "int8", "float32"),
    "cpu": ("int8", "float32"),
}
"""Best first. A card without fast halves (Pascal) has no float16. On RTX 50 (sm_120) int8 failed in cuBLAS up to
CTranslate2 4.6.1 (its issue 1865), was no longer offered in 4.6.2 (1937) and works since 4.7.0 (1982); what is offered
can be believed since then."""


def driver() -> bool:
    """Whether an NVIDIA driver runs. Asked without loading anything."""
    return any(path.exists() for path in DRIVER)


def site_packages() -> Path:
    """Where wheels are installed."""
    return Path(sysconfig.get_path("purelib"))


def libraries(folder: Path) -> tuple[Path, ...]:
    """The libraries of the wheel that is installed in `folder`, in load order; none where one is missing."""
    found = tuple(folder / "nvidia" / "cublas" / "lib" / name for name in CUBLAS)
    return found if all(path.exists() for path in found) else ()


def preload(folder: Path | None = None) -> str | None:
    """Load what CTranslate2 will look for, for the life of this process, out of `folder` in place of `site_packages`.

    Returns the reason where that fails.
    """
    wheel = libraries(folder or site_packages())
    for library in wheel or CUBLAS:
        try:
            ctypes.CDLL(str(library), ctypes.RTLD_GLOBAL)
        except OSError as error:
            return f"cuBLAS cannot be loaded ({error})" if wheel else "cuBLAS is not installed"
    return None


def has_cuda() -> bool:
    """Whether this machine should be able to compute on an NVIDIA card. Asked without loading anything."""
    return driver() and bool(libraries(site_packages()))


def found(cards: int, ready: bool) -> str:
    """The device to compute on, where CTranslate2 finds so many cards.

    `ready`: a driver runs and the libraries are loaded, so that there should be one. Raises `RuntimeError` where there
    is none all the same: the driver is too old for them, or the card is gone.
    """
    if ready and not cards:
        raise RuntimeError("the driver offers no card that can be used")
    return "cuda" if cards else "cpu"


def compute_type(supported: Set[str], device: str) -> str:
    """The kind of numbers to compute with on `device`, of those it supports (`get_supported_compute_types`)."""
    return next((kind for kind in _COMPUTE[device] if kind in supported), "default")


def failure(device: str, error: Exception) -> str:
    """What a person reads where the model runs on the CPU because of `error` on `device` (`auto` or `cuda`).

    Empty where nothing was given up: the machine has no such card, and nobody asked for it.
    """
    if device == "cpu" or (device == "auto" and not driver()):
        return ""
    why = str(error).removeprefix("RuntimeError: ").strip().rstrip(".")
    return f"CUDA failed: {why or 'the process ended'}."
