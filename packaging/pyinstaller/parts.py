"""What all three specs collect. Data files are all those beside the modules of the packages, without a list."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PyInstaller.utils.hooks import collect_data_files, collect_dynamic_libs, collect_submodules, copy_metadata

HERE = Path(__file__).parent
START = str(HERE / "start.py")

BY_NAME = (
    "desktop",
    "models",
    "pip",
    "keyring.backends",
    "dbus_fast",
    "ctranslate2",
    "openai",
    "pynput",
    "transcribe_cpp_native",
)
"""Packages with modules that are imported by a name in a table, by an extension, or by a child process."""

WITH_DATA = ("desktop", "models", "pip", "faster_whisper", "opencc", "onnxruntime", "transcribe_cpp_native")
WITH_LIBRARIES = ("ctranslate2", "kaldifst", "opencc", "onnxruntime", "transcribe_cpp_native")
WITH_METADATA = ("intone", "keyring", "transcribe_cpp", "transcribe_cpp_native")
SOUND = ("libportaudio", "libasound.so", "libjack", "libdb-", "libsystemd", "libpulse")
VULKAN_LOADER = "libvulkan."
EXCLUDED = ("tkinter", "IPython", "matplotlib", "pytest", "setuptools", "hf_xet", "torch", "tensorflow")


def analysis() -> dict[str, Any]:
    """Return the arguments of `Analysis`."""
    return {
        "scripts": [START],
        "pathex": [],
        "hiddenimports": [name for package in BY_NAME for name in collect_submodules(package, on_error="ignore")],
        "datas": [
            *(entry for package in WITH_DATA for entry in collect_data_files(package)),
            *(entry for package in WITH_METADATA for entry in copy_metadata(package)),
            grammars(),
        ],
        "binaries": [entry for package in WITH_LIBRARIES for entry in collect_dynamic_libs(package)],
        "excludes": list(EXCLUDED),
        "noarchive": False,
        "optimize": 0,
    }


def grammars() -> tuple[str, str]:
    """Return the grammars of numbers, which are a package of data alone."""
    found = find_spec("intone_grammars")
    assert found is not None
    assert found.submodule_search_locations
    return found.submodule_search_locations[0], "intone_grammars"


def keep_list(found: Any, folder: str) -> None:
    """Write the modules taken, and the source paths of libraries, for the list of the bundle's contents."""
    names = {entry[0].replace("/", ".") for kind in (found.pure, found.binaries, found.datas) for entry in kind}
    Path(folder, "modules.txt").write_text("\n".join(sorted(names)) + "\n", encoding="utf-8")
    sources = {str(Path(entry[1]).resolve()) for entry in found.binaries if entry[2] in ("BINARY", "EXTENSION")}
    Path(folder, "libraries.txt").write_text("\n".join(sorted(sources)) + "\n", encoding="utf-8")


def without_system(binaries: Any) -> Any:
    """Remove what must be the system's own: PortAudio with its dependencies, since a copy of ALSA would look for the
    plugins of another system's ALSA, and the loader of Vulkan's drivers, which has to know those of the system."""
    return [entry for entry in binaries if not Path(entry[0]).name.startswith((*SOUND, VULKAN_LOADER))]
