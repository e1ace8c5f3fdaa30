"""The onboarding step for the speech model: a small one downloads from the start, a better one in the background.

A large download starts only after the user has seen its size and continued: then the setting is changed, and the small
model is used until the other is ready.
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QRadioButton, QVBoxLayout, QWidget

from desktop.core.errors import Problem
from desktop.core.state import Health, Shown
from desktop.settings import store as settings
from desktop.settings.schema import AUTO
from desktop.ui import wording as words
from desktop.ui.bridge import Actions
from desktop.ui.i18n import sentence
from desktop.ui.onboarding.drawing import Picture, Share
from desktop.ui.onboarding.page import FirstPage, label
from desktop.ui.style import tokens
from desktop.ui.widgets.cards import card

KEY = "recognizer.model"
WHISPER = "whisper"
QUICK = "base"
"""The model downloaded first when none is installed."""

_MB = 1_000_000


class Advised(Protocol):
    """What the step needs to know of a model."""

    @property
    def name(self) -> str:
        """Its name in the catalogue."""
        ...

    @property
    def bytes(self) -> int:
        """Size of its download in bytes."""
        ...

    @property
    def memory_mb(self) -> int:
        """Approximate memory in MB while it runs."""
        ...

    @property
    def installed(self) -> bool:
        """Whether it is installed."""
        ...


class Model(FirstPage):
    """The step. With `is_repeat` the current model stays unless the user chooses another."""

    def __init__(self, actions: Actions, again: bool = False) -> None:
        super().__init__(
            actions,
            self.tr("What turns speech into words"),
            self.tr("Whisper, on this machine. A larger model hears better and takes longer to come."),
        )
        self._health = Health(engine_name=WHISPER)
        self._advised: Advised | None = None
        self.picture, self.now, self.share = Picture(), label(""), Share()
        line = QHBoxLayout()
        line.setSpacing(tokens.GAP)
        line.addWidget(self.picture)
        line.addWidget(self.now, 1)
        state = QWidget()
        inside = QVBoxLayout(state)
        inside.setContentsMargins(tokens.WIDE, tokens.WIDE, tokens.WIDE, tokens.WIDE)
        inside.setSpacing(tokens.PAD)
        inside.addLayout(line)
        inside.addWidget(self.share)
        self.better, self.small = QRadioButton(), QRadioButton()
        (self.small if again else self.better).setChecked(True)
        self._chooses = not again
        self._group = QButtonGroup(self)
        for button in (self.better, self.small):
            self._group.addButton(button)
            button.clicked.connect(self._choose)
        self._why = label("", "quiet")
        self._why.setIndent(tokens.VAST)
        offer = QWidget()
        choice = QVBoxLayout(offer)
        choice.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        choice.setSpacing(tokens.GAP)
        for widget in (self.better, self._why, self.small):
            choice.addWidget(widget)
        self.offer = card(offer)
        self.offer.hide()
        service = QPushButton(self.tr("Use a service instead…"))
        service.clicked.connect(actions.show_settings)
        self.fill(card(state), self.offer)
        self.column.insertWidget(self.column.count() - 1, service, 0, Qt.AlignmentFlag.AlignLeft)

    def enter(self) -> None:
        """Load the model recommended for this machine and these languages."""
        if self._actions.fetching is not None:
            self._actions.fetching.recommended(None, self._advise)
        self._say()

    def go(self) -> None:
        """Set the better model if it was chosen, which downloads it."""
        if self._advised is None or self.offer.isHidden() or not self._chooses:
            return
        now = settings.get(self._actions.settings(), KEY)
        if self.better.isChecked():
            wanted = self._advised.name
        else:  # keep `auto` unless it is downloading a model itself
            wanted = now if now == AUTO and self._health.progress is None else self._small
        if now != wanted:
            self.choose(KEY, wanted)

    def draw(self, shown: Shown) -> None:
        """Follow the engine's state."""
        if shown.health != self._health:
            self._health = shown.health
            self._say()

    def _choose(self) -> None:
        self._chooses = True

    def _advise(self, found: Advised | Problem | None) -> None:
        if isinstance(found, Problem) or found is None:
            return
        self._advised = found
        self.better.setText(
            self.tr("Whisper {0}, the best for this machine").format(found.name)
            if found.installed
            else self.tr("Whisper {0}, the best for this machine: {1} MB").format(found.name, -(-found.bytes // _MB))
        )
        takes = self.tr("It takes about {0} MB of memory.").format(found.memory_mb)
        comes = self.tr("It comes while you go on, and the small one answers until then.")
        self._why.setText(takes if found.installed else f"{takes} {comes}")
        self._say()

    def _say(self) -> None:
        health, chosen = self._health, settings.get(self._actions.settings(), KEY)
        name = words.engine_name(health.engine_name, health.model)
        self.share.setVisible(health.progress is not None)
        if health.progress is not None:
            self.share.fill(health.progress.done, health.progress.total)
        if health.engine is not None:
            kind, said = "alert", sentence(str(health.engine))
        elif health.progress is not None and health.engine_loaded:
            coming = words.progress(health.progress)
            kind, said = "well", self.tr("You can dictate already, with {0}. {1}").format(name, coming)
        elif health.progress is not None:
            coming = words.progress(health.progress)
            then = self.tr("{0} What you say until then is kept, and written once it is there.")
            kind, said = "", then.format(coming)
        elif health.engine_loaded:
            kind, said = "well", self.tr("{0} is ready.").format(name)
        else:
            kind, said = "", self.tr("Getting ready")
        self.picture.put(kind)
        self.now.setText(said)
        self.small.setText(self.tr("Stay with {0}").format(words.engine_name(WHISPER, self._small)))
        advised, here = self._advised, health.engine_name == WHISPER
        there = advised is None or (advised.name == self._small and chosen in (AUTO, advised.name))
        self.offer.setVisible(here and not there)

    @property
    def _small(self) -> str:
        """The model used until a better one is ready."""
        return self._health.model or QUICK
