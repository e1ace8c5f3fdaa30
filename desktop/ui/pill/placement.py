"""Place the pill: at the foot of the screen in use above its panel, at the top, or where it was dragged.

Qt knows the space that panels leave on a single screen. On several it cuts the desktop's one rectangle
(`_NET_WORKAREA`) into screens, which subtracts a panel of the lower screen from the higher one too, so there each
panel's `_NET_WM_STRUT_PARTIAL` is subtracted from the screens that it is on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QTimer, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QScreen

from desktop.core.types import Target
from desktop.ui import x11
from desktop.ui.pill.pill_places import Places
from desktop.ui.style import tokens


class Stand(QObject):
    """The current screen and its free area. `moved` is emitted when screens or their free areas change."""

    moved = Signal()

    def __init__(self, parent: QObject, places: Places) -> None:
        super().__init__(parent)
        self.edge: Literal["bottom", "top", "dragged"] = "bottom"
        self._places = places
        self._handle = 0
        self._screen: QScreen = QGuiApplication.primaryScreen()
        self._room = QRectF(self._screen.availableGeometry())
        self._settling = QTimer(self, singleShot=True, interval=0)
        self._settling.timeout.connect(self._settle)
        desk = QGuiApplication.instance()
        assert isinstance(desk, QGuiApplication)
        desk.screenAdded.connect(self._follow)
        desk.screenAdded.connect(self._settling.start)
        desk.screenRemoved.connect(self._settling.start)
        for screen in QGuiApplication.screens():
            self._follow(screen)

    def choose(self, target: Target) -> None:
        """Use the screen of `target` as it is now; when unknown, that of the active window."""
        self._handle = target.handle
        self._screen = screen_of(target.handle)
        self._measure()

    def follow(self, target: Target) -> bool:
        """Move to the screen of `target` if its window changed; return whether the screen did."""
        if target.handle in (0, self._handle):
            return False
        before = self._screen
        self.choose(target)
        return self._screen is not before

    @property
    def widest(self) -> int:
        """The greatest width that leaves a margin on both sides."""
        return max(tokens.PILL_HEIGHT, round(self._room.width()) - 2 * tokens.PILL_EDGE)

    def body(self, width: int, height: int) -> QRectF:
        """Return the rectangle for a pill of this size."""
        room = self._room
        body = QRectF(0, 0, width, height)
        place = self._places.get(self._screen.name()) if self.edge == "dragged" else None
        if place is not None:
            body.moveCenter(room.topLeft() + QPointF(place[0] * room.width(), place[1] * room.height()))
            return within(room, body)
        body.moveCenter(QPointF(room.center().x(), 0))
        if self.edge == "top":
            body.moveTop(room.top() + tokens.PILL_EDGE)
        else:
            body.moveBottom(room.bottom() - tokens.PILL_EDGE)
        return body

    def drag(self, body: QRectF, pointer: QPointF) -> None:
        """Store the position of `body`, dragged by `pointer`, on the pointer's screen."""
        screen = QGuiApplication.screenAt(pointer.toPoint())
        if screen is not None and screen is not self._screen:
            self._screen = screen
            self._measure()
        room, middle = self._room, within(self._room, body).center()
        self.edge = "dragged"
        self._places.move(
            self._screen.name(),
            ((middle.x() - room.left()) / room.width(), (middle.y() - room.top()) / room.height()),
        )

    def keep(self) -> None:
        """Save the dragged position."""
        self._places.save()

    def forget(self) -> None:
        """Delete the dragged position on this screen."""
        self._places.move(self._screen.name(), None)
        self._places.save()

    def _follow(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._settling.start)
        screen.availableGeometryChanged.connect(self._settling.start)

    def _settle(self) -> None:
        """Measure again, after all changes of one event loop pass."""
        screens = QGuiApplication.screens()
        if self._screen not in screens:
            self._screen = QGuiApplication.primaryScreen()
        self._measure()
        self.moved.emit()

    def _measure(self) -> None:
        screen = self._screen
        if len(QGuiApplication.screens()) == 1:
            self._room = QRectF(screen.availableGeometry())
            return
        whole = _pixels(screen)
        foot = foot_of(whole, x11.desk_height(), x11.bottom_struts())
        self._room = QRectF(screen.geometry())
        self._room.setHeight((foot - whole.top()) / screen.devicePixelRatio())


def within(room: QRectF, body: QRectF) -> QRectF:
    """Return `body` moved into `room`, with a small margin."""
    kept = QRectF(body)
    least = tokens.UNIT
    kept.moveLeft(max(room.left() + least, min(body.left(), room.right() - least - body.width())))
    kept.moveTop(max(room.top() + least, min(body.top(), room.bottom() - least - body.height())))
    return kept


def screen_of(handle: int) -> QScreen:
    """Return the screen with the centre of window `handle`; of the active window for 0, else under the pointer."""
    rect = x11.window_rect(handle or x11.active_window())
    if rect is not None:
        for screen in QGuiApplication.screens():
            if _pixels(screen).contains(rect.center()):
                return screen
    return QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()


def foot_of(screen: QRect, desk_height: int, struts: Iterable[x11.Strut]) -> int:
    """Return the first line below the area that panels leave of `screen`, in native pixels.

    A strut's height counts from the desktop's foot, whichever screen its panel is on. A strut whose top is above the
    middle of `screen` belongs to a screen above and is ignored.
    """
    foot = screen.top() + screen.height()
    for strut in struts:
        top = desk_height - strut.height
        beside = strut.right < screen.left() or strut.left > screen.right()
        if not beside and top > screen.center().y():
            foot = min(foot, top)
    return foot


def _pixels(screen: QScreen) -> QRect:
    """Return the screen in native pixels: Qt keeps the corner and scales the size."""
    rect = screen.geometry()
    rect.setSize(rect.size() * screen.devicePixelRatio())
    return rect
