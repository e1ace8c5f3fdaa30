"""The input method of compositors that let programs be it, by `zwp_input_method_v2`: sway, labwc, niri, Hyprland.

It has a connection of its own, whose end, however it comes, ends the input method too. Between two calls of `acquire`
there is none, so that the user's own can be.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from time import monotonic

import anyio

from desktop.core.errors import PasteError
from desktop.core.tasks import Notifier
from desktop.paste.input_method.composition_guard import CompositionGuard
from desktop.paste.input_method.interface import FIELD_TIMEOUT_S, Choice
from desktop.paste.input_method.wayland_binding import FieldBinding
from desktop.paste.input_method.wayland_context import WaylandInputContext
from desktop.paste.input_method.wayland_messages import MANAGER, SEAT
from desktop.paste.wayland.protocol import Compositor

logger = logging.getLogger(__name__)

SILENT_TIMEOUT_S = 0.020
"""Seconds that a program may take which was silent before. It takes 1 to 5 ms (GTK 4, Qt 6, foot), more on a busy
machine."""

ANSWER_FACTOR = 10
"""How many times as long as for its last answer a program is waited for, and not less than `FIELD_TIMEOUT_S`: it has
none while no field has the focus."""

MIN_RECONNECT_S, MAX_RECONNECT_S = 0.100, 30.0
"""Seconds from the loss of a connection to the next one: at first, and at most, where each is lost again."""


def offers_input_method(interfaces: Mapping[str, tuple[int, int]]) -> bool:
    """Return whether a compositor with these interfaces lets programs be its input method."""
    return MANAGER in interfaces and SEAT in interfaces


def find_input_method(environ: Mapping[str, str]) -> WaylandInputMethod | None:
    """Return the input method of the session of `environ`, to be started; None if its compositor offers none."""
    try:
        compositor = Compositor(environ)
    except PasteError:
        return None
    compositor.close()
    return WaylandInputMethod(environ) if offers_input_method(compositor.globals) else None


class WaylandInputMethod:
    """An `InputMethod` by the compositor of the session of `environ`. Belongs to one loop."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._guard = CompositionGuard(environ)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._compositor: Compositor | None = None
        self._is_listed = False
        self._connections = Notifier()
        self._reconnecting: asyncio.TimerHandle | None = None
        self._reconnect_s = MIN_RECONNECT_S
        self._binding: FieldBinding[WaylandInputContext] | None = None
        self._is_taken = False
        self._silent_s: dict[str | int, float] = {}
        self._answer_s: dict[str | int, float] = {}
        self._tells_text = set[str | int]()
        self._is_wanted = True

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Connect, again whenever the connection was lost, as `InputMethod.start` says. Call on `loop`."""
        if self._loop is None:
            self._loop = loop
            self._connect()

    def close(self) -> None:
        """Disconnect, which ends the input method."""
        self._loop = None
        self._disconnect()

    def apply_choice(self, choice: Choice) -> None:
        """Connect, or disconnect, as `InputMethod.apply_choice` says. Between its moments the user's own is the input
        method anyway, so that "auto" is as "always"."""
        self._is_wanted = choice != "off"
        if not self._is_wanted:
            self._disconnect()
        elif self._compositor is None and self._reconnecting is None:
            self._connect()

    @property
    def focus(self) -> None:
        """Return None: the compositor names fields only while the input method is in use."""

    @property
    def is_available(self) -> bool:
        """Return whether there is a connection by which a field could be had: not while the user has an input method,
        which each `acquire` finds out anew."""
        return self._is_connected and not self._is_taken

    @asynccontextmanager
    async def acquire(
        self, program: str | int, timeout_s: float = FIELD_TIMEOUT_S, *, traits_only: bool = False
    ) -> AsyncGenerator[WaylandInputContext | None]:
        """Be the focused field's input method within the context, as `InputMethod.acquire` says."""
        await self._wait_for_connection(timeout_s)
        binding = self._share_binding()
        if binding is None:
            yield None
            return
        context = None
        try:
            with suppress(OSError):
                context = await self._find_field(binding, program, timeout_s, traits_only=traits_only)
            yield context
        finally:
            if program and context is not None and context.tells_text:
                self._tells_text.add(program)
            try:
                if binding.users == 1:
                    await binding.remove_composition()
            finally:
                binding.users -= 1
                if not binding.users and self._binding is binding:
                    self._binding = None
                    binding.close()

    @property
    def _is_connected(self) -> bool:
        return self._is_listed and self._compositor is not None and offers_input_method(self._compositor.globals)

    async def _wait_for_connection(self, timeout_s: float) -> None:
        """Have a connection, if that is possible at once: also one that would be opened again later."""
        if self._compositor is None and self._reconnecting is not None:
            self._reconnecting.cancel()
            self._connect()
        with anyio.move_on_after(timeout_s):
            while self._compositor is not None and not self._is_listed:
                await self._connections.wait()

    def _share_binding(self) -> FieldBinding[WaylandInputContext] | None:
        if not self._is_connected or self._compositor is None:
            return None
        if self._binding is None:
            try:
                self._binding = FieldBinding(self._compositor, self._guard, WaylandInputContext)
            except OSError:
                return None
        self._binding.users += 1
        return self._binding

    async def _find_field(
        self, binding: FieldBinding[WaylandInputContext], program: str | int, timeout_s: float, *, traits_only: bool
    ) -> WaylandInputContext | None:
        """Return the focused field once its program has told what it is like. Raises `OSError`."""
        began = monotonic()
        silent_s = self._silent_s.get(program, 0.0)
        limit_s = timeout_s if timeout_s > silent_s else SILENT_TIMEOUT_S
        if (answer_s := self._answer_s.get(program)) is not None:
            limit_s = min(timeout_s, max(FIELD_TIMEOUT_S, ANSWER_FACTOR * answer_s))
        with anyio.move_on_after(limit_s) as limit:
            while binding.context is None and not (binding.is_unavailable or binding.is_lost):
                await binding.changes.wait()
        if limit.cancelled_caught and program:
            self._silent_s[program] = max(silent_s, limit_s)
        if limit.cancelled_caught or binding.is_lost:
            return None
        self._is_taken = binding.is_unavailable
        if binding.context is None:
            return None
        if program:
            self._answer_s[program] = monotonic() - began
        await binding.settle()
        self._reconnect_s = MIN_RECONNECT_S
        context = binding.context
        if context is not None and program in self._tells_text and not traits_only:
            context.expect_text()
        return context

    def _connect(self) -> None:
        self._reconnecting = None
        if self._loop is None or not self._is_wanted:
            return
        try:
            self._compositor = Compositor(self._environ, self._on_lost, self._on_listed)
        except PasteError:
            self._connect_later()
        else:
            self._compositor.listen(self._loop)

    def _connect_later(self) -> None:
        if self._loop is not None:
            self._reconnecting = self._loop.call_later(self._reconnect_s, self._connect)
            self._reconnect_s = min(self._reconnect_s * 2, MAX_RECONNECT_S)

    def _disconnect(self) -> None:
        if self._reconnecting is not None:
            self._reconnecting.cancel()
            self._reconnecting = None
        if self._binding is not None:
            self._binding.close()
        if self._compositor is not None:
            self._compositor.close()
        self._drop_connection()
        self._guard.close()

    def _on_listed(self) -> None:
        self._is_listed = True
        self._connections.notify()

    def _on_lost(self) -> None:
        self._guard.note(is_shown=False)  # whatever has the focus at the app's end is another field
        self._drop_connection()
        self._connect_later()

    def _drop_connection(self) -> None:
        self._compositor, self._is_listed = None, False
        binding, self._binding = self._binding, None
        if binding is not None:
            binding.lose()
        self._connections.notify()
