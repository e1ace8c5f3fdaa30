"""Harden this process, and start children that run the same code.

`PYTHON -m` looks in the current directory first, where anyone could put a folder named `desktop`: hence `-P` in every
command that starts a child. Every command imports this module first, so it imports little itself.
"""

from __future__ import annotations

import builtins
import errno
import os
import re
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

if TYPE_CHECKING:  # every command imports this module, and a key binding must not wait for asyncio
    import asyncio
    import subprocess

PACKAGE_ROOT = Path(__file__).parents[2]
"""The folder of our packages."""

TRY_START = "--try-start"
"""The argument with which the program loads what the app starts with, shows nothing and says its version."""

CORE_LIMIT_BYTES = 1
"""Bytes: `man 5 core`, "Piping core dumps to a program", and fs/coredump.c."""

M_MMAP_THRESHOLD = -3
"""`mallopt`'s parameter: `man 3 mallopt`."""

LARGE_BYTES = 2**20
"""Bytes from which a block of memory is mapped by itself."""

_ERROR_IN_FRONT = 0x10 | 0x10000
"""`MessageBoxW`'s MB_ICONERROR and MB_SETFOREGROUND."""

OUTPUT_ENCODING = "utf-8" if sys.platform == "win32" else None
"""What the output of our commands is to be read by; None for the locale's encoding."""


def use_utf8(streams: Iterable[object], platform: str) -> None:
    """Read and write `streams` as UTF-8 where `platform` (as `sys.platform`) has another encoding for files and pipes.

    On Windows that is an old code page, which has neither the doctor's ticks nor most languages. A program without a
    console has None for a stream.
    """
    if platform != "win32":
        return
    for stream in streams:
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8")


class TerminalStream(TextIOWrapper):
    """Output to a terminal without invisible characters, which it may obey: in a window's title, a file's name, a text.

    The colours of argparse stay, and no others: they could hide words.
    """

    def write(self, text: str) -> int:
        """See `TextIOWrapper`."""
        from desktop.core.text import remove_invisible  # where it is a terminal

        pieces = re.split(r"(\x1b\[(?:0|(?:1;)?3[1-6])m)", text)
        pieces[::2] = map(remove_invisible, pieces[::2])
        super().write("".join(pieces))
        return len(text)


def rewrite_line(text: str, *, erases: bool = False) -> None:
    """Write `text`, which is our own, over the line that standard error shows; where it `erases`, instead of it."""
    start = "\r\x1b[K" if erases else "\r"
    if isinstance(sys.stderr, TerminalStream):
        TextIOWrapper.write(sys.stderr, start)
    else:
        sys.stderr.write(start)
    sys.stderr.write(text)
    sys.stderr.flush()


def guard_terminal(stream: TextIO) -> TextIO:
    """Return `stream`, or where it is a terminal what takes its place, and it is not to be used any more."""
    if not isinstance(stream, TextIOWrapper) or not stream.isatty():
        return stream
    encoding, errors = stream.encoding, stream.errors
    return TerminalStream(stream.detach(), encoding, errors, line_buffering=True)


def report_error(text: str, stream: TextIO | None, show_box: Callable[[str], object] | None = None) -> None:
    """Write a sentence for the user to `stream`, which is standard error; a program of Windows without a console has
    None, and shows it in a box until it is closed."""
    if stream is not None:
        print(text, file=stream)
    else:
        (show_box or _show_box)(text)


def _show_box(text: str) -> None:
    import ctypes

    ctypes.CDLL("user32").MessageBoxW(None, text, "Intone", _ERROR_IN_FRONT)


def is_pipe_closed(error: OSError, output: TextIO, platform: str) -> bool:
    """Return whether `error` was raised since what reads `output` has closed the pipe.

    On Windows that is `EINVAL`, as of much else: a line end cannot be written then either. Where it can be, a traceback
    follows it.
    """
    if platform != "win32" or error.errno != errno.EINVAL:
        return isinstance(error, BrokenPipeError)
    try:
        print(file=output, flush=True)
    except OSError:
        return True
    return False


def end_process(status: int) -> NoReturn:
    """End this process at once. On Windows `os._exit` would have the libraries clean up after it has ended their
    threads, and llama.cpp's waits for those for ever."""
    if sys.platform == "win32":
        from desktop.core.windows_files import terminate_process

        terminate_process(status)
    os._exit(status)


def restrict_to_user() -> None:
    """Create files for this user alone from now on, and dump no core. Call first: children inherit both settings.

    A core dump would hold the last words, the audio and the keys. The limit is one byte and not zero, because the
    kernel pipes a core to a collecting program (systemd-coredump, apport) whatever the limit is, unless it is exactly
    one. Marking the process as not "dumpable" would do as well, but then the desktop's portals could not look up its
    identity, and would refuse keys and pasting.
    """
    os.umask(0o077)
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (CORE_LIMIT_BYTES, CORE_LIMIT_BYTES))


def fix_mmap_threshold() -> None:
    """Hold glibc's mmap threshold at `LARGE_BYTES`, so that large freed memory returns to the system at once.

    glibc raises the threshold whenever a mapped block is freed, up to 32 MB: from then on the arrays of a minute of
    audio come from heaps, one for each worker thread, and stay there. Detecting emotions for an hour moved this process
    between 390 and 540 MB that way; with the threshold held at 1 MB a process that does only that stays at 80 MB
    instead of 160, at the same speed. The recognizer's process has a setting of its own (`desktop.stt.local.process`).

    Does nothing where the C library is not glibc.
    """
    import ctypes

    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)


def restore_import() -> None:
    """Import by Python's own `__import__` again. Call once PySide6 is imported, which puts one in its place.

    For `from __feature__ import`, which this app does not use, PySide's reads the source of each module imported from
    then on (`shibokensupport.feature`), and the lines stay: 24 MB.
    """
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


def child_environ(**extra: str) -> dict[str, str]:
    """Return the environment of a child process with `extra` added.

    With `-P` a checkout that is not installed would not be found, so its path is added.
    """
    import sysconfig

    installed = getattr(sys, "frozen", False) or str(PACKAGE_ROOT) in map(sysconfig.get_path, ("purelib", "platlib"))
    paths = [str(PACKAGE_ROOT)] if not installed else []
    paths += filter(None, [os.environ.get("PYTHONPATH")])
    path = {"PYTHONPATH": os.pathsep.join(paths)} if paths else {}
    return {**os.environ, **path, **extra}


def start_at_exit(module: str, file: int, *arguments: str, **environ: str) -> subprocess.Popen[bytes]:
    """Start a process that waits for this one's end, however it comes, and then runs `module` with `environ` added.

    `file` is memory shared with it (a memfd), the first of its arguments. A byte on its standard input ends it before,
    and nothing is run (`desktop.core.wait_for_exit`). Raises `OSError`.
    """
    import subprocess

    from desktop.core.wait_for_exit import wait_command

    return subprocess.Popen(
        wait_command(module, str(file), *arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=child_environ(**environ),
        pass_fds=(file,),
        start_new_session=True,  # a terminal that ends the app's process group does not end this
    )


async def read_lines(output: asyncio.StreamReader) -> AsyncIterator[str]:
    """Yield the lines of a process's output until it ends.

    A line longer than the reader's limit (64 KiB) is skipped: a reader that stopped there would block the process as
    well, at a full pipe.
    """
    while True:
        try:
            line = await output.readline()
        except ValueError:
            continue
        if not line:
            return
        yield line.decode(errors="replace").strip()
