"""Bind shortcuts on a session of the GlobalShortcuts portal, and report which key talks.

What the desktop lists as bound counts, whatever the status of its answer is, and a list can change at any time. Only
what the user has agreed to is bound by itself, from the file that keeps it; the rest when they ask for the dialog.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from anyio import to_thread
from dbus_fast import Variant

from desktop.core.errors import HotkeyError
from desktop.core.files import replace_file
from desktop.core.keys import Action
from desktop.core.paths import make_private_dir
from desktop.hotkeys.kde_keys import take_old_keys
from desktop.hotkeys.shortcuts import DESCRIPTIONS, proposed_label, read_shortcuts, shortcut_options, trigger_label
from desktop.platforms.linux.portal import (
    CALL_TIMEOUT_S,
    Portal,
    PortalError,
    PortalRefusalError,
    PortalTimeoutError,
)

logger = logging.getLogger(__name__)

INTERFACE = "org.freedesktop.portal.GlobalShortcuts"

DIALOG_TIMEOUT_S = 120.0
"""Seconds that the user may take for the desktop's dialog."""


class ShortcutBinder:
    """Binds the actions of `triggers`. Belongs to one loop, on which `on_problem` and `on_talk_key` are called.

    `agreed` is the file that keeps what the user has agreed to. Set `requested` to ask the user for the keys.
    """

    def __init__(
        self,
        triggers: Mapping[Action, str],
        on_problem: Callable[[HotkeyError | None], None],
        on_talk_key: Callable[[str], None],
        agreed: Path | None,
        is_kde: bool,
    ) -> None:
        self.requested = asyncio.Event()
        self._triggers = dict(triggers)
        self._on_problem, self._on_talk_key = on_problem, on_talk_key
        self._agreed = agreed
        self._is_kde = is_kde
        self._shortcuts: dict[str, str | None] = {}
        self._is_refused = False

    def set_triggers(self, triggers: Mapping[Action, str]) -> None:
        """Bind other keys; ask the user for them if the desktop has given any before."""
        if triggers != self._triggers:
            self._triggers = dict(triggers)
            if Action.TALK in self._shortcuts:
                self.requested.set()

    def on_changed(self, shortcuts: dict[str, str | None]) -> None:
        """Take over the list of a desktop on which the user has changed a key."""
        self._shortcuts = shortcuts
        self._report_talk_key()

    async def serve(self, portal: Portal, session: str, version: int) -> None:
        """Bind what the user has agreed to, then what they ask for. Returns when that needs another session.

        What the desktop lists is not bound again: KDE would open its settings at each start. Raises `PortalError`.
        """
        listed = await portal.request(INTERFACE, "ListShortcuts", "o", [session], {}, CALL_TIMEOUT_S)
        self._shortcuts = read_shortcuts(listed)
        is_bound = False
        if not self.requested.is_set():
            names = self._triggers.keys() & await to_thread.run_sync(load_agreed, self._agreed)
            if self._is_kde and Action.TALK not in self._shortcuts:
                old_keys = await take_old_keys(portal, tuple(self._triggers))
                self._triggers |= old_keys
                names |= old_keys.keys()
            if names - self._shortcuts.keys():
                is_bound = True
                await self._bind(portal, session, names)
            self._report_talk_key()
        while True:
            await self.requested.wait()
            if is_bound:  # a session binds once
                return
            self.requested.clear()
            if version >= 2 and self._triggers.keys() <= self._shortcuts.keys():
                await self._configure(portal, session)
            else:
                is_bound = True
                await self._bind(portal, session, self._triggers.keys())
            self._report_talk_key()

    async def _bind(self, portal: Portal, session: str, names: Collection[Action]) -> None:
        requested = [[str(name), shortcut_options(name, key)] for name, key in self._triggers.items() if name in names]
        arguments = [session, requested, ""]
        answer: Mapping[str, Variant] = {}
        try:
            answer = await portal.request(INTERFACE, "BindShortcuts", "oa(sa{sv})s", arguments, {}, DIALOG_TIMEOUT_S)
            if not read_shortcuts(answer):
                answer = await portal.request(INTERFACE, "ListShortcuts", "o", [session], {}, CALL_TIMEOUT_S)
        except PortalRefusalError as refusal:
            answer = refusal.results
        except PortalTimeoutError as error:  # a dialog that is not answered is not shown again and again
            logger.info("the talk key: %s", str(error))
        self._shortcuts |= read_shortcuts(answer)  # a change may have come before the answer
        self._is_refused = Action.TALK not in self._shortcuts
        logger.info("the desktop has bound %d of %d shortcuts", len(self._shortcuts), len(requested))
        if not self._is_refused:
            await to_thread.run_sync(_save_agreed, self._agreed, list(self._shortcuts))

    async def _configure(self, portal: Portal, session: str) -> None:
        """Open the desktop's dialog for shortcuts that are bound."""
        try:
            await portal.call(INTERFACE, "ConfigureShortcuts", "osa{sv}", [session, "", {}], DIALOG_TIMEOUT_S)
        except PortalError as error:
            logger.info("the desktop shows no dialog for the key: %s", str(error))

    def _report_talk_key(self) -> None:
        """Report the talk key's name, or why there is none."""
        if Action.TALK not in self._triggers:
            return
        proposed = proposed_label(self._triggers[Action.TALK])
        if Action.TALK not in self._shortcuts:
            self._on_talk_key("")
            self._on_problem(HotkeyError("portal-key-refused" if self._is_refused else "portal-key-unasked"))
        elif (description := self._shortcuts[Action.TALK]) == "":
            self._on_talk_key("")
            self._on_problem(HotkeyError("portal-key-empty", key=proposed))
        else:
            self._on_talk_key(trigger_label(description) if description else proposed)
            self._on_problem(None)


def load_agreed(file: Path | None) -> frozenset[Action]:
    """Return the actions whose keys the user has agreed to."""
    try:
        names = json.loads(file.read_text(encoding="utf-8")) if file is not None else []
        return frozenset(action for action in DESCRIPTIONS if action in names)
    except (OSError, ValueError, TypeError):
        return frozenset()


def _save_agreed(file: Path | None, names: Iterable[str]) -> None:
    if file is None:
        return
    try:
        make_private_dir(file.parent)
        with replace_file(file) as part:
            part.write(json.dumps(sorted(names)).encode())
    except OSError as error:
        logger.warning("the agreed keys cannot be kept: %s", error)
