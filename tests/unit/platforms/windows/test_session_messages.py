"""What Windows says of the session, told apart."""

from __future__ import annotations

import pytest

from desktop.platforms.windows.session_messages import SessionChange, parse_message


@pytest.mark.parametrize(
    ("message", "wparam", "change"),
    [
        (0x0218, 0x04, SessionChange.AWAY),
        (0x0218, 0x12, SessionChange.AWAKE),
        (0x0218, 0x07, None),
        (0x0218, 0x0A, None),
        (0x02B1, 0x7, SessionChange.AWAY),
        (0x02B1, 0x8, None),
        (0x02B1, 0x2, SessionChange.AWAY),
        (0x02B1, 0x1, None),
        (0x02B1, 0x4, SessionChange.AWAY),
        (0x0011, 0, None),
        (0x0016, 0, None),
        (0x0016, 1, SessionChange.END),
        (0x0113, 0x04, None),
    ],
    ids=[
        *("sleeps", "wakes", "user woke it", "mains or battery", "locked", "unlocked", "other user", "back", "remote"),
        *("asked whether it may end", "does not end", "ends", "timer"),
    ],
)
def test_message_is_change_of_session(message: int, wparam: int, change: SessionChange | None) -> None:
    assert parse_message(message, wparam) == change
