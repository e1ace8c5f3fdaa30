"""The NVIDIA libraries: found in their wheel, loaded in order, and a reason where that fails."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import ctranslate2
import pytest

from desktop.core.messages import Message
from desktop.stt.local import cuda
from desktop.stt.local.process import WorkerDiedError, WorkerJobError
from tests.support.other_systems import SYSTEM, only_on_linux

LIBS = Path(ctranslate2.__file__).parents[1] / "ctranslate2.libs"


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """A folder laid out as the wheel of cuBLAS leaves it, with a library in every place that loads anywhere."""
    only_on_linux(SYSTEM)
    folder = tmp_path / "nvidia" / "cublas" / "lib"
    folder.mkdir(parents=True)
    for name in cuda.CUBLAS_LIBRARIES:
        shutil.copy(next(LIBS.glob("libgomp*")), folder / name)
    return tmp_path


def preload(folder: Path) -> tuple[str, list[str]]:
    """What `preload_libraries` says in a process of its own, and the names of what is loaded there from `folder`."""
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from desktop.stt.local import cuda\n"
        "print(cuda.preload_libraries(Path(sys.argv[1])))\n"
        "print(Path('/proc/self/maps').read_text())\n"
    )
    environ = {key: value for key, value in os.environ.items() if key != "LD_LIBRARY_PATH"}
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], env=environ, capture_output=True, text=True, check=True
    )
    said, *maps = done.stdout.splitlines()
    paths = [line.split()[-1] for line in maps if str(folder) in line]
    return said, sorted({Path(path).name for path in paths})


def test_wheel_libraries_come_in_dependency_order(wheel: Path) -> None:
    assert [path.name for path in cuda.find_libraries(wheel)] == ["libcublasLt.so.12", "libcublas.so.12"]
    assert all(path.is_file() for path in cuda.find_libraries(wheel))


@pytest.mark.parametrize(
    ("system", "environ", "driver", "libraries"),
    [
        ("linux", {}, "/proc/driver/nvidia/version", "nvidia/cublas/lib/libcublas.so.12"),
        ("win32", {"SYSTEMROOT": "D:/Windows"}, "D:/Windows/System32/nvcuda.dll", "nvidia/cublas/bin/cublas64_12.dll"),
        ("win32", {}, "C:/Windows/System32/nvcuda.dll", "nvidia/cublas/bin/cublas64_12.dll"),
    ],
)
def test_names_are_those_of_the_system(system: str, environ: dict[str, str], driver: str, libraries: str) -> None:
    files = cuda.name_files(system, environ)
    assert files.driver[0].as_posix() == driver
    assert (files.folder / files.libraries[-1]).as_posix() == libraries
    assert "Lt" in files.libraries[0]


def test_aarch64_looks_for_no_card() -> None:
    assert cuda.name_files("linux", {}, "aarch64").driver == ()
    assert cuda.name_files("linux", {}, "x86_64").driver == cuda.name_files("linux", {}).driver != ()


def test_wheel_of_windows_is_found_by_its_names(tmp_path: Path) -> None:
    files = cuda.name_files("win32", {})
    (tmp_path / files.folder).mkdir(parents=True)
    for name in files.libraries:
        (tmp_path / files.folder / name).touch()
    assert [path.name for path in cuda.find_libraries(tmp_path, files)] == ["cublasLt64_12.dll", "cublas64_12.dll"]
    assert cuda.find_libraries(tmp_path, cuda.name_files("linux", {})) == ()


def test_a_wheel_with_a_library_missing_is_none(wheel: Path) -> None:
    cuda.find_libraries(wheel)[0].unlink()
    assert cuda.find_libraries(wheel) == ()


def test_what_is_in_the_wheel_is_loaded(wheel: Path) -> None:
    assert preload(wheel) == ("None", ["libcublas.so.12", "libcublasLt.so.12"])


def test_invalid_library_is_named_and_stops_loading(wheel: Path) -> None:
    cuda.find_libraries(wheel)[0].write_bytes(b"half a download")
    said, loaded = preload(wheel)
    assert said.startswith("cuBLAS cannot be loaded (")
    assert "libcublasLt.so.12" in said
    assert loaded == []


def test_preload_without_any_cublas_is_not_installed(tmp_path: Path) -> None:
    assert preload(tmp_path) == ("cuBLAS is not installed", [])


@pytest.mark.parametrize(
    ("supported", "device", "chosen"),
    [
        ({"int8", "int8_float16", "float16", "float32", "int8_float32"}, "cuda", "int8_float16"),
        ({"float16", "bfloat16", "float32"}, "cuda", "float16"),  # RTX 50 with CTranslate2 4.6.2
        ({"int8", "int8_float32", "float32"}, "cuda", "int8_float32"),  # Pascal
        ({"float32"}, "cuda", "float32"),
        ({"int8", "int8_float32", "float32"}, "cpu", "int8"),
        ({"float32"}, "cpu", "float32"),
        (set(), "cpu", "default"),
    ],
)
def test_compute_type_is_the_best_supported(supported: set[str], device: str, chosen: str) -> None:
    assert cuda.choose_compute_type(supported, device) == chosen


def test_this_machines_processor_has_a_kind_of_numbers() -> None:
    assert cuda.choose_compute_type(ctranslate2.get_supported_compute_types("cpu"), "cpu") in ("int8", "float32")


def test_a_fall_back_to_the_cpu_says_why() -> None:
    missing = WorkerJobError("cuBLAS is not installed", Message("cublas-missing"))
    assert cuda.describe_failure("cuda", missing) == Message("cuda-failed", reason=Message("cublas-missing"))
    assert str(cuda.describe_failure("cuda", missing)) == "CUDA failed: cuBLAS is not installed."
    foreign = cuda.describe_failure("cuda", WorkerJobError("CUDA driver version is insufficient."))
    assert str(foreign) == "CUDA failed: CUDA driver version is insufficient."
    assert str(cuda.describe_failure("cuda", WorkerDiedError(""))) == "CUDA failed: the process ended."


def test_card_not_offered_by_driver_is_reported() -> None:
    assert [cuda.choose_device(1, True), cuda.choose_device(1, False), cuda.choose_device(0, False)] == [
        "cuda",
        "cuda",
        "cpu",
    ]
    with pytest.raises(cuda.CudaError, match="the driver offers no card that can be used") as raised:
        cuda.choose_device(0, True)
    assert raised.value.reason == Message("cuda-card-missing")


def test_what_fails_on_the_cpu_is_no_failure_of_cuda() -> None:
    assert cuda.describe_failure("cpu", WorkerDiedError("out of memory")) is None
    if not cuda.has_driver():
        assert cuda.describe_failure("auto", WorkerDiedError("out of memory")) is None
