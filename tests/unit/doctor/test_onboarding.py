"""What the first steps list as missing."""

from __future__ import annotations

import pytest

from desktop.core.errors import HotkeyError, PasteError, UserError
from desktop.core.messages import Message
from desktop.doctor import checks
from desktop.doctor.checks import Check
from desktop.doctor.onboarding import find_missing_requirements


def failing(name: str, problem: UserError) -> Check:
    """A check that finds the problem."""

    def run() -> Message:
        raise problem

    return Check(name, run)


def test_what_a_later_page_asks_for_is_not_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    found = (
        failing("hotkey", HotkeyError("portal-key-unasked")),
        failing("hotkey", HotkeyError("portal-key-asked")),
        failing("paste", PasteError("portal-typing-unasked")),
        failing("tray", UserError("tray-missing", command="")),
        failing("accessibility", UserError("accessibility-off", command="")),
        failing("disk", UserError("disk-nearly-full", free=1, folder="")),
    )
    monkeypatch.setattr(checks, "CHECKS", found)
    assert [finding.name for finding in find_missing_requirements()] == ["tray", "disk"]
    refused = (
        failing("hotkey", HotkeyError("portal-key-refused")),
        failing("paste", PasteError("portal-typing-refused")),
    )
    monkeypatch.setattr(checks, "CHECKS", refused)
    assert [finding.name for finding in find_missing_requirements()] == ["hotkey", "paste"]
