"""Intone as an engine of IBus, the user's own back after each use: `desktop.paste.input_method.interface.InputMethod`.

The daemon has one engine for all fields, so that being a field's input method is to set it, and to set it back. What
the user has is asked for each time, and kept where a process that outlives the app finds it
(`desktop.paste.input_method.ibus.restorer`): that process alone sets it after the app's end, whichever way that came.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import Any, Literal

import anyio

from desktop.core.tasks import run_with_restarts
from desktop.paste.input_method.ibus.address import find_addresses
from desktop.paste.input_method.ibus.engine import IBusConnection, IBusRefusalError
from desktop.paste.input_method.ibus.field import IBusField
from desktop.paste.input_method.ibus.looks import FieldLooks
from desktop.paste.input_method.ibus.messages import ENGINE_NAME
from desktop.paste.input_method.ibus.restorer import EngineRestorer
from desktop.paste.input_method.interface import FIELD_TIMEOUT_S

logger = logging.getLogger(__name__)

RECONNECT_S, LOOK_S = 0.1, 5.0
"""Seconds after which a lost daemon is looked for, doubled up to the seconds between two looks for one that may never
come. A look reads two small files."""

REREAD_S, REREAD_MAX_S = 0.5, 60.0
"""Seconds after which a daemon that has no engine is asked again, doubled up to the maximum: while the session starts
its engine is not set yet, and after an earlier app's end the restorer sets it without a signal."""

RELEASE_TIMEOUT_S = 0.3
"""Seconds that a paste waits at its end until the user's engine is back (some ms). A daemon that hangs is waited for
beside it."""

ECHO_S = 2.0
"""Seconds within which the daemon says that the engine is set that we have set."""

MAX_REFUSALS = 3
"""After so many refusals in a row the daemon lets nothing be set, until its engine changes."""

PLAIN_ENGINES = "xkb:"
"""How the engines begin that are a keyboard's layout and nothing else."""


class IBusInputMethod:
    """The input method by the IBus daemon of the session that `environ` is of. Belongs to one loop."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = dict(environ)
        self._choice: Literal["auto", "always", "off"] = "auto"
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connection: IBusConnection | None = None
        self._restorer: EngineRestorer | None = None
        self._user_engine = ""
        self._restored = "", 0.0
        self._refusals = 0
        self._field: IBusField | None = None
        self._program: str | int = ""
        self._is_text_awaited = False
        self._looks = FieldLooks()
        self._holders = 0
        self._changing = asyncio.Lock()
        self._tasks = set[asyncio.Task[Any]]()
        self._keeper: asyncio.Task[None] | None = None
        self._look_now = asyncio.Event()

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Connect in the background, again whenever the connection was lost. Never raises."""
        self._loop = loop
        if self._choice != "off":
            self._keeper = loop.create_task(run_with_restarts(self._keep_connected))

    def close(self) -> None:
        """Give the user's input method back and disconnect: the restorer does both, once the connection has ended."""
        if self._keeper is not None:
            self._keeper.cancel()
            self._keeper = None
        self._disconnect()
        self._close_restorer()

    def apply_choice(self, choice: Literal["auto", "always", "off"]) -> None:
        """Follow the user's setting, as `InputMethod.apply_choice` says. Call on the loop."""
        self._choice = choice
        if choice == "off":
            self.close()
        elif self._loop is not None and self._keeper is None:
            self.start(self._loop)

    @property
    def is_available(self) -> bool:
        """Return whether there is a connection by which a field could be had: the daemon answers, lets us set an engine
        (it does not where each window has its own), and the user's is one that may be replaced."""
        connection = self._connection
        is_there = connection is not None and connection.is_connected and connection.answers
        return is_there and self._refusals < MAX_REFUSALS and self._may_replace()

    @property
    def focus(self) -> object:
        """Return what is another once another field has got the focus."""
        return (self._connection, self._connection.focus_count) if self._connection is not None else None

    def _may_replace(self) -> bool:
        """Return whether the user's engine loses nothing by being set anew: others forget their mode."""
        return self._choice == "always" or not self._user_engine or self._user_engine.startswith(PLAIN_ENGINES)

    @asynccontextmanager
    async def acquire(
        self, program: str | int, timeout_s: float = FIELD_TIMEOUT_S, *, traits_only: bool = False
    ) -> AsyncGenerator[IBusField | None]:
        """Be the focused field's input method within the context; None if the field cannot be had."""
        if not self.is_available:
            self._look_now.set()
            yield None
            return
        taking = self._spawn(self._take(program, timeout_s, traits_only))
        try:
            field = await asyncio.shield(taking)
        except asyncio.CancelledError:
            taking.add_done_callback(self._release_unused)
            raise
        if field is None:
            yield None
            return
        try:
            yield field
        finally:
            with anyio.CancelScope(shield=True):
                await self._wait_briefly(self._release())

    # -- the connection -------------------------------------------------------------------------------------------

    async def _keep_connected(self) -> None:
        delay_s = RECONNECT_S
        while True:
            self._look_now.clear()
            if await self._connect() and (connection := self._connection) is not None:
                delay_s = RECONNECT_S
                rereading = self._spawn(self._learn_engine(connection))
                await connection.wait_disconnected()
                rereading.cancel()
                self._disconnect()
                logger.info("IBus is gone")
            with suppress(TimeoutError):
                async with asyncio.timeout(delay_s):
                    await self._look_now.wait()
            delay_s = min(2 * delay_s, LOOK_S)

    async def _connect(self) -> bool:
        """Connect to the session's daemon; return whether there is one.

        Our engine is offered when it is first used, since the daemon has none for a moment after the app's end from
        then on. Without a restorer there is no connection: the user's engine would be dead after a crash.
        """
        for address in find_addresses(self._environ):
            connection: IBusConnection | None = None
            try:
                connection = await IBusConnection.connect(address, self._on_engine_changed)
                if not await connection.takes_engines():
                    raise OSError("it takes no engines")
                self._ensure_restorer()
                engine = await connection.read_global_engine()
                self._keep_engine(connection, engine)
                if not engine and self._user_engine:  # a daemon that was started again
                    with suppress(IBusRefusalError):
                        await connection.set_global_engine(self._user_engine)
            except OSError as error:
                logger.debug("no input method by IBus: %s", error)
                if connection is not None:
                    connection.disconnect()
                continue
            except BaseException:
                if connection is not None:
                    connection.disconnect()
                raise
            logger.info("IBus is there")
            self._connection, self._refusals = connection, 0
            return True
        return False

    def _disconnect(self) -> None:
        self._looks.forget()
        if self._connection is not None:
            self._connection.disconnect()
            self._connection = None

    async def _learn_engine(self, connection: IBusConnection) -> None:
        """Ask for the user's engine until there is one."""
        delay_s = REREAD_S
        with suppress(OSError):
            while not self._user_engine:
                await asyncio.sleep(delay_s)
                delay_s = min(2 * delay_s, REREAD_MAX_S)
                async with self._changing:
                    if not self._holders:
                        self._keep_engine(connection, await connection.read_global_engine())

    def _ensure_restorer(self) -> None:
        """Have the process that outlives the app. Raises `OSError`."""
        if self._restorer is not None and not self._restorer.is_running:
            self._close_restorer()
        if self._restorer is None:
            self._restorer = EngineRestorer(self._environ)

    def _close_restorer(self) -> None:
        if self._restorer is not None:
            self._restorer.close()
            self._restorer = None

    def _keep_engine(self, connection: IBusConnection, name: str) -> None:
        """Note the user's engine, also for the time after the app's end. One that is known is not forgotten: a daemon
        has none for a moment now and then."""
        if name and name != ENGINE_NAME:
            self._user_engine = name
        if self._restorer is not None:
            self._restorer.keep(connection.unique_name, self._user_engine)

    def _on_engine_changed(self, name: str) -> None:
        connection = self._connection
        if connection is None:
            return
        restored, until = self._restored
        if name and name == restored and monotonic() < until:  # what we have set ourselves
            self._restored = "", 0.0
            if self._user_engine != name:  # the user chose another right before
                self._spawn(self._give_back_unused(undone=name))
        elif name == ENGINE_NAME:
            if not self._holders:  # set by another than us
                self._spawn(self._give_back_unused())
        elif name:
            self._refusals = 0
            self._keep_engine(connection, name)

    # -- the field ------------------------------------------------------------------------------------------------

    async def _take(self, program: str | int, timeout_s: float, traits_only: bool) -> IBusField | None:
        """Set our engine, unless it is set, and return the field once it is known; None if there is none."""
        async with self._changing:
            connection = self._connection
            if connection is None:
                return None
            field: IBusField | None = None
            if self._holders:
                field = self._field
                if field is None or field.is_lost:
                    return None
                self._holders += 1
            else:
                try:
                    self._ensure_restorer()
                    self._keep_engine(connection, await connection.read_global_engine())
                except OSError as error:
                    logger.info("no field by IBus: %s", error)
                    return None
                composition, _ = connection.composition
                if not self._may_replace() or (traits_only and composition):
                    return None
                self._holders, self._program = 1, program
            try:
                if field is None:
                    field = self._field = await self._set_ours(connection)
                if field is not None and not self._is_text_awaited:
                    self._is_text_awaited = True
                    await self._looks.learn_text(program, field, timeout_s, traits_only=traits_only)
            except BaseException:
                self._spawn(self._release())
                raise
        if field is not None and field.is_real:
            return field
        await self._wait_briefly(self._release())
        return None

    async def _set_ours(self, connection: IBusConnection) -> IBusField | None:
        """Set our engine and wait until the focused field is known; None if there is none."""
        try:
            composition, composed_at = connection.composition
            field = connection.expect_field()
            self._is_text_awaited = False
            await connection.register()
            await connection.set_global_engine(ENGINE_NAME)
            self._refusals = 0
            await field.wait_until_told()
            is_there = field.is_told and not field.traits.is_password
            if composition and is_there and composed_at in ("", field.path):
                self._looks.forget()
                await field.keep_composition(composition)
        except OSError as error:  # a TimeoutError too
            self._refusals += isinstance(error, IBusRefusalError)
            logger.info("no field by IBus: %s", error or "the daemon names none")
            return None
        return field

    async def _release(self) -> None:
        """Give the user's engine back after the last holder."""
        async with self._changing:
            self._holders -= 1
            if self._holders:
                return
            field, self._field = self._field, None
            if field is not None:
                self._looks.note(self._program, field)
            if self._connection is not None:
                await self._give_back(self._connection)

    def _release_unused(self, taking: asyncio.Task[IBusField | None]) -> None:
        if not taking.cancelled() and taking.exception() is None and taking.result() is not None:
            self._spawn(self._release())

    async def _give_back_unused(self, undone: str = "") -> None:
        """Set the user's engine where ours is set and not used, or where we have set the engine `undone` instead."""
        async with self._changing:
            if not self._holders and self._connection is not None:
                await self._give_back(self._connection, undone)

    async def _give_back(self, connection: IBusConnection, undone: str = "") -> None:
        """Set the user's engine, if ours is still set, once the daemon answers. Where there was none, leave the daemon,
        which has none then."""
        try:
            engine = await connection.read_global_engine()
            if engine not in ("", ENGINE_NAME, undone):
                return
            if self._user_engine:
                self._restored = self._user_engine, monotonic() + ECHO_S
                await connection.set_global_engine(self._user_engine)
            elif engine == ENGINE_NAME:
                connection.disconnect()
        except IBusRefusalError as error:
            logger.warning("the user's input method was not set: %s", error)
            with suppress(OSError):
                if await connection.read_global_engine() == ENGINE_NAME:
                    connection.disconnect()  # the restorer, and the daemon, do what is left
        except OSError as error:
            logger.warning("the user's input method was not set: %s", error)
            if not connection.answers:
                await connection.wait_answers()
                await self._give_back(connection, undone)

    async def _wait_briefly(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work`, and wait for its end unless the daemon hangs."""
        await asyncio.wait({self._spawn(work)}, timeout=RELEASE_TIMEOUT_S)

    def _spawn[T](self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run `work` beside the callers, which may be cancelled."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
