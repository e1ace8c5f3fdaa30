"""Be the input method of a seat, by `zwp_input_method_v2`, and of the field that has the focus there.

The program's text input tells the compositor what its field is like and holds; the compositor tells us, and each `done`
ends a set of news. A request of ours names how many there were, and a compositor of wlroots drops one that does not
know the newest. So a request goes with a sync in one write, which the compositor reads as one: what was told before the
answer to the sync was told before the request. (input-method-unstable-v2, text-input-unstable-v3.)
"""

from __future__ import annotations

import asyncio
import struct
from contextlib import suppress
from math import inf
from time import monotonic

import anyio

from desktop.core.tasks import Notifier
from desktop.paste.input_method.interface import FieldTraits, SurroundingText
from desktop.paste.input_method.receipt import is_inserted, split_text
from desktop.paste.input_method.wayland_messages import (
    ACTIVATE,
    COMMIT,
    COMMIT_STRING,
    CONTENT_TYPE,
    DEACTIVATE,
    DELETE_SURROUNDING,
    DESTROY,
    DONE,
    GET_INPUT_METHOD,
    MANAGER,
    SEAT,
    SET_PREEDIT,
    SURROUNDING_TEXT,
    UNAVAILABLE,
    parse_surrounding,
    read_traits,
)
from desktop.paste.wayland.chords import ENTER_CHORD
from desktop.paste.wayland.protocol import Compositor, WaylandEvent, encode_request
from desktop.paste.wayland.virtual_keyboard import VIRTUAL_KEYBOARD_MANAGER, press_virtual_keys

PART_TIMEOUT_S, SILENT_PART_TIMEOUT_S = 1.0, 0.100
"""Seconds that a program may take to tell of one part of a long text before the next one goes out, since a part may be
dropped while there are news: one that tells texts, and one that may not. It takes 3 to 60 ms (GTK 4, GTK 3, Qt 6,
Chromium), more for lines that are long. One that does not is waited for once."""

DROPPED_TIMEOUT_S = 0.300
"""Seconds after which a commit that may have been dropped was, if the program tells nothing of it."""

REFRESH_DELAYS_S = (0.010, 0.025, 0.050, 0.100)
"""Seconds from an answer of a program that does not tell of what was sent to it until it is asked anew, the last one
again and again. It takes up to 60 ms in all (Chromium)."""

SETTLE_S, MAX_SETTLE_S = 0.010, 0.100
"""Seconds without news after which a field is taken for settled that there was before its program could answer (labwc),
and at most. It takes 2 ms (foot)."""

REFRESH_TIMEOUT_S = 0.200
"""Seconds that a program may take to tell its field anew; it takes 1 to 5 ms."""

MAX_TRIES = 5
"""Maximum number of times that a request goes out which the compositor drops."""


class FieldBinding:
    """Our input method object on `compositor`, which must have `MANAGER` and `SEAT`, from creation to `close`.

    `context` is that of the focused field, None while no program has told what its field is like. `is_unavailable`
    where the user has an input method, which is left alone. `changes` are all of these, and of the field's text.
    `users` counts those who hold it. Raises `OSError` when the compositor is gone.
    """

    def __init__(self, compositor: Compositor) -> None:
        self.compositor = compositor
        self.users = 0
        self.changes = Notifier()
        self.context: WaylandInputContext | None = None
        self.is_unavailable = False
        self.is_lost = False
        self.lock = asyncio.Lock()
        self.refreshed: WaylandInputContext | None = None
        self._number = 0
        self._bind()

    def close(self) -> None:
        """Let another input method be the seat's: what is shown as composition goes with ours."""
        self.context = self.refreshed = None
        with suppress(OSError):
            self.compositor.send_request(self._number, DESTROY)

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

    async def has_news(self, timeout_s: float) -> bool:
        """Wait for the end of a set of news; return whether there was one."""
        with anyio.move_on_after(timeout_s) as limit:
            await self.changes.wait()
        return not limit.cancelled_caught

    async def send(self, *requests: tuple[int | str, ...]) -> bool:
        """Send `requests`, each an opcode with its arguments, to the field; return whether they knew the newest news.

        Those that did not are dropped by wlroots; other compositors may carry them out. Raises `OSError`.
        """
        await self.compositor.roundtrip()
        sent_serial = answered_serial = self._serial

        def on_done() -> None:
            nonlocal answered_serial
            answered_serial = self._serial

        messages = (*requests, (COMMIT, sent_serial))
        encoded = b"".join(encode_request(self._number, int(opcode), *rest) for opcode, *rest in messages)
        await self.compositor.roundtrip(encoded, on_done)
        return answered_serial == sent_serial

    def refresh(self, context: WaylandInputContext) -> None:
        """Be bound anew, so that the program of `context` tells its field anew. Raises `OSError`.

        wlroots passes a field's text on only if there was some when the field got the focus, which for Qt an empty one
        has not; and Chromium tells what was there before.
        """
        self.compositor.send_request(self._number, DESTROY)
        self.context, self.refreshed = None, context
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
            if self._is_early and monotonic() < self._may_begin_until:
                self.refreshed = self.refreshed or self.context
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
        """Process the end of a set of news; labwc ends one before the field's kind is told."""
        if not self._is_active or self._kind is None:
            return
        self._may_begin_until = min(self._may_begin_until, monotonic() + MAX_SETTLE_S)
        traits = read_traits(*self._kind)
        if self.context is None and self.refreshed is not None and self.refreshed.traits == traits:
            self.context = self.refreshed
        if self.context is None:
            self.context = WaylandInputContext(self, traits)
        self.refreshed = None
        self.context.update(traits, self._text)


class WaylandInputContext:
    """The focused field, by `binding`: an `InputContext`."""

    def __init__(self, binding: FieldBinding, traits: FieldTraits) -> None:
        self._binding = binding
        self._traits = traits
        self._surrounding: SurroundingText | None = None
        self._tells_text = False
        self._answers = True
        self._is_unproven = False
        self._before: SurroundingText | None = None
        self._sent = ""
        self._has_told = False
        self._composition = ""

    @property
    def traits(self) -> FieldTraits:
        """Return what the program reports of the field now."""
        return self._traits

    @property
    def surrounding(self) -> SurroundingText | None:
        """Return the newest text around the cursor; None where the program reports none."""
        return self._surrounding

    @property
    def tells_text(self) -> bool:
        """Return whether the program has told of a text in the field."""
        return self._tells_text

    def expect_text(self) -> None:
        """Take silence of the text for an empty one: the program tells of one elsewhere."""
        self._tells_text = True
        self.update(self._traits, self._surrounding)

    def update(self, traits: FieldTraits, surrounding: SurroundingText | None) -> None:
        """Take the program's report."""
        self._has_told = True
        self._tells_text = self._tells_text or surrounding is not None
        if surrounding is None and self._tells_text:
            surrounding = SurroundingText("", 0, 0)
        self._traits, self._surrounding = traits, surrounding
        if self._is_unproven and self._is_told(surrounding):
            self._is_unproven = False

    async def commit(self, text: str) -> None:
        """Insert `text`, as `InputContext.commit` says."""
        parts = list(split_text(text.replace("\0", "")))
        self._before, self._sent = self._surrounding, ""
        for part in parts:
            await self._commit_part(part)
            if part is not parts[-1] and self._answers:
                self._answers = await self._has_arrived(PART_TIMEOUT_S if self._tells_text else SILENT_PART_TIMEOUT_S)

    async def delete_before(self, count: int) -> None:
        """Delete `count` characters, as `InputContext.delete_before` says. Raises `OSError` also where the program does
        not tell them, or something is selected."""
        if self._is_unproven:
            await self._has_arrived(PART_TIMEOUT_S)
        async with self._binding.lock:
            await self._require_field()
            text = self._surrounding
            if self._is_unproven or text is None or text.selected or len(text.before) < count:
                raise ConnectionAbortedError("the program does not tell what would be deleted")
            size = len(text.before[len(text.before) - count :].encode())
            self._note_sent(text, "")
            if not await self._binding.send((DELETE_SURROUNDING, size, 0)):
                raise ConnectionAbortedError("the field has changed meanwhile")

    async def show_composition(self, text: str) -> None:
        """Show `text` as being composed, as `InputContext.show_composition` says: of a long one its first part."""
        text = next(split_text(text.replace("\0", "")), "")
        size = len(text.encode())
        for _ in range(MAX_TRIES):
            async with self._binding.lock:
                await self._require_field()
                if await self._binding.send(*([(SET_PREEDIT, text, size, size)] if text else [])):
                    self._composition = text
                    return
        raise ConnectionAbortedError("the field changes all the time")

    async def press_return(self) -> bool:
        """Press Return, as `InputContext.press_return` says."""
        async with self._binding.lock:
            await self._require_field()
            if VIRTUAL_KEYBOARD_MANAGER not in self._binding.compositor.globals:
                return False
            await press_virtual_keys(self._binding.compositor, ENTER_CHORD)
            return True

    async def wait_for_change(self) -> None:
        """Wait for another text around the cursor, as `InputContext.wait_for_change` says."""
        seen, delays = self._surrounding, [*REFRESH_DELAYS_S]
        while True:
            await self._require_field()
            if self._surrounding != seen:
                return
            if not self._is_unproven or not self._has_told or self._composition:
                await self._binding.changes.wait()
            elif not await self._binding.has_news(delays[0] if len(delays) == 1 else delays.pop(0)):
                async with self._binding.lock:
                    await self._refresh()

    async def _commit_part(self, part: str) -> None:
        before, sent = self._before, self._sent
        for _ in range(MAX_TRIES):
            async with self._binding.lock:
                await self._require_field()
                self._note_sent(before, sent + part)
                if await self._binding.send((COMMIT_STRING, part)):
                    return
            if before is None or await self._has_arrived(DROPPED_TIMEOUT_S):
                break
            if self._surrounding != before and not is_inserted(before, self._surrounding, sent):
                break
        if self._is_unproven:
            raise ConnectionAbortedError("the field has changed meanwhile")

    async def _require_field(self) -> None:
        """Wait for a refreshed field. Raises `OSError` where the field is lost."""
        with anyio.move_on_after(REFRESH_TIMEOUT_S):
            while self._binding.refreshed is self:
                await self._binding.changes.wait()
        if self._binding.context is not self:
            raise ConnectionResetError("the field has lost the focus")

    async def _refresh(self) -> None:
        await self._require_field()
        self._has_told = False
        self._binding.refresh(self)
        await self._require_field()

    async def _has_arrived(self, timeout_s: float) -> bool:
        """Wait until the program tells of what was sent to it; return whether it does. Raises `OSError`."""
        with anyio.move_on_after(timeout_s):
            while self._is_unproven:
                await self.wait_for_change()
        return not self._is_unproven

    def _note_sent(self, before: SurroundingText | None, text: str) -> None:
        """Note that `text` was sent to the field that held `before`, or a deletion."""
        self._before, self._sent = before, text
        self._composition, self._is_unproven, self._has_told = "", True, False

    def _is_told(self, surrounding: SurroundingText | None) -> bool:
        """Return whether the program tells of what was sent to it last."""
        if self._before is None:
            return surrounding is not None and surrounding.before.endswith(self._sent)
        if not self._sent:
            return surrounding != self._before
        return is_inserted(self._before, surrounding, self._sent)
