"""Remove what is not shipped of the wheels: of Qt all that the app does not import or load, of the rest
`left_out.toml`.

The Qt modules that the app imports are read from its source, so that a new import is shipped automatically. What these
load is read from the libraries themselves, so that a package for another processor leaves out the same.
"""

from __future__ import annotations

import ast
import shutil
import tomllib
from collections.abc import Iterable, Set
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from shipping import elf
from shipping.project import run_program
from shipping.sizes import find_owners

QT_PLUGINS = (
    "platforms/libqxcb.so",  # the app's own choice, also in a Wayland session
    "platforms/libqwayland.so",  # where there is no XWayland
    "wayland-shell-integration/libxdg-shell.so",  # its windows
    "wayland-decoration-client/libbradient.so",  # and their title bars, where the compositor draws none (GNOME)
    "platforms/libqoffscreen.so",  # to render windows where there is no display
    "platforminputcontexts/libcompose*",
    "platforminputcontexts/libibus*",
    "platformthemes/libqgtk3.so",
    "platformthemes/libqxdgdesktopportal.so",
    "iconengines/libqsvgicon.so",
    "imageformats/libqsvg.so",
    "imageformats/libqjpeg.so",
    "imageformats/libqico.so",
)
"""Plugins are loaded by name, so the linker does not list them. None of Qt's thirty others serves an app without a
browser, a database, a printer or QML."""

QT_TRANSLATIONS = ("qtbase_zh_*",)
"""The languages in which Intone's own windows are translated."""

QT_REASON = "Qt that Intone does not use: QML, Designer, OpenGL, databases, printing, network, other languages."

STRIP_REASON = "What debuggers read in the libraries."


def remove_unneeded(site: Path, without: Iterable[str] = ()) -> dict[str, int]:
    """Delete what is not needed from `site`, and Qt's plugins `without`; return the bytes saved by reason."""
    saved = remove_but(site, _find_qt_files(site, [name for name in QT_PLUGINS if name not in without]))
    saved[STRIP_REASON] = sum(map(_strip_debug_info, site.rglob("*.so*")))
    return saved


def remove_but(site: Path, kept_qt: Set[Path]) -> dict[str, int]:
    """Delete what `left_out.toml` names from `site`, and of Qt all but `kept_qt`; return the bytes saved by reason."""
    saved: dict[str, int] = {}
    owners_by_path = find_owners(site)
    table = _load_table()
    for path in [path for path in site.rglob("*") if path.is_file() or path.is_symlink()]:
        place = path.relative_to(site).as_posix()
        why = find_reason(place, owners_by_path.get(place, ""), table)
        if place.startswith("PySide6/") and path not in kept_qt:
            why = QT_REASON
        if why:
            saved[why] = saved.get(why, 0) + path.lstat().st_size
            path.unlink()
    _remove_empty(site)
    return saved


def find_reason(place: str, owner: str, table: Iterable[dict[str, Any]]) -> str:
    """Return why the file at `place`, of the distribution `owner`, is left out; empty where it stays."""
    for entry in table:
        if owner in entry.get("distributions", ()):
            return str(entry["why"])
        if any(fnmatchcase(place, pattern) for pattern in entry.get("files", ())):
            return str(entry["why"])
    return ""


def list_removed() -> list[str]:
    """Return the distributions of which nothing is shipped."""
    return sorted(name for entry in _load_table() for name in entry.get("distributions", ()))


def _load_table() -> list[dict[str, Any]]:
    text = Path(__file__).with_name("left_out.toml").read_text(encoding="utf-8")
    table: list[dict[str, Any]] = tomllib.loads(text)["leave"]
    return table


def find_qt_imports(source: Path) -> set[str]:
    """Return the modules of PySide6 that the Python files below `source` import."""
    found = set()
    for file in source.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("PySide6."):
                found.add(node.module.split(".")[1])
            elif isinstance(node, ast.ImportFrom) and node.module == "PySide6":
                found.update(name.name for name in node.names)
            elif isinstance(node, ast.Import):
                found.update(name.name.split(".")[1] for name in node.names if name.name.startswith("PySide6."))
    return found


def _find_qt_files(site: Path, plugins_to_keep: Iterable[str]) -> set[Path]:
    """Return the files of PySide6 that stay; `plugins_to_keep` are patterns of plugins."""
    package = site / "PySide6"
    modules = [package / f"{name}.abi3.so" for name in find_qt_imports(site / "desktop")]
    plugins = [path for pattern in plugins_to_keep for path in package.glob(f"Qt/plugins/{pattern}")]
    texts = [path for pattern in QT_TRANSLATIONS for path in package.glob(f"Qt/translations/{pattern}.qm")]
    libraries = elf.find_loaded([*modules, *plugins], site, [site / "shiboken6"])
    loaded = {path for path in libraries if path.is_relative_to(package)}
    python = [*package.glob("*.py"), *package.glob("support/*.py")]
    return {*modules, *plugins, *texts, *loaded, *python}


def _strip_debug_info(library: Path) -> int:
    """Strip a library's debugging information; return the bytes saved.

    Libraries without any are not touched: the wheels' tools have moved parts of them.
    """
    if library.is_symlink() or ".debug_info" not in run_program("readelf", "--section-headers", "--wide", library):
        return 0
    before = library.stat().st_size
    run_program(f"{elf.read_machine(library)}-linux-gnu-strip", "--strip-debug", library)
    return before - library.stat().st_size


def _remove_empty(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink() and (path.name == "__pycache__" or not any(path.iterdir())):
            shutil.rmtree(path)
