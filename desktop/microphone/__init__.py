"""Hearing: which microphones there are (`devices`), and one of them opened (`recording`).

PortAudio does the capture because it works on every platform; on Linux it hears through the sound server (PulseAudio,
or PipeWire speaking its language), which resamples nothing we did not ask for and lets others hear too. Importing
this needs none of that: PortAudio is loaded when a microphone is first asked for, and its absence is a
`MicrophoneProblem`.
"""

from desktop.microphone.devices import Device, devices
from desktop.microphone.recording import SystemMicrophone

__all__ = ["Device", "SystemMicrophone", "devices"]
