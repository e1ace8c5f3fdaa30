"""What macOS has to be allowed by the person, and where: as problems with their remedy.

A grant belongs to the program's signature and is looked for once at its start, so the app has to be started again.
"""

from __future__ import annotations

from ApplicationServices import AXIsProcessTrustedWithOptions, kAXTrustedCheckOptionPrompt
from Quartz import CGRequestListenEventAccess

from desktop.problems import HotkeyProblem, PasteProblem

_WHERE = "Open System Settings, Privacy & Security, {0}, allow Intone, and start it again."


def to_press_keys() -> PasteProblem | None:
    """Why keys cannot be pressed; the system asks the person the first time."""
    if AXIsProcessTrustedWithOptions({kAXTrustedCheckOptionPrompt: True}):
        return None
    return PasteProblem("macOS does not let Intone press keys in other programs.", _WHERE.format("Accessibility"))


def to_hear_keys() -> HotkeyProblem | None:
    """Why no tap may be put before the keys; the system asks the person the first time."""
    if AXIsProcessTrustedWithOptions({kAXTrustedCheckOptionPrompt: True}):
        return None
    return HotkeyProblem("macOS does not let Intone hear its talk key.", _WHERE.format("Accessibility"))


def to_monitor_keys() -> HotkeyProblem:
    """Why a tap was refused although it may be put there; the system asks the person the first time."""
    CGRequestListenEventAccess()
    return HotkeyProblem("macOS does not let Intone hear keys.", _WHERE.format("Input Monitoring"))
