"""Find and load the CUDA libraries for CTranslate2, and describe failures.

CTranslate2 opens cuBLAS by name at the first inference, and a name is searched among loaded libraries and in system
folders, never in a wheel. So the wheel's libraries are loaded beforehand by path: setting LD_LIBRARY_PATH would need a
restart. Only cuBLAS is needed: CTranslate2's wheels run without cuDNN since 4.6.3 (4.8.5 names `libcublas.so.12` and no
other library to open). Without the wheel the system's own cuBLAS serves.

On Windows they are `cublas64_12.dll` and the one it needs, and CTranslate2 finds what is loaded by name as well; their
folder is also added to those that are searched, for what cuBLAS opens later.

CTranslate2's wheel for Linux on aarch64 is built without CUDA, so that nothing is looked for there.

Only the worker process loads anything here. That a library loads proves nothing yet: the model's first decode does.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.installation import find_extras, format_install_hint
from desktop.core.messages import Foreign, Message
from desktop.stt.local.decoding import DecoderError

if TYPE_CHECKING:  # only the app runs one
    from desktop.stt.local.process import WorkerError


@dataclass(frozen=True, slots=True)
class CudaFiles:
    """What CUDA is called on a system: `driver`, of which one exists while an NVIDIA driver runs; `libraries` in load
    order, since the second needs the first, and finds it loaded; `folder`, where the wheel has them."""

    driver: tuple[Path, ...]
    libraries: tuple[str, ...]
    folder: Path


def name_files(system: str, environ: Mapping[str, str], machine: str = "") -> CudaFiles:
    """Return the names of `system` (as `sys.platform`) on `machine` (as `platform.machine`).

    Windows keeps its drivers in the folder of the system. Without a `driver`, CTranslate2 computes on no card there.
    """
    wheel = Path("nvidia", "cublas")
    if system == "win32":
        driver = Path(environ.get("SYSTEMROOT", "C:/Windows"), "System32", "nvcuda.dll")
        return CudaFiles((driver,), ("cublasLt64_12.dll", "cublas64_12.dll"), wheel / "bin")
    driver, wsl = Path("/proc/driver/nvidia/version"), Path("/dev/dxg")
    drivers = () if machine == WITHOUT_CUDA else (driver, wsl)
    return CudaFiles(drivers, ("libcublasLt.so.12", "libcublas.so.12"), wheel / "lib")


WITHOUT_CUDA = "aarch64"
"""The processor for which CTranslate2 has no CUDA on Linux."""

FILES = name_files(sys.platform, os.environ, platform.machine())
"""The names of this system."""

CUBLAS_LIBRARIES = FILES.libraries

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
    return any(path.exists() for path in FILES.driver)


def get_site_packages() -> Path:
    """Return the folder of installed wheels, or of a bundle's add-ons."""
    return find_extras()


def find_libraries(folder: Path, files: CudaFiles = FILES) -> tuple[Path, ...]:
    """Return the libraries of the wheel installed in `folder`, in load order; empty if one is missing."""
    libraries = tuple(folder / files.folder / name for name in files.libraries)
    return libraries if all(path.exists() for path in libraries) else ()


def preload_libraries(folder: Path | None = None) -> Message | None:
    """Load the libraries that CTranslate2 needs, for the life of this process, from `folder` (default:
    `get_site_packages`).

    Returns why that failed, None if it did not.
    """
    wheel = find_libraries(folder or get_site_packages())
    if wheel:
        _search_folder(wheel[0].parent)
    for library in wheel or CUBLAS_LIBRARIES:
        try:
            ctypes.CDLL(str(library), ctypes.RTLD_GLOBAL)
        except OSError as error:
            return Message("cublas-unloadable", error=Foreign(error)) if wheel else Message("cublas-missing")
    return None


def _search_folder(folder: Path) -> None:
    """Have libraries be found in `folder` by their names, for the life of this process, where the system allows that.

    Windows alone does; elsewhere Python has no such function.
    """
    if add := getattr(os, "add_dll_directory", None):
        add(str(folder))


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
