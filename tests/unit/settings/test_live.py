"""The settings that were valid last outlast a restart, for the app and for commands."""

from __future__ import annotations

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
from tests.support.private_files import is_private

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
def test_start_without_settings_changes_nothing(home: Paths, text: str | None) -> None:
    home.settings.write_text(GOOD)
    before = start(home)
    home.settings.unlink()
    if text is not None:
        home.settings.write_text(text)
    for _ in range(2):
        loaded = start(home)
        assert (loaded.settings, loaded.is_safe_mode, loaded.may_decrypt) == (before.settings, True, False)
        assert loaded == load_in_force(home)
    said = f"{home.settings} is gone or empty. The last valid settings are in force."
    assert [*map(str, loaded.warnings)] == [said, str(DELETION_PAUSED)]
    assert str(loaded.notice).startswith("settings.toml is gone or empty. The last valid settings are in force.")
    assert home.valid_settings.read_text() == GOOD
    LiveSettings(home).write_setting("look.theme", "dark")
    assert start(home).settings.history == before.settings.history
    assert home.valid_settings.read_text() == home.settings.read_text()
    assert not start(home).is_safe_mode


def test_start_without_settings_and_copy_has_the_defaults(home: Paths) -> None:
    home.settings.write_text(GOOD)
    start(home)
    assert not LiveSettings(home).is_first_start()
    home.settings.unlink()
    assert not LiveSettings(home).is_first_start()
    home.valid_settings.unlink()
    assert LiveSettings(home).is_first_start()
    assert start(home) == LoadedSettings(Settings(), is_empty=True)


def test_first_run_is_finished_once_closed_whatever_wrote_the_file(home: Paths) -> None:
    LiveSettings(home).write_setting("look.theme", "dark")
    assert not LiveSettings(home).is_first_run_finished()
    LiveSettings(home).finish_first_run()
    assert LiveSettings(home).is_first_run_finished()
    assert LiveSettings(home).load().settings.look.theme == "dark"


@pytest.mark.parametrize("text", [None, ""])
def test_file_that_goes_after_it_was_unreadable_is_in_doubt(home: Paths, text: str | None) -> None:
    live = LiveSettings(home)
    home.settings.write_text("[polish\n")
    live.load()
    home.settings.unlink()
    if text is not None:
        home.settings.write_text(text)
    loaded = live.load()
    assert (loaded.settings.history, loaded.is_safe_mode) == (Settings().history, True)
    assert str(loaded.notice).startswith("settings.toml is gone or empty. The defaults are in force.")
    live.write_setting("look.theme", "dark")
    assert not live.load().is_safe_mode


def test_copy_outlasts_a_file_that_goes_with_it(home: Paths) -> None:
    home.settings.write_text(GOOD)
    start(home)
    live = LiveSettings(home)
    home.settings.write_text("[polish\n")
    before = live.load()
    home.valid_settings.unlink()
    assert live.load() == before
    assert str(before.warnings[0]).endswith("The last valid settings are in force.")
    home.settings.write_text(GOOD)
    live.load()
    home.settings.write_text("[polish\n")
    assert str(live.load().warnings[0]).endswith("What was in force before still is.")
    assert str(live.load().notice) == "settings.toml cannot be read. What was in force before still is."


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


@pytest.mark.parametrize("copy", ["[history\n", "\xff"])
def test_copy_that_cannot_be_read_pauses_deletion_alone(home: Paths, copy: str) -> None:
    home.state.mkdir()
    home.valid_settings.write_text(copy, encoding="latin-1")
    for loaded in (start(home), load_in_force(home)):
        assert (loaded.settings.history, loaded.is_safe_mode) == (Settings().history, True)
        assert list_used_services(loaded.settings) == ()
        assert str(loaded.notice).startswith("settings.toml is gone or empty. The defaults are in force.")
    home.settings.write_text(f"{GOOD}[histroy]\n")
    assert start(home) == load_settings(home.settings)
    home.settings.write_text(GOOD)
    assert not start(home).is_safe_mode
    assert home.valid_settings.read_text() == GOOD


@pytest.mark.parametrize("text", [None, "[polish\n", f"{GOOD}[sparkles]\n", "[history]\nprivat = 1\n"])
def test_unknown_line_of_the_copy_affects_no_other(home: Paths, text: str | None) -> None:
    address = '[engines.openai]\nurl = "https://eu.example/v1"\n'
    home.state.mkdir()
    home.valid_settings.write_text(f"{GOOD}{address}[sparkles]\nsize = 1\n")
    if text is not None:
        home.settings.write_text(text)
    loaded = start(home)
    assert loaded.settings.history.private == "on"
    assert loaded.settings.history.exclude == ("editor",)
    assert list_used_services(loaded.settings) == ("openai",)
    assert loaded.is_safe_mode
    assert loaded.fetch_problem is not None


def test_copy_is_private_and_written_only_when_it_differs(home: Paths) -> None:
    home.settings.write_text(GOOD)
    live = LiveSettings(home)
    live.load()
    live.save_valid()
    assert is_private(home.valid_settings)
    assert is_private(home.state)
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
