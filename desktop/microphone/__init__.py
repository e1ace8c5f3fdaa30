"""Hearing: which microphones there are (`devices`, by what the sound server tells, `server`), the line to one of them
(`line`), how long it stays open (`system`), a take of it (`recording`, made of `frames`), who looks after that take
(`attending`) when its line gives nothing (`stillness`) and says why (`trouble`), the sounds that say when it hears and
when it has stopped (`cue`), and what becomes of other sound meanwhile (`others`, by `ducking` or `pausing`).

PortAudio does the capture because it works on every platform; on Linux it hears through the sound server (PulseAudio,
or PipeWire speaking its language), which resamples nothing we did not ask for and lets others hear too. Importing
this needs none of that: PortAudio is loaded when a microphone is first asked for, and its absence is a
`MicrophoneProblem`.
"""

from desktop.microphone.cue import Cue, Cues
from desktop.microphone.devices import Device, devices, first
from desktop.microphone.ducking import Ducking
from desktop.microphone.others import Hushing, Others
from desktop.microphone.pausing import Pausing
from desktop.microphone.system import SystemMicrophone

__all__ = ["Cue", "Cues", "Device", "Ducking", "Hushing", "Others", "Pausing", "SystemMicrophone", "devices", "first"]
