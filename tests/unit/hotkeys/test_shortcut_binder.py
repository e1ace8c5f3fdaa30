"""What makes Intone ask the user for keys, and the file of what they agreed to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from desktop.core.errors import HotkeyError
from desktop.core.keys import Action
from desktop.hotkeys.shortcut_binder import AgreedKeys, ShortcutBinder, load_agreed, save_agreed

TRIGGERS = {Action.TALK: "F9", Action.UNDO: "CTRL+ALT+u"}


@pytest.mark.parametrize(
    ("other", "is_asked"),
    [
        (TRIGGERS | {Action.UNDO: "CTRL+ALT+z"}, False),
        ({Action.TALK: "F9"}, False),
        (TRIGGERS | {Action.TALK: "F8"}, True),
        (TRIGGERS | {Action.SWAP: "F10"}, True),
    ],
)
def test_only_talk_key_and_new_actions_are_asked_for(other: dict[Action, str], is_asked: bool) -> None:
    binder = ShortcutBinder(TRIGGERS, lambda problem: None, lambda names: None, agreed=None, is_kde=False)
    binder.set_triggers(TRIGGERS | {Action.TALK: "F7"})
    assert not binder.requested.is_set(), "the desktop has given no key"
    binder.set_triggers(TRIGGERS)
    binder.on_changed({"talk": "F9", "undo": "F5"})
    binder.set_triggers(other)
    assert binder.requested.is_set() is is_asked


@pytest.mark.parametrize(("describes_keys", "name"), [(True, ""), (False, "F9")])
def test_key_without_description_is_none_where_all_have_one(describes_keys: bool, name: str) -> None:
    names, codes = list[Mapping[Action, str]](), list[str]()

    def on_problem(problem: HotkeyError | None) -> None:
        codes.append(problem.message.code if problem is not None else "")

    binder = ShortcutBinder(TRIGGERS, on_problem, names.append, None, is_kde=False, describes_keys=describes_keys)
    binder.on_changed({"talk": "Press F8"})
    binder.on_changed({"talk": None})
    talk = [each.get(Action.TALK, "") for each in names]
    assert (talk, codes) == (["F8", name], ["", "" if name else "portal-key-empty"])


def test_agreed_keys_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "state" / "agreed.json"
    agreed = AgreedKeys(frozenset({Action.TALK, Action.UNDO}), {Action.TALK: "F8"}, was_asked=True)
    assert load_agreed(file) == load_agreed(None) == AgreedKeys()
    assert save_agreed(file, agreed)
    assert not save_agreed(None, agreed)
    assert load_agreed(file) == agreed


@pytest.mark.parametrize(
    "content", ["", "[]", '{"agreed": ["talk"]}', '{"agreed": 1, "old_keys": {}, "was_asked": true}', "\xff"]
)
def test_damaged_file_agrees_to_nothing(tmp_path: Path, content: str) -> None:
    file = tmp_path / "agreed.json"
    file.write_text(content, encoding="latin-1")
    assert load_agreed(file) == AgreedKeys()
