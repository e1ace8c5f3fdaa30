"""The onboarding window: one step at a time, back and forward; the rest can be skipped at any time.

It takes the focus once, when it opens: changing the step moves the focus only inside the window, so a dictation into
another window is never disturbed. Choices are set at once, as in the settings; closing the window ends the onboarding.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractSlider,
    QApplication,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.core.errors import UserError
from desktop.core.state import AppState, DownloadStatus
from desktop.ui import wording
from desktop.ui.bridge import Bridge
from desktop.ui.controllers.app import AppController
from desktop.ui.onboarding.drawing import DownloadBar, StepDots
from desktop.ui.onboarding.hotkey import HotkeyStep
from desktop.ui.onboarding.microphone import MicrophoneStep
from desktop.ui.onboarding.model import ModelStep
from desktop.ui.onboarding.page import OnboardingStep, create_label
from desktop.ui.onboarding.privacy import PrivacyStep
from desktop.ui.onboarding.requirements import RequirementsStep
from desktop.ui.onboarding.try_it import TryItStep
from desktop.ui.onboarding.welcome import WelcomeStep
from desktop.ui.style import icons, tokens
from desktop.ui.tray import is_tray_available
from desktop.ui.widgets.form import with_object_name
from desktop.ui.widgets.label import announce
from desktop.ui.window_system import bring_to_front

logger = logging.getLogger(__name__)


class OnboardingWindow(QWidget):
    """The window. `on_closed` is called once, when it closes."""

    def __init__(
        self, app: AppController, on_closed: Callable[[], None], has_tray: bool = True, is_repeat: bool = False
    ) -> None:
        """`has_tray` says whether there is a tray for the icon.

        With `is_repeat` all current settings stay unless changed here.
        """
        super().__init__()
        self._on_closed: Callable[[], None] | None = on_closed
        self.setWindowIcon(icons.create_app_icon())
        self.resize(*tokens.FIRST_RUN_SIZE)
        requirements = RequirementsStep(app)
        self.steps: list[OnboardingStep] = [
            WelcomeStep(app, requirements.check),
            MicrophoneStep(app),
            requirements,
            ModelStep(app, is_repeat),
            HotkeyStep(app),
            TryItStep(app),
            PrivacyStep(app, has_tray),
        ]
        self._index = 0
        self._progress: DownloadStatus | None = None
        self._stack = QStackedWidget()
        for page in self.steps:
            self._stack.addWidget(page)
        self.back_button = with_object_name(QPushButton(self.tr("Back")), "flat")
        self.skip_button = with_object_name(QPushButton(self.tr("Skip the rest")), "flat")
        self.continue_button = QPushButton()
        self.continue_button.setProperty("primary", True)
        self.continue_button.setMinimumWidth(tokens.BUTTON_WIDTH)
        self._step_dots = StepDots(len(self.steps))
        self._download_label, self._download_bar = create_label("", "quiet"), DownloadBar()
        self._download_row = QWidget()
        self._lay_out()
        requirements.satisfied.connect(self.go_forward)
        self.back_button.clicked.connect(self.go_back)
        self.skip_button.clicked.connect(self.close)
        self.continue_button.clicked.connect(self.go_forward)
        for keys, action in (
            (QKeySequence(Qt.Key.Key_Return), self.go_forward),
            (QKeySequence(Qt.Key.Key_Enter), self.go_forward),
            (QKeySequence("Ctrl+Return"), self.go_forward),
            (QKeySequence("Alt+Left"), self.go_back),
            (QKeySequence(QKeySequence.StandardKey.Close), self.close),
        ):
            # On Wayland a key repeats in the app: one that is slow for 0.6 s would skip steps that were not read.
            QShortcut(keys, self, action, autoRepeat=False)
        for key, scroll in (
            (Qt.Key.Key_PageDown, QAbstractSlider.SliderAction.SliderPageStepAdd),
            (Qt.Key.Key_PageUp, QAbstractSlider.SliderAction.SliderPageStepSub),
        ):
            QShortcut(QKeySequence(key), self, partial(self._scroll, scroll))
        self._show_step(0)

    @property
    def current_step(self) -> OnboardingStep:
        """The current step."""
        return self.steps[self._index]

    def present(self) -> None:
        """Bring the window to the front."""
        bring_to_front(self)
        (self.current_step.initial_focus or self.continue_button).setFocus()

    def show_talk_key(self) -> None:
        """Show the step of the talk key."""
        self._show_step(next(index for index, step in enumerate(self.steps) if isinstance(step, HotkeyStep)))

    def go_forward(self) -> None:
        """Show the next step that is needed; after the last one close the window."""
        self.current_step.on_continue()
        needed = (index for index in range(self._index + 1, len(self.steps)) if self.steps[index].is_needed)
        index = next(needed, None)
        if index is None:
            self.close()
        else:
            self._show_step(index)

    def go_back(self) -> None:
        """Show the previous step that is needed."""
        needed = (index for index in range(self._index - 1, -1, -1) if self.steps[index].is_needed)
        index = next(needed, None)
        if index is not None:
            self._show_step(index)

    def draw(self, app_state: AppState) -> None:
        """Follow the app's state."""
        if not self.isVisible():
            return
        self._progress = app_state.health.progress
        self._update_download()
        had_focus = self._is_focus_in_step()
        for page in self.steps:
            page.draw(app_state)
        if had_focus and not self._is_focus_in_step():  # what had it is not needed any more
            self.continue_button.setFocus()
        self._update_title()

    def refresh(self) -> None:
        """Update the step because the history has changed."""
        if self.isVisible():
            self.current_step.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the onboarding, however far it went."""
        super().closeEvent(event)
        self.current_step.on_leave()
        on_closed, self._on_closed = self._on_closed, None
        if on_closed is not None:
            on_closed()

    def _show_step(self, index: int) -> None:
        if index != self._index:
            self.current_step.on_leave()
        self._index = index
        last = index == len(self.steps) - 1
        self._stack.setCurrentIndex(index)
        self._step_dots.set_step(index)
        self._update_title()
        self.back_button.setVisible(index > 0)
        self.skip_button.setVisible(not last)
        self.continue_button.setText(self.tr("Done") if last else self.tr("Continue"))
        self.current_step.on_enter()
        self._update_download()
        (self.current_step.initial_focus or self.continue_button).setFocus()
        if self.isVisible():
            announce(self, f"{self.current_step.title}. {self.current_step.sentence.text()}")

    def _is_focus_in_step(self) -> bool:
        """Return whether a widget that is seen in the step has the focus: in a window that is not active, as during a
        dialog of the desktop, it stays with one that is hidden."""
        focused = self.focusWidget()
        return focused is not None and self.current_step.isAncestorOf(focused) and focused.isVisibleTo(self)

    def _update_title(self) -> None:
        self.setWindowTitle(self.tr("{0} · Welcome to Intone").format(self.current_step.title))

    def _scroll(self, action: QAbstractSlider.SliderAction) -> None:
        """Scroll a step that is longer than a small screen by keys."""
        self.current_step.verticalScrollBar().triggerAction(action)

    def _update_download(self) -> None:
        """Show the download's progress, except on the step that shows it itself."""
        progress = self._progress
        self._download_row.setVisible(progress is not None and not isinstance(self.current_step, ModelStep))
        if progress is not None:
            self._download_label.setText(wording.progress_text(progress))
            self._download_bar.set_progress(progress.done, progress.total)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(tokens.VAST + tokens.GAP, 0, tokens.VAST + tokens.GAP, 0)
        foot.setSpacing(tokens.PAD)
        foot.addWidget(self.back_button)
        foot.addWidget(self._step_dots)
        foot.addStretch(1)
        foot.addWidget(self.skip_button)
        foot.addWidget(self.continue_button)
        beside = QHBoxLayout(self._download_row)
        beside.setContentsMargins(tokens.VAST + tokens.GAP, 0, tokens.VAST + tokens.GAP, 0)
        beside.setSpacing(tokens.PAD)
        beside.addWidget(self._download_label, 2)
        beside.addWidget(self._download_bar, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, tokens.VAST + tokens.GAP, 0, tokens.WIDE)
        column.setSpacing(tokens.PAD)
        column.addWidget(self._stack, 1)
        column.addWidget(self._download_row)
        column.addLayout(foot)


class Onboarding:
    """Opens the onboarding window, on the first start by itself and later on request, one at a time.

    While it is open, a second start of the application brings it to the front. When it closes, `finish_first_run` makes
    sure that the next start is no first one, whatever was chosen. Without a tray the history is shown then,
    unless the user opened the onboarding from another window, which gets the focus back.
    """

    def __init__(
        self,
        app: AppController,
        bridge: Bridge,
        openers: dict[str, Callable[[], None]],
        finish_first_run: Callable[[], None],
    ) -> None:
        self._app = app
        self._bridge = bridge
        self._openers = openers
        self._finish_first_run = finish_first_run
        self._window: OnboardingWindow | None = None
        self._closed_window: OnboardingWindow | None = None
        """The previous window, kept for a while: callbacks may still be pending for it."""
        self._is_app_ending = False

    def show_first_time(self) -> None:
        """Open the window on the first start."""
        self._open_window(is_repeat=False)

    def show_again(self) -> None:
        """Open the window with the current choices, or bring it to the front."""
        if self._window is not None:
            self._window.present()
        else:
            self._open_window(is_repeat=True)

    def show_talk_key(self) -> None:
        """The same at the page of the talk key."""
        self.show_again()
        if self._window is not None:
            self._window.show_talk_key()

    def refresh(self) -> None:
        """Update the open window because the history has changed."""
        if self._window is not None:
            self._window.refresh()

    def close(self) -> None:
        """Close the window because the application ends."""
        self._is_app_ending = True
        if self._window is not None:
            self._window.close()

    def _open_window(self, is_repeat: bool) -> None:
        front = self._openers["front"]
        previous_window = QApplication.activeWindow()

        def on_closed() -> None:
            self._bridge.state_changed.disconnect(window.draw)
            self._openers["front"] = front
            self._window, self._closed_window = None, window
            try:
                self._finish_first_run()
            except UserError as problem:
                logger.warning("the next start is a first one again: %s", problem)
            if self._is_app_ending:
                return
            if previous_window is not None and previous_window.isVisible():
                previous_window.activateWindow()
            elif not is_tray_available():
                self._openers["history"]()

        window = self._window = OnboardingWindow(self._app, on_closed, is_tray_available(), is_repeat)
        self._bridge.state_changed.connect(window.draw)
        self._openers["front"] = window.present
        window.present()
        window.draw(self._bridge.last_state)
