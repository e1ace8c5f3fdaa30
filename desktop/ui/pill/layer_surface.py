"""Show images above all windows by the compositor's layer shell, without the focus: those of the pill without XWayland.

The few requests are sent by our own connection (docs/adr/0017-own-layer-surface.md), whose protocol the paster has too.
A surface begins with its connection and ends with it, so that nothing needs to be undone, and the compositor chooses
the screen anew each time, the one in use. Nothing waits for the compositor: it answers when it can. Each image is a
piece of shared memory of its own, written once: the compositor has it until it has drawn it. (wlr-layer-shell, version
1; Wayland's core.)
"""

from __future__ import annotations

import logging
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic

from PySide6.QtCore import QObject, QPointF, QRect, QSocketNotifier, Signal
from PySide6.QtGui import QImage

from desktop.core.errors import PasteError
from desktop.paste.wayland.protocol import DISPLAY_ID, GET_REGISTRY, LAYER_SHELL, Compositor, WaylandEvent

logger = logging.getLogger(__name__)

CREATE_SURFACE, CREATE_REGION = 0, 1
GET_LAYER_SURFACE, SET_SIZE, SET_ANCHOR, SET_MARGIN, ACK_CONFIGURE = 0, 0, 1, 3, 6
CREATE_POOL, CREATE_BUFFER, DESTROY_POOL = 0, 0, 1
ATTACH, DAMAGE, FRAME, SET_INPUT_REGION, COMMIT, SET_BUFFER_SCALE = 1, 2, 3, 5, 6, 8
ADD_RECTANGLE, GET_POINTER, DESTROY = 1, 0, 0
GET_CURSOR, SET_SHAPE = 1, 1
"""Opcodes of requests: to the compositor, the layer shell and its surface, shared memory and its pool, a surface, a
region, a seat; to destroy a region or a buffer; to the manager of cursor shapes and a pointer's cursor."""

CONFIGURE, CLOSED, PREFERRED_SCALE, CAPABILITIES = 0, 1, 2, 0
ENTER, LEAVE, MOTION, BUTTON = 0, 1, 2, 3
ADDED, REMOVED = 0, 1
"""Opcodes of events: of a layer surface, a surface, a seat; of a pointer; of the list of interfaces."""

OVERLAY, TOP, BOTTOM = 3, 1, 2
"""The layer above full-screen windows, and the edges of a screen."""

ARGB32 = 0
"""wl_shm's premultiplied format of 32 bits, Qt's `Format_ARGB32_Premultiplied`."""

HAS_POINTER, LEFT_BUTTON = 1, 0x110

CURSOR_SHAPES, ARROW = "wp_cursor_shape_manager_v1", 1
"""The interface that shows a cursor by its name, and the usual one. Without it the last program's cursor stays."""

MAX_SCALE = 8
"""The greatest scale of a screen that is believed."""

RESTING_S = 0.1
"""Seconds after the clickable part changed in which a pointer that enters it was there before."""

MAX_COMPOSITOR_VERSION = 6
"""The version of wl_compositor that tells a surface's scale; earlier ones are used without."""

EVERYTHING = 0x7FFF_FFFF


@dataclass(frozen=True, slots=True)
class LayerPlace:
    """A surface at the middle of the edge `edge` of its screen, beside panels. In the screen's own units."""

    edge: int
    margin: int
    width: int
    height: int


class LayerSurface(QObject):
    """A surface above all windows, from its construction to `close`, a child of `parent`. For the main thread.

    `ready` is emitted when an image can be shown: once for the first, then when the last one was seen (`was_seen`) and
    `request_draw` was called since. `missing`: the compositor has no layer shell; `lost`: it has taken the surface
    away. Both close the surface. `button_changed` has the place of the pointer and whether the left button is now
    pressed; `pointer_rests` is emitted when `show_image`'s clickable part has come under the pointer, `pointer_left`
    when it left that part. `scale` is the screen's, 0 until it is known.
    """

    ready = Signal()
    missing = Signal()
    lost = Signal()
    button_changed = Signal(QPointF, bool)
    pointer_rests = Signal()
    pointer_left = Signal()

    def __init__(self, parent: QObject, environ: Mapping[str, str], place: LayerPlace) -> None:
        """Connect. Raises `PasteError` where there is no compositor."""
        super().__init__(parent)
        self.scale = 0
        self.was_seen = False
        self._place = place
        self._clickable = QRect(-1, -1, 1, 1)
        self._clickable_since = 0.0
        self._is_open = self._is_configured = self._is_wanted = self._is_drawing = self._has_pointer = False
        self._pointer_at = QPointF()
        self._cursor = 0
        self._screens: set[int] = set()
        try:
            self._wayland = Compositor(environ, self._lose, self._create)
        except PasteError:
            self.deleteLater()
            raise
        self._is_open = True
        self._notifier = QSocketNotifier(self._wayland.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._wayland.read_events)

    def close(self) -> None:
        """Take the surface away, by ending the connection."""
        if self._is_open:
            self._is_open = False
            self._notifier.setEnabled(False)
            self._wayland.close()
            self.deleteLater()  # not by the garbage collector, which may run in another thread

    def request_draw(self) -> bool:
        """Return whether an image can be shown now; else `ready` is emitted as soon as one can be."""
        self._is_wanted = True
        return self._is_open and self._is_configured and not self._is_drawing

    def show_image(self, image: QImage, scale: int, place: LayerPlace, clickable: QRect) -> None:
        """Show `image`, which has `scale` pixels for a unit of `place`; clicks outside of `clickable` go to the windows
        below."""
        if not self._is_open:
            return
        try:
            self._set_place(place)
            self._set_clickable(clickable)
            if self._compositor_version >= 3:
                self._wayland.send_request(self._surface, SET_BUFFER_SCALE, scale)
            self._wayland.send_request(self._surface, ATTACH, self._create_buffer(image), 0, 0)
            self._wayland.send_request(self._surface, DAMAGE, 0, 0, EVERYTHING, EVERYTHING)
            self._wayland.send_request(self._surface, FRAME, self._wayland.new_object(self._on_frame))
            self._wayland.send_request(self._surface, COMMIT)
        except OSError as error:
            logger.warning("the pill's surface was lost: %r", error)
            self._lose()
        else:
            self._is_drawing, self._is_wanted = True, False

    def _create(self) -> None:
        wayland = self._wayland
        if not {LAYER_SHELL, "wl_compositor", "wl_shm", "wl_seat"} <= wayland.globals.keys():
            self.close()
            self.missing.emit()
            return
        self._compositor_version = min(MAX_COMPOSITOR_VERSION, wayland.globals["wl_compositor"][1])
        self._compositor = wayland.bind_global("wl_compositor", self._compositor_version)
        self._memory = wayland.bind_global("wl_shm")
        shell = wayland.bind_global(LAYER_SHELL)
        self._surface = wayland.new_object(self._on_surface_event)
        wayland.send_request(self._compositor, CREATE_SURFACE, self._surface)
        self._layer = wayland.new_object(self._on_layer_event)
        any_screen = 0
        wayland.send_request(shell, GET_LAYER_SURFACE, self._layer, self._surface, any_screen, OVERLAY, "intone")
        self._send_place(self._place)
        wayland.send_request(self._surface, COMMIT)
        wayland.handle_object(wayland.bind_global("wl_seat"), self._on_seat_event)
        wayland.send_request(DISPLAY_ID, GET_REGISTRY, wayland.new_object(self._on_interface_event))

    def _set_place(self, place: LayerPlace) -> None:
        if place != self._place:
            self._place = place
            self._send_place(place)

    def _send_place(self, place: LayerPlace) -> None:
        margins = place.margin if place.edge == TOP else 0, 0, place.margin if place.edge == BOTTOM else 0, 0
        self._wayland.send_request(self._layer, SET_SIZE, place.width, place.height)
        self._wayland.send_request(self._layer, SET_ANCHOR, place.edge)
        self._wayland.send_request(self._layer, SET_MARGIN, *margins)

    def _set_clickable(self, rect: QRect) -> None:
        if rect == self._clickable:
            return
        self._clickable, self._clickable_since = QRect(rect), monotonic()
        region = self._wayland.new_object(lambda event: None)
        self._wayland.send_request(self._compositor, CREATE_REGION, region)
        if not rect.isEmpty():
            self._wayland.send_request(region, ADD_RECTANGLE, rect.x(), rect.y(), rect.width(), rect.height())
        self._wayland.send_request(self._surface, SET_INPUT_REGION, region)
        self._wayland.send_request(region, DESTROY)

    def _create_buffer(self, image: QImage) -> int:
        """Copy `image` into shared memory, and return the buffer, which goes when the compositor has released it."""
        wayland, size = self._wayland, image.sizeInBytes()
        memory = os.memfd_create("pill")
        try:
            with os.fdopen(os.dup(memory), "wb") as file:
                file.write(image.constBits())
            pool = wayland.new_object(lambda event: None)
            wayland.send_request(self._memory, CREATE_POOL, pool, size, fds=[memory])
        finally:
            os.close(memory)
        buffer = wayland.new_object(lambda event: wayland.send_request(event.object, DESTROY))
        shape = image.width(), image.height(), image.bytesPerLine()
        wayland.send_request(pool, CREATE_BUFFER, buffer, 0, *shape, ARGB32)
        wayland.send_request(pool, DESTROY_POOL)
        return buffer

    def _tell_if_ready(self) -> None:
        if self._is_wanted and self.request_draw():
            self.ready.emit()

    def _on_layer_event(self, event: WaylandEvent) -> None:
        if event.opcode == CLOSED:  # its screen is gone
            self._lose()
        elif event.opcode == CONFIGURE:
            self._wayland.send_request(self._layer, ACK_CONFIGURE, event.read_number())
            self._is_wanted = self._is_wanted or not self._is_configured
            self._is_configured = True
            self._tell_if_ready()

    def _on_interface_event(self, event: WaylandEvent) -> None:
        """Give the surface up when a screen is gone, which may be its own: sway 1.10 says no more than that."""
        name = event.read_number()
        if event.opcode == ADDED and event.read_string(4) == "wl_output":
            self._screens.add(name)
        elif event.opcode == REMOVED and name in self._screens:
            self._lose()

    def _on_surface_event(self, event: WaylandEvent) -> None:
        if event.opcode == PREFERRED_SCALE and 1 <= (scale := event.read_number()) <= MAX_SCALE:
            self._is_wanted = self._is_wanted or scale != self.scale
            self.scale = scale
            self._tell_if_ready()

    def _on_frame(self, event: WaylandEvent) -> None:
        self._is_drawing, self.was_seen = False, True
        self._tell_if_ready()

    def _on_seat_event(self, event: WaylandEvent) -> None:
        if event.opcode != CAPABILITIES:
            return
        had_pointer, self._has_pointer = self._has_pointer, bool(event.read_number() & HAS_POINTER)
        if self._has_pointer and not had_pointer:
            pointer = self._wayland.new_object(self._on_pointer_event)
            self._wayland.send_request(event.object, GET_POINTER, pointer)
            if CURSOR_SHAPES in self._wayland.globals:
                shapes = self._wayland.bind_global(CURSOR_SHAPES)
                self._cursor = self._wayland.new_object(lambda event: None)
                self._wayland.send_request(shapes, GET_CURSOR, self._cursor, pointer)

    def _on_pointer_event(self, event: WaylandEvent) -> None:
        """Follow the pointer; its position is in 256th of a unit."""
        if event.opcode in (ENTER, MOTION):
            x, y = struct.unpack_from("=ii", event.body, 8 if event.opcode == ENTER else 4)
            self._pointer_at = QPointF(x / 256, y / 256)
        if event.opcode == ENTER:
            if self._cursor:
                self._wayland.send_request(self._cursor, SET_SHAPE, event.read_number(), ARROW)
            if monotonic() < self._clickable_since + RESTING_S:
                self.pointer_rests.emit()
        elif event.opcode == LEAVE:
            self.pointer_left.emit()
        elif event.opcode == BUTTON:
            _, _, button, state = struct.unpack_from("=4I", event.body)
            if button == LEFT_BUTTON:
                self.button_changed.emit(self._pointer_at, bool(state))

    def _lose(self) -> None:
        if self._is_open:
            self.close()
            self.lost.emit()
