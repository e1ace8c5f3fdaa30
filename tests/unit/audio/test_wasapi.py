"""Microphones on Windows: each once, by WASAPI, and why one is silent."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.audio.microphone.device import BUFFER_S, WASAPI, WASAPI_BUFFER_S, MicrophoneDevice
from desktop.audio.microphone.devices import (
    convert_portaudio_devices,
    find_portaudio_device,
    find_preferred,
    open_system_devices,
)
from desktop.audio.microphone.wasapi import convert_endpoints, find_cause_code
from desktop.platforms.windows.sound import CaptureEndpoint

USB, HEADSET = "Microphone (USB Audio Device)", "Headset (WH-1000XM4)"
APIS = [
    {"name": "MME", "default_input_device": 0},
    {"name": "Windows DirectSound", "default_input_device": 3},
    {"name": WASAPI, "default_input_device": 7},
]


def known(index: int, name: str, api: int, inputs: int = 1, rate_hz: float = 48_000.0) -> dict[str, Any]:
    place = {"index": index, "name": name, "hostapi": api}
    return {**place, "max_input_channels": inputs, "default_samplerate": rate_hz}


LISTED = [
    known(0, "Microsoft Sound Mapper - Input", 0, 2, 44_100.0),
    known(1, USB[:31], 0, 2, 44_100.0),
    known(2, "Speakers", 0, 0),
    known(3, "Primary Sound Capture Driver", 1, 2, 44_100.0),
    known(4, USB, 1, 2, 44_100.0),
    known(5, "Speakers", 2, 0),
    known(6, HEADSET, 2, 1, 16_000.0),
    known(7, USB, 2, 4),
    known(8, HEADSET, 2, 1, 16_000.0),
]


class PortAudio:
    def query_devices(self) -> list[dict[str, Any]]:
        return LISTED

    def query_hostapis(self) -> list[dict[str, Any]]:
        return APIS


def test_each_microphone_is_listed_once() -> None:
    devices = convert_portaudio_devices(LISTED, APIS, 1)
    assert [(one.name, one.default, one.rate_hz, one.channels, one.latency) for one in devices] == [
        (HEADSET, False, 16_000, 1, WASAPI_BUFFER_S),
        (USB, True, 48_000, 4, WASAPI_BUFFER_S),
        (HEADSET, False, 16_000, 1, WASAPI_BUFFER_S),
    ]


def test_other_systems_keep_every_device() -> None:
    devices = convert_portaudio_devices([known(0, "hw:0, mic", 0, 8), known(1, "out", 0, 0)], [{"name": "ALSA"}], 0)
    assert devices == [
        MicrophoneDevice("hw:0; mic", "hw:0, mic", True, 48_000, 2, portaudio_name="hw:0, mic", latency=BUFFER_S)
    ]


def endpoint(device_id: str, name: str, bus: str = "USB", *, is_default: bool = False) -> CaptureEndpoint:
    return CaptureEndpoint(device_id, name, is_default, 48_000, 2, bus)


ENDPOINTS = [
    endpoint("{0.0.1.0}.{a}", HEADSET, "BTHHFENUM"),
    endpoint("{0.0.1.0}.{b}", USB, is_default=True),
    endpoint("{0.0.1.0}.{c}", HEADSET),
]


def test_equal_names_open_different_devices() -> None:
    opened = {device.id[-2]: find_portaudio_device(PortAudio(), device) for device in convert_endpoints(ENDPOINTS)}
    assert opened == {"a": 6, "b": 7, "c": 8}


def test_device_that_portaudio_has_not_seen_is_unknown() -> None:
    plugged, *_ = convert_endpoints([endpoint("{0.0.1.0}.{d}", "Microphone (new)")])
    third = convert_endpoints([*ENDPOINTS, endpoint("{0.0.1.0}.{d}", HEADSET)])[-1]
    assert [find_portaudio_device(PortAudio(), device) for device in (plugged, third)] == [None, None]


def test_elsewhere_devices_are_opened_by_name() -> None:
    device = MicrophoneDevice("usb", USB, True, 48_000, 2, portaudio_name=USB)
    assert find_portaudio_device(PortAudio(), device) == USB
    missing = MicrophoneDevice("gone", "gone", True, 48_000, 2, portaudio_name="gone")
    assert find_portaudio_device(PortAudio(), missing) is None


@pytest.mark.parametrize(
    ("preferred", "found"),
    [((), "b"), (("{0.0.1.0}.{c}",), "c"), ((HEADSET,), "a"), (("{0.0.1.0}.{gone}",), "b")],
)
def test_choice_is_found_again_else_the_default(preferred: tuple[str, ...], found: str) -> None:
    device = find_preferred(convert_endpoints(ENDPOINTS), preferred)
    assert device is not None
    assert device.id[-2] == found


def test_bluetooth_is_known_by_its_bus() -> None:
    assert [device.bluetooth for device in convert_endpoints(ENDPOINTS)] == [True, False, False]


@pytest.mark.parametrize(
    ("is_denied", "is_muted", "volume", "code"),
    [
        (False, False, 0.5, None),
        (False, True, 0.0, "microphone-muted"),
        (False, False, 0.0, "microphone-volume-zero"),
        (True, True, 0.0, "microphone-denied"),
    ],
)
def test_reason_for_silence_is_named(is_denied: bool, is_muted: bool, volume: float, code: str | None) -> None:
    assert find_cause_code(is_denied, is_muted, volume) == code


def test_other_systems_have_no_list_of_their_own() -> None:
    assert open_system_devices("linux") is None
