"""That each system imports nothing of another's: it would not be there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LINUX = frozenset(("Xlib", "dbus_fast", "fcntl"))
MACOS = frozenset(("AppKit", "ApplicationServices", "Foundation", "Quartz", "objc"))


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
        ("desktop.paste.delayed.windows", LINUX | MACOS | {"desktop.platforms.macos"}),
        ("desktop.hotkeys.windows", LINUX | MACOS | {"desktop.platforms.macos"}),
        ("desktop.paste.delayed.macos", LINUX | {"desktop.platforms.windows"}),
        ("desktop.hotkeys.macos", LINUX | {"desktop.platforms.windows"}),
        ("desktop.ui.main", MACOS | {"desktop.platforms.macos", "desktop.platforms.windows"}),
        ("desktop.app.engine", MACOS | {"desktop.platforms.macos", "desktop.platforms.windows"}),
        ("desktop.__main__", MACOS | {"desktop.platforms.macos", "desktop.platforms.windows"}),
    ],
)
def test_nothing_is_imported_that_is_not_there(module: str, missing: frozenset[str]) -> None:
    assert not reached(module, set()) & missing


def test_the_imports_are_followed() -> None:
    assert {"Xlib", "desktop.paste.x11.undo"} <= reached("desktop.paste.x11.paster", set())
    assert {"Quartz", "desktop.paste.delayed.transaction"} <= reached("desktop.paste.delayed.macos", set())
