"""The models as cards: what each says, what it offers, and what comes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTranslator
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QComboBox, QLabel, QProgressBar, QPushButton

from desktop.app.model_downloads import ModelDownload
from desktop.core.errors import UserError
from desktop.core.messages import Message
from desktop.core.state import AppState, Health
from desktop.ui import model_wording
from desktop.ui.settings.model_card import ModelCardWidget, available_actions
from desktop.ui.settings.models import ModelsPage
from desktop.ui.settings.window import SettingsWindow
from desktop.ui.style import tokens
from tests.support.ui.fake_models import MB, FakeFetching, known

OUT_OF_REACH = UserError("reported-message", title="The model hub could not be reached.", advice="Check the network.")


@pytest.fixture
def fetching() -> FakeFetching:
    return FakeFetching()


@pytest.fixture
def window(engine, fetching: FakeFetching, qtbot) -> SettingsWindow:
    made = SettingsWindow(engine.app(models=fetching))
    qtbot.addWidget(made)
    made.present()
    made.show_page(ModelsPage)
    return made


@pytest.fixture
def page(window: SettingsWindow) -> ModelsPage:
    return next(page for page in window.pages if isinstance(page, ModelsPage))


def offered(card: ModelCardWidget) -> list[str]:
    return [button.text() for button in card.buttons.values() if not button.isHidden()]


def said(card: ModelCardWidget) -> list[str]:
    return [label.text() for label in card.findChildren(QLabel) if label.text() and not label.isHidden()]


def press(page: ModelsPage, name: str, deed: str) -> None:
    page.cards[name].buttons[deed].click()


def seen(page: ModelsPage) -> list[str]:
    return [name for name, card in page.cards.items() if card.isVisible()]


def test_card_shows_model_needs_and_abilities(page: ModelsPage) -> None:
    words = said(page.cards["base"])
    assert "Whisper base" in words
    assert "In use  ·  Advised for this machine" in words
    assert "145 MB  ·  about 400 MB of memory  ·  many languages  ·  MIT" in words
    assert {"Accuracy", "fair", "Speed here", "9.8 times speech", "huggingface.co or the package index"} <= set(words)
    assert "not measured yet" in said(page.cards["tiny.en"])
    assert "Speed here" not in [
        label.text() for label in page.cards["qwen3-0.6b"].findChildren(QLabel) if label.isVisible()
    ]


def test_card_of_unproved_model_says_so_and_names_its_makers(page: ModelsPage, fetching: FakeFetching) -> None:
    card = page.cards["parakeet-unified"]
    assert {"Parakeet Unified", "Not yet proved"} <= set(said(card))
    assert "731 MB  ·  about 900 MB of memory  ·  English only  ·  CC-BY-4.0" in said(card)
    unproved = "This project has not proved it yet: its figures are those of its authors."
    assert f"{unproved}\nParakeet Unified by NVIDIA." in said(card)
    assert unproved in card.accessibleDescription()
    fetching.become("parakeet-unified", offer=Message("offer-large-english", name="Parakeet Unified"))
    page._load_cards()
    assert "May be better for your language  ·  Not yet proved" in said(card)
    offer = "In English Parakeet Unified is said to make a third of the mistakes of Whisper base."
    assert f"{offer} {unproved}\nParakeet Unified by NVIDIA." in said(card)


def test_better_model_offered_and_taken(page: ModelsPage, fetching: FakeFetching, engine) -> None:
    assert page._offer_row.isHidden()
    fetching.become("tiny.en", offer=Message("offer-english", name="Whisper tiny.en"))
    page._load_cards()
    assert not page._offer_row.isHidden()
    assert page._offer_button.text() == "Use Whisper tiny.en: 78 MB"
    assert engine.asked == []
    page._offer_button.click()
    assert engine.asked == ["set recognizer.model tiny.en"]
    fetching.become("tiny.en", offer=None)
    page._load_cards()
    assert page._offer_row.isHidden()


def test_surest_of_two_offers_shown(page: ModelsPage, fetching: FakeFetching) -> None:
    fetching.become("tiny.en", offer=Message("offer-gpu", name="Whisper tiny.en"), offer_rank=1)
    fetching.become("parakeet-unified", offer=Message("offer-european", name="Parakeet Unified"), offer_rank=0)
    page._load_cards()
    assert page._offer_button.text() == "Use Parakeet Unified: 731 MB"


def test_page_says_why_the_model_is_used(page: ModelsPage) -> None:
    reason = Message("auto-any-language", name="Whisper base")
    page.draw(AppState(health=Health(model="base", model_reason=reason)))
    assert page._model_row.sentence.text().endswith(
        "\nNo language is chosen: Whisper base finds out which one is spoken."
    )
    page.draw(AppState(health=Health(model="base")))
    assert "No language" not in page._model_row.sentence.text()


def test_speech_comes_first_and_language_apart(page: ModelsPage) -> None:
    tops = {name: card.mapTo(page.widget(), card.rect().topLeft()).y() for name, card in page.cards.items()}
    assert list(tops) == sorted(tops, key=tops.__getitem__)
    headings = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert headings.index("Models of speech") < headings.index(
        "Models of language, for polish, edits and emotion on this machine"
    )


@pytest.mark.parametrize(
    ("card", "fetch", "expected"),
    [
        (known("a"), None, ("fetch",)),
        (known("a"), ModelDownload("a", 1, 9, 3.0), ("pause", "cancel")),
        (known("a"), ModelDownload("a", 9, 9, verifying=True), ("cancel",)),
        (known("a"), ModelDownload("a", 1, 9, paused=True), ("resume", "cancel")),
        (known("a"), ModelDownload("a", 1, 9, problem=OUT_OF_REACH), ("retry", "cancel")),
        (known("a", installed=True), None, ("use", "verify", "measure", "remove")),
        (known("a", installed=True, in_use=True), None, ("verify", "measure", "remove")),
        (known("a", installed=True, kind="language"), None, ("use", "verify", "remove")),
        (known("a", installed=True), ModelDownload("a", 1, 9, verifying=True), ()),
        (known("a", installed=True), ModelDownload("a", 1, 9, problem=OUT_OF_REACH), ("retry", "remove")),
    ],
)
def test_what_can_be_done_follows_from_how_it_is(card, fetch, expected) -> None:
    assert available_actions(card, fetch) == expected


def test_download_started_paused_resumed_cancelled(page: ModelsPage, fetching: FakeFetching) -> None:
    card = page.cards["large-v3-turbo"]
    press(page, "large-v3-turbo", "fetch")
    fetching.move(ModelDownload("large-v3-turbo", 405 * MB, 1620 * MB, 4.5e6))
    assert offered(card) == ["Pause", "Cancel"]
    assert "405 MB of 1.6 GB  ·  4.5 MB/s  ·  4 min left" in said(card)
    assert card.findChildren(QProgressBar)[-1].value() == tokens.METER_STEPS // 4
    press(page, "large-v3-turbo", "pause")
    fetching.move(ModelDownload("large-v3-turbo", 405 * MB, 1620 * MB, paused=True))
    assert "Paused at 405 MB of 1.6 GB" in said(card)
    press(page, "large-v3-turbo", "resume")
    fetching.move(ModelDownload("large-v3-turbo", 500 * MB, 1620 * MB, 4.5e6))
    press(page, "large-v3-turbo", "cancel")
    fetching.move()
    assert offered(card) == ["Download"]
    name = "large-v3-turbo"
    assert fetching.asked == [f"fetch {name}", f"pause {name}", f"fetch {name}", f"cancel {name}"]


def test_a_model_that_has_come_can_be_used_at_once(page: ModelsPage, fetching: FakeFetching, engine) -> None:
    fetching.move(ModelDownload("tiny.en", 78 * MB, 78 * MB, verifying=True))
    assert "Checking every byte" in said(page.cards["tiny.en"])
    fetching.become("tiny.en", installed=True)
    fetching.move()
    press(page, "tiny.en", "use")
    assert engine.asked == ["set recognizer.model tiny.en"]


def test_two_downloads_go_side_by_side(page: ModelsPage, fetching: FakeFetching) -> None:
    fetching.move(ModelDownload("tiny.en", 1, 78 * MB, 1e6), ModelDownload("large-v3-turbo", 1, 1620 * MB, 1e6))
    assert offered(page.cards["tiny.en"]) == offered(page.cards["large-v3-turbo"]) == ["Pause", "Cancel"]


def test_download_problem_shown_and_retryable(page: ModelsPage, fetching: FakeFetching) -> None:
    fetching.move(ModelDownload("tiny.en", 40 * MB, 78 * MB, problem=OUT_OF_REACH))
    card = page.cards["tiny.en"]
    assert "The model hub could not be reached." in said(card)
    assert offered(card) == ["Try again", "Cancel"]
    press(page, "tiny.en", "retry")
    fetching.move(ModelDownload("tiny.en", 40 * MB, 78 * MB, 1e6))
    assert fetching.asked == ["fetch tiny.en"]
    assert "The model hub could not be reached." not in said(card)


def test_model_in_use_not_removed_with_reason(page: ModelsPage, fetching: FakeFetching) -> None:
    fetching.problem = UserError("speech-model-in-use", name="Whisper base")
    press(page, "base", "remove")
    assert "Whisper base is in use. Choose another model first." in said(page.cards["base"])


def test_another_is_removed_at_the_second_press(page: ModelsPage, fetching: FakeFetching) -> None:
    press(page, "small", "remove")
    assert page.cards["small"].buttons["remove"].text() == "Delete 486 MB?"
    assert fetching.asked == []
    fetching.become("small", installed=False)
    press(page, "small", "remove")
    assert fetching.asked == ["remove small"]
    assert offered(page.cards["small"]) == ["Download"]


def test_verify_reports_sound_or_mendable_model(page: ModelsPage, fetching: FakeFetching) -> None:
    press(page, "small", "verify")
    page.on_window_shown()
    assert "Every byte is as it should be." in said(page.cards["small"]), "also when the cards are looked at again"
    fetching.problem = UserError("model-damaged", name="small", file="model.bin")
    press(page, "small", "verify")
    fetching.move(ModelDownload("small", problem=fetching.problem))
    assert "Model small is damaged: model.bin is not what was fetched." in said(page.cards["small"])
    press(page, "small", "retry")
    assert fetching.asked == ["verify small", "verify small", "fetch small"]


def test_the_speed_is_measured_when_it_is_asked_for(page: ModelsPage, fetching: FakeFetching) -> None:
    fetching.become("small", speed=21.0)
    press(page, "small", "measure")
    assert fetching.asked == ["measure small"]
    assert "21 times speech" in said(page.cards["small"])
    fetching.speed = UserError("speed-recording-missing")
    press(page, "small", "measure")
    assert "There is no recording to measure with. Dictate a sentence or two, then measure again." in said(
        page.cards["small"]
    )
    assert page.cards["small"].buttons["measure"].isEnabled()


def test_a_language_model_is_used_on_this_machine(page: ModelsPage, fetching: FakeFetching, engine) -> None:
    fetching.become("qwen3-0.6b", installed=True)
    page.on_window_shown()
    press(page, "qwen3-0.6b", "use")
    assert engine.asked == ["set polish.url local", "set polish.model qwen3-0.6b"]


def test_the_filters_show_what_is_wanted(page: ModelsPage) -> None:
    here, spoken = page._installed_filter, page._language_filter

    def choose(picker: QComboBox, value: str) -> None:
        picker.setCurrentIndex(picker.findData(value))
        picker.activated.emit(picker.currentIndex())

    assert seen(page) == ["tiny.en", "base", "small", "parakeet-unified", "large-v3-turbo", "qwen3-0.6b"]
    choose(here, "here")
    assert seen(page) == ["base", "small"]
    choose(spoken, "en")
    assert seen(page) == []
    assert "None of these is installed." in [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    choose(here, "all")
    assert seen(page) == ["tiny.en", "parakeet-unified"]
    choose(spoken, "multilingual")
    assert seen(page) == ["base", "small", "large-v3-turbo", "qwen3-0.6b"]


def test_installed_filter_shows_running_downloads(page: ModelsPage, fetching: FakeFetching) -> None:
    page._installed_filter.setCurrentIndex(page._installed_filter.findData("here"))
    page._installed_filter.activated.emit(page._installed_filter.currentIndex())
    fetching.move(ModelDownload("tiny.en", 1, 78 * MB, 1e6))
    page._apply_filters()
    assert seen(page) == ["tiny.en", "base", "small"]


def test_own_folder_used_or_problem_shown(page: ModelsPage, fetching: FakeFetching, engine) -> None:
    mine = Path("/mine")
    fetching.problem = UserError("model-folder-incomplete", folder=str(mine), files="model.bin")
    page.use_folder(mine)
    assert str(fetching.problem) in [label.text() for label in page.findChildren(QLabel)]
    assert engine.asked == []
    fetching.problem = None
    page.use_folder(mine)
    assert engine.asked == [f"set recognizer.model {mine}"]
    assert page._model_picker.currentText() == str(mine)


def test_the_room_that_is_left_is_said(page: ModelsPage) -> None:
    folder = Path("/home/user/models")
    assert f"93.0 GB are free in {folder}" in [label.text() for label in page.findChildren(QLabel)]


def test_cards_refreshed_when_engine_changes_model(
    page: ModelsPage, window: SettingsWindow, fetching: FakeFetching
) -> None:
    fetching.become("base", in_use=False)
    fetching.become("small", in_use=True)
    window.draw(AppState(health=Health(engine_loaded=True, model="small")))
    assert "In use" in said(page.cards["small"])
    assert "Advised for this machine" in said(page.cards["base"])


def test_card_group_bars_and_buttons_are_accessible(page: ModelsPage) -> None:
    card = page.cards["base"]
    told = QAccessible.queryAccessibleInterface(card)
    assert told.role() == QAccessible.Role.Grouping
    assert told.text(QAccessible.Text.Name) == "Whisper base, In use  ·  Advised for this machine"
    bars = [bar.accessibleName() for bar in card.findChildren(QProgressBar) if bar.isVisible()]
    assert bars == ["Accuracy: fair", "Speed here: 9.8 times speech"]
    assert all("Whisper base" in button.accessibleName() for button in card.findChildren(QPushButton))


def test_keyboard_reaches_buttons_and_stays_in_card(
    page: ModelsPage, window: SettingsWindow, fetching: FakeFetching, qtbot
) -> None:
    card = page.cards["large-v3-turbo"]
    window.activateWindow()
    card.buttons["fetch"].setFocus()
    qtbot.keyClick(card.buttons["fetch"], Qt.Key.Key_Space)
    fetching.move(ModelDownload("large-v3-turbo", 1, 1620 * MB, 1e6))
    assert card.buttons["pause"].hasFocus()
    qtbot.keyClick(card.buttons["pause"], Qt.Key.Key_Tab)
    assert card.buttons["cancel"].hasFocus()


def test_model_is_chosen_among_the_listed_ones(window: SettingsWindow) -> None:
    picker = window.form.rows["recognizer.model"].control
    assert [picker.itemData(place) for place in range(picker.count())] == ["auto", "base"]


class Longer(QTranslator):
    """A language that takes half as much again to say everything."""

    def translate(self, context, source, disambiguation=None, n=-1) -> str:
        return source + " " + "x" * (len(source) // 2)


def test_page_fits_small_screen_with_long_words(qapp, engine, fetching: FakeFetching, qtbot) -> None:
    longer = Longer()
    qapp.installTranslator(longer)
    try:
        window = SettingsWindow(engine.app(models=fetching))
        qtbot.addWidget(window)
        window.resize(1024, 640)
        window.present()
        window.show_page(ModelsPage)
        page = next(page for page in window.pages if isinstance(page, ModelsPage))
        fetching.move(
            ModelDownload("tiny.en", 40 * MB, 78 * MB, paused=True),
            ModelDownload("large-v3-turbo", 405 * MB, 1620 * MB, 4.5e6),
        )
        qapp.processEvents()
        assert page.widget().minimumSizeHint().width() <= page.viewport().width()
    finally:
        qapp.removeTranslator(longer)


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0.2, "1 s"), (59, "59 s"), (90, "2 min"), (240, "4 min"), (5400, "1 h 30 min")]
)
def test_the_time_that_is_left_in_words(seconds: float, expected: str) -> None:
    assert model_wording.time_left_text(seconds) == expected


@pytest.mark.parametrize(
    ("speed", "rank", "words"),
    [
        (None, 0, "not measured yet"),
        (0.6, 1, "slower than speech"),
        (4.9, 2, "4.9 times speech"),
        (31.0, 5, "31 times speech"),
    ],
)
def test_the_speed_in_bars_and_words(speed: float | None, rank: int, words: str) -> None:
    card = known("a", speed=speed)
    assert (model_wording.speed_rank(card), model_wording.speed_text(card)) == (rank, words)
