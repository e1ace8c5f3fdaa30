"""What is said of a value that cannot be is ours, whatever the value: pydantic's English reaches no window."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.messages import Message, PartList
from desktop.paste.apps import load_paste_rules
from desktop.polish.styles import load_styles
from desktop.settings.store import list_keys, load_settings

VALUES = ("''", "3", "-1", "3.5", "true", "[1]", "['x']", "{a = 1}", "'x'", "[]", "[[]]", "1979-05-27")


def foreign(messages: tuple[Message, ...]) -> list[str]:
    """Those that quote pydantic."""
    return [str(message) for message in messages if "value-refused" in repr(message)]


@pytest.mark.parametrize("value", VALUES)
def test_invalid_setting_is_described_in_our_words(tmp_path: Path, value: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("".join(f"{key} = {value}\n" for key in list_keys()))
    loaded = load_settings(file)
    assert loaded.lines
    assert foreign(loaded.lines) == []


@pytest.mark.parametrize("value", VALUES)
def test_invalid_field_of_own_file_is_described_in_our_words(tmp_path: Path, value: str) -> None:
    names = ("mode", "capital", "closing", "without", "tone", "other")
    places = ("style", "app", "title", "site", "kind", "name", "other")
    fields = ("chord", "lines", "delay_ms", "hold_ms", "reads", "enter", "other")
    styles, apps = tmp_path / "styles.toml", tmp_path / "applications.toml"
    styles.write_text(
        "".join(f"[style.s{number}]\n{name} = {value}\n" for number, name in enumerate(names))
        + "".join(f"[[rule]]\n{name} = {value}\n" for name in places)
    )
    apps.write_text("".join(f"[a{number}]\n{name} = {value}\n" for number, name in enumerate(fields)))
    for warnings in (load_styles(styles).warnings, load_paste_rules(apps).warnings):
        assert len(warnings) > 1
        assert foreign(warnings) == []


def test_choices_are_joined_by_the_language(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("polish.mode = 'loud'\n")
    (line,) = load_settings(file).lines
    assert str(line) == "polish.mode cannot be loud. Choose off, rules or llm."
    hint = line.params["hint"]
    assert hint == Message(
        "value-choices", choices=Message("value-alternatives", others=PartList(("off", "rules")), last="llm")
    )
