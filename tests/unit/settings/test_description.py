"""Every setting has its texts in the schema, and they say what it may be."""

from __future__ import annotations

import sys

import pytest

from desktop.core.errors import SettingsError
from desktop.settings.description import describe_setting
from desktop.settings.schema import RULE_NAMES, Settings
from desktop.settings.store import get_setting, list_keys, write_setting
from desktop.settings.systems import has_choice, system_words

KEYS = list_keys()


@pytest.mark.parametrize("key", KEYS)
def test_a_setting_says_what_it_does_and_its_default(key: str) -> None:
    described = describe_setting(key)
    assert described.label
    assert described.help.endswith(".")
    assert "{" not in described.help
    assert described.form
    assert described.default == get_setting(Settings(), key)


@pytest.mark.parametrize("key", KEYS)
def test_choices_are_values_that_the_setting_takes(key: str, tmp_path) -> None:
    for value in describe_setting(key).choices:
        assert get_setting(write_setting(tmp_path / "settings.toml", key, value), key) == value


@pytest.mark.parametrize("key", [key for key in KEYS if describe_setting(key).form.startswith("one of these")])
def test_every_value_of_a_choice_is_listed_with_its_label(key: str, tmp_path) -> None:
    choices = describe_setting(key).choices
    with pytest.raises(SettingsError) as refused:
        write_setting(tmp_path / "settings.toml", key, "none of them")
    allowed = refused.value.remedy.removeprefix("Choose ").rstrip(".").replace(" or ", ", ").split(", ")
    assert sorted(choices) == sorted(value for value in allowed if has_choice(key, value, sys.platform))
    assert all(choices.values()) or key == "look.scale", "a percentage is its own label"


def test_the_choices_of_a_list_are_its_items() -> None:
    assert list(describe_setting("polish.without").choices) == list(RULE_NAMES)


@pytest.mark.parametrize(
    ("key", "form"),
    [
        ("look.pill", "one of these"),
        ("look.scale", "one of these, in percent"),
        ("audio.cue_volume", "a whole number from 0 to 100, in percent"),
        ("dictation.end_silence_s", "0, or a number from 0.8 to 30, in seconds"),
        ("audio.cue_stop", "the path of a WAV, FLAC or OGG file, or nothing for the built-in sound"),
    ],
)
def test_the_form_goes_by_the_type(key: str, form: str) -> None:
    assert describe_setting(key).form == form


def test_a_service_is_named_in_its_help() -> None:
    assert describe_setting("engines.deepgram_live.model").help == "The name that Deepgram live has for it."


def test_all_but_proper_names_are_translated() -> None:
    described = describe_setting("look.language", lambda text: f"<{text}>")
    assert (described.label, described.help) == (
        "<Language>",
        "<The language of the windows, from the next start.>",
    )
    auto = system_words("As the desktop", sys.platform)
    assert dict(described.choices) == {"auto": f"<{auto}>", "en": "English", "zh_CN": "简体中文"}


def test_an_unknown_key_is_refused_as_elsewhere() -> None:
    with pytest.raises(SettingsError) as get_refused:
        get_setting(Settings(), "polish.mod")
    with pytest.raises(SettingsError) as refused:
        describe_setting("polish.mod")
    assert str(refused.value) == str(get_refused.value)
