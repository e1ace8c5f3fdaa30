"""Explain why a microphone delivers nothing, from what the sound server knows.

The device cannot say that it is muted; the server can. Most causes were set in a sound settings window and are undone
there.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable

from desktop.audio.microphone import pulse as server
from desktop.audio.microphone.devices import PULSE, Device, served
from desktop.audio.microphone.pulse import Recording, Source
from desktop.core.errors import MicrophoneProblem

WORTH_S = 1.0
"""Minimum seconds of a problem that is mentioned in a dictation's note."""


class Trouble(MicrophoneProblem):
    """A problem of the current recording.

    `past_text` is its past form for the note, without the duration; empty for none.
    """

    def __init__(self, title: str, remedy: str = "", was: str = "") -> None:
        super().__init__(title, remedy)
        self.was = was
        self.since = time.monotonic()

    def past(self, now: float) -> str:
        """Return a sentence for the note, empty if it was too short to mention."""
        lasted_s = now - self.since
        return f"{self.was} for {lasted_s:.0f} s." if self.was and lasted_s >= WORTH_S else ""


def waking(device: Device) -> Trouble:
    """Return the error for a Bluetooth headset that has not delivered sound yet."""
    return Trouble(f"{device.name} is waking up.", "Speak as soon as the bars move.")


def silent(device: Device) -> Trouble:
    """Return the error for zeros that the server cannot explain."""
    return Trouble(f"{device.name} is silent.", "Is it muted at its switch, or the wrong one?")


def nothing(device: Device) -> Trouble:
    """Return the error for missing data that the server cannot explain."""
    return Trouble(f"{device.name} gives no sound.", "Intone waits for it.", f"{device.name} gave no sound")


def unplugged(device: Device) -> str:
    """Return the text for a device that the server does not list any more."""
    return f"{device.name} was unplugged."


def explain(device: Device) -> Trouble | None:
    """Return why `device` may be silent, as far as the sound server knows.

    Blocks while the server answers: call from a worker thread.
    """
    if device.portaudio != PULSE:
        return None
    try:
        sources, recording = server.sources(), server.recording()
    except MicrophoneProblem as hung:
        return Trouble(hung.title, hung.remedy, "The sound server did not answer")
    except server.NONE:
        return None
    source = next((source for source in sources if source.name == device.id), None)
    ours = str(os.getpid())
    streams = [stream for stream in recording if stream.told("application.process.id") == ours]
    return None if source is None else reason(device.name, source, streams)


def reason(name: str, source: Source, streams: Iterable[Recording]) -> Trouble | None:
    """Return why the microphone `name` is silent, from the server's data on its source and our `streams`."""
    if source.mute:
        return Trouble(f"{name} is muted.", "Unmute it in the sound settings.", f"{name} was muted")
    if source.state == "SUSPENDED":
        return Trouble(
            f"{name} is suspended.", "Close what else uses it, or choose another microphone.", f"{name} was suspended"
        )
    if source.volumes and not any(source.volumes):
        return Trouble(f"{name} is turned down to 0 %.", "Turn it up in the sound settings.", f"{name} was at 0 %")
    if any(stream.mute for stream in streams):
        return Trouble(
            "Intone's recording is muted.", "Unmute it in the sound settings.", "Intone's recording was muted"
        )
    if any(port.name == source.active_port and port.availability == "not available" for port in source.ports):
        return Trouble(f"Nothing is plugged into {name}.", "Plug a microphone in, or choose another one.")
    return None


def gone(device: Device) -> str:
    """Return a sentence on why the stream of `device` ended. Blocks like `find_cause`."""
    if device.portaudio == PULSE:
        try:
            there = served()
        except MicrophoneProblem as hung:
            return hung.title
        if there is None:
            return "The sound server stopped."
        if device.id not in {other.id for other in there}:
            return unplugged(device)
    return f"{device.name} stopped delivering sound."
