"""Read which keys are down on each of the server's keyboards, of which XTEST's is only one.

The server treats a key that is down on two keyboards as released as soon as one of them releases it.
"""

from __future__ import annotations

from typing import Any

from Xlib.ext import xinput
from Xlib.protocol import rq

XTEST_NAME = "XTEST"
"""The name of every keyboard that XTEST presses for a user."""

KEY_CLASS = 0
"""The class of a device's keys, by the X Input protocol: class, length, count of keys, padding, 256 bits."""


class QueryDeviceState(rq.ReplyRequest):  # type: ignore[misc]  # Xlib has no types
    """The X Input request for what is down on a device."""

    _request = rq.Struct(rq.Card8("opcode"), rq.Opcode(30), rq.RequestLength(), rq.Card8("device"), rq.Pad(3))
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Pad(1),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Card8("count"),
        rq.Pad(23),
        rq.Binary("states"),
    )


def list_real_keyboards(display: Any) -> list[int]:
    """Return the numbers of the keyboards that are not XTEST's; empty if the server has no X Input."""
    if not display.has_extension(xinput.extname):
        return []
    display.xinput_query_version()
    devices = display.xinput_query_device(xinput.AllDevices).devices
    return [int(one.deviceid) for one in devices if one.use == xinput.SlaveKeyboard and XTEST_NAME not in one.name]


def read_pressed_keycodes(display: Any, keyboard: int) -> set[int]:
    """Return the keycodes that are down on the keyboard of this number."""
    opcode = display.display.get_extension_major(xinput.extname)
    states = bytes(QueryDeviceState(display=display.display, opcode=opcode, device=keyboard).states)
    while len(states) >= 2 and states[1]:
        if states[0] == KEY_CLASS:
            return {code for code in range(256) if states[4 + code // 8] >> code % 8 & 1}
        states = states[states[1] :]
    return set()
