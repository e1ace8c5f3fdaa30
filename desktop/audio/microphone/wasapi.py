"""Convert what Windows tells of microphones. Pure; `desktop.audio.microphone.windows` asks it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from desktop.audio.microphone.device import WASAPI, WASAPI_BUFFER_S, MicrophoneDevice
from desktop.platforms.windows.sound import CaptureEndpoint

BLUETOOTH_BUS = "BTH"
"""How the names of Bluetooth's buses begin."""


def convert_endpoints(endpoints: Iterable[CaptureEndpoint]) -> list[MicrophoneDevice]:
    """Convert microphones to devices, recorded with their own rate and channels: WASAPI gives no other.

    All channels are requested, and the loudest is used. PortAudio knows a microphone by its name alone, in the same
    order.
    """
    names = Counter[str]()
    devices: list[MicrophoneDevice] = []
    for endpoint in endpoints:
        devices.append(
            MicrophoneDevice(
                id=endpoint.id,
                name=endpoint.name,
                default=endpoint.is_default,
                rate_hz=endpoint.rate_hz,
                channels=endpoint.channels,
                portaudio_name=endpoint.name,
                bluetooth=endpoint.bus.upper().startswith(BLUETOOTH_BUS),
                host_api=WASAPI,
                name_index=names[endpoint.name],
                latency=WASAPI_BUFFER_S,
            )
        )
        names[endpoint.name] += 1
    return devices


def find_cause_code(is_denied: bool, is_muted: bool, volume: float) -> str | None:
    """Return the code of the reason why a microphone is silent, None for no known one."""
    if is_denied:
        return "microphone-denied"
    if is_muted:
        return "microphone-muted"
    return None if volume > 0 else "microphone-volume-zero"
