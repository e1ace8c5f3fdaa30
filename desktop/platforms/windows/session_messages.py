"""What the messages of Windows about sleep, the locked screen and the session's end mean. Pure."""

from __future__ import annotations

from enum import Enum, auto

WM_QUERYENDSESSION, WM_ENDSESSION = 0x0011, 0x0016
WM_POWERBROADCAST, WM_WTSSESSION_CHANGE = 0x0218, 0x02B1
PBT_APMSUSPEND, PBT_APMRESUMESUSPEND, PBT_APMRESUMEAUTOMATIC = 0x04, 0x07, 0x12
WTS_CONSOLE_DISCONNECT, WTS_REMOTE_DISCONNECT, WTS_SESSION_LOCK, WTS_SESSION_UNLOCK = 0x2, 0x4, 0x7, 0x8


class SessionChange(Enum):
    """A change of the session."""

    AWAY = auto()
    """The machine goes to sleep, the screen is locked, or another user has the screen."""

    AWAKE = auto()
    """The machine has slept."""

    END = auto()
    """The user is signed out, or the machine is shut down."""


_CHANGES = {
    (WM_POWERBROADCAST, PBT_APMSUSPEND): SessionChange.AWAY,
    (WM_POWERBROADCAST, PBT_APMRESUMEAUTOMATIC): SessionChange.AWAKE,
    (WM_WTSSESSION_CHANGE, WTS_SESSION_LOCK): SessionChange.AWAY,
    (WM_WTSSESSION_CHANGE, WTS_CONSOLE_DISCONNECT): SessionChange.AWAY,
    (WM_WTSSESSION_CHANGE, WTS_REMOTE_DISCONNECT): SessionChange.AWAY,
    (WM_ENDSESSION, 1): SessionChange.END,
}


def parse_message(message: int, wparam: int) -> SessionChange | None:
    """Return the change of which a message tells; None for all others.

    Each wake-up brings PBT_APMRESUMEAUTOMATIC, and PBT_APMRESUMESUSPEND besides where the user woke the machine.
    A query whether the session may end is no end: another program may refuse it.
    """
    return _CHANGES.get((message, wparam))
