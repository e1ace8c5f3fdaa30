"""Find the program and window in front, and whether a password field has the focus."""

from __future__ import annotations

from AppKit import NSRunningApplication, NSWorkspace
from ApplicationServices import (
    AXUIElementCopyAttributeValue,
    AXUIElementCreateApplication,
    AXUIElementSetMessagingTimeout,
    kAXErrorSuccess,
)
from Quartz import (
    CGWindowListCopyWindowInfo,
    kCGNullWindowID,
    kCGWindowLayer,
    kCGWindowListExcludeDesktopElements,
    kCGWindowListOptionOnScreenOnly,
    kCGWindowName,
    kCGWindowNumber,
    kCGWindowOwnerPID,
)

from desktop.core.types import Target
from desktop.platforms.macos import carbon
from desktop.platforms.macos.main_thread import on_main_or_here

FOCUS_TIMEOUT_S = 0.2
"""Seconds that a program may take to answer which field has its focus."""


def find_front_window() -> Target:
    """Return the foremost window of the program in front, or `Target()`. macOS gives its title only to programs that
    may record the screen."""
    program = on_main_or_here(lambda: NSWorkspace.sharedWorkspace().frontmostApplication())
    if program is None:
        return Target()
    pid = int(program.processIdentifier())
    shown = CGWindowListCopyWindowInfo(
        kCGWindowListOptionOnScreenOnly | kCGWindowListExcludeDesktopElements, kCGNullWindowID
    )
    for window in shown or ():  # the foremost is the first
        if window[kCGWindowOwnerPID] == pid and window[kCGWindowLayer] == 0:
            title = str(window.get(kCGWindowName) or "")
            return Target(int(window[kCGWindowNumber]), str(program.localizedName() or ""), title, pid)
    return Target()


def bundle_identifier(pid: int) -> str:
    """Return the program's bundle identifier: com.apple.Terminal."""
    program = NSRunningApplication.runningApplicationWithProcessIdentifier_(pid)
    return str(program.bundleIdentifier() or "") if program is not None else ""


def is_password_focused(pid: int) -> bool:
    """Return whether a password is being typed, as far as accessibility or the system reports it."""
    if carbon.is_secure_input_on():
        return True
    program = AXUIElementCreateApplication(pid)
    AXUIElementSetMessagingTimeout(program, FOCUS_TIMEOUT_S)
    field = _read_attribute(program, "AXFocusedUIElement")
    return field is not None and _read_attribute(field, "AXSubrole") == "AXSecureTextField"


def _read_attribute(element: object, name: str) -> object | None:
    error, value = AXUIElementCopyAttributeValue(element, name, None)
    return value if error == kAXErrorSuccess else None
