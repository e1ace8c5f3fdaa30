"""An address that cannot be used is replaced by no other: what was for it goes nowhere, and that is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.errors import UserError
from desktop.network.services import build_service, list_used_services
from desktop.settings.safety import URL_KEYS, describe_lost_url
from desktop.settings.schema import Settings
from desktop.settings.store import get_setting, load_settings, reset_setting, write_setting


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


LIVE = '[recognizer]\nengine = "openai-live"\n'
ASKS = '[polish]\nmode = "llm"\n'


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
        (f'{ASKS}ulr = "local"\n', "polish.mode", "polish.ulr"),
        (f'{ASKS}[Polish]\nmodel = "tiny"\nurl = " Local "\n', "polish.mode", "Polish"),
        (f'{ASKS}[[model]]\nat = "local"\n', "polish.mode", "model"),
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
    assert loaded.warnings[0] == f"{off} until {line} is mended."
    with pytest.raises(UserError, match=rf"^The address in {address} cannot be used\."):
        build_service(name, loaded.settings)
    if "engines =" not in text:
        assert get_setting(
            write_setting(written, address, "https://models.example/v1" if name == "polish" else "wss://eu.example"),
            address,
        )
        assert list_used_services(load_settings(written).settings) == (name,)


@pytest.mark.parametrize(
    "other",
    [
        '[engines.openai]\nurl = "nowhere"\n',
        '[updates]\nurl = "http://updates.example"\n',
        '[polish]\nulr = "local"\n',
        '[engines.deepgram]\nurl = "https://eu.example"\nulr = "https://us.example"\n',
        '[recognise]\nengine = "openai"\n',
    ],
)
def test_unrelated_bad_line_disables_nothing(written: Path, other: str) -> None:
    written.write_text(f'[recognizer]\nengine = "deepgram"\n{other}')
    loaded = load_settings(written)
    assert loaded.settings.recognizer.engine == "deepgram"
    assert len(loaded.warnings) == 1


@pytest.mark.parametrize(
    "other",
    [
        '[recognizer]\nengine = "local"\n',
        '[emotion]\nmodel = "local"\n',
        '[updates]\ncheck = "https://updates.example"\n',
        '[look]\ntheme = "https://themes.example/url"\n',
    ],
)
def test_a_setting_of_another_section_is_no_address(written: Path, other: str) -> None:
    written.write_text(f"{ASKS}{other}")
    loaded = load_settings(written)
    assert (loaded.settings.polish.mode, loaded.lost_urls, len(loaded.warnings)) == ("llm", {}, 1)


def test_bad_line_is_named_and_reset_restores_default(written: Path) -> None:
    written.write_text('[notes]\nhomepage = "https://example.org"\n')
    assert load_settings(written).lost_urls == dict.fromkeys(URL_KEYS, "notes")
    assert describe_lost_url("polish.url", "notes") == "Off until notes is mended."
    for key in URL_KEYS:
        assert get_setting(load_settings(written).settings, key) == ""
        assert get_setting(reset_setting(written, key), key) == get_setting(Settings(), key)
    assert load_settings(written).lost_urls == {}
