"""The clipboard by the data-control protocol: wlroots compositors, KDE, Hyprland, niri; not GNOME.

Clipboard managers use this protocol: it needs no window and no focus. A dictation and the restored contents are served
from here, since on Wayland too a clipboard lives only as long as a program that serves it; at exit, `wl-copy` keeps the
best type, if it is installed. (wlr-data-control-unstable-v1 and ext-data-control-v1, which are the same messages under
two names.)
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import subprocess
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import anyio

from desktop.core.messages import Notes
from desktop.paste.request import lost_contents_notes
from desktop.paste.wayland.clipboard import TEXT_TYPES, ClipboardLostCallback, PipeReadCallback
from desktop.paste.wayland.protocol import Compositor, WaylandEvent
from desktop.paste.x11.clipboard_copy import PASSWORD_HINT

logger = logging.getLogger(__name__)

MANAGERS = {"ext_data_control_manager_v1": 1, "zwlr_data_control_manager_v1": 2}
"""The protocol's two names, the better first, and the version that has PRIMARY too."""

CREATE_SOURCE, GET_DEVICE = 0, 1
OFFER, DESTROY_SOURCE = 0, 1
RECEIVE, DESTROY_OFFER = 0, 1
SET_SELECTION = {"CLIPBOARD": 0, "PRIMARY": 2}
"""Opcodes of requests, by object: manager, source, offer, device."""

SELECTION_EVENTS = {1: "CLIPBOARD", 3: "PRIMARY"}
DATA_OFFER, SEND, CANCELLED = 0, 0, 1
"""Opcodes of events: of the device, and of a source."""

ANSWER_TIMEOUT_S, COPY_TIMEOUT_S = 0.2, 0.5
"""Seconds that an owner may be silent, and until the last type is requested: a live one answers within some ms."""

TRANSFER_TIMEOUT_S = 2.0
"""Seconds after which a transfer that is still running (a large picture) is cut."""

MAX_COPY_BYTES = 64 * 2**20
"""Size above which a copy costs more memory than it is worth."""

CHUNK_BYTES = 65536

UNCOPYABLE_TYPES = frozenset(("TARGETS", "MULTIPLE", "TIMESTAMP", "SAVE_TARGETS", "DELETE"))
"""The targets that XWayland passes on although they are no contents."""

type TypeContents = Mapping[str, bytes]
"""What a selection holds, by type; empty if it has no owner."""


@dataclass(slots=True)
class DataOffer:
    """An offer of another program: its object, and the types."""

    object_id: int
    types: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DataSource:
    """What we serve as a selection, which may be a dictation's text."""

    object_id: int
    contents: TypeContents
    is_own_text: bool = False

    @property
    def is_secret(self) -> bool:
        """Whether its owner asked that it is not recorded."""
        return self.contents.get(PASSWORD_HINT) == b"secret" and not self.is_own_text


def text_contents(text: str) -> TypeContents:
    """Return the clipboard contents for a dictation, with the hint not to record it."""
    return {**dict.fromkeys(TEXT_TYPES, text.encode()), PASSWORD_HINT: b"secret"}


def find_manager(interfaces: Mapping[str, tuple[int, int]]) -> str:
    """Return the protocol's name in a compositor with these interfaces; empty if it has none that is new enough."""
    return next((name for name, version in MANAGERS.items() if interfaces.get(name, (0, 0))[1] >= version), "")


class DataControlClipboard:
    """A `WaylandClipboard` on a compositor for which `find_manager` returns a name.

    Create it in the compositor's loop. Raises `OSError` if the compositor lacks the protocol or a seat, as one that
    restarts does at first.
    """

    def __init__(self, compositor: Compositor, on_read: PipeReadCallback, on_lost: ClipboardLostCallback) -> None:
        self._on_read, self._on_lost = on_read, on_lost
        self.lost_notes: Notes = ()
        self._own_sources: dict[str, DataSource] = {}
        self._kept_contents: dict[str, TypeContents] = {}
        self._serving: set[asyncio.Task[None]] = set()
        self._bind(compositor)

    def _bind(self, compositor: Compositor) -> None:
        name = find_manager(compositor.globals)
        if not name or "wl_seat" not in compositor.globals:
            raise ConnectionRefusedError("the compositor has no clipboard yet")
        self._wayland = compositor
        self._offers: dict[int, DataOffer] = {}
        self._current_offers: dict[str, DataOffer | None] = {}
        self._manager, seat = compositor.bind_global(name, MANAGERS[name]), compositor.bind_global("wl_seat")
        self._device = compositor.new_object(self._on_device_event)
        compositor.send_request(self._manager, GET_DEVICE, self._device, seat)

    async def put_text(self, text: str, selections: Sequence[str]) -> bool:
        """Keep what is there and put `text` in its place; see `WaylandClipboard`."""
        self.lost_notes = ()
        try:
            await self._wayland.roundtrip()
            copies = {selection: await self._copy_contents(selection) for selection in selections}
            self._kept_contents = {selection: contents for selection, (contents, _) in copies.items()}
            self.lost_notes = lost_contents_notes(*copies["CLIPBOARD"]) if "CLIPBOARD" in copies else ()
            for selection in selections:
                self.take(selection, text_contents(text), is_own_text=True)
            await self._wayland.roundtrip()
        except OSError as error:
            logger.warning("the clipboard cannot be had: %s", error)
            return False
        return all(selection in self._own_sources for selection in selections)

    def take(self, selection: str, contents: TypeContents, *, is_own_text: bool = False) -> None:
        """Serve `contents` from now on, which may be a dictation's text, or nothing if they are empty."""
        if not contents:
            self._own_sources.pop(selection, None)
            self._wayland.send_request(self._device, SET_SELECTION[selection], 0)
            return
        number = self._wayland.new_object(lambda event: self._on_source_event(selection, source, event))
        source = DataSource(number, contents, is_own_text)
        self._wayland.send_request(self._manager, CREATE_SOURCE, number)
        for name in contents:
            self._wayland.send_request(number, OFFER, name)
        self._own_sources[selection] = source
        self._wayland.send_request(self._device, SET_SELECTION[selection], number)

    async def restore(self) -> None:
        """Restore what was kept; if the connection is lost, `reopen` does."""
        with suppress(OSError):
            for selection, contents in [*self._kept_contents.items()]:
                if selection in self._own_sources:
                    self.take(selection, contents)
                del self._kept_contents[selection]

    async def reopen(self, compositor: Compositor) -> None:
        """Serve again what was served, unless another program has the selection; see `WaylandClipboard`."""
        self._bind(compositor)
        await compositor.roundtrip()
        for selection, source in [*self._own_sources.items()]:
            if self._current_offers.get(selection) is not None:
                del self._own_sources[selection]
            elif selection in self._kept_contents:
                self.take(selection, self._kept_contents[selection])
            else:
                self.take(selection, source.contents, is_own_text=source.is_own_text)
        self._kept_contents = {}

    async def read_text(self) -> str | None:
        """Return the clipboard's text; see `WaylandClipboard`."""
        return await self._read_text("CLIPBOARD")

    async def read_primary(self) -> str | None:
        """Return what was selected last; see `WaylandClipboard`."""
        return await self._read_text("PRIMARY") or None

    def keep_text(self) -> None:
        """Keep the text there: drop what was kept."""
        self._kept_contents = {}

    def close(self) -> None:
        """Let one type of the clipboard outlive us; no secret, which would lose its hint."""
        for task in self._serving:
            task.cancel()
        ours = self._own_sources.get("CLIPBOARD")
        environ = self._wayland.environ
        copier = shutil.which("wl-copy", path=environ.get("PATH"))
        if ours is None or ours.is_secret or copier is None:
            return
        best = next((name for name in ours.contents if name.startswith("text/plain")), next(iter(ours.contents)))
        with suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(
                [copier, "--type", best],
                env=environ,
                input=ours.contents[best],
                stdout=subprocess.DEVNULL,  # wl-copy continues in the background and would hold a pipe open
                stderr=subprocess.DEVNULL,
                timeout=ANSWER_TIMEOUT_S * 5,
                check=False,
            )

    def _on_device_event(self, event: WaylandEvent) -> None:
        if event.opcode == DATA_OFFER:
            number = event.read_number()
            offer = self._offers[number] = DataOffer(number)
            self._wayland.handle_object(number, lambda event: offer.types.append(event.read_string()))
        elif event.opcode in SELECTION_EVENTS:
            number = event.read_number()
            self._set_offer(SELECTION_EVENTS[event.opcode], self._offers.get(number))

    def _set_offer(self, selection: str, offer: DataOffer | None) -> None:
        """Record that the selection is `offer` from now on."""
        previous = self._current_offers.get(selection)
        self._current_offers[selection] = offer
        if previous is not None and previous not in self._current_offers.values():
            del self._offers[previous.object_id]
            self._wayland.forget_object(previous.object_id)
            self._wayland.send_request(previous.object_id, DESTROY_OFFER)

    def _on_source_event(self, selection: str, source: DataSource, event: WaylandEvent) -> None:
        if event.opcode == SEND:
            self._serve(source, event.read_string(), self._wayland.fds.popleft())
        elif event.opcode == CANCELLED:
            self._wayland.handle_object(source.object_id, self._on_replaced_source_event)
            self._wayland.send_request(source.object_id, DESTROY_SOURCE)
            if self._own_sources.get(selection) is source:
                del self._own_sources[selection]
                if selection in self._kept_contents:
                    self._on_lost()

    def _on_replaced_source_event(self, event: WaylandEvent) -> None:
        """Ignore what is said of a source that is destroyed already: KWin says twice that it is cancelled."""
        if event.opcode == SEND:
            os.close(self._wayland.fds.popleft())

    def _serve(self, source: DataSource, name: str, fd: int) -> None:
        """Send a type to the program that requests it."""
        if name != PASSWORD_HINT:
            self._on_read(os.fstat(fd).st_ino)
        self._start_task(_write_to_pipe, fd, source.contents.get(name, b""))

    def _start_task(self, work: Callable[..., Coroutine[Any, Any, None]], *arguments: object) -> None:
        task = asyncio.get_running_loop().create_task(work(*arguments))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _read_text(self, selection: str) -> str | None:
        """Return the selection's text, as it was before a paste; empty if it has no owner, None if it is no text."""
        with suppress(OSError):
            await self._wayland.roundtrip()
            source = self._own_sources.get(selection)
            if selection in self._kept_contents:
                source = DataSource(0, self._kept_contents[selection])
            if source is not None and source.is_secret:
                return None
            if source is not None and (contents := source.contents):
                return next((contents[name].decode(errors="replace") for name in TEXT_TYPES if name in contents), None)
            offer = self._current_offers.get(selection)
            if offer is None:
                return ""
            if (
                PASSWORD_HINT in offer.types
                and await self._receive(offer, PASSWORD_HINT, MAX_COPY_BYTES, ANSWER_TIMEOUT_S) == b"secret"
            ):
                return None
            name = next((name for name in TEXT_TYPES if name in offer.types), None)
            data = await self._receive(offer, name, MAX_COPY_BYTES, ANSWER_TIMEOUT_S) if name else None
            return data.decode(errors="replace") if data is not None else None
        return None

    async def _copy_contents(self, selection: str) -> tuple[TypeContents, bool]:
        """Return everything that the selection holds and that is available within the limits, and whether that is all
        of it."""
        if selection in self._own_sources:
            return self._own_sources[selection].contents, True
        offer = self._current_offers.get(selection)
        if offer is None:
            return {}, True
        started_at, bytes_left, contents = monotonic(), MAX_COPY_BYTES, dict[str, bytes]()
        types = dict.fromkeys(name for name in offer.types if name not in UNCOPYABLE_TYPES)
        for name in types:
            left_s = started_at + COPY_TIMEOUT_S - monotonic()
            data = await self._receive(offer, name, bytes_left, min(ANSWER_TIMEOUT_S, left_s)) if left_s > 0 else None
            if data is not None:
                contents[name], bytes_left = data, bytes_left - len(data)
        return contents, len(contents) == len(types)

    async def _receive(self, offer: DataOffer, name: str, bytes_left: int, silence_timeout_s: float) -> bytes | None:
        """Return one type's data; None if its owner is silent for `silence_timeout_s`, too slow, or gives too much."""
        read_end, write_end = os.pipe2(os.O_CLOEXEC)
        try:
            try:
                self._wayland.send_request(offer.object_id, RECEIVE, name, fds=[write_end])
            finally:
                os.close(write_end)
            data = bytearray()
            with anyio.move_on_after(TRANSFER_TIMEOUT_S):
                while len(data) <= bytes_left:
                    with anyio.move_on_after(silence_timeout_s) as wait_scope:
                        await anyio.wait_readable(read_end)
                    chunk = b"" if wait_scope.cancelled_caught else os.read(read_end, CHUNK_BYTES)
                    if not chunk:
                        return None if wait_scope.cancelled_caught else bytes(data)
                    data += chunk
            return None
        finally:
            os.close(read_end)


async def _write_to_pipe(fd: int, data: bytes) -> None:
    """Write `data` into the pipe at the reader's pace, and close it."""
    remaining = memoryview(data)
    try:
        os.set_blocking(fd, False)
        while remaining:
            await anyio.wait_writable(fd)
            with suppress(BlockingIOError):
                remaining = remaining[os.write(fd, remaining[:CHUNK_BYTES]) :]
    except BrokenPipeError:
        logger.debug("a reader went away")
    finally:
        os.close(fd)
