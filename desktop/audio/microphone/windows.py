"""Ask Windows for its microphones: current, with the names that its settings show and ids that persist.

Asking takes less than a millisecond and lights no indicator. PortAudio's list is as old as its initialisation, so that
it is only used to open them. Importing this on another system raises `OSError`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator

import anyio

from desktop.audio.microphone.device import MicrophoneDevice
from desktop.audio.microphone.wasapi import convert_endpoints, find_cause_code
from desktop.core.errors import MicrophoneError
from desktop.platforms.windows import privacy, sound_devices
from desktop.platforms.windows.com import ComError

logger = logging.getLogger(__name__)


class WindowsDevices:
    """`desktop.audio.microphone.devices.SystemDevices` of Windows."""

    def list_devices(self) -> list[MicrophoneDevice] | None:
        """Return the microphones; None if Windows' sound service does not answer."""
        try:
            return convert_endpoints(sound_devices.list_microphones())
        except ComError as error:
            logger.warning("Windows lists no microphones: %s", error)
            return None

    def check_access(self) -> None:
        """Raises `MicrophoneError` if the privacy settings keep us from microphones."""
        if privacy.is_microphone_denied():
            raise MicrophoneError("microphone-denied")

    def find_cause(self, device: MicrophoneDevice) -> str | None:
        """Return the code of the reason why `device` may be silent."""
        try:
            is_muted, volume = sound_devices.read_level(device.id)
        except ComError:  # it is gone, or has no volume
            is_muted, volume = False, 1.0
        return find_cause_code(privacy.is_microphone_denied(), is_muted, volume)

    async def watch_changes(self, max_quiet_s: float) -> AsyncGenerator[None]:
        """Yield once at the start, at each change, and after `max_quiet_s` without one. Ends without the sound
        service."""
        loop, changed = asyncio.get_running_loop(), anyio.Event()

        def on_change() -> None:
            loop.call_soon_threadsafe(lambda: changed.set())

        try:
            with sound_devices.watch_devices(on_change):
                yield
                while True:
                    with anyio.move_on_after(max_quiet_s):
                        await changed.wait()
                    changed = anyio.Event()
                    yield
        except ComError as error:
            logger.warning("Windows tells of no changes of microphones: %s", error)
