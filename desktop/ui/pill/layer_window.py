"""The pill in a Wayland session without X: drawn into images that a layer surface shows, or not seen at all.

A window of Wayland's can neither choose its place nor refuse the focus, and the text would go to the pill. So this
widget is never shown by Qt. Where the compositor has no layer shell (GNOME), there is no pill; its text still reaches
screen readers. It stands at the foot or the top of the screen that the compositor chooses: dragging would need a place
of the pointer on the screen, which no program knows. While the user speaks, clicks reach what is below it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from math import ceil
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QColor, QGuiApplication, QHideEvent, QImage, QMouseEvent, QPainter, QRegion
from PySide6.QtWidgets import QApplication, QWidget

from desktop.core.errors import PasteError
from desktop.ui.controllers.app import AppController
from desktop.ui.pill.layer_surface import BOTTOM, TOP, LayerPlace, LayerSurface
from desktop.ui.pill.placement import PillPositions
from desktop.ui.pill.window import PillWindow
from desktop.ui.style import tokens

logger = logging.getLogger(__name__)


class LayerPill(PillWindow):
    """The overlay on a layer surface of the session of `environ`, which it has while there is something to show."""

    def __init__(
        self, app: AppController, positions: PillPositions | None = None, environ: Mapping[str, str] = os.environ
    ) -> None:
        super().__init__(app, positions)
        self._environ = environ
        self._zoom = read_zoom(environ)
        self._scale = max(1, ceil(QGuiApplication.primaryScreen().devicePixelRatio() / self._zoom))
        self._surface: LayerSurface | None = None
        self._is_shown = False
        self._draw_timer = QTimer(self, singleShot=True, interval=0)
        self._draw_timer.timeout.connect(self._request_draw)
        self._opacity_animation.valueChanged.connect(self.update)

    def isVisible(self) -> bool:
        """Return whether there is something to show."""
        return self._is_shown

    def show(self) -> None:
        """Open the surface; without one the pill lives on unseen."""
        self._is_shown = True
        try:
            self._surface = LayerSurface(
                self, self._environ, self._layer_place(), self._draw_image, self._click, self._on_surface_lost
            )
        except PasteError as error:
            logger.info("no pill is shown: there is no layer shell (%r)", error.__cause__)

    def hide(self) -> None:
        """Close the surface."""
        self._is_shown = False
        self._draw_timer.stop()
        if self._surface is not None:
            self._surface.close()
            self._surface = None
        self.hideEvent(QHideEvent())

    def raise_(self) -> None:
        """Do nothing: a layer is above all windows."""

    def update(self, *area: Any) -> None:
        """Draw soon, after all changes of one event loop pass."""
        if self._is_shown:
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

    def _request_draw(self) -> None:
        if self._surface is not None:
            self._surface.request_draw()

    def _draw_image(self) -> None:
        """Show the pill as it now is."""
        surface = self._surface
        if surface is None:
            return
        self._scale = surface.scale or self._scale
        place = self._layer_place()
        image = QImage(place.width * self._scale, place.height * self._scale, QImage.Format.Format_ARGB32_Premultiplied)
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
        if self._content is None or self._content.display_ms is None:
            return QRect()
        margin, zoom = self._margin, self._zoom
        body = self.rect().adjusted(margin, margin, -margin, -margin)
        return QRect(round(body.x() * zoom), round(body.y() * zoom), *(round(s * zoom) for s in body.size().toTuple()))

    def _click(self, position: QPointF) -> None:
        """Handle a click at `position` of the surface as Qt's own windows do, once its event is done with."""
        QTimer.singleShot(0, self, lambda: self._send_click(position / self._zoom))

    def _send_click(self, place: QPointF) -> None:
        left = Qt.MouseButton.LeftButton
        for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
            QApplication.sendEvent(self, QMouseEvent(kind, place, place, left, left, Qt.KeyboardModifier.NoModifier))

    def _on_surface_lost(self) -> None:
        """Go on without a surface: the next time that there is something to show opens another."""
        self._surface = None


def create_pill(app: AppController, positions: PillPositions | None = None) -> PillWindow:
    """Create the pill for Qt's platform."""
    is_wayland = QGuiApplication.platformName().startswith("wayland")
    return LayerPill(app, positions) if is_wayland else PillWindow(app, positions)


def compute_place(width: int, height: int, margin: int, zoom: float, *, at_top: bool) -> LayerPlace:
    """Return the place of a window of this size in Qt's units, of which `zoom` make one of the screen's."""
    return LayerPlace(TOP if at_top else BOTTOM, round(margin * zoom), ceil(width * zoom), ceil(height * zoom))


def read_zoom(environ: Mapping[str, str]) -> float:
    """Return by how much Qt enlarges its units beyond the screen's scale (`QT_SCALE_FACTOR`)."""
    with suppress(ValueError):
        if (zoom := float(environ.get("QT_SCALE_FACTOR", ""))) > 0:
            return zoom
    return 1.0
