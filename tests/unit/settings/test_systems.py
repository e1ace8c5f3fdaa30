"""Settings in the words of Windows, and those that have no effect there."""

from __future__ import annotations

import pytest

from desktop.settings.description import describe_setting
from desktop.settings.store import list_keys
from desktop.settings.systems import WINDOWS_WORDS, has_effect

SAID_IN_SCHEMA = {
    text
    for described in (describe_setting(key, system="linux") for key in list_keys())
    for text in (described.label, described.help, described.details, *described.choices.values())
}


def test_each_text_of_windows_replaces_one_of_the_schema() -> None:
    assert set(WINDOWS_WORDS) <= SAID_IN_SCHEMA


@pytest.mark.parametrize("key", [key for key in list_keys() if has_effect(key, "win32")])
def test_no_setting_of_windows_names_what_linux_has(key: str) -> None:
    described = describe_setting(key, system="win32")
    text = " ".join((described.label, described.help, *described.choices.values())).casefold()
    foreign = ("the desktop", "keyring", "panel", "log in", "session", "wayland", "gnome", "dbus", "input method")
    assert [word for word in foreign if word in text] == []


@pytest.mark.parametrize(
    ("system", "vain"), [("linux", []), ("win32", []), ("darwin", ["audio.calls", "vocabulary.notice"])]
)
def test_settings_of_an_input_method_and_of_at_spi_are_in_vain_elsewhere(system: str, vain: list[str]) -> None:
    linux_alone = ["paste.input_method", "paste.live", "context.cursor", "context.site"] if system != "linux" else []
    assert [key for key in list_keys() if not has_effect(key, system)] == [*vain, *linux_alone]


def test_players_are_paused_on_linux_alone() -> None:
    assert list(describe_setting("audio.others", system="linux").choices) == ["off", "duck", "pause"]
    assert list(describe_setting("audio.others", system="win32").choices) == ["off", "duck"]
