"""That each system imports nothing of another's: it would not be there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LINUX = frozenset(("Xlib", "dbus_fast", "fcntl"))
MACOS = frozenset(("AppKit", "ApplicationServices", "Foundation", "Quartz", "objc"))
OF_MACOS = frozenset(
    (
        *("desktop.platforms.macos", "desktop.hotkeys.macos"),
        *("desktop.paste.delayed.macos", "desktop.paste.delayed.macos_pasteboard"),
    )
)
OF_WINDOWS = frozenset(
    (
        *("desktop.platforms.windows", "desktop.hotkeys.windows", "desktop.paste.delayed.windows"),
        *("desktop.paste.delayed.windows_clipboard", "desktop.paste.delayed.windows_formats"),
        *("desktop.audio.microphone.windows", "desktop.audio.windows_playback"),
    )
)


def imports(module: str) -> Iterator[str]:
    """What `module` of ours imports when it is imported itself, by full names."""
    path = ROOT.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    for statement in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Import):
            yield from (name.name for name in statement.names)
        elif isinstance(statement, ast.ImportFrom) and statement.module:
            for name in statement.names:
                inner = f"{statement.module}.{name.name}"
                yield inner if is_ours(inner) else statement.module


def is_ours(module: str) -> bool:
    path = ROOT.joinpath(*module.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def reached(module: str, known: set[str]) -> set[str]:
    """All that comes with `module`, packages on the way to it included."""
    for one in (".".join(module.split(".")[:end]) for end in range(1, module.count(".") + 2)):
        if one not in known:
            known.add(one)
            if one.split(".")[0] in ("desktop", "models"):
                for other in imports(one):
                    reached(other, known)
    return known


@pytest.mark.parametrize(
    ("module", "missing"),
    [
        ("desktop.paste.delayed.windows", LINUX | MACOS | OF_MACOS),
        ("desktop.hotkeys.windows", LINUX | MACOS | OF_MACOS),
        ("desktop.audio.microphone.windows", LINUX | MACOS | OF_MACOS),
        ("desktop.audio.windows_playback", LINUX | MACOS | OF_MACOS),
        ("desktop.audio.session_ducker", LINUX | MACOS | OF_MACOS),
        ("desktop.paste.delayed.macos", LINUX | OF_WINDOWS),
        ("desktop.hotkeys.macos", LINUX | OF_WINDOWS),
        ("desktop.ui.main", MACOS | OF_MACOS | OF_WINDOWS),
        ("desktop.app.engine", MACOS | OF_MACOS | OF_WINDOWS),
        ("desktop.__main__", MACOS | OF_MACOS | OF_WINDOWS),
    ],
)
def test_nothing_is_imported_that_is_not_there(module: str, missing: frozenset[str]) -> None:
    assert not reached(module, set()) & missing


@pytest.mark.parametrize("module", sorted(OF_MACOS | OF_WINDOWS))
def test_what_is_missing_elsewhere_is_there(module: str) -> None:
    assert is_ours(module)


def test_the_imports_are_followed() -> None:
    assert {"Xlib", "desktop.paste.x11.undo"} <= reached("desktop.paste.x11.paster", set())
    assert {"Quartz", "desktop.paste.delayed.transaction"} <= reached("desktop.paste.delayed.macos", set())
