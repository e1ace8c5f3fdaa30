"""What an application needs to be pasted into, by its names and by the user's own file."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

import pytest

from desktop.core.chords import PasteShortcut
from desktop.paste.apps import PasteRule, PasteRules, is_electron, is_electron_program, load_paste_rules

TERMINAL = PasteRule(chord=PasteShortcut.SHIFT_INSERT, lines="flatten")
ELECTRON = PasteRule(chord=PasteShortcut.SHIFT_INSERT)


@pytest.mark.parametrize(
    ("app", "comm", "rule"),
    [
        ("XTerm", "xterm", TERMINAL),
        ("UXTerm", "xterm", TERMINAL),
        ("Gnome-terminal", "gnome-terminal-", TERMINAL),
        ("st-256color", "st", TERMINAL),
        ("My title", "alacritty", TERMINAL),
        ("Mousepad", "mousepad", PasteRule()),
        ("steam", "steam", PasteRule()),
        ("firefox", "firefox-esr", PasteRule()),
        ("", "", PasteRule()),
        ("Chromium", "chromium", PasteRule(reads="twice")),
        ("Code", "code", ELECTRON),
        ("org.remmina.Remmina", "remmina", PasteRule(delay_ms=1000, hold_ms=10, reads="early")),
        ("Emacs", "emacs-gtk", PasteRule(chord=PasteShortcut.SHIFT_INSERT)),
    ],
)
def test_applications_are_known_by_their_whole_name(app: str, comm: str, rule: PasteRule) -> None:
    assert PasteRules().find_rule(app, comm) == rule


WINDOWS_CONSOLE = PasteRule(lines="flatten")
TWICE = PasteRule(reads="twice")


@pytest.mark.parametrize(
    ("app", "window", "rule"),
    [
        ("python", "conhost", WINDOWS_CONSOLE),
        ("WindowsTerminal", "WindowsTerminal", WINDOWS_CONSOLE),
        *((app, app, TERMINAL) for app in ("alacritty", "wezterm-gui", "ConEmu64", "Hyper", "Tabby", "mintty")),
        *((app, app, TWICE) for app in ("chrome", "msedge", "brave", "Code")),
        ("ms-teams", "msedgewebview2", TWICE),
        ("ms-teams", "ms-teams", PasteRule()),
        ("notepad", "notepad", PasteRule()),
        ("python", "python", PasteRule()),
    ],
)
def test_applications_of_windows(app: str, window: str, rule: PasteRule) -> None:
    assert PasteRules().find_rule(app, window, system="windows") == rule


def test_electron_of_windows_reads_twice() -> None:
    assert PasteRules().find_rule("slack", "slack", electron=True, system="windows") == TWICE
    assert PasteRules().find_rule("Tabby", "Tabby", electron=True, system="windows") == TERMINAL


def test_users_rule_for_the_program_in_a_console_holds() -> None:
    mine = PasteRules({"python": {"enter": True}})
    assert mine.find_rule("python", "conhost", system="windows") == PasteRule(lines="flatten", enter=True)


def test_electron_known_by_the_archive_beside_it(tmp_path: Path) -> None:
    assert not is_electron_program(tmp_path / "slack.exe")
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "app.asar").touch()
    assert is_electron_program(tmp_path / "slack.exe")
    assert not is_electron_program(PureWindowsPath())


def test_electron_pasted_like_terminal_keeping_lines() -> None:
    assert PasteRules().find_rule("Obsidian", "obsidian", electron=True) == ELECTRON
    assert PasteRules().find_rule("XTerm", "xterm", electron=True) == TERMINAL


@pytest.mark.parametrize(
    "text",
    [
        "\ta\n\tb\r\nc\fd\ve\x85f\u2028g",
        "👩‍👩‍👧 1️⃣ 🏴\U000e0067\U000e0062\U000e007f",
        "می\u200cخواهم \u200fא(ב)\u200e",
        "co\xad-op\u200b\u2066x\u2069\ufeff",
    ],
)
def test_a_window_gets_every_character_that_a_snippet_may_have(text: str) -> None:
    assert PasteRule().adapt_text(text) == text


def test_electron_false_for_missing_process() -> None:
    assert not is_electron(1 << 30)


def test_user_rules_override_table_by_field(tmp_path: Path) -> None:
    file = tmp_path / "applications.toml"
    file.write_text("""
        [Kitty]
        chord = "ctrl + shift + v"
        lines = "bracketed"
        [mousepad]
        enter = true
        [remmina]
        delay_ms = 2500
    """)
    mine = load_paste_rules(file)
    assert mine.warnings == ()
    assert mine.find_rule("kitty", "kitty") == PasteRule(chord=PasteShortcut.CTRL_SHIFT_V, lines="bracketed")
    assert mine.find_rule("Mousepad", "mousepad") == PasteRule(enter=True)
    assert mine.find_rule("Remmina", "remmina") == PasteRule(delay_ms=2500, hold_ms=10, reads="early")
    assert mine.find_rule("XTerm", "xterm") == TERMINAL


def test_a_bad_table_costs_nothing_but_itself(tmp_path: Path) -> None:
    file = tmp_path / "applications.toml"
    file.write_text("[xterm]\nchord = 'meta+v'\n[mousepad]\nenter = true\n[gedit]\ndelay = 3\n")
    mine = load_paste_rules(file)
    assert [sentence.split(":")[1].strip() for sentence in map(str, mine.warnings)] == ["xterm.chord", "gedit.delay"]
    assert mine.find_rule("XTerm", "xterm") == TERMINAL
    assert mine.find_rule("Mousepad", "mousepad").enter


@pytest.mark.parametrize("text", ["[xterm", "\x00", "xterm = 3"])
def test_a_file_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "applications.toml"
    file.write_text(text)
    assert load_paste_rules(file).user_rules == {}
    assert str(load_paste_rules(file).warnings[0]).startswith("applications.toml")


def test_no_file_is_no_rule(tmp_path: Path) -> None:
    assert load_paste_rules(tmp_path / "applications.toml") == PasteRules()


def test_application_has_a_language_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "applications.toml"
    file.write_text(
        '[thunderbird]\nlanguage = "de"\n["soffice.bin"]\nlanguage = ["en", "cs"]\n[kitty]\nlanguage = "layout"\n'
        '[kate]\nlanguage = "german"\n[slack]\nenter = true\n'
    )
    rules = load_paste_rules(file)
    names = (("Thunderbird", ""), ("LibreOffice", "soffice.bin"), ("kitty", "kitty"), ("kate", ""), ("slack", ""))
    found = [rules.find_language(*name) for name in names]
    assert found == [("de",), ("en", "cs"), ("layout",), None, None]
    assert rules.own_languages == [("de",), ("en", "cs"), ("layout",)]
    assert [message.params["where"] for message in rules.warnings] == ["applications.toml: kate.language"]
    assert not rules.asks_for_keys("Thunderbird", "")
