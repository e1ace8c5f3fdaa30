"""Find the focused window: an X window by XWayland, others by the compositor, or else by accessibility.

sway and Hyprland have a tool for it, KWin runs a script, others list their windows (`desktop.paste.wayland.toplevels`).
GNOME's compositor tells no program; there a window is known if it is an X window, or if its program is on the
accessibility bus (GTK always, Qt, Chromium and Firefox where that is on).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import anyio
from anyio import to_thread
from Xlib.display import Display
from Xlib.error import ConnectionClosedError, DisplayError

from desktop.core.types import Target
from desktop.paste.field import FocusedFieldReader
from desktop.paste.input_method.interface import FieldTraits, InputMethod
from desktop.paste.wayland.focus import (
    HYPRLAND_COMMAND,
    MIN_NUMBER,
    SWAY_COMMAND,
    UNKNOWN_WINDOW,
    FocusedWindow,
    find_compositor,
    number_window,
    parse_answer,
    run_tool,
)
from desktop.paste.wayland.protocol import Compositor
from desktop.paste.wayland.toplevels import ToplevelList, lists_toplevels
from desktop.platforms.linux.atspi import AccessibleAddress
from desktop.platforms.linux.atspi_programs import AccessibleWindow
from desktop.platforms.linux.kwin import KWin
from desktop.platforms.linux.x11_focus import find_xwayland_target

logger = logging.getLogger(__name__)

FIND_TIMEOUT_S = 2.0
"""Seconds in which the window has to be known: more than a tool, KWin or the likely program may take by itself."""

TRAITS_TIMEOUT_S = 0.500
"""Seconds that a program may take at first to tell its input method that it hides what is written: no text goes there
before. Later ones are waited for as its last answer took."""

X_FRAMES = "mutter-x11-frames"
"""The program that draws the frames of X windows in GNOME, and has none of its own."""

TOOLS = {"Hyprland": HYPRLAND_COMMAND, "sway": SWAY_COMMAND}


class FocusReader:
    """Finds the focused window of the session of `environ`. `fields` asks the accessibility bus, `input_method` what
    kind of field has the focus, also where accessibility is off.

    Belongs to one loop.
    """

    def __init__(
        self, environ: Mapping[str, str], fields: FocusedFieldReader, input_method: InputMethod | None = None
    ) -> None:
        self._environ = environ
        self._compositor = find_compositor(environ)
        self._fields = fields
        self._kwin = KWin(environ.get("DBUS_SESSION_BUS_ADDRESS", ""), Path(environ.get("XDG_RUNTIME_DIR", "/")))
        self._xwayland = XWaylandFocus(environ.get("DISPLAY", ""))
        self._toplevels: ToplevelList | None = None
        self._input_method = input_method
        self._x_windows = set[int]()
        self._numbers = count(1)
        self._likely: AccessibleAddress | None = None

    def watch(self, compositor: Compositor) -> None:
        """Follow the windows that `compositor` lists, if they are not known otherwise. Call in its loop."""
        is_needed = not self._compositor and lists_toplevels(compositor.globals)
        self._toplevels = ToplevelList(compositor, self._numbers) if is_needed else None

    async def find_traits(self, target: Target) -> FieldTraits | None:
        """Return what the program of `target` tells its input method of the focused field; None if it does not say. X
        windows are not asked, nor is anything where the user has an input method that does not let others be it for a
        moment."""
        if self._input_method is None or self.is_x_window(target):
            return None
        traits, program = None, target.app or max(target.handle, 0)
        with suppress(OSError):
            async with self._input_method.acquire(program, TRAITS_TIMEOUT_S, traits_only=True) as context:
                traits = context.traits if context is not None else None
        return traits

    def is_x_window(self, target: Target) -> bool:
        """Return whether `target` was found as a window of XWayland."""
        return target.handle in self._x_windows

    async def find_focused_window(self) -> FocusedWindow:
        """Return the focused window; an unknown one if what could name it is silent. Never raises."""
        window = None
        with anyio.move_on_after(FIND_TIMEOUT_S):
            window = await self._find_window()
        if window is None:
            logger.warning("the focused window is not known: there is no answer")
            window = FocusedWindow(UNKNOWN_WINDOW)
        if window.x11:
            self._x_windows.add(window.target.handle)
        return window

    async def _find_window(self) -> FocusedWindow:
        if self._compositor in TOOLS:
            return parse_answer(self._compositor, await run_tool(TOOLS[self._compositor], self._environ))
        target = await self._xwayland.find_target()
        if target.handle:
            return FocusedWindow(target, x11=True, xid=target.handle, is_reader_known=False)
        has_bus = bool(self._environ.get("DBUS_SESSION_BUS_ADDRESS"))
        if self._compositor == "KWin" and has_bus and (answer := await self._kwin.read_active_window()):
            return parse_answer("KWin", answer)
        accessible = await self._find_accessible_window() if has_bus else None
        if self._compositor == "KWin" and accessible is not None:
            target = replace(UNKNOWN_WINDOW, app=accessible.program, title=accessible.title, pid=accessible.pid)
            return FocusedWindow(target, is_reader_known=False)
        if self._toplevels is not None:
            return FocusedWindow(await self._find_toplevel(self._toplevels, accessible), is_reader_known=False)
        if accessible is None:
            return FocusedWindow(UNKNOWN_WINDOW)
        handle = number_window(" ".join(accessible.address))
        target = Target(handle, accessible.program, accessible.title, accessible.pid)
        return FocusedWindow(target, is_reader_known=False)

    async def _find_accessible_window(self) -> AccessibleWindow | None:
        window = await self._fields.find_active_window(self._likely)
        if window is None or window.program == X_FRAMES:
            return None
        self._likely = window.address
        return window

    async def _find_toplevel(self, toplevels: ToplevelList, accessible: AccessibleWindow | None) -> Target:
        """Return the focused window of the list, with its process if it is the `accessible` one."""
        try:
            window = await toplevels.find_active()
        except OSError:
            return UNKNOWN_WINDOW
        if window is None:
            return UNKNOWN_WINDOW
        is_same = accessible is not None and accessible.title == window.title
        pid = accessible.pid if accessible is not None and is_same else 0
        return Target(MIN_NUMBER + window.number, window.app, window.title, pid)

    def close(self) -> None:
        """Disconnect."""
        self._kwin.close()
        self._xwayland.close()


class XWaylandFocus:
    """Asks the X server `display` for the focused X window, in a thread: it may be slow. Belongs to one loop.

    A question that the caller gave up goes on, and the next one waits for its end: there is one thread at most.
    """

    def __init__(self, display: str) -> None:
        self._name = display
        self._display: Any = None
        self._asking = asyncio.Lock()
        self._question: asyncio.Future[Target] | None = None

    async def find_target(self) -> Target:
        """Return the focused X window; `Target()` where another window has the focus."""
        if not self._name:
            return Target()
        async with self._asking:
            if self._question is not None:
                await asyncio.wait([self._question])
            asking = to_thread.run_sync(self._find_target, abandon_on_cancel=True)
            self._question = asyncio.ensure_future(asking)
            return await asyncio.shield(self._question)

    def close(self) -> None:
        """Disconnect, unless a question is still open: then its thread has the connection."""
        if self._question is not None and self._question.cancel():
            return
        if self._display is not None:
            with suppress(ConnectionClosedError, OSError):
                self._display.close()
            self._display = None

    def _find_target(self) -> Target:
        try:
            if self._display is None:
                self._display = Display(self._name)
            return find_xwayland_target(self._display)
        except (ConnectionClosedError, DisplayError, OSError) as error:
            logger.info("XWayland does not tell which window has the focus: %s", type(error).__name__)
            self._display = None
            return Target()
