"""What a publisher builds into packages is what users could have set."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.errors import SettingsError
from desktop.settings.release_source import RELEASE_SOURCE, ReleaseSource, load_release_source
from desktop.settings.schema import Settings
from desktop.settings.store import load_settings, write_setting

KEY = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"
"""The public key in the program's manual."""

URL = "https://intone.example.org/latest.json"


def test_release_source_of_this_repository_names_no_publisher() -> None:
    RELEASE_SOURCE.validate()
    assert ReleaseSource("", "") == RELEASE_SOURCE
    updates = Settings().updates
    assert (updates.check, updates.url, updates.key) == ("off", RELEASE_SOURCE.url, RELEASE_SOURCE.key)


def test_release_source_of_a_publisher_is_read(tmp_path: Path) -> None:
    file = tmp_path / "source.toml"
    file.write_text(f'url = "{URL}"\nkey = "{KEY}"\n')
    source = load_release_source(file)
    source.validate()
    assert source == ReleaseSource(URL, KEY)


@pytest.mark.parametrize("source", [(URL, ""), (URL.replace("https", "http"), KEY), (URL, KEY[:-1]), ("", "RW")])
def test_release_source_that_users_could_not_set_is_refused(source: tuple[str, str]) -> None:
    with pytest.raises(ValueError):
        ReleaseSource(*source).validate()


def test_public_key_is_a_line_of_minisign_or_none(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    write_setting(file, "updates.key", f" {KEY} ")
    assert load_settings(file).settings.updates.key == KEY
    with pytest.raises(SettingsError, match="begins with RW"):
        write_setting(file, "updates.key", "RWanother")
    write_setting(file, "updates.key", "")
    assert load_settings(file).settings.updates.key == ""
