"""The focused field while our engine is the daemon's, as `desktop.paste.input_method.interface.InputContext`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from desktop.core.tasks import Notifier
from desktop.paste.input_method.ibus.messages import (
    CAN_SURROUNDING,
    KEYLESS_CLIENTS,
    LATE_CLIENTS,
    NO_CLIENT,
    PREEDIT_CLEAR,
    RELEASED,
    RETURN_KEY,
    UNSURE_CLIENTS,
    decode_content_type,
    decode_text,
    encode_composition,
    encode_text,
)
from desktop.paste.input_method.interface import EarlierReport, FieldTraits, SurroundingText
from desktop.paste.input_method.receipt import MIN_EVIDENCE, split_text

FOCUS_TIMEOUT_S = 1.0
"""Seconds that the daemon may take to say which client has the focus, and what kind of field that is. It says so before
it answers, except to an engine that it has not met yet."""

CHANGE_TIMEOUT_S = 1.0
"""Seconds that a program may take to report a committed text (2 to 8 ms in GTK and Qt, 0.5 s on a busy machine)."""

PART_TIMEOUT_S, PART_PAUSE_S = 0.5, 0.1
"""Seconds that the report of a part may take, and seconds between two parts where none comes (GNOME's compositor sends
a part on after some ms)."""


class IBusField:
    """One field, from the moment that our engine is set until it loses the focus or another engine is set.

    `emit(member, signature, *body)` sends a signal of our engine, and raises `OSError`. `last_report` is that of the
    field before, by which a report that is late is known: what the program says of the time before a commit.
    """

    def __init__(self, emit: Callable[..., None], last_report: int | None = None) -> None:
        self._emit = emit
        self.last_report = last_report
        self._earlier_report = last_report
        self._client = self.path = ""
        self._capabilities = 0
        self._traits: FieldTraits | None = None
        self._surrounding: SurroundingText | None = None
        self._has_composition = False
        self._earlier: EarlierReport | None = None
        self._has_committed = self._is_changed = False
        self._has_reported: bool | None = None
        self._is_lost = False
        self._changes = Notifier()

    # -- what the paster asks -------------------------------------------------------------------------------------

    @property
    def traits(self) -> FieldTraits:
        """Return what the program reports of the field now."""
        return self._traits or FieldTraits()

    @property
    def surrounding(self) -> SurroundingText | None:
        """Return the newest text around the cursor; None where the program reports none."""
        return self._surrounding

    async def commit(self, text: str, on_sent: Callable[[], None] = lambda: None) -> SurroundingText | None:
        """Insert `text` once, in place of the selection and of the composition. Long texts go in several parts.

        Return the text that was around the cursor before. Where none was reported, the first report after the commit
        shows what it was. A program that reports at all does so when it is asked, unless the text is empty or, with
        IBus's library, the one that it reported last: so a report that comes now means that the text is another.
        """
        self._check()
        self._hide_composition()
        before = seen = self._surrounding
        parts = list(split_text(text))
        for number, part in enumerate(parts, 1):
            if number > 1:
                await self._wait_taken(seen)
                self._check()
            seen = self._surrounding
            self._emit("CommitText", "v", encode_text(part))
            is_first, self._has_committed = not self._has_committed, True
            self._is_changed = True
            if number == len(parts):
                on_sent()
            if before is None and is_first and self._may_report:
                before = await self._find_text_before(part)
                self._has_reported = bool(self._has_reported)
        return before

    async def _wait_taken(self, seen: SurroundingText | None) -> None:
        """Wait until a part has arrived: of two that a compositor has not sent on yet, only the second would."""
        if not await self._wait_until(lambda: self._surrounding is not seen, PART_TIMEOUT_S if seen else PART_PAUSE_S):
            await asyncio.sleep(PART_PAUSE_S)

    async def _find_text_before(self, text: str) -> SurroundingText | None:
        """Wait for a report after `text` was committed, and return what was there before it.

        The report is of the time before where the program is slow, which is known if it is the same as the last one; it
        may have only the end of what was committed.
        """
        await self._wait_until(lambda: self._surrounding is not None, CHANGE_TIMEOUT_S)
        if (found := self._surrounding) is None:
            return None
        if hash(found) == self._earlier_report:
            return found
        if not found.selected and found.before.endswith(text):
            left = found.before.removesuffix(text)
            return SurroundingText(left + found.after, len(left), len(left))
        if not found.selected and len(found.before) >= MIN_EVIDENCE and text.endswith(found.before):
            return SurroundingText(found.after, 0, 0)
        return found

    async def delete_before(self, count: int) -> None:
        """Delete `count` characters before the cursor. Raises `OSError`, also if the program cannot do that."""
        self._check()
        if not self._capabilities & CAN_SURROUNDING:
            raise OSError("the program deletes nothing by its input method")
        self._is_changed = True
        self._emit("DeleteSurroundingText", "iu", -count, count)

    async def show_composition(self, text: str) -> None:
        """Show `text` at the cursor as being composed, in place of what was shown; an empty text removes it."""
        self._check()
        if not text:
            self._hide_composition()
            return
        self._has_composition = self._is_changed = True
        self._emit("UpdatePreeditText", "vubu", encode_composition(text), len(text), True, PREEDIT_CLEAR)

    async def press_return(self) -> bool:
        """Press Return in the field, unless its toolkit cannot be given keys."""
        self._check()
        if self._client.startswith(KEYLESS_CLIENTS):
            return False
        for state in (0, RELEASED):
            self._emit("ForwardKeyEvent", "uuu", *RETURN_KEY, state)
        return True

    async def wait_for_change(self) -> None:
        """Wait until the program reports another surrounding text, or the field is lost, which raises `OSError`."""
        self._check()
        await self._changes.wait()
        self._check()

    # -- what the daemon says -------------------------------------------------------------------------------------

    @property
    def is_lost(self) -> bool:
        """Return whether the field has lost the focus, or our engine."""
        return self._is_lost

    @property
    def is_shared(self) -> bool:
        """Return whether the daemon takes the fields of all windows for this one."""
        return self._client.startswith(LATE_CLIENTS)

    @property
    def is_changed(self) -> bool:
        """Return whether something was sent into the field that changes, or changed for a moment, what is reported."""
        return self._is_changed

    @property
    def has_reported(self) -> bool | None:
        """Return whether the program reported text; None if it did not, and nothing was committed that it would."""
        return self._has_reported

    @property
    def is_told(self) -> bool:
        """Return whether a program's field is said to have the focus, and what kind of field it is.

        A program that reports no text, and no terminal either, does not tell its password fields (Chromium on X11, and
        programs that IBus reaches by XIM): nothing is sent to it.
        """
        is_known = bool(self._client) and self._traits is not None and not self._is_lost
        return is_known and self._client != NO_CLIENT and (self._may_report or self.traits.is_terminal)

    @property
    def is_real(self) -> bool:
        """Return whether that is so: some programs say nothing where a password field has got the focus since."""
        return self.is_told and (self.traits.is_password or not self._client.startswith(UNSURE_CLIENTS))

    async def wait_until_told(self) -> None:
        """Wait for the field's traits.

        Raises `TimeoutError` if the daemon does not say what field has the focus, which nothing may be sent to then.
        """
        if not await self._wait_until(lambda: bool(self._client) and self._traits is not None, FOCUS_TIMEOUT_S):
            raise TimeoutError

    async def wait_for_text(self, timeout_s: float) -> None:
        """Wait for the surrounding text, if the program may report it."""
        if self.is_real and self._may_report:
            await self._wait_until(lambda: self._surrounding is not None, timeout_s)

    @property
    def earlier(self) -> EarlierReport | None:
        """Return what the program reported at an earlier look, as `InputContext.earlier` says."""
        is_silent = self._surrounding is None and not (self._is_lost or self._is_changed)
        return self._earlier if is_silent else None

    def remember(self, earlier: EarlierReport | None) -> None:
        """Take what the program reported at an earlier look."""
        self._earlier = earlier

    async def keep_composition(self, text: str) -> None:
        """Commit what the user was composing when our engine was set, and which is lost otherwise."""
        self._check()
        self._is_changed = True
        self._emit("CommitText", "v", encode_text(text))
        if self._may_report and not await self._wait_until(
            lambda: self._surrounding is not None and self._surrounding.before.endswith(text), CHANGE_TIMEOUT_S
        ):
            self._surrounding = None  # what was reported is outdated

    async def _wait_until(self, is_met: Callable[[], bool], timeout_s: float) -> bool:
        """Wait until `is_met` or the field is lost; return False after `timeout_s` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while not self._is_lost and not is_met():
                    await self._changes.wait()
        return self._is_lost or is_met()

    def on_call(self, member: str, body: list[Any]) -> None:
        """Follow a call of the daemon to our engine."""
        match member, body:
            case "FocusInId", [str(path), str(client)]:
                self.path, self._client = path, client
            case (("FocusOut" | "FocusOutId" | "Disable"), _):
                self.lose()
            case "SetCapabilities", [int(capabilities)]:
                self._capabilities = capabilities
            case "SetSurroundingText", [text, int(cursor), int(anchor)]:
                self._set_surrounding(decode_text(text), cursor, anchor)
            case _:
                return
        self._changes.notify()

    def on_content_type(self, value: object) -> None:
        """Follow a change of the field's purpose and hints: it may be of another field, whose text is not known."""
        traits, before = decode_content_type(value), self._traits
        if traits is None or traits == before:
            return
        self._traits, self._surrounding = traits, None
        if before is not None and traits.is_password != before.is_password:
            self.lose()
        self._changes.notify()

    def lose(self) -> None:
        """Have every call fail from now on."""
        self._is_lost = True
        self._surrounding = None
        self._changes.notify()

    def _set_surrounding(self, text: str | None, cursor: int, anchor: int) -> None:
        if text is None:
            return
        self._has_reported = True
        self._surrounding = SurroundingText(text, min(cursor, len(text)), min(anchor, len(text)))
        self.last_report = hash(self._surrounding)

    @property
    def _may_report(self) -> bool:
        is_able = bool(self._capabilities & CAN_SURROUNDING) or self._client.startswith(LATE_CLIENTS)
        return is_able and not (self._traits is not None and self._traits.is_terminal)

    def _hide_composition(self) -> None:
        if self._has_composition:
            self._has_composition = False
            self._emit("UpdatePreeditText", "vubu", encode_text(""), 0, False, PREEDIT_CLEAR)

    def _check(self) -> None:
        if self._is_lost:
            raise OSError("the field has lost the focus")
