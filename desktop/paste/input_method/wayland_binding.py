"""Be the input method of a seat, by `zwp_input_method_v2`, and of the field that has the focus there.

The program's text input tells the compositor what its field is like and holds; the compositor tells us, and each `done`
ends a set of news. A request of ours names how many there were, and a compositor of wlroots drops one that does not
know the newest. So a request goes with a sync in one write, which the compositor reads as one: what was told before the
answer to the sync was told before the request, and what was dropped goes out again: nothing of it is there.
(input-method-unstable-v2, text-input-unstable-v3.)
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from contextlib import suppress
from math import inf
from time import monotonic
from typing import Protocol

import anyio

from desktop.core.tasks import Notifier
from desktop.paste.input_method.composition_guard import CompositionGuard
from desktop.paste.input_method.interface import FieldLostError, FieldTraits, SurroundingText
from desktop.paste.input_method.wayland_messages import (
    ACTIVATE,
    COMMIT,
    CONTENT_TYPE,
    DEACTIVATE,
    DESTROY,
    DONE,
    GET_INPUT_METHOD,
    MANAGER,
    SEAT,
    SET_PREEDIT,
    SURROUNDING_TEXT,
    UNAVAILABLE,
    WLROOTS_ONLY,
    parse_surrounding,
    read_traits,
)
from desktop.paste.wayland.protocol import Compositor, WaylandEvent, encode_request

SETTLE_S, MAX_SETTLE_S = 0.010, 0.100
"""Seconds without news after which a field is taken for settled that there was before its program could answer (labwc),
and at most. It takes 2 ms (foot)."""

REMOVE_TIMEOUT_S, ANSWER_TIMEOUT_S = 0.500, 0.100
"""Seconds for the removal of a composition, and of those for the program's answer; it takes up to 28 ms (Chromium)."""


class BoundField(Protocol):
    """The focused field, as its binding knows it."""

    @property
    def traits(self) -> FieldTraits:
        """Return what the program reports of the field now."""
        ...

    @property
    def is_composing(self) -> bool:
        """Return whether a composition is shown."""
        ...

    def update(self, traits: FieldTraits, surrounding: SurroundingText | None) -> None:
        """Take the program's report."""
        ...

    async def show_composition(self, text: str) -> None:
        """Show `text` as being composed. Raises `OSError`."""
        ...


class FieldBinding[Field: BoundField]:
    """Our input method object on `compositor`, which must have `MANAGER` and `SEAT`, from creation to `close`.

    `context` is that of the focused field, None while no program has told what its field is like. `is_unavailable`
    where the user has an input method, which is left alone. `changes` are all of these, and of the field's text.
    `users` counts those who hold it; `guard` knows whether there is a composition. Raises `OSError` when the compositor
    is gone.
    """

    def __init__(
        self,
        compositor: Compositor,
        guard: CompositionGuard,
        new_context: Callable[[FieldBinding[Field], FieldTraits], Field],
    ) -> None:
        self.compositor = compositor
        self.guard = guard
        self._new_context = new_context
        self.users = 0
        self.changes = Notifier()
        self.context: Field | None = None
        self.is_unavailable = False
        self.is_lost = False
        self.lock = asyncio.Lock()
        self.refreshed: Field | None = None
        self._number = 0
        self._is_early = self._is_rebound = False
        self._bind()

    def close(self) -> None:
        """Let another input method be the seat's."""
        context, self.context, self.refreshed = self.context, None, None
        with suppress(OSError):
            if context is not None and context.is_composing:
                self.compositor.send_request(self._number, SET_PREEDIT, "", 0, 0)
                self.compositor.send_request(self._number, COMMIT, self._serial)
            self.compositor.send_request(self._number, DESTROY)

    async def remove_composition(self) -> None:
        """Remove what is shown as composition, and wait until the program has: not every one does once its input method
        is gone."""
        with suppress(OSError), anyio.move_on_after(REMOVE_TIMEOUT_S, shield=True):
            if self.context is not None and self.context.is_composing:
                await self.context.show_composition("")
                await self.has_news(ANSWER_TIMEOUT_S)

    def lose(self) -> None:
        """Process the end of the connection."""
        self.context = self.refreshed = None
        self.is_lost = True
        self.changes.notify()

    async def settle(self) -> None:
        """Wait until all that was told of the field so far is known. Raises `OSError`.

        labwc goes on with a field that it had told an input method before, while its program leaves and enters it: what
        is committed meanwhile may go nowhere.
        """
        await self.compositor.roundtrip()
        with anyio.move_on_after(MAX_SETTLE_S):
            while self._is_early and await self.has_news(SETTLE_S):
                pass
        self._is_early = False

    async def has_news(self, timeout_s: float) -> bool:
        """Wait for the end of a set of news; return whether there was one."""
        with anyio.move_on_after(timeout_s) as limit:
            await self.changes.wait()
        return not limit.cancelled_caught

    async def send(self, context: Field, *requests: tuple[int | str, ...], is_removal: bool = False) -> bool:
        """Send `requests`, each an opcode with its arguments, to the field of `context`; return whether they were
        carried out: a compositor of wlroots drops those that do not know the newest news.

        Raises `OSError`: `FieldLostError` where nothing was sent, since another field has the focus, or this one is for
        passwords by now, into which goes the `is_removal` of a composition alone.
        """
        try:
            await self.compositor.roundtrip()
        except OSError as error:
            raise FieldLostError("the connection is lost") from error
        if self.context is not context:
            raise FieldLostError("the field has lost the focus")
        if context.traits.is_password and not is_removal:
            raise FieldLostError("the field is for passwords now")
        sent_serial = answered_serial = self._serial

        def on_done() -> None:
            nonlocal answered_serial
            answered_serial = self._serial

        messages = (*requests, (COMMIT, sent_serial))
        encoded = b"".join(encode_request(self._number, int(opcode), *rest) for opcode, *rest in messages)
        await self.compositor.roundtrip(encoded, on_done)
        return answered_serial == sent_serial or WLROOTS_ONLY not in self.compositor.globals

    def refresh(self, context: Field) -> None:
        """Be bound anew, so that the program of `context` tells its field anew. Raises `OSError`.

        wlroots passes a field's text on only if there was some when the field got the focus, which for Qt an empty one
        has not; and Chromium tells what was there before.
        """
        self.compositor.send_request(self._number, DESTROY)
        self.context, self.refreshed = None, context
        self._is_rebound = True
        self._bind()

    def _bind(self) -> None:
        self._serial = 0
        self._is_active = self._is_early = False
        self._may_begin_until = inf
        self._kind: tuple[int, int] | None = None
        self._text: SurroundingText | None = None
        manager, seat = self.compositor.bind_global(MANAGER), self.compositor.bind_global(SEAT)
        self._number = self.compositor.new_object(self._on_event)
        self.compositor.send_request(manager, GET_INPUT_METHOD, seat, self._number)
        self.compositor.send_sync(self._on_bound)

    def _on_bound(self) -> None:
        """Note whether there is a field already: its program cannot have answered yet."""
        self._is_early = self._is_active

    def _on_event(self, event: WaylandEvent) -> None:
        if event.object != self._number:  # one that is destroyed
            return
        if event.opcode in (ACTIVATE, DEACTIVATE):
            self._is_active = event.opcode == ACTIVATE
            if self._is_rebound and self._is_early and monotonic() < self._may_begin_until:
                self.refreshed = self.refreshed or self.context
            if self.context is not None:
                self.guard.note(is_shown=False)
            self._kind = self._text = self.context = None
        elif event.opcode == SURROUNDING_TEXT:
            self._text = parse_surrounding(event.body)
        elif event.opcode == CONTENT_TYPE:
            self._kind = struct.unpack_from("=II", event.body)
        elif event.opcode == DONE:
            self._serial += 1
            self._update_context()
        elif event.opcode == UNAVAILABLE:
            self.is_unavailable = True
            self.context = self.refreshed = None
        if event.opcode in (DEACTIVATE, DONE, UNAVAILABLE):
            self.changes.notify()

    def _update_context(self) -> None:
        """Process the end of a set of news; labwc ends one before it tells what the field is like."""
        if not self._is_active or self._kind is None:
            return
        self._may_begin_until = min(self._may_begin_until, monotonic() + MAX_SETTLE_S)
        traits = read_traits(*self._kind)
        if self.context is None and self.refreshed is not None and self.refreshed.traits == traits:
            self.context = self.refreshed
        if self.context is None:
            self.context = self._new_context(self, traits)
        self.refreshed = None
        self.context.update(traits, self._text)
