"""Import the app's modules for Windows on Linux, with the functions of Windows' libraries that a test plays.

Constants, ctypes' types and the modules' own decisions are the real ones; a function that is not played returns 0.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest


class WindowsFunction:
    """A function of a library, by its name."""

    def __init__(self, functions: dict[str, Callable[..., Any]], name: str) -> None:
        self._functions = functions
        self._name = name
        self.restype: object = None
        self.argtypes: object = None

    def __call__(self, *arguments: Any) -> Any:
        return self._functions.get(self._name, lambda *_: 0)(*arguments)


class WindowsLibraries:
    """All of them; `functions` are those that are played."""

    def __init__(self) -> None:
        self.functions: dict[str, Callable[..., Any]] = {}

    def __getattr__(self, name: str) -> WindowsFunction:
        return WindowsFunction(self.functions, name)


@contextmanager
def windows_modules(*names: str) -> Iterator[tuple[WindowsLibraries, list[ModuleType]]]:
    """The modules, for as long as it lasts, and the libraries that they call."""
    libraries = WindowsLibraries()
    before = set(sys.modules)
    with pytest.MonkeyPatch.context() as patch:
        for kind in ("CDLL", "PyDLL"):
            patch.setattr(ctypes, kind, lambda *_: libraries)
        try:
            yield libraries, [import_module(name) for name in names]
        finally:
            for name in set(sys.modules) - before:
                if name.startswith("desktop."):
                    module, (parent, _, attribute) = sys.modules.pop(name), name.rpartition(".")
                    if parent in sys.modules and getattr(sys.modules[parent], attribute, None) is module:
                        delattr(sys.modules[parent], attribute)
