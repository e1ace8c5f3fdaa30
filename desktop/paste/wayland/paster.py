"""The paster for a Wayland session: take the clipboard, press the chord, wait for the read, restore the clipboard.

It runs on the engine's loop. What X11 reports and no Wayland desktop does is treated as unknown: if the window is not
known, a read proves only that some program read, and the outcome is UNCONFIRMED. Which modifiers the user holds is not
known either; a virtual keyboard has its own modifiers, so with it that does not matter. Nor is it known what was
pressed since the last paste, so two dictations are joined only if the user chose "space".
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from time import monotonic

import anyio

from desktop.core.chords import Paste
from desktop.core.types import Delivery, Outcome, Target
from desktop.paste import joining
from desktop.paste.apps import is_electron
from desktop.paste.field import AGAIN_S, Fields
from desktop.paste.joining import Insertion
from desktop.paste.outcome import Lent, evaluate, wake_at
from desktop.paste.request import AWAY, SECRET, TAKEN, UNSENT, Manner, also, unread
from desktop.paste.text_fit import fit
from desktop.paste.wayland.data_control import DataControl, manager
from desktop.paste.wayland.focus import Window, focused
from desktop.paste.wayland.keyboard import Keyboard
from desktop.paste.wayland.lender import Lender, holds
from desktop.paste.wayland.protocol import Compositor
from desktop.paste.wayland.strokes import ENTER, PASTES, chord
from desktop.paste.wayland.xwayland import XWayland
from desktop.paste.x11.paster import OURS_S, no_window_of_ours
from desktop.platforms.linux import x11_focus as context

log = logging.getLogger(__name__)

SETTLE_S = 0.050
"""Seconds from taking the clipboard to the chord: clipboard managers read at once, and the compositor has notified the
window by then."""

UNREACHED = Delivery(Outcome.FAILED, "The desktop cannot be reached. The text is in the history.")
UNSEEN = "The keys were pressed, but this desktop does not tell which window took the text."
UNPRESSED = "No key could be pressed; intone doctor says what helps."


class WaylandPaster:
    """A `Paster` for the session of `environ`.

    `token` is the file of the portal's permission, `insert(text, window)` puts a text into a field of our own windows.
    `options` apply from the next paste on.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        token: Path,
        insert: Callable[[str, int], Awaitable[bool]] = no_window_of_ours,
        fields: Fields | None = None,
        left: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """`last_left_at` is as that of `UserActivity`."""
        self.manner = Manner()
        self._left = left
        self._environ = environ
        self._token = token
        self._insert = insert
        self._fields = fields or Fields(environ.get("DBUS_SESSION_BUS_ADDRESS"))
        self._compositor: Compositor | None = None
        self._reached = False
        self._lender: Lender
        self._keyboard: Keyboard
        self._turn = asyncio.Lock()
        self._changed = asyncio.Event()
        self._waiting = 0
        self._window = Window()
        self._lent: Lent | None = None
        self._early = False
        self._proven = False
        self._inserted: Insertion | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Connect to the compositor and its clipboard. Call on `loop`. Raises `PasteError`."""
        compositor = Compositor(self._environ)
        try:
            if manager(compositor.globals):
                self._lender = DataControl(compositor, self._read, self._lost)
            else:
                self._lender = XWayland(self._environ.get("DISPLAY"), loop, self._read, self._lost)
        except BaseException:
            compositor.close()
            raise
        compositor.lost = self._gone
        compositor.listen(loop)
        self._compositor, self._reached = compositor, True
        self._keyboard = Keyboard(self._environ, compositor, self._token)
        self._keyboard.open()

    def close(self) -> None:
        """Restore the clipboard, as far as it can outlive us."""
        if self._compositor is not None:
            self._keyboard.close()
            self._lender.close()
            self._compositor.close()
            self._fields.close()
            self._compositor, self._reached = None, False

    async def target(self) -> Target:
        """Return the focused window; `UNKNOWN_WINDOW` if the desktop does not report it."""
        target = (await focused(self._environ)).target
        if target.pid in (0, os.getpid()):
            return target
        field, site = await self._fields.seen(target.pid, cursor=self.manner.cursor, site=self.manner.site)
        return replace(target, field=field, site=site)

    async def paste(self, text: str, target: Target, sent: Callable[[], None], enter: bool = False) -> Delivery:
        """Put `text` into `target` once and return the outcome, as `Paster.paste` promises."""
        if not self._reached:
            return UNREACHED
        if target.pid == os.getpid() and await self._into_ours(text, target):
            sent()
            return Delivery(Outcome.INSERTED)
        self._waiting += 1
        self._hurry()
        since = monotonic()
        async with self._turn:
            self._waiting -= 1
            delivery = await self._paste(text, target, sent, enter, since)
            log.info("a text of %d characters: %s", len(text), delivery.outcome)
            return delivery

    async def clipboard(self) -> str | None:
        """Return the clipboard's text, as `ReadsClipboard` promises."""
        return await self._lender.text() if self._reached else None

    async def _into_ours(self, text: str, target: Target) -> bool:
        window = await focused(self._environ)
        if window.target.handle == target.handle and window.xid:
            with anyio.move_on_after(OURS_S):
                return await self._insert(text, window.xid)
        return False

    async def _secret(self, target: Target) -> bool:
        """Return whether a password field is known to have the focus, at the release or now."""
        if target.pid and not target.secret:
            with anyio.move_on_after(AGAIN_S):
                return await self._fields.secret(target)
        return target.secret

    async def _paste(self, text: str, target: Target, sent: Callable[[], None], enter: bool, since: float) -> Delivery:
        if await self._secret(target):
            return SECRET
        manner = self.manner
        rule = manner.applications.rule(target.app, context.comm(target.pid), electron=is_electron(target.pid))
        text = rule.fitted(text)
        paste = chord(rule.chord, target, text)
        joined = await self._joined(text, target, manner)
        self._inserted = None
        if self._left() > since:
            return AWAY
        self._early = self._proven = False
        obstacle = await self._obstacle(target)
        if not await self._lender.lend(joined, PASTES[paste].selections):
            await self._lender.give_back()
            return also(TAKEN if self._reached else UNREACHED, self._lender.unkept)
        if not obstacle:
            await anyio.sleep(max(SETTLE_S, rule.delay_ms / 1000))
            obstacle = await self._obstacle(target)
        if self._left() > since:
            await self._lender.give_back()
            return also(AWAY, self._lender.unkept)
        if obstacle:
            return self._copied(obstacle, paste)
        now = monotonic()
        early = now if rule.reads == "early" and self._early else None
        self._lent = Lent(now, early, hurried=self._waiting > 0)
        try:
            if not await self._keyboard.press(PASTES[paste], target):
                return self._copied(UNPRESSED, paste)
            sent()
            outcome = await self._end()
        finally:
            self._lent = None
        if outcome is Outcome.COPIED:
            return self._copied(f"{target.app or 'The window'} did not take the text.", paste)
        kept = self._lender.unkept
        await self._lender.give_back()
        enter = enter or rule.enter
        if outcome is Outcome.UNCONFIRMED:
            return Delivery(outcome, " ".join(filter(None, (unread(enter), kept))))
        entered = enter and self._proven and self._left() <= since and await self._enter(target)
        self._inserted = Insertion(target.handle, "\n" if entered else joined[-1:], now)
        notes = ("" if self._proven else UNSEEN, UNSENT if enter and not entered else "", kept)
        return Delivery(outcome if self._proven else Outcome.UNCONFIRMED, " ".join(filter(None, notes)))

    async def _joined(self, text: str, target: Target, manner: Manner) -> str:
        """Return `text` joined to what stands before the cursor, if known.

        Otherwise it is joined to the last insertion, if the user wants that whatever they did since.
        """
        if manner.cursor and target.pid:
            field = target.field
            with anyio.move_on_after(AGAIN_S):
                field = await self._fields.again(target) or field
            if field is not None and field.before is not None:
                return fit(text, field.before, field.after)
        if manner.join != "space":
            return text
        return joining.join(joining.before(self._inserted, target.handle, monotonic(), 0.0), text)

    async def _obstacle(self, target: Target) -> str:
        """Return why the text must not go into the focused window; empty if it may."""
        if target.handle == 0:
            return "No window had the focus."
        if target.pid == os.getpid():
            return "Intone does not write into its own windows."
        self._window = await focused(self._environ)
        return "" if self._window.target.handle == target.handle else "The window changed."

    async def _end(self) -> Outcome:
        """Wait for the paste's end and return its outcome."""
        while self._lent is not None:
            outcome = evaluate(self._lent, monotonic())
            if outcome is not None:
                return outcome
            self._changed.clear()
            with anyio.move_on_after(wake_at(self._lent) - monotonic()):
                await self._changed.wait()
        return Outcome.UNCONFIRMED

    async def _enter(self, target: Target) -> bool:
        """Press Return if the user is still in the window. Returns whether it was pressed."""
        return not await self._obstacle(target) and await self._keyboard.press(ENTER, target)

    def _copied(self, why: str, paste: Paste) -> Delivery:
        """Leave the text on the clipboard for the user to paste."""
        self._lender.leave()
        return Delivery(Outcome.COPIED, f"{why} The text is on the clipboard: press {paste.value}.")

    def _hurry(self) -> None:
        """Note that another dictation waits for the clipboard."""
        if self._lent is not None:
            self._lent = replace(self._lent, hurried=True)
            self._changed.set()

    def _read(self, pipe: int) -> None:
        """Process a read of the clipboard. It counts if it is the target's, or if it cannot be told that it is not."""
        target = self._window.target
        known = holds(target.pid, pipe) if pipe and target.pid else None
        if known is False and self._window.x11 and self._compositor is not None:
            known = holds(self._compositor.pid, pipe)
        if known is False:
            return
        self._proven = self._proven or known is True
        if self._lent is None:
            self._early = True
        else:
            self._lent = replace(self._lent, read_at=monotonic())
            self._changed.set()

    def _gone(self) -> None:
        """Process the end of the compositor, and of the session with it."""
        self._reached = False
        self._lost()

    def _lost(self) -> None:
        """Note that another program has taken the clipboard."""
        if self._lent is not None:
            self._lent = replace(self._lent, lost=True)
            self._changed.set()
