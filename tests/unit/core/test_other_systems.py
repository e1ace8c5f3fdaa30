"""That each system imports nothing of another's: it would not be there."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.support.imports import ROOT, Reach, find_live, is_ours

LINUX = frozenset(("Xlib", "dbus_fast"))
UNIX = frozenset(("fcntl", "grp", "pty", "pwd", "resource", "termios"))
MACOS = frozenset(("AppKit", "ApplicationServices", "Foundation", "Quartz", "objc"))
OF_MACOS = frozenset(
    (
        *("desktop.platforms.macos", "desktop.hotkeys.macos"),
        *("desktop.paste.delayed.macos", "desktop.paste.delayed.macos_pasteboard"),
    )
)
OF_WINDOWS = frozenset(
    (
        *("desktop.platforms.windows", "desktop.hotkeys.windows", "desktop.paste.delayed.windows", "desktop.ui.win32"),
        *("desktop.paste.delayed.windows_clipboard", "desktop.paste.delayed.windows_formats"),
        *("desktop.audio.microphone.windows", "desktop.audio.windows_playback"),
    )
)
OF_LINUX = frozenset(
    (
        *("desktop.platforms.linux", "desktop.hotkeys.x11", "desktop.hotkeys.portal", "desktop.paste.x11"),
        *("desktop.paste.wayland.paster", "desktop.paste.input_method", "desktop.paste.field", "desktop.ui.x11"),
        *("desktop.audio.media_players", "desktop.doctor.desktop", "desktop.doctor.hotkeys"),
    )
)

ENTRIES = (
    *("desktop.__main__", "desktop.ui.main", "desktop.app.engine"),
    *("desktop.stt.local.worker", "desktop.llm.local_worker"),
    *(f"desktop.cli.{file.stem}" for file in ROOT.glob("desktop/cli/[a-z]*.py")),
)
"""What is started: the app, each command, and the processes of the models."""


@pytest.fixture(scope="module", name="on_windows")
def reached_on_windows() -> Reach:
    return Reach(ENTRIES, "win32")


@pytest.mark.parametrize(
    ("module", "platform", "missing"),
    [
        ("desktop.paste.delayed.windows", "win32", LINUX | UNIX | MACOS | OF_MACOS),
        ("desktop.hotkeys.windows", "win32", LINUX | UNIX | MACOS | OF_MACOS),
        ("desktop.platforms.windows.session_window", "win32", LINUX | UNIX | MACOS | OF_MACOS | OF_LINUX),
        ("desktop.audio.microphone.windows", "win32", LINUX | UNIX | MACOS | OF_MACOS),
        ("desktop.audio.windows_playback", "win32", LINUX | UNIX | MACOS | OF_MACOS),
        ("desktop.audio.session_ducker", "win32", LINUX | UNIX | MACOS | OF_MACOS),
        ("desktop.paste.delayed.macos", "darwin", LINUX | OF_WINDOWS),
        ("desktop.hotkeys.macos", "darwin", LINUX | OF_WINDOWS),
        ("desktop.ui.main", "linux", MACOS | OF_MACOS | OF_WINDOWS),
        ("desktop.app.engine", "linux", MACOS | OF_MACOS | OF_WINDOWS),
        ("desktop.__main__", "linux", MACOS | OF_MACOS | OF_WINDOWS),
    ],
)
def test_nothing_is_imported_that_is_not_there(module: str, platform: str, missing: frozenset[str]) -> None:
    assert not Reach([module], platform).offenders(missing)


def test_windows_imports_nothing_of_other_systems(on_windows: Reach) -> None:
    offenders = on_windows.offenders(LINUX | UNIX | MACOS | OF_MACOS | OF_LINUX)
    assert offenders == {}


@pytest.mark.parametrize("module", sorted(OF_MACOS | OF_WINDOWS | OF_LINUX))
def test_what_is_missing_elsewhere_is_there(module: str) -> None:
    assert is_ours(module)


def test_the_imports_are_followed(on_windows: Reach) -> None:
    assert {"Xlib", "desktop.paste.x11.undo"} <= Reach(["desktop.paste.x11.paster"], "linux").importers.keys()
    assert {"Quartz", "desktop.paste.delayed.transaction"} <= (
        Reach(["desktop.paste.delayed.macos"], "darwin").importers.keys()
    )
    assert on_windows.importers.keys() >= OF_WINDOWS
    assert {"desktop.history.encryption", "desktop.ui.onboarding.window", "models.store"} <= on_windows.importers.keys()


@pytest.mark.parametrize(
    ("source", "live"),
    [
        ("import Xlib", True),
        ("def find():\n import Xlib", True),
        ("class A:\n def find(self):\n  import Xlib", True),
        ("try:\n import Xlib\nexcept ImportError: pass", True),
        ("if TYPE_CHECKING:\n import Xlib", False),
        ("if sys.platform == 'linux':\n import Xlib", False),
        ("if sys.platform == 'win32':\n pass\nelse:\n import Xlib", False),
        ("if sys.platform != 'win32':\n pass\nimport Xlib", True),
        ("def find(platform):\n if platform == 'win32':\n  return 1\n import Xlib", False),
        ("def find():\n if sys.platform == 'win32':\n  pass\n import Xlib", True),
        ("def find(x):\n if sys.platform == 'linux' and x:\n  import Xlib", False),
        ("def find(x):\n if sys.platform == 'linux' or x:\n  import Xlib", True),
        ("def find():\n if sys.platform == 'linux':\n  _open()\ndef _open():\n import Xlib", False),
        ("def find():\n _open()\ndef _open():\n import Xlib", True),
        ("def find():\n _open()\ndef _open():\n _close()\ndef _close():\n import Xlib", True),
    ],
)
def test_choice_of_system_decides_what_is_imported(source: str, live: bool) -> None:
    found = find_live(ast.parse(source), "win32")
    assert any(isinstance(node, ast.Import) for node in found) == live


def test_windows_modules_import_without_the_others(on_windows: Reach) -> None:
    """In an interpreter whose `sys.platform` is "win32" while a module of ours is imported, and which gives these none
    of Linux's. Libraries of Windows are empty ones there; under Wine `tests/windows` imports the same modules."""
    modules = [name for name in on_windows.importers if name.split(".")[0] in ("desktop", "models") and is_ours(name)]
    facts = (sorted(LINUX | UNIX), sorted(modules))
    command = [sys.executable, "-m", "tests.support.import_as_windows"]
    done = subprocess.run(command, input=repr(facts), capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stdout.split() == [str(len(modules))], done.stderr
