"""Place the pill: at the foot of the screen in use above its panel, at the top, or where it was dragged.

Qt knows the space that panels leave on a single screen. On several of X11 it cuts the desktop's one rectangle
(`_NET_WORKAREA`) into screens, which subtracts a panel of the lower screen from the higher one too, so there each
panel's `_NET_WM_STRUT_PARTIAL` is subtracted from the screens that it is on.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QTimer, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication

from desktop.core.files import write_file
from desktop.core.paths import make_private_dir
from desktop.core.types import Target
from desktop.ui.style import tokens
from desktop.ui.window_system import window_system

if TYPE_CHECKING:
    from desktop.ui.x11 import PanelStrut

logger = logging.getLogger(__name__)

type PillPosition = tuple[float, float]
"""The pill's center as shares of the available width and height, each in [0, 1]."""


class PillPlacement(QObject):
    """The current screen and its free area. `moved` is emitted when screens or their free areas change."""

    moved = Signal()

    def __init__(self, parent: QObject, positions: PillPositions) -> None:
        super().__init__(parent)
        self.edge: Literal["bottom", "top", "dragged"] = "bottom"
        self._positions = positions
        self._handle = 0
        self._screen: QScreen = QGuiApplication.primaryScreen()
        self._free_area = QRectF(self._screen.availableGeometry())
        self._update_timer = QTimer(self, singleShot=True, interval=0)
        self._update_timer.timeout.connect(self._update_screens)
        desk = QGuiApplication.instance()
        assert isinstance(desk, QGuiApplication)
        desk.screenAdded.connect(self._watch_screen)
        desk.screenAdded.connect(self._update_timer.start)
        desk.screenRemoved.connect(self._update_timer.start)
        for screen in QGuiApplication.screens():
            self._watch_screen(screen)

    def set_target(self, target: Target) -> None:
        """Use the screen of `target` as it is now; when unknown, that of the active window."""
        self._handle = target.handle
        self._screen = find_screen(target.handle)
        self._measure_free_area()

    def follow_target(self, target: Target) -> bool:
        """Move to the screen of `target` if its window changed; return whether the screen did."""
        if target.handle in (0, self._handle):
            return False
        before = self._screen
        self.set_target(target)
        return self._screen is not before

    @property
    def max_width(self) -> int:
        """The greatest width that leaves a margin on both sides."""
        return max(tokens.PILL_HEIGHT, round(self._free_area.width()) - 2 * tokens.PILL_MARGIN)

    def body_rect(self, width: int, height: int) -> QRectF:
        """Return the rectangle for a pill of this size."""
        room = self._free_area
        body = QRectF(0, 0, width, height)
        position = self._positions.get_position(self._screen.name()) if self.edge == "dragged" else None
        if position is not None:
            body.moveCenter(room.topLeft() + QPointF(position[0] * room.width(), position[1] * room.height()))
            return fit_into(room, body)
        body.moveCenter(QPointF(room.center().x(), 0))
        if self.edge == "top":
            body.moveTop(room.top() + tokens.PILL_MARGIN)
        else:
            body.moveBottom(room.bottom() - tokens.PILL_MARGIN)
        return body

    def drag_to(self, body: QRectF, pointer: QPointF) -> None:
        """Store the position of `body`, dragged by `pointer`, on the pointer's screen."""
        screen = QGuiApplication.screenAt(pointer.toPoint())
        if screen is not None and screen is not self._screen:
            self._screen = screen
            self._measure_free_area()
        room, middle = self._free_area, fit_into(self._free_area, body).center()
        self.edge = "dragged"
        self._positions.set_position(
            self._screen.name(),
            ((middle.x() - room.left()) / room.width(), (middle.y() - room.top()) / room.height()),
        )

    def save_position(self) -> None:
        """Save the dragged position."""
        self._positions.save()

    def reset_position(self) -> None:
        """Delete the dragged position on this screen."""
        self._positions.set_position(self._screen.name(), None)
        self._positions.save()

    def _watch_screen(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._update_timer.start)
        screen.availableGeometryChanged.connect(self._update_timer.start)

    def _update_screens(self) -> None:
        """Measure again, after all changes of one event loop pass."""
        screens = QGuiApplication.screens()
        if self._screen not in screens:
            self._screen = QGuiApplication.primaryScreen()
        self._measure_free_area()
        self.moved.emit()

    def _measure_free_area(self) -> None:
        screen = self._screen
        panels = window_system().find_panels() if len(QGuiApplication.screens()) > 1 else None
        if panels is None:
            self._free_area = QRectF(screen.availableGeometry())
            return
        whole = _native_rect(screen)
        bottom = find_bottom(whole, panels.desktop_height, panels.struts)
        self._free_area = QRectF(screen.geometry())
        self._free_area.setHeight((bottom - whole.top()) / screen.devicePixelRatio())


class PillPositions:
    """Where the user has dragged the pill to on each screen, stored in `file`.

    A position is stored as shares of the screen's available area, so that it holds at another resolution, and by the
    screen's name, so that a reconnected screen has it again. The file is read once.
    """

    def __init__(self, file: Path, run_in_background: Callable[[Callable[[], None]], None]) -> None:
        """`run_in_background` runs its argument where writing blocks nothing."""
        self._file = file
        self._run_in_background = run_in_background
        self._positions = _read_positions(file)

    def get_position(self, screen: str) -> PillPosition | None:
        """Return the position on `screen`; None where it was never dragged there."""
        return self._positions.get(screen)

    def set_position(self, screen: str, position: PillPosition | None) -> None:
        """Set the position on `screen`, or remove it with None."""
        self._positions.pop(screen, None)
        if position is not None:
            self._positions[screen] = position

    def save(self) -> None:
        """Save the positions for the next start."""
        text = json.dumps(self._positions)
        self._run_in_background(lambda: _write_positions(self._file, text))


class PillDrag:
    """One drag, from the press on: computes the pill's rectangle.

    `has_started`: the pointer moved further than a click allows.
    """

    def __init__(self, pointer: QPointF, body: QRectF) -> None:
        """`pointer` and `body` are the positions at the press, in desktop coordinates."""
        self.has_started = False
        self._pointer = QPointF(pointer)
        self._body = QRectF(body)

    def move_to(self, pointer: QPointF) -> QRectF | None:
        """Return the pill's rectangle for this pointer; None while it may still be a click."""
        offset = pointer - self._pointer
        self.has_started = self.has_started or offset.manhattanLength() >= QApplication.startDragDistance()
        return self._body.translated(offset) if self.has_started else None


def find_screen(handle: int) -> QScreen:
    """Return the screen with the centre of window `handle`, of the active one where that is unknown (0 or less), else
    the screen under the pointer."""
    rect = window_system().find_rect(handle)
    if rect is not None:
        for screen in QGuiApplication.screens():
            if _native_rect(screen).contains(rect.center()):
                return screen
    return QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()


def find_bottom(screen: QRect, desk_height: int, struts: Iterable[PanelStrut]) -> int:
    """Return the first line below the area that panels leave of `screen`, in native pixels.

    A strut's height counts from the desktop's foot, whichever screen its panel is on. A strut whose top is above the
    middle of `screen` belongs to a screen above and is ignored.
    """
    bottom = screen.top() + screen.height()
    for strut in struts:
        top = desk_height - strut.height
        beside = strut.right < screen.left() or strut.left > screen.right()
        if not beside and top > screen.center().y():
            bottom = min(bottom, top)
    return bottom


def fit_into(room: QRectF, body: QRectF) -> QRectF:
    """Return `body` moved into `room`, with a small margin."""
    fitted = QRectF(body)
    least = tokens.UNIT
    fitted.moveLeft(max(room.left() + least, min(body.left(), room.right() - least - body.width())))
    fitted.moveTop(max(room.top() + least, min(body.top(), room.bottom() - least - body.height())))
    return fitted


def _native_rect(screen: QScreen) -> QRect:
    """Return the screen in native pixels: Qt keeps the corner and scales the size."""
    rect = screen.geometry()
    rect.setSize(rect.size() * screen.devicePixelRatio())
    return rect


def _read_positions(file: Path) -> dict[str, PillPosition]:
    """Load the stored positions; empty if the file is invalid."""
    try:
        stored = json.loads(file.read_text())
        return {str(name): (_clamp_share(x), _clamp_share(y)) for name, (x, y) in stored.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _write_positions(file: Path, text: str) -> None:
    try:
        make_private_dir(file.parent)
        write_file(file, text)
    except OSError as error:
        logger.warning("the place of the overlay is not kept: %s", error.strerror)


def _clamp_share(value: object) -> float:
    return min(1.0, max(0.0, float(str(value))))
