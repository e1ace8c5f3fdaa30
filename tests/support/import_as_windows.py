"""Import modules of ours as on Windows, as far as that is possible on Linux; prints how many.

Standard input has the names that are not there, the modules that may still import them, and the modules to import.
Other people's modules are Linux's, and are imported with its `sys.platform`.
"""

from __future__ import annotations

import ast
import builtins
import ctypes
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from PySide6 import QtWidgets  # before `__import__` is replaced, which PySide replaces as well

assert QtWidgets

OURS = frozenset(("desktop", "models"))


class Function:
    """A function of a library, which is not called."""

    restype: object = None
    argtypes: object = None


class Library:
    """A library of Windows with any function."""

    def __getattr__(self, name: str) -> Function:
        return Function()


class WindowsImport:
    """`__import__` of a system where `missing` is not there."""

    def __init__(self, missing: frozenset[str]) -> None:
        self._missing = missing
        self._import = builtins.__import__

    def __call__(self, name: str, variables: Mapping[str, object] | None = None, *others: Any) -> object:
        importer = str((variables or {}).get("__name__"))
        if is_ours(importer) and name.split(".")[0] in self._missing:
            raise ImportError(f"{name} is not there, and {importer} imports it")
        before = sys.platform
        sys.platform = "win32" if is_ours(name) else "linux"
        try:
            return self._import(name, variables, *others)
        finally:
            sys.platform = before


def is_ours(name: str) -> bool:
    return name.split(".")[0] in OURS


def windows_loader(load_library: Any) -> Any:
    """`load_library`, which on Windows finds its libraries as well."""

    def load(name: str | None, *others: Any, **more: Any) -> Any:
        try:
            return load_library(name, *others, **more)
        except OSError:
            if sys.platform != "win32":
                raise
            return Library()

    return load


def main() -> None:
    missing, modules = ast.literal_eval(sys.stdin.read())
    for kind in ("CDLL", "PyDLL"):
        setattr(ctypes, kind, windows_loader(getattr(ctypes, kind)))
    builtins.__import__ = WindowsImport(frozenset(missing))
    for module in modules:
        sys.platform = "win32"
        import_module(module)
    sys.stdout.write(f"{len(modules)}\n")


if __name__ == "__main__":
    main()
