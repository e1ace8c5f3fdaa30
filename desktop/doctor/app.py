"""Ask the running app what it knows of itself: whether it is ready, whether its keys are heard, and why
its model was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from desktop.core.errors import HotkeyError, UserError
from desktop.core.ipc_client import send_command
from desktop.core.message_json import load_message
from desktop.core.messages import Message
from desktop.core.paths import find_paths

STATUS_TIMEOUT_S = 5.0
"""Seconds to wait for the running app's answer."""


def check_app() -> Message:
    """Ask the running app for its status over its socket; no running app is not a fault."""
    reply = send_command(find_paths(), "status", STATUS_TIMEOUT_S)
    if reply is None:
        return Message("app-not-running")
    if not reply.get("ready"):
        obstacle = load_message(reply.get("obstacle_message"))
        raise UserError("app-not-ready-with-note", note=obstacle) if obstacle else UserError("app-not-ready")
    note = load_message(reply.get("note_message")) or str(reply.get("note", ""))
    return Message("app-ready-with-note", note=note) if note else Message("app-ready")


def find_reported_problem(running: Mapping[str, Any]) -> HotkeyError | None:
    """Return why no key is heard by the app whose status is `running`; None if one is."""
    if not (reported := running.get("hotkey")):
        return None
    title, advice = reported
    message = load_message(running.get("hotkey_message"))
    return HotkeyError.of(message or Message("reported-message", title=title, advice=advice))


def find_model_reason() -> Message | None:
    """Return why the running app uses its speech model, None where none runs or says so."""
    with suppress(UserError):
        reply = send_command(find_paths(), "status", STATUS_TIMEOUT_S)
        return load_message(reply.get("model_reason_message")) if reply is not None else None
    return None
