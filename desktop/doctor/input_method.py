"""Check whether texts go into windows by an input method, or by the clipboard."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

import anyio

from desktop.core.errors import UserError
from desktop.core.messages import Message
from desktop.core.paths import find_paths
from desktop.core.state import KEYS_NOT_ALLOWED

if TYPE_CHECKING:
    from desktop.paste.input_method.interface import Choice, InputMethod

STATUS_TIMEOUT_S = 5.0
"""Seconds to wait for the running app's answer."""

CONNECT_TIMEOUT_S, CONNECT_POLL_S = 1.0, 0.02
"""Seconds within which an input method is connected to, and between two looks; it takes some ms."""


def check_input_method() -> Message:
    """Check whether texts go in by an input method. None is no fault: the clipboard is used then.

    A running app is asked, since there is one engine of its name.
    """
    from desktop.core.ipc_client import send_command
    from desktop.settings.live import load_in_force

    paths = find_paths()
    choice = load_in_force(paths).settings.paste.input_method
    if choice == "off":
        return Message("input-method-off")
    if (running := send_command(paths, "status", STATUS_TIMEOUT_S)) is not None:
        return _describe(bool(running.get("input_method")), choice)
    if sys.platform != "linux":
        return Message("input-method-none")
    from desktop.paste.input_method.factory import open_input_method

    return anyio.run(try_input_method, open_input_method(os.environ), choice)


def check_need_of_keys(problem: UserError) -> Message:
    """Return that the permission to press keys may wait, since texts go in by the input method where a window has one.
    Raises `problem` where they do not."""
    if problem.message.code in KEYS_NOT_ALLOWED and check_input_method().code == "input-method-used":
        return Message("wayland-pasting-unneeded")
    raise problem


async def try_input_method(method: InputMethod, choice: Choice) -> Message:
    """Connect to `method` as the user's `choice` is, without asking it for a field, and say whether that is
    possible."""
    method.apply_choice(choice)
    method.start(asyncio.get_running_loop())
    try:
        for _ in range(round(CONNECT_TIMEOUT_S / CONNECT_POLL_S)):
            if method.is_available:
                break
            await anyio.sleep(CONNECT_POLL_S)
        return _describe(method.is_available, choice)
    finally:
        method.close()


def _describe(is_used: bool, choice: Choice) -> Message:
    if is_used:
        return Message("input-method-used")
    return Message("input-method-unused" if choice == "auto" else "input-method-silent")
