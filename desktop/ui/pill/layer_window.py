"""The pill in a Wayland session without X: drawn into images that a layer surface shows, or not seen at all.

A window of Wayland's can neither choose its place nor refuse the focus, and the text would go to the pill. So this
widget is never shown by Qt. Where the compositor has no layer shell (GNOME), there is no pill; its text still reaches
screen readers. It stands at the foot or the top of the screen that the compositor chooses: dragging would need a place
of the pointer on the screen, which no program knows. While the user speaks, clicks reach what is below it, and so do
those of a pointer that has not moved since an outcome without a button appeared under it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from math import ceil
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QColor, QGuiApplication, QHideEvent, QImage, QMouseEvent, QPainter, QRegion
from PySide6.QtWidgets import QApplication, QWidget

from desktop.core.errors import PasteError
from desktop.core.messages import Message
from desktop.core.state import DictationState
from desktop.ui.controllers.app import AppController
from desktop.ui.i18n import message_text
from desktop.ui.pill.content import Glyph, PillContent
from desktop.ui.pill.layer_surface import BOTTOM, TOP, LayerPlace, LayerSurface
from desktop.ui.pill.placement import PillPositions
from desktop.ui.pill.window import PillWindow, begins_dictation
from desktop.ui.style import tokens

logger = logging.getLogger(__name__)

type Notify = Callable[[str], None]
"""Shows a text as a notification of the desktop."""


class LayerPill(PillWindow):
    """The overlay on a layer surface of the session of `environ`, which it has while there is something to show."""

    def __init__(
        self,
        app: AppController,
        positions: PillPositions | None = None,
        notify: Notify = lambda text: None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        super().__init__(app, positions)
        self._notify = notify
        self._environ = environ
        self._zoom = read_zoom(environ)
        self._scale = max(1, ceil(QGuiApplication.primaryScreen().devicePixelRatio() / self._zoom))
        self._surface: LayerSurface | None = None
        self._is_shown = self._is_missing = False
        self._pressed: PillContent | None = None
        self._passed_over: PillContent | None = None
        self._draw_timer = QTimer(self, singleShot=True, interval=0)
        self._draw_timer.timeout.connect(self._draw_image)
        self._opacity_animation.valueChanged.connect(self.update)

    def isVisible(self) -> bool:
        """Return whether there is something to show."""
        return self._is_shown

    def show(self) -> None:
        """Open the surface; without one the pill lives on unseen."""
        self._is_shown = True
        self._ensure_surface()

    def hide(self) -> None:
        """Close the surface."""
        self._is_shown = False
        self._close_surface()
        self.hideEvent(QHideEvent())

    def raise_(self) -> None:
        """Open the surface again if it was lost; a layer is above all windows anyway."""
        self._ensure_surface()

    def update(self, *area: Any) -> None:
        """Draw soon, after all changes of one event loop pass."""
        if self._surface is not None:
            self._draw_timer.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close the surface with the widget."""
        self.hide()
        super().closeEvent(event)

    def _create_window(self) -> None:
        """Create none."""

    def _set_click_through(self, click_through: bool) -> None:
        """Do nothing: `_clickable_rect` decides for each image."""

    def _place(self, width: int) -> None:
        super()._place(width)
        self.update()

    def _choose_screen(self, before: DictationState | None, now: DictationState) -> None:
        """Have the compositor choose the screen anew for each dictation, also over the outcome of the last one."""
        super()._choose_screen(before, now)
        if begins_dictation(before, now) and self._surface is not None:
            self._close_surface()
            self._ensure_surface()

    def _set_content(self, new: PillContent) -> None:
        super()._set_content(new)
        if self._is_missing:
            self._notify_content()

    def _run_animation(self) -> None:
        if self._surface is not None:
            super()._run_animation()

    def _ensure_surface(self) -> None:
        """Open a surface while there is something to show."""
        if not self._is_shown or self._is_missing or self._surface is not None:
            return
        try:
            surface = LayerSurface(self, self._environ, self._layer_place())
        except PasteError as error:
            logger.warning("no pill is shown: the compositor is not reached (%r)", error.__cause__)
            return
        surface.ready.connect(self._draw_timer.start)
        surface.button_changed.connect(self._on_button)
        surface.pointer_rests.connect(self._on_pointer_rests)
        surface.pointer_left.connect(self._on_pointer_left)
        surface.missing.connect(self._on_missing)
        surface.lost.connect(lambda: self._on_surface_lost(surface))
        self._surface = surface
        self._run_animation()

    def _close_surface(self) -> None:
        surface, self._surface = self._surface, None
        self._pressed = None
        self._draw_timer.stop()
        self._frame_timer.stop()
        if surface is not None:
            surface.close()

    def _on_surface_lost(self, surface: LayerSurface) -> None:
        """Open another, once, as when the screen was unplugged; one that was never seen waits for the next content."""
        if surface is not self._surface:
            return
        self._close_surface()
        if surface.was_seen:
            QTimer.singleShot(0, self, self._ensure_surface)

    def _on_missing(self) -> None:
        """Say once that there is no pill."""
        logger.info("no pill is shown: the compositor has no layer shell")
        self._is_missing = True
        self._close_surface()
        self._notify(message_text(Message("wayland-pill-missing")))
        self._notify_content()

    def _notify_content(self) -> None:
        """Say otherwise what needs the user, without the words of a dictation."""
        content = self._content
        if content is not None and content.glyph in (Glyph.ALERT, Glyph.CLIPBOARD):
            self._notify(content.announcement)

    def _draw_image(self) -> None:
        """Show the pill as it now is, or as it is when the screen has seen the last image."""
        surface = self._surface
        if surface is None or not surface.request_draw():
            return
        self._scale = surface.scale or self._scale
        place = self._layer_place()
        image = QImage(place.width * self._scale, place.height * self._scale, QImage.Format.Format_ARGB32_Premultiplied)
        if image.isNull():
            logger.warning("no pill is shown: there is no memory for %d × %d pixels", image.width(), image.height())
            self._close_surface()
            return
        image.fill(0)
        image.setDevicePixelRatio(self._zoom * self._scale)
        self.render(image, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
        if (opacity := self.windowOpacity()) < 1:
            painter = QPainter(image)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
            painter.fillRect(self.rect(), QColor.fromRgbF(0, 0, 0, opacity))
            painter.end()
        surface.show_image(image, self._scale, place, self._clickable_rect())

    def _layer_place(self) -> LayerPlace:
        margin = tokens.PILL_MARGIN - self._margin
        return compute_place(self.width(), self.height(), margin, self._zoom, at_top=self._placement.edge == "top")

    def _clickable_rect(self) -> QRect:
        """Return where a click does something, in the surface's units: the pill without its shadow, once it shows an
        outcome or a question."""
        content = self._content
        if content is None or content.display_ms is None or content is self._passed_over:
            return QRect()
        margin, zoom = self._margin, self._zoom
        body = self.rect().adjusted(margin, margin, -margin, -margin)
        return QRect(round(body.x() * zoom), round(body.y() * zoom), *(round(s * zoom) for s in body.size().toTuple()))

    def _on_pointer_rests(self) -> None:
        """Let clicks through for a pointer that was there first, as long as this outcome is shown."""
        if self._content is not None and not self._content.action:
            self._passed_over = self._content
            self.update()

    def _on_pointer_left(self) -> None:
        self._pressed = None

    def _on_button(self, position: QPointF, is_pressed: bool) -> None:
        """Click where press and release both hit what is now shown, as Qt's own windows do once the event is done."""
        content = self._content if QRectF(self._clickable_rect()).contains(position) else None
        pressed, self._pressed = self._pressed, content if is_pressed else None
        if not is_pressed and content is not None and content is pressed:
            QTimer.singleShot(0, self, lambda: self._send_click(position / self._zoom))

    def _send_click(self, place: QPointF) -> None:
        left = Qt.MouseButton.LeftButton
        for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
            QApplication.sendEvent(self, QMouseEvent(kind, place, place, left, left, Qt.KeyboardModifier.NoModifier))


def create_pill(
    app: AppController, positions: PillPositions | None = None, notify: Notify = lambda text: None
) -> PillWindow:
    """Create the pill for Qt's platform."""
    is_wayland = QGuiApplication.platformName().startswith("wayland")
    return LayerPill(app, positions, notify) if is_wayland else PillWindow(app, positions)


def compute_place(width: int, height: int, margin: int, zoom: float, *, at_top: bool) -> LayerPlace:
    """Return the place of a window of this size in Qt's units, of which `zoom` make one of the screen's."""
    return LayerPlace(TOP if at_top else BOTTOM, round(margin * zoom), ceil(width * zoom), ceil(height * zoom))


def read_zoom(environ: Mapping[str, str]) -> float:
    """Return by how much Qt enlarges its units beyond the screen's scale (`QT_SCALE_FACTOR`)."""
    with suppress(ValueError):
        if (zoom := float(environ.get("QT_SCALE_FACTOR", ""))) > 0:
            return zoom
    return 1.0
