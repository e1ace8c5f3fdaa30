"""Choose the speech engine from six cards that state cost, latency and who receives the speech."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QRadioButton, QVBoxLayout

from desktop.app.recipients import list_recipients
from desktop.core.engine_names import ENGINE_NAMES
from desktop.core.errors import RecognizerError
from desktop.network.endpoint import is_loopback
from desktop.network.provider_models import find_provider_model, recommend_model
from desktop.settings.safety import describe_lost_url
from desktop.settings.schema import AUTO, Settings
from desktop.ui import wording
from desktop.ui.i18n import describe_setting, message_text
from desktop.ui.style import glyphs, icons, tokens
from desktop.ui.widgets.form import CompoundControl
from desktop.ui.widgets.label import PlainLabel, set_tool_tip

LOCAL_ENGINE = "whisper"


class EngineCard(QRadioButton):
    """The card of one engine: a radio button, its name, a description, and the host that receives the speech."""

    def __init__(self, engine: str, title: str) -> None:
        super().__init__()
        self.engine = engine
        self._title, self.sentence, self.host = PlainLabel(title), PlainLabel(), PlainLabel()
        self._title.setFont(tokens.font(heading=True))
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._globe = PlainLabel()
        self.host.setWordWrap(True)
        for quiet in (self.sentence, self.host):
            quiet.setProperty("role", "quiet")
        foot = QHBoxLayout()
        foot.setSpacing(tokens.UNIT)
        foot.addWidget(self._globe)
        foot.addWidget(self.host, 1)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(tokens.PAD + tokens.RING_SIZE + tokens.GAP, tokens.PAD, tokens.PAD, tokens.PAD)
        inside.setSpacing(tokens.UNIT)
        inside.addWidget(self._title)
        inside.addWidget(self.sentence, 1)
        inside.addLayout(foot)
        for label in (self._title, self.sentence, self.host, self._globe):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(title)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_details(self, sentence: str, host: str, obstacle: str = "") -> None:
        """Show the description and the host that receives the speech; an empty `host` means that nothing leaves.

        Show `obstacle` in place of the host if the engine cannot be used.
        """
        self.sentence.setText(sentence)
        is_local = is_loopback(host)
        if obstacle:
            destination = obstacle
        elif not host:
            destination = self.tr("Nothing leaves this machine")
        elif is_local:
            destination = self.tr("Stays on this machine, at {0}").format(host)
        else:
            destination = self.tr("Your speech goes to {0}").format(host)
        self.host.setText(destination)
        set_tool_tip(self.host, destination)
        leaves = bool(host or obstacle) and not is_local
        glyph = glyphs.globe if leaves else glyphs.ring
        colour = tokens.current_palette().quiet if leaves else tokens.current_palette().good
        self._globe.setPixmap(icons.create_pixmap(glyph, colour, tokens.GLOBE_SIZE))
        self.setAccessibleDescription(wording.join_sentences(sentence, obstacle or f"{destination}."))

    def sizeHint(self) -> QSize:
        """Return the size of the layout."""
        inside = self.layout()
        return inside.sizeHint() if inside is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return a small width: the text wraps."""
        return QSize(tokens.CARD_MIN_WIDTH, tokens.CARD_MIN_WIDTH // 2)

    def hasHeightForWidth(self) -> bool:
        """Return True: the text wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the layout's height for `width`."""
        inside = self.layout()
        return inside.heightForWidth(width) if inside is not None else -1

    def hitButton(self, pos: object) -> bool:
        """Accept clicks on the whole card."""
        return True

    def enterEvent(self, event: QEnterEvent) -> None:
        """Redraw the card as hovered."""
        super().enterEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card and its radio ring."""
        palette = tokens.current_palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = palette.accent if self.isChecked() else palette.faint if self.underMouse() else palette.edge
        card = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(edge), 1.5 if self.isChecked() else 1))
        ground = QColor(palette.accent)
        painter.setBrush(tokens.blend_with_raised(ground, 0.06) if self.isChecked() else QColor(palette.raised))
        painter.drawRoundedRect(card, tokens.RADIUS, tokens.RADIUS)
        if self.hasFocus():
            painter.setPen(QPen(QColor(palette.text), 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(card.adjusted(3, 3, -3, -3), tokens.FIELD_RADIUS, tokens.FIELD_RADIUS)
        middle = QPointF(tokens.PAD + tokens.RING_SIZE / 2, self._title.geometry().center().y() + 0.5)
        painter.setPen(QPen(QColor(palette.accent if self.isChecked() else palette.quiet), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(middle, tokens.RING_SIZE / 2, tokens.RING_SIZE / 2)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.accent))
            painter.drawEllipse(middle, tokens.RING_SIZE / 4, tokens.RING_SIZE / 4)
        painter.end()


class EngineSelector(CompoundControl):
    """The six cards in two columns, or one where space is short."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.cards = {engine: EngineCard(engine, self.label_for(engine)) for engine in ENGINE_NAMES}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, tokens.UNIT, 0, 0)
        self._grid.setSpacing(tokens.GAP)
        for card in self.cards.values():
            card.clicked.connect(lambda checked, engine=card.engine: self._choose(engine))
        self._columns = 0
        self._lay_out(2)
        self._value = ""
        self.setFocusProxy(self.cards[LOCAL_ENGINE])

    def minimumSizeHint(self) -> QSize:
        """Return the size of one column."""
        return QSize(tokens.CARD_WIDTH, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use as many columns as fit."""
        super().resizeEvent(event)
        self._lay_out(2 if self.width() >= 2 * tokens.CARD_WIDTH + tokens.GAP else 1)

    def set_value(self, value: str) -> None:
        """Show the engine in force."""
        self._value = value
        card = self.cards.get(value)
        if card is not None:
            with QSignalBlocker(card):
                card.setChecked(True)
            self.setFocusProxy(card)

    def label_for(self, value: str) -> str:
        """Return the name of an engine."""
        return describe_setting("recognizer.engine").choices.get(value, value)

    def draw(self, settings: Settings, lost_urls: Mapping[str, str]) -> None:
        """Update cost, latency and host of each card from `settings`; `lost_urls` as in `LoadedSettings`."""
        for engine, card in self.cards.items():
            url_key = f"engines.{engine.replace('-', '_')}.url"
            obstacle = describe_lost_url(url_key, lost_urls.get(url_key))
            card.show_details(
                self._description(engine, settings),
                find_speech_host(engine, settings),
                message_text(obstacle) if obstacle else "",
            )

    def _lay_out(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for index, card in enumerate(self.cards.values()):
            self._grid.removeWidget(card)
            self._grid.addWidget(card, index // columns, index % columns)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, columns - 1)
        self.updateGeometry()

    def _choose(self, engine: str) -> None:
        if engine != self._value:
            self.chosen.emit(engine)

    def _description(self, engine: str, settings: Settings) -> str:
        match engine:
            case "whisper":
                return self.tr("Whisper. Free, works without a network; how fast is a matter of the model.")
            case "openai" | "deepgram":
                sentence = self.tr("Sent while you speak, text shortly after you let go.")
            case "openai-live" | "deepgram-live":
                sentence = self.tr("Words appear as you speak, and are there when you let go.")
            case _:
                sentence = self.tr("Any server that speaks OpenAI's transcriptions: of your team, or at home.")
        price = _price_per_hour(engine, settings)
        return (
            wording.join_sentences(sentence, self.tr("About {0} US$ an hour of speech.").format(price))
            if price
            else sentence
        )


def find_speech_host(engine: str, settings: Settings) -> str:
    """Return the host that receives the speech when `engine` is chosen; empty for none."""
    recognizer = settings.recognizer.model_copy(update={"engine": engine})
    alone = settings.model_copy(update={"recognizer": recognizer})
    return next((host for host, kinds in list_recipients(alone).items() if "speech" in kinds), "")


def _price_per_hour(engine: str, settings: Settings) -> str:
    """Return the price of an hour of speech in US$; empty when unknown, as for a self-hosted server."""
    model = getattr(settings.engines, engine.replace("-", "_")).model
    try:
        price = find_provider_model(
            engine, recommend_model(engine, {}, date.today()) if model == AUTO else model
        ).usd_per_min
    except RecognizerError:
        return ""
    return f"{price * 60:.2f}" if price else ""
