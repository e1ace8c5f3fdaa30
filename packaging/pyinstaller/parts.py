"""What all three specs collect, and what one of them alone needs.

Data files are all those beside the modules of the packages, without a list.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path, PureWindowsPath
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
    "opentelemetry.context",
    "pynput",
    "transcribe_cpp_native",
    "uvicorn",
)
"""Packages with modules that are imported by a name in a table, by an extension, or by a child process."""

WITH_DATA = (
    *("desktop", "models", "pip", "emoji", "faster_whisper", "opencc", "onnxruntime", "transcribe_cpp_native"),
    "jsonschema_specifications",
)
WITH_LIBRARIES = ("ctranslate2", "kaldifst", "opencc", "onnxruntime", "transcribe_cpp_native")
WITH_METADATA = ("intone", "keyring", "mcp", "opentelemetry-api", "transcribe_cpp", "transcribe_cpp_native")
SOUND = ("libportaudio", "libasound.so", "libjack", "libdb-", "libsystemd", "libpulse")
VULKAN_LOADER = "libvulkan."
C_LIBRARY = "libmvec."
"""A part of the C library that PyInstaller does not know as one: it has to be of the same version as the rest."""

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
    names = {
        entry[0].replace("\\", "/").replace("/", ".")
        for kind in (found.pure, found.binaries, found.datas)
        for entry in kind
    }
    Path(folder, "modules.txt").write_text("\n".join(sorted(names)) + "\n", encoding="utf-8")
    sources = {str(Path(entry[1]).resolve()) for entry in found.binaries if entry[2] in ("BINARY", "EXTENSION")}
    Path(folder, "libraries.txt").write_text("\n".join(sorted(sources)) + "\n", encoding="utf-8")


def without_system(binaries: Any) -> Any:
    """Remove what must be the system's own: PortAudio with its dependencies, since a copy of ALSA would look for the
    plugins of another system's ALSA, the loader of Vulkan's drivers, which has to know those of the system, and the C
    library."""
    own = (*SOUND, VULKAN_LOADER, C_LIBRARY)
    return [entry for entry in binaries if not Path(entry[0]).name.startswith(own)]


RUNTIME = ("msvcp140", "vcruntime140", "concrt140", "vccorlib140", "vcomp140", "vcamp140")
"""How the names of Microsoft's C++ libraries begin; a wheel's own under another name (`msvcp140-HASH`) is not one."""


def runtime_libraries() -> list[tuple[str, str]]:
    """Return Microsoft's C++ libraries beside Python's own, which Wine has too, so that they would be left out."""
    return [
        (str(path), ".")
        for path in sorted(Path(sys.base_prefix).glob("*140*.dll"))
        if path.stem.partition("_")[0] in RUNTIME
    ]


def of_windows_python(binaries: Any) -> Any:
    """Remove what Wine has instead of Windows' own, and the C++ libraries that wheels bring beside Python's.

    Of libraries with the same name Windows loads the first that is asked for into a process, and the oldest of them
    would fail those that are built for a newer one: so there is one copy, the newest, beside Python's library.
    """
    home = Path(sys.base_prefix).resolve()
    return [entry for entry in binaries if Path(entry[1]).resolve().is_relative_to(home) and not _is_second(entry[0])]


def _is_second(place: str) -> bool:
    path = PureWindowsPath(place)
    return len(path.parts) > 1 and path.stem.partition("_")[0].lower() in RUNTIME


def version_resource(version: str) -> Any:
    """Return what Windows shows of both programs in their properties, and in the Task Manager."""
    from PyInstaller.utils.win32 import versioninfo

    numbers = tuple(map(int, version.split("."))) + (0,) * (4 - len(version.split(".")))
    texts = {
        "CompanyName": "The Intone authors",
        "FileDescription": "Intone",
        "FileVersion": version,
        "InternalName": "intone",
        "LegalCopyright": "MIT licence; see LICENCES.txt",
        "ProductName": "Intone",
        "ProductVersion": version,
    }
    english, unicode = 0x409, 1200
    table = versioninfo.StringTable(
        f"{english:04x}{unicode:04x}", [versioninfo.StringStruct(*pair) for pair in texts.items()]
    )
    return versioninfo.VSVersionInfo(
        ffi=versioninfo.FixedFileInfo(filevers=numbers, prodvers=numbers, OS=0x40004),
        kids=[
            versioninfo.StringFileInfo([table]),
            versioninfo.VarFileInfo([versioninfo.VarStruct("Translation", [english, unicode])]),
        ],
    )
