"""Press keys by the RemoteDesktop portal: the user agrees once, and a token restores the permission for each paste.

The desktop is asked in a dialog only by `request`. A session is open during a paste alone, since desktops show that one
is open, and a click there ends it: opening one by its token takes 5 ms (GNOME 48) to 25 ms (KDE 6.3). Where the user
gave no token, the session stays open, for each would cost a dialog. A token that the desktop no longer knows would open
a dialog too, so the desktop's store of permissions is asked first.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import anyio
from dbus_fast import Message, Variant

from desktop import APP_ID
from desktop.core.errors import PasteError
from desktop.core.files import replace_file
from desktop.core.paths import make_private_dir
from desktop.paste.wayland.chords import KEYSYMS, NamedChord
from desktop.paste.wayland.key_backends import PORTAL_KEYBOARD, REMOTE_DESKTOP
from desktop.platforms.linux.portal import (
    OLD_APP_IDS,
    SESSION_INTERFACE,
    Portal,
    PortalCallError,
    PortalError,
    PortalRefusalError,
    PortalTimeoutError,
)

logger = logging.getLogger(__name__)

CONSENT_TIMEOUT_S = 120.0
"""Seconds that a user may take for the dialog."""

OPEN_TIMEOUT_S = 2.5
"""Seconds that a paste waits for the session, which comes by itself."""

RETRY_S = 0.5
"""Seconds after which a refused session is requested again: a backend that was restarted refuses until it is up."""

KEY_TIMEOUT_S = 2.5
"""Seconds that one key may take; it takes some ms."""

UNTIL_REVOKED = 2
"""The portal's persist_mode; it must be requested again at each start."""

PERMISSION_STORE = (
    "org.freedesktop.impl.portal.PermissionStore",
    "/org/freedesktop/impl/portal/PermissionStore",
    "org.freedesktop.impl.portal.PermissionStore",
)
PERMISSION_TABLE = "remote-desktop"
NOT_FOUND = "org.freedesktop.portal.Error.NotFound"


class NotAllowedError(PortalError):
    """The user has not allowed key presses, or no longer does."""


class DiscardedError(PortalError):
    """The session was given up before it was open."""


@dataclass(slots=True)
class RemoteDesktopSession:
    """An open session at `path`. `is_kept`: opening it again would show something to the user."""

    portal: Portal
    path: str
    is_kept: bool = False
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_over(self) -> bool:
        """Whether the desktop, or the user there, has ended it."""
        return self.closed.is_set() or self.portal.has_ended

    def on_message(self, message: Message) -> None:
        """Note the end of the session."""
        if message.interface == SESSION_INTERFACE and message.path == self.path and message.member == "Closed":
            self.closed.set()


class RemoteDesktopKeyboard:
    """A keyboard provided by the desktop. `token` is the file that keeps the permission.

    `on_problem(problem)` is called with why no key can be pressed, and with None when it can. `is_kept`: the session
    stays open between pastes, for a desktop that shows a notice of each one that begins.
    """

    def __init__(
        self,
        bus: str,
        token: Path,
        on_problem: Callable[[PasteError | None], None] = lambda _: None,
        *,
        is_kept: bool = False,
    ) -> None:
        self._bus = bus
        self._file = token
        self._on_problem = on_problem
        self._is_kept = is_kept
        self._session: asyncio.Task[RemoteDesktopSession] | None = None
        self._dialog: asyncio.Task[RemoteDesktopSession] | None = None
        self._is_wanted = False
        self._pressing = asyncio.Lock()
        self._problem_code: str | None = None

    async def check(self) -> bool:
        """Open a session and close it, without a dialog; return whether that works."""
        self.open()
        try:
            await self._wait_session(OPEN_TIMEOUT_S)
        except PortalError as error:
            self._report(error)
            return False
        finally:
            self.release()
        self._set_problem("")
        return True

    async def request(self) -> bool:
        """Ask the user in the desktop's dialog, once no key is being pressed; return whether they agree.

        Returns False at once while a dialog is open.
        """
        async with self._pressing:
            if self._dialog is not None and not self._dialog.done():
                return False
            self._discard()
            self._is_wanted = True
            self._session = self._dialog = self._start_opening(with_dialog=True)
        try:
            await self._wait_session(None)
        except DiscardedError:
            return False
        except PortalError as error:
            logger.info("no keys by the portal: %s", str(error))
            self._set_problem("portal-typing-refused")
            return False
        finally:
            self.release()
        self._set_problem("")
        return True

    def open(self) -> None:
        """Open the session for a paste, unless one is open; `press` awaits it."""
        self._is_wanted = True
        if self._is_over():
            self._discard()
        if self._session is None:
            self._session = self._start_opening(with_dialog=False)

    def release(self) -> None:
        """Close the session, unless it could not be opened again without a dialog, or its dialog is still open."""
        self._is_wanted = False
        task = self._session
        if task is not None and task.done() and (self._is_over() or not task.result().is_kept):
            self._discard()

    def close(self) -> None:
        """Release the keyboard."""
        self._discard()

    async def press(self, chord: NamedChord) -> bool:
        """Press and release. Returns False if the desktop does not allow it.

        If the desktop does not say whether the key itself was pressed, it may have been, and trying another backend
        could paste twice: then True. A session that turns out to be closed before anything was pressed is opened again.
        """
        async with self._pressing:
            for is_last in (False, True):
                self.open()
                try:
                    session = await self._wait_session(OPEN_TIMEOUT_S)
                    if (is_pressed := await self._press_in(session, chord)) is not None:
                        self._set_problem("")
                        return is_pressed
                except PortalError as error:
                    if is_last or not isinstance(error, PortalRefusalError):
                        self._report(error)
                        return False
                    await anyio.sleep(RETRY_S)
                self._discard()
            self._set_problem("portal-typing-refused")
            return False

    async def _wait_session(self, timeout_s: float | None) -> RemoteDesktopSession:
        """Return the session once it is open, however long that takes if `timeout_s` is None.

        Raises `PortalTimeoutError` when it is not open in time, `DiscardedError` when it is given up meanwhile, and
        other `PortalError`s of the opening.
        """
        opening = self._session
        assert opening is not None
        await asyncio.wait({opening}, timeout=timeout_s)
        if not opening.done():
            raise PortalTimeoutError("the session is not open yet")
        if opening.cancelled():
            raise DiscardedError("the session was given up")
        return opening.result()

    async def _press_in(self, session: RemoteDesktopSession, chord: NamedChord) -> bool | None:
        """Return whether the key may have been pressed; None if nothing was, and another session may do it."""
        pressed: list[int] = []
        sent = False
        try:
            for name in chord.modifiers:
                await self._send_key(session, KEYSYMS[name], down=True)
                pressed.append(KEYSYMS[name])
            sent = True
            pressed.append(KEYSYMS[chord.key])
            await self._send_key(session, KEYSYMS[chord.key], down=True)
        except PortalError as error:
            logger.warning("the portal pressed no key: %s", str(error))
            if not pressed and not isinstance(error, PortalTimeoutError):
                return None
            session.closed.set()  # it is not used again
            if not sent:
                pressed.append(KEYSYMS[chord.modifiers[len(pressed)]])  # it may have been pressed all the same
        for keysym in reversed(pressed):
            try:
                await self._send_key(session, keysym, down=False)
            except PortalError as error:
                logger.warning("the portal released no key: %s", str(error))
                session.closed.set()
        return sent

    async def _send_key(self, session: RemoteDesktopSession, keysym: int, *, down: bool) -> None:
        arguments = [session.path, {}, keysym, int(down)]
        await session.portal.call(REMOTE_DESKTOP, "NotifyKeyboardKeysym", "oa{sv}iu", arguments, KEY_TIMEOUT_S)

    def _start_opening(self, *, with_dialog: bool) -> asyncio.Task[RemoteDesktopSession]:
        opening = asyncio.get_running_loop().create_task(self._open_session(with_dialog))
        opening.add_done_callback(self._on_opened)
        return opening

    def _on_opened(self, task: asyncio.Task[RemoteDesktopSession]) -> None:
        """Close a session that came after the paste that waited for it."""
        if not task.cancelled() and task.exception() is None and task is self._session and not self._is_wanted:
            self.release()

    async def _open_session(self, with_dialog: bool) -> RemoteDesktopSession:
        portal = await Portal.connect(self._bus)
        try:
            token = self._load_token()
            if not await is_allowed(portal, token):
                token = ""
            if not token and not with_dialog:
                raise NotAllowedError("the user has not allowed it")
            session = RemoteDesktopSession(portal, await portal.create_session(REMOTE_DESKTOP))
            portal.add_signal_handler(session.on_message)
            options = {"types": Variant("u", PORTAL_KEYBOARD), "persist_mode": Variant("u", UNTIL_REVOKED)}
            if token:
                options["restore_token"] = Variant("s", token)
            await portal.request(REMOTE_DESKTOP, "SelectDevices", "o", [session.path], options, CONSENT_TIMEOUT_S)
            answer = await portal.request(REMOTE_DESKTOP, "Start", "os", [session.path, ""], {}, CONSENT_TIMEOUT_S)
            match answer.get("devices"):
                case Variant(value=int(devices)) if devices & PORTAL_KEYBOARD:
                    pass
                case _:
                    raise PortalError("the user allowed no keyboard")
            next_token = str(answer["restore_token"].value) if "restore_token" in answer else ""
            session.is_kept = self._is_kept or not next_token
            self._save_token(next_token)
        except BaseException:
            portal.close()
            raise
        return session

    def _is_over(self) -> bool:
        """Return whether the session has failed or ended."""
        task = self._session
        if task is None or not task.done():
            return False
        return task.cancelled() or task.exception() is not None or task.result().is_over

    def _discard(self) -> None:
        """Close the session whatever its state is; the next paste opens another."""
        task, self._session = self._session, None
        if task is None:
            return
        if not task.done():
            task.cancel()
        elif not task.cancelled() and task.exception() is None:
            task.result().portal.close()

    def _report(self, error: PortalError) -> None:
        """Report why no key can be pressed; a portal that is only slow may answer the next time."""
        logger.warning("no keys by the portal: %s", str(error))
        if isinstance(error, NotAllowedError):
            self._set_problem("portal-typing-unasked")
        elif not isinstance(error, PortalTimeoutError | DiscardedError):
            self._set_problem("portal-typing-refused")

    def _set_problem(self, code: str) -> None:
        """Report a problem, or with an empty code that there is none, if that is new."""
        if code != self._problem_code:
            self._problem_code = code
            self._on_problem(PasteError(code) if code else None)

    def _load_token(self) -> str:
        try:
            return self._file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return ""

    def _save_token(self, token: str) -> None:
        """Keep the token, readable by this user only: any program that has it may press keys without asking."""
        if token == self._load_token():
            return
        try:
            make_private_dir(self._file.parent)
            with replace_file(self._file) as part:
                part.write(token.encode())
        except OSError as error:
            logger.warning("the portal's agreement cannot be kept: %s", error)


async def is_allowed(portal: Portal, token: str) -> bool:
    """Return whether the desktop still has the permission of `token`; True where it does not tell.

    One that was given to an earlier identity of the application is passed on to the present one.
    """
    try:
        found = await portal.call_service(PERMISSION_STORE, "Lookup", "ss", [PERMISSION_TABLE, token])
        match found:
            case [dict(permissions), *_]:
                pass
            case _:
                return True
        if APP_ID in permissions:
            return True
        old = next((permissions[name] for name in OLD_APP_IDS if name in permissions), None)
        if old is None:
            return False
        arguments = [PERMISSION_TABLE, False, token, APP_ID, old]
        await portal.call_service(PERMISSION_STORE, "SetPermission", "sbssas", arguments)
    except PortalCallError as error:
        return error.name != NOT_FOUND
    except PortalError:
        return True
    return True
