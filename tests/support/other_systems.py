"""What of the tests is of another system than Windows, and why: one list, which `make prove-windows-tests` prints.

A folder or a file in `LINUX_ALONE` is not collected there. A test that asks for what only Linux has (a display of X, a
session bus, a sound server, a limit of the kernel) is skipped there with the same words, by what it asks: see
`only_on_linux`. On Linux neither changes anything.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

X11 = "X11: displays, windows, selections and key codes of an X server"
WAYLAND = "Wayland: compositors and their protocols"
DBUS = "D-Bus and desktops: portals, logind, accessibility, autostart and entries of menus"
INPUT_METHOD = "input methods of Linux: IBus, and that of Wayland"
SOUND = "PulseAudio's server and its programs"
DESKS = "the app on Linux's desks, and proofs that use them"
PACKAGING = "what makes packages, documents and locks: it runs on Debian"
REPOSITORY = "the repository itself, the same wherever it is read"
SERVER = "a team's server, which is Linux's"
SYSTEM = "files, limits, signals and users as Linux has them"
TERMINAL = "a terminal that a test types into: Python makes none in Windows"
INSTALLED = "the app as an installed package, which the desk of Windows runs from its folder"
MATPLOTLIB = "matplotlib, which the desk of Windows does not have"
IMITATION = "Windows imitated on Linux, by Linux's own packages"
UNSENT = "sockets that keep little unsent (TCP_NOTSENT_LOWAT), by which HTTP/1.1 tells how fast an upload goes"
LINKS = "symbolic links, which Wine does not make, and Windows for administrators alone"

LINUX_ALONE: Mapping[str, str] = {
    "tests/contracts": REPOSITORY,
    "tests/e2e": DESKS,
    "tests/fuzz": DESKS,
    "tests/prove": DESKS,
    "tests/integration/app/doors": SYSTEM,
    "tests/integration/app/test_ipc_faults.py": SYSTEM,
    "tests/integration/audio/test_calls.py": SOUND,
    "tests/integration/audio/test_ducking.py": SOUND,
    "tests/integration/audio/test_media_players.py": DBUS,
    "tests/integration/audio/test_microphone_faults.py": SOUND,
    "tests/integration/cloud/test_team_application.py": SERVER,
    "tests/integration/cloud/test_team_server.py": SERVER,
    "tests/integration/core/test_other_user.py": SYSTEM,
    "tests/integration/dictation/test_again.py": X11,
    "tests/integration/dictation/test_quit.py": X11,
    "tests/integration/doctor/test_accessibility.py": DBUS,
    "tests/integration/doctor/test_checks.py": X11,
    "tests/integration/gateway": SYSTEM,
    "tests/integration/hotkeys": X11,
    "tests/integration/layouts/test_bus.py": DBUS,
    "tests/integration/layouts/test_x11_and_methods.py": X11,
    "tests/integration/matrix": X11,
    "tests/integration/paste/input_method": INPUT_METHOD,
    "tests/integration/paste/test_field.py": DBUS,
    "tests/integration/paste/wayland": WAYLAND,
    "tests/integration/paste/x11": X11,
    "tests/integration/platforms/linux": DBUS,
    "tests/integration/ui": X11,
    "tests/integration/vocabulary/test_correction_watcher.py": X11,
    "tests/speech/test_bench.py::test_memory_is_sampled_on_both_sides": SYSTEM,
    "tests/speech/test_bench.py::test_release_times_flow_and_batch_and_plots_them": MATPLOTLIB,
    "tests/speech/test_child_kills.py": SYSTEM,
    "tests/speech/test_hour.py": SYSTEM,
    "tests/unit/app/test_bench_service.py::test_a_press_ends_all_processes_and_the_comparison_goes_on": SYSTEM,
    "tests/speech/test_serve.py": SYSTEM,
    "tests/unit/app/doors/test_hook.py": SYSTEM,
    "tests/unit/audio/test_session_ducker.py::test_players_are_paused_on_linux_alone": DBUS,
    "tests/unit/audio/test_spool_locks.py": SYSTEM,
    "tests/unit/bench/test_reports.py::test_a_plot_is_a_png_file": MATPLOTLIB,
    "tests/unit/bench/test_reports.py::test_unwritable_plot_refused_beforehand": MATPLOTLIB,
    "tests/unit/core/test_other_systems.py::test_windows_modules_import_without_the_others": IMITATION,
    "tests/unit/core/test_permissions.py": SYSTEM,
    "tests/unit/hotkeys/test_shortcut_binder.py": DBUS,
    "tests/unit/hotkeys/test_shortcuts.py": DBUS,
    "tests/unit/llm/test_prompts.py::test_the_wheel_holds_the_prompts_and_the_tables": PACKAGING,
    "tests/unit/packaging": PACKAGING,
    "tests/unit/paste/input_method": INPUT_METHOD,
    "tests/unit/layouts/test_readers.py": DBUS,
    "tests/unit/paste/test_field.py": DBUS,
    "tests/unit/paste/test_field_of_window.py": DBUS,
    "tests/unit/paste/test_receipt.py": X11,
    "tests/unit/paste/x11": X11,
    "tests/unit/platforms/test_autostart.py::test_desktop_entry_exists_only_while_enabled": DBUS,
    "tests/unit/platforms/test_autostart.py::test_entry_of_an_earlier_version_gets_the_new_name": DBUS,
    "tests/unit/platforms/test_autostart.py::test_an_entry_of_another_program_stays_and_is_named": DBUS,
    "tests/unit/platforms/test_autostart.py::test_what_cannot_be_written_is_said": DBUS,
    "tests/unit/platforms/test_desktop_entry.py": DBUS,
    "tests/unit/platforms/test_x11_display.py": X11,
    "tests/unit/ui/controllers/test_services.py::test_components_all_licensed_without_test_packages": INSTALLED,
    "tests/unit/ui/pill/test_layer_window.py": WAYLAND,
    "tests/unit/ui/test_i18n.py::test_the_files_are_what_the_code_says_now": PACKAGING,
    "tests/unit/ui/test_main.py": X11,
}
"""Folders, files and single tests (`FILE::TEST`) that Windows has nothing for."""


def find_reason(path: str) -> str | None:
    """Return why a file, or a test by its id, is not for Windows; None where it is."""
    names = (path, *(str(parent) for parent in Path(path.partition("::")[0]).parents), path.partition("[")[0])
    return next((LINUX_ALONE[name] for name in (*names, path.partition("::")[0]) if name in LINUX_ALONE), None)


def only_on_linux(reason: str) -> None:
    """Leave out the test that asks for this in Windows, with one of the reasons above."""
    if sys.platform == "win32":
        pytest.skip(reason)
