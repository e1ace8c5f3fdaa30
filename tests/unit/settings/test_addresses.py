"""In safe mode no service is used that was not in use, none at another address, and that is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.errors import UserError
from desktop.network.services import build_service, list_used_services
from desktop.settings.safety import URL_KEYS, describe_lost_url
from desktop.settings.schema import Settings
from desktop.settings.store import LoadedSettings, get_setting, load_settings, write_setting
from tests.support.settings import live_settings


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def run_app(file: Path, text: str) -> None:
    """As an app that runs with this file, and ends."""
    file.write_text(text)
    live = live_settings(file)
    live.load()
    live.save_valid()


LIVE = '[recognizer]\nengine = "openai-live"\n'
ASKS = '[polish]\nmode = "llm"\n'
OWN = 'url = "https://models.example/v1"\n'
DEEPGRAM = '[recognizer]\nengine = "deepgram"\n'
BAD = '[look]\ntheme = "drak"\n'


@pytest.mark.parametrize(
    ("text", "changed", "line"),
    [
        (f'{LIVE}[engines.openai_live]\nurl = "nowhere"\n', "recognizer.engine", "engines.openai_live.url"),
        (f'{LIVE}[engines]\nopenai_live = "wss://eu.example"\n', "recognizer.engine", "engines.openai_live"),
        (f'{LIVE}[engines.openai_live]\nulr = "wss://eu.example"\n', "recognizer.engine", "engines.openai_live.ulr"),
        (f'{LIVE}[engines.opnai_live]\nurl = "wss://eu.example"\n', "recognizer.engine", "engines.opnai_live"),
        (f'{LIVE}[openai_live]\nurl = "wss://eu.example"\n', "recognizer.engine", "openai_live"),
        (f'engines = "wss://eu.example"\n{LIVE}', "recognizer.engine", "engines"),
        (f'{ASKS}url = "http://127.0.0.1:114344/v1"\n', "polish.mode", "polish.url"),
        (f'{ASKS}URL = "models.example"\n', "polish.mode", "polish.URL"),
        (f'{ASKS}[Polish]\nurl = "https://models.example/v1"\n', "polish.mode", "Polish"),
        (f'{LIVE}url = "wss://eu.example"\n', "recognizer.engine", "recognizer.url"),
        (f'{LIVE}openai_live = "wss://eu.example"\n', "recognizer.engine", "recognizer.openai_live"),
        (f'{LIVE}[engines.openai]\nlive = "wss://eu.example"\n', "recognizer.engine", "engines.openai.live"),
        (f'{LIVE}[network]\nurl = "eu.example"\n', "recognizer.engine", "network.url"),
        (f'{LIVE}[recogniser]\nurl = "eu.example"\n', "recognizer.engine", "recogniser"),
        (f'{LIVE}[engines.openai]\nurl = "nowhere"\n', "recognizer.engine", "engines.openai.url"),
        (f"{LIVE}{BAD}", "recognizer.engine", "look.theme"),
        (f'{ASKS}ulr = "local"\n', "polish.mode", "polish.ulr"),
        (f'{ASKS}[Polish]\nmodel = "tiny"\nurl = " Local "\n', "polish.mode", "Polish"),
        (f'{ASKS}[[model]]\nat = "local"\n', "polish.mode", "model"),
        (f'{ASKS}[updates]\nurl = "local"\n', "polish.mode", "updates.url"),
        ('[hotkey]\nedit = "f9"\n[Polish]\nurl = "local"\n', "hotkey.edit", "Polish"),
        ('[emotion]\nengine = "llm"\n[polish]\nurl = 1\n', "emotion.engine", "polish.url"),
        ('[hotkey]\nedit = ["f9"]\n[polish]\nurl = "ftp://x"\n', "hotkey.edit", "polish.url"),
    ],
)
def test_unusable_address_sends_nothing_elsewhere(written: Path, text: str, changed: str, line: str) -> None:
    written.write_text(text)
    loaded = load_settings(written)
    assert list_used_services(loaded.settings) == ()
    assert get_setting(loaded.settings, changed) == get_setting(Settings(), changed)
    name, off = ("openai-live", "No sound is sent") if LIVE in text else ("polish", "No language model is asked")
    address = "polish.url" if name == "polish" else "engines.openai_live.url"
    assert str(loaded.warnings[1]) == f"{off} until {line} is mended."
    with pytest.raises(UserError, match=rf"^The address in {address} cannot be used\."):
        build_service(name, loaded.settings)
    if "engines =" not in text:
        write_setting(written, address, "https://models.example/v1" if name == "polish" else "wss://eu.example")
        is_beside = line != address and line.startswith(address.removesuffix("url"))
        assert list_used_services(load_settings(written).settings) == (() if is_beside else (name,))


@pytest.mark.parametrize(
    "other",
    [
        '[engines.openai]\nurl = "nowhere"\n',
        '[updates]\nurl = "http://updates.example"\n',
        '[polish]\nulr = "local"\n',
        '[recognise]\nengine = "openai"\n',
        '[emotion]\nmodel = "local"\n',
        '[look]\ntheme = "https://themes.example/url"\n',
        BAD,
    ],
)
@pytest.mark.parametrize("address", ["eu.example", "api.deepgram.com"])
def test_service_in_use_stays_on_after_a_restart(written: Path, other: str, address: str) -> None:
    text = DEEPGRAM if address == "api.deepgram.com" else f'{DEEPGRAM}[engines.deepgram]\nurl = "https://{address}"\n'
    run_app(written, text)
    written.write_text(f"{text}{other}")
    loaded = live_settings(written).load()
    assert list_used_services(loaded.settings) == ("deepgram",)
    assert build_service("deepgram", loaded.settings).host == address
    assert len(loaded.warnings) == 2, "that nothing is deleted, and the line"
    first = load_settings(written)
    assert list_used_services(first.settings) == (("deepgram",) if address == "eu.example" else ()), "by its address"
    assert first.fetch_problem is not None


def test_local_model_needs_no_given_address(written: Path) -> None:
    written.write_text(f'{ASKS}url = "local"\nbudget_ms = 1\n[emotion]\nengine = "llm"\n')
    loaded = load_settings(written)
    assert (loaded.settings.polish.mode, loaded.settings.emotion.engine) == ("llm", "llm")
    assert len(loaded.warnings) == 2


def test_restart_with_a_new_use_of_a_model_detects_emotions_here(written: Path) -> None:
    run_app(written, f"{ASKS}{OWN}")
    written.write_text(f'{ASKS}{OWN}[emotion]\nengine = "llm"\n[histroy]\nprivate = "on"\n')
    loaded = live_settings(written).load()
    assert (loaded.settings.polish.mode, loaded.settings.emotion.engine) == ("llm", "local")
    assert str(loaded.warnings[1]) == "emotion.engine is local until histroy is mended."


@pytest.mark.parametrize("was_valid", [True, False])
@pytest.mark.parametrize("heading", ["[updates]", "[engines.openai]"])
def test_updates_checked_only_at_the_known_address(written: Path, heading: str, was_valid: bool) -> None:
    lines = 'check = "daily"\nurl = "https://updates.example"\n'
    if was_valid:
        run_app(written, f"[updates]\n{lines}")
    written.write_text(f"{heading}\n{lines}{BAD}")  # another heading in its place moves the address
    settings = live_settings(written).load().settings
    assert (settings.updates.check, settings.updates.url, settings.engines.openai.url) == (
        ("daily", "https://updates.example", Settings().engines.openai.url if heading == "[updates]" else "")
        if was_valid
        else ("daily", "https://updates.example", "")
        if heading == "[updates]"
        else ("off", "", "")
    )


@pytest.mark.parametrize(
    "broken",
    [
        f"{DEEPGRAM}{ASKS}{OWN}{BAD}",
        f"{DEEPGRAM}{ASKS}ulr = 1\n",
        f"{DEEPGRAM}{BAD}",
        f"{ASKS}{OWN}engine = 'deepgram'\n",
        f"{DEEPGRAM}[polish\n",
        "# all gone\n",
    ],
)
def test_running_app_keeps_its_services(written: Path, broken: str) -> None:
    live = live_settings(written)
    written.write_text(f"{DEEPGRAM}{ASKS}{OWN}")
    before = live.load()
    written.write_text(broken)
    for _ in range(2):
        loaded = live.load()
        assert loaded.is_safe_mode
        assert loaded.settings == before.settings
        assert loaded.lost_urls == {}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f'{DEEPGRAM}[engines.deepgram]\nurl = "https://eu.example"\n', "No sound is sent"),
        (f"{ASKS}{OWN}", "No language model is asked"),
        ('[hotkey]\nedit = "f9"\n', "No language model is asked"),
        ('[updates]\ncheck = "daily"\nurl = "https://updates.example"\n', "updates.check is off"),
    ],
)
def test_running_app_begins_to_use_nothing(written: Path, text: str, sentence: str) -> None:
    live = live_settings(written)
    written.write_text('[polish]\nmode = "off"\n')
    live.load()
    written.write_text(f"{text}{BAD}")
    for _ in range(2):
        loaded = live.load()
        assert (list_used_services(loaded.settings), loaded.settings.updates.check) == ((), "off")
        assert str(loaded.warnings[1]) == f"{sentence} until look.theme is mended."
    written.write_text(text)
    assert live.load() == load_settings(written)
    assert live.load().settings == live.load().chosen


def test_running_app_sends_nothing_to_a_new_address(written: Path) -> None:
    live = live_settings(written)
    written.write_text(f"{DEEPGRAM}{ASKS}{OWN}")
    live.load()
    written.write_text(f'{DEEPGRAM}{ASKS}url = "https://other.example/v1"\n{BAD}')
    loaded = live.load()
    assert list_used_services(loaded.settings) == ("deepgram",)
    assert loaded.lost_urls == {"polish.url": "look.theme"}
    with pytest.raises(UserError, match=r"polish\.url cannot be used"):
        build_service("polish", loaded.settings)


def test_service_switched_off_in_safe_mode_is_off(written: Path) -> None:
    live = live_settings(written)
    written.write_text(f"{DEEPGRAM}{ASKS}{OWN}")
    live.load()
    written.write_text(f"{DEEPGRAM}{ASKS}{OWN}{BAD}")
    live.write_setting("recognizer.engine", "whisper")
    live.reset_setting("polish.mode")
    assert list_used_services(live.load().settings) == ()
    live.write_setting("recognizer.engine", "deepgram")
    assert list_used_services(live.load().settings) == ("deepgram",), "it was in use"


def test_bad_line_is_named_beside_each_address(written: Path) -> None:
    written.write_text('[notes]\nhomepage = "https://example.org"\n')
    lost, known = dict.fromkeys(URL_KEYS, "notes"), LoadedSettings(Settings())
    del lost["updates.url"]  # by default there is none
    assert load_settings(written).lost_urls == lost
    assert str(describe_lost_url("polish.url", "notes")) == "Off until notes is mended."
    for key in URL_KEYS:
        assert get_setting(load_settings(written).settings, key) == ""
        assert get_setting(load_settings(written, known).settings, key) == get_setting(Settings(), key)
    assert load_settings(written, known).lost_urls == {}
