"""`make translations`: bring `desktop/ui/translations` up to date with Qt's lupdate, and compile it with lrelease.

A `.ts` file is what translators edit; the `.qm` beside it is what the app loads. lupdate finds the windows' `tr` and
`translate`, and `QT_TRANSLATE_NOOP` in the tables of messages (`desktop/core/texts`). The texts of settings stand in
the schema, so they are written out for it. Existing translations stay, strings no longer in the code are dropped, new
ones are `unfinished`. A language starts as an empty file: `<TS version="2.1" language="de"/>`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

from desktop.settings.description import describe_setting
from desktop.settings.store import list_keys

ROOT = Path(__file__).parent.parent
TRANSLATIONS = ROOT / "desktop/ui/translations"
SOURCES = (
    *sorted((ROOT / "desktop/ui").rglob("*.py")),
    *sorted((ROOT / "desktop/core/texts").glob("*.py")),
    ROOT / "desktop/core/messages.py",
)

EXACT_ONLY = ("-disable-heuristic", "sametext", "-disable-heuristic", "similartext")
"""A string in another place is another string: its translation is not guessed."""


def update_file(path: Path) -> None:
    """Update a `.ts` file by what the code says now."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder, "settings.py")
        settings.write_text(_write_setting_texts(), encoding="utf-8")
        options = ("-silent", "-no-obsolete", "-locations", "none", *EXACT_ONLY)
        _run_tool("lupdate", *options, *SOURCES, settings, "-ts", path)


def compile_file(path: Path) -> None:
    """Write the `.qm` file beside a `.ts` file."""
    _run_tool("lrelease", "-silent", path, "-qm", path.with_suffix(".qm"))


def count_strings(path: Path) -> tuple[int, int]:
    """Return how many strings a `.ts` file has, and how many are not translated."""
    translations = list(ET.parse(path).getroot().iter("translation"))
    return len(translations), sum(one.get("type") == "unfinished" for one in translations)


def _write_setting_texts() -> str:
    texts: dict[str, None] = {}

    def collect(text: str) -> str:
        texts[text] = None
        return text

    for key in list_keys():
        for system in ("linux", "win32"):
            describe_setting(key, collect, system)
    return "".join(f'QT_TRANSLATE_NOOP("settings", {text!r})\n' for text in texts if text)


def _run_tool(name: str, *arguments: str | Path) -> None:
    """Run a tool that PySide6 installs beside this Python."""
    subprocess.run([Path(sys.executable).with_name(f"pyside6-{name}"), *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    for file in map(Path, sys.argv[1:] or sorted(TRANSLATIONS.glob("*.ts"))):
        update_file(file)
        compile_file(file)
        count, left = count_strings(file)
        sys.stdout.write(f"{file.name}: {count} strings, {left} not translated\n")
