"""Duck or pause other audio during a dictation, and restore it exactly.

A change to another program is written to disk before it is made and removed when it is undone, so that the next start
can undo it after a crash. A user who changes a volume or presses play meanwhile takes precedence, and what was not
playing is left alone. `desktop.audio.media_players` pauses players; streams are turned down here.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Literal, Protocol

import anyio
from anyio import to_thread

from desktop.audio.microphone import pulse
from desktop.audio.microphone.devices import watch_changes
from desktop.audio.microphone.pulse import PlaybackStream
from desktop.audio.playback import CLIENT_NAME
from desktop.core.errors import MicrophoneError
from desktop.core.files import write_file
from desktop.core.interfaces import Microphone, Recording
from desktop.core.paths import make_private_dir

logger = logging.getLogger(__name__)

type DuckingMode = Literal["off", "duck", "pause"]
"""What happens to other audio: nothing, a fifth of its volume, or a pause where the player supports it."""

RESTORE_TIMEOUT_S = 3.0
"""Seconds that restoring may take when the app ends."""

STREAM_SETTLE_S = 0.3
"""Seconds that a new stream may take to announce its properties."""

RETRY_S = 10.0
"""Seconds before a sound server that stopped is tried again."""

RESTORE_EXPIRY_S = 30 * 24 * 3600.0
"""Seconds after which a change that could not be undone is dropped: a program that is silent for a month stays so."""

PAUSE_EXPIRY_S = 60.0
"""Seconds after which a due pause that could not be ended is dropped: by then the user handles it."""

NEW_STREAM_EVENTS = (b"'new' on sink-input",)
"""The sound server's event for a new playback stream."""

DUCKED_SHARE = 0.2
"""Share of its volume to which a stream is turned down."""


@dataclass(frozen=True, slots=True)
class DuckedStream:
    """A change made to `who` (a program's streams, or a player) at `where` (a stream, or a connection).

    For a volume, `before` and `after` are the channel volumes. `since` is when it was made and `due` when it should
    have been undone (0 if not yet), both in Unix time.
    """

    kind: str
    who: str
    where: str
    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()
    since: float = field(default_factory=time.time, compare=False)
    due: float = field(default=0.0, compare=False)


class DuckingMethod(Protocol):
    """A way to make other audio softer. Never raises: what cannot be reached is left as it is."""

    async def find_streams(self) -> list[DuckedStream]:
        """Return what plays now, as the changes to make."""
        ...

    async def apply(self, stream: DuckedStream) -> None:
        """Apply the change."""
        ...

    async def restore(self, stream: DuckedStream) -> bool:
        """Undo the change unless the user changed it since; return whether it is settled.

        It is not settled when the program does not answer, nor when the stream is gone and the server remembers its
        volume for the program's next one.
        """
        ...


class AudioDucker:
    """Ducks other programs' audio.

    One task, `run`, applies the wanted state however quickly recordings follow each other: no recording ever waits for
    a sound server or a player. A press that may still become a shortcut is not worth a change, so the task waits a
    moment.

    `file` stores the changes made; `min_press_s` is how old a press must be, in seconds. `watch_streams` yields when a
    program may have begun to play; without it the sound server's events tell.
    """

    def __init__(
        self,
        file: Path,
        methods: Mapping[str, DuckingMethod],
        watch_streams: Callable[[], AsyncGenerator[None]] | None = None,
    ) -> None:
        self.mode: DuckingMode = "off"
        self.min_press_s = 0.0
        self.ducked_streams = _load_ducked_streams(file)
        self._watch_enabled = anyio.Event()
        self._watch_scope = anyio.CancelScope()
        self._is_ducking = False
        self._file = file
        self._methods = methods
        self._watch_streams = watch_streams or partial(watch_changes, NEW_STREAM_EVENTS, max_timeouts=1)
        self._open_count = 0
        self._last_opened_at = 0.0
        self._changed = anyio.Event()

    @asynccontextmanager
    async def ducked(self) -> AsyncIterator[None]:
        """Have other audio ducked inside this context. Never waits."""
        self._open_count += 1
        self._last_opened_at = time.monotonic()
        self._changed.set()
        try:
            yield
        finally:
            self._open_count -= 1
            self._changed.set()

    async def run(self) -> None:
        """Run until cancelled: undo what a crash left at the start, and everything at the end."""
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._watch_new_streams)
                while True:
                    self._changed = anyio.Event()
                    self._is_ducking = (
                        self._open_count > 0 and self.mode in self._methods and await self._is_still_open()
                    )
                    self._update_watch()
                    if self._is_ducking:
                        await self._duck(self.mode)
                    elif not self._open_count:
                        await self._restore_all()
                    await self._changed.wait()
        finally:
            with anyio.move_on_after(RESTORE_TIMEOUT_S, shield=True):
                await self._restore_all()

    async def _is_still_open(self) -> bool:
        """Wait until the press can be no shortcut any more; return whether a recording is still open."""
        with anyio.move_on_after(max(0.0, self._last_opened_at + self.min_press_s - time.monotonic())):
            await self._changed.wait()
        return self._open_count > 0

    async def _duck(self, kind: str) -> None:
        """Apply the method `kind` to everything that is not ducked yet."""
        for stream in await self._methods[kind].find_streams():
            of_program = [other for other in self.ducked_streams if (other.kind, other.who) == (kind, stream.who)]
            same = next((other for other in of_program if other.where == stream.where), None)
            if same is not None and (stream.before or not same.due):
                continue
            if same is not None:  # the user started it again since: nothing to undo
                await self._save([other for other in self.ducked_streams if other != same])
            soft = next((other for other in of_program if stream.before and other.after == stream.before), None)
            if soft is None:
                await self._save([*self.ducked_streams, stream])
                await self._methods[kind].apply(stream)
            else:  # the server started the program's next stream with the ducked volume
                await self._save(
                    [*(other for other in self.ducked_streams if other != soft), replace(soft, where=stream.where)]
                )

    async def _restore_all(self) -> None:
        for stream in tuple(self.ducked_streams):
            gone = stream.kind not in self._methods or _is_pause_expired(stream)
            if gone or await self._methods[stream.kind].restore(stream) or _is_expired(stream):
                await self._save([other for other in self.ducked_streams if other != stream])
            elif not stream.due:
                now = time.time()
                await self._save(
                    [replace(other, due=now) if other == stream else other for other in self.ducked_streams]
                )

    async def _watch_new_streams(self) -> None:
        """Signal `run` when a stream begins, while ducking and while a change is not undone.

        A new stream is one more to duck, or has the ducked volume of the program's last one.
        """
        while True:
            while not self._watch_enabled.is_set():
                await self._watch_enabled.wait()
            with anyio.CancelScope() as self._watch_scope:
                async with aclosing(self._watch_streams()) as events:
                    async for _ in events:
                        await anyio.sleep(STREAM_SETTLE_S)  # also at the start, until the server has answered
                        self._changed.set()
                await anyio.sleep(RETRY_S)  # the sound server stopped

    def _update_watch(self) -> None:
        """Start or stop watching for new streams."""
        if self._is_ducking or self.ducked_streams:
            self._watch_enabled.set()
        elif self._watch_enabled.is_set():
            self._watch_enabled = anyio.Event()
            self._watch_scope.cancel()

    async def _save(self, streams: list[DuckedStream]) -> None:
        """Set the list of changes and write it to disk if possible. In a thread: a folder may be slow, or its file open
        elsewhere for seconds."""
        self.ducked_streams = streams
        self._update_watch()
        try:
            with anyio.CancelScope(shield=True):  # otherwise the file would not say what has been undone
                await to_thread.run_sync(_write_ducked_streams, self._file, streams)
        except OSError as error:
            logger.warning("what other sound was like is not kept on disk: %s", error.strerror)


class DuckingMicrophone:
    """`desktop.core.interfaces.Microphone` that ducks other audio while `microphone` is open."""

    def __init__(self, microphone: Microphone, ducker: AudioDucker) -> None:
        self._microphone = microphone
        self._ducker = ducker

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Recording]:
        """Open `microphone` with other audio ducked."""
        async with self._ducker.ducked(), self._microphone.open() as recording:
            yield recording


def _is_expired(stream: DuckedStream) -> bool:
    return time.time() - stream.since > RESTORE_EXPIRY_S


def _is_pause_expired(stream: DuckedStream) -> bool:
    return stream.kind == "pause" and stream.due > 0 and time.time() - stream.due > PAUSE_EXPIRY_S


def _load_ducked_streams(file: Path) -> list[DuckedStream]:
    """Read the changes of an earlier run; return nothing for an invalid file."""
    try:
        entries = json.loads(file.read_text())
        return [
            DuckedStream(
                kind=str(entry["kind"]),
                who=str(entry["who"]),
                where=str(entry["where"]),
                before=tuple(entry["before"]),
                after=tuple(entry["after"]),
                since=float(entry.get("since", time.time())),
                due=float(entry.get("due", 0.0)),
            )
            for entry in entries
        ]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        logger.warning("what other sound was like before a crash cannot be read")
        return []


def _write_ducked_streams(file: Path, streams: list[DuckedStream]) -> None:
    make_private_dir(file.parent)
    write_file(file, json.dumps([asdict(stream) for stream in streams]))


class VolumeDucker:
    """`DuckingMethod` for every playing stream except our own, with the sound server's own volumes.

    The server remembers the last volume of a program's stream for its next one, so a stream that ended while ducked
    would leave that program soft for ever. Its `DuckedStream` therefore stays open until the program's next stream
    begins as softly, and is restored there.
    """

    async def find_streams(self) -> list[DuckedStream]:
        """Return the playing streams and their reduced volumes."""
        return [
            DuckedStream(
                "duck", _get_program_name(stream), str(stream.index), stream.volumes, duck_volumes(stream.volumes)
            )
            for stream in await _list_streams()
            if not (stream.corked or stream.mute or _is_own(stream))
        ]

    async def apply(self, ducked: DuckedStream) -> None:
        """Turn the stream down."""
        await _set_volume(ducked.where, ducked.after)

    async def restore(self, ducked: DuckedStream) -> bool:
        """Restore the volume of the stream, or of the program's next one; return whether that was done."""
        theirs = [stream for stream in await _list_streams() if _get_program_name(stream) == ducked.who]
        same = [stream for stream in theirs if str(stream.index) == ducked.where]
        soft = [stream for stream in same or theirs if stream.volumes == ducked.after]
        done = [await _set_volume(str(stream.index), ducked.before) for stream in soft]
        return bool(theirs) and all(done)


def duck_volumes(values: tuple[int, ...]) -> tuple[int, ...]:
    """Return the ducked channel volumes."""
    return tuple(round(DUCKED_SHARE * value) for value in values)


def _get_program_name(stream: PlaybackStream) -> str:
    return stream.get_property("module-stream-restore.id") or stream.get_property("application.name")


def _is_own(stream: PlaybackStream) -> bool:
    return stream.get_property("application.name") == CLIENT_NAME or stream.get_property(
        "application.process.id"
    ) == str(os.getpid())


async def _list_streams() -> list[PlaybackStream]:
    try:
        return await to_thread.run_sync(pulse.list_playback_streams)
    except (MicrophoneError, *pulse.NO_SERVER_ERRORS):
        return []


async def _set_volume(index: str, values: tuple[int, ...]) -> bool:
    return await to_thread.run_sync(partial(pulse.run_command, "set-sink-input-volume", index, *map(str, values)))
