"""The settings of polish: each control does what it says, and the example shows what comes of it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from desktop.core.errors import UserError
from desktop.core.messages import Message
from desktop.core.types import Target
from desktop.polish.polisher import PolishTrial
from desktop.polish.rules.edit import RuleContext
from desktop.polish.rules.pipeline import RULES, apply_rules
from desktop.polish.styles import load_styles
from desktop.settings import store
from desktop.settings.systems import has_effect
from desktop.ui.i18n import describe_setting, install_language
from desktop.ui.settings.rule_switches import rule_examples
from desktop.ui.settings.text import TextPage
from desktop.ui.settings.window import SettingsWindow
from desktop.vocabulary.vocabulary import Vocabulary
from tests.support.ui.controllers import AtStart
from tests.support.ui.fake_text import Worded, files


@dataclass
class Place:
    """The settings window over a real file of settings."""

    window: SettingsWindow
    worded: Worded

    @property
    def page(self) -> TextPage:
        return next(page for page in self.window.pages if isinstance(page, TextPage))

    @property
    def written(self) -> str:
        """The example's result."""
        return self.page.preview.after.accessibleDescription()

    def get(self, key: str) -> str:
        return store.get_setting(store.load_settings(self.worded.here.settings).settings, key)

    def pick(self, key: str, value: str) -> None:
        choose(self.window.form.rows[key].control, value)


def choose(picker: QComboBox, value: str) -> None:
    """As with the mouse."""
    picker.setCurrentIndex(picker.findData(value))
    picker.activated.emit(picker.currentIndex())


@pytest.fixture
def place(engine, qtbot, tmp_path: Path) -> Place:
    worded = Worded(files(tmp_path))
    here = worded.here
    app = engine.app(
        settings=lambda: store.load_settings(here.settings).settings,
        set_setting=lambda key, value: store.write_setting(here.settings, key, value),
        live_settings=AtStart(here),
        text=worded,
    )
    window = SettingsWindow(app)
    qtbot.addWidget(window)
    window.present()
    window.show_page(TextPage)
    return Place(window, worded)


def write(field: Any, text: str) -> None:
    """Write a line and leave the field, as a user does."""
    field.setText(text)
    field.editingFinished.emit()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("rule", RULES)
def test_what_a_switch_shows_is_what_its_rule_does(rule: str, language: str, qapp) -> None:
    install_language(qapp, language)
    before, after = rule_examples()[rule]
    install_language(qapp, "en")
    manner = RuleContext(language[:2], vocabulary=Vocabulary(("PyTorch",), {"get hub": "GitHub"}))
    assert apply_rules(before, manner, frozenset(RULES) - {rule}).text == after
    assert rule in describe_setting("polish.without").choices


def test_example_polished_and_difference_marked(place: Place, qtbot) -> None:
    example = place.page.preview
    assert place.written == "So let's meet at 3:30 p.m.\nBring the charger."
    example.before.setPlainText("um hello comma world")
    qtbot.waitUntil(lambda: place.written == "Hello, world.")
    assert "line-through" in example.after.toHtml()
    assert "underline" in example.after.toHtml()


def test_example_outdated_answer_not_shown(place: Place) -> None:
    example = place.page.preview
    place.worded.holds = True
    example.before.setPlainText("one")
    example.refresh()
    example.before.setPlainText("two words")
    example.refresh()
    place.worded.release(1)
    place.worded.release(0)
    assert place.written == "Two words."


def test_each_rule_can_be_switched_off_and_on(place: Place) -> None:
    switches = place.page._rule_switches.switches
    assert all(switch.isChecked() for switch in switches.values())
    switches["fillers"].click()
    switches["numbers"].click()
    assert place.get("polish.without") == "fillers,numbers"
    assert place.written.startswith("Um so let's meet at three thirty")
    switches["fillers"].click()
    switches["numbers"].click()
    assert place.get("polish.without") == ""


def test_example_is_as_thorough_as_chosen(place: Place) -> None:
    place.page.preview.before.setPlainText("Maybe it it works.")
    place.pick("polish.removals", "thorough")
    assert place.get("polish.removals") == "thorough"
    assert place.written == "Maybe it works."
    place.pick("polish.removals", "careful")
    assert place.written == "Maybe it it works."


def test_polish_mode_choice_updates_example(place: Place) -> None:
    place.pick("polish.mode", "off")
    assert place.get("polish.mode") == "off"
    assert place.written == place.page.preview.before.toPlainText()
    assert place.page.preview.llm_button.isHidden()


def test_a_language_model_is_asked_by_the_button_alone(place: Place, qtbot) -> None:
    example = place.page.preview
    place.pick("polish.mode", "llm")
    assert not example.llm_button.isHidden()
    assert place.worded.asked == []
    place.worded.answer = PolishTrial("Let's meet.", (), 412.3, "api.openai.com")
    example.before.setPlainText("um let's meet")
    example.llm_button.click()
    assert place.worded.asked == [": um let's meet"]
    assert place.written == "Let's meet."
    assert example.note.text() == "Took 412 ms. api.openai.com got the words."


def test_why_a_models_text_is_not_used_is_said(place: Place) -> None:
    place.pick("polish.mode", "llm")
    notes = Message("polish-late", name="OpenAI", seconds="1.2"), Message("polish-rules-used")
    place.worded.answer = PolishTrial("So.", notes, 1201)
    place.page.preview.llm_button.click()
    assert place.page.preview.note.text() == "Took 1201 ms. OpenAI did not polish in 1.2 s. Used the rules."
    place.worded.answer = UserError("reported-message", title="OpenAI has no key.", advice="Give it one.")
    place.page.preview.llm_button.click()
    assert place.page.preview.note.text() == "OpenAI has no key. Give it one."
    assert place.page.preview.llm_button.isEnabled()


def test_the_example_is_written_in_a_style(place: Place) -> None:
    example = place.page.preview
    offered = [example.style_picker.itemData(at) for at in range(example.style_picker.count())]
    assert offered[:1] == [""]
    assert {"casual", "formal", "code"} <= set(offered)
    choose(example.style_picker, "casual")
    assert place.written.endswith("Bring the charger")


def test_style_edited_in_field_applies_at_once(place: Place) -> None:
    card = place.page.style_card
    choose(card.style_picker, "casual")
    assert not card.closing.isChecked()
    card.closing.click()
    card.rules["numbers"].click()
    write(card.tone, "Like a pirate.")
    choose(card.mode, "rules")
    made = load_styles(place.worded.here.styles).styles["casual"]
    assert (made.closing, made.without, made.tone, made.mode) == (True, {"numbers"}, "Like a pirate.", "rules")
    assert place.written.endswith("three thirty p m.\nBring the charger.")
    assert place.worded.reloads == 4
    assert card.remove_button.text() == "As it comes"
    card.remove_button.click()
    assert not card.closing.isChecked()
    assert not card.remove_button.isEnabled()


def test_style_for_spoken_code_chosen_for_editors_by_one_click(place: Place) -> None:
    card = place.page.style_card
    choose(card.style_picker, "programming")
    assert (card.style_picker.currentText(), card.code.currentText()) == ("Spoken code", "Written as code")
    assert not card.remove_button.isEnabled()
    card.programs["editor"].click()
    styles = load_styles(place.worded.here.styles)
    assert (styles.style_for(Target(app="code"))[0].name, styles.style_for(Target(app="kate"))[0].name) == (
        "programming",
        "programming",
    )
    choose(card.style_picker, "prompt")
    assert not card.programs["editor"].isChecked()
    card.programs["editor"].click()
    assert load_styles(place.worded.here.styles).style_for(Target(app="code"))[0].name == "prompt"
    card.programs["editor"].click()
    assert load_styles(place.worded.here.styles).style_for(Target(app="code"))[0].name == "code"
    choose(card.code, "all")
    assert load_styles(place.worded.here.styles).styles["prompt"].code == "all"
    assert card.remove_button.text() == "As it comes"
    card.remove_button.click()
    assert card.code.currentData() == "names"
    choose(card.style_picker, "plain")
    assert not card.programs["editor"].isEnabled()


def test_example_in_a_style_for_code_is_written_as_code(place: Place) -> None:
    place.page.preview.before.setPlainText("camel case user name equals five")
    choose(place.page.preview.style_picker, "programming")
    assert place.written == "userName = 5"


def test_a_new_style_gets_a_name_places_and_an_end(place: Place) -> None:
    card = place.page.style_card
    card.new_name.setText("casual")
    card.add_button.click()
    assert card.note.text() == "There is a style casual already."
    card.new_name.setText("Diary")
    card.add_button.click()
    assert card.style_picker.currentText() == "Diary"
    card.capital.click()
    for kind, said in (("app", "gedit, org.gnome.TextEditor"), ("site", "diary.example.org"), ("title", "*Diary*")):
        write(card.places[kind], said)
    styles = load_styles(place.worded.here.styles)
    for target in (Target(app="gedit"), Target(site="diary.example.org"), Target(title="My Diary of May")):
        style, _ = styles.style_for(target)
        assert (style.name, style.capital) == ("Diary", False)
    card.remove_button.click()
    assert "Diary" not in load_styles(place.worded.here.styles).styles
    assert card.style_picker.currentText() == "Casual"


def test_dictated_application_added_by_choosing_it(place: Place, engine) -> None:
    from tests.unit.ui.conftest import said

    engine.kept.keep([said(app="gedit"), said(app="zulip")])
    card = place.page.style_card
    card.load_styles()
    choose(card.app_picker, "zulip")
    assert load_styles(place.worded.here.styles).style_for(Target(app="zulip"))[0].name == "casual"
    assert card.places["app"].text() == "zulip"


def test_hand_written_rules_without_field_counted(place: Place) -> None:
    place.worded.here.styles.write_text('[[rule]]\nstyle = "formal"\napp = "a"\ntitle = "b"\n')
    place.page.style_card.load_styles()
    assert "Rules written by hand in styles.toml: 1." in place.page.style_card.note.text()
    place.worded.here.styles.write_text("[[rule]\n")
    place.page.style_card.load_styles()
    assert place.page.style_card.note.text().startswith("styles.toml cannot be read")


def test_a_language_model_may_be_at_any_address(place: Place) -> None:
    row, address = place.window.form.rows["polish.url"], place.page.address
    where = row.control
    assert address.isHidden()
    choose(where, "elsewhere")
    assert not address.isHidden()
    assert place.get("polish.url") == "https://api.openai.com/v1"
    write(address, "nonsense")
    assert "Give an address" in row._problem.text()
    choose(where, "elsewhere")
    write(address, "http://127.0.0.1:11434/v1")
    assert place.get("polish.url") == "http://127.0.0.1:11434/v1"
    assert (where.currentText(), address.text()) == ("Another address", "http://127.0.0.1:11434/v1")
    choose(where, "local")
    assert place.get("polish.url") == "local"
    assert address.isHidden()


def test_bad_polish_address_mended_in_its_row(place: Place) -> None:
    place.worded.here.settings.write_text('[polish]\nmode = "llm"\nurl = "htp://models.example/v1"\n')
    place.window.refresh()
    row, address = place.window.form.rows["polish.url"], place.page.address
    assert row._problem.text().startswith("The address in polish.url cannot be used. Give one")
    assert (row.control.currentText(), address.text()) == ("Another address", "")
    assert not address.isHidden()
    write(address, "https://models.example/v1")
    assert row._problem.text() == ""
    assert place.get("polish.mode") == "llm"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (key, value)
        for key, value in (
            ("polish.model", "smollm2-135m"),
            ("polish.budget_ms", "2000"),
            ("context.cursor", "on"),
            ("context.site", "on"),
            ("paste.join", "space"),
            ("paste.input_method", "off"),
            ("paste.live", "on"),
        )
        if has_effect(key, sys.platform)
    ],
)
def test_each_list_sets_what_it_offers(place: Place, key: str, value: str) -> None:
    place.pick(key, value)
    assert place.get(key) == value


def test_controls_named_and_reachable_by_keyboard(place: Place) -> None:
    for kind in (QCheckBox, QComboBox, QLineEdit):
        for control in place.page.findChildren(kind):
            assert control.accessibleName()
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_recipient_shown_where_polish_leaves_machine(place: Place) -> None:
    row = place.window.form.rows["polish.mode"]
    assert row._host.text() == ""
    place.pick("polish.mode", "llm")
    assert row._host.text() == "api.openai.com"
    choose(place.window.form.rows["polish.url"].control, "local")
    assert row._host.text() == ""
