"""What keeps somebody from dictating who has just begun: the doctor's checks that a person can do something about.

What the first run has a page of its own for (the model, whether the microphone is muted) is left to that, and so is
what cannot be missing where its window is seen.
"""

from __future__ import annotations

from desktop import doctor
from desktop.doctor import Finding

MATTER = (
    "hotkey",
    "host keys",
    "paste",
    "portaudio",
    "alsa pulse plugin",
    "sound server",
    "microphone",
    "tray",
    "disk",
)
"""Names of `doctor.CHECKS`."""


def first_look() -> list[Finding]:
    """What is missing here; nothing where all is well. Takes a moment: for a worker thread."""
    found = (doctor.find(check) for check in doctor.CHECKS if check.name in MATTER)
    return [finding for finding in found if not finding.ok]
