"""Why a microphone gives nothing, in words: what the sound server knows of it.

The device cannot say whether it is muted; the server can. Most of what it knows was done in a sound settings window,
and is undone there.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable

from desktop.microphone import server
from desktop.microphone.devices import PULSE, Device, served
from desktop.microphone.server import Recording, Source
from desktop.problems import MicrophoneProblem

WORTH_S = 1.0
"""What was over sooner is no part of a dictation's note."""


class Trouble(MicrophoneProblem):
    """What is wrong while one talks. `was` is how the note puts it afterwards, without how long; empty for no word."""

    def __init__(self, title: str, remedy: str = "", was: str = "") -> None:
        super().__init__(title, remedy)
        self.was = was
        self.since = time.monotonic()

    def past(self, now: float) -> str:
        """A sentence for the note; empty where it was nothing worth noting."""
        lasted_s = now - self.since
        return f"{self.was} for {lasted_s:.0f} s." if self.was and lasted_s >= WORTH_S else ""


def waking(device: Device) -> Trouble:
    """A Bluetooth headset that has not been heard yet."""
    return Trouble(f"{device.name} is waking up.", "Speak as soon as the bars move.")


def silent(device: Device) -> Trouble:
    """Zeros, for which the server knows no reason."""
    return Trouble(f"{device.name} is silent.", "Is it muted at its switch, or the wrong one?")


def nothing(device: Device) -> Trouble:
    """Not even zeros, for which the server knows no reason."""
    return Trouble(f"{device.name} gives no sound.", "Intone waits for it.", f"{device.name} gave no sound")


def unplugged(device: Device) -> str:
    """The server does not know `device` any more."""
    return f"{device.name} was unplugged."


def explain(device: Device) -> Trouble | None:
    """Why `device` may be still, as far as the sound server knows. Blocks while that thinks: for a worker thread."""
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
    """Why the microphone called `name` is still, by the server's own account of it and of our `streams`."""
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
    """Why the line to `device` ended, in a sentence. Blocks as `explain` does."""
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
