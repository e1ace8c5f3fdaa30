"""Two hotkeys on one key, or a key that there is none of: the rest of the file holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.errors import SettingsError
from desktop.settings.schema import Settings
from desktop.settings.store import load_settings, reset_setting, write_setting


def test_reset_cannot_make_two_keys_one(file: Path) -> None:
    write_setting(file, "hotkey.talk", "f9")
    write_setting(file, "hotkey.cancel", "ctrl_r")
    with pytest.raises(SettingsError, match="cannot both"):
        reset_setting(file, "hotkey.talk")
    assert load_settings(file).settings.hotkey.talk == ("f9",)


def test_dropped_key_clashing_with_cancel_is_fixable(written: Path) -> None:
    written.write_text('[hotkey]\ntalk = "esc"\n[polish]\nmode = "off"\n')
    loaded = load_settings(written)
    assert loaded.settings.hotkey == Settings().hotkey
    assert loaded.settings.polish.mode == "off"
    assert "cannot both" in str(loaded.warnings[0])
    mended = write_setting(written, "hotkey.cancel", "f12").hotkey
    assert (mended.talk, mended.cancel) == (("esc",), "f12")


def test_duplicate_key_stays_with_talk_and_others_work(written: Path) -> None:
    written.write_text('[hotkey]\npaste_last = "f9"\ntalk = "f9"\nundo = "f10"\ncancel = "pause"\n')
    loaded = load_settings(written)
    keys = loaded.settings.hotkey
    assert (keys.talk, keys.paste_last, keys.undo, keys.cancel) == (("f9",), (), ("f10",), "pause")
    assert tuple(map(str, loaded.warnings)) == (
        "F9 cannot both talk and paste again. Choose another key for one of the two.",
    )


def test_unknown_key_name_is_reported_with_its_setting(written: Path) -> None:
    written.write_text('[hotkey]\ntalk = "qqq"\nundo = "f10"\n')
    (sentence,) = map(str, load_settings(written).lines)
    assert sentence.startswith("hotkey.talk cannot be qqq. There is no key named")
    assert load_settings(written).settings.hotkey.undo == ("f10",)
