"""What the doctor says of the input method."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from anyio import to_thread

from desktop.app.ipc import serve_commands
from desktop.core.errors import PasteError
from desktop.core.paths import find_paths
from desktop.doctor.input_method import check_input_method, check_need_of_keys, try_input_method
from desktop.paste.input_method.interface import Choice
from tests.support.input_method import FakeInputMethod

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session without desktop, bus and app."""
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "IBUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("is_available", "choice", "code"),
    [
        (True, "auto", "input-method-used"),
        (False, "auto", "input-method-unused"),
        (False, "always", "input-method-silent"),
    ],
)
async def test_input_method_is_named_as_it_answers(is_available: bool, choice: Choice, code: str) -> None:
    method = FakeInputMethod()
    method.is_available = is_available
    assert (await try_input_method(method, choice)).code == code
    assert (method.programs, method.is_available, method.choices) == ([], False, [choice])


def test_input_method_is_not_needed() -> None:
    assert check_input_method().code == ("input-method-unused" if sys.platform == "linux" else "input-method-none")


def test_input_method_may_be_off(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[paste]\ninput_method = "off"\n')
    assert check_input_method().code == "input-method-off"


@pytest.mark.parametrize(("is_used", "code"), [(True, "input-method-used"), (False, "input-method-unused")])
async def test_running_app_is_asked(is_used: bool, code: str) -> None:
    async def answer(command: str) -> dict[str, Any]:
        return {"ok": True, "input_method": is_used}

    async with serve_commands(find_paths(), answer):
        assert (await to_thread.run_sync(check_input_method)).code == code


@pytest.mark.parametrize("code", ["portal-typing-unasked", "portal-typing-refused", "keys-not-allowed"])
@pytest.mark.parametrize("is_used", [True, False])
async def test_no_permission_is_needed_beside_an_input_method(code: str, is_used: bool) -> None:
    async def answer(command: str) -> dict[str, Any]:
        return {"ok": True, "input_method": is_used}

    async with serve_commands(find_paths(), answer):
        if is_used and code != "keys-not-allowed":
            assert (await to_thread.run_sync(check_need_of_keys, PasteError(code))).code == "wayland-pasting-unneeded"
        else:
            with pytest.raises(PasteError, match=PasteError(code).title):
                await to_thread.run_sync(check_need_of_keys, PasteError(code))
