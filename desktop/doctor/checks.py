"""Check what works on this machine, and say how to repair what does not.

The doctor runs when something is missing, so it relies on nothing: each check is a function that imports what it needs
itself and returns a message, or raises a `UserError` whose remedy is the repairing command. Any other exception
becomes a finding too.

Checks lie by subject: the desktop and Wayland sessions in `desktop.doctor.desktop`, what Windows alone has in
`desktop.doctor.windows`, audio in `desktop.doctor.audio`, files, models and the user's choices in
`desktop.doctor.files`, services in `desktop.doctor.network`. `desktop.doctor.onboarding` selects those that a new user
must repair.

The checks use the same libraries, devices, files and sockets as the app, and do nothing that the user would notice: no
window, no recording.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from desktop.core.errors import UserError
from desktop.core.message_json import load_message
from desktop.core.messages import Foreign, Message
from desktop.core.process import OUTPUT_ENCODING, child_environ
from desktop.doctor import app, audio, files, layout
from desktop.platforms import autostart

NO_CONSOLE = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Flags for a child process that opens no console on Windows, where one would flash; none elsewhere."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: `run` returns what it found or raises a `UserError`. `essential`: dictation needs it."""

    name: str
    run: Callable[[], Message]
    essential: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of a check. `message` has no remedy where nothing needs to be done."""

    name: str
    ok: bool
    message: Message
    essential: bool


def run_checks() -> Iterator[Finding]:
    """Run all checks in the order in which a dictation needs them, yielding each finding as soon as it is known."""
    return map(run_check, CHECKS)


def run_checks_in_child(on_finding: Callable[[Finding], None]) -> None:
    """Run all checks in a child process, calling `on_finding` with each as it arrives. Blocks. Raises `UserError`.

    The doctor loads libraries to see whether that works, which can crash the process.
    """
    essential = {check.name: check.essential for check in CHECKS}
    with subprocess.Popen(
        [*autostart.app_command(), "doctor", "--json"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=child_environ(),
        text=True,
        encoding=OUTPUT_ENCODING,
        creationflags=NO_CONSOLE,
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            fields = json.loads(line)
            message = load_message(fields.get("message")) or Message(
                "reported-message", title=fields["detail"], advice=fields["remedy"]
            )
            on_finding(Finding(fields["name"], fields["ok"], message, essential.get(fields["name"], False)))
    if running.returncode not in (0, 1):
        raise UserError("checks-interrupted")


def run_check(check: Check) -> Finding:
    """Run one check; any exception becomes a finding."""
    try:
        return Finding(check.name, True, check.run(), check.essential)
    except UserError as problem:
        return Finding(check.name, False, problem.message, check.essential)
    except Exception as error:
        message = Message("check-failed", kind=type(error).__name__, error=Foreign(error))
        return Finding(check.name, False, message, check.essential)


def check_python() -> Message:
    """Report the Python version. It is recent enough, or nothing here would have been installed."""
    return Message("python-version", version=platform.python_version())


def check_graphics() -> Message:
    """Check whether an NVIDIA card can compute: its driver, and the libraries that CTranslate2 opens.

    Whether it really computes shows only when the model loads; the app reports that.
    """
    from desktop.stt.local import cuda

    if not cuda.FILES.driver:
        return Message("cuda-not-for-processor", machine=platform.machine())
    if not cuda.has_driver():
        return Message("nvidia-driver-missing")
    if reason := cuda.preload_libraries():
        raise UserError("nvidia-card-unused", reason=reason, advice=cuda.REMEDY)
    return Message("nvidia-libraries-found")


@dataclass(frozen=True, slots=True)
class SystemChecks:
    """The checks that mean something on one system alone, or are made otherwise there, by their place in the order."""

    desktop: tuple[Check, ...]
    audio: tuple[Check, ...]
    session: tuple[Check, ...]
    files: tuple[Check, ...]


def _list_unix_checks() -> SystemChecks:
    from desktop.doctor import desktop, input_method

    return SystemChecks(
        desktop=(
            Check("qt libraries", desktop.check_qt_libraries),
            Check("display", desktop.check_display),
            Check("hotkey", desktop.check_hotkeys),
            Check("host keys", desktop.check_key_conflicts, essential=False),
            Check("paste", desktop.check_pasting),
            Check("input method", input_method.check_input_method, essential=False),
            Check("accessibility", desktop.check_accessibility, essential=False),
        ),
        audio=(
            Check("portaudio", audio.check_portaudio),
            Check("alsa pulse plugin", audio.check_pulse_plugin, essential=False),
            Check("sound server", audio.check_sound_server, essential=False),
            Check("calls", audio.check_calls, essential=False),
        ),
        session=(Check("tray", desktop.check_tray, essential=False),),
        files=(Check("private files", files.check_private_files, essential=False),),
    )


def _list_windows_checks() -> SystemChecks:
    from desktop.doctor import windows

    return SystemChecks(
        desktop=(
            Check("c++ runtime", windows.check_runtime_libraries),
            Check("hotkey", windows.check_hotkeys),
            Check("paste", windows.check_pasting),
            Check("clipboard history", windows.check_clipboard_history, essential=False),
        ),
        audio=(
            Check("portaudio", windows.check_portaudio),
            Check("microphone access", windows.check_microphone_access),
        ),
        session=(
            Check("tray", windows.check_tray, essential=False),
            Check("autostart", windows.check_autostart, essential=False),
        ),
        files=(
            Check("private files", windows.check_private_files, essential=False),
            Check("long paths", windows.check_long_paths, essential=False),
        ),
    )


def _find_system_checks(platform: str) -> SystemChecks:
    if platform == "win32":
        return _list_windows_checks()
    return _list_unix_checks()


def select_checks(platform: str) -> tuple[Check, ...]:
    """Return the checks that mean something on `platform` (as `sys.platform`), in their order."""
    own = _find_system_checks(platform)
    return (
        Check("python", check_python),
        *own.desktop,
        *own.audio,
        Check("microphone", audio.check_microphone),
        Check("settings", files.check_settings_file, essential=False),
        Check("model", files.check_model),
        Check("model choice", files.check_model_choice, essential=False),
        Check("language model", files.check_language_model, essential=False),
        Check("vocabulary", files.check_vocabulary, essential=False),
        Check("layout", layout.check_layout, essential=False),
        Check("graphics card", check_graphics, essential=False),
        *own.session,
        Check("own files", files.check_own_files, essential=False),
        *own.files,
        Check("encryption", files.check_encryption, essential=False),
        Check("disk", files.check_disk, essential=False),
        Check("app", app.check_app, essential=False),
    )


CHECKS = select_checks(sys.platform)
"""The checks of this system."""
