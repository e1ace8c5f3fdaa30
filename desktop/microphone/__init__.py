"""Capture from a microphone, the start and stop cues, and ducking of other audio during a dictation.

PortAudio captures because it works on every platform. On Linux it reads from the sound server (PulseAudio, or PipeWire
speaking its protocol), which does not resample unless asked and lets other programs record too. Importing this package
does not load PortAudio: it is loaded on first use, and its absence raises `MicrophoneError`.
"""

from desktop.microphone.cue import Cue, Cues
from desktop.microphone.devices import Device, devices, first
from desktop.microphone.ducking import Ducking
from desktop.microphone.others import Hushing, Others
from desktop.microphone.pausing import Pausing
from desktop.microphone.system import SystemMicrophone

__all__ = ["Cue", "Cues", "Device", "Ducking", "Hushing", "Others", "Pausing", "SystemMicrophone", "devices", "first"]
