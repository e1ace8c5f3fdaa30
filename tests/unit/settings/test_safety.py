"""While a line of the settings file is invalid, or the file cannot be read, nothing kept is deleted or decrypted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.__main__ import main
from desktop.core.errors import SettingsError, UserError
from desktop.core.paths import Paths, find_paths
from desktop.core.types import FRAME_SAMPLES, Outcome
from desktop.doctor import files
from desktop.history import encryption, recorder
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.settings.live import LiveSettings
from desktop.settings.safety import DELETION_PAUSED, PRIVACY_OFF
from desktop.settings.schema import HistorySettings, Settings
from desktop.settings.store import (
    LoadedSettings,
    get_setting,
    list_keys,
    load_settings,
    reset_setting,
    write_setting,
)
from tests.support.encrypted_home import asked, everywhere, in_the_clear, is_sealed
from tests.support.keyring import InFile
from tests.support.settings import in_force, live_settings

NOW = datetime.now(UTC)
OLD = NOW - timedelta(days=30)

GOOD = '[history]\nencrypted = "on"\nkeep_audio_days = 3650\nprivate = "on"\nexclude = ["editor"]\n'
TWICE = f'{GOOD}[audio]\n[history]\nprivate = "on"\n'
BRACKET = f"{GOOD}[polish\n"
DOUBTED = (
    (GOOD.replace("[history]", "[histroy]"), "histroy"),
    (GOOD.replace("[history]", "[History]"), "History"),
    (GOOD.replace("[history]", "[keeping]"), "keeping"),
    (GOOD.replace("[history]", "[my.history]"), "my"),
    (GOOD.replace("[history]\n", ""), "encrypted"),
    (GOOD.replace("[history]", "[emotion]"), "emotion.encrypted"),
    (GOOD.replace("encrypted =", "encripted ="), "history.encripted"),
    (GOOD.replace("3650", '"ten years"'), "history.keep_audio_days"),
    ("history = 3\n", "history"),
    ('[history]\nencrypted = "yes"\nkeep_audio_days = 3650\n', "history.encrypted"),
    ('[intone.settings.history]\nencrypted = "on"\n', "intone"),
    ('[look]\nencryptd = "on"\n', "look.encryptd"),
    ("[later]\nthing = 1\n", "later"),
    ('[polish]\nmode = "loud"\n', "polish.mode"),
    ('look = "dark"\n', "look"),
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paths]:
    """A home in which something old is kept, encrypted, with its recording."""
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
    home = everywhere(tmp_path)
    home.config.mkdir(parents=True)
    with asked(InFile()):
        encryption.start_encryption(home)
        memory = DictationRecorder(home, HistoryStore(home.history))
        for began in (OLD, NOW):
            with memory.spool.create(began) as take:
                take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))
                entry = HistoryEntry(started_at=began, text="A heron.", delivery=Outcome.INSERTED)
                memory.record(entry, take, HistorySettings())
        yield home


def expired(home: Paths, loaded: LoadedSettings) -> tuple[bool, int]:
    """Whether all is encrypted, and how many recordings there are, after a look at what is old."""
    anyio.run(DictationRecorder(home, HistoryStore(home.history)).expire, loaded, NOW)
    return is_sealed(home) and in_the_clear(home, b"heron", b"fLaC") == [], len(list(home.audio.glob("*.flac")))


@pytest.mark.parametrize("text", [TWICE, BRACKET, *(text for text, _ in DOUBTED)])
@pytest.mark.parametrize("running", [False, True])
def test_nothing_goes_and_nothing_is_decrypted(home: Paths, text: str, running: bool) -> None:
    standing = LiveSettings(home)
    if running:
        home.settings.write_text(GOOD)
        assert expired(home, standing.load()) == (True, 2)
    home.settings.write_text(text)
    assert expired(home, standing.load()) == (True, 2)
    home.settings.write_text('[history]\nkeep_audio_days = 7\nencrypted = "off"\n')
    assert expired(home, standing.load()) == (False, 1)


def test_unencrypted_history_stays_so_unless_set(home: Paths) -> None:
    long = HistorySettings(keep_audio_days=3650)
    assert expired(home, in_force(long, may_decrypt=True)) == (False, 2)
    assert expired(home, in_force(long)) == (False, 2)
    assert expired(home, in_force(HistorySettings(), is_safe_mode=True)) == (False, 2)
    assert expired(home, in_force(HistorySettings(encrypted="on"), is_safe_mode=True)) == (True, 2)


@pytest.mark.parametrize("text", [None, "", '[history]\nprivate = "on"\n'])
def test_unset_encryption_decrypts_nothing_but_expires(home: Paths, text: str | None) -> None:
    if text is not None:
        home.settings.write_text(text)
    unsaid = load_settings(home.settings)
    assert expired(home, unsaid) == (True, 1)
    reset_setting(home.settings, "history.encrypted")
    told = load_settings(home.settings)
    assert (unsaid.may_decrypt, told.may_decrypt) == (False, True)
    assert told.settings == unsaid.settings
    assert expired(home, told) == (False, 1)


@pytest.mark.parametrize("text", [None, "", "\n", "# mine\n"])
def test_missing_or_empty_file_keeps_running_settings(home: Paths, text: str | None) -> None:
    standing = LiveSettings(home)
    home.settings.write_text(GOOD)
    before = standing.load().settings.history
    home.settings.unlink()
    if text is not None:
        home.settings.write_text(text)
    for _ in range(2):
        loaded = standing.load()
        assert dict(loaded.settings.history) == dict(before)
        assert tuple(map(str, loaded.warnings)) == (
            f"{home.settings} is gone or empty. What was in force before still is.",
            str(DELETION_PAUSED),
        )
    assert expired(home, loaded) == (True, 2)
    home.settings.write_text("[history]\n")
    assert standing.load().settings.history == HistorySettings()


def test_who_never_had_a_file_has_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    standing = live_settings(file)
    assert [standing.load() for _ in range(2)] == [load_settings(file)] * 2
    file.write_text("")  # as the first start leaves it
    assert standing.load() == load_settings(file)
    assert not load_settings(file).is_safe_mode


@pytest.mark.parametrize("link", ["settings.toml", "."])
def test_link_to_unmounted_target_counts_as_unreadable(tmp_path: Path, link: str) -> None:
    away, file = tmp_path / "away", tmp_path / "config" / "settings.toml"
    if link == ".":
        file.parent.symlink_to(away)
    else:
        file.parent.mkdir()
        file.symlink_to(away)
    loaded = load_settings(file)
    assert loaded.is_safe_mode
    assert str(loaded.warnings[0]).endswith(" is a link to what is not there. The defaults are used.")
    with pytest.raises(SettingsError, match="is a link to what is not there"):
        write_setting(file, "polish.mode", "off")
    assert not away.exists()


def test_reset_beside_a_doubtful_line_applies(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(GOOD)
    standing = live_settings(file)
    standing.load()
    file.write_text(f"{GOOD}[histroy]\n")
    for key in ("history.private", "history.exclude"):
        reset_setting(file, key)
        assert get_setting(standing.load().settings, key) == get_setting(Settings(), key)
    file.write_text("[histroy]\n")
    reset_setting(file, "history.keep_audio_days")
    assert standing.load().settings.history.keep_audio_days == 7


def test_what_is_reset_last_leaves_no_empty_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('polish.mode = "off"\n')
    standing = live_settings(file)
    standing.load()
    reset_setting(file, "polish.mode")
    assert standing.load() == load_settings(file)
    assert standing.load().settings == Settings()


def test_quoted_key_beside_a_doubtful_line_applies(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('"history.private" = "on"\n[histroy]\n')
    loaded = load_settings(file)
    assert loaded.is_safe_mode
    assert loaded.settings.history == HistorySettings(private="on")


def test_command_decrypts_nothing_with_a_doubtful_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
    monkeypatch.setenv("INTONE_HOME", str(tmp_path / "one"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    here = find_paths()
    with asked(InFile()):
        HistoryStore(here.history).add(HistoryEntry(started_at=NOW, text="A heron.", delivery=Outcome.INSERTED))
        assert main(["settings", "set", "history.encrypted", "on"]) == 0
        here.settings.write_text("[histroy]\n")
        capsys.readouterr()
        assert main(["settings", "set", "history.encrypted", "off"]) == 0
        said = capsys.readouterr().err
        assert "Nothing that is kept is deleted or decrypted until histroy is mended." in said
        assert said.endswith("What is kept is encrypted now.\n")
        assert is_sealed(here)


def test_mended_line_resumes_everything(home: Paths) -> None:
    live, mended = LiveSettings(home), '[history]\nencrypted = "off"\n'
    home.settings.write_text(f"{mended}[look]\ntheme = 1\n")
    assert expired(home, live.load()) == (True, 2)
    home.settings.write_text(mended)
    assert expired(home, live.load()) == (False, 1)


def test_a_mark_that_is_lost_is_no_choice(home: Paths) -> None:
    (home.data / "history.seal").unlink()
    assert expired(home, in_force(HistorySettings(), is_safe_mode=True)) == (True, 2)


def test_the_doctor_says_what_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
    monkeypatch.setenv("INTONE_HOME", str(tmp_path / "one"))
    here = find_paths()
    write_setting(here.settings, "history.encrypted", "on")
    live = LiveSettings(here)
    live.load()
    with asked(InFile()):
        encryption.start_encryption(here)
        here.settings.write_text(BRACKET)
        assert str(files.check_encryption()) == "On, and its key is in the keyring"
        for holds in (str(PRIVACY_OFF), str(DELETION_PAUSED)):
            with pytest.raises(UserError, match="is not valid TOML") as found:
                files.check_settings_file()
            assert found.value.title.endswith(holds)
            live.save_valid()


@pytest.mark.parametrize(("text", "line"), DOUBTED)
def test_what_is_in_doubt_is_said(tmp_path: Path, text: str, line: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    loaded = load_settings(file)
    assert loaded.is_safe_mode
    assert str(loaded.warnings[0]) == f"Nothing that is kept is deleted or decrypted until {line} is mended."


def test_any_unusable_value_begins_safe_mode(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    for key in list_keys():
        file.write_text(f'"{key}" = {{}}\n')
        loaded = load_settings(file)
        assert loaded.is_safe_mode
        assert str(loaded.warnings[0]) == f"Nothing that is kept is deleted or decrypted until {key} is mended."


def test_spool_over_its_limit_stays_in_safe_mode(home: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "MAX_SPOOL_BYTES", 0)
    with DictationRecorder(home, HistoryStore(home.history)).spool.create(OLD) as take:
        take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))
    for is_safe_mode in (True, False):
        expired(home, in_force(HistorySettings(), is_safe_mode=is_safe_mode))
        assert bool(list(home.spool.iterdir())) is is_safe_mode


@pytest.mark.parametrize("text", [TWICE, BRACKET, "[histroy]\n", '[history]\nprivate = "yes"\nexclude = 3\n'])
def test_a_running_app_goes_on_with_what_it_was_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.toml"
    standing = live_settings(file)
    file.write_text(GOOD)
    before = standing.load().settings.history
    file.write_text(text)
    for _ in range(2):
        assert dict(standing.load().settings.history) == dict(before)
    file.write_text("[history\n")
    assert dict(standing.load().settings.history) == dict(before)


def test_what_is_chosen_meanwhile_is_in_force(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    standing = live_settings(file)
    file.write_text(f"{GOOD}[histroy]\n")
    assert standing.load().settings.history.private == "on"
    for private in ("off", "on"):
        write_setting(file, "history.private", private)
        assert standing.load().settings.history.private == private


def test_start_with_unreadable_file_says_what_applies(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(BRACKET)
    standing = live_settings(file)
    assert standing.load().warnings[1:] == (DELETION_PAUSED, PRIVACY_OFF)
    file.write_text(GOOD)
    standing.load()
    file.write_text(BRACKET)
    assert standing.load().warnings[1:] == (DELETION_PAUSED,)


def test_true_and_false_are_on_and_off(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[history]\nencrypted = true\nprivate = false\n[polish]\nmode = false\n[context]\nsite = true\n")
    loaded = load_settings(file)
    assert loaded.warnings == ()
    held = [get_setting(loaded.settings, key) for key in ("history.encrypted", "history.private", "polish.mode")]
    assert held == ["on", "off", "off"]
    file.write_text("[history]\nkeep_audio_days = true\n[polish]\nmode = true\n")
    loaded = load_settings(file)
    assert loaded.is_safe_mode
    assert loaded.chosen == Settings()
    assert str(loaded.warnings[1]).startswith("history.keep_audio_days cannot be True. Give a whole number")
