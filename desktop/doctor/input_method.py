"""Check whether texts go into windows by an input method, or by the clipboard."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

import anyio

from desktop.core.messages import Message
from desktop.core.paths import find_paths

if TYPE_CHECKING:
    from desktop.paste.input_method.interface import InputMethod

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
    if load_in_force(paths).settings.paste.input_method == "off":
        return Message("input-method-off")
    if (running := send_command(paths, "status", STATUS_TIMEOUT_S)) is not None:
        return Message("input-method-used" if running.get("input_method") else "input-method-silent")
    if sys.platform != "linux":
        return Message("input-method-none")
    from desktop.paste.input_method.factory import open_input_method

    method = open_input_method(os.environ)
    return anyio.run(try_input_method, method) if method is not None else Message("input-method-none")


async def try_input_method(method: InputMethod) -> Message:
    """Connect to `method` without asking it for a field, and say whether that is possible."""
    method.start(asyncio.get_running_loop())
    try:
        for _ in range(round(CONNECT_TIMEOUT_S / CONNECT_POLL_S)):
            if method.is_available:
                break
            await anyio.sleep(CONNECT_POLL_S)
        return Message("input-method-used" if method.is_available else "input-method-silent")
    finally:
        method.close()
