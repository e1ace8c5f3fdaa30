"""Show images above all windows by the compositor's layer shell, without the focus: those of the pill without XWayland.

The few requests are sent by our own connection (docs/adr/0017-own-layer-surface.md), whose protocol the paster has too.
A surface begins with its connection and ends with it, so that nothing needs to be undone, and the compositor chooses
the screen anew each time, the one in use. Each image is a piece of shared memory of its own, written once: the
compositor has it until it has drawn it. (wlr-layer-shell, version 1; Wayland's core.)
"""

from __future__ import annotations

import logging
import os
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, QRect, QSocketNotifier
from PySide6.QtGui import QImage

from desktop.core.errors import PasteError
from desktop.paste.wayland.protocol import LAYER_SHELL, Compositor, WaylandEvent

logger = logging.getLogger(__name__)

CREATE_SURFACE, CREATE_REGION = 0, 1
GET_LAYER_SURFACE, SET_SIZE, SET_ANCHOR, SET_MARGIN, ACK_CONFIGURE = 0, 0, 1, 3, 6
CREATE_POOL, CREATE_BUFFER, DESTROY_POOL = 0, 0, 1
ATTACH, DAMAGE, FRAME, SET_INPUT_REGION, COMMIT, SET_BUFFER_SCALE = 1, 2, 3, 5, 6, 8
ADD_RECTANGLE, GET_POINTER, DESTROY = 1, 0, 0
"""Opcodes of requests: to the compositor, the layer shell and its surface, shared memory and its pool, a surface, a
region, a seat; to destroy a region or a buffer."""

CONFIGURE, CLOSED, PREFERRED_SCALE, CAPABILITIES = 0, 1, 2, 0
ENTER, MOTION, BUTTON = 0, 2, 3
"""Opcodes of events: of a layer surface, a surface, a seat; of a pointer."""

OVERLAY, TOP, BOTTOM = 3, 1, 2
"""The layer above full-screen windows, and the edges of a screen."""

ARGB32 = 0
"""wl_shm's premultiplied format of 32 bits, Qt's `Format_ARGB32_Premultiplied`."""

HAS_POINTER, LEFT_BUTTON, RELEASED = 1, 0x110, 0
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


class LayerSurface:
    """A surface above all windows, from its construction to `close`. Belongs to the main thread.

    `on_ready()` is called when an image can be shown: once for the first, then when the last one was seen and
    `request_draw` was called since. `on_click(position)` is called for a click into `show_image`'s clickable part,
    `on_lost()` when the compositor has taken the surface away. `parent` outlives it.
    """

    def __init__(
        self,
        parent: QObject,
        environ: Mapping[str, str],
        place: LayerPlace,
        on_ready: Callable[[], None],
        on_click: Callable[[QPointF], None],
        on_lost: Callable[[], None],
    ) -> None:
        """Connect. Raises `PasteError` where there is no such compositor."""
        self.scale = 0
        self._on_ready, self._on_click, self._on_lost = on_ready, on_click, on_lost
        self._place = place
        self._clickable = QRect(-1, -1, 1, 1)
        self._is_configured = self._is_wanted = self._is_drawing = self._has_pointer = False
        self._pointer_at = QPointF()
        self._wayland = Compositor(environ, self._on_connection_lost)
        try:
            self._create(place)
        except (OSError, KeyError) as error:
            self._wayland.close()
            raise PasteError("paste-compositor-unreachable") from error
        self._is_open = True
        self._notifier = QSocketNotifier(self._wayland.fileno(), QSocketNotifier.Type.Read, parent)
        self._notifier.activated.connect(self._wayland.read_events)

    def close(self) -> None:
        """Take the surface away, by ending the connection."""
        if self._is_open:
            self._is_open = False
            self._notifier.setEnabled(False)
            self._notifier.deleteLater()  # not by the garbage collector, which may run in another thread
            self._wayland.close()

    def request_draw(self) -> None:
        """Have `on_ready` called as soon as the screen has seen the last image."""
        self._is_wanted = True
        self._draw_if_possible()

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
            self._on_connection_lost()
        else:
            self._is_drawing, self._is_wanted = True, False

    def _create(self, place: LayerPlace) -> None:
        wayland = self._wayland
        self._compositor_version = min(MAX_COMPOSITOR_VERSION, wayland.globals["wl_compositor"][1])
        self._compositor = wayland.bind_global("wl_compositor", self._compositor_version)
        self._memory = wayland.bind_global("wl_shm")
        shell = wayland.bind_global(LAYER_SHELL)
        self._surface = wayland.new_object(self._on_surface_event)
        wayland.send_request(self._compositor, CREATE_SURFACE, self._surface)
        self._layer = wayland.new_object(self._on_layer_event)
        any_screen = 0
        wayland.send_request(shell, GET_LAYER_SURFACE, self._layer, self._surface, any_screen, OVERLAY, "intone")
        self._send_place(place)
        wayland.send_request(self._surface, COMMIT)
        wayland.handle_object(wayland.bind_global("wl_seat"), self._on_seat_event)

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
        self._clickable = QRect(rect)
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

    def _draw_if_possible(self) -> None:
        if self._is_configured and self._is_wanted and not self._is_drawing:
            self._on_ready()

    def _on_layer_event(self, event: WaylandEvent) -> None:
        if event.opcode == CLOSED:  # its screen is gone
            raise ConnectionAbortedError("the layer surface was closed")
        if event.opcode == CONFIGURE:
            self._wayland.send_request(self._layer, ACK_CONFIGURE, event.read_number())
            self._is_wanted = self._is_wanted or not self._is_configured
            self._is_configured = True
            self._draw_if_possible()

    def _on_surface_event(self, event: WaylandEvent) -> None:
        if event.opcode == PREFERRED_SCALE and event.read_number() != self.scale:
            self.scale = event.read_number()
            self.request_draw()

    def _on_frame(self, event: WaylandEvent) -> None:
        self._is_drawing = False
        self._draw_if_possible()

    def _on_seat_event(self, event: WaylandEvent) -> None:
        if event.opcode != CAPABILITIES:
            return
        had_pointer, self._has_pointer = self._has_pointer, bool(event.read_number() & HAS_POINTER)
        if self._has_pointer and not had_pointer:
            pointer = self._wayland.new_object(self._on_pointer_event)
            self._wayland.send_request(event.object, GET_POINTER, pointer)

    def _on_pointer_event(self, event: WaylandEvent) -> None:
        """Follow the pointer; its position is in 256th of a unit."""
        if event.opcode in (ENTER, MOTION):
            x, y = struct.unpack_from("=ii", event.body, 8 if event.opcode == ENTER else 4)
            self._pointer_at = QPointF(x / 256, y / 256)
        elif event.opcode == BUTTON:
            _, _, button, state = struct.unpack_from("=4I", event.body)
            if (button, state) == (LEFT_BUTTON, RELEASED):
                self._on_click(self._pointer_at)

    def _on_connection_lost(self) -> None:
        self.close()
        self._on_lost()
