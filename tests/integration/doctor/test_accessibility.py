"""What the doctor says of accessibility, in each session as it is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desktop.core.errors import UserError
from desktop.doctor.desktop import check_accessibility, find_accessibility_loss
from desktop.paste.input_method import wayland_messages
from desktop.paste.wayland import toplevels
from tests.support.session_bus import ACCESSIBILITY, session_bus
from tests.support.wayland_desk import WaylandDesk
from tests.support.wayland_proxy import proxied

SWITCHED_ON = "[org/gnome/desktop/interface]\ntoolkit-accessibility=true\n"


@pytest.mark.parametrize(("setting", "code"), [(SWITCHED_ON, "accessibility-on"), ("", "accessibility-off")])
def test_accessibility_bus_that_does_not_run_yet_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, code: str
) -> None:
    settings = tmp_path / "glib-2.0" / "settings" / "keyfile"
    settings.parent.mkdir(parents=True)
    settings.write_text(setting)
    own = {"XDG_CONFIG_HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path), "GSETTINGS_BACKEND": "keyfile"}
    without = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with session_bus(without | own, [ACCESSIBILITY]) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        assert check_code() == code


def test_accessibility_without_its_service_names_the_package(bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus)
    with pytest.raises(UserError, match="There is no accessibility bus") as missing:
        check_accessibility()
    assert "at-spi2-core" in missing.value.remedy


def test_accessibility_without_session_bus_names_no_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with pytest.raises(UserError, match="No session bus answers") as missing:
        check_accessibility()
    assert missing.value.remedy == "Start Intone from your desktop session."


def check_code() -> str:
    """The code of what the doctor finds."""
    try:
        return check_accessibility().code
    except UserError as problem:
        return problem.message.code


def test_loss_without_accessibility_is_that_of_the_session(tmp_path: Path) -> None:
    with WaylandDesk(tmp_path / "desk") as desk:
        assert find_accessibility_loss(desk.environ) == "accessibility-off-fields-told"
        no_tool = {key: value for key, value in desk.environ.items() if key != "SWAYSOCK"}
        with proxied(tmp_path / "fields", no_tool, hides=wayland_messages.MANAGER) as (_, environ):
            assert find_accessibility_loss(environ) == "accessibility-off"
            with proxied(tmp_path / "windows", environ, hides=toplevels.MANAGER) as (_, unknown):
                assert find_accessibility_loss(unknown) == "accessibility-off-windows"
    assert find_accessibility_loss(desk.environ) == "accessibility-off", "the compositor is gone"
    assert find_accessibility_loss({"DISPLAY": ":0"}) == "accessibility-off"
