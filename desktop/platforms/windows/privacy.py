"""Read from Windows' settings whether desktop programs may use the microphone, and what it keeps of what is copied.

Where they may not, opening a device fails as if another program held it, or gives silence.
"""

from __future__ import annotations

from typing import Literal

from desktop.platforms.windows.registry import MACHINE, USER, ReadValue, read_value

_CONSENT_KEY = r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\microphone"
_DENY = "Deny"

_CLIPBOARD_KEY = r"Software\Microsoft\Clipboard"
_CLIPBOARD_POLICY_KEY = r"Software\Policies\Microsoft\Windows\System"


def is_microphone_denied() -> bool:
    """Return whether Windows' privacy settings keep the microphone from this program. Blocks for a moment."""
    return bool(find_microphone_denial(read_value))


def find_microphone_denial(read: ReadValue) -> str:
    """Return the code of the message that says who may not use the microphone; empty where this program may.

    The computer's switch is an administrator's. The user has one for all apps, and one for those that did not come from
    the store, which Intone is. Without a value Windows allows it.
    """
    if read(MACHINE, _CONSENT_KEY, "Value") == _DENY:
        return "microphone-access-denied-to-all"
    switches = (_CONSENT_KEY, rf"{_CONSENT_KEY}\NonPackaged")
    return "microphone-access-denied" if any(read(USER, key, "Value") == _DENY for key in switches) else ""


def find_clipboard_history(read: ReadValue) -> Literal["off", "on", "uploaded"]:
    """Return whether Windows records what is copied (Win+V), and whether it sends that to the user's other devices.

    A policy of the computer goes before the user's switch.
    """
    if read(MACHINE, _CLIPBOARD_POLICY_KEY, "AllowClipboardHistory") == 0:
        return "off"
    if read(USER, _CLIPBOARD_KEY, "EnableClipboardHistory") != 1:
        return "off"
    if read(MACHINE, _CLIPBOARD_POLICY_KEY, "AllowCrossDeviceClipboard") == 0:
        return "on"
    is_sent = read(USER, _CLIPBOARD_KEY, "CloudClipboardAutomaticUpload") == 1
    return "uploaded" if is_sent else "on"
