"""The user's own styles, changed from a window without losing what was written by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.types import Target
from desktop.polish import styles, user_styles
from desktop.polish.user_styles import (
    find_name_problem,
    load_user_styles,
    remove_style,
    set_style_field,
    set_style_places,
    set_style_programs,
)

BY_HAND = """# how I write
[style.brief]
closing = false  # no full stops
tone = "Keep it short."

# the shop's invoices
[[rule]]
style = "brief"
app = "firefox"
title = "*Invoice*"

[[rule]]
style = "brief"
app = ["slack", "zulip"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "styles.toml"
    path.write_text(BY_HAND)
    return path


def style_at(file: Path, **place: str) -> str:
    return styles.load_styles(file).style_for(Target(**place))[0].name


def test_own_styles_list_places_and_count_other_rules(file: Path) -> None:
    there = load_user_styles(file)
    assert there.changed == {"brief"}
    assert there.places_of("brief", "app") == ("slack", "zulip")
    assert (there.places_of("brief", "site"), there.others) == ((), 1)


def test_a_field_is_changed_and_comments_stay(file: Path) -> None:
    set_style_field(file, "brief", "capital", False)
    set_style_field(file, "brief", "without", frozenset({"numbers", "fillers"}))
    set_style_field(file, "brief", "tone", None)
    made = styles.load_styles(file).styles["brief"]
    assert (made.capital, made.closing, made.without, made.tone) == (False, False, {"numbers", "fillers"}, "")
    text = file.read_text()
    assert "# how I write" in text
    assert "# no full stops" in text
    assert 'without = ["fillers", "numbers"]' in text


def test_new_style_applies_only_where_assigned(tmp_path: Path) -> None:
    file = tmp_path / "styles.toml"
    set_style_field(file, "diary", "closing", False)
    set_style_places(file, "diary", "app", ["Gedit", " org.gnome.TextEditor ", ""])
    set_style_places(file, "diary", "site", ["diary.example.org"])
    assert style_at(file, app="gedit") == "diary"
    assert style_at(file, app="firefox", site="diary.example.org") == "diary"
    assert style_at(file, app="kate") == "code"
    assert styles.load_styles(file).warnings == ()


def test_place_has_one_style_and_compound_rules_stay(file: Path) -> None:
    set_style_places(file, "casual", "app", ["Slack", "firefox"])
    assert style_at(file, app="slack") == "casual"
    assert style_at(file, app="zulip") == "brief"
    assert style_at(file, app="firefox", title="An Invoice of May") == "brief"
    set_style_places(file, "casual", "app", [])
    assert load_user_styles(file).places_of("casual", "app") == ()
    assert style_at(file, app="slack") == "casual", "as it comes with the app"
    assert "# the shop's invoices" in file.read_text()


def test_all_programs_of_a_kind_have_one_style(file: Path) -> None:
    before = file.read_text()
    set_style_programs(file, "programming", "editor", True)
    set_style_programs(file, "prompt", "terminal", True)
    set_style_programs(file, "prompt", "editor", True)
    there = load_user_styles(file)
    assert (there.programs, there.others) == ({"terminal": "prompt", "editor": "prompt"}, 1)
    assert (style_at(file, app="code"), style_at(file, app="xterm")) == ("prompt", "prompt")
    set_style_programs(file, "programming", "editor", False)
    assert load_user_styles(file).programs["editor"] == "prompt"
    for kind in ("editor", "terminal"):
        set_style_programs(file, "prompt", kind, False)
    assert (style_at(file, app="code"), style_at(file, app="xterm")) == ("code", "terminal")
    assert file.read_text().strip() == before.strip()


def test_a_style_is_removed_with_its_rules(file: Path) -> None:
    remove_style(file, "brief")
    assert load_user_styles(file) == user_styles.UserStyles()
    assert "# how I write" in file.read_text()
    assert styles.load_styles(file).warnings == ()


def test_removing_changes_restores_the_builtin_style(tmp_path: Path) -> None:
    file = tmp_path / "styles.toml"
    set_style_field(file, "casual", "closing", True)
    assert styles.load_styles(file).styles["casual"].closing
    remove_style(file, "casual")
    assert not styles.load_styles(file).styles["casual"].closing


def test_a_style_needs_a_name_of_its_own() -> None:
    assert find_name_problem("Diary", ["casual"]) is None
    assert str(find_name_problem("casual", ["casual"])) == "There is a style casual already."
    for bad in ("", "x" * 41, "a\nb"):
        assert str(find_name_problem(bad, [])).startswith("A style's name")
