"""Find and load the CUDA libraries for CTranslate2, and describe failures.

CTranslate2 opens cuBLAS by name at the first inference, and a name is searched among loaded libraries and in system
folders, never in a wheel. So the wheel's libraries are loaded beforehand by path: setting LD_LIBRARY_PATH would need a
restart. Only cuBLAS is needed: CTranslate2's wheels run without cuDNN since 4.6.3 (4.8.5 names `libcublas.so.12` and no
other library to open). Without the wheel the system's own cuBLAS serves.

Only the worker process loads anything here. That a library loads proves nothing yet: the model's first decode does.
"""

from __future__ import annotations

import ctypes
import sysconfig
from collections.abc import Set
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.installation import format_install_hint
from desktop.core.messages import Foreign, Message
from desktop.stt.local.decoding import DecoderError

if TYPE_CHECKING:  # only the app runs one
    from desktop.stt.local.process import WorkerError

DRIVER_FILES = (Path("/proc/driver/nvidia/version"), Path("/dev/dxg"))
"""Files that exist while an NVIDIA driver runs; the second under WSL."""

CUBLAS_LIBRARIES = ("libcublasLt.so.12", "libcublas.so.12")
"""The libraries in load order: the second needs the first, and finds it loaded."""

REMEDY = format_install_hint("cuda")

CUDA_FORMAT = "ctranslate2"
"""The format of the models that run by CUDA."""

NO_CARD = Message("cuda-card-missing")
"""The failure where a driver runs, and CTranslate2 finds no card."""

_COMPUTE_TYPES = {
    "cuda": ("int8_float16", "float16", "int8_float32", "int8", "float32"),
    "cpu": ("int8", "float32"),
}
"""Compute types by device, best first.

A card without fast float16 (Pascal) does not offer it. On RTX 50 (sm_120) int8 failed in cuBLAS up to CTranslate2 4.6.1
(its issue 1865), was not offered in 4.6.2 (1937) and works since 4.7.0 (1982); since then every offered type works.
"""


class CudaError(DecoderError):
    """The NVIDIA card cannot be used."""


def has_driver() -> bool:
    """Whether an NVIDIA driver runs. Loads nothing."""
    return any(path.exists() for path in DRIVER_FILES)


def get_site_packages() -> Path:
    """Return the folder of installed wheels."""
    return Path(sysconfig.get_path("purelib"))


def find_libraries(folder: Path) -> tuple[Path, ...]:
    """Return the libraries of the wheel installed in `folder`, in load order; empty if one is missing."""
    libraries = tuple(folder / "nvidia" / "cublas" / "lib" / name for name in CUBLAS_LIBRARIES)
    return libraries if all(path.exists() for path in libraries) else ()


def preload_libraries(folder: Path | None = None) -> Message | None:
    """Load the libraries that CTranslate2 needs, for the life of this process, from `folder` (default:
    `get_site_packages`).

    Returns why that failed, None if it did not.
    """
    wheel = find_libraries(folder or get_site_packages())
    for library in wheel or CUBLAS_LIBRARIES:
        try:
            ctypes.CDLL(str(library), ctypes.RTLD_GLOBAL)
        except OSError as error:
            return Message("cublas-unloadable", error=Foreign(error)) if wheel else Message("cublas-missing")
    return None


def has_cuda() -> bool:
    """Whether this machine should be able to compute on an NVIDIA card. Loads nothing."""
    return has_driver() and bool(find_libraries(get_site_packages()))


def choose_device(cards: int, should_exist: bool) -> str:
    """Return the device to compute on, given the number of cards that CTranslate2 finds.

    `should_exist`: a driver runs and the libraries are loaded, so there should be a card. Raises `CudaError` if
    there is none: the driver is too old for them, or the card is gone.
    """
    if should_exist and not cards:
        raise CudaError(NO_CARD)
    return "cuda" if cards else "cpu"


def choose_compute_type(supported: Set[str], device: str) -> str:
    """Return the best of the `supported` compute types for `device` (`get_supported_compute_types`)."""
    return next((kind for kind in _COMPUTE_TYPES[device] if kind in supported), "default")


def describe_failure(device: str, error: WorkerError) -> Message | None:
    """Return the message for running on the CPU because of `error` on `device` (`auto` or `cuda`).

    None if nothing was given up: the machine has no such card, and none was requested.
    """
    if device == "cpu" or (device == "auto" and not has_driver()):
        return None
    reason = error.reason or Foreign(str(error).strip().rstrip("."))
    return Message("cuda-failed", reason=reason) if reason else Message("cuda-process-ended")
