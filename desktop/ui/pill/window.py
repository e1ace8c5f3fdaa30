"""The pill: an overlay at the foot of the screen that shows what is recognized while the user speaks.

It must never take the focus, or the text would go to it. On X11 it bypasses the window manager (override-redirect): i3
focuses every managed window that is clicked, and openbox and xfwm4 keep a full-screen window above all that they
manage. Elsewhere `WindowDoesNotAcceptFocus` with `WA_ShowWithoutActivating` do this, but on Wayland, where
`desktop.ui.pill.layer_window` is the pill. It is created once, then shown, raised and hidden. Its text reaches screen
readers as announcements.

`desktop.ui.pill.content` decides the text and its style, `desktop.ui.pill.glyph` animates the glyph,
`desktop.ui.pill.text` draws the text, `desktop.ui.pill.placement` decides the position, `desktop.ui.pill.width` the
width. This module is the window: when it appears, dragging, clicks. Hidden, it runs no timer. Without a compositor the
shadow is left out and the window is cut to the pill's shape.
"""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QEasingCurve, QPointF, QPropertyAnimation, QRectF, Qt, QTimer
from PySide6.QtGui import QCursor, QHideEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop.core.state import AppState, DictationState, Health, Listening, Starting
from desktop.core.types import Target
from desktop.settings.schema import LookSettings
from desktop.ui import wording
from desktop.ui.controllers.app import AppController
from desktop.ui.pill import shape
from desktop.ui.pill.content import Glyph, PillAction, PillContent
from desktop.ui.pill.glyph import AnimatedGlyph
from desktop.ui.pill.placement import PillDrag, PillPlacement, PillPositions
from desktop.ui.pill.presenter import PillPresenter
from desktop.ui.pill.text import PillText
from desktop.ui.pill.width import FRAME_WIDTH, PillWidth
from desktop.ui.style import tokens
from desktop.ui.widgets.label import announce
from desktop.ui.window_system import window_system

_WINDOW_FLAGS = (
    Qt.WindowType.Tool
    | Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.WindowDoesNotAcceptFocus
    | Qt.WindowType.NoDropShadowWindowHint
)

_COMMANDS = {
    PillAction.UNDO: "resume-last",
    PillAction.RETRY: "resume-last",
    PillAction.LEARN: "learn",
    PillAction.MUTE_CALLS: "mute-calls",
    PillAction.REPLACE: "again-1",
    PillAction.RESTART: "restart",
}
"""The command that each action runs."""


class PillWindow(QWidget):
    """The overlay window. Call `draw` whenever something changed."""

    def __init__(self, app: AppController, positions: PillPositions | None = None) -> None:
        """Create the pill; `positions` stores where it is dragged, also after this pill."""
        bypass = Qt.WindowType.BypassWindowManagerHint if window_system().bypasses_manager else Qt.WindowType.Widget
        super().__init__(None, _WINDOW_FLAGS | bypass)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWindowTitle(self.tr("Intone"))
        self.setAccessibleName(self.tr("Dictation"))
        self._content: PillContent | None = None
        self._state: DictationState | None = None
        self._dismissed: DictationState | None = None
        self._app = app
        self._presenter = PillPresenter(self._announce, self._name_swap_key)
        self._drag: PillDrag | None = None
        self._is_double_click = False
        self._placement = PillPlacement(self, positions or PillPositions(Path(os.devnull), lambda work: None))
        self._placement.moved.connect(self._place_at_rest)
        self._margin = 0
        self._is_click_through = False
        self._create_window()
        self._glyph = AnimatedGlyph()
        self._text = PillText()
        self._frame_timer = QTimer(self, interval=tokens.FRAME_MS)
        self._frame_timer.timeout.connect(self._tick)
        self._dismiss_timer = QTimer(self, singleShot=True)
        self._dismiss_timer.timeout.connect(self.dismiss)
        self._decline_timer = QTimer(self, singleShot=True)
        self._decline_timer.timeout.connect(self._decline)
        self._width = PillWidth(self)
        self._width.valueChanged.connect(self._place)
        self._opacity_animation = QPropertyAnimation(self, b"windowOpacity", self)
        self._opacity_animation.setDuration(tokens.MOTION_MS)
        self._opacity_animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._opacity_animation.finished.connect(self._on_faded)

    def _create_window(self) -> None:
        """Create the native window before it is needed."""
        self.winId()

    def draw(self, app_state: AppState) -> None:
        """Show the state. An outcome that was dismissed stays hidden until the state changes."""
        before, self._state = self._state, app_state.state
        if app_state.state is self._dismissed:
            return
        self._dismissed = None
        new = self._presenter.present(app_state)
        if new is None:
            self._fade_out()
            return
        self._choose_screen(before, app_state.state)
        if new != self._content or not self._is_awake:
            self._set_content(new)
        if self._is_click_through:
            self._set_click_through(self.geometry().contains(QCursor.pos()))
        if isinstance(app_state.state, Listening):
            self._glyph.add_level(app_state.state.level)
            self._run_animation()

    def _name_swap_key(self, health: Health) -> str:
        return wording.swap_key_name(health, self._app.settings().hotkey.swap)

    def apply_look(self, look: LookSettings) -> None:
        """Apply the look settings at once."""
        self._presenter.style, self._placement.edge = look.pill, look.pill_place
        self._place_at_rest()
        self.update()

    def dismiss(self) -> None:
        """Hide the current outcome."""
        self._dismissed = self._state
        self._fade_out()

    @property
    def _is_awake(self) -> bool:
        """Whether the pill is visible and not fading out."""
        return self.isVisible() and self._content is not None

    def _choose_screen(self, before: DictationState | None, now: DictationState) -> None:
        """Move to the right screen: chosen anew for each dictation and when the target window becomes known."""
        target = now.target if isinstance(now, Starting | Listening) else Target()
        if begins_dictation(before, now) or not self._is_awake:
            self._placement.set_target(target)
            self._width.begin_dictation()
            self._place_at_rest()
        elif self._placement.follow_target(target):
            self._place_at_rest()

    def _set_content(self, new: PillContent) -> None:
        self._content = new
        self._glyph.set_glyph(new.glyph)
        self._text.set_content(new)
        self._dismiss_timer.stop()
        self._decline_timer.stop()
        if new.display_ms is not None and self._drag is None:
            self._dismiss_timer.start(new.display_ms)
        self.setCursor(Qt.CursorShape.PointingHandCursor if new.action else Qt.CursorShape.ArrowCursor)
        self._appear()

    def _appear(self) -> None:
        assert self._content is not None
        if self.isVisible():
            self._width.animate(self.width() - 2 * self._margin, self._preferred_width())
            self.raise_()
        else:
            self._margin = tokens.PILL_SHADOW if window_system().is_composited() else 0
            self._set_click_through(False)
            self._width.target = self._preferred_width()
            self._place(self._width.target)
            self.setWindowOpacity(0.0 if tokens.is_motion_enabled() else 1.0)
            self.show()
        self._fade_to(1.0)
        self._run_animation()
        self.update()

    def _fade_out(self) -> None:
        self._content = None
        self._dismiss_timer.stop()
        self._decline_timer.stop()
        if self.isVisible():
            self._fade_to(0.0)

    def _fade_to(self, opacity: float) -> None:
        self._opacity_animation.stop()
        if not tokens.is_motion_enabled() or self.windowOpacity() == opacity:
            self.setWindowOpacity(opacity)
            self._on_faded()
        else:
            self._opacity_animation.setStartValue(self.windowOpacity())
            self._opacity_animation.setEndValue(opacity)
            self._opacity_animation.start()

    def _on_faded(self) -> None:
        if self._content is None:
            self.hide()

    def _preferred_width(self) -> int:
        assert self._content is not None
        return self._width.find_preferred(self._content, self._text.natural_width(), is_visible=self.isVisible())

    def _place_at_rest(self) -> None:
        """Move to the current position without animation."""
        self._width.stop()
        if self.isVisible():
            self._place(self._width.target)

    def _place(self, width: int) -> None:
        """Place the pill, `width` wide and as high as the text then needs."""
        widest = self._placement.max_width
        body = self._placement.body_rect(
            min(width, widest), self._text.height(min(self._width.target, widest) - FRAME_WIDTH)
        )
        margin = self._margin
        rect = body.adjusted(-margin, -margin, margin, margin).toRect()
        self._set_click_through(rect.contains(QCursor.pos()) and (self._is_click_through or not self.underMouse()))
        self.setGeometry(rect)
        scale = self.devicePixelRatioF()
        width_px, height_px = (int(side * scale + 0.5) for side in (rect.width(), rect.height()))
        rows = [] if margin else shape.compute_mask_rows(width_px, height_px, scale)
        window_system().set_shape(self, rows)

    def _set_click_through(self, click_through: bool) -> None:
        """Let pointer events pass through the pill, which appeared under a resting pointer.

        This lasts until the pointer moves away. Otherwise, where the focus follows the pointer, hiding the pill would
        look as if the pointer entered the window below. A pill with an action stays clickable.
        """
        click_through = click_through and not (self._content and self._content.action) and self._drag is None
        if click_through != self._is_click_through:
            self._is_click_through = click_through
            self.windowHandle().setFlag(Qt.WindowType.WindowTransparentForInput, click_through)

    def _run_animation(self) -> None:
        if not tokens.is_motion_enabled():
            self._glyph.finish()
            self.update()
        elif self._glyph.is_moving and self._is_awake and not self._frame_timer.isActive():
            self._frame_timer.start()

    def _tick(self) -> None:
        self._glyph.advance(self._frame_timer.interval())
        if not self._glyph.is_moving:
            self._frame_timer.stop()
        self.update()

    def _announce(self, new: PillContent) -> None:
        announce(self, new.announcement, is_urgent=new.glyph is Glyph.ALERT)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop all timers and animations."""
        for running in (self._frame_timer, self._decline_timer, self._width, self._opacity_animation):
            running.stop()
        self._drag = None
        super().hideEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start a possible drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._decline_timer.stop()
            self._is_double_click = False
            self._drag = PillDrag(event.globalPosition(), self._body())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag once the pointer has moved further than a click allows."""
        if self._drag is not None and (body := self._drag.move_to(event.globalPosition())) is not None:
            self._dismiss_timer.stop()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._placement.drag_to(body, event.globalPosition())
            self._place_at_rest()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag, or perform the offered action, or dismiss the outcome; a click during speech does nothing.

        A click beside a question declines it, once it cannot be half of a double click.
        """
        if event.button() != Qt.MouseButton.LeftButton:
            return
        drag, self._drag = self._drag, None
        content = self._content
        if drag is not None and drag.has_started:
            self.setCursor(
                Qt.CursorShape.PointingHandCursor if content and content.action else Qt.CursorShape.ArrowCursor
            )
            self._placement.save_position()
            self._app.set_setting("look.pill_place", "dragged")
            self._restart_dismissal()
            return
        if content is None or content.display_ms is None:
            return
        if self._is_double_click:
            self._restart_dismissal()
        elif content.action and self._text.action_rect.contains(event.position()):
            self.dismiss()
            if content.action is PillAction.SHOW_SETTINGS:
                self._app.show_invalid_lines()
            else:
                self._app.run_command(_COMMANDS[content.action])
        elif content.action is PillAction.LEARN:
            self._dismiss_timer.stop()
            self._decline_timer.start(QApplication.doubleClickInterval())
        else:
            self.dismiss()

    def _decline(self) -> None:
        self.dismiss()
        self._app.run_command("decline")

    def _restart_dismissal(self) -> None:
        """Restart the display time of the content."""
        if self._content is not None and self._content.display_ms is not None:
            self._dismiss_timer.start(self._content.display_ms)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Return to the automatic position without any action. The pill can be dragged on, as after any press."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._decline_timer.stop()
        self._is_double_click = True
        self._placement.reset_position()
        self._place_at_rest()
        self._drag = PillDrag(event.globalPosition(), self._body())

    def _body(self) -> QRectF:
        """Return the pill's rectangle in desktop coordinates, without its shadow."""
        margin = self._margin
        return QRectF(self.geometry().adjusted(margin, margin, -margin, -margin))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the shadow, the background, the glyph and the text."""
        palette = tokens.current_palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(self._margin, self._margin, -self._margin, -self._margin)
        shape.paint_body(painter, body, palette, is_blended=bool(self._margin))
        box = QRectF(0, 0, tokens.PILL_GLYPH, tokens.PILL_GLYPH)
        box.moveCenter(QPointF(body.left() + tokens.WIDE + tokens.PILL_GLYPH / 2, body.center().y()))
        self._glyph.paint(painter, box, palette)
        room = body.adjusted(tokens.WIDE + tokens.PILL_GLYPH + tokens.PAD, 0, -tokens.WIDE - tokens.UNIT, 0)
        self._text.paint(painter, room, palette)
        painter.end()


def begins_dictation(before: DictationState | None, now: DictationState) -> bool:
    """Return whether a dictation has begun with the state `now`."""
    return isinstance(now, Starting | Listening) and not isinstance(before, Starting | Listening)
