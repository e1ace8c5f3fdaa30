"""The settings that were valid last outlast a restart, for the app and for commands."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from desktop.core.paths import Paths
from desktop.doctor.report_text import build_report
from desktop.network.services import list_used_services
from desktop.settings.live import LiveSettings, load_in_force
from desktop.settings.safety import DELETION_PAUSED, PRIVACY_OFF
from desktop.settings.schema import Settings
from desktop.settings.store import LoadedSettings, load_settings
from tests.support.encrypted_home import everywhere

GOOD = (
    '[recognizer]\nengine = "openai"\nmodel = "base"\n'
    '[history]\nprivate = "on"\nkeep_audio_days = 3650\nexclude = ["editor"]\n'
)


@pytest.fixture
def home(tmp_path: Path) -> Paths:
    home = everywhere(tmp_path)
    home.config.mkdir(parents=True)
    return home


def start(home: Paths) -> LoadedSettings:
    """What is in force after a start of the app, which copies what is valid."""
    live = LiveSettings(home)
    loaded = live.load()
    live.save_valid()
    return loaded


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace('"on"', '"onn"'),
        GOOD.replace("private", "privat"),
        GOOD.replace("[history]", "[histroy]"),
        GOOD.replace('"openai"', '"opnai"'),
        GOOD.replace("[recognizer]", "[recogniser]"),
        f"{GOOD}[polish\n",
        "[histroy]\n",
        "\0",
    ],
)
def test_restart_with_an_invalid_file_changes_nothing(home: Paths, text: str) -> None:
    home.settings.write_text(GOOD)
    before = start(home)
    home.settings.write_text(text)
    for _ in range(2):
        loaded = start(home)
        assert loaded.is_safe_mode
        assert loaded.settings == before.settings
        assert loaded == load_in_force(home)
        assert loaded.fetch_problem is None
    assert home.valid_settings.read_text() == GOOD
    home.settings.write_text('[history]\nprivate = "off"\n')
    assert start(home).settings.history.private == "off"


def test_restart_with_an_unreadable_file_says_what_is_kept(home: Paths) -> None:
    home.settings.write_text("[polish\n")
    assert start(home).warnings[1:] == (DELETION_PAUSED, PRIVACY_OFF)
    home.settings.write_text(GOOD)
    start(home)
    home.settings.write_text("[polish\n")
    loaded = start(home)
    assert loaded.warnings[1:] == (DELETION_PAUSED,)
    assert str(loaded.notice).endswith("The last valid settings are in force.")


def test_valid_line_applies_beside_an_invalid_one_after_a_restart(home: Paths) -> None:
    home.settings.write_text(GOOD)
    start(home)
    home.settings.write_text('[history]\nkeep_audio_days = 3\n[look]\ntheme = "drak"\n')
    history = start(home).settings.history
    assert (history.keep_audio_days, history.private) == (3, "on")


def test_value_of_an_invalid_file_is_not_kept(home: Paths) -> None:
    live = LiveSettings(home)
    home.settings.write_text(GOOD)
    live.load()
    for private in ("off", "onn"):  # valid at first, in a file that is not
        home.settings.write_text(f'[history]\nprivate = "{private}"\n[look]\ntheme = "drak"\n')
        loaded = live.load()
        live.save_valid()
        assert loaded == load_in_force(home)
    assert loaded.settings.history.private == "on"


@pytest.mark.parametrize("text", [None, "", "# mine\n"])
def test_start_without_settings_forgets_the_valid_ones(home: Paths, text: str | None) -> None:
    home.settings.write_text(GOOD)
    start(home)
    home.settings.unlink()
    if text is not None:
        home.settings.write_text(text)
    assert (load_in_force(home).settings, home.valid_settings.exists()) == (Settings(), True)
    loaded = start(home)
    assert (loaded.settings, loaded.warnings) == (Settings(), ())
    assert not home.valid_settings.exists()
    home.settings.write_text("[histroy]\n")
    assert start(home).settings.history == Settings().history


@pytest.mark.parametrize("text", [None, "", "# mine\n"])
def test_file_that_goes_after_a_start_in_safe_mode_changes_nothing(home: Paths, text: str | None) -> None:
    home.settings.write_text(GOOD)
    before = start(home)
    home.settings.write_text("[polish\n")
    live = LiveSettings(home)
    live.load()
    home.settings.unlink()
    if text is not None:
        home.settings.write_text(text)
    assert (live.load().settings, live.load().is_safe_mode) == (before.settings, True)
    live.save_valid()
    assert home.valid_settings.read_text() == GOOD
    live.write_setting("look.theme", "dark")
    assert live.load().settings.history == before.settings.history
    assert not live.load().is_safe_mode


@pytest.mark.parametrize("copy", ["[histroy]\n", "[history\n", "", "\xff"])
def test_copy_that_is_not_valid_counts_for_nothing(home: Paths, copy: str) -> None:
    home.state.mkdir()
    home.valid_settings.write_text(copy, encoding="latin-1")
    home.settings.write_text(f"{GOOD}[histroy]\n")
    loaded = start(home)
    assert list_used_services(loaded.settings) == ()
    assert loaded == load_settings(home.settings)
    home.settings.unlink()
    start(home)
    assert not home.valid_settings.exists() or home.valid_settings.read_bytes() == b"", "nothing of it comes back later"


def test_copy_is_private_and_written_only_when_it_differs(home: Paths) -> None:
    home.settings.write_text(GOOD)
    live = LiveSettings(home)
    live.load()
    live.save_valid()
    assert stat.S_IMODE(home.valid_settings.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.state.stat().st_mode) == 0o700
    first = home.valid_settings.stat()
    live.load()
    live.save_valid()
    start(home)
    assert home.valid_settings.stat() == first
    live.write_setting("look.theme", "dark")
    live.load()
    live.save_valid()
    assert home.valid_settings.read_text() == home.settings.read_text()


def test_copy_that_cannot_be_written_prevents_nothing(home: Paths) -> None:
    home.state.write_text("a file where the folder should be")
    home.settings.write_text(GOOD)
    assert start(home).settings.history.private == "on"


def test_reading_the_settings_writes_nothing(home: Paths) -> None:
    home.settings.write_text(GOOD)
    load_in_force(home)
    build_report(home, ())
    assert not home.state.exists()


def test_engine_that_safe_mode_put_in_place_fetches_no_model(home: Paths) -> None:
    home.settings.write_text('[recognizer]\nengine = "openai"\n[look]\ntheme = "drak"\n')
    said = "No speech model is fetched by itself until look.theme is mended."
    assert start(home).fetch_problem is not None
    home.settings.write_text("[polish]\n")
    start(home)
    home.settings.write_text('[recognizer]\nengine = "openai"\n[look]\ntheme = "drak"\n')
    loaded = start(home)
    assert loaded.settings.recognizer.engine == "whisper"
    assert loaded.fetch_problem is not None
    assert loaded.fetch_problem.title == said
    home.settings.write_text('[polish]\nmode = "off"\n')
    start(home)
    home.settings.write_text('[look]\ntheme = "drak"\n')
    assert start(home).fetch_problem is None, "it was in use"
