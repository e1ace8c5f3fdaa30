"""Check what Windows alone has: its privacy settings, libraries, hook, clipboard, taskbar, registry.

What its registry says is read and told apart in `desktop.platforms.windows.registry`; what is shown is decided by pure
functions here.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping, Sequence
from pathlib import Path, PureWindowsPath
from time import monotonic, sleep
from typing import Literal

from desktop.core.errors import PasteError, UserError
from desktop.core.messages import AND, Message, PartList
from desktop.core.paths import find_paths

RUNTIME_LIBRARIES = ("msvcp140.dll", "vcruntime140.dll", "vcruntime140_1.dll")
"""Microsoft's C++ libraries that CTranslate2 needs; the first does not come with Python."""

MAX_PATH_CHARS = 259
"""Characters of the longest path where long ones are not allowed: MAX_PATH without its end."""

HIGH_INTEGRITY = 0x3000
"""The integrity level of an administrator's programs."""

CLIPBOARD_TIMEOUT_S, CLIPBOARD_RETRY_S = 0.5, 0.01
"""Seconds to wait for a program that has the clipboard open, and between two tries."""

TASKBAR_CLASS = "Shell_TrayWnd"


# -- sound -------------------------------------------------------------------------------------------------------------


def check_microphone_access() -> Message:
    """Check that Windows' privacy settings let this program use the microphone."""
    from desktop.platforms.windows.privacy import find_microphone_denial
    from desktop.platforms.windows.registry import read_value

    if code := find_microphone_denial(read_value):
        raise UserError(code)
    return Message("microphone-access-given")


def check_portaudio() -> Message:
    """Check PortAudio, which comes with sounddevice's wheel."""
    from desktop.audio.microphone.devices import load_portaudio

    return Message("found-name", name=str(load_portaudio().get_portaudio_version()[1]).partition(",")[0])


def check_runtime_libraries() -> Message:
    """Check Microsoft's C++ libraries, which neither Windows nor Python's own installer must have."""
    if missing := [name for name in RUNTIME_LIBRARIES if not _can_load(name)]:
        raise UserError("runtime-library-missing", names=PartList(tuple(missing), AND))
    return Message("runtime-library-found")


def _can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


# -- keys and texts ----------------------------------------------------------------------------------------------------


def check_hotkeys() -> Message:
    """Check that Windows lets this program hear keys, and has those of the settings.

    A running app is asked; otherwise its hook is installed for a moment.
    """
    from desktop.core.ipc_client import send_command
    from desktop.core.keys import summarize_problems
    from desktop.doctor.app import STATUS_TIMEOUT_S, find_reported_problem
    from desktop.hotkeys.keyboard_hook import build_table
    from desktop.hotkeys.windows import WindowsKeyHook
    from desktop.platforms.windows.key_codes import KEY_CODES
    from desktop.settings.live import load_in_force

    bindings = load_in_force(find_paths()).settings.hotkey.bindings
    running = send_command(find_paths(), "status", STATUS_TIMEOUT_S)
    if running is None:
        WindowsKeyHook(lambda key: False).close()
        problem = summarize_problems(build_table(KEY_CODES, bindings)[1], bindings)
    else:
        problem = find_reported_problem(running)
    if problem is not None:
        raise problem
    talk_keys = tuple(binding.name for binding, action in bindings.items() if action.is_talk)
    return Message("hook-keys-heard", names=PartList(talk_keys, AND))


def check_pasting() -> Message:
    """Check that the clipboard opens, and say which windows take keys."""
    from desktop.platforms.windows import api, focus

    deadline = monotonic() + CLIPBOARD_TIMEOUT_S
    while not api.open_clipboard(0):
        if monotonic() >= deadline:
            pid = focus.process_of_window(api.clipboard_opener())
            name = focus.find_program_path(pid).stem if pid else ""
            raise PasteError("clipboard-held-open", name=name) if name else PasteError("clipboard-held")
        sleep(CLIPBOARD_RETRY_S)
    api.close_clipboard()
    return describe_reach(focus.find_integrity_level(api.this_process()))


def describe_reach(level: int | None) -> Message:
    """Return which windows take keys from a program of this integrity level."""
    return Message("paste-all-windows" if level is not None and level >= HIGH_INTEGRITY else "paste-but-elevated")


def check_clipboard_history() -> Message:
    """Say what becomes of texts on the clipboard; Intone's paster asks Windows to leave out its own."""
    from desktop.platforms.windows.privacy import find_clipboard_history
    from desktop.platforms.windows.registry import read_value

    return describe_clipboard_history(find_clipboard_history(read_value))


def describe_clipboard_history(kept: Literal["off", "on", "uploaded"]) -> Message:
    """Return what Windows keeps of what is copied."""
    match kept:
        case "off":
            return Message("clipboard-history-off")
        case "on":
            return Message("clipboard-history-on")
        case "uploaded":
            return Message("clipboard-history-uploaded")


# -- the session -------------------------------------------------------------------------------------------------------


def check_tray() -> Message:
    """Check for the taskbar, which has the icon."""
    from desktop.platforms.windows import api

    if not api.find_window(0, 0, TASKBAR_CLASS, None):
        raise UserError("taskbar-missing")
    return Message("taskbar-found")


def check_autostart() -> Message:
    """Check that Windows starts the app at the login as the settings say."""
    from desktop.platforms.windows.registry import find_autostart, find_program, read_value
    from desktop.settings.live import load_in_force

    command, is_enabled = find_autostart(read_value)
    program = find_program(command)
    return describe_autostart(
        load_in_force(find_paths()).settings.startup.autostart == "on",
        program,
        is_enabled=is_enabled,
        exists=bool(program) and Path(program).exists(),
    )


def describe_autostart(is_wanted: bool, program: str, *, is_enabled: bool, exists: bool) -> Message:
    """Return whether the app starts at the login: `program` is what Windows starts, empty for nothing; `is_enabled`
    by the Task Manager. Raises `UserError` where that is not as the settings say."""
    if not is_wanted and program and is_enabled:
        raise UserError("autostart-unwanted", path=program)
    if not is_wanted:
        return Message("autostart-off")
    if not program:
        raise UserError("autostart-missing")
    if not exists:
        raise UserError("autostart-stale", path=program)
    if not is_enabled:
        raise UserError("autostart-disabled")
    return Message("autostart-on")


# -- files -------------------------------------------------------------------------------------------------------------


def check_private_files() -> Message:
    """Check that Windows lets no other user into the app's folders, by their access lists; modes say nothing here."""
    from desktop.core.windows_access import find_folder_readers

    paths = find_paths()
    folders = dict.fromkeys((paths.config, paths.data, paths.state, paths.lock.parent))
    readers = {str(folder): find_folder_readers(folder) for folder in folders}
    return describe_folders(readers, os.environ.get("USERPROFILE", ""))


def describe_folders(readers: Mapping[str, Sequence[str] | None], profile: str) -> Message:
    """Return that no folder has other `readers`. Raises `UserError` that names the first that has some; or that is
    outside the user's `profile`, where its access list could not be read."""
    outside = [folder for folder in readers if not _is_in_profile(folder, profile)]
    for folder, others in readers.items():
        if others:
            raise UserError("folder-open-to-others", folder=folder)
        if others is None and folder in outside:
            raise UserError("folder-outside-profile", folder=folder)
    return Message("files-closed-to-others" if outside else "files-in-profile")


def _is_in_profile(folder: str, profile: str) -> bool:
    return bool(profile) and PureWindowsPath(folder).is_relative_to(PureWindowsPath(profile))


def check_long_paths() -> Message:
    """Check that the longest paths of the app's own, those of models that are being fetched, can be made."""
    from desktop.platforms.windows.registry import allows_long_paths, read_value
    from models.catalog import load_catalog

    longest = max(
        len(name) + len(file.name)
        for name, model in load_catalog().items()
        for source in model.sources
        for file in source.files
    )
    folder = str(find_paths().models)
    return describe_paths(folder, len(rf"{folder}\.staging\\.part") + longest, is_allowed=allows_long_paths(read_value))


def describe_paths(folder: str, longest: int, *, is_allowed: bool) -> Message:
    """Return that paths of at most `longest` characters can be made below `folder`; `is_allowed`: also long ones.
    Raises `UserError` where they cannot."""
    if longest <= MAX_PATH_CHARS:
        return Message("paths-short-enough")
    if is_allowed:
        return Message("paths-may-be-long")
    raise UserError("paths-too-long", folder=folder)
