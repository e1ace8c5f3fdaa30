"""The focused field, in a session whose compositor lets programs be its input method: an `InputContext`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import anyio

from desktop.paste.input_method.interface import FieldLostError, FieldTraits, SurroundingText
from desktop.paste.input_method.receipt import is_inserted, split_text
from desktop.paste.input_method.wayland_binding import FieldBinding
from desktop.paste.input_method.wayland_messages import COMMIT_STRING, DELETE_SURROUNDING, SET_PREEDIT
from desktop.paste.wayland.chords import ENTER_CHORD
from desktop.paste.wayland.virtual_keyboard import VIRTUAL_KEYBOARD_MANAGER, press_virtual_keys

PART_TIMEOUT_S, SILENT_PART_TIMEOUT_S = 1.0, 0.100
"""Seconds that a program may take to tell of one part of a long text before the next one goes out, since a part may be
dropped while there are news: one that tells texts, and one that may not. It takes 3 to 60 ms (GTK 4, GTK 3, Qt 6,
Chromium), more for lines that are long. One that does not is waited for once."""

REFRESH_DELAYS_S = (0.010, 0.025, 0.050, 0.100)
"""Seconds from an answer of a program that does not tell of what was sent to it until it is asked anew, the last one
again and again. It takes up to 60 ms in all (Chromium)."""

REFRESH_TIMEOUT_S = 1.0
"""Seconds that a program may take to tell its field anew; it takes 1 to 5 ms, more on a busy machine."""

MAX_TRIES = 5
"""Maximum number of times that a request goes out which the compositor drops."""


class WaylandInputContext:
    """The focused field, by `binding`: an `InputContext`."""

    def __init__(self, binding: FieldBinding[WaylandInputContext], traits: FieldTraits) -> None:
        self._binding = binding
        self._traits = traits
        self._surrounding: SurroundingText | None = None
        self._tells_text = False
        self._answers = self._tells_something = True
        self._is_unproven = False
        self._before: SurroundingText | None = None
        self._sent = ""
        self._is_deleting = False
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
    def earlier(self) -> None:
        """Return None: a program reports its text to each input method anew."""

    @property
    def is_composing(self) -> bool:
        """Return whether a composition is shown."""
        return bool(self._composition)

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

    async def commit(self, text: str, on_sent: Callable[[], None] = lambda: None) -> SurroundingText | None:
        """Insert `text`, as `InputContext.commit` says."""
        parts = list(split_text(text.replace("\0", "")))
        before, self._before, self._sent = self._surrounding, self._surrounding, ""
        for number, part in enumerate(parts, 1):
            try:
                await self._commit_part(part)
            except FieldLostError as error:
                if number > 1:
                    raise ConnectionAbortedError("the field was lost between two parts") from error
                raise
            if number < len(parts):
                await self._wait_for_answer()
        on_sent()
        if before is None and not self._traits.is_terminal:
            with suppress(OSError):  # the text is sent
                await self._has_arrived(SILENT_PART_TIMEOUT_S)
            if self._surrounding is not None and self._surrounding.text == self._sent:
                return SurroundingText("", 0, 0)
        return before

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
            if not await self._binding.send(self, (DELETE_SURROUNDING, size, 0)):
                raise ConnectionAbortedError("the field has changed meanwhile")
            self._note_removed()

    async def show_composition(self, text: str) -> None:
        """Show `text` as being composed, as `InputContext.show_composition` says: of a long one its first part."""
        text = next(split_text(text.replace("\0", "")), "")
        size = len(text.encode())
        if text:
            await self._binding.guard.arm()
        for _ in range(MAX_TRIES):
            async with self._binding.lock:
                await self._require_field()
                if text:
                    self._composition = text
                    self._binding.guard.note(is_shown=True)
                if await self._binding.send(self, (SET_PREEDIT, text, size, size), is_removal=not text):
                    if not text:
                        self._note_removed()
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
            if not self._is_unproven or self._composition or not (self._has_told or self._is_deleting):
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
                if await self._binding.send(self, (COMMIT_STRING, part)):
                    self._note_removed()
                    return
        raise FieldLostError("the field changes all the time")

    async def _require_field(self) -> None:
        """Wait for a refreshed field. Raises `OSError` where the field is lost."""
        with anyio.move_on_after(REFRESH_TIMEOUT_S):
            while self._binding.refreshed is self:
                await self._binding.changes.wait()
        if self._binding.context is not self:
            raise FieldLostError("the field has lost the focus")

    async def _refresh(self) -> None:
        await self._require_field()
        self._has_told = False
        self._binding.refresh(self)
        await self._require_field()

    async def _wait_for_answer(self) -> None:
        """Wait until the program tells of a part of a text, or anything, as far as it is one that does."""
        if self._answers:
            self._answers = await self._has_arrived(PART_TIMEOUT_S if self._tells_text else SILENT_PART_TIMEOUT_S)
            self._tells_something = self._has_told
        elif self._tells_something and not self._has_told:
            await self._binding.has_news(SILENT_PART_TIMEOUT_S)

    async def _has_arrived(self, timeout_s: float) -> bool:
        """Wait until the program tells of what was sent to it; return whether it does. Raises `OSError`."""
        with anyio.move_on_after(timeout_s):
            while self._is_unproven:
                await self.wait_for_change()
        return not self._is_unproven

    def _note_sent(self, before: SurroundingText | None, text: str) -> None:
        """Note that `text` was sent to the field that held `before`, or a deletion: Qt tells nothing of one unasked."""
        self._before, self._sent, self._is_deleting = before, text, not text
        self._is_unproven, self._has_told = True, False

    def _note_removed(self) -> None:
        """Note that there is no composition: what was sent last had none."""
        if self._composition:
            self._composition = ""
            self._binding.guard.note(is_shown=False)

    def _is_told(self, surrounding: SurroundingText | None) -> bool:
        """Return whether the program tells of what was sent to it last."""
        if self._before is None:
            return surrounding is not None and surrounding.before.endswith(self._sent)
        if not self._sent:
            return surrounding != self._before
        return is_inserted(self._before, surrounding, self._sent)
