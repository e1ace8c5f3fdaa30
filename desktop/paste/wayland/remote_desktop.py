"""Press keys by the RemoteDesktop portal: the user agrees once, and a token restores the permission next time.

It is requested when the app starts, so that no dictation waits behind a dialog. A token is valid for one start and the
answer holds the next. A portal that refuses or stalls (KDE's does after a long idle time) is not asked again: each time
would cost the user seconds. Its successor, when it has ended, is.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import anyio
from dbus_fast import Variant

from desktop.core.paths import make_private_dir
from desktop.paste.wayland.chords import KEYSYMS, NamedChord
from desktop.paste.wayland.key_backends import PORTAL_KEYBOARD, REMOTE_DESKTOP
from desktop.platforms.linux.portal import Portal, PortalError

logger = logging.getLogger(__name__)

CONSENT_TIMEOUT_S = 120.0
"""Seconds that a user may take for the dialog."""

TOKEN_TIMEOUT_S, DIALOG_TIMEOUT_S = 2.5, 15.0
"""Seconds that a paste waits for the permission: with a token it comes by itself."""

KEY_TIMEOUT_S = 2.5
"""Seconds that one key may take; it takes some ms."""

UNTIL_REVOKED = 2
"""The portal's persist_mode; it must be requested again at each start."""


class RemoteDesktopKeyboard:
    """A keyboard provided by the desktop, from `open` to `close`. `token` is the file that keeps the permission."""

    def __init__(self, bus: str, token: Path) -> None:
        self._bus = bus
        self._file = token
        self._portal: Portal | None = None
        self._session: asyncio.Task[str] | None = None
        self._failed = False
        self._wait_s = DIALOG_TIMEOUT_S

    def open(self) -> None:
        """Request the permission; `press` awaits the answer."""
        token = self._load_token()
        self._wait_s = TOKEN_TIMEOUT_S if token else DIALOG_TIMEOUT_S
        self._session = asyncio.get_running_loop().create_task(self._open_session(token))
        self._session.add_done_callback(lambda task: task.cancelled() or task.exception())

    def close(self) -> None:
        """Release the keyboard."""
        if self._session is not None:
            self._session.cancel()
        if self._portal is not None:
            self._portal.close()

    async def press(self, chord: NamedChord) -> bool:
        """Press and release. Returns False if the desktop does not allow it.

        If the desktop does not say whether the key itself was pressed, it may have been, and trying another backend
        could paste twice: then True.
        """
        if self._portal is not None and self._portal.has_ended:  # and its permission with it
            self._portal.close()
            self._portal, self._failed = None, False
            self.open()
        if self._failed or self._session is None:
            return False
        try:
            with anyio.fail_after(self._wait_s):
                session = await asyncio.shield(self._session)
        except TimeoutError:
            logger.info("the user has not agreed to the portal's dialog yet")
            self._failed = self._wait_s == TOKEN_TIMEOUT_S
            return False
        except PortalError as error:
            self._fail(error)
            return False
        pressed: list[int] = []
        sent = False
        try:
            for name in chord.modifiers:
                pressed.append(KEYSYMS[name])
                await self._send_key(session, KEYSYMS[name], down=True)
            sent = True
            pressed.append(KEYSYMS[chord.key])
            await self._send_key(session, KEYSYMS[chord.key], down=True)
        except PortalError as error:
            self._fail(error)
        for keysym in reversed(pressed):
            try:
                await self._send_key(session, keysym, down=False)
            except PortalError as error:
                self._fail(error)
        return sent

    def _fail(self, error: PortalError) -> None:
        self._failed = True
        logger.warning("no keys by the portal from now on: %s", str(error))

    async def _send_key(self, session: str, keysym: int, *, down: bool) -> None:
        assert self._portal is not None
        arguments = [session, {}, keysym, int(down)]
        await self._portal.call(REMOTE_DESKTOP, "NotifyKeyboardKeysym", "oa{sv}iu", arguments, KEY_TIMEOUT_S)

    async def _open_session(self, token: str) -> str:
        portal = self._portal = await Portal.connect(self._bus)
        session = await portal.create_session(REMOTE_DESKTOP)
        options = {"types": Variant("u", PORTAL_KEYBOARD), "persist_mode": Variant("u", UNTIL_REVOKED)}
        if token:
            options["restore_token"] = Variant("s", token)
        await portal.request(REMOTE_DESKTOP, "SelectDevices", "o", [session], options, CONSENT_TIMEOUT_S)
        answer = await portal.request(REMOTE_DESKTOP, "Start", "os", [session, ""], {}, CONSENT_TIMEOUT_S)
        match answer.get("devices"):
            case Variant(value=int(devices)) if devices & PORTAL_KEYBOARD:
                pass
            case _:
                raise PortalError("the user allowed no keyboard")
        self._save_token(str(answer["restore_token"].value) if "restore_token" in answer else "")
        return session

    def _load_token(self) -> str:
        try:
            return self._file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return ""

    def _save_token(self, token: str) -> None:
        """Keep the token, readable by this user only: any program that has it may press keys without asking."""
        try:
            make_private_dir(self._file.parent)
            self._file.touch(mode=0o600)
            self._file.write_text(token, encoding="utf-8")
        except OSError as error:
            logger.warning("the portal's agreement cannot be kept: %s", error)
