"""What a process of ours leaves behind: files for its user, no core, and no key for its children."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from desktop.core.process import is_pipe_closed, report_error, use_utf8
from tests.support.other_systems import SOUND, SYSTEM, TERMINAL, only_on_linux
from tests.support.private_files import is_private

KEY = "sk-alone-0123456789"


def allow_core() -> None:
    import resource

    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


def run(folder: Path, code: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """`code` in a process whose limits are no obstacle to a core."""
    return subprocess.run(
        [sys.executable, "-c", f"from desktop.core.process import restrict_to_user\n{code}"],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), **environ},
        cwd=folder,
        preexec_fn=None if sys.platform == "win32" else allow_core,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_created_files_are_private_by_default(tmp_path: Path) -> None:
    files = "os.mkdir('folder')\npathlib.Path('folder/file').write_text('words')"
    run(tmp_path, f"import pathlib, os\nrestrict_to_user()\n{files}")
    assert is_private(tmp_path / "folder")
    assert is_private(tmp_path / "folder" / "file")


def test_crash_leaves_no_core_nor_do_children(tmp_path: Path) -> None:
    only_on_linux(SYSTEM)
    limits = "import resource\nprint(resource.getrlimit(resource.RLIMIT_CORE))"
    child = f"subprocess.run([sys.executable, '-c', {limits!r}])"
    done = run(tmp_path, f"import subprocess, sys\nrestrict_to_user()\n{child}")
    assert done.stdout == "(1, 1)\n"
    crash = "pid = os.fork()\nif not pid: os.abort()\nprint(os.waitpid(pid, 0)[1])"
    status = int(run(tmp_path, f"import os, subprocess, sys\nrestrict_to_user()\n{crash}").stdout)
    assert os.WIFSIGNALED(status)
    assert not os.WCOREDUMP(status)
    assert list(tmp_path.iterdir()) == []


class WindowsPipe(io.RawIOBase):
    """A pipe of Windows, whose reader may have closed it (`is_closed`)."""

    is_closed = False

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        if self.is_closed:
            raise OSError(errno.EINVAL, "Invalid argument")
        return len(data)


@pytest.mark.parametrize(
    ("error", "platform", "closed"),
    [
        (BrokenPipeError(), "linux", True),
        (BrokenPipeError(), "win32", True),
        (OSError(errno.EINVAL, "Invalid argument"), "linux", False),
        (OSError(errno.ENOSPC, "No space left"), "win32", False),
    ],
)
def test_closed_pipe_is_told_from_other_errors(error: OSError, platform: str, closed: bool) -> None:
    assert is_pipe_closed(error, io.StringIO(), platform) is closed


def test_closed_pipe_of_windows_is_told_from_a_time_that_windows_does_not_know() -> None:
    pipe = WindowsPipe()
    output = io.TextIOWrapper(io.BufferedWriter(pipe))
    print("a row", file=output)
    assert not is_pipe_closed(OSError(errno.EINVAL, "Invalid argument"), output, "win32")
    pipe.is_closed = True
    print("a row", file=output)
    with pytest.raises(OSError, match="Invalid argument") as raised:
        output.flush()
    assert is_pipe_closed(raised.value, output, "win32")
    pipe.is_closed = False


def test_closed_pipe_of_windows_is_known_where_nothing_is_left_to_be_written() -> None:
    pipe = WindowsPipe()
    output = io.TextIOWrapper(io.BufferedWriter(pipe))
    pipe.is_closed = True
    assert is_pipe_closed(OSError(errno.EINVAL, "Invalid argument"), output, "win32")
    pipe.is_closed = False


def test_ended_process_runs_nothing_more_and_has_its_status(tmp_path: Path) -> None:
    for status in (0, 1):
        code = f"import atexit\nfrom desktop.core import process\natexit.register(print)\nprocess.end_process({status})"
        done = run(tmp_path, code)
        assert (done.returncode, done.stdout) == (status, "")


def test_environment_key_used_but_not_inherited(tmp_path: Path) -> None:
    look = "import os; print(sorted(name for name in os.environ if os.environ[name].startswith('sk-')))"
    code = (
        "import subprocess, sys\nfrom desktop.credentials import store\n"
        "from desktop.credentials.environment import remove_keys_from_environ\nremove_keys_from_environ()\n"
        f"subprocess.run([sys.executable, '-c', {look!r}])\n"
        "print(store.look_up_key('openai').place, len(store.find_key('openai')))\n"
    )
    told = run(tmp_path, code, OPENAI_API_KEY=KEY, INTONE_HOME=str(tmp_path)).stdout.splitlines()
    assert sorted(told) == ["[]", f"the environment (OPENAI_API_KEY) {len(KEY)}"]


def test_no_command_hands_a_key_to_what_it_starts(tmp_path: Path) -> None:
    only_on_linux(SOUND)
    seen = tmp_path / "seen"
    pactl = tmp_path / "pactl"
    pactl.write_text(f"#!/bin/sh\nenv > {seen}\nexit 1\n")
    pactl.chmod(0o700)
    home, path = str(tmp_path), f"{tmp_path}:{os.environ['PATH']}"
    code = "import runpy, sys\nsys.argv[1:] = ['devices']\nrunpy.run_module('desktop', run_name='__main__')"
    run(tmp_path, code, OPENAI_API_KEY=KEY, INTONE_POLISH_KEY=KEY, INTONE_HOME=home, PATH=path)
    assert f"INTONE_HOME={home}" in seen.read_text()
    assert KEY not in seen.read_text()


def test_no_library_tells_its_maker_anything(tmp_path: Path) -> None:
    for package in ("desktop", "desktop.audio.vad", "desktop.stt.local.worker"):
        code = f"import {package}, os\nprint(os.environ['ORT_DISABLE_TELEMETRY'])"
        assert run(tmp_path, code, ORT_DISABLE_TELEMETRY="0").stdout == "1\n"


@pytest.mark.parametrize(("platform", "encoding"), [("win32", "utf-8"), ("linux", "cp1252"), ("darwin", "cp1252")])
def test_output_is_utf8_on_windows(platform: str, encoding: str) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    use_utf8((None, stream), platform)
    assert stream.encoding == encoding


def test_error_is_in_a_box_where_there_is_no_console() -> None:
    stream, shown = io.StringIO(), list[str]()
    report_error("It failed.", stream, shown.append)
    assert (stream.getvalue(), shown) == ("It failed.\n", [])
    report_error("It failed.", None, shown.append)
    assert shown == ["It failed."]


FOREIGN = "heron\x1b]0;a title\x07\x7f\x9b31m\u202eevil\u202c\rover it\x1b[K\x1b[8mhidden"


def print_at_terminal(folder: Path, *arguments: str) -> str:
    """What a terminal gets of Python with these arguments."""
    only_on_linux(TERMINAL)
    ours, theirs = os.openpty()
    environ = {**os.environ, "INTONE_HOME": str(folder)}
    subprocess.run([sys.executable, *arguments], env=environ, stdout=theirs, stderr=theirs, check=False, timeout=60)
    printed = os.read(ours, 4096).decode()
    os.close(ours)
    os.close(theirs)
    return printed


@pytest.mark.parametrize("arguments", [("add", FOREIGN, FOREIGN, "--json"), ("remove", FOREIGN), ("import", FOREIGN)])
def test_terminal_gets_nothing_of_a_text_that_it_obeys(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    printed = print_at_terminal(tmp_path, "-m", "desktop", "vocabulary", *arguments)
    assert "heron" in printed
    assert printed.replace("\r\n", "").isprintable()


def test_terminal_gets_what_progress_and_help_need(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom desktop.core.process import guard_terminal, rewrite_line\n"
        "sys.stderr = guard_terminal(sys.stderr)\nrewrite_line('10 %')\nrewrite_line('', erases=True)\n"
        "print('\\x1b[1;34musage:\\x1b[0m', file=sys.stderr)"
    )
    assert print_at_terminal(tmp_path, "-c", code) == "\r10 %\r\x1b[K\x1b[1;34musage:\x1b[0m\r\n"
