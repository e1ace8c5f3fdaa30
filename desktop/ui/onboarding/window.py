"""The onboarding window: one step at a time, back and forward; the rest can be skipped at any time.

It takes the focus once, when it opens: changing the step moves the focus only inside the window, so a dictation into
another window is never disturbed. Choices are set at once, as in the settings; closing the window ends the onboarding.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractSlider, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop.core.state import Progress, Shown
from desktop.ui import wording as words
from desktop.ui.bridge import Actions
from desktop.ui.onboarding.drawing import Dots, Share
from desktop.ui.onboarding.hotkey import Key
from desktop.ui.onboarding.microphone import Microphone
from desktop.ui.onboarding.model import Model
from desktop.ui.onboarding.page import FirstPage, label
from desktop.ui.onboarding.privacy import Keeping
from desktop.ui.onboarding.requirements import Missing
from desktop.ui.onboarding.try_it import Trying
from desktop.ui.onboarding.welcome import Welcome
from desktop.ui.style import icons, tokens
from desktop.ui.widgets.announcing import announce
from desktop.ui.widgets.form import named


class FirstRunWindow(QWidget):
    """The window. `on_closed` is called once, when it closes."""

    def __init__(self, actions: Actions, ended: Callable[[], None], tray: bool = True, again: bool = False) -> None:
        """`has_tray` says whether there is a tray for the icon.

        With `is_repeat` all current settings stay unless changed here.
        """
        super().__init__()
        self._actions = actions
        self._ended: Callable[[], None] | None = ended
        self.setWindowIcon(icons.app_icon())
        self.resize(*tokens.FIRST_RUN_SIZE)
        missing = Missing(actions)
        self.pages: list[FirstPage] = [
            Welcome(actions, missing.look),
            Microphone(actions),
            missing,
            Model(actions, again),
            Key(actions),
            Trying(actions),
            Keeping(actions, tray),
        ]
        self._at = 0
        self._progress: Progress | None = None
        self._stack = QStackedWidget()
        for page in self.pages:
            self._stack.addWidget(page)
        self.back = named(QPushButton(self.tr("Back")), "flat")
        self.skip = named(QPushButton(self.tr("Skip the rest")), "flat")
        self.on = QPushButton()
        self.on.setProperty("primary", True)
        self.on.setMinimumWidth(tokens.BUTTON_WIDTH)
        self._dots = Dots(len(self.pages))
        self._coming, self._share = label("", "quiet"), Share()
        self._download = QWidget()
        self._lay_out()
        missing.passed.connect(self.go_on)
        self.back.clicked.connect(self.go_back)
        self.skip.clicked.connect(self.close)
        self.on.clicked.connect(self.go_on)
        for keys, do in (
            (QKeySequence(Qt.Key.Key_Return), self.go_on),
            (QKeySequence(Qt.Key.Key_Enter), self.go_on),
            (QKeySequence("Ctrl+Return"), self.go_on),
            (QKeySequence("Alt+Left"), self.go_back),
            (QKeySequence(Qt.Key.Key_PageDown), lambda: self._scroll(QAbstractSlider.SliderAction.SliderPageStepAdd)),
            (QKeySequence(Qt.Key.Key_PageUp), lambda: self._scroll(QAbstractSlider.SliderAction.SliderPageStepSub)),
            (QKeySequence(QKeySequence.StandardKey.Close), self.close),
        ):
            QShortcut(keys, self, do)
        self._turn(0)

    @property
    def page(self) -> FirstPage:
        """The current step."""
        return self.pages[self._at]

    def present(self) -> None:
        """Bring the window to the front."""
        self.show()
        self.raise_()
        self.activateWindow()
        (self.page.first or self.on).setFocus()

    def go_on(self) -> None:
        """Show the next step that is needed; after the last one close the window."""
        self.page.go()
        there = (place for place in range(self._at + 1, len(self.pages)) if self.pages[place].needed)
        place = next(there, None)
        if place is None:
            self.close()
        else:
            self._turn(place)

    def go_back(self) -> None:
        """Show the previous step that is needed."""
        there = (place for place in range(self._at - 1, -1, -1) if self.pages[place].needed)
        place = next(there, None)
        if place is not None:
            self._turn(place)

    def draw(self, shown: Shown) -> None:
        """Follow the app's state."""
        if not self.isVisible():
            return
        self._progress = shown.health.progress
        self._follow()
        for page in self.pages:
            page.draw(shown)
        self._entitle()

    def refresh(self) -> None:
        """Update the step because the history has changed."""
        if self.isVisible():
            self.page.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the onboarding, however far it went."""
        super().closeEvent(event)
        self.page.leave()
        ended, self._ended = self._ended, None
        if ended is not None:
            ended()

    def _turn(self, place: int) -> None:
        if place != self._at:
            self.page.leave()
        self._at = place
        last = place == len(self.pages) - 1
        self._stack.setCurrentIndex(place)
        self._dots.go(place)
        self._entitle()
        self.back.setVisible(place > 0)
        self.skip.setVisible(not last)
        self.on.setText(self.tr("Done") if last else self.tr("Continue"))
        self.page.enter()
        self._follow()
        (self.page.first or self.on).setFocus()
        if self.isVisible():
            announce(self, f"{self.page.title}. {self.page.sentence.text()}")

    def _entitle(self) -> None:
        self.setWindowTitle(self.tr("{0} · Welcome to Intone").format(self.page.title))

    def _scroll(self, action: QAbstractSlider.SliderAction) -> None:
        """Scroll a step that is longer than a small screen by keys."""
        self.page.verticalScrollBar().triggerAction(action)

    def _follow(self) -> None:
        """Show the download's progress, except on the step that shows it itself."""
        progress = self._progress
        self._download.setVisible(progress is not None and not isinstance(self.page, Model))
        if progress is not None:
            self._coming.setText(words.progress(progress))
            self._share.fill(progress.done, progress.total)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(tokens.VAST + tokens.GAP, 0, tokens.VAST + tokens.GAP, 0)
        foot.setSpacing(tokens.PAD)
        foot.addWidget(self.back)
        foot.addWidget(self._dots)
        foot.addStretch(1)
        foot.addWidget(self.skip)
        foot.addWidget(self.on)
        beside = QHBoxLayout(self._download)
        beside.setContentsMargins(tokens.VAST + tokens.GAP, 0, tokens.VAST + tokens.GAP, 0)
        beside.setSpacing(tokens.PAD)
        beside.addWidget(self._coming, 2)
        beside.addWidget(self._share, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, tokens.VAST + tokens.GAP, 0, tokens.WIDE)
        column.setSpacing(tokens.PAD)
        column.addWidget(self._stack, 1)
        column.addWidget(self._download)
        column.addLayout(foot)
