"""What is known of a microphone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

PULSE_DEVICE = "pulse"
"""PortAudio's name for the ALSA device of the sound server."""

STREAM_PROPERTY = "intone.line"
"""The stream property that holds the tag of one of our streams."""

WASAPI = "Windows WASAPI"
"""PortAudio's name for Windows' current sound interface."""

BUFFER_S = 0.1
"""Seconds that PortAudio may buffer: margin for a busy machine. ALSA delivers it in quarters, every 25 ms."""

WASAPI_BUFFER_S = 1.0
"""Seconds that Windows keeps of what a busy app has not read yet; what is older is lost without a sign.

PortAudio hands over every 10 ms at once whatever is asked for, so it costs no time. Beside twelve busy programs on two
processors, under Wine 10, a recording without the app kept 1.4 of 4.8 s of speech with "low", which is 0.03 s (median
of 9), 3.9 s with 0.1 (of 8) and 4.5 s with 1.0 (of 5); a recorder of Linux beside 16 of these kept all of it.
"""


@dataclass(frozen=True, slots=True)
class MicrophoneDevice:
    """A microphone: `id` is stored in the settings, `name` is shown, `default` marks the system's default.

    `rate_hz` is its own rate; `channels` is how many to request, each a mix of `mixed_channels` channels;
    `portaudio_name` is its name in PortAudio, within `host_api` if that is not empty, where `name_index` counts the
    devices of that name; `latency` is the buffer that is asked of PortAudio, in seconds. A `bluetooth` device
    takes a second to wake up.
    """

    id: str
    name: str
    default: bool
    rate_hz: int
    channels: int
    mixed_channels: int = 1
    portaudio_name: str = PULSE_DEVICE
    bluetooth: bool = False
    host_api: str = ""
    name_index: int = 0
    latency: float = BUFFER_S

    @property
    def is_in_system_list(self) -> bool:
        """Whether the sound server, or Windows, knows what became of it."""
        return self.portaudio_name == PULSE_DEVICE or bool(self.host_api)

    @contextmanager
    def set_environment(self, stream_tag: str) -> Iterator[None]:
        """Set the environment so that a stream opened on `portaudio_name` inside records this device and carries the
        tag `stream_tag`.

        Both are environment variables, the only input of ALSA's device `pulse`.
        """
        variables = {"PULSE_SOURCE": self.id, "PULSE_PROP": f"{STREAM_PROPERTY}={stream_tag}"}
        before = {name: os.environ.get(name) for name in variables}
        os.environ.update(variables if self.portaudio_name == PULSE_DEVICE else {})
        try:
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value
