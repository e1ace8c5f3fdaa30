"""The first section: which engine, what it needs, its key, and a test of it; and what leaves the machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from desktop.app.trials import EngineTrial
from desktop.core.errors import ServiceError
from desktop.core.messages import Message
from desktop.core.paths import Paths
from desktop.core.types import SentData
from desktop.credentials.store import ApiKeyLocation
from desktop.settings import store
from desktop.ui.settings.engine_cards import EngineSelector
from desktop.ui.settings.network import NetworkPage
from desktop.ui.settings.speech import SpeechPage
from desktop.ui.settings.window import SettingsWindow
from tests.support.ui.controllers import AtStart
from tests.support.ui.fake_services import FakeServices

KEY = "sk-0123456789abcdef"


@pytest.fixture
def keys() -> FakeServices:
    return FakeServices()


@pytest.fixture
def window(engine, keys: FakeServices, qtbot) -> SettingsWindow:
    made = SettingsWindow(engine.app(services=keys))
    qtbot.addWidget(made)
    made.present()
    return made


def page(window: SettingsWindow) -> SpeechPage:
    return next(page for page in window.pages if isinstance(page, SpeechPage))


def pick(window: SettingsWindow, engine: str) -> None:
    choice = window.form.rows["recognizer.engine"].control
    assert isinstance(choice, EngineSelector)
    choice.cards[engine].click()


def shown(window: SettingsWindow) -> set[str]:
    needs = ("engines.", "recognizer.policy", "recognizer.deadline_ms")
    rows = {key for key, row in window.form.rows.items() if key.startswith(needs) and not row.isHidden()}
    return rows | {f"key {name}" for name, row in page(window)._key_rows.items() if not row.isHidden()}


def test_engine_cards_show_cost_and_recipient(window: SettingsWindow) -> None:
    cards = window.form.rows["recognizer.engine"].control.cards
    said = {name: f"{card.sentence.text()} {card.host.text()}" for name, card in cards.items()}
    assert list(said) == ["whisper", "openai", "openai-live", "deepgram", "deepgram-live", "compatible"]
    assert "Free" in said["whisper"]
    assert "Nothing leaves this machine" in said["whisper"]
    assert "0.27 US$ an hour" in said["openai"]
    assert "Your speech goes to api.deepgram.com" in said["deepgram-live"]
    assert "US$" not in said["compatible"]
    assert "Stays on this machine, at 127.0.0.1" in said["compatible"]
    assert all(card.accessibleDescription() for card in cards.values())


def test_name_like_a_local_address_is_not_this_machine(window: SettingsWindow, engine) -> None:
    engine.set_setting("engines.compatible.url", "https://127.example.com/v1")
    window.refresh()
    host = window.form.rows["recognizer.engine"].control.cards["compatible"].host.text()
    assert "127.example.com" in host
    assert "Stays" not in host


def test_only_what_the_chosen_engine_needs_is_shown(window: SettingsWindow) -> None:
    assert shown(window) == set()
    both = {"recognizer.policy", "recognizer.deadline_ms"}
    pick(window, "openai-live")
    assert shown(window) == both | {"key openai", "engines.openai_live.url", "engines.openai_live.model"}
    pick(window, "compatible")
    assert shown(window) == both | {"key compatible", "engines.compatible.url", "engines.compatible.model"}
    pick(window, "whisper")
    assert shown(window) == set()


@pytest.mark.parametrize("chosen", ["openai", "deepgram"])
def test_bad_address_shown_and_mendable(engine, qtbot, tmp_path: Path, chosen: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f'[recognizer]\nengine = "{chosen}"\n[engines.openai]\nurl = "htp://models.example/v1"\n')
    app = engine.app(
        settings=lambda: store.load_settings(file).settings,
        set_setting=lambda key, value: store.write_setting(file, key, value),
        live_settings=AtStart(Paths(tmp_path, tmp_path, tmp_path, tmp_path)),
    )
    window = SettingsWindow(app)
    qtbot.addWidget(window)
    window.present()
    row = window.form.rows["engines.openai.url"]
    assert row.isVisible()
    assert window.form.rows["engines.openai.model"].isHidden()
    said = "The address in engines.openai.url cannot be used. Give one such as https://example.org/v1."
    assert row._problem.text() == said
    assert window.form.rows["engines.compatible.url"]._problem.text() == "Off until engines.openai.url is mended."
    cards = window.form.rows["recognizer.engine"].control.cards
    assert (cards["openai"].host.text(), cards["whisper"].host.text()) == (said, "Nothing leaves this machine")
    assert cards["deepgram"].host.text() == "Off until engines.openai.url is mended."
    row.control.setFocus()
    qtbot.keyClicks(row.control, "https://models.example/v1")
    qtbot.keyClick(row.control, Qt.Key.Key_Return)
    window.refresh()
    assert row._problem.text() == ""
    assert row.isVisible() == (chosen == "openai")
    assert store.get_setting(app.settings(), "engines.openai.url") == "https://models.example/v1"
    assert store.get_setting(app.settings(), "recognizer.engine") == chosen
    assert window.invalid_lines.isHidden()


def test_address_not_blamed_for_other_line_and_resets(engine, qtbot, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[notes]\nhomepage = "https://example.org"\n')
    app = engine.app(
        settings=lambda: store.load_settings(file).settings,
        reset_setting=lambda key: store.reset_setting(file, key),
        live_settings=AtStart(Paths(tmp_path, tmp_path, tmp_path, tmp_path)),
    )
    window = SettingsWindow(app)
    qtbot.addWidget(window)
    window.present()
    rows = window.form.rows
    assert rows["engines.deepgram.url"].isHidden()
    assert rows["polish.url"]._problem.text() == "Off until notes is mended."
    rows["polish.url"].reset_requested.emit()
    assert rows["polish.url"]._problem.text() == ""
    assert store.get_setting(app.settings(), "polish.url") == "https://api.openai.com/v1"


def test_keyring_not_asked_for_unshown_key(window: SettingsWindow, keys: FakeServices) -> None:
    assert keys.looked == []
    pick(window, "deepgram")
    assert keys.looked == ["deepgram"]
    window.show_page(NetworkPage)
    assert keys.looked == ["deepgram", "polish"]


def test_the_arrow_keys_go_through_the_engines(window: SettingsWindow, qtbot, engine) -> None:
    cards = window.form.rows["recognizer.engine"].control.cards
    cards["whisper"].setFocus()
    qtbot.keyClick(cards["whisper"], Qt.Key.Key_Down)
    assert engine.asked[-1].startswith("set recognizer.engine ")


def test_key_saved_in_keyring_and_never_shown(window: SettingsWindow, keys: FakeServices, qtbot, engine) -> None:
    pick(window, "openai")
    row = page(window)._key_rows["openai"]
    assert row.field.echoMode() == QLineEdit.EchoMode.Password
    assert row.remove.isHidden()
    assert not row.save.isEnabled()
    qtbot.keyClicks(row.field, KEY)
    qtbot.keyClick(row.field, Qt.Key.Key_Return)
    assert keys.asked == [("keep", "openai", KEY, False)]
    assert row.sentence.text() == "One that ends in cdef, in the keyring."
    assert row.field.text() == ""
    assert KEY not in str(engine.settings)
    assert not any(KEY in label.text() for label in window.findChildren(QLabel))
    row.remove.click()
    assert keys.asked[-1] == ("remove", "openai")
    assert row.sentence.text().startswith("There is none yet.")
    assert row.remove.isHidden()


def test_plain_key_needs_keyring_refusal_and_click(window: SettingsWindow, keys: FakeServices) -> None:
    keys.refuses = True
    pick(window, "deepgram")
    row = page(window)._key_rows["deepgram"]
    row.field.setText(KEY)
    assert row.save_unencrypted.isHidden()
    row.save.click()
    assert not row.save_unencrypted.isHidden()
    assert row.field.text() == KEY, "the key need not be pasted twice"
    row.save_unencrypted.click()
    assert [plain for *_, plain in keys.asked] == [False, True]
    assert row.save_unencrypted.isHidden()
    assert row.sentence.text() == "One that ends in cdef, in the file keys.toml, unencrypted."


def test_changed_key_offered_to_keyring_first(window: SettingsWindow, keys: FakeServices) -> None:
    keys.refuses = True
    pick(window, "openai")
    row = page(window)._key_rows["openai"]
    row.field.setText(KEY)
    row.save.click()
    row.field.setText("sk-another-key-0123")
    assert row.save_unencrypted.isHidden()


def test_environment_key_cannot_be_removed(window: SettingsWindow, keys: FakeServices) -> None:
    keys.kept["openai"] = ApiKeyLocation(
        Message("key-place-environment", variable="OPENAI_API_KEY"), "cdef", is_removable=False
    )
    pick(window, "openai")
    row = page(window)._key_rows["openai"]
    assert row.remove.isHidden()
    assert row.sentence.text() == "One that ends in cdef, in the environment (OPENAI_API_KEY)."


def test_trial_shows_text_latency_and_sent_data(window: SettingsWindow, keys: FakeServices) -> None:
    sent = SentData("api.openai.com", "speech", audio_bytes=31_000, cost_usd=0.0003)
    keys.trial = EngineTrial("Let us meet.", "en", 3.4, 412.3, "openai", "gpt-transcribe", sent=(sent,))
    pick(window, "openai")
    trial = page(window)._trial_row
    assert "goes to api.openai.com" in trial.sentence.text()
    trial.record_button.click()
    assert trial.facts.text() == "Say a sentence now."
    assert not trial.record_button.isEnabled()
    assert not trial.recording_button.isEnabled()
    keys.answer()
    assert trial.text.text() == "Let us meet."
    assert trial.facts.text() == (
        "412 ms after the end · 3.4 s of speech · OpenAI gpt-transcribe · api.openai.com got 31 kB of sound (0.0003 $)"
    )
    assert trial.record_button.isEnabled()


def test_a_trial_that_fails_says_why_and_what_to_do(window: SettingsWindow, keys: FakeServices) -> None:
    keys.trial = ServiceError("reported-message", title="OpenAI does not accept the key.", advice="Set another.")
    trial = page(window)._trial_row
    trial.recording_button.click()
    assert keys.asked == [("try", False)]
    keys.answer()
    assert "OpenAI does not accept the key. Set another." in [label.text() for label in trial.findChildren(QLabel)]
    assert trial.text.isHidden()


def test_trial_without_words_asks_about_microphone(window: SettingsWindow, keys: FakeServices) -> None:
    keys.trial = EngineTrial("", "", 4.0, 20.0, "whisper", "base")
    trial = page(window)._trial_row
    trial.record_button.click()
    keys.answer()
    assert trial.facts.text() == "Nothing was heard. Is the microphone muted?"


def test_what_leaves_the_machine_is_in_one_place(window: SettingsWindow, engine) -> None:
    network = next(page for page in window.pages if isinstance(page, NetworkPage))
    said = {kind: row.sentence.text() for kind, row in network._recipient_rows.items()}
    assert set(said.values()) == {"Does not leave this machine."}
    engine.set_setting("recognizer.engine", "deepgram")
    engine.set_setting("polish.mode", "llm")
    engine.set_setting("hotkey.edit", "f7")
    window.refresh()
    hosts = {kind: row._host.text() for kind, row in network._recipient_rows.items()}
    assert hosts == {"speech": "api.deepgram.com", "text": "api.openai.com", "selected": "api.openai.com"}
    assert network._recipient_rows["text"].sentence.text() == "Goes there to be polished."
