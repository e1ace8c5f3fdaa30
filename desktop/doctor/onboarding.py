"""Select the doctor's checks that a new user must and can repair before the first dictation.

Excluded are those with an onboarding page of their own (the model, a muted microphone), and what cannot be missing
where that window is visible.
"""

from __future__ import annotations

from desktop.doctor import checks as doctor
from desktop.doctor.checks import Finding

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
"""Names of `CHECKS`."""


def first_look() -> list[Finding]:
    """Return the failed checks among these. Takes a moment: call from a worker thread."""
    found = (doctor.find(check) for check in doctor.CHECKS if check.name in MATTER)
    return [finding for finding in found if not finding.ok]
