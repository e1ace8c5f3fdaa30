"""The onboarding step for the speech model: a small one downloads from the start, a better one in the background.

A large download starts only after the user has seen its size and continued: then the setting is changed, and the small
model is used until the other is ready.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QRadioButton, QVBoxLayout, QWidget

from desktop.app.model_cards import ModelCard, find_surest_offer
from desktop.core.engine_names import engine_name, model_title
from desktop.core.errors import UserError
from desktop.core.state import AppState, Health
from desktop.settings import store
from desktop.settings.schema import AUTO
from desktop.ui import model_wording, wording
from desktop.ui.controllers.app import AppController
from desktop.ui.i18n import message_text
from desktop.ui.onboarding.drawing import DownloadBar, StatusIcon
from desktop.ui.onboarding.page import OnboardingStep, create_label
from desktop.ui.style import tokens
from desktop.ui.widgets.cards import create_card

SETTING_KEY = "recognizer.model"
WHISPER_ENGINE = "whisper"
QUICK_MODEL = "base"
"""The model downloaded first when none is installed."""

_BYTES_PER_MB = 1_000_000


class ModelStep(OnboardingStep):
    """Choose the model, and download it. With `is_repeat` the current model stays unless the user chooses another."""

    def __init__(self, app: AppController, is_repeat: bool = False) -> None:
        super().__init__(
            app,
            self.tr("What turns speech into words"),
            self.tr("A model on this machine. A larger one mostly hears better and takes longer to come."),
        )
        self._health = Health(engine_name=WHISPER_ENGINE)
        self._recommended: ModelCard | None = None
        self.icon, self.status_label, self.download_bar = StatusIcon(), create_label(""), DownloadBar()
        line = QHBoxLayout()
        line.setSpacing(tokens.GAP)
        line.addWidget(self.icon)
        line.addWidget(self.status_label, 1)
        state = QWidget()
        inside = QVBoxLayout(state)
        inside.setContentsMargins(tokens.WIDE, tokens.WIDE, tokens.WIDE, tokens.WIDE)
        inside.setSpacing(tokens.PAD)
        inside.addLayout(line)
        inside.addWidget(self.download_bar)
        self.better_button, self.small_button = QRadioButton(), QRadioButton()
        (self.small_button if is_repeat else self.better_button).setChecked(True)
        self._has_chosen = not is_repeat
        self._group = QButtonGroup(self)
        for button in (self.better_button, self.small_button):
            self._group.addButton(button)
            button.clicked.connect(self._on_chosen)
        self._cost_label, self._other_label = create_label("", "quiet"), create_label("", "quiet")
        self._cost_label.setIndent(tokens.VAST)
        self._other_label.hide()
        offer = QWidget()
        choice = QVBoxLayout(offer)
        choice.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        choice.setSpacing(tokens.GAP)
        for widget in (self.better_button, self._cost_label, self.small_button, self._other_label):
            choice.addWidget(widget)
        self.offer_card = create_card(offer)
        self.offer_card.hide()
        service = QPushButton(self.tr("Use a service instead…"))
        service.clicked.connect(lambda: app.open_window("settings"))
        self.add_widgets(create_card(state), self.offer_card)
        self.column.insertWidget(self.column.count() - 1, service, 0, Qt.AlignmentFlag.AlignLeft)

    def on_enter(self) -> None:
        """Load the model recommended for this machine and these languages."""
        self._app.models.find_recommended(None, self._show_recommended)
        self._app.models.load_cards(self._show_unproved)
        self._update_status()

    def on_continue(self) -> None:
        """Set the better model if it was chosen, which downloads it."""
        if self._recommended is None or self.offer_card.isHidden() or not self._has_chosen:
            return
        current = store.get_setting(self._app.settings(), SETTING_KEY)
        if self.better_button.isChecked():
            model = self._recommended.name
        else:  # keep `auto` unless it is downloading a model itself
            model = current if current == AUTO and self._health.progress is None else self._small_model
        if current != model:
            self.set_setting(SETTING_KEY, model)

    def draw(self, app_state: AppState) -> None:
        """Follow the engine's state."""
        if app_state.health != self._health:
            self._health = app_state.health
            self._update_status()

    def _on_chosen(self) -> None:
        self._has_chosen = True

    def _show_recommended(self, recommended: ModelCard | UserError | None) -> None:
        if isinstance(recommended, UserError) or recommended is None:
            return
        self._recommended = recommended
        title = model_wording.model_title(recommended)
        self.better_button.setText(
            self.tr("{0}, the best for this machine").format(title)
            if recommended.installed
            else self.tr("{0}, the best for this machine: {1} MB").format(title, -(-recommended.bytes // _BYTES_PER_MB))
        )
        takes = self.tr("It takes about {0} MB of memory.").format(recommended.memory_mb)
        comes = self.tr("It comes while you go on, and the other one answers until then.")
        facts = (model_wording.model_languages(recommended), recommended.licence, recommended.attribution)
        about = "  ·  ".join(filter(None, facts))
        why = model_wording.offer_text(recommended)
        cost = takes if recommended.installed else f"{takes} {comes}"
        self._cost_label.setText("\n".join(filter(None, (why, cost, about))))
        self._update_status()

    def _show_unproved(self, cards: Sequence[ModelCard] | UserError) -> None:
        """Name a model that may be better and was not run by this project."""
        offers = () if isinstance(cards, UserError) else cards
        other = find_surest_offer(card for card in offers if not card.is_proved)
        self._other_label.setVisible(other is not None)
        if other is not None:
            where = self.tr("It can be had in the settings, under Models.")
            self._other_label.setText(f"{model_wording.offer_text(other)} {where}")

    def _update_status(self) -> None:
        health, chosen = self._health, store.get_setting(self._app.settings(), SETTING_KEY)
        name = engine_name(health.engine_name, health.model)
        self.download_bar.setVisible(health.progress is not None)
        if health.progress is not None:
            self.download_bar.set_progress(health.progress.done, health.progress.total)
        if health.engine is not None:
            kind, text = "alert", message_text(health.engine)
        elif health.progress is not None and health.engine_loaded:
            coming = wording.progress_text(health.progress)
            kind, text = "well", self.tr("You can dictate already, with {0}. {1}").format(name, coming)
        elif health.progress is not None:
            coming = wording.progress_text(health.progress)
            template = self.tr("{0} What you say until then is kept, and written once it is there.")
            kind, text = "", template.format(coming)
        elif health.engine_loaded:
            kind, text = "well", self.tr("{0} is ready.").format(name)
        else:
            kind, text = "", self.tr("Getting ready")
        self.icon.set_kind(kind)
        self.status_label.setText(text)
        self.small_button.setText(self.tr("Stay with {0}").format(model_title(self._small_model)))
        recommended, is_local = self._recommended, health.engine_name == WHISPER_ENGINE
        is_chosen = recommended is None or (
            chosen in (AUTO, recommended.name)
            and (recommended.name == self._small_model or self._is_coming_first(recommended))
        )
        self.offer_card.setVisible(is_local and not is_chosen)

    def _is_coming_first(self, card: ModelCard) -> bool:
        """Whether the model is being downloaded while none is there, as the first one."""
        health = self._health
        is_coming = health.progress is not None and health.progress.item == model_wording.model_title(card)
        return is_coming and not health.engine_loaded

    @property
    def _small_model(self) -> str:
        """The model used until a better one is ready."""
        return self._health.model or QUICK_MODEL
