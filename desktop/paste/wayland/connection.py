"""The connection to the compositor and the clipboard on it, opened again when it was lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from anyio import to_thread

from desktop.core.errors import PasteError
from desktop.paste.wayland.clipboard import ClipboardLostCallback, PipeReadCallback, WaylandClipboard
from desktop.paste.wayland.data_control import DataControlClipboard, find_manager
from desktop.paste.wayland.protocol import Compositor
from desktop.paste.wayland.xwayland import XWaylandClipboard

logger = logging.getLogger(__name__)


class ClipboardConnection:
    """The clipboard of the session that `environ` describes. Belongs to one loop.

    `lock` is held during a paste. `on_read` and `on_lost` are as those of `WaylandClipboard`; `on_reopened(compositor)`
    is called with each new connection.
    """

    clipboard: WaylandClipboard

    def __init__(
        self,
        environ: Mapping[str, str],
        lock: asyncio.Lock,
        on_read: PipeReadCallback,
        on_lost: ClipboardLostCallback,
        on_reopened: Callable[[Compositor], None],
    ) -> None:
        self.compositor: Compositor | None = None
        self.is_open = False
        self._environ = environ
        self._lock = lock
        self._on_read, self._on_lost = on_read, on_lost
        self._on_reopened = on_reopened
        self._may_reopen_at_once = True
        self._reopening: asyncio.Task[bool] | None = None

    def open(self, loop: asyncio.AbstractEventLoop) -> Compositor:
        """Connect. Raises `PasteError`."""
        compositor = Compositor(self._environ, self._on_compositor_lost)
        try:
            if find_manager(compositor.globals):
                self.clipboard = DataControlClipboard(compositor, self._on_read, self._on_lost)
            else:
                self.clipboard = XWaylandClipboard(self._environ.get("DISPLAY"), loop, self._on_read, self._on_lost)
        except OSError as error:
            compositor.close()
            raise PasteError("paste-compositor-unreachable") from error
        except BaseException:
            compositor.close()
            raise
        compositor.listen(loop)
        self.compositor, self.is_open = compositor, True
        return compositor

    def close(self) -> None:
        """Disconnect. Of the clipboard, one type outlives us at most (`WaylandClipboard.close`)."""
        if self._reopening is not None:
            self._reopening.cancel()
        if self.compositor is not None:
            self.clipboard.close()
            self.compositor.close()
            self.compositor, self.is_open = None, False

    async def reopen(self) -> bool:
        """Connect again if the connection was lost; return whether there is one. Call with the lock, for each paste."""
        self._may_reopen_at_once = True
        return await self._reopen()

    async def _reopen(self) -> bool:
        if self.is_open or self.compositor is None:
            return self.is_open
        try:
            compositor = await to_thread.run_sync(Compositor, self._environ, self._on_compositor_lost)
        except PasteError as error:
            logger.warning("the compositor cannot be reached: %r", error.__cause__)
            return False
        if self.compositor is None:  # closed meanwhile
            compositor.close()
            return False
        compositor.listen(asyncio.get_running_loop())
        self.compositor, self.is_open = compositor, True
        self._on_reopened(compositor)
        try:
            await self.clipboard.reopen(compositor)
        except OSError as error:
            logger.warning("the clipboard cannot be had again: %s", error)
            compositor.close()
            self.is_open = False
        else:
            logger.info("the connection to the compositor is open again")
        return self.is_open

    def _on_compositor_lost(self) -> None:
        """Process the end of the connection, which may be that of the compositor and of the session.

        What was on the clipboard is gone with it, so the connection is opened again at once; if that one is lost too,
        by the next paste.
        """
        self.is_open = False
        self._on_lost()
        if self._may_reopen_at_once:
            self._may_reopen_at_once = False
            self._reopening = asyncio.get_running_loop().create_task(self._reopen_at_once())

    async def _reopen_at_once(self) -> bool:
        async with self._lock:
            return await self._reopen()
