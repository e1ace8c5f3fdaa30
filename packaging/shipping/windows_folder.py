"""Build the folder of Windows: PyInstaller run by Python for Windows, in Wine, on what the locks name for Windows.

Python, its prefix and its C++ libraries are those of `make windows-desk`, of which a copy is made: nothing of the build
stays in the desk of the tests. What is not shipped is removed before PyInstaller looks, as for the bundle of Linux, and
afterwards every program and library in the folder is read: what one loads must lie there too, or be Windows' own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from shipping import pe, trim
from shipping.environment import build_wheel
from shipping.project import LINUX, NAME, ROOT, VERSION, WORK, run_program, run_uv, source_date_epoch

LOCKS = ("app.txt", "package.txt")

BUILD = WORK / "windows"
HOME = BUILD / "desk"
SITE = HOME / "python/Lib/site-packages"
FOLDER = BUILD / "folder" / NAME
REPORTS = BUILD / "work" / "windows"
ICON = BUILD / "intone.ico"

PLATFORM = "x86_64-pc-windows-msvc"

RUNTIME = ("msvcp140.dll", "msvcp140_1.dll", "msvcp140_2.dll", "vcruntime140.dll", "vcruntime140_1.dll")
"""Microsoft's C++ libraries that the wheels load, all from the package whose hash the desk names."""

SYSTEM_LIST = ROOT / "packaging/windows/system_libraries.txt"
"""The libraries that every Windows 10 has since version 1903, one a line."""

QT_PLUGINS = (
    "platforms/qwindows.dll",
    "styles/qmodernwindowsstyle.dll",
    "iconengines/qsvgicon.dll",
    "imageformats/qsvg.dll",
    "imageformats/qjpeg.dll",
    "imageformats/qico.dll",
)
"""What Qt loads by name on Windows. Widgets are drawn with neither the OpenGL nor the network of its others."""


class FolderError(RuntimeError):
    """The folder has what it must not have, or lacks what it needs."""


def load_desk() -> Any:
    """Return the module of `packaging/windows/desk.py`."""
    spec = spec_from_file_location("windows_desk", ROOT / "packaging/windows/desk.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_environment() -> None:
    """Make a Python for Windows with the locked packages, PyInstaller and this checkout's app in `HOME`."""
    desk = load_desk()
    if not desk.is_made():
        raise FolderError("there is no desk of Windows to build on: make windows-desk")
    shutil.rmtree(BUILD, ignore_errors=True)
    python = HOME / "python"
    shutil.copytree(desk.DESK / "python", python, ignore=shutil.ignore_patterns("site-packages", "python313._pth"))
    shutil.copytree(desk.DESK / "prefix", HOME / "prefix", symlinks=True)
    (HOME / "home").mkdir()
    paths = ("python313.zip", ".", r"Lib\site-packages", "import site")  # the checkout is not among them
    (python / "python313._pth").write_text("\n".join((*paths, "")))
    unpack_runtime(python, RUNTIME)
    wheel = build_wheel(BUILD / "wheel")
    install_packages(SITE, "--require-hashes", *(word for lock in LOCKS for word in ("-r", f"lock/{lock}")))
    install_packages(SITE, "--no-deps", wheel)


def unpack_runtime(folder: Path, names: Iterable[str]) -> None:
    """Put Microsoft's libraries of these names into `folder`."""
    desk = load_desk()
    with ZipFile(desk.pinned_wheel(desk.DESK / "downloads", "msvc-runtime")) as zipped:
        for name in names:
            (member,) = (each for each in zipped.namelist() if each.endswith(f"data/data/Scripts/{name}"))
            (folder / name).write_bytes(zipped.read(member))


def install_packages(site: Path, *what: str | Path) -> None:
    """Install wheels for Windows into the folder `site`; `what` are pip's arguments."""
    system = ("--python-platform", PLATFORM, "--python-version", load_desk().PYTHON, "--only-binary", ":all:")
    run_uv("pip", "install", "--quiet", "--python", sys.executable, "--target", site, *system, *what)


def run_pyinstaller() -> None:
    """Build `FOLDER`, with the icon and the version of the project."""
    desk = load_desk()
    draw_icon()
    places = ("--distpath", FOLDER.parent, "--workpath", BUILD / "work")
    words = ("-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *places, "packaging/pyinstaller/windows.spec")
    environ = {
        **desk.environ(HOME),
        "PYTHONHASHSEED": "1",
        "SOURCE_DATE_EPOCH": source_date_epoch(),
        "INTONE_ICON": desk.windows_path(ICON),
        "INTONE_VERSION": VERSION,
    }
    command = ["wine", python_program(), *(desk.windows_path(w) if isinstance(w, Path) else w for w in words)]
    log = BUILD / "pyinstaller.log"
    try:
        with log.open("wb") as output:  # what waits for the end of a pipe waits for all of Wine
            done = subprocess.run(
                command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
    finally:
        subprocess.run(["wineserver", "--kill", "--wait"], env=environ, check=False)
    if done.returncode:
        raise FolderError(f"PyInstaller: exit status {done.returncode}; {log} says why")


def draw_icon() -> None:
    """Draw the icon of all programs, by the checkout's Python, which has Qt."""
    ICON.parent.mkdir(parents=True, exist_ok=True)
    icons = (ROOT / ".venv/bin/python", "packaging/shipping/icons.py")
    run_program(*icons, LINUX / "intone.svg", ICON, QT_QPA_PLATFORM="offscreen")


def python_program() -> str:
    """Return the path of the build's `python.exe`."""
    return os.fspath(HOME / "python/python.exe")


def find_qt_files(site: Path) -> set[Path]:
    """Return the files of PySide6 for Windows that stay: what the app imports, the plugins, and what these load."""
    package = site / "PySide6"
    modules = [package / f"{name}.pyd" for name in trim.find_qt_imports(site / "desktop")]
    plugins = [package / "plugins" / name for name in QT_PLUGINS]
    texts = [path for pattern in trim.QT_TRANSLATIONS for path in package.glob(f"translations/{pattern}.qm")]
    among = {
        path.name.lower(): path for path in package.glob("*.dll") if "140" not in path.name
    }  # Python's C++ libraries
    python = [*package.glob("*.py"), *package.glob("support/*.py")]
    return {*pe.find_needed([*modules, *plugins], among), *texts, *python}


def check_folder(folder: Path, system: Iterable[str]) -> list[str]:
    """Return what is wrong with the programs and libraries in `folder`: made for another processor, Wine's, the test
    bed's, or in want of a library that is neither there nor in the list `system`."""
    known = set(system)
    files = pe.find_files(folder)
    names = {path.name.lower() for path in files}
    problems = [f"{name}: of the desk, where it stands in for Windows' own" for name in sorted(names & STAND_INS)]
    for path in files:
        found, place = pe.read_file(path), path.relative_to(folder)
        if found.machine != "x86-64":
            problems.append(f"{place}: made for {found.machine}")
        if found.is_wines:
            problems.append(f"{place}: Wine's")
        problems += [f"{place}: needs {name}" for name in sorted(found.imports - names - known) if not is_system(name)]
    return problems


STAND_INS = frozenset(("ucrtbase.dll", "icuuc.dll", "mscms.dll"))
"""What the desk has in Windows' place."""

API_SETS = ("api-ms-win-", "ext-ms-win-")
"""How the names begin under which Windows offers parts of its own libraries, the C runtime among them."""


def is_system(name: str) -> bool:
    """Return whether a library's name is one of Windows' API sets."""
    return name.startswith(API_SETS)


def read_system_list() -> list[str]:
    """Return the libraries that Windows has."""
    lines = SYSTEM_LIST.read_text(encoding="utf-8").splitlines()
    return [name for line in lines for name in line.partition("#")[0].split()]
