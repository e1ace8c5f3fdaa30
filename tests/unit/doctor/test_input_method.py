"""What the doctor says of the input method."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from desktop.doctor.input_method import check_input_method, try_input_method
from tests.support.input_method import FakeInputMethod


@pytest.mark.parametrize(("is_available", "code"), [(True, "input-method-used"), (False, "input-method-silent")])
def test_input_method_is_named_as_it_answers(is_available: bool, code: str) -> None:
    method = FakeInputMethod()
    method.is_available = is_available
    assert anyio.run(try_input_method, method).code == code
    assert (method.programs, method.is_available) == ([], False)


@pytest.mark.parametrize(("setting", "code"), [("", "input-method-none"), ("off", "input-method-off")])
def test_input_method_is_not_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, code: str) -> None:
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    if setting:
        (tmp_path / "settings.toml").write_text(f'[paste]\ninput_method = "{setting}"\n')
    assert check_input_method().code == code
