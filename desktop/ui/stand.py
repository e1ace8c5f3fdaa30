"""Where the pill stands: at the foot of the screen that is being written on, above what a panel has taken there.

Qt knows the room that panels leave on a desk of one screen. On several it cuts the whole desk's one rectangle
(`_NET_WORKAREA`) into screens, which takes a panel on the lower screen away from the higher one too, so there what each
panel asks for (`_NET_WM_STRUT_PARTIAL`) is taken from the screens that it stands on.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QTimer, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QScreen

from desktop.ports import Target
from desktop.ui import tokens, x11


class Stand(QObject):
    """One screen, and the room on it. `moved` says that a screen came, went, or has other room than before."""

    moved = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
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
        """Stand on the screen of `target`, as it lies now; where that is not known, of the window in use."""
        self._handle = target.handle
        self._screen = screen_of(target.handle)
        self._measure()

    def follow(self, target: Target) -> bool:
        """Stand where `target` is, if it is another window than before. Whether that is another screen."""
        if target.handle in (0, self._handle):
            return False
        before = self._screen
        self.choose(target)
        return self._screen is not before

    @property
    def widest(self) -> int:
        """The greatest width that leaves an edge at both sides."""
        return max(tokens.PILL_HEIGHT, round(self._room.width()) - 2 * tokens.PILL_EDGE)

    def body(self, width: int, height: int) -> QRectF:
        """Where a pill of this size is to be."""
        body = QRectF(0, 0, width, height)
        body.moveCenter(QPointF(self._room.center().x(), 0))
        body.moveBottom(self._room.bottom() - tokens.PILL_EDGE)
        return body

    def _follow(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._settling.start)
        screen.availableGeometryChanged.connect(self._settling.start)

    def _settle(self) -> None:
        """Measure anew, once all that changes together has changed."""
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


def screen_of(handle: int) -> QScreen:
    """The screen that the middle of the window `handle` is on; of the active window for 0, else under the pointer."""
    rect = x11.window_rect(handle or x11.active_window())
    if rect is not None:
        for screen in QGuiApplication.screens():
            if _pixels(screen).contains(rect.center()):
                return screen
    return QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()


def foot_of(screen: QRect, desk_height: int, struts: Iterable[x11.Strut]) -> int:
    """The first line below what panels leave of `screen`, all in the desk's own pixels.

    A strut is counted from the desk's foot, so one that belongs to a lower screen is longer than that; one that would
    leave nothing belongs to the screen above.
    """
    foot = screen.top() + screen.height()
    for strut in struts:
        top = desk_height - strut.height
        beside = strut.right < screen.left() or strut.left > screen.right()
        if not beside and top > screen.center().y():
            foot = min(foot, top)
    return foot


def _pixels(screen: QScreen) -> QRect:
    """The screen in the desk's own pixels: Qt leaves its corner where it is and scales its size."""
    rect = screen.geometry()
    rect.setSize(rect.size() * screen.devicePixelRatio())
    return rect
