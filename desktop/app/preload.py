"""Load what a dictation may need late, while the files that it comes from are those of the version that runs.

A module that is imported after the files were replaced would be of another version than those it works with: a key
press might find no session to begin, and its words would be lost. A bundle imports from its own program for ever
(packaging/pyinstaller/start.py), but neither libraries nor tables. What only the settings bring in, a service or a
language model, is imported when these are applied, and is not here: it brings the network's libraries with it.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import ModuleType

import desktop
from desktop.audio.vad import load_voice_detector
from desktop.core.files import read_package_text
from desktop.core.replacement import InstalledFiles

logger = logging.getLogger(__name__)

PRELOADED_PACKAGES = (
    "desktop.app",
    "desktop.audio",
    "desktop.audio.calls",
    "desktop.core",
    "desktop.dictation",
    "desktop.history",
    "desktop.paste",
    "desktop.platforms",
    "desktop.polish",
    "desktop.vocabulary",
)
"""Packages of which a part is loaded in every app that dictates; of those inside them, the ones that this app uses."""

LATE_MODULES = (
    "desktop.core.texts.table",
    "desktop.stt.chinese_script",
    "desktop.stt.local.word_aligner",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.kdf.hkdf",
    "emoji",
    "encodings.big5",
    "encodings.idna",
    "opencc",
)
"""Modules beside them that a dictation may import late, libraries too."""

UNNEEDED_MODULES = frozenset(
    {
        "desktop.dictation.voice_edit",
        "desktop.polish.llm_polisher",
        "desktop.app.bench_service",
        "desktop.history.import_",
    }
)
"""Modules that come with a language model, 14 MB of the network's libraries, or serve no dictation."""

_OTHER_SYSTEMS = {"linux": ("windows", "macos"), "win32": ("linux", "macos"), "darwin": ("linux", "windows")}


def preload(files: InstalledFiles) -> None:
    """Load what a dictation may load late: modules, our tables, the voice detector. Takes a second of a worker thread;
    stops where `files` are replaced."""
    for name in find_late_modules():
        if files.are_replaced:
            return
        if name not in sys.modules:
            _import(name)
    if not files.are_replaced:
        _attempt("tables", _hold_tables)
        _attempt("the voice detector", load_voice_detector)
        logger.info("what a dictation needs is loaded")


def _hold_tables() -> None:
    """Read the tables of this app's packages that are loaded, 0.2 MB."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == desktop.__name__ and hasattr(module, "__path__"):
            for table in Path(module.__path__[0]).glob("*.toml"):
                read_package_text(name, table.name)


def find_late_modules(platform: str = sys.platform) -> Iterator[str]:
    """Return the names of the modules that a dictation may import late on `platform`, by the packages' folders."""
    for package in PRELOADED_PACKAGES:
        root = _import(package)
        if root is not None:
            yield from _walk(root.__path__, f"{package}.", _OTHER_SYSTEMS.get(platform, ()))
    yield from LATE_MODULES


def _walk(folders: Sequence[str], prefix: str, others: Sequence[str]) -> Iterator[str]:
    for found in pkgutil.iter_modules(folders, prefix):
        last = found.name.rpartition(".")[2]
        is_foreign = any(other in last for other in others)
        is_unused = found.ispkg and found.name not in sys.modules  # a way to paste of another desktop
        if found.name in UNNEEDED_MODULES or is_foreign or is_unused:
            continue
        yield found.name
        if found.ispkg:
            yield from _walk(sys.modules[found.name].__path__, f"{found.name}.", others)


def _import(name: str) -> ModuleType | None:
    return _attempt(name, partial(importlib.import_module, name))


def _attempt[T](name: str, load: Callable[[], T]) -> T | None:
    try:
        return load()
    except Exception:  # a library that only one kind of desktop has; what needs it says so
        logger.info("%s is not loaded ahead", name, exc_info=True)
        return None
