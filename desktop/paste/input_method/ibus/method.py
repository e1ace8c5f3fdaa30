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
from typing import Any

import anyio

from desktop.core.tasks import run_with_restarts
from desktop.paste.input_method.ibus.address import find_addresses
from desktop.paste.input_method.ibus.engine import IBusConnection
from desktop.paste.input_method.ibus.field import IBusField
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

SILENT_TIMEOUT_S = 0.02
"""Seconds to wait for the text around the cursor where a program did not report it the last time. One that does takes 5
to 45 ms (GTK, Qt, Chromium)."""


class IBusInputMethod:
    """The input method by the IBus daemon of the session that `environ` is of. Belongs to one loop."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = dict(environ)
        self._connection: IBusConnection | None = None
        self._restorer: EngineRestorer | None = None
        self._user_engine = self._before = ""
        self._field: IBusField | None = None
        self._holders = 0
        self._changing = asyncio.Lock()
        self._silent_programs = set[str | int]()
        self._tasks = set[asyncio.Task[Any]]()
        self._keeper: asyncio.Task[None] | None = None
        self._look_now = asyncio.Event()

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Connect in the background, again whenever the connection was lost. Never raises."""
        self._keeper = loop.create_task(run_with_restarts(self._keep_connected))

    def close(self) -> None:
        """Give the user's input method back and disconnect: the restorer does both, once the connection has ended."""
        if self._keeper is not None:
            self._keeper.cancel()
        self._disconnect()
        if self._restorer is not None:
            self._restorer.close()
            self._restorer = None

    @property
    def is_available(self) -> bool:
        """Return whether there is a connection by which a field could be had."""
        return self._connection is not None and self._connection.is_connected

    @asynccontextmanager
    async def acquire(self, program: str | int, timeout_s: float = FIELD_TIMEOUT_S) -> AsyncGenerator[IBusField | None]:
        """Be the focused field's input method within the context; None if the field cannot be had."""
        taking = self._spawn(self._take(program, timeout_s))
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
                await asyncio.shield(self._spawn(self._release()))

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
        """Connect to the session's daemon and offer our engine; return whether there is one.

        Without a restorer no engine is offered, since the user's would be dead after a crash.
        """
        for address in find_addresses(self._environ):
            connection: IBusConnection | None = None
            try:
                connection = await IBusConnection.connect(address, self._on_engine_changed)
                if self._restorer is None:
                    self._restorer = EngineRestorer(self._environ)
                self._keep_engine(connection, await connection.read_global_engine())
                await connection.register()
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
            self._connection = connection
            return True
        return False

    def _disconnect(self) -> None:
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

    def _keep_engine(self, connection: IBusConnection, name: str) -> None:
        """Note the user's engine, also for the time after the app's end."""
        if name != ENGINE_NAME:
            self._user_engine = name
        if self._restorer is not None:
            self._restorer.keep(connection.unique_name, self._user_engine)

    def _on_engine_changed(self, name: str) -> None:
        connection = self._connection
        if connection is None:
            return
        if name and name != ENGINE_NAME:
            self._keep_engine(connection, name)
        elif name == ENGINE_NAME and not self._holders:  # set by another than us
            self._spawn(self._give_back_unused())

    # -- the field ------------------------------------------------------------------------------------------------

    async def _take(self, program: str | int, timeout_s: float) -> IBusField | None:
        """Set our engine, unless it is set, and return the field once it is known; None if there is none."""
        async with self._changing:
            connection = self._connection
            if connection is None:
                self._look_now.set()
                return None
            if self._holders:
                if self._field is None or self._field.is_lost:
                    return None
                self._holders += 1
                return self._field
            self._holders = 1
            field: IBusField | None = None
            try:
                field = await self._set_ours(connection, program, timeout_s)
            finally:
                if field is None:
                    self._holders = 0
                    await self._give_back(connection, self._before)
            self._field = field
            return field

    async def _set_ours(self, connection: IBusConnection, program: str | int, timeout_s: float) -> IBusField | None:
        """Set our engine and wait until the focused field is known; None if there is none."""
        try:
            before = await connection.read_global_engine()
            self._keep_engine(connection, before)
            self._before = self._user_engine if before == ENGINE_NAME else before
            field, composition = connection.expect_field(), connection.composition
            await connection.set_global_engine(ENGINE_NAME)
            is_silent = program in self._silent_programs
            has_told = await field.wait_until_known(SILENT_TIMEOUT_S if is_silent else timeout_s)
            (self._silent_programs.discard if has_told else self._silent_programs.add)(program)
            if composition and field.is_real and not field.traits.is_password:
                await field.keep_composition(composition)
        except OSError as error:  # a TimeoutError too
            logger.info("no field by IBus: %s", error or "the daemon names none")
            return None
        return field if field.is_real else None

    async def _release(self) -> None:
        """Give the user's engine back after the last holder."""
        async with self._changing:
            self._holders -= 1
            if not self._holders:
                self._field = None
                if self._connection is not None:
                    await self._give_back(self._connection, self._before)

    def _release_unused(self, taking: asyncio.Task[IBusField | None]) -> None:
        if not taking.cancelled() and taking.exception() is None and taking.result() is not None:
            self._spawn(self._release())

    async def _give_back_unused(self) -> None:
        async with self._changing:
            if not self._holders and self._connection is not None:
                await self._give_back(self._connection, self._user_engine)

    async def _give_back(self, connection: IBusConnection, before: str) -> None:
        """Set the user's engine, if ours is still set. Where there was none, leave the daemon, which has none then."""
        try:
            engine = await connection.read_global_engine()
            if engine in ("", ENGINE_NAME) and before:
                await connection.set_global_engine(before)
            elif engine == ENGINE_NAME:
                connection.disconnect()
        except OSError as error:
            logger.warning("the user's input method was not set: %s", error)
            connection.disconnect()  # the restorer, and the daemon, do what is left

    def _spawn[T](self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run `work` beside the callers, which may be cancelled."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
