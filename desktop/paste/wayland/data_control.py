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

from desktop.paste.request import unkept
from desktop.paste.wayland.lender import HINT, TEXT_TYPES, Lost, Read
from desktop.paste.wayland.protocol import Compositor
from desktop.paste.wayland.wire import Event

log = logging.getLogger(__name__)

MANAGERS = {"ext_data_control_manager_v1": 1, "zwlr_data_control_manager_v1": 2}
"""The protocol's two names, the better first, and the version that has PRIMARY too."""

CREATE_SOURCE, GET_DEVICE = 0, 1
OFFER, DESTROY_SOURCE = 0, 1
RECEIVE, DESTROY_OFFER = 0, 1
SET = {"CLIPBOARD": 0, "PRIMARY": 2}
"""Opcodes of requests, by object: manager, source, offer, device."""

SELECTION_EVENTS = {1: "CLIPBOARD", 3: "PRIMARY"}
DATA_OFFER, SEND, CANCELLED = 0, 0, 1
"""Opcodes of events: of the device, and of a source."""

ANSWER_S, ALL_S = 0.2, 0.5
"""Seconds that an owner may be silent, and until the last type is requested: a live one answers within some ms."""

FLOWING_S = 2.0
"""Seconds after which a transfer that is still running (a large picture) is cut."""

MOST_BYTES = 64 * 2**20
"""Size above which a copy costs more memory than it is worth."""

CHUNK = 65536

UNCOPYABLE = frozenset(("TARGETS", "MULTIPLE", "TIMESTAMP", "SAVE_TARGETS", "DELETE"))
"""The targets that XWayland passes on although they are no contents."""

type Contents = Mapping[str, bytes]
"""What a selection holds, by type; empty if it has no owner."""


@dataclass(slots=True)
class Offer:
    """An offer of another program: its object, and the types."""

    number: int
    types: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Source:
    """What we serve as a selection, which may be a dictation's text."""

    number: int
    contents: Contents
    ours: bool = False

    @property
    def secret(self) -> bool:
        """Whether its owner asked that it is not recorded."""
        return self.contents.get(HINT) == b"secret" and not self.ours


def text_contents(text: str) -> Contents:
    """Return the clipboard contents for a dictation, with the hint not to record it."""
    return {**dict.fromkeys(TEXT_TYPES, text.encode()), HINT: b"secret"}


def manager(offered: Mapping[str, tuple[int, int]]) -> str:
    """Return the protocol's name in a compositor with these interfaces; empty if it has none that is new enough."""
    return next((name for name, least in MANAGERS.items() if offered.get(name, (0, 0))[1] >= least), "")


class DataControl:
    """A `WaylandClipboard` on a compositor for which `find_manager` returns a name.

    Create it in the compositor's loop.
    """

    def __init__(self, compositor: Compositor, read: Read, lost: Lost) -> None:
        self._wayland = compositor
        self._read, self._lost = read, lost
        self.unkept = ""
        self._offers: dict[int, Offer] = {}
        self._held: dict[str, Offer | None] = {}
        self._ours: dict[str, Source] = {}
        self._kept: dict[str, Contents] = {}
        self._serving: set[asyncio.Task[None]] = set()
        name = manager(compositor.globals)
        self._manager, seat = compositor.shared(name, MANAGERS[name]), compositor.shared("wl_seat")
        self._device = compositor.new(self._device_said)
        compositor.send(self._manager, GET_DEVICE, self._device, seat)

    async def lend(self, text: str, selections: Sequence[str]) -> bool:
        """Keep what is there and put `text` in its place; see `WaylandClipboard`."""
        self.unkept = ""
        try:
            await self._wayland.roundtrip()
            found = {selection: await self._contents(selection) for selection in selections}
            self._kept = {selection: contents for selection, (contents, _) in found.items()}
            self.unkept = unkept(*found["CLIPBOARD"]) if "CLIPBOARD" in found else ""
            for selection in selections:
                self.own(selection, text_contents(text), ours=True)
            await self._wayland.roundtrip()
        except OSError as error:
            log.warning("the clipboard cannot be had: %s", error)
            return False
        return all(selection in self._ours for selection in selections)

    def own(self, selection: str, contents: Contents, *, ours: bool = False) -> None:
        """Serve `contents` from now on, which may be a dictation's text, or nothing if they are empty."""
        if not contents:
            self._ours.pop(selection, None)
            self._wayland.send(self._device, SET[selection], 0)
            return
        number = self._wayland.new(lambda event: self._source_said(selection, source, event))
        source = Source(number, contents, ours)
        self._wayland.send(self._manager, CREATE_SOURCE, number)
        for name in contents:
            self._wayland.send(number, OFFER, name)
        self._ours[selection] = source
        self._wayland.send(self._device, SET[selection], number)

    async def give_back(self) -> None:
        """Restore what was kept."""
        kept, self._kept = self._kept, {}
        with suppress(OSError):
            for selection, contents in kept.items():
                if selection in self._ours:
                    self.own(selection, contents)

    async def text(self) -> str | None:
        """Return the clipboard's text; see `WaylandClipboard`."""
        with suppress(OSError):
            await self._wayland.roundtrip()
            source = self._ours.get("CLIPBOARD")
            if "CLIPBOARD" in self._kept:
                source = Source(0, self._kept["CLIPBOARD"])
            if source is not None and source.secret:
                return None
            if source is not None and (contents := source.contents):
                return next((contents[name].decode(errors="replace") for name in TEXT_TYPES if name in contents), None)
            offer = self._held.get("CLIPBOARD")
            if offer is None:
                return ""
            if HINT in offer.types and await self._receive(offer, HINT, MOST_BYTES, ANSWER_S) == b"secret":
                return None
            name = next((name for name in TEXT_TYPES if name in offer.types), None)
            data = await self._receive(offer, name, MOST_BYTES, ANSWER_S) if name else None
            return data.decode(errors="replace") if data is not None else None
        return None

    def leave(self) -> None:
        """Keep the text there: drop what was kept."""
        self._kept = {}

    def close(self) -> None:
        """Let one type of the clipboard outlive us; no secret, which would lose its hint."""
        for task in self._serving:
            task.cancel()
        ours = self._ours.get("CLIPBOARD")
        environ = self._wayland.environ
        copier = shutil.which("wl-copy", path=environ.get("PATH"))
        if ours is None or ours.secret or copier is None:
            return
        best = next((name for name in ours.contents if name.startswith("text/plain")), next(iter(ours.contents)))
        with suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(
                [copier, "--type", best],
                env=environ,
                input=ours.contents[best],
                stdout=subprocess.DEVNULL,  # wl-copy continues in the background and would hold a pipe open
                stderr=subprocess.DEVNULL,
                timeout=ANSWER_S * 5,
                check=False,
            )

    # -- events of the compositor -------------------------------------------------------------------------------------

    def _device_said(self, event: Event) -> None:
        if event.opcode == DATA_OFFER:
            (number,) = event.numbers(1)
            offer = self._offers[number] = Offer(number)
            self._wayland.theirs(number, lambda event: offer.types.append(event.string()))
        elif event.opcode in SELECTION_EVENTS:
            (number,) = event.numbers(1)
            self._holds(SELECTION_EVENTS[event.opcode], self._offers.get(number))

    def _holds(self, selection: str, offer: Offer | None) -> None:
        """Record that the selection is `offer` from now on."""
        before = self._held.get(selection)
        self._held[selection] = offer
        if before is not None and before not in self._held.values():
            del self._offers[before.number]
            self._wayland.forget(before.number)
            self._wayland.send(before.number, DESTROY_OFFER)

    def _source_said(self, selection: str, source: Source, event: Event) -> None:
        if event.opcode == SEND:
            self._serve(source, event.string(), self._wayland.fds.popleft())
        elif event.opcode == CANCELLED:
            self._wayland.send(source.number, DESTROY_SOURCE)
            if self._ours.get(selection) is source:
                del self._ours[selection]
                if selection in self._kept:
                    self._lost()

    # -- serving and receiving ----------------------------------------------------------------------------------------

    def _serve(self, source: Source, name: str, fd: int) -> None:
        """Send a type to the program that requests it."""
        if name != HINT:
            self._read(os.fstat(fd).st_ino)
        self._start(_write, fd, source.contents.get(name, b""))

    def _start(self, work: Callable[..., Coroutine[Any, Any, None]], *arguments: object) -> None:
        task = asyncio.get_running_loop().create_task(work(*arguments))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _contents(self, selection: str) -> tuple[Contents, bool]:
        """Return everything that the selection holds and that is available within the limits, and whether that is all
        of it."""
        if selection in self._ours:
            return self._ours[selection].contents, True
        offer = self._held.get(selection)
        if offer is None:
            return {}, True
        began, room, found = monotonic(), MOST_BYTES, dict[str, bytes]()
        wanted = dict.fromkeys(name for name in offer.types if name not in UNCOPYABLE)
        for name in wanted:
            left_s = began + ALL_S - monotonic()
            data = await self._receive(offer, name, room, min(ANSWER_S, left_s)) if left_s > 0 else None
            if data is not None:
                found[name], room = data, room - len(data)
        return found, len(found) == len(wanted)

    async def _receive(self, offer: Offer, name: str, room: int, quiet_s: float) -> bytes | None:
        """Return one type's data; None if its owner is silent for `quiet_s`, too slow, or gives too much."""
        reading, writing = os.pipe2(os.O_CLOEXEC)
        try:
            try:
                self._wayland.send(offer.number, RECEIVE, name, fds=[writing])
            finally:
                os.close(writing)
            data = bytearray()
            with anyio.move_on_after(FLOWING_S):
                while len(data) <= room:
                    with anyio.move_on_after(quiet_s) as silence:
                        await anyio.wait_readable(reading)
                    chunk = b"" if silence.cancelled_caught else os.read(reading, CHUNK)
                    if not chunk:
                        return None if silence.cancelled_caught else bytes(data)
                    data += chunk
            return None
        finally:
            os.close(reading)


async def _write(fd: int, data: bytes) -> None:
    """Write `data` into the pipe at the reader's pace, and close it."""
    left = memoryview(data)
    try:
        os.set_blocking(fd, False)
        while left:
            await anyio.wait_writable(fd)
            with suppress(BlockingIOError):
                left = left[os.write(fd, left[:CHUNK]) :]
    except BrokenPipeError:
        log.debug("a reader went away")
    finally:
        os.close(fd)
