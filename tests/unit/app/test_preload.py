"""What a dictation loads late is loaded ahead, without the network's libraries, and only from the files that run."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.app.preload import UNNEEDED_MODULES, find_late_modules, preload
from desktop.core.replacement import InstalledFiles

ROOT = Path(__file__).parents[3]
SOURCES = [*(ROOT / "desktop/dictation").glob("*.py"), ROOT / "desktop/app/factory.py", ROOT / "desktop/app/engine.py"]
SOURCES += [ROOT / "desktop/core/messages.py", *(ROOT / "desktop/history").glob("*.py")]
SOURCES += [*(ROOT / "desktop/app/doors").glob("*.py"), ROOT / "desktop/app/language_service.py"]

BY_SETTINGS = ("desktop.llm", "desktop.network", "desktop.emotion", "desktop.layouts")
"""Packages that are imported when the settings that want them are applied, not at a press."""

WINDOWS = ("windows_field_reader", "windows", "jobs", "sound_sessions")
"""Ends of modules of Windows alone."""

LOAD = """\
import sys
from pathlib import Path
import desktop.app.engine
before = set(sys.modules)
from desktop.app.preload import preload
from desktop.core.replacement import InstalledFiles
preload(InstalledFiles(Path(sys.argv[1])))
print(*sys.modules)
print(*set(sys.modules) - before)
"""


def _find_late_imports(source: Path) -> set[str]:
    """The modules of this app that functions of `source` import on this system."""
    late: set[str] = set()
    for function in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.ImportFrom) and node.module:
                    whole = [f"{node.module}.{name.name}" for name in node.names]
                    late |= {one if _is_module(one) else node.module for one in whole}
    return {name for name in late if _is_module(name) and not name.startswith(BY_SETTINGS)}


def _is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return name.startswith("desktop.") and (path.is_dir() or path.with_suffix(".py").is_file())


DICTATE = f"""\
import asyncio
import numpy as np
{LOAD.partition("print")[0]}
from desktop.audio.vad import VoiceActivity
from desktop.core.types import DictationContext
from desktop.dictation.insertion import is_scratch_phrase
from desktop.polish.polisher import TextPolisher
from desktop.polish.rules.pipeline import load_rules
from desktop.stt.chinese_script import convert_to_script
load_rules(["en", "zh"])
loaded = set(sys.modules)
opened = set()
sys.addaudithook(lambda event, of: opened.add(str(of[0])) if event == "open" else None)
VoiceActivity()(np.zeros(512, np.float32))
for language, text in (("en", "um smiley face emoji it costs twenty five dollars new line first this"), ("zh", "里长")):
    context = DictationContext(language=language)
    print(ascii(asyncio.run(TextPolisher().polish(convert_to_script(text, language, "traditional"), context, print))))
is_scratch_phrase("scratch that")
"idna.example".encode("idna")
print(*set(sys.modules) - loaded)
print(*(name for name in opened if "/proc/" not in name))
"""
"""What a dictation does in this process, in two languages; the last two lines are what it imported and opened."""


@pytest.mark.skipif(sys.platform != "linux", reason="only there files are replaced beneath an app")
def test_dictation_after_preload_reads_no_module_and_no_table(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    run = subprocess.run(
        [sys.executable, "-c", DICTATE, str(tmp_path / "file")], cwd=ROOT, capture_output=True, text=True, check=True
    )
    english, chinese, imported, opened = run.stdout.splitlines()
    assert "25" in english
    assert ascii("里長")[1:-1] in chinese
    assert (imported, opened) == ("", "")


@pytest.mark.skipif(sys.platform != "linux", reason="only there files are replaced beneath an app")
def test_preload_leaves_nothing_of_a_dictation_to_import(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    run = subprocess.run(
        [sys.executable, "-c", LOAD, str(tmp_path / "file")], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded, new = map(set, map(str.split, run.stdout.splitlines()))
    late = set().union(*map(_find_late_imports, SOURCES))
    assert {"desktop.dictation.hands_free", "desktop.dictation.spoken_answer", "desktop.dictation.again"} <= late
    assert "desktop.core.texts.table" in late
    assert {name for name in late - loaded - UNNEEDED_MODULES if not name.endswith(WINDOWS)} == set()
    assert {"httpx2", "PySide6", "ctranslate2", "desktop.cli", "desktop.doctor", "desktop.stt.cloud"} & new == set()


def test_preload_of_replaced_files_loads_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_text("1")
    files = InstalledFiles(file)
    (tmp_path / "new").write_text("2")
    (tmp_path / "new").replace(file)
    monkeypatch.delitem(sys.modules, "desktop.audio.loudness", raising=False)
    preload(files)
    assert "desktop.audio.loudness" not in sys.modules


def test_find_late_modules_leaves_out_other_systems() -> None:
    names, theirs = set(find_late_modules("linux")), set(find_late_modules("win32"))
    assert "desktop.core.windows_files" not in names
    assert "desktop.core.windows_files" in theirs
