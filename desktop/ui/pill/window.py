"""The pill: an overlay at the foot of the screen that shows what is recognized while the user speaks.

It must never take the focus, or the text would go to it. On X11 it bypasses the window manager (override-redirect): i3
focuses every managed window that is clicked, and openbox and xfwm4 keep a full-screen window above all that they
manage. Elsewhere `WindowDoesNotAcceptFocus` with `WA_ShowWithoutActivating` do this. It stays a utility window, which
sway also leaves without the keyboard. It is created once, then shown, raised and hidden. Its text reaches screen
readers as announcements.

`pill.content` decides the text and its style, `pill.glyph` animates the glyph, `pill.text` draws the text,
`pill.placement` decides the position. This module is the window: when it appears, its size, dragging. Hidden, it runs
no timer. Without a compositor the shadow is left out and the window is cut to the pill's shape.
"""

from __future__ import annotations

import os
from pathlib import Path

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
    QCursor,
    QHideEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from desktop.core.state import Listening, Shown, Starting, State
from desktop.core.types import Target
from desktop.settings.schema import Look
from desktop.ui import x11
from desktop.ui.bridge import Actions
from desktop.ui.pill import body as ground
from desktop.ui.pill.content import Face, Glyph, Offer
from desktop.ui.pill.drag import Drag
from desktop.ui.pill.glyph import Meter
from desktop.ui.pill.pill_places import Places
from desktop.ui.pill.placement import Stand
from desktop.ui.pill.text import Caption
from desktop.ui.pill.worn import Worn
from desktop.ui.style import rtl as sides
from desktop.ui.style import tokens
from desktop.ui.widgets.announcing import announce

_FLAGS = (
    Qt.WindowType.Tool
    | Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.WindowDoesNotAcceptFocus
    | Qt.WindowType.NoDropShadowWindowHint
)
_TALKING = (Glyph.RING, Glyph.BARS, Glyph.LINE)
_ENDS = tokens.WIDE + tokens.PILL_GLYPH + tokens.PAD + tokens.WIDE + tokens.UNIT
"""Pixels of the width that the text cannot use."""

_STEP = 8 * tokens.UNIT
"""Pixels by which the pill grows while words arrive. It never shrinks then: it must not tremble with every guess."""


class Pill(QWidget):
    """The overlay window. Call `draw` whenever something changed."""

    def __init__(self, actions: Actions, places: Places | None = None) -> None:
        """Create the pill; `places` stores where it is dragged, also after this pill."""
        super().__init__(None, _FLAGS | Qt.WindowType.BypassWindowManagerHint if x11.here() else _FLAGS)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWindowTitle(self.tr("Intone"))
        self.setAccessibleName(self.tr("Dictation"))
        offers = (Offer.UNDO, actions.undo_cancel), (Offer.RETRY, actions.retry), (Offer.LEARN, actions.learn)
        self._offers = {offer: do for offer, do in offers if do is not None}
        self._face: Face | None = None
        self._state: State | None = None
        self._dismissed: State | None = None
        self._actions = actions
        self._worn = Worn(self._offers, self._announce)
        self._drag: Drag | None = None
        self._twice = False
        self._stand = Stand(self, places or Places(Path(os.devnull), lambda work: None))
        self._stand.moved.connect(self._stay)
        self._margin = 0
        self._least = 0
        self._wide = tokens.PILL_LEAST
        self._through = False
        self.winId()
        self._meter = Meter()
        self._caption = Caption()
        self._clock = QTimer(self, interval=tokens.FRAME_MS)
        self._clock.timeout.connect(self._tick)
        self._hold = QTimer(self, singleShot=True)
        self._hold.timeout.connect(self.dismiss)
        self._refusal = QTimer(self, singleShot=True)
        self._refusal.timeout.connect(self._refuse)
        self._width = QVariantAnimation(self)
        self._width.valueChanged.connect(self._place)
        self._veil = QPropertyAnimation(self, b"windowOpacity", self)
        for motion in (self._width, self._veil):
            motion.setDuration(tokens.MOTION_MS)
            motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._veil.finished.connect(self._unveiled)

    def draw(self, shown: Shown) -> None:
        """Show the state. An outcome that was dismissed stays hidden until the state changes."""
        before, self._state = self._state, shown.state
        if shown.state is self._dismissed:
            return
        self._dismissed = None
        new = self._worn.draw(shown)
        if new is None:
            self._leave()
            return
        self._aim(before, shown.state)
        if new != self._face or not self._awake:
            self._wear(new)
        if self._through:
            self._let_through(self.geometry().contains(QCursor.pos()))
        if isinstance(shown.state, Listening):
            self._meter.hear(shown.state.level)
            self._run()

    def choose(self, look: Look) -> None:
        """Apply the look settings at once."""
        self._worn.style, self._stand.edge = look.pill, look.pill_place
        self._stay()
        self.update()

    def dismiss(self) -> None:
        """Hide the current outcome."""
        self._dismissed = self._state
        self._leave()

    @property
    def _awake(self) -> bool:
        """Whether the pill is visible and not fading out."""
        return self.isVisible() and self._face is not None

    def _aim(self, before: State | None, now: State) -> None:
        """Move to the right screen: chosen anew for each dictation and when the target window becomes known."""
        target = now.target if isinstance(now, Starting | Listening) else Target()
        begins = isinstance(now, Starting | Listening) and not isinstance(before, Starting | Listening)
        if begins or not self._awake:
            self._stand.choose(target)
            self._least = 0
            self._stay()
        elif self._stand.follow(target):
            self._stay()

    def _wear(self, new: Face) -> None:
        self._face = new
        self._meter.become(new.glyph)
        self._caption.say(new)
        self._hold.stop()
        self._refusal.stop()
        if new.hold_ms is not None and self._drag is None:
            self._hold.start(new.hold_ms)
        self.setCursor(Qt.CursorShape.PointingHandCursor if new.offer else Qt.CursorShape.ArrowCursor)
        self._appear()

    def _appear(self) -> None:
        assert self._face is not None
        if self.isVisible():
            self._grow(self._wanted())
            self.raise_()
        else:
            self._margin = tokens.PILL_SHADOW if x11.composited() else 0
            self._let_through(False)
            self._wide = self._wanted()
            self._place(self._wide)
            self.setWindowOpacity(0.0 if tokens.moving() else 1.0)
            self.show()
        self._fade_to(1.0)
        self._run()
        self.update()

    def _leave(self) -> None:
        self._face = None
        self._hold.stop()
        self._refusal.stop()
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
        """Return the width that the content needs; while the user speaks it only grows."""
        assert self._face is not None
        if not (self._face.settled or self._face.tentative or self._face.tail):
            return tokens.PILL_COMPACT
        wanted = max(tokens.PILL_LEAST, _ENDS + self._caption.natural_width())
        if self._face.glyph in _TALKING or (self._face.glyph is Glyph.TICK and self.isVisible()):
            self._least = wanted = max(self._least, -(-wanted // _STEP) * _STEP)
        return min(tokens.PILL_WIDTH, wanted)

    def _grow(self, width: int) -> None:
        if width == self._wide and self._width.state() == QAbstractAnimation.State.Running:
            return
        self._width.stop()
        now, self._wide = self.width() - 2 * self._margin, width
        if width == now or not tokens.moving():
            self._place(width)
            return
        self._width.setStartValue(now)
        self._width.setEndValue(width)
        self._width.start()

    def _stay(self) -> None:
        """Move to the current position without animation."""
        self._width.stop()
        if self.isVisible():
            self._place(self._wide)

    def _place(self, width: int) -> None:
        """Place the pill, `width` wide and as high as the text then needs."""
        widest = self._stand.widest
        body = self._stand.body(min(width, widest), self._caption.height(min(self._wide, widest) - _ENDS))
        m = self._margin
        place = body.adjusted(-m, -m, m, m).toRect()
        self._let_through(place.contains(QCursor.pos()) and (self._through or not self.underMouse()))
        self.setGeometry(place)
        scale = self.devicePixelRatioF()
        wide, high = (int(side * scale + 0.5) for side in (place.width(), place.height()))
        x11.cut(int(self.winId()), [] if m else ground.rows(wide, high, scale))

    def _let_through(self, through: bool) -> None:
        """Let pointer events pass through the pill, which appeared under a resting pointer.

        This lasts until the pointer moves away. Otherwise, where the focus follows the pointer, hiding the pill would
        look as if the pointer entered the window below. A pill with an action stays clickable.
        """
        through = through and not (self._face and self._face.offer) and self._drag is None
        if through != self._through:
            self._through = through
            self.windowHandle().setFlag(Qt.WindowType.WindowTransparentForInput, through)

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
        announce(self, new.spoken, urgent=new.glyph is Glyph.ALERT)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop all timers and animations."""
        for running in (self._clock, self._refusal, self._width, self._veil):
            running.stop()
        self._drag = None
        super().hideEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start a possible drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._refusal.stop()
            self._twice = False
            self._drag = Drag(event.globalPosition(), self._body())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag once the pointer has moved further than a click allows."""
        if self._drag is not None and (body := self._drag.to(event.globalPosition())) is not None:
            self._hold.stop()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._stand.drag(body, event.globalPosition())
            self._stay()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag, or perform the offered action, or dismiss the outcome; a click during speech does nothing.

        A click beside a question declines it, once it cannot be half of a double click.
        """
        if event.button() != Qt.MouseButton.LeftButton:
            return
        drag, self._drag = self._drag, None
        face = self._face
        if drag is not None and drag.began:
            self.setCursor(Qt.CursorShape.PointingHandCursor if face and face.offer else Qt.CursorShape.ArrowCursor)
            self._stand.keep()
            self._actions.set_setting("look.pill_place", "dragged")
            self._stay_up()
            return
        if face is None or face.hold_ms is None:
            return
        if self._twice:
            self._stay_up()
        elif face.offer and self._caption.offer_rect.contains(event.position()):
            self.dismiss()
            self._offers[face.offer]()
        elif face.offer is Offer.LEARN:
            self._hold.stop()
            self._refusal.start(QApplication.doubleClickInterval())
        else:
            self.dismiss()

    def _refuse(self) -> None:
        self.dismiss()
        if self._actions.decline is not None:
            self._actions.decline()

    def _stay_up(self) -> None:
        """Restart the display time of the content."""
        if self._face is not None and self._face.hold_ms is not None:
            self._hold.start(self._face.hold_ms)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Return to the automatic position without any action. The pill can be dragged on, as after any press."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._refusal.stop()
        self._twice = True
        self._stand.forget()
        self._stay()
        self._drag = Drag(event.globalPosition(), self._body())

    def _body(self) -> QRectF:
        """Return the pill's rectangle in desktop coordinates, without its shadow."""
        m = self._margin
        return QRectF(self.geometry().adjusted(m, m, -m, -m))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the shadow, the background, the glyph and the text."""
        palette = tokens.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(self._margin, self._margin, -self._margin, -self._margin)
        ground.paint(painter, body, palette, blended=bool(self._margin))
        box = QRectF(0, 0, tokens.PILL_GLYPH, tokens.PILL_GLYPH)
        box.moveCenter(QPointF(body.left() + tokens.WIDE + tokens.PILL_GLYPH / 2, body.center().y()))
        self._meter.paint(painter, sides.flip(box, body), palette)
        room = body.adjusted(tokens.WIDE + tokens.PILL_GLYPH + tokens.PAD, 0, -tokens.WIDE - tokens.UNIT, 0)
        self._caption.paint(painter, sides.flip(room, body), palette)
        painter.end()
