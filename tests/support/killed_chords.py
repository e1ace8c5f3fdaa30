"""An app that presses one chord after the other with its keys held, and is killed between two of them.

`python -m tests.support.killed_chords HOLD_MS` is the app; it needs a terminal window with the focus.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from time import monotonic

from Xlib.display import Display
from Xlib.ext import xinput
from Xlib.protocol import rq

from desktop.paste.apps import PasteRules
from desktop.paste.request import PasteOptions
from desktop.paste.x11.paster import X11Paster
from tests.support.x_clients import PATIENCE_S, keys_down

CONTROL_L = 37

KEYBOARD = "Xvfb keyboard"
"""Xvfb's own, which stands for a real one: XTEST's is another."""


class FakeDeviceInput(rq.Request):  # type: ignore[misc]  # Xlib has no types
    """XTEST's request for a key of a certain device."""

    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(2),
        rq.RequestLength(),
        rq.Card8("event_type"),
        rq.Card8("detail"),
        rq.Pad(29),
        rq.Card8("device"),
    )


class RealKeyboard:
    """Keys of the keyboard that is not XTEST's."""

    def __init__(self, display: str) -> None:
        self._display = Display(display)
        self._display.xinput_query_version()
        devices = self._display.xinput_query_device(xinput.AllDevices).devices
        self._device = next(device.deviceid for device in devices if device.name == KEYBOARD)
        self._events = int(self._display.query_extension("XInputExtension").first_event)

    def close(self) -> None:
        self._display.close()

    def press(self, keycode: int) -> None:
        self._send(1, keycode)

    def release(self, keycode: int) -> None:
        self._send(2, keycode)

    def _send(self, kind: int, keycode: int) -> None:
        """A DeviceKeyPress or DeviceKeyRelease."""
        FakeDeviceInput(
            display=self._display.display,
            opcode=self._display.display.get_extension_major("XTEST"),
            event_type=self._events + kind,
            detail=keycode,
            device=self._device,
        )
        self._display.sync()


async def press_chords(hold_ms: int) -> None:
    """Paste again and again into the window that has the focus, until killed."""
    paster = X11Paster(restores_after_crash=True)
    paster.start(asyncio.get_running_loop())
    target = await paster.find_target()
    while not target.handle:
        await asyncio.sleep(0.02)
        target = await paster.find_target()
    paster.options = PasteOptions(PasteRules({target.app: {"hold_ms": hold_ms}}))
    while True:
        await paster.paste("Dictated.", target, lambda: None)


def kill_in_a_chord(display: str, hold_ms: int) -> list[int]:
    """Kill such an app once a key of its chord is down. The keys that were down when it had gone."""
    app = subprocess.Popen(
        [sys.executable, "-P", "-m", "tests.support.killed_chords", str(hold_ms)],
        env={**os.environ, "DISPLAY": display},
    )
    connection, deadline = Display(display), monotonic() + PATIENCE_S
    try:
        while not any(connection.query_keymap()):
            assert monotonic() < deadline, "no chord was pressed"
    finally:
        app.send_signal(signal.SIGKILL)
        app.wait(timeout=PATIENCE_S)
        connection.close()
    return keys_down(display)


if __name__ == "__main__":
    asyncio.run(press_chords(int(sys.argv[1])))
