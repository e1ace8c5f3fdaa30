"""Press a chord by the first key backend that does it, and by that one alone: a second try could paste twice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import anyio

from desktop.core.errors import PasteError
from desktop.core.types import Target
from desktop.paste.wayland import virtual_keyboard
from desktop.paste.wayland.chords import NamedChord, build_hyprctl_commands, build_ydotool_command
from desktop.paste.wayland.focus import find_compositor
from desktop.paste.wayland.key_backends import KeyBackend, find_facts, list_backends
from desktop.paste.wayland.protocol import Compositor
from desktop.paste.wayland.remote_desktop import RemoteDesktopKeyboard

logger = logging.getLogger(__name__)

PRESS_TIMEOUT_S = 2.0
"""Seconds that a tool may take; it takes some ms."""

TIMED_OUT = "took too long"
"""The result of a tool that did not end: it may have pressed."""


class WaylandKeyboard:
    """The key backends of the session of `environ`; `token` is the portal's file.

    `on_problem(problem)` is called with why nothing can be pressed, and with None when that is over.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        compositor: Compositor,
        token: Path,
        on_problem: Callable[[PasteError | None], None] = lambda _: None,
    ) -> None:
        self._environ = environ
        self._compositor = compositor
        self._on_problem = on_problem
        self._is_portal_alone = True
        self._portal_keyboard = RemoteDesktopKeyboard(
            environ.get("DBUS_SESSION_BUS_ADDRESS", ""),
            token,
            self._on_portal_problem,
            is_kept=find_compositor(environ) == "KWin",  # Plasma 6.3 says "Remote control session started" of each
        )
        self._backends: asyncio.Task[tuple[KeyBackend, ...]] | None = None

    def open(self) -> None:
        """Find the backends, and open the portal's once if it is the best. Call in the loop."""
        self._backends = asyncio.get_running_loop().create_task(self._find_backends())

    def reopen(self, compositor: Compositor) -> None:
        """Go on with a new connection to the same compositor, after the last one was lost."""
        self._compositor = compositor

    def close(self) -> None:
        """Press nothing more."""
        if self._backends is not None:
            self._backends.cancel()
        self._portal_keyboard.close()

    def prepare(self) -> None:
        """Open what `press` will need, while the clipboard is taken."""
        if self._best_backend() is KeyBackend.PORTAL:
            self._portal_keyboard.open()

    def release(self) -> None:
        """Close what was open for a paste."""
        self._portal_keyboard.release()

    async def request_permission(self) -> None:
        """Ask the user, in the desktop's dialog, to let the portal press keys, if that is how keys are pressed."""
        if self._backends is not None and KeyBackend.PORTAL in await asyncio.shield(self._backends):
            await self._portal_keyboard.request()

    async def press(self, chord: NamedChord, target: Target) -> bool:
        """Press and release in the focused window, which is `target`.

        Returns whether that was done, or may have been.
        """
        if self._backends is None:
            return False
        for backend in await asyncio.shield(self._backends):
            if await self._press_with(backend, chord, target):
                return True
            logger.warning("%s pressed nothing", backend)
        return False

    async def _find_backends(self) -> tuple[KeyBackend, ...]:
        backends = list_backends(await find_facts(self._environ, self._compositor.globals))
        logger.info("the chord is pressed by %s", ", ".join(backends) or "nothing")
        self._is_portal_alone = len(backends) == 1
        if backends[:1] == (KeyBackend.PORTAL,):
            await self._portal_keyboard.check()
        return backends

    def _best_backend(self) -> KeyBackend | None:
        """Return the best backend, None where there is none or it is not known yet."""
        if self._backends is None or not self._backends.done() or self._backends.cancelled():
            return None
        return next(iter(self._backends.result()), None)

    def _on_portal_problem(self, problem: PasteError | None) -> None:
        """Report a problem of the portal, unless other backends are left."""
        self._on_problem(problem if self._is_portal_alone else None)

    async def _press_with(self, backend: KeyBackend, chord: NamedChord, target: Target) -> bool:
        match backend:
            case KeyBackend.HYPRLAND:
                for words in build_hyprctl_commands(chord, target):
                    if await self._run_tool(words) in ("ok", TIMED_OUT):
                        return True
                return False
            case KeyBackend.VIRTUAL:
                return await self._press_virtual(chord)
            case KeyBackend.PORTAL:
                return await self._portal_keyboard.press(chord)
            case KeyBackend.YDOTOOL:
                command = build_ydotool_command(chord, target)
                return bool(command) and await self._run_tool(command) is not None

    async def _press_virtual(self, chord: NamedChord) -> bool:
        try:
            await virtual_keyboard.press_virtual_keys(self._compositor, chord)
        except OSError as error:
            logger.warning("no key can be pressed: %s", str(error))
            return False
        return True

    async def _run_tool(self, command: Sequence[str]) -> str | None:
        """Return what the tool printed; None if it failed, `TIMED_OUT` if it did not end."""
        try:
            with anyio.fail_after(PRESS_TIMEOUT_S):
                result = await anyio.run_process(command, env=self._environ, check=False)
        except TimeoutError:
            return TIMED_OUT
        except OSError as error:
            logger.warning("%s: %s", command[0], error)
            return None
        if result.returncode != 0:
            logger.warning("%s: %s", command[0], result.stderr.decode(errors="replace").strip())
            return None
        return result.stdout.decode(errors="replace").strip()
