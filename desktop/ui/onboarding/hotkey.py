"""The onboarding step for the talk key: the drawn key lights up while it is held, and another key can be recorded.

Where the desktop owns the keys, a button asks it for one, and its dialog is explained beside it. Where no hotkey works
at all, the step shows how to configure the desktop instead.
"""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.errors import UnavailableKeysError
from desktop.core.messages import Message
from desktop.core.state import AppState, Listening, Starting
from desktop.settings import store
from desktop.settings.schema import Settings
from desktop.settings.sections.dictation import USUAL_END_SILENCE_S
from desktop.ui import wording
from desktop.ui.controllers.app import AppController
from desktop.ui.i18n import message_text
from desktop.ui.onboarding.drawing import Keycap, StatusIcon, ToggleSwitch
from desktop.ui.onboarding.page import OnboardingStep, RemedyView, StepRow, create_label
from desktop.ui.style import tokens
from desktop.ui.widgets.cards import create_card
from desktop.ui.widgets.key_field import HotkeyField

SETTING_KEY = "hotkey.talk"

HANDS_FREE_VALUES = {"dictation.end_silence_s": f"{USUAL_END_SILENCE_S:g}", "dictation.continuous": "on"}
"""The settings of a user who cannot hold a key."""

REQUESTABLE_CODES = ("portal-key-unasked", "portal-key-refused", "portal-key-empty", "portal-key-lost")
"""Problems that the desktop's own dialog may solve."""

CODES_HERE = {"portal-key-refused": "portal-key-refused-here", "portal-key-lost": "portal-key-lost-here"}
"""How a problem is said here, beside the button that asks again; elsewhere it names this page."""


class HotkeyStep(OnboardingStep):
    """Try the talk key, and record another."""

    def __init__(self, app: AppController) -> None:
        super().__init__(app, "", "")
        self._was_tried = self._is_locked = False
        self._key_problem: Message | None = None
        self._hotkeys_problem: Message | None = None
        self._desktop_key = ""
        self._remedy_card: QWidget | None = None
        self.keycap, self.icon, self.status_label = Keycap(), StatusIcon(), create_label("")
        self.hotkey_field = HotkeyField()
        self.hotkey_field.setFixedWidth(tokens.FIELD_WIDTH)
        self.hotkey_field.setMinimumHeight(tokens.FIELD_HEIGHT)
        self.hotkey_field.recording_changed.connect(app.suspend_hotkeys)
        self.hotkey_field.chosen.connect(self._choose_key)
        another = StepRow(
            self.tr("Another key"),
            self.tr("Press the button, then the key, keys together, or a mouse button over it. Esc leaves it."),
            self.hotkey_field,
        )
        self.request_button = QPushButton(self.tr("Choose a key…"))
        self.request_button.clicked.connect(app.request_keys)
        request = StepRow(
            self.tr("Your desktop gives the key"),
            self.tr(
                "A dialog of the desktop, or its settings, opens with the key that Intone may hear. "
                "Agree there or choose another."
            ),
            self.request_button,
        )
        elsewhere = StepRow(
            self.tr("Another key"),
            self.tr("Your desktop keeps this key: change it in the desktop's settings for keys."),
        )
        self.pasting_button = QPushButton(self.tr("Ask the desktop…"))
        self.pasting_button.clicked.connect(app.request_pasting)
        self._needs_pasting = self.tr(
            "To put your words into a window, Intone presses Ctrl+V there. Your desktop asks you about that once, "
            "as remote control: allow it in its dialog, where GNOME has a switch for it. "
            "Without it your words are on the clipboard."
        )
        self._may_paste = self.tr(
            "Most windows get your words without a question, as from an input method. Only in others, such as programs "
            "of X, Intone presses Ctrl+V, about which your desktop asks you once, as remote control. That can wait."
        )
        self._pasting = StepRow(self.tr("Text into windows"), self._needs_pasting, self.pasting_button)
        trying = QWidget()
        inside = QVBoxLayout(trying)
        inside.setContentsMargins(tokens.WIDE, tokens.GAP, tokens.WIDE, tokens.WIDE)
        inside.addWidget(self.keycap)
        line = QHBoxLayout()
        line.setSpacing(tokens.GAP)
        line.addWidget(self.icon)
        line.addWidget(self.status_label, 1)
        inside.addLayout(line)
        self._trying_card, self._field_card = create_card(trying), create_card(another)
        self._request_card, self._desktop_card = create_card(request), create_card(elsewhere)
        self._pasting_card = create_card(self._pasting)
        self._pasting_card.hide()
        self.hands_free = ToggleSwitch()
        self.hands_free.chosen.connect(self._choose_hands_free)
        hands_free = StepRow(
            self.tr("I cannot hold a key"),
            self.tr(
                "Tap it once and speak: each paragraph is put in when you pause, until you tap again or say “stop "
                "listening”."
            ),
            self.hands_free,
        )
        cards = self._trying_card, self._field_card, self._desktop_card, self._request_card, self._pasting_card
        self.add_widgets(*cards, create_card(hands_free))
        self._update_cards()
        self._show_key()

    def on_enter(self) -> None:
        """Show the key in force, and whether it need not be held."""
        self._show_key()
        self.hands_free.setChecked(self._app.settings().dictation.continuous == "on")

    def on_leave(self) -> None:
        """Turn the light off: the key has no function on the other steps."""
        self.keycap.set_lit(False)

    def draw(self, app_state: AppState) -> None:
        """Light the key while it is held, and show any problem with it."""
        is_held, focused = isinstance(app_state.state, Starting | Listening), self.window().focusWidget()
        if self.isVisible():
            self._is_locked = isinstance(app_state.state, Listening) and app_state.state.is_locked
            self.keycap.set_lit(is_held)
            self._was_tried = self._was_tried or is_held
        problem = app_state.health.hotkey
        is_partial = isinstance(problem, UnavailableKeysError)
        self._key_problem = problem.keys.get("talk") if isinstance(problem, UnavailableKeysError) else None
        hotkeys_problem = problem.message if problem is not None and not is_partial else None
        if (hotkeys_problem, app_state.health.talk_key) != (self._hotkeys_problem, self._desktop_key):
            self._hotkeys_problem, self._desktop_key = hotkeys_problem, app_state.health.talk_key
            self._update_cards()
            self._show_key()
        self._pasting_card.setVisible(app_state.health.paste is not None)
        self._pasting.set_sentence(self._may_paste if app_state.health.input_method else self._needs_pasting)
        self._update_status()
        if focused is not self.hands_free and self.window().focusWidget() is self.hands_free:
            self.hands_free.clearFocus()  # a key meant for a button that has gone must not turn the next switch

    def _update_cards(self) -> None:
        """Show the cards to try the key, or the remedy when no hotkey works."""
        if self._remedy_card is not None:
            self._remedy_card.hide()
            self.column.removeWidget(self._remedy_card)
            self._remedy_card.deleteLater()
            self._remedy_card = None
        problem = self._hotkeys_problem
        if problem is None:
            title = self.tr("Hold this key to talk")
            description = self.tr(
                "Try it now: hold it for a moment and let go. A short tap locks it, and the next tap ends."
            )
        else:
            title = self.tr("A key to talk")
            description = self.tr("Mend it now or later: on the next page a button does what the key would.")
            if problem.code in ("portal-key-unasked", "portal-key-asked"):
                description = self.tr("Choose it now or later: on the next page a button does what the key would.")
        if problem is not None and problem.code != "portal-key-unasked":
            self._remedy_card = create_card(RemedyView(_say_here(problem)))
            self.column.insertWidget(3, self._remedy_card)  # below the heading, its description and its problem
            self._remedy_card.show()
        self.set_heading(title, description)
        self._trying_card.setVisible(problem is None)
        self._field_card.setVisible(problem is None and not self._desktop_key)
        self._desktop_card.setVisible(problem is None and bool(self._desktop_key))
        self._request_card.setVisible(problem is not None and problem.code in REQUESTABLE_CODES)

    def _choose_hands_free(self, is_on: bool) -> None:
        for key, value in HANDS_FREE_VALUES.items():
            self.set_setting(key, value if is_on else store.get_setting(Settings(), key))

    def _choose_key(self, value: str) -> None:
        self._was_tried = False
        self.set_setting(SETTING_KEY, value)
        self._show_key()

    def _show_key(self) -> None:
        value = store.get_setting(self._app.settings(), SETTING_KEY)
        self.hotkey_field.set_value(value)
        self.keycap.set_name(wording.desktop_key_name(self._desktop_key) or wording.key_name(value))
        self._update_status()

    def _update_status(self) -> None:
        if self._key_problem is not None:
            self._show_status("alert", message_text(self._key_problem))
        elif self._is_locked:
            self._show_status("well", self.tr("It is heard. A short tap locked it: tap once more to end."))
        elif self.keycap.is_lit:
            self._show_status("well", self.tr("It is heard. Let go."))
        elif self._was_tried:
            self._show_status("well", self.tr("That works, in every window."))
        else:
            self._show_status("", self.tr("Not pressed yet."))

    def _show_status(self, kind: str, sentence: str) -> None:
        self.icon.set_kind(kind)
        if sentence != self.status_label.text():
            self.status_label.setText(sentence)


def _say_here(problem: Message) -> Message:
    """Return the problem as this page says it."""
    code = CODES_HERE.get(problem.code)
    return Message(code, **problem.params) if code is not None else problem
