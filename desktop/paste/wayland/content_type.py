"""Ask what kind of field has the focus, as an input method would: also where accessibility is off.

Compositors of wlroots (labwc, sway, niri, Hyprland) tell an input method what the focused program says of its field. It
is asked for a moment only, since there can be one input method: where the user has one, there is no answer. Programs
that support none, and those of X11, do not answer either. (input-method-unstable-v2, text-input-unstable-v3.)
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Mapping
from contextlib import suppress

import anyio

from desktop.paste.wayland.protocol import Compositor, WaylandEvent

MANAGER, SEAT = "zwp_input_method_manager_v2", "wl_seat"

GET_INPUT_METHOD, DESTROY = 0, 6
"""Opcodes of requests to the manager, and to the input method."""

CONTENT_TYPE, DONE, UNAVAILABLE = 4, 5, 6
"""Opcodes of the input method's events."""

HIDDEN_TEXT, PASSWORD, PIN = 0x40, 8, 9
"""A hint, and two purposes."""

ANSWER_TIMEOUT_S, SILENT_TIMEOUT_S = 0.500, 0.020
"""Seconds that a program may take to answer, and one that never did. It takes 1 to 5 ms (GTK 4, Qt 6, foot), more on a
busy machine."""


def tells_content_type(interfaces: Mapping[str, tuple[int, int]]) -> bool:
    """Return whether a compositor with these interfaces lets programs be its input method."""
    return MANAGER in interfaces and SEAT in interfaces


class ContentTypeReader:
    """Asks on `compositor`, for which `tells_content_type` must be true, in its loop."""

    def __init__(self, compositor: Compositor) -> None:
        self._wayland = compositor
        self._asking = asyncio.Lock()
        self._has_answered: dict[str | int, bool] = {}

    async def is_password_focused(self, program: str | int) -> bool | None:
        """Return whether the focused field hides what is written in it; None if the program does not say.

        `program` is that of the focused window, by any name: at first it is waited for, later if it has answered.
        """
        async with self._asking:
            is_awaited = self._has_answered.get(program, True)
            answer = None
            with suppress(OSError), anyio.move_on_after(ANSWER_TIMEOUT_S if is_awaited else SILENT_TIMEOUT_S) as limit:
                answer = await self._ask()
            self._has_answered[program] = not limit.cancelled_caught or self._has_answered.get(program, False)
            return answer

    async def _ask(self) -> bool | None:
        answer: asyncio.Future[bool | None] = asyncio.get_running_loop().create_future()
        kind: tuple[int, int] | None = None

        def on_event(event: WaylandEvent) -> None:
            nonlocal kind
            if event.opcode == CONTENT_TYPE:
                kind = struct.unpack_from("=II", event.body)
            elif event.opcode == DONE and kind is not None and not answer.done():  # labwc says another before it
                hints, purpose = kind
                answer.set_result(bool(hints & HIDDEN_TEXT) or purpose in (PASSWORD, PIN))
            elif event.opcode == UNAVAILABLE and not answer.done():
                answer.set_result(None)

        manager, seat = self._wayland.bind_global(MANAGER), self._wayland.bind_global(SEAT)
        number = self._wayland.new_object(on_event)
        self._wayland.send_request(manager, GET_INPUT_METHOD, seat, number)
        try:
            return await answer
        finally:
            self._wayland.send_request(number, DESTROY)
