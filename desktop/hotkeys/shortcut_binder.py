"""Bind shortcuts on a session of the GlobalShortcuts portal, and report which key talks.

What the desktop lists as bound counts, whatever the status of its answer is, and a list can change at any time. Only
what the user has agreed to is bound by itself, from the file that keeps it; the rest when they ask for the dialog, on
KDE all, since that opens its settings at each bind. The keys that KDE keeps for an earlier identity are carried over.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Collection, Container, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dbus_fast import Variant

from desktop.core.errors import HotkeyError
from desktop.core.files import write_file
from desktop.core.keys import Action
from desktop.core.messages import Translate
from desktop.core.paths import make_private_dir
from desktop.hotkeys.kde_keys import carry_over_keys, find_triggers, read_old_keys
from desktop.hotkeys.shortcuts import (
    DESCRIPTIONS,
    describe_actions,
    proposed_label,
    read_shortcuts,
    shortcut_options,
    trigger_label,
)
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


@dataclass(frozen=True)
class AgreedKeys:
    """The file's contents. `was_asked` says whether the user has answered the desktop's dialog.

    `old_keys` are triggers taken from an earlier identity, until the present one is given them.
    """

    names: frozenset[Action] = frozenset()
    old_keys: Mapping[Action, str] = field(default_factory=dict)
    was_asked: bool = False


class ShortcutBinder:
    """Binds the actions of `triggers`. Belongs to one loop, on which `on_problem` and `on_key_names` are called.

    `agreed` is the file that keeps what the user has agreed to. Set `requested` to ask the user for the keys.
    """

    def __init__(
        self,
        triggers: Mapping[Action, str],
        on_problem: Callable[[HotkeyError | None], None],
        on_key_names: Callable[[Mapping[Action, str]], None],
        agreed: Path | None,
        is_kde: bool,
        describes_keys: bool = False,
        has_removed_keys: Callable[[], Awaitable[bool]] | None = None,
        translate: Translate = str,
    ) -> None:
        """`describes_keys`: the desktop describes each shortcut that has a key, and no other. `has_removed_keys` tells
        whether the user has removed all keys in the desktop's settings: then none is bound unless requested.
        `translate`: into the language in which the desktop shows our descriptions."""
        self.requested = asyncio.Event()
        self._triggers = dict(triggers)
        self._on_problem, self._on_key_names = on_problem, on_key_names
        self._agreed = agreed
        self._is_kde = is_kde
        self._describes_keys = describes_keys
        self._has_removed_keys = has_removed_keys
        self._translate = translate
        self._shortcuts: dict[str, str | None] = {}
        self._is_refused = False
        self._has_looked_for_old_keys = False

    def set_triggers(self, triggers: Mapping[Action, str]) -> None:
        """Bind other keys; if the desktop gave any before, ask the user for another talk key or a new action's.

        The keys of other actions are the desktop's to change: asking would end a session that works.
        """
        before, self._triggers = self._triggers, dict(triggers)
        is_other = triggers.get(Action.TALK) != before.get(Action.TALK) or triggers.keys() - before.keys()
        if is_other and Action.TALK in self._shortcuts:
            self.requested.set()

    def on_changed(self, shortcuts: dict[str, str | None]) -> None:
        """Take over the list of a desktop on which the user has changed a key; what they removed is not agreed to."""
        removed = self._shortcuts.keys() - shortcuts.keys()
        self._is_refused = self._is_refused or Action.TALK in removed
        self._shortcuts = shortcuts
        agreed = load_agreed(self._agreed)
        names = agreed.names - removed | _find_actions(shortcuts)
        if names != agreed.names:
            save_agreed(self._agreed, replace(agreed, names=names, was_asked=True))
        self._report_keys()

    async def serve(self, portal: Portal, session: str, version: int) -> None:
        """Bind what the user has agreed to, then what they ask for. Returns when that needs another session.

        What the desktop lists is not bound again. KDE keeps that, and opens its settings at each bind, so there nothing
        is bound unless requested. After a refusal, what the user had agreed to is bound in another session. Raises
        `PortalError`.
        """
        self._shortcuts = await self._list(portal, session)
        is_bound = False
        if not self.requested.is_set():
            agreed = load_agreed(self._agreed)
            if self._shortcuts.get(Action.TALK) and (agreed.old_keys or Action.TALK not in agreed.names):
                self._save_bound()
            names = self._triggers.keys() & agreed.names
            if self._is_kde and Action.TALK not in self._shortcuts and await self._carry_over(portal):
                return
            if names - self._shortcuts.keys() and not self._is_kde and not await self._are_keys_removed():
                is_bound = True
                await self._bind(portal, session, names)
            elif agreed.was_asked:
                self._is_refused = Action.TALK not in self._shortcuts
            self._report_keys()
        while True:
            await self.requested.wait()
            if is_bound:  # a session binds once
                return
            self.requested.clear()
            if version >= 2 and self._triggers.keys() <= self._shortcuts.keys():
                await self._configure(portal, session)
            else:
                is_bound = True
                self._report_question()
                await self._bind_requested(portal, session)
                if self._is_refused and Action.TALK in load_agreed(self._agreed).names:
                    return
            self._report_keys()

    async def _are_keys_removed(self) -> bool:
        return self._has_removed_keys is not None and await self._has_removed_keys()

    async def _bind_requested(self, portal: Portal, session: str) -> None:
        """Bind every action. On KDE first take over the keys of an earlier identity, which would hold them else."""
        if self._is_kde and Action.TALK not in self._shortcuts:
            await carry_over_keys(portal, await self._keep_old_keys(portal), describe_actions(self._translate))
        await self._bind(portal, session, self._triggers.keys(), load_agreed(self._agreed).old_keys)
        if self._is_refused:
            save_agreed(self._agreed, replace(load_agreed(self._agreed), was_asked=True))

    async def _carry_over(self, portal: Portal) -> bool:
        """Take over the keys of an earlier identity without asking, once; return whether there were any, which needs
        another session. Their triggers are kept, so that a later request proposes those that did not come over."""
        if self._has_looked_for_old_keys:
            return False
        self._has_looked_for_old_keys = True
        found = await self._keep_old_keys(portal)
        await carry_over_keys(portal, found, describe_actions(self._translate))
        return bool(found)

    async def _keep_old_keys(self, portal: Portal) -> Mapping[tuple[str, Action], int]:
        """Return the keys of an earlier identity whose triggers are kept in the file now; none if that fails."""
        found = await read_old_keys(portal, self._triggers.keys())
        agreed = load_agreed(self._agreed)
        with_old = replace(agreed, old_keys={**agreed.old_keys, **find_triggers(found)})
        return found if found and save_agreed(self._agreed, with_old) else {}

    async def _bind(
        self, portal: Portal, session: str, names: Collection[Action], old_keys: Mapping[Action, str] | None = None
    ) -> None:
        """Bind `names`, with the triggers `old_keys` before ours, and keep what the user agreed to."""
        proposed = {
            name: (old_keys or {}).get(name, trigger) for name, trigger in self._triggers.items() if name in names
        }
        descriptions = describe_actions(self._translate)
        requested = [[str(name), shortcut_options(descriptions[name], trigger)] for name, trigger in proposed.items()]
        try:
            arguments = [session, requested, ""]
            answer = await _request(portal, "BindShortcuts", "oa(sa{sv})s", arguments, DIALOG_TIMEOUT_S)
            # a change may have come before the answer
            self._shortcuts |= read_shortcuts(answer) or await self._list(portal, session)
        except PortalTimeoutError as error:  # a dialog that is not answered is not shown again and again
            logger.info("the talk key: %s", str(error))
        self._is_refused = Action.TALK not in self._shortcuts
        logger.info("the desktop has bound %d of %d shortcuts", len(self._shortcuts), len(requested))
        if not self._is_refused:
            self._save_bound()

    def _save_bound(self) -> None:
        """Keep what the desktop lists as agreed to, and of an earlier identity's keys only those not bound yet."""
        kept = load_agreed(self._agreed).old_keys
        left = {name: trigger for name, trigger in kept.items() if not self._shortcuts.get(name)}
        save_agreed(self._agreed, AgreedKeys(_find_actions(self._shortcuts), left, was_asked=True))

    async def _list(self, portal: Portal, session: str) -> dict[str, str | None]:
        """Return the shortcuts that the desktop lists as bound."""
        return read_shortcuts(await _request(portal, "ListShortcuts", "o", [session], CALL_TIMEOUT_S))

    async def _configure(self, portal: Portal, session: str) -> None:
        """Open the desktop's dialog for shortcuts that are bound."""
        try:
            await portal.call(INTERFACE, "ConfigureShortcuts", "osa{sv}", [session, "", {}], DIALOG_TIMEOUT_S)
        except PortalError as error:
            logger.info("the desktop shows no dialog for the key: %s", str(error))

    def _report_question(self) -> None:
        """Report that there is no talk key while the user is asked for one; one that the desktop lists stays."""
        if Action.TALK in self._triggers and Action.TALK not in self._shortcuts:
            self._on_key_names({})
            self._on_problem(HotkeyError("portal-key-asked"))

    def _report_keys(self) -> None:
        """Report the names of the keys, or why there is none to talk."""
        if Action.TALK not in self._triggers:
            return
        trigger = self._triggers[Action.TALK]
        if Action.TALK not in self._shortcuts:
            self._on_key_names({})
            self._on_problem(HotkeyError("portal-key-refused" if self._is_refused else "portal-key-unasked"))
        elif not self._key_name(Action.TALK):
            self._on_key_names({})
            wanted = load_agreed(self._agreed).old_keys.get(Action.TALK, trigger)
            self._on_problem(HotkeyError("portal-key-empty", key=proposed_label(wanted)))
        else:
            self._on_key_names({action: name for action in self._triggers if (name := self._key_name(action))})
            self._on_problem(None)

    def _key_name(self, action: Action) -> str:
        """Return the name of the key that the desktop gives an action; empty if it gives none."""
        if action not in self._shortcuts:
            return ""
        if description := self._shortcuts[action]:
            return trigger_label(description)
        has_none = description == "" or self._describes_keys
        return "" if has_none else proposed_label(self._triggers[action])


def _find_actions(names: Container[str]) -> frozenset[Action]:
    return frozenset(action for action in DESCRIPTIONS if action in names)


async def _request(
    portal: Portal, member: str, signature: str, arguments: list[Any], timeout_s: float
) -> Mapping[str, Variant]:
    """Return the results of a request, whatever its status is: GNOME's leaves that undefined."""
    try:
        return await portal.request(INTERFACE, member, signature, arguments, {}, timeout_s)
    except PortalRefusalError as refusal:
        return refusal.results


def load_agreed(file: Path | None) -> AgreedKeys:
    """Return what `save_agreed` has kept."""
    try:
        content = json.loads(file.read_text(encoding="utf-8")) if file is not None else None
    except (OSError, ValueError):
        return AgreedKeys()
    match content:
        case {"agreed": list(names), "old_keys": dict(old_keys), "was_asked": bool(was_asked)}:
            found = {action: str(old_keys[action]) for action in _find_actions(old_keys)}
            return AgreedKeys(_find_actions(names), found, was_asked)
    return AgreedKeys()


def save_agreed(file: Path | None, agreed: AgreedKeys) -> bool:
    """Keep what the user has agreed to; return whether it was written."""
    if file is None:
        return False
    content = {"agreed": sorted(agreed.names), "old_keys": dict(agreed.old_keys), "was_asked": agreed.was_asked}
    try:
        make_private_dir(file.parent)
        write_file(file, json.dumps(content), sync=True)
    except OSError as error:
        logger.warning("the agreed keys cannot be kept: %s", error)
        return False
    return True
