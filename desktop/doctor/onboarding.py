"""Select the doctor's checks that a new user must and can repair before the first dictation.

Excluded are those with an onboarding page of their own (the model, a muted microphone), and what cannot be missing
where that window is visible.
"""

from __future__ import annotations

from desktop.doctor import checks
from desktop.doctor.checks import Finding

ONBOARDING_CHECKS = (
    "c++ runtime",
    "hotkey",
    "host keys",
    "paste",
    "portaudio",
    "alsa pulse plugin",
    "sound server",
    "microphone access",
    "microphone",
    "tray",
    "disk",
)
"""Names of `CHECKS`."""

SOLVED_LATER = ("portal-key-unasked", "portal-key-asked", "portal-typing-unasked")
"""Problems that the page of the talk key solves by its buttons."""


def find_missing_requirements() -> list[Finding]:
    """Return the failed checks among these. Takes a moment: call from a worker thread."""
    found = (checks.run_check(check) for check in checks.CHECKS if check.name in ONBOARDING_CHECKS)
    return [finding for finding in found if not finding.ok and finding.message.code not in SOLVED_LATER]
