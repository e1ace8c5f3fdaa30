"""Press a chord by the first key backend that does it, and by that one alone: a second try could paste twice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import anyio

from desktop.core.types import Target
from desktop.paste.wayland import virtual_keyboard
from desktop.paste.wayland.key_backends import Rung, ladder, look
from desktop.paste.wayland.protocol import Compositor
from desktop.paste.wayland.remote_desktop import RemoteKeyboard
from desktop.paste.wayland.strokes import Stroke, hyprctl, ydotool

log = logging.getLogger(__name__)

PRESS_S = 2.0
"""Seconds that a tool may take; it takes some ms."""

LONG = "took too long"
"""The result of a tool that did not end: it may have pressed."""


class Keyboard:
    """The key backends of the session of `environ`; `token` is the portal's file."""

    def __init__(self, environ: Mapping[str, str], compositor: Compositor, token: Path) -> None:
        self._environ = environ
        self._compositor = compositor
        self._remote = RemoteKeyboard(environ.get("DBUS_SESSION_BUS_ADDRESS", ""), token)
        self._rungs: asyncio.Task[tuple[Rung, ...]] | None = None

    def open(self) -> None:
        """Find the backends, and ask the user if the portal is among them. Call in the loop."""
        self._rungs = asyncio.get_running_loop().create_task(self._look())

    def close(self) -> None:
        """Press nothing more."""
        if self._rungs is not None:
            self._rungs.cancel()
        self._remote.close()

    async def press(self, stroke: Stroke, target: Target) -> bool:
        """Press and release in the focused window, which is `target`.

        Returns whether that was done, or may have been.
        """
        if self._rungs is None:
            return False
        for rung in await asyncio.shield(self._rungs):
            if await self._by(rung, stroke, target):
                return True
            log.warning("%s pressed nothing", rung)
        return False

    async def _look(self) -> tuple[Rung, ...]:
        rungs = ladder(await look(self._environ, self._compositor.globals))
        log.info("the chord is pressed by %s", ", ".join(rungs) or "nobody")
        if Rung.PORTAL in rungs:
            self._remote.open()
        return rungs

    async def _by(self, rung: Rung, stroke: Stroke, target: Target) -> bool:
        match rung:
            case Rung.HYPRLAND:
                for words in hyprctl(stroke, target):
                    if await self._run(words) in ("ok", LONG):
                        return True
                return False
            case Rung.VIRTUAL:
                return await self._virtual(stroke)
            case Rung.PORTAL:
                return await self._remote.press(stroke)
            case Rung.YDOTOOL:
                command = ydotool(stroke, target)
                return bool(command) and await self._run(command) is not None

    async def _virtual(self, stroke: Stroke) -> bool:
        try:
            await virtual_keyboard.press(self._compositor, stroke)
        except OSError as error:
            log.warning("no key can be pressed: %s", str(error))
            return False
        return True

    async def _run(self, command: Sequence[str]) -> str | None:
        """Return what the tool printed; None if it failed, `TIMED_OUT` if it did not end."""
        try:
            with anyio.fail_after(PRESS_S):
                result = await anyio.run_process(command, env=self._environ, check=False)
        except TimeoutError:
            return LONG
        except OSError as error:
            log.warning("%s: %s", command[0], error)
            return None
        if result.returncode != 0:
            log.warning("%s: %s", command[0], result.stderr.decode(errors="replace").strip())
            return None
        return result.stdout.decode(errors="replace").strip()
