"""The settings page with a card for each speech and language model and all actions on it.

The model in use is the setting `recognizer.model`, or `polish.model` for a language model; using a model sets it. The
cards are loaded when the window opens, when a download ends and when the engine changes its model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QPushButton, QWidget

from desktop.app.model_cards import ModelCard, ModelFolder, find_surest_offer
from desktop.app.model_downloads import ModelDownload
from desktop.core.errors import UserError
from desktop.core.state import AppState
from desktop.settings.schema import LOCAL
from desktop.ui import i18n, model_wording
from desktop.ui.bridge import ListOption
from desktop.ui.settings.model_card import ModelAction, ModelCardWidget
from desktop.ui.settings.page import SettingsPage
from desktop.ui.settings.settings_form import SettingsForm
from desktop.ui.style import tokens
from desktop.ui.widgets.cards import create_card
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.form import SettingRow
from desktop.ui.widgets.label import PlainLabel

_MULTILINGUAL = "multilingual"


class ModelsPage(SettingsPage):
    """Download, use and delete speech and language models."""

    def __init__(self, form: SettingsForm) -> None:
        super().__init__()
        self._form = form
        self._models = form.app.models
        self._stop_watching: Callable[[], None] | None = None
        self._loaded_model = ""
        self._downloads: dict[str, ModelDownload] = {}
        self.cards: dict[str, ModelCardWidget] = {}
        self._frames: dict[str, QFrame] = {}
        self._model_picker = OptionPicker()
        model_row = self._model_row = form.add_row("recognizer.model", self._model_picker)
        self._model_sentence = model_row.sentence.text()
        self._model_picker.chosen.connect(lambda value: self._load_cards())
        self._own_model_row, self._storage_row = (
            SettingRow(self.tr("Your own model"), self.tr("A folder that holds one in CTranslate2's format.")),
            SettingRow(self.tr("Where models lie"), ""),
        )
        self._offer_row = SettingRow(self.tr("Better for your language"), "")
        self._offer: ModelCard | None = None
        self._offer_button = _add_button(self._offer_row, self.tr("Use it"), self._take_offer)
        self._choose_button = _add_button(self._own_model_row, self.tr("Your own folder…"), self._choose_folder)
        self._open_button = _add_button(self._storage_row, self.tr("Open the folder"), self._open_folder)
        self._folder = Path()
        self.set_cards(
            self.tr("Models"),
            [model_row, self._offer_row, self._own_model_row, self._storage_row],
        )
        self._offer_row.hide()
        self._installed_filter = OptionPicker(
            ListOption("all", self.tr("All models")), ListOption("here", self.tr("Installed"))
        )
        self._language_filter = OptionPicker(
            ListOption("any", self.tr("Any language")),
            ListOption("en", self.tr("English only")),
            ListOption(_MULTILINGUAL, self.tr("Many languages")),
        )
        self._filters = QWidget()
        line = QHBoxLayout(self._filters)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens.GAP)
        for picker, value, name in (
            (self._installed_filter, "all", self.tr("Which models are shown")),
            (self._language_filter, "any", self.tr("Languages of the models shown")),
        ):
            picker.set_value(value)
            picker.setAccessibleName(name)
            picker.setMinimumHeight(tokens.FIELD_HEIGHT)
            picker.setMinimumWidth(2 * tokens.BUTTON_WIDTH)
            picker.chosen.connect(self._apply_filters)
            line.addWidget(picker)
        line.addStretch(1)
        self._empty_label = _create_heading(self.tr("None of these is installed."), "empty")
        self._speech_heading = _create_heading(self.tr("Models of speech"))
        self._llm_heading = _create_heading(
            self.tr("Models of language, for polish, edits and emotion on this machine")
        )
        for widget in (self._filters, self._empty_label, self._speech_heading, self._llm_heading):
            self._add_widget(widget)
            widget.hide()

    def on_window_shown(self) -> None:
        """Load the models and watch their downloads."""
        self._models.list_models("speech", self._model_picker.set_options)
        self._load_cards()
        if self._stop_watching is None:
            self._stop_watching = self._models.watch(self._on_downloads)

    def draw(self, app_state: AppState) -> None:
        """Say why the model is used, and reload the cards when the engine has loaded another."""
        reason = app_state.health.model_reason
        sentences = (self._model_sentence, i18n.message_text(reason) if reason is not None else "")
        self._model_row.sentence.setText("\n".join(filter(None, sentences)))
        if app_state.health.model != self._loaded_model:
            self._loaded_model = app_state.health.model
            if self.window().isVisible():
                self._load_cards()

    def _load_cards(self) -> None:
        self._models.load_cards(self._show_cards)
        self._models.load_storage(self._show_storage)

    def _show_cards(self, models: Sequence[ModelCard] | UserError) -> None:
        """Show these models; existing cards are updated, only missing ones created."""
        if isinstance(models, UserError):
            self._storage_row.show_problem(models)
            return
        for model in models:
            view = self.cards.get(model.name)
            if view is not None:
                is_new = model.installed and not view.card.installed
                view.show_model(model, self._downloads.get(model.name))
                if is_new:
                    view.announce(self.tr("It is here."))
            else:
                self._create_card(model)
        self._filters.setVisible(bool(self.cards))
        self._apply_filters()
        self._show_offer(find_surest_offer(models))

    def _show_offer(self, model: ModelCard | None) -> None:
        """Show the surest offer; None hides it."""
        self._offer = model
        self._offer_row.setVisible(model is not None)
        if model is not None:
            self._offer_row.sentence.setText(model_wording.offer_text(model))
            label = (
                self.tr("Use {0}").format(model_wording.model_title(model))
                if model.installed
                else self.tr("Use {0}: {1}").format(
                    model_wording.model_title(model), model_wording.format_bytes(model.bytes)
                )
            )
            self._offer_button.setText(label)
            self._offer_button.setAccessibleName(label)

    def _take_offer(self) -> None:
        """Choose the offered model, which downloads it; the one in use answers until then."""
        if self._offer is not None:
            self._use_model(self._offer)

    def _create_card(self, model: ModelCard) -> None:
        card = self.cards[model.name] = ModelCardWidget(model)
        card.show_model(model, self._downloads.get(model.name))
        card.action_requested.connect(partial(self._run_action, model.name))
        frame = self._frames[model.name] = create_card(card)
        before_language = model.kind == "speech"
        self._add_widget(frame, self.column.indexOf(self._llm_heading) if before_language else None)

    def _add_widget(self, widget: QWidget, index: int | None = None) -> None:
        self.column.insertWidget(self.column.count() - 1 if index is None else index, widget)

    def _apply_filters(self, chosen: str = "") -> None:
        """Show the cards that match the filters."""
        installed, languages = self._installed_filter.currentData(), self._language_filter.currentData()
        counts = {"speech": 0, "language": 0}
        for name, view in self.cards.items():
            model = view.card
            is_shown = (installed == "all" or model.installed or name in self._downloads) and languages in (
                "any",
                "en" if model.languages == ("en",) else _MULTILINGUAL,
            )
            self._frames[name].setVisible(is_shown)
            counts[model.kind] += is_shown
        self._speech_heading.setVisible(counts["speech"] > 0)
        self._llm_heading.setVisible(counts["language"] > 0)
        self._empty_label.setVisible(bool(self.cards) and not any(counts.values()))

    def _on_downloads(self, downloads: Sequence[ModelDownload]) -> None:
        """Show the downloads' progress; reload the cards when one has ended."""
        previous, self._downloads = self._downloads, {download.name: download for download in downloads}
        for name, view in self.cards.items():
            if self._downloads.get(name) != view.fetch:
                view.show_model(view.card, self._downloads.get(name))
        if previous.keys() - self._downloads.keys():
            self._load_cards()

    def _run_action(self, name: str, action: ModelAction) -> None:
        view = self.cards[name]
        view.show_problem("")
        match action:
            case "fetch" | "retry" | "resume":
                self._models.download(name)
            case "pause":
                self._models.pause(name)
            case "cancel":
                self._models.cancel(name)
            case "use":
                self._use_model(view.card)
            case "verify":
                self._models.verify(name, partial(self._on_verified, view))
            case "remove":
                self._models.remove(name, partial(self._on_removed, view))
            case "measure":
                view.set_measuring(True)
                self._models.measure_speed(name, partial(self._on_measured, view))

    def _use_model(self, model: ModelCard) -> None:
        if model.kind == "speech":
            self._form.set_setting("recognizer.model", model.name)
        else:
            for key, value in (("polish.url", LOCAL), ("polish.model", model.name)):
                self._form.app.set_setting(key, value)
            self._form.show_all()
        self._load_cards()

    def _on_verified(self, view: ModelCardWidget, problem: UserError | None) -> None:
        if problem is None:
            view.show_success(self.tr("Every byte is as it should be."))
        else:
            view.show_problem(i18n.title_text(problem))

    def _on_removed(self, view: ModelCardWidget, problem: UserError | None) -> None:
        if problem is not None:
            view.show_problem(problem)
        else:
            self._load_cards()

    def _on_measured(self, view: ModelCardWidget, result: float | UserError) -> None:
        view.set_measuring(False)
        if isinstance(result, UserError):
            view.show_problem(result)
        else:
            self._models.load_cards(self._show_cards)

    def _show_storage(self, storage: ModelFolder | UserError) -> None:
        if isinstance(storage, UserError):
            self._storage_row.show_problem(storage)
            return
        self._folder = storage.folder
        free = model_wording.format_bytes(storage.free_bytes)
        self._storage_row.sentence.setText(self.tr("{0} are free in {1}").format(free, storage.folder))
        self._open_button.setEnabled(storage.folder.is_dir())

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("A folder that holds a model of speech"))
        if folder:
            self.use_folder(Path(folder))

    def use_folder(self, folder: Path) -> None:
        """Use the model in `folder`, or show what it lacks."""
        self._models.check_folder(folder, self._on_checked)

    def _on_checked(self, result: Path | UserError) -> None:
        if isinstance(result, UserError):
            self._own_model_row.show_problem(result)
        else:
            self._own_model_row.show_problem("")
            self._form.set_setting("recognizer.model", str(result))
            self._load_cards()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))


def _add_button(row: SettingRow, label: str, on_click: Callable[[], None]) -> QPushButton:
    """Add a button at the right of `row` and return it."""
    button = QPushButton(label)
    button.setAccessibleName(label)
    button.clicked.connect(on_click)
    layout = row.layout()
    assert layout is not None
    layout.addWidget(button)
    return button


def _create_heading(text: str, role: str = "") -> PlainLabel:
    label = PlainLabel(text)
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    else:
        label.setFont(tokens.font(tokens.READING_PX, heading=True))
    return label
