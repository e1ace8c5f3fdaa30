"""Show a model as a card: description, accuracy, speed, download progress and actions.

The card is a function of two values, the model and its download, so it has no state that could disagree with the
engine. Button presses are only emitted (`action_requested`).
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGroupBox, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop.app.model_cards import ModelCard
from desktop.app.model_downloads import ModelDownload
from desktop.ui import i18n, model_wording
from desktop.ui.style import glyphs, icons, tokens
from desktop.ui.widgets.form import with_object_name
from desktop.ui.widgets.label import PlainLabel, announce

type ModelAction = Literal["fetch", "retry", "resume", "pause", "cancel", "use", "verify", "remove", "measure"]

PRIMARY_ACTIONS: tuple[ModelAction, ...] = ("fetch", "retry", "resume", "pause", "cancel", "use")
"""Actions beside the name; the others are below."""


def available_actions(card: ModelCard, fetch: ModelDownload | None) -> tuple[ModelAction, ...]:
    """Return the actions available for a model, the likeliest first."""
    if fetch is not None and fetch.problem is not None:
        return ("retry", "remove") if card.installed else ("retry", "cancel")
    if fetch is not None and fetch.paused:
        return ("resume", "cancel")
    if fetch is not None and not (fetch.verifying and card.installed):
        return ("cancel",) if fetch.verifying else ("pause", "cancel")
    if fetch is not None:
        return ()
    if not card.installed:
        return ("fetch",)
    use: tuple[ModelAction, ...] = () if card.in_use else ("use",)
    measure: tuple[ModelAction, ...] = ("measure",) if card.kind == "speech" else ()
    return (*use, "verify", *measure, "remove")


class SegmentedBar(QProgressBar):
    """A quiet progress bar, in one piece or one for each rank; screen readers get its value from Qt."""

    def __init__(self, ranks: int = 1) -> None:
        super().__init__()
        self._ranks = ranks
        self.setTextVisible(False)
        self.setFixedHeight(tokens.METER_HEIGHT)
        self.setRange(0, ranks if ranks > 1 else tokens.METER_STEPS)
        if ranks > 1:
            self.setFixedWidth(tokens.METER_WIDTH)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pieces, the reached ones in colour."""
        palette = tokens.current_palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        gap = tokens.UNIT / 2
        width = (self.width() - gap * (self._ranks - 1)) / self._ranks
        filled = self._ranks * max(0, self.value()) / self.maximum()
        for index in range(self._ranks):
            left = index * (width + gap)
            for fraction, colour in ((1.0, palette.line), (min(1.0, max(0.0, filled - index)), palette.accent)):
                if fraction:
                    piece = QRectF(left, 0, max(width * fraction, self.height()), self.height())
                    painter.setBrush(QColor(colour))
                    painter.drawRoundedRect(piece, self.height() / 2, self.height() / 2)
        painter.end()


class RankIndicator(QWidget):
    """A name, five small bars, and the value in words."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.bars, self.words = SegmentedBar(model_wording.MODEL_RANKS), _create_quiet_label()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens.GAP)
        line.addWidget(_create_quiet_label(name))
        line.addWidget(self.bars)
        line.addWidget(self.words)

    def set_rank(self, rank: int, words: str) -> None:
        """Show a rank of 1 to 5; 0 shows no bars."""
        self.bars.setVisible(rank > 0)
        self.bars.setValue(rank)
        self.bars.setAccessibleName(f"{self._name}: {words}")
        self.words.setText(words)


class ModelCardWidget(QGroupBox):
    """The card of one model. `action_requested` carries the pressed action."""

    action_requested = Signal(str)

    def __init__(self, card: ModelCard) -> None:
        super().__init__()
        self.card = card
        self.fetch: ModelDownload | None = None
        self._error_text = self._success_text = ""
        with_object_name(self, "model")
        self._is_removal_confirmed = False
        self._name, self._chip = PlainLabel(model_wording.model_title(card)), PlainLabel()
        self._name.setFont(tokens.font(heading=True))
        self._chip.setProperty("role", "chip")
        self._facts, self._globe, self._host = _create_quiet_label(), PlainLabel(), _create_quiet_label()
        self._globe.setAccessibleName(self.tr("Comes from"))
        self._about = _create_quiet_label()
        self._about.setFont(tokens.font(tokens.SMALL_PX))
        self._accuracy, self._speed = RankIndicator(self.tr("Accuracy")), RankIndicator(self.tr("Speed here"))
        self._bar, self._progress_label = SegmentedBar(), _create_quiet_label()
        self._progress_label.setFont(tokens.font(tokens.SMALL_PX, numbers=True))
        self._problem = _create_quiet_label()
        self._problem.setProperty("role", "bad")
        labels: dict[ModelAction, str] = {
            "fetch": self.tr("Download"),
            "retry": self.tr("Try again"),
            "resume": self.tr("Resume"),
            "pause": self.tr("Pause"),
            "cancel": self.tr("Cancel"),
            "use": self.tr("Use"),
            "verify": self.tr("Verify"),
            "measure": self.tr("Measure speed"),
            "remove": self.tr("Remove"),
        }
        self.buttons = {action: self._button(action, label) for action, label in labels.items()}
        self._lay_out()
        self.show_model(card, None)

    def show_model(self, card: ModelCard, fetch: ModelDownload | None) -> None:
        """Show the model and its download, None for no download."""
        self.card, self.fetch = card, fetch
        in_use, advised = (
            self.tr("In use") if card.in_use else "",
            self.tr("Advised for this machine") if card.recommended else "",
        )
        offered = self.tr("May be better for your language") if card.offer and not card.recommended else ""
        unproved = "" if card.is_proved else self.tr("Not yet proved")
        chip = "  ·  ".join(filter(None, (in_use, advised, offered, unproved)))
        self._chip.setText(chip)
        self._chip.setVisible(bool(chip))
        self._facts.setText(model_wording.model_facts(card))
        about = model_wording.about_text(card)
        self._about.setText(about)
        self._about.setVisible(bool(about))
        self._host.setText(
            self.tr("{0} or the package index").format(card.host) if card.has_package_mirror else card.host
        )
        self._accuracy.set_rank(card.accuracy, model_wording.accuracy_text(card.accuracy))
        self._speed.set_rank(model_wording.speed_rank(card), model_wording.speed_text(card))
        self._speed.setVisible(card.kind == "speech")
        self.setAccessibleName(i18n.list_text(filter(None, (model_wording.model_title(card), chip))))
        self.setAccessibleDescription("\n".join(filter(None, (model_wording.model_facts(card), about))))
        self._draw_fetch(fetch)
        self._show_actions(available_actions(card, fetch))

    def show_problem(self, problem: i18n.Sayable) -> None:
        """Show why the last action failed, until the next; an empty text clears it."""
        self._error_text, self._success_text = i18n.message_text(problem), ""
        self._draw_words()

    def show_success(self, sentence: str) -> None:
        """Show that the last action succeeded, until the next."""
        self._error_text, self._success_text = "", sentence
        self._draw_words()
        self.announce(sentence)

    def announce(self, sentence: str) -> None:
        """Announce `sentence` to screen readers."""
        announce(self, f"{model_wording.model_title(self.card)}: {sentence}")

    def set_measuring(self, is_measuring: bool) -> None:
        """Show whether the speed is being measured."""
        self.buttons["measure"].setEnabled(not is_measuring)
        self.buttons["measure"].setText(self.tr("Measuring…") if is_measuring else self.tr("Measure speed"))

    def changeEvent(self, event: QEvent) -> None:
        """Repaint the globe when the palette changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_globe()

    def _draw_fetch(self, fetch: ModelDownload | None) -> None:
        is_active = fetch is not None and fetch.problem is None
        self._bar.setVisible(is_active)
        if fetch is not None:
            self._error_text = self._success_text = ""
        if fetch is not None and is_active:
            self._bar.setValue(tokens.METER_STEPS * fetch.done // fetch.total if fetch.total else 0)
            self._bar.setAccessibleName(self.tr("Download of {0}").format(model_wording.model_title(self.card)))
            self._bar.setAccessibleDescription(model_wording.download_progress(fetch))
        self._draw_words()

    def _draw_words(self) -> None:
        """Show the progress or the result of the last action; announce a new problem once."""
        fetch = self.fetch
        problem = fetch.problem if fetch is not None else None
        progress = (
            model_wording.download_progress(fetch) if fetch is not None and problem is None else self._success_text
        )
        error = i18n.title_text(problem) if problem is not None else self._error_text
        self._progress_label.setText(progress)
        self._progress_label.setVisible(bool(progress))
        if error and error != self._problem.text():
            self.announce(error)
        self._problem.setText(error)
        self._problem.setVisible(bool(error))

    def _show_actions(self, actions: tuple[ModelAction, ...]) -> None:
        """Show these buttons; keep the focus in the card when its button disappears."""
        focused = next((button for button in self.buttons.values() if button.hasFocus()), None)
        for action, button in self.buttons.items():
            button.setVisible(action in actions)
        if focused is not None and focused.isHidden() and actions:
            self.buttons[actions[0]].setFocus(Qt.FocusReason.OtherFocusReason)
        self._reset_confirmation()

    def _press(self, action: ModelAction) -> None:
        if action == "remove" and not self._is_removal_confirmed and not self.card.removal_blocker:
            self._is_removal_confirmed = True
            self.buttons[action].setText(self.tr("Delete {0}?").format(model_wording.format_bytes(self.card.bytes)))
            self.announce(self.tr("Press it again to delete the model."))
            return
        self._reset_confirmation()
        self.action_requested.emit(action)

    def _reset_confirmation(self) -> None:
        self._is_removal_confirmed = False
        self.buttons["remove"].setText(self.tr("Remove"))

    def _button(self, action: ModelAction, label: str) -> QPushButton:
        button = QPushButton(label)
        if action not in PRIMARY_ACTIONS:
            with_object_name(button, "link")
        button.setProperty("primary", action in ("retry", "resume"))
        button.setAccessibleName(f"{label}: {model_wording.model_title(self.card)}")
        button.clicked.connect(lambda: self._press(action))
        return button

    def _lay_out(self) -> None:
        first, second, third, fourth = (QHBoxLayout() for _ in range(4))
        for line in (first, second, third, fourth):
            line.setSpacing(tokens.GAP)
        first.addWidget(self._name)
        first.addWidget(self._chip)
        first.addStretch(1)
        self._facts.setWordWrap(True)
        self._about.setWordWrap(True)
        self._problem.setWordWrap(True)
        second.addWidget(self._facts, 1)
        second.addWidget(self._globe)
        second.addWidget(self._host)
        third.addWidget(self._accuracy)
        third.addSpacing(tokens.GAP)
        third.addWidget(self._speed)
        third.addStretch(1)
        for action, button in self.buttons.items():
            (first if action in PRIMARY_ACTIONS else fourth).addWidget(button)
        fourth.addStretch(1)
        self._paint_globe()
        lines = QVBoxLayout(self)
        lines.setContentsMargins(tokens.PAD, tokens.UNIT, tokens.PAD, tokens.UNIT)  # a group box adds its own margins
        lines.setSpacing(tokens.GAP)
        for line in (first, second, third):
            lines.addLayout(line)
        lines.addWidget(self._about)
        lines.addWidget(self._bar)
        lines.addWidget(self._progress_label)
        lines.addWidget(self._problem)
        lines.addLayout(fourth)

    def _paint_globe(self) -> None:
        self._globe.setPixmap(icons.create_pixmap(glyphs.globe, tokens.current_palette().quiet, tokens.GLOBE_SIZE))


def _create_quiet_label(text: str = "") -> PlainLabel:
    label = PlainLabel(text)
    label.setProperty("role", "quiet")
    label.setWordWrap(False)
    return label
