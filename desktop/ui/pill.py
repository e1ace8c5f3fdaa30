"""The pill: what is being heard, as it is heard, at the foot of the screen that is being written on.

It must never take the focus, or the words would go to it. Of the flags tried under openbox only `Tool | Frameless |
StaysOnTop | WindowDoesNotAcceptFocus` with `WA_ShowWithoutActivating` keeps the focus where it is on show, click,
second show and raise alike; it is made once and only shown and hidden after that. It has no focus, so a screen reader
is told what it says by an announcement.

What it says is decided in `face`, the moving glyph lives in `meter`, the words in `caption`. Here is the window: when
it comes, where it stands, how wide it is, when it goes. Hidden, it runs no timer. Where no compositor blends windows,
the shadow is left out and the window is cut to the pill's shape.
"""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractAnimation,
    QEasingCurve,
    QPointF,
    QPropertyAnimation,
    QRectF,
    Qt,
    QTimer,
    QVariantAnimation,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QCursor,
    QGuiApplication,
    QHideEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QRegion,
    QScreen,
)
from PySide6.QtWidgets import QWidget

from desktop.ports import Target
from desktop.state import Listening, Shown, Starting, State
from desktop.ui import tokens, x11
from desktop.ui.bridge import Actions
from desktop.ui.caption import Caption
from desktop.ui.face import Face, Glyph, Offer, face
from desktop.ui.meter import Meter

_FLAGS = (
    Qt.WindowType.Tool
    | Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.WindowDoesNotAcceptFocus
    | Qt.WindowType.NoDropShadowWindowHint
)
_TALKING = (Glyph.RING, Glyph.BARS, Glyph.LINE)
_STEP = 8 * tokens.UNIT
"""While words come the pill grows by this much at once, and never shrinks: it must not tremble with every guess."""


class Pill(QWidget):
    """The overlay. `draw` it whenever something changed; `delay_ms` is how long a bare press may stay unseen."""

    def __init__(self, actions: Actions, delay_ms: int = 0) -> None:
        super().__init__(None, _FLAGS)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWindowTitle(self.tr("Intone"))
        self.setAccessibleName(self.tr("Dictation"))
        undo, retry = actions.undo_cancel, actions.retry
        self._offers = {offer: do for offer, do in ((Offer.UNDO, undo), (Offer.RETRY, retry)) if do is not None}
        self._face: Face | None = None
        self._state: State | None = None
        self._dismissed: State | None = None
        self._screen: QScreen = QGuiApplication.primaryScreen()
        self._margin = 0
        self._meter = Meter()
        self._caption = Caption()
        self._clock = QTimer(self, interval=tokens.FRAME_MS)
        self._clock.timeout.connect(self._tick)
        self._hold = QTimer(self, singleShot=True)
        self._hold.timeout.connect(self.dismiss)
        self._delay = QTimer(self, singleShot=True, interval=delay_ms)
        self._delay.timeout.connect(self._appear)
        self._width = QVariantAnimation(self)
        self._width.valueChanged.connect(self._place)
        self._veil = QPropertyAnimation(self, b"windowOpacity", self)
        for motion in (self._width, self._veil):
            motion.setDuration(tokens.MOTION_MS)
            motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._veil.finished.connect(self._unveiled)

    def draw(self, shown: Shown) -> None:
        """Look as `shown` says. An outcome whose time has passed stays away until the state is another one."""
        self._state = shown.state
        if shown.state is self._dismissed:
            return
        self._dismissed = None
        if isinstance(shown.state, Starting | Listening) and not self._awake:
            self._screen = screen_of(shown.state.target)
        new = face(shown, self._offers)
        if new is None:
            self._leave()
        elif new != self._face or not self._awake:
            self._wear(new)
        if isinstance(shown.state, Listening):
            self._meter.hear(shown.state.level)
            self._run()

    def dismiss(self) -> None:
        """Let this outcome be seen no more."""
        self._dismissed = self._state
        self._leave()

    @property
    def _awake(self) -> bool:
        """Whether it is seen, and not on its way out."""
        return self.isVisible() and self._face is not None

    def _wear(self, new: Face) -> None:
        if new.spoken and (self._face is None or new.spoken != self._face.spoken):
            self._announce(new)
        self._face = new
        self._meter.become(new.glyph)
        self._caption.say(new)
        self._hold.stop()
        if new.hold_ms is not None:
            self._hold.start(new.hold_ms)
        self.setCursor(Qt.CursorShape.PointingHandCursor if new.offer else Qt.CursorShape.ArrowCursor)
        if self._delay.interval() and not self.isVisible() and new.glyph in _TALKING:
            if not self._delay.isActive():
                self._delay.start()
            return
        self._appear()

    def _appear(self) -> None:
        assert self._face is not None
        self._delay.stop()
        if self.isVisible():
            self._grow(self._wanted())
        else:
            self._margin = tokens.PILL_SHADOW if x11.composited() else 0
            self._place(self._wanted())
            self.setWindowOpacity(0.0 if tokens.moving() else 1.0)
            self.show()
        self._fade_to(1.0)
        self._run()
        self.update()

    def _leave(self) -> None:
        self._face = None
        self._hold.stop()
        self._delay.stop()
        if self.isVisible():
            self._fade_to(0.0)

    def _fade_to(self, opacity: float) -> None:
        self._veil.stop()
        if not tokens.moving() or self.windowOpacity() == opacity:
            self.setWindowOpacity(opacity)
            self._unveiled()
        else:
            self._veil.setStartValue(self.windowOpacity())
            self._veil.setEndValue(opacity)
            self._veil.start()

    def _unveiled(self) -> None:
        if self._face is None:
            self.hide()

    def _wanted(self) -> int:
        """The width that the face asks for; wide words only ever widen."""
        assert self._face is not None
        ends = tokens.WIDE + tokens.PILL_GLYPH + tokens.PAD + tokens.WIDE + tokens.UNIT
        least = max(tokens.PILL_LEAST, ends + self._caption.natural_width())
        if self._face.glyph in _TALKING or (self._face.glyph is Glyph.TICK and self.isVisible()):
            least = -(-least // _STEP) * _STEP
            least = max(least, self._goal() if self.isVisible() else 0)
        return min(tokens.PILL_WIDTH, least)

    def _goal(self) -> int:
        if self._width.state() == QAbstractAnimation.State.Running:
            return int(self._width.endValue())
        return self.width() - 2 * self._margin

    def _grow(self, width: int) -> None:
        if width == self._goal():
            return
        self._width.stop()
        if not tokens.moving():
            self._place(width)
            return
        self._width.setStartValue(self.width() - 2 * self._margin)
        self._width.setEndValue(width)
        self._width.start()

    def _place(self, width: int) -> None:
        """Stand `width` wide at the foot of the screen."""
        if self._screen not in QGuiApplication.screens():
            self._screen = QGuiApplication.primaryScreen()
        room = self._screen.availableGeometry()
        body = QRectF(0, 0, min(width, room.width() - 2 * tokens.PILL_EDGE), tokens.PILL_HEIGHT)
        body.moveCenter(QPointF(room.x() + room.width() / 2, 0))
        body.moveBottom(room.y() + room.height() - tokens.PILL_EDGE)
        m = self._margin
        self.setGeometry(body.adjusted(-m, -m, m, m).toRect())
        if not m:
            self.setMask(QRegion(_rounded(QRectF(self.rect())).toFillPolygon().toPolygon()))

    def _run(self) -> None:
        if not tokens.moving():
            self._meter.finish()
            self.update()
        elif self._meter.moves and self._awake and not self._clock.isActive():
            self._clock.start()

    def _tick(self) -> None:
        self._meter.advance(self._clock.interval())
        if not self._meter.moves:
            self._clock.stop()
        self.update()

    def _announce(self, new: Face) -> None:
        if not QAccessible.isActive():
            return
        event = QAccessibleAnnouncementEvent(self, new.spoken)
        if new.glyph is Glyph.ALERT:
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop all that runs: hidden, the pill costs nothing."""
        for running in (self._clock, self._width, self._veil):
            running.stop()
        super().hideEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take what is offered, or put the outcome away. While one speaks a click means nothing."""
        worn = self._face
        if worn is None or worn.hold_ms is None:
            return
        wanted = self._caption.offer_rect.contains(event.position())
        self.dismiss()
        if wanted and worn.offer:
            self._offers[worn.offer]()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the shadow, the body, the glyph and the words."""
        palette = tokens.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(self._margin, self._margin, -self._margin, -self._margin)
        if self._margin:
            _shadow(painter, body, palette.shadow)
        else:
            painter.fillRect(self.rect(), QColor(palette.raised))
        painter.setBrush(QColor(palette.raised))
        bordered = not self._margin or not tokens.dark()
        painter.setPen(QPen(QColor(palette.line), 1) if bordered else Qt.PenStyle.NoPen)
        painter.drawPath(_rounded(body.adjusted(0.5, 0.5, -0.5, -0.5)))
        box = QRectF(0, 0, tokens.PILL_GLYPH, tokens.PILL_GLYPH)
        box.moveCenter(QPointF(body.left() + tokens.WIDE + tokens.PILL_GLYPH / 2, body.center().y()))
        self._meter.paint(painter, box, palette)
        room = body.adjusted(tokens.WIDE + tokens.PILL_GLYPH + tokens.PAD, 0, -tokens.WIDE - tokens.UNIT, 0)
        self._caption.paint(painter, room, palette)
        painter.end()


def screen_of(target: Target) -> QScreen:
    """The screen that `target` is on; where its window is not known, the one under the pointer."""
    rect = x11.window_rect(target.handle)
    if rect is not None:
        for screen in QGuiApplication.screens():
            desk = screen.geometry()
            desk.setSize(desk.size() * screen.devicePixelRatio())
            if desk.contains(rect.center()):
                return screen
    return QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()


def _rounded(body: QRectF) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(body, body.height() / 2, body.height() / 2)
    return path


def _shadow(painter: QPainter, body: QRectF, depth: int) -> None:
    """A soft shadow, made of rings that fade outwards with the square of their distance."""
    painter.setPen(Qt.PenStyle.NoPen)
    reach = tokens.PILL_SHADOW - tokens.PILL_DROP
    for ring in range(reach, 0, -1):
        painter.setBrush(QColor(0, 0, 0, round(depth * 2 * (1 - ring / (reach + 1)) / reach)))
        painter.drawPath(_rounded(body.adjusted(-ring, -ring, ring, ring).translated(0, tokens.PILL_DROP)))
