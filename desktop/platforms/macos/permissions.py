"""Check the permissions that macOS requires from the user, as errors with their remedy.

A grant belongs to the program's signature and is read once at its start, so the app has to be restarted.
"""

from __future__ import annotations

from ApplicationServices import AXIsProcessTrustedWithOptions, kAXTrustedCheckOptionPrompt
from Quartz import CGRequestListenEventAccess

from desktop.core.errors import HotkeyProblem, PasteProblem

_WHERE = "Open System Settings, Privacy & Security, {0}, allow Intone, and start it again."


def to_press_keys() -> PasteProblem | None:
    """Return why keys cannot be pressed; None if they can. The system asks the user the first time."""
    if AXIsProcessTrustedWithOptions({kAXTrustedCheckOptionPrompt: True}):
        return None
    return PasteProblem("macOS does not let Intone press keys in other programs.", _WHERE.format("Accessibility"))


def to_hear_keys() -> HotkeyProblem | None:
    """Return why no event tap may be created; None if it may. The system asks the user the first time."""
    if AXIsProcessTrustedWithOptions({kAXTrustedCheckOptionPrompt: True}):
        return None
    return HotkeyProblem("macOS does not let Intone hear its talk key.", _WHERE.format("Accessibility"))


def to_monitor_keys() -> HotkeyProblem:
    """Return why a tap was refused although it may be created. The system asks the user the first time."""
    CGRequestListenEventAccess()
    return HotkeyProblem("macOS does not let Intone hear keys.", _WHERE.format("Input Monitoring"))
