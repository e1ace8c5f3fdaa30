"""The doctor among the ill: a bare environment, broken libraries, and then one good thing after another."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest
from dbus_fast.aio import MessageBus
from dbus_fast.constants import PropertyAccess
from dbus_fast.service import ServiceInterface, dbus_property
from Xlib import XK, X
from Xlib.display import Display

from desktop.app.ipc import serve_commands
from desktop.app.status import StatusPublisher
from desktop.cli.doctor import format_text
from desktop.core.errors import HotkeyError, UnavailableKeysError
from desktop.core.ipc_client import Reply
from desktop.core.message_json import dump_message, load_message
from desktop.core.messages import Message
from desktop.core.paths import Paths
from desktop.doctor import checks
from desktop.doctor import desktop as doctor_desktop
from desktop.doctor.checks import Check, Finding
from tests.support.sound_server import sound_server

ROOT = Path(__file__).parents[3]
LIBRARIES = ("PySide6", "Xlib", "sounddevice", "soundfile", "dbus_fast", "faster_whisper", "ctranslate2", "onnxruntime")


def examine(home: Path, **environment: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """The doctor's exit status and findings by name, in an environment that has nothing but what is given."""
    result = subprocess.run(
        [sys.executable, "-m", "desktop", "doctor", "--json"],
        cwd=ROOT,
        env={"INTONE_HOME": str(home), "XDG_RUNTIME_DIR": str(home), "PYTHONDONTWRITEBYTECODE": "1"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in result.stderr
    return result.returncode, {line["name"]: line for line in map(json.loads, result.stdout.splitlines())}


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A folder of libraries that cannot be imported, as where a system library behind each is missing."""
    folder = tmp_path / "broken"
    folder.mkdir()
    for name in LIBRARIES:
        (folder / f"{name}.py").write_text("raise OSError('a shared library is missing')")
    return folder


def test_local_language_model_checked_where_used(tmp_path: Path) -> None:
    assert examine(tmp_path)[1]["language model"]["ok"]
    (tmp_path / "settings.toml").write_text('[polish]\nmode = "llm"\nurl = "local"\n')
    found = examine(tmp_path)[1]["language model"]
    assert (found["ok"], found["detail"]) == (False, "No language model is installed.")
    assert found["remedy"].startswith("Run `intone models pull qwen2.5-1.5b`")


def test_bare_environment_makes_every_check(tmp_path: Path) -> None:
    status, findings = examine(tmp_path)
    assert status == 1
    assert list(findings) == [check.name for check in checks.CHECKS]
    assert all(set(finding) == {"name", "ok", "detail", "remedy", "message"} for finding in findings.values())


def test_broken_libraries_still_make_every_check(tmp_path: Path, broken: Path) -> None:
    status, findings = examine(tmp_path, PYTHONPATH=str(broken), DISPLAY=":0", DBUS_SESSION_BUS_ADDRESS="unix:path=/x")
    assert status == 1
    assert list(findings) == [check.name for check in checks.CHECKS]
    assert not findings["microphone"]["ok"]


def test_what_is_missing_comes_with_what_to_do(tmp_path: Path) -> None:
    _, findings = examine(tmp_path)
    missing = {name for name, finding in findings.items() if not finding["ok"]}
    assert missing >= {"display", "hotkey", "paste", "sound server", "model", "tray"}
    assert all(findings[name]["detail"] and findings[name]["remedy"] for name in missing)
    assert findings["model"]["remedy"] == "intone models pull base"


def test_unreadable_own_files_are_named(tmp_path: Path) -> None:
    _, findings = examine(tmp_path)
    assert findings["own files"]["ok"]
    assert [findings["own files"][part] for part in ("detail", "remedy")] == ["There are none", ""]
    (tmp_path / "styles.toml").write_text("[style.brief]\nclosing = false\n")
    _, findings = examine(tmp_path)
    assert findings["own files"]["detail"] == "In force: styles.toml"
    (tmp_path / "styles.toml").write_text('[[rule]]\napp = "slack"\nstyle = "brief"\n')
    (tmp_path / "applications.toml").write_text('[slack]\nchord = "meta"\n')
    _, findings = examine(tmp_path)
    assert not findings["own files"]["ok"]
    assert "applications.toml: slack.chord" in findings["own files"]["detail"]
    assert "styles.toml: rule 1: there is no style brief." in findings["own files"]["detail"]


def test_ignored_settings_named_with_consequence(tmp_path: Path) -> None:
    _, findings = examine(tmp_path)
    assert findings["settings"]["detail"] == "All of the file is in force"
    (tmp_path / "settings.toml").write_text("[histroy]\n")
    _, findings = examine(tmp_path)
    assert not findings["settings"]["ok"]
    assert findings["settings"]["detail"].startswith("Nothing that is kept is deleted or decrypted until histroy is")
    assert findings["settings"]["remedy"] == f"Mend it in {tmp_path / 'settings.toml'}."


def test_what_is_wrong_in_the_vocabulary_is_said(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.toml").write_text('[replacements]\n"get hub" = "GitHub"\n"x" = 3\n')
    _, findings = examine(tmp_path)
    assert "'x' is left out" in findings["vocabulary"]["detail"]
    assert findings["vocabulary"]["remedy"] == f"Mend it in {tmp_path / 'vocabulary.toml'}."


def test_a_display_is_found_with_its_keys(tmp_path: Path, display: str) -> None:
    _, findings = examine(tmp_path, DISPLAY=display)
    assert all(findings[name]["ok"] for name in ("display", "hotkey", "paste"))
    assert display in findings["display"]["detail"]


def test_a_key_that_another_program_has_is_named(tmp_path: Path, display: str) -> None:
    (tmp_path / "settings.toml").write_text('[hotkey]\nundo = ["f10"]\n')
    other = Display(display)
    try:
        f10 = other.keysym_to_keycode(XK.XK_F10)
        other.screen().root.grab_key(f10, 0, False, X.GrabModeAsync, X.GrabModeAsync)
        other.sync()
        _, findings = examine(tmp_path, DISPLAY=display)
    finally:
        other.close()
    assert findings["hotkey"]["detail"] == "F10 is taken by another program."
    _, findings = examine(tmp_path, DISPLAY=display)
    assert findings["hotkey"]["detail"] == "XInput 2 hears Right Ctrl"


def test_virtual_machine_holding_talk_key_is_named(tmp_path: Path, display: str) -> None:
    machine = tmp_path / "VirtualBoxVM"
    machine.symlink_to("/bin/sleep")
    with subprocess.Popen([machine, "60"]) as running:
        _, findings = examine(tmp_path, DISPLAY=display)
        running.terminate()
    assert findings["host keys"]["detail"] == "Right Ctrl lets go of the keyboard in VirtualBox, which runs."
    assert "Pause (pause)" in findings["host keys"]["remedy"]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("trouble", "message", "code"),
    [
        ([], None, "x11-keys-heard"),
        (["F10 is taken by another program.", "Free it there."], None, "reported-message"),
        (["F10 is taken by another program.", "Free it there."], Message("mouse-unheard"), "mouse-unheard"),
    ],
)
async def test_an_app_that_runs_has_the_keys_and_is_asked(
    tmp_path: Path, display: str, trouble: list[str], message: Message | None, code: str
) -> None:
    async def status(command: str) -> Reply:
        sent = None if message is None else dump_message(message)
        return {"ok": True, "ready": True, "hotkey": trouble, "hotkey_message": sent}

    here = Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)
    other = Display(display)
    try:
        f9 = other.keysym_to_keycode(XK.XK_F9)
        other.screen().root.grab_key(f9, 0, False, X.GrabModeAsync, X.GrabModeAsync)
        other.sync()
        (tmp_path / "settings.toml").write_text('[hotkey]\ntalk = ["f9"]\n')
        async with serve_commands(here, status):
            _, findings = await anyio.to_thread.run_sync(lambda: examine(tmp_path, DISPLAY=display))
    finally:
        other.close()
    found = findings["hotkey"]
    assert found["message"]["code"] == code
    if message is None:
        assert [found[part] for part in ("detail", "remedy")] == (trouble or ["XInput 2 hears F9", ""])


@pytest.mark.anyio
@pytest.mark.parametrize("is_older", [False, True])
async def test_note_of_the_app_that_runs_is_reported(tmp_path: Path, is_older: bool) -> None:
    showing = StatusPublisher(lambda shown: None, lambda cancellable: None, lambda: False)
    showing.update_health(paused=True)

    async def status(command: str) -> Reply:
        answer = {"ok": True, **showing.status(), "ready": True}
        return {name: value for name, value in answer.items() if not (is_older and name == "note_message")}

    here = Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)
    async with serve_commands(here, status):
        _, findings = await anyio.to_thread.run_sync(lambda: examine(tmp_path))
    found = findings["app"]
    assert found["detail"] == "Intone runs and is ready. The keys are paused."
    told = load_message(found["message"])
    assert told is not None
    note = Message("reported-messages", messages=(Message("keys-paused"),))
    assert told.params["note"] == ("The keys are paused." if is_older else note)


def test_a_display_that_does_not_answer_is_named(tmp_path: Path) -> None:
    _, findings = examine(tmp_path, DISPLAY=":4711")
    assert not findings["display"]["ok"]
    assert ":4711" in findings["display"]["detail"]


def test_wayland_hotkey_is_compositor_binding(tmp_path: Path, display: str) -> None:
    _, findings = examine(tmp_path, DISPLAY=display, XDG_SESSION_TYPE="wayland", XDG_CURRENT_DESKTOP="sway")
    assert not findings["hotkey"]["ok"]
    assert "bindsym --release F9 exec intone stop" in findings["hotkey"]["remedy"].splitlines()


@pytest.mark.anyio
async def test_app_that_is_not_ready_says_why(tmp_path: Path) -> None:
    showing = StatusPublisher(lambda shown: None, lambda cancellable: None, lambda: False)
    showing.update_health(engine_loaded=True, hotkey=HotkeyError("portal-key-unasked"))

    async def status(command: str) -> Reply:
        return {"ok": True, **showing.status()}

    here = Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)
    async with serve_commands(here, status):
        _, findings = await anyio.to_thread.run_sync(lambda: examine(tmp_path))
    app = findings["app"]
    assert app["detail"] == "Intone runs and is not ready yet."
    assert app["remedy"].startswith("Your desktop has not been asked for a talk key yet. Open the settings")


@pytest.mark.anyio
async def test_app_that_only_loads_names_no_cause(tmp_path: Path) -> None:
    taken = Message("key-taken", key="F9")
    undo = UnavailableKeysError("keys-unavailable", keys={"undo": taken}, no_talk_key=False, problems=taken, advice="")
    note = Message("nvidia-driver-missing")
    showing = StatusPublisher(lambda shown: None, lambda cancellable: None, lambda: False)
    showing.update_health(hotkey=undo, note=(note,))
    assert showing.notes == (note,)

    async def status(command: str) -> Reply:
        return {"ok": True, **showing.status()}

    here = Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)
    async with serve_commands(here, status):
        _, findings = await anyio.to_thread.run_sync(lambda: examine(tmp_path))
    app = findings["app"]
    assert app["detail"] == "Intone runs and is not ready yet."
    assert "a model may be on its way" in app["remedy"]


def test_silent_sound_server_does_not_block(tmp_path: Path) -> None:
    (tmp_path / "pulse").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "pulse" / "native"))
        server.listen()
        _, findings = examine(tmp_path)
    assert findings["sound server"]["ok"]
    assert "systemctl --user restart pipewire-pulse" in findings["microphone"]["remedy"]
    assert list(findings)[-1] == "app"


def test_a_tray_of_a_panel_is_found(tmp_path: Path, display: str) -> None:
    panel = Display(display)
    try:
        window = panel.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
        window.set_selection_owner(panel.intern_atom("_NET_SYSTEM_TRAY_S0"), X.CurrentTime)
        panel.sync()
        _, findings = examine(tmp_path, DISPLAY=display)
    finally:
        panel.close()
    assert findings["tray"]["ok"]


@pytest.mark.anyio
async def test_a_tray_of_a_desktop_is_found(tmp_path: Path, bus: str) -> None:
    _, before = await anyio.to_thread.run_sync(lambda: examine(tmp_path, DBUS_SESSION_BUS_ADDRESS=bus))
    desktop = await MessageBus(bus).connect()
    await desktop.request_name(doctor_desktop.TRAY_BUS_NAME)
    _, after = await anyio.to_thread.run_sync(lambda: examine(tmp_path, DBUS_SESSION_BUS_ADDRESS=bus))
    desktop.disconnect()
    assert (before["tray"]["ok"], after["tray"]["ok"]) == (False, True)


def test_host_keys_are_not_called_free_where_nothing_was_looked_at(tmp_path: Path) -> None:
    _, findings = examine(tmp_path, WAYLAND_DISPLAY="wayland-7")
    detail = findings["host keys"]["detail"]
    assert (findings["host keys"]["ok"], detail) == (True, "Not looked at: without XWayland the keys are the desktop's")


def test_missing_model_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[recognizer]\nmodel = "/no/such/model"\n')
    _, findings = examine(tmp_path)
    assert "/no/such/model" in findings["model"]["detail"]


def test_display_microphone_and_model_are_enough(tmp_path: Path, display: str) -> None:
    model = tmp_path / "model"
    model.mkdir()
    for name in ("config.json", "model.bin", "tokenizer.json", "vocabulary.json"):
        (model / name).write_text("{}")
    (tmp_path / "settings.toml").write_text(f'[recognizer]\nmodel = "{model}"\n')
    with sound_server() as sound:
        status, findings = examine(tmp_path, DISPLAY=display, **sound.environ)
    assert [finding for finding in findings.values() if not finding["ok"]] == [
        findings["accessibility"],
        findings["tray"],
    ]
    assert findings["microphone"]["detail"] == "vmic-description"
    assert status == 0


def test_a_check_that_breaks_is_a_finding() -> None:
    def look() -> Message:
        raise RuntimeError("out of cheese")

    finding = checks.run_check(Check("moon", look))
    assert not finding.ok
    assert "out of cheese" in finding.message.title


def test_named_debian_packages_installed_by_setup() -> None:
    listed = set(re.sub("#.*", "", (ROOT / "packaging/debian/app.txt").read_text()).split())
    assert listed >= {*doctor_desktop.QT_LIBRARIES.values(), "libportaudio2", "libasound2-plugins", "pulseaudio-utils"}


def test_finding_text_has_mark_name_sentence_remedy() -> None:
    essential = Finding("model", False, Message("speech-model-missing", command="intone models pull base"), True)
    comfort = Finding("tray", False, Message("tray-missing", command="apt"), False)
    well = Finding("python", True, Message("python-version", version="3.13"), True)
    assert [format_text(finding)[0] for finding in (well, essential, comfort)] == ["✓", "✗", "○"]
    assert format_text(essential).splitlines()[1].strip() == "→ intone models pull base"
    assert format_text(well).splitlines() == ["✓  python            Python 3.13"]


def test_modules_but_windows_import_without_display() -> None:
    program = """
import importlib, pkgutil, sys, desktop
elsewhere = ["desktop.platforms.{}.", "desktop.hotkeys.{}", "desktop.paste.delayed.{}"]
elsewhere += ["desktop.audio.microphone.{}", "desktop.audio.{}_playback"]
apart = ("desktop.ui", *(name.format(system) for name in elsewhere for system in ("windows", "macos")))
for module in pkgutil.walk_packages(desktop.__path__, "desktop."):
    if not module.name.startswith(apart):
        importlib.import_module(module.name)
        print(module.name)
assert "PySide6" not in sys.modules
"""
    environment = {key: value for key, value in os.environ.items() if key == "PYTHONDONTWRITEBYTECODE"}
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert "desktop.doctor" in result.stdout.splitlines()


class AccessibilityStatus(ServiceInterface):
    """What the session bus says of accessibility."""

    def __init__(self) -> None:
        super().__init__("org.a11y.Status")
        self.is_on = False

    @dbus_property(access=PropertyAccess.READ)
    def IsEnabled(self) -> "b":  # noqa: F821, N802, UP037
        return self.is_on


@pytest.mark.anyio
async def test_accessibility_that_is_off_comes_with_its_command(tmp_path: Path, bus: str) -> None:
    status = AccessibilityStatus()
    service = await MessageBus(bus).connect()
    service.export("/org/a11y/bus", status)
    await service.request_name("org.a11y.Bus")
    found = []
    for is_on in (False, True):
        status.is_on = is_on
        _, findings = await anyio.to_thread.run_sync(lambda: examine(tmp_path, DBUS_SESSION_BUS_ADDRESS=bus))
        found.append(findings["accessibility"])
    service.disconnect()
    assert [finding["ok"] for finding in found] == [False, True]
    assert "gsettings set org.gnome.desktop.interface toolkit-accessibility true" in found[0]["remedy"].splitlines()
