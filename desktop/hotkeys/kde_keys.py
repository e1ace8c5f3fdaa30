"""Carry the keys that KDE keeps for an earlier identity of the application over to the present one.

KDE keeps a shortcut under the application's identity, or under the session's token where there is none. After a change
of the identity the old entry would still hold the key, so that the new one gets none. Codes of keys are Qt's.

Keep what `read_old_keys` returned before `carry_over_keys`: after that nothing else has it.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping

from desktop import APP_ID
from desktop.core.keys import Action
from desktop.platforms.linux.portal import OLD_APP_IDS, TOKEN_PREFIX, Portal, PortalError

logger = logging.getLogger(__name__)

KEY_SERVICE = ("org.kde.kglobalaccel", "/kglobalaccel", "org.kde.KGlobalAccel")

OLD_COMPONENTS = tuple(app_id or f"token_{TOKEN_PREFIX}" for app_id in OLD_APP_IDS)
"""KDE's names for the earlier identities."""

APP_TITLE = "Intone"
"""What KDE's settings call the application, as its desktop file does."""

NO_AUTOLOADING = 4
"""KGlobalAccel's flag for a key that replaces what it has stored."""

_MODIFIERS = {0x04000000: "CTRL", 0x08000000: "ALT", 0x02000000: "SHIFT", 0x10000000: "LOGO"}

_KEYSYMS = {0x01000030 + n: f"F{n + 1}" for n in range(24)} | {
    0x01000000: "Escape",
    0x01000001: "Tab",
    0x01000003: "BackSpace",
    0x01000004: "Return",
    0x01000006: "Insert",
    0x01000007: "Delete",
    0x01000008: "Pause",
    0x01000009: "Print",
    0x01000010: "Home",
    0x01000011: "End",
    0x01000012: "Left",
    0x01000013: "Up",
    0x01000014: "Right",
    0x01000015: "Down",
    0x01000016: "Prior",
    0x01000017: "Next",
    0x01000026: "Scroll_Lock",
    0x01000055: "Menu",
    0x20: "space",
}


def qt_key_trigger(code: int) -> str:
    """Return a key of Qt's as the portal writes a trigger; empty for one without a keysym here."""
    key = code & 0x01FFFFFF
    keysym = _KEYSYMS.get(key) or (chr(key).lower() if key < 0x7F and chr(key).isalnum() else "")
    return "+".join([*(name for bit, name in _MODIFIERS.items() if code & bit), keysym]) if keysym else ""


async def read_old_keys(portal: Portal, actions: Collection[Action]) -> dict[tuple[str, Action], int]:
    """Return the keys that earlier identities have for `actions`, by identity and action."""
    keys: dict[tuple[str, Action], int] = {}
    for component in OLD_COMPONENTS:
        for action in actions:
            try:
                (codes,) = await portal.call_service(KEY_SERVICE, "shortcut", "as", [[component, action, "", ""]])
                code = int(codes[0]) if codes else 0
            except (PortalError, ValueError, TypeError) as error:
                logger.info("no key of %s is known to KDE: %s", component, error)
                break
            if code:
                keys[component, action] = code
    return keys


def find_triggers(keys: Mapping[tuple[str, Action], int]) -> dict[Action, str]:
    """Return the trigger of each action, those of the first identity first."""
    triggers = {action: qt_key_trigger(code) for (_, action), code in reversed(list(keys.items()))}
    return {action: trigger for action, trigger in triggers.items() if trigger}


async def carry_over_keys(
    portal: Portal, keys: Mapping[tuple[str, Action], int], descriptions: Mapping[Action, str]
) -> None:
    """Give these keys of earlier identities to the present one: a session that the portal opens next has them."""
    await _free_keys(portal, keys)
    for action, code in {action: code for (_, action), code in reversed(list(keys.items()))}.items():
        names = [APP_ID, action, APP_TITLE, descriptions[action]]
        try:
            await portal.call_service(KEY_SERVICE, "doRegister", "as", [names])
            await portal.call_service(KEY_SERVICE, "setShortcut", "asaiu", [names, [code], NO_AUTOLOADING])
        except PortalError as error:
            logger.info("KDE does not take over the key of %s: %s", action, error)


async def _free_keys(portal: Portal, keys: Iterable[tuple[str, Action]]) -> None:
    """Take these keys from the earlier identities, so that the present one can have them."""
    for component, action in keys:
        try:
            await portal.call_service(KEY_SERVICE, "unregister", "ss", [component, action])
        except PortalError as error:
            logger.info("KDE keeps the key of %s for %s: %s", component, action, error)
