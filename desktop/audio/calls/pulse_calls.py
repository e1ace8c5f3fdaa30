"""The recording streams of a sound server, kept current by its events, so that at a press only the mute is left."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Protocol

import anyio

from desktop.audio.calls.connection import ServerConnection
from desktop.audio.calls.protocol import (
    EVENT_TYPE_MASK,
    REMOVED_EVENT,
    SOURCE_OUTPUT_FACILITY,
    Command,
    ProtocolError,
    SourceOutput,
    Value,
    is_monitor,
    parse_server_id,
    parse_source_outputs,
)
from desktop.audio.calls.streams import RecordingStream, convert_output, name_hearers

LOOK_TIMEOUT_S = 1.0
"""Seconds that the sound server may take."""


class CallStreams(Protocol):
    """A system's recording streams, and their mutes.

    `streams` are those that are known, by their names, and `server` names the server for as long as it lives, empty
    without one.
    """

    @property
    def streams(self) -> Mapping[str, RecordingStream]:
        """The streams."""
        ...

    @property
    def server(self) -> str:
        """The server."""
        ...

    @property
    def poll_s(self) -> float:
        """Seconds between two looks while something is to be muted or undone; infinite where `streams` are current by
        themselves."""
        ...

    async def run(self, on_change: Callable[[], None]) -> None:
        """Keep the streams current until the server ends; `on_change` is called at each change. Raises `OSError`."""
        ...

    async def refresh(self) -> None:
        """Read the streams anew, where nothing tells of changes. Never raises."""
        ...

    def set_mute(self, where: str, *, is_muted: bool, on_done: Callable[[bool], None]) -> None:
        """Mute a stream or unmute it, at once; `on_done(is_done)` may come late. What is asked is done in order."""
        ...


class PulseCalls:
    """`CallStreams` of PulseAudio or PipeWire."""

    poll_s = math.inf

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self.streams: dict[str, RecordingStream] = {}
        self.server = ""
        self._environ = os.environ if environ is None else environ
        self._connection: ServerConnection | None = None
        self._outputs = dict[int, SourceOutput]()
        self._monitors = dict[int, bool]()
        self._on_change: Callable[[], None] = lambda: None

    async def run(self, on_change: Callable[[], None]) -> None:
        """See `CallStreams`."""
        self._on_change = on_change
        self._connection = connection = await ServerConnection.open(self._environ, self._on_event)
        try:
            connection.send(lambda values: None, Command.SUBSCRIBE, SOURCE_OUTPUT_FACILITY)
            info = await connection.ask(Command.GET_SERVER_INFO)
            connection.send(self._on_outputs, Command.GET_SOURCE_OUTPUT_INFO_LIST)
            for _ in ("the streams are known", "and their sources, which are asked for then"):
                await connection.ask(Command.GET_SERVER_INFO)
            self.server = str(parse_server_id(info or []))
            self._update()
            await connection.closed.wait()
        except ProtocolError as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()
            self._connection, self.server = None, ""
            self._outputs.clear()
            self._monitors.clear()
            self._update()

    async def refresh(self) -> None:
        """See `CallStreams`. Events keep them current."""

    def set_mute(self, where: str, *, is_muted: bool, on_done: Callable[[bool], None]) -> None:
        """See `CallStreams`."""
        index = int(where)

        def on_reply(values: list[Value] | None) -> None:
            if values is not None and (output := self._outputs.get(index)) is not None:
                self._outputs[index] = replace(output, is_muted=is_muted)
                self._update()
            on_done(values is not None)

        if self._connection is None:
            on_done(False)
        else:
            self._connection.send(on_reply, Command.SET_SOURCE_OUTPUT_MUTE, index, is_muted)

    def _on_event(self, kind: int, index: int) -> None:
        if self._connection is None:
            return
        if kind & EVENT_TYPE_MASK == REMOVED_EVENT:
            self._outputs.pop(index, None)
            self._update()
        else:
            self._connection.send(self._on_outputs, Command.GET_SOURCE_OUTPUT_INFO, index)

    def _on_outputs(self, values: list[Value] | None) -> None:
        """Take one stream or all of them from an answer; None where the stream has ended meanwhile."""
        try:
            found = parse_source_outputs(values or [])
        except ProtocolError:
            found = []
        self._outputs |= {output.index: output for output in found}
        for source in {output.source for output in found} - self._monitors.keys():
            if self._connection is not None:
                self._connection.send(partial(self._on_source, source), Command.GET_SOURCE_INFO, source, None)
        self._update()

    def _on_source(self, source: int, values: list[Value] | None) -> None:
        if values is not None:
            with suppress(ProtocolError):
                self._monitors[source] = is_monitor(values)
                self._update()

    def _update(self) -> None:
        self.streams = {
            str(index): convert_output(output, self._monitors.get(output.source, True))
            for index, output in self._outputs.items()
        }
        if self.server or not self.streams:
            self._on_change()


async def find_recording_programs(calls: CallStreams) -> tuple[str, ...]:
    """Return the names of the programs that hear the user, by a connection that ends with the look. Never raises."""
    is_known, found = anyio.Event(), list[RecordingStream]()

    async def read() -> None:
        with suppress(OSError):
            await calls.run(is_known.set)
        is_known.set()

    with anyio.move_on_after(LOOK_TIMEOUT_S):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(read)
            await is_known.wait()
            await calls.refresh()
            found += calls.streams.values()
            tasks.cancel_scope.cancel()
    return name_hearers(found)
