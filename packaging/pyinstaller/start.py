"""Start a bundle: the app, or one of the few modules that the app starts as child processes.

The app starts those as `PYTHON -m MODULE`, and in a bundle the program itself stands in for Python. So it accepts that
part of Python's command line, and the app need not know that it is bundled.
"""

from __future__ import annotations

import os
import runpy
import sys
from contextlib import suppress

MODULES = (
    "desktop.stt.local.worker",
    "desktop.llm.local_worker",
    "desktop.bench.mine_process",
    "desktop.core.wait_for_exit",
    "desktop.paste.input_method.wayland_restorer",
    "desktop.paste.x11.clipboard_restorer",
    "desktop.paste.input_method.ibus.restorer",
    "desktop.audio.calls.restore",
    "desktop.paste.delayed.windows_restorer",
    "desktop.platforms.windows.user_path",
    "pip",
    # As an app of version 0.1 starts them that still runs while this one is installed.
    "desktop.recognizers.whisper_child",
    "desktop.chat.local_child",
    "desktop.paste.keeper",
)
"""The modules that the app starts this way; no others are accepted after `-m`."""


ADD_ONS = "add-ons"
"""`desktop.core.installation.ADD_ONS`, whose import would cost each command more than all else here."""

RUNNING = "/proc/self/exe"
"""On Linux the file that this process runs, whatever becomes of its path."""


def main() -> int:
    """Start what the command line names; return the exit status."""
    hold_program()
    restore_library_path()
    add_add_ons()
    words = [word for word in sys.argv[1:] if word != "-P"] if "-m" in sys.argv[1:3] else sys.argv[1:]
    if words[:1] == ["-m"] and len(words) > 1 and words[1] in MODULES:
        sys.argv = words[1:]
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        return 0
    from desktop.__main__ import main as start

    return start()


def hold_program(running: str = RUNNING) -> None:
    """Import from the program that runs, also once another one, or none, is at its path.

    PyInstaller opens the path again for each module, and reads at the offset that the module has in the first program.
    """
    from pyimod02_importers import pyz_archive

    with suppress(OSError):  # another system
        if os.path.samefile(running, pyz_archive._filename):  # noqa: PTH121
            pyz_archive._filename = running


def restore_library_path() -> None:
    """Let programs that the app starts, such as pactl, load the system's libraries instead of the bundle's.

    A child that is the bundle again needs the bundle's: it starts as if by a user, else it would take the
    path for set, and not start where the system lacks one of the libraries.
    """
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"  # read and removed by PyInstaller's program
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before:
        os.environ["LD_LIBRARY_PATH"] = before
    else:
        os.environ.pop("LD_LIBRARY_PATH", None)


def add_add_ons() -> None:
    """Import also from the folder beside the program into which add-ons are installed (Windows)."""
    sys.path.append(f"{os.path.dirname(sys.executable)}{os.sep}{ADD_ONS}")  # noqa: PTH120


if __name__ == "__main__":
    sys.exit(main())
