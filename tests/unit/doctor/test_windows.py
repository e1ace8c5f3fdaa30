"""What the doctor says of Windows, from what its registry and folders tell; and which checks each system has."""

from __future__ import annotations

import sys

import pytest

from desktop.core.errors import UserError
from desktop.core.messages import Message
from desktop.doctor import windows
from desktop.doctor.checks import CHECKS, select_checks
from desktop.doctor.onboarding import ONBOARDING_CHECKS
from desktop.platforms.windows.privacy import find_clipboard_history, find_microphone_denial
from desktop.platforms.windows.registry import (
    Hive,
    ReadValue,
    Value,
    allows_long_paths,
    find_autostart,
    find_program,
)

CONSENT = r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\microphone"
CLIPBOARD = r"Software\Microsoft\Clipboard"
POLICY = r"Software\Policies\Microsoft\Windows\System"
RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
FILE_SYSTEM = r"SYSTEM\CurrentControlSet\Control\FileSystem"

USER, MACHINE = "HKEY_CURRENT_USER", "HKEY_LOCAL_MACHINE"

UNIX_ONLY = {
    "qt libraries",
    "display",
    "host keys",
    "input method",
    "accessibility",
    "alsa pulse plugin",
    "sound server",
    "calls",
}
WINDOWS_ONLY = {"c++ runtime", "clipboard history", "microphone access", "autostart", "long paths"}


def registry(values: dict[tuple[str, str, str], Value]) -> ReadValue:
    """A registry that has these values: hive, key and name."""

    def read(hive: Hive, key: str, name: str) -> Value:
        return values.get((hive, key, name))

    return read


def said(show: object, *arguments: object, **named: object) -> str:
    """The code of what a function returns or raises."""
    try:
        message = show(*arguments, **named)  # type: ignore[operator]
    except UserError as problem:
        return problem.code
    assert isinstance(message, Message)
    return message.code


# -- checks of each system ---------------------------------------------------------------------------------------------


def test_checks_are_those_of_the_system() -> None:
    linux, here = ([check.name for check in select_checks(name)] for name in ("linux", "win32"))
    assert set(linux) - set(here) == UNIX_ONLY
    assert set(here) - set(linux) == WINDOWS_ONLY
    assert len(set(linux)) == len(linux)
    assert len(set(here)) == len(here)
    assert [name for name in linux if name in here] == [name for name in here if name in linux]


def test_checks_at_hand_are_this_system_s() -> None:
    assert select_checks(sys.platform) == CHECKS
    of_others = UNIX_ONLY if sys.platform == "win32" else WINDOWS_ONLY
    assert not of_others & {check.name for check in CHECKS}


def test_onboarding_names_checks_that_exist() -> None:
    assert set(ONBOARDING_CHECKS) <= {check.name for name in ("linux", "win32") for check in select_checks(name)}


# -- the registry ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "denied"),
    [
        ({}, ""),
        ({(USER, CONSENT, "Value"): "Allow", (USER, rf"{CONSENT}\NonPackaged", "Value"): "Allow"}, ""),
        ({(USER, CONSENT, "Value"): "Deny"}, "microphone-access-denied"),
        ({(USER, rf"{CONSENT}\NonPackaged", "Value"): "Deny"}, "microphone-access-denied"),
        ({(MACHINE, CONSENT, "Value"): "Deny", (USER, CONSENT, "Value"): "Allow"}, "microphone-access-denied-to-all"),
        ({(MACHINE, CONSENT, "Value"): "Deny", (USER, CONSENT, "Value"): "Deny"}, "microphone-access-denied-to-all"),
        ({(MACHINE, CONSENT, "Value"): "Allow"}, ""),
        ({(USER, CONSENT, "Value"): 0}, ""),
    ],
)
def test_microphone_denied_by_any_switch(values: dict[tuple[str, str, str], Value], denied: str) -> None:
    assert find_microphone_denial(registry(values)) == denied


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({}, "off"),
        ({(USER, CLIPBOARD, "EnableClipboardHistory"): 0}, "off"),
        ({(USER, CLIPBOARD, "EnableClipboardHistory"): 1}, "on"),
        ({(USER, CLIPBOARD, "EnableClipboardHistory"): 1, (MACHINE, POLICY, "AllowClipboardHistory"): 0}, "off"),
        ({(USER, CLIPBOARD, "EnableClipboardHistory"): 1, (MACHINE, POLICY, "AllowClipboardHistory"): 1}, "on"),
        (
            {(USER, CLIPBOARD, "EnableClipboardHistory"): 1, (USER, CLIPBOARD, "CloudClipboardAutomaticUpload"): 1},
            "uploaded",
        ),
        (
            {
                (USER, CLIPBOARD, "EnableClipboardHistory"): 1,
                (USER, CLIPBOARD, "CloudClipboardAutomaticUpload"): 1,
                (MACHINE, POLICY, "AllowCrossDeviceClipboard"): 0,
            },
            "on",
        ),
    ],
)
def test_clipboard_history_by_switch_and_policy(values: dict[tuple[str, str, str], Value], kept: str) -> None:
    assert find_clipboard_history(registry(values)) == kept


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, ("", True)),
        ({(USER, RUN, "intone"): r"C:\intone.exe"}, (r"C:\intone.exe", True)),
        ({(USER, RUN, "intone"): "x", (USER, APPROVED, "intone"): b"\x02" + bytes(11)}, ("x", True)),
        ({(USER, RUN, "intone"): "x", (USER, APPROVED, "intone"): b"\x03" + bytes(11)}, ("x", False)),
        ({(USER, RUN, "intone"): "x", (USER, APPROVED, "intone"): b""}, ("x", True)),
        ({(USER, RUN, "intone"): b"x"}, ("", True)),
    ],
)
def test_autostart_as_windows_has_it(values: dict[tuple[str, str, str], Value], found: tuple[str, bool]) -> None:
    assert find_autostart(registry(values)) == found


@pytest.mark.parametrize(("value", "allowed"), [(None, False), (0, False), (1, True)])
def test_long_paths_allowed_by_the_computer(value: Value, allowed: bool) -> None:
    assert allows_long_paths(registry({(MACHINE, FILE_SYSTEM, "LongPathsEnabled"): value})) is allowed


# -- what is said ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "code"),
    [(None, "paste-but-elevated"), (0x2000, "paste-but-elevated"), (0x3000, "paste-all-windows")],
)
def test_windows_that_take_keys_depend_on_our_rights(level: int | None, code: str) -> None:
    assert windows.describe_reach(level).code == code


def test_each_clipboard_history_has_its_words() -> None:
    assert [windows.describe_clipboard_history(kept).code for kept in ("off", "on", "uploaded")] == [
        "clipboard-history-off",
        "clipboard-history-on",
        "clipboard-history-uploaded",
    ]


@pytest.mark.parametrize(
    ("command", "program"),
    [
        ("", ""),
        (r'"C:\Program Files\Intone\Intone.exe"', r"C:\Program Files\Intone\Intone.exe"),
        (r'"C:\a b\python.exe" -P -m desktop', r"C:\a b\python.exe"),
        (r"C:\python.exe -P -m desktop", r"C:\python.exe"),
    ],
)
def test_program_of_a_command_line(command: str, program: str) -> None:
    assert find_program(command) == program


@pytest.mark.parametrize(
    ("is_wanted", "program", "is_enabled", "exists", "code"),
    [
        (False, "", True, False, "autostart-off"),
        (False, "a.exe", False, True, "autostart-off"),
        (False, "a.exe", True, True, "autostart-unwanted"),
        (True, "", True, False, "autostart-missing"),
        (True, "a.exe", True, False, "autostart-stale"),
        (True, "a.exe", False, True, "autostart-disabled"),
        (True, "a.exe", True, True, "autostart-on"),
    ],
)
def test_autostart_compared_with_the_settings(
    is_wanted: bool, program: str, is_enabled: bool, exists: bool, code: str
) -> None:
    assert said(windows.describe_autostart, is_wanted, program, is_enabled=is_enabled, exists=exists) == code


@pytest.mark.parametrize(
    ("readers", "profile", "code"),
    [
        ({r"C:\Users\Ada\AppData\Local\intone": []}, r"C:\Users\Ada", "files-in-profile"),
        ({r"c:\users\ada\AppData\Local\intone": None}, r"C:\Users\Ada", "files-in-profile"),
        ({r"C:\Users\Ada\OneDrive\intone": ["WD"]}, r"C:\Users\Ada", "folder-open-to-others"),
        ({r"C:\Users\Ada\a": [], r"C:\Intone": ["AU"]}, r"C:\Users\Ada", "folder-open-to-others"),
        ({r"D:\intone": []}, r"C:\Users\Ada", "files-closed-to-others"),
        ({r"C:\Users\Adam\intone": None}, r"C:\Users\Ada", "folder-outside-profile"),
        ({r"C:\Users\Ada\a": None, r"D:\intone": None}, r"C:\Users\Ada", "folder-outside-profile"),
        ({r"C:\Users\Ada\a": None}, "", "folder-outside-profile"),
    ],
)
def test_folders_private_by_access_list_or_profile(
    readers: dict[str, list[str] | None], profile: str, code: str
) -> None:
    assert said(windows.describe_folders, readers, profile) == code


@pytest.mark.parametrize(
    ("longest", "is_allowed", "code"),
    [
        (259, False, "paths-short-enough"),
        (259, True, "paths-short-enough"),
        (260, True, "paths-may-be-long"),
        (260, False, "paths-too-long"),
    ],
)
def test_long_paths_matter_where_there_are_some(longest: int, is_allowed: bool, code: str) -> None:
    assert said(windows.describe_paths, r"C:\a", longest, is_allowed=is_allowed) == code


def test_command_against_long_paths_can_be_copied() -> None:
    with pytest.raises(UserError) as raised:
        windows.describe_paths(r"C:\a", 300, is_allowed=False)
    assert r"HKLM\SYSTEM\CurrentControlSet\Control\FileSystem" in raised.value.remedy
