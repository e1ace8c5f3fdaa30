"""What chooses the languages is there only where the layout or an application does, and knows their names."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from desktop.app.language_service import LanguageService
from desktop.core.types import Target
from desktop.layouts.chooser import LayoutLanguageChooser
from desktop.paste.apps import PasteRules
from desktop.settings.schema import RecognizerSettings, Settings
from desktop.stt.recognition import ConfiguredRecognizer
from models.store import ModelStore

ROOT = Path(__file__).parents[3]

type Work = Callable[[], Coroutine[Any, Any, object]]

UNUSED = """
import sys
from desktop.app.language_service import LanguageService
from desktop.paste.apps import PasteRules
from desktop.settings.schema import Settings
service = LanguageService(lambda work: sys.exit("something is run"))
assert service.create_chooser(Settings(), PasteRules(), None) is None
service.close()
print([name for name in sys.modules if name.startswith("desktop.layouts")])
"""


def test_nothing_is_loaded_or_run_where_the_settings_name_the_language() -> None:
    done = subprocess.run([sys.executable, "-c", UNUSED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def make(tmp_path: Path, *language: str, **apps: tuple[str, ...]) -> tuple[LayoutLanguageChooser | None, list[Work]]:
    settings = Settings(recognizer=RecognizerSettings(language=language, layouts=("us=cs",)))
    recognizer = ConfiguredRecognizer(ModelStore(tmp_path), settings, lambda status: None)
    run: list[Work] = []
    service = LanguageService(run.append)
    rules = PasteRules({name: {"language": languages} for name, languages in apps.items()})
    return service.create_chooser(settings, rules, recognizer), run


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("language", "apps", "asks_layout"),
    [
        (("layout",), {}, True),
        (("en", "layout"), {"mail": ("de",)}, True),
        (("en",), {"mail": ("layout",)}, True),
        (("en",), {"mail": ("de",)}, False),
    ],
)
async def test_layout_is_asked_for_where_it_counts(
    tmp_path: Path, language: tuple[str, ...], apps: dict[str, tuple[str, ...]], asks_layout: bool
) -> None:
    chooser, run = make(tmp_path, *language, **apps)
    assert chooser is not None
    assert (chooser.ladder is not None, len(run)) == (asks_layout, int(asks_layout))
    assert (chooser.options.chosen, chooser.options.table) == (language, {"us": ("cs",)})
    chooser.close()


@pytest.mark.anyio
async def test_application_is_known_by_its_name(tmp_path: Path) -> None:
    chooser, _ = make(tmp_path, "en", Thunderbird=("de",))
    assert chooser is not None
    find_own = chooser.options.find_own
    assert find_own is not None
    assert [find_own(Target(1, app)) for app in ("thunderbird", "kate")] == [("de",), None]


@pytest.mark.anyio
async def test_selected_language_is_the_choosers_and_can_be_forgotten(tmp_path: Path) -> None:
    settings = Settings(recognizer=RecognizerSettings(language=("layout", "en", "de")))
    recognizer = ConfiguredRecognizer(ModelStore(tmp_path), settings, lambda status: None)
    seen = [(recognizer.select_next_language(), recognizer.selected_languages) for _ in range(3)]
    assert seen == [(("en",), ("en",)), (("de",), ("de",)), (("layout",), None)]
    recognizer.select_next_language()
    recognizer.forget_selected_language()
    assert recognizer.selected_languages is None
    assert recognizer.select_next_language() == ("en",)


@pytest.mark.anyio
async def test_one_language_beside_the_layout_can_be_selected(tmp_path: Path) -> None:
    settings = Settings(recognizer=RecognizerSettings(language=("layout", "en")))
    recognizer = ConfiguredRecognizer(ModelStore(tmp_path), settings, lambda status: None)
    seen = [(recognizer.select_next_language(), recognizer.selected_languages) for _ in range(2)]
    assert seen == [(("en",), ("en",)), (("layout",), None)]
