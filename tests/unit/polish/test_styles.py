"""How one writes where: by application, window title and site, and by the person's own file."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from desktop.core.state import Listening
from desktop.core.types import DictationContext, Style, Target
from desktop.polish.polisher import TextPolisher
from desktop.polish.styles import Styles, load_styles
from desktop.settings.schema import RULE_NAMES
from tests.support.other_systems import SYSTEM, only_on_linux
from tests.support.stage import Stage

BROWSER = "Chromium"

TERMINALS = ("WindowsTerminal", "mintty") if sys.platform == "win32" else ("XTerm", "Gnome-terminal")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "styles.toml"


@pytest.fixture
def ours(file: Path) -> Styles:
    """The styles of a person who has no file."""
    return load_styles(file)


def found(styles: Styles, app: str = "", title: str = "", site: str = "") -> tuple[str, str]:
    style, why = styles.style_for(Target(app=app, title=title, site=site))
    return style.name, why


def found_in(file: Path, text: str, app: str = "", title: str = "", site: str = "") -> tuple[str, str]:
    file.write_text(text)
    styles = load_styles(file)
    assert styles.warnings == ()
    return found(styles, app, title, site)


@pytest.mark.parametrize(
    ("app", "title", "site", "style", "why"),
    [
        ("thunderbird", "Write: Hello", "", "formal", "thunderbird"),
        ("Slack", "general", "", "casual", "Slack"),
        ("TelegramDesktop", "Ann", "", "casual", "TelegramDesktop"),
        *((name, "~", "", "terminal", name) for name in TERMINALS),
        ("Code", "main.py", "", "code", "Code"),
        ("jetbrains-pycharm-ce", "main.py", "", "code", "jetbrains-pycharm-ce"),
        ("obsidian", "Today", "", "notes", "obsidian"),
        ("Mousepad", "Untitled", "", "", ""),
        ("", "", "", "", ""),
        (BROWSER, "Inbox", "mail.google.com", "formal", "mail.google.com"),
        (BROWSER, "Ann", "web.whatsapp.com", "casual", "web.whatsapp.com"),
        (BROWSER, "Plan", "acme.notion.so", "notes", "notion.so"),
        (BROWSER, "Plan", "notnotion.so", "", ""),
        (BROWSER, "google", "google.com", "", ""),
        (BROWSER, "Inbox (3) - ann@example.org - Gmail - Chromium", "", "formal", "Gmail"),
        (BROWSER, "(2) WhatsApp — Mozilla Firefox", "", "casual", "WhatsApp"),
        (BROWSER, "WhatsApp is down again - News - Chromium", "", "", ""),
    ],
)
def test_style_found_by_app_title_or_site(ours: Styles, app: str, title: str, site: str, style: str, why: str) -> None:
    assert found(ours, app, title, site) == (style, why)


def test_style_found_by_program_name(ours: Styles, file: Path) -> None:
    only_on_linux(SYSTEM)
    comm = Path("/proc/self/comm").read_text().strip()
    file.write_text(f'[[rule]]\napp = "{comm}"\nstyle = "casual"\n')
    assert load_styles(file).style_for(Target(app="Some class", pid=os.getpid())) == (
        ours.styles["casual"],
        "Some class",
    )


def test_parts_of_names_are_no_names(ours: Styles) -> None:
    assert found(ours, "slacker") == ("", "")
    assert found(ours, "codeblocks") == ("", "")


def test_code_style_applies_only_replacements_and_end(ours: Styles) -> None:
    for name in ("code", "terminal"):
        style = ours.styles[name]
        assert set(RULE_NAMES) - style.without == {"own_words", "replacements", "sentences"}
        assert (style.mode, style.capital, style.closing) == ("rules", False, False)


def test_style_for_spoken_code_applies_nowhere_unasked(ours: Styles) -> None:
    assert {name: style.code for name, style in ours.styles.items() if style.code} == {
        "programming": "all",
        "prompt": "names",
    }
    assert not any(rule.style in ("programming", "prompt") for layer in ours.layers for rule in layer)


@pytest.mark.parametrize(
    ("kind", "app", "other"), [("terminal", TERMINALS[0], "Code"), ("editor", "Code", TERMINALS[0])]
)
def test_rule_for_a_kind_applies_to_its_programs(file: Path, kind: str, app: str, other: str) -> None:
    rule = f'[[rule]]\nkind = "{kind}"\nstyle = "prompt"\n'
    assert found_in(file, rule, app) == ("prompt", app)
    assert found_in(file, rule, other)[0] in ("code", "terminal")


def test_text_with_code_goes_to_no_language_model(ours: Styles) -> None:
    polisher = TextPolisher("llm", llm=None)
    styles = {name: polisher._mode_for(DictationContext(style=style)) for name, style in ours.styles.items()}
    own = polisher._mode_for(DictationContext(style=Style(mode="llm", code="names")))
    assert (styles["programming"], styles["prompt"], own, styles["formal"]) == ("rules", "rules", "rules", "llm")


def test_style_site_beats_title_beats_app(file: Path) -> None:
    rules = """
        [style.a]
        [style.b]
        [style.c]
        [style.d]
        [[rule]]
        app = "chromium"
        style = "a"
        [[rule]]
        title = "*Invoice*"
        style = "b"
        [[rule]]
        site = "example.org"
        style = "c"
        [[rule]]
        site = "shop.example.org"
        style = "d"
    """
    assert found_in(file, rules, BROWSER) == ("a", "Chromium")
    assert found_in(file, rules, BROWSER, "New invoice 7") == ("b", "title *Invoice*")
    assert found_in(file, rules, BROWSER, "New invoice 7", "www.example.org") == ("c", "example.org")
    assert found_in(file, rules, BROWSER, "New invoice 7", "SHOP.example.org") == ("d", "shop.example.org")


def test_user_rule_beats_more_specific_builtin(file: Path) -> None:
    rule = '[[rule]]\napp = "chromium"\nstyle = "plain"\n'
    assert found_in(file, rule, BROWSER, site="mail.google.com") == ("", "Chromium")


def test_all_that_a_rule_names_must_be_so(file: Path) -> None:
    rule = '[[rule]]\napp = ["chromium", "firefox"]\ntitle = "*Invoice*"\nstyle = "formal"\nname = "Invoices"\n'
    assert found_in(file, rule, "firefox", "Invoice 7") == ("formal", "Invoices")
    assert found_in(file, rule, "Mousepad", "Invoice 7") == ("", "")
    assert found_in(file, rule, "firefox", "Letter") == ("", "")


def test_brackets_in_a_title_mean_themselves(file: Path) -> None:
    rule = '[[rule]]\ntitle = "[draft]*"\nstyle = "notes"\n'
    assert found_in(file, rule, title="[Draft] letter") == ("notes", "title [draft]*")
    assert found_in(file, rule, title="d letter") == ("", "")


def test_user_style_overrides_builtin_by_field(file: Path, ours: Styles) -> None:
    file.write_text(
        '[style.casual]\ntone = "Keep it short."\n[style.brief]\nclosing = false\n[style.plain]\nmode="off"\n'
    )
    mine = load_styles(file)
    assert mine.styles["casual"] == Style("casual", closing=False, tone="Keep it short.")
    assert mine.styles["brief"] == Style("brief", closing=False)
    assert mine.style_for(Target(app="Mousepad")) == (Style(mode="off"), "")
    assert mine.styles["formal"] == ours.styles["formal"]


def test_what_cannot_be_read_costs_only_itself(file: Path) -> None:
    file.write_text("""
        colour = "red"
        [style.bad]
        closing = "perhaps"
        [style.worse]
        without = ["commas"]
        [style.good]
        closing = false
        [[rule]]
        app = "mousepad"
        style = "bad"
        [[rule]]
        style = "good"
        [[rule]]
        app = "gedit"
        style = "good"
        when = "now"
        [[rule]]
        app = "abiword"
        style = "good"
    """)
    mine = load_styles(file)
    assert [sentence.removeprefix("styles.toml: ") for sentence in map(str, mine.warnings)] == [
        "style.bad.closing: Give true or false.",
        "style.worse.without: There is no rule commas.",
        "rule 1: there is no style bad.",
        "rule 2: Give an app, a title or a site.",
        "rule 3.when: There is nothing of this name.",
        "colour: there are only style and rule.",
    ]
    assert found(mine, "abiword") == ("good", "abiword")
    assert found(mine, "mousepad") == ("", "")


@pytest.mark.parametrize("text", ["[style", "\x00", "style = 3\nrule = 4"])
def test_a_file_that_is_none_is_named_and_ours_hold(file: Path, text: str) -> None:
    file.write_text(text)
    mine = load_styles(file)
    assert mine.warnings
    assert all(sentence.startswith("styles.toml") for sentence in map(str, mine.warnings))
    assert found(mine, "Slack") == ("casual", "Slack")


def test_without_any_styles_every_place_is_plain() -> None:
    assert Styles().style_for(Target(app="Slack")) == (Style(), "")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("chosen", "style", "written"),
    [("rules", "", "Hello there."), ("rules", "off", "hello there"), ("off", "rules", "hello there")],
)
async def test_style_mode_lowers_polish_never_raises_it(chosen, style, written: str) -> None:
    polished = await TextPolisher(chosen).polish(
        "hello there", DictationContext(style=Style(mode=style)), lambda draft: None
    )
    assert polished.text == written


@pytest.mark.anyio
async def test_style_of_place_is_shown_used_and_saved(tmp_path: Path, ours: Styles) -> None:
    stage = Stage(tmp_path)
    stage.dictation.dependencies = replace(stage.parts(), styles=ours)
    stage.recognizer.texts = ["hello there"]
    stage.paster.focus = Target(1, "Slack", "general")
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        (await stage.press()).say(5)
        await stage.until(lambda: ("casual", "Slack") in shown(stage))
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        tasks.cancel_scope.cancel()
    assert stage.paster.pasted == [("Hello there", 1)]
    assert stage.rows[0].style == "casual"


@pytest.mark.anyio
async def test_style_release_window_decides_late_site_kept(tmp_path: Path, ours: Styles) -> None:
    stage = Stage(tmp_path)
    stage.dictation.dependencies = replace(stage.parts(), styles=ours)
    stage.recognizer.texts = ["hello there", "hello there"]
    chat = Target(1, BROWSER, "Ann", site="web.whatsapp.com")
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        for at_release in (replace(chat, site=""), replace(chat, title="News", site="")):
            stage.paster.focus = chat
            (await stage.press()).say(5)
            await stage.until(lambda: ("casual", "web.whatsapp.com") in shown(stage))
            stage.paster.focus = at_release
            stage.release()
            rows = len(stage.rows)
            await stage.until(lambda rows=rows: len(stage.rows) > rows)  # type: ignore[misc]
        tasks.cancel_scope.cancel()
    assert [row.style for row in stage.rows] == ["casual", ""]


def shown(stage: Stage) -> set[tuple[str, str]]:
    return {(state.style, state.style_reason) for state in stage.states if isinstance(state, Listening)}


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("*Invoice*", True),
        ("invoice 7 - *", True),
        ("Inv*7*Writer", True),
        ("*", True),
        ("Invoice 7 - Writer", True),
        ("Invoice*Invoice 7 - Writer", False),
        ("*7*7*", False),
        ("*Write", False),
        ("nvoice*", False),
        (f"{'*' * 60}7{'*a' * 60}*", False),
    ],
)
def test_pattern_star_matches_anything_quickly(file: Path, pattern: str, fits: bool) -> None:
    text = f'[style.bill]\ntone = "Exact."\n[[rule]]\nstyle = "bill"\ntitle = "{pattern}"\n'
    style, _ = found_in(file, text, "soffice", "Invoice 7 - Writer")
    assert (style == "bill") == fits


@pytest.mark.parametrize(
    ("pattern", "title"),
    [("istanbul*", "İstanbul notları"), ("ılık*", "ILIK"), ("*NOTLARI", "notları"), ("ΟΔΟΣ*", "ΟΔΟΣΑ"), ("ß*", "SS")],
)
def test_capitals_are_small_letters_in_every_language(file: Path, pattern: str, title: str) -> None:
    assert found_in(file, f'[[rule]]\ntitle = "{pattern}"\nstyle = "notes"\n', title=title)[0] == "notes"
