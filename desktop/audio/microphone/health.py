"""Tell whether a microphone's stream delivers sound, and why not.

A working microphone is never perfectly silent: it has a bit or two of noise. Zeros throughout come from a mute switch,
a missing permission or a headset that is still waking up, and from software that closes the stream between words. So
the sound server is queried first (most causes were set in a sound settings window and are undone there), and what it
cannot explain is called silent only if the stream has not delivered sound yet, or for a while.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from desktop.audio.microphone import pulse
from desktop.audio.microphone.device import PULSE_DEVICE, MicrophoneDevice
from desktop.audio.microphone.devices import list_server_devices, open_system_devices
from desktop.audio.microphone.pulse import CaptureStream, PulseSource
from desktop.core.errors import MicrophoneError
from desktop.core.messages import Message, Notes, Param

CHECK_AFTER_S = 0.3
"""Seconds without data, or with zeros only, after which a stream is examined.

With a check every 0.1 s and the server's answer, the reason is known within half a second.
"""

MAX_SILENT_S = 3.0
"""Seconds for which a stream that had sound may be silent without a known reason, as with a noise gate between
words."""

START_TIMEOUT_S, GAP_TIMEOUT_S = 3.0, 1.0
"""Seconds without a callback after which a device is lost, at the start and later; a Bluetooth headset takes seconds to
begin."""

BLUETOOTH_WAKE_S = 2.0
"""Seconds for which a Bluetooth headset may send zeros before it delivers sound."""

MIN_NOTED_S = 1.0
"""Minimum seconds of a problem that is mentioned in a dictation's notes."""

LOSS_WINDOW_S, MIN_LOSS_STEP_S = 1.0, 0.03
"""Seconds over which the least lag of a stream is taken, and change of it that is no difference between two clocks: a
sound card's is off by less than 0.1 %."""

MIN_LOST_S = 0.3
"""Minimum seconds of lost sound that are mentioned: more than a busy machine keeps waiting at a recording's end."""

_PAST_CODES = {
    "microphone-without-data": "microphone-gave-no-sound",
    "microphone-muted": "microphone-was-muted",
    "microphone-suspended": "microphone-was-suspended",
    "microphone-volume-zero": "microphone-was-at-zero",
    "microphone-stream-muted": "recording-was-muted",
    "sound-server-unresponsive": "sound-server-was-unresponsive",
    "sound-server-answer-invalid": "sound-server-was-unresponsive",
}
"""Codes of problems in the past for a dictation's notes; the others are not mentioned."""


class SignalFault(Enum):
    """What is wrong with a stream according to its own data."""

    NO_DATA = auto()
    ZEROS = auto()
    LOST = auto()


@dataclass(slots=True)
class SignalMonitor:
    """When a stream last delivered data (`arrived_at`) and something other than zeros (`sounded_at`).

    Both start at `started_at`, when the stream was opened or joined.
    """

    started_at: float
    arrived_at: float = 0.0
    sounded_at: float = 0.0
    has_arrived: bool = False
    has_sounded: bool = False

    def __post_init__(self) -> None:
        self.arrived_at = self.sounded_at = self.started_at

    def add_data(self, at: float, has_sound: bool) -> None:
        """Note data that arrived at `at`; `has_sound` is whether it was more than zeros."""
        self.arrived_at, self.has_arrived = at, True
        if has_sound:
            self.sounded_at, self.has_sounded = at, True

    def find_fault(self, now: float) -> SignalFault | None:
        """Return what is wrong with the stream at `now`, or None."""
        if now - self.arrived_at > (GAP_TIMEOUT_S if self.has_arrived else START_TIMEOUT_S):
            return SignalFault.LOST
        if now - self.arrived_at > CHECK_AFTER_S:
            return SignalFault.NO_DATA
        return SignalFault.ZEROS if now - self.sounded_at > CHECK_AFTER_S else None

    def is_waking(self, now: float) -> bool:
        """Whether a Bluetooth headset may still be waking up."""
        return not self.has_sounded and now - self.started_at < BLUETOOTH_WAKE_S

    def is_silent(self, now: float) -> bool:
        """Whether unexplained silence should be reported."""
        return not self.has_sounded or now - self.sounded_at > MAX_SILENT_S


@dataclass(slots=True)
class LossMeter:
    """Sound that a stream has lost without telling, in seconds: `lost_s`, by its samples against the clock.

    What is late is not lost, and comes soon: of each window only the least lag counts, lag that goes away again is
    taken back at once, and so is what a buffer still keeps. PortAudio's own times are not used, since some sound
    systems estimate them by the clock.
    """

    lost_s: float = 0.0
    _delivered_s: float = 0.0
    _least_lag_s: float = math.inf
    _previous_lag_s: float = math.inf
    _window_end: float = math.inf
    _late_s: float = 0.0

    def add_data(self, at: float, length_s: float, late_s: float = 0.0) -> None:
        """Note `length_s` seconds of sound that arrived at `at`, which was `late_s` after it was captured."""
        self._late_s = late_s
        if self._window_end == math.inf:
            self._window_end = at + LOSS_WINDOW_S
        self._delivered_s += length_s
        self._least_lag_s = min(self._least_lag_s, at - self._delivered_s)
        if at < self._window_end:
            return
        step_s = self._least_lag_s - self._previous_lag_s  # minus infinity in the first window
        if abs(step_s) >= MIN_LOSS_STEP_S:
            self.lost_s = max(0.0, self.lost_s + step_s)
        self._previous_lag_s, self._least_lag_s, self._window_end = self._least_lag_s, math.inf, at + LOSS_WINDOW_S

    def describe(self) -> Notes:
        """Return the note, none if nothing was lost, or too little to tell."""
        come_s = max(0.0, self._previous_lag_s - self._least_lag_s) if self._previous_lag_s < math.inf else 0.0
        lost_s = self.lost_s - max(come_s, self._late_s)
        return (Message("recording-lost-sound", seconds=f"{lost_s:.1f}"),) if lost_s >= MIN_LOST_S else ()


class NoSoundError(MicrophoneError):
    """A problem of the current recording, since it was created."""

    def __init__(self, code: str, /, **params: Param) -> None:
        super().__init__(code, **params)
        self.since = time.monotonic()

    def describe_past(self, now: float) -> Notes:
        """Return the note, none if it was too short to mention."""
        past_code, lasted_s = _PAST_CODES.get(self.code), now - self.since
        if past_code is None or lasted_s < MIN_NOTED_S:
            return ()
        return (Message(past_code, **self.message.params, seconds=f"{lasted_s:.0f}"),)


def waking_error(device: MicrophoneDevice) -> NoSoundError:
    """Return the error for a Bluetooth headset that has not delivered sound yet."""
    return NoSoundError("microphone-waking", device=device.name)


def silent_error(device: MicrophoneDevice) -> NoSoundError:
    """Return the error for zeros that the server cannot explain."""
    return NoSoundError("microphone-silent", device=device.name)


def no_data_error(device: MicrophoneDevice) -> NoSoundError:
    """Return the error for missing data that the server cannot explain."""
    return NoSoundError("microphone-without-data", device=device.name)


def find_cause(device: MicrophoneDevice) -> NoSoundError | None:
    """Return why `device` may be silent, as far as the sound server or Windows knows; the device itself does not report
    it.

    Blocks while the server answers: call from a worker thread.
    """
    if (system := open_system_devices()) is not None:
        code = system.find_cause(device)
        return None if code is None else NoSoundError(code, device=device.name)
    if device.portaudio_name != PULSE_DEVICE:
        return None
    try:
        sources, recording = pulse.list_sources(), pulse.list_capture_streams()
    except MicrophoneError as problem:
        return NoSoundError.of(problem.message)
    except pulse.NO_SERVER_ERRORS:
        return None
    source = next((source for source in sources if source.name == device.id), None)
    ours = str(os.getpid())
    streams = [stream for stream in recording if stream.get_property("application.process.id") == ours]
    return None if source is None else find_cause_in_source(device.name, source, streams)


def find_cause_in_source(name: str, source: PulseSource, streams: Iterable[CaptureStream]) -> NoSoundError | None:
    """Return why the microphone `name` is silent, from the server's data on its source and our `streams`."""
    if source.mute:
        return NoSoundError("microphone-muted", device=name)
    if source.state == "SUSPENDED":
        return NoSoundError("microphone-suspended", device=name)
    if source.volumes and not any(source.volumes):
        return NoSoundError("microphone-volume-zero", device=name)
    if any(stream.mute for stream in streams):
        return NoSoundError("microphone-stream-muted")
    if any(port.name == source.active_port and port.availability == "not available" for port in source.ports):
        return NoSoundError("microphone-socket-empty", device=name)
    return None


def describe_loss(device: MicrophoneDevice) -> Message:
    """Return why the stream of `device` ended. Blocks like `find_cause`."""
    if device.is_in_system_list:
        try:
            devices = list_server_devices()
        except MicrophoneError as problem:
            return problem.message
        if devices is None:
            return Message("sound-server-stopped")
        if device.id not in {other.id for other in devices}:
            return Message("microphone-unplugged", device=device.name)
    return Message("microphone-stopped", device=device.name)
