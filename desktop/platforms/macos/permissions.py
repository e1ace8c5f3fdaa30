"""Check the permissions that macOS requires from the user, as errors with their remedy.

A grant belongs to the program's signature and is read once at its start, so the app has to be restarted.
"""

from __future__ import annotations

from ApplicationServices import AXIsProcessTrustedWithOptions, kAXTrustedCheckOptionPrompt
from Quartz import CGRequestListenEventAccess

from desktop.core.errors import HotkeyError, PasteError

_GRANT_STEPS = "Open System Settings, Privacy & Security, {0}, allow Intone, and start it again."


def check_can_press_keys() -> PasteError | None:
    """Return why keys cannot be pressed; None if they can. The system asks the user the first time."""
    if AXIsProcessTrustedWithOptions({kAXTrustedCheckOptionPrompt: True}):
        return None
    return PasteError("macOS does not let Intone press keys in other programs.", _GRANT_STEPS.format("Accessibility"))


def check_can_receive_keys() -> HotkeyError | None:
    """Return why no event tap may be created; None if it may. The system asks the user the first time."""
    if AXIsProcessTrustedWithOptions({kAXTrustedCheckOptionPrompt: True}):
        return None
    return HotkeyError("macOS does not let Intone hear its talk key.", _GRANT_STEPS.format("Accessibility"))


def request_input_monitoring() -> HotkeyError:
    """Return why a tap was refused although it may be created. The system asks the user the first time."""
    CGRequestListenEventAccess()
    return HotkeyError("macOS does not let Intone hear keys.", _GRANT_STEPS.format("Input Monitoring"))
