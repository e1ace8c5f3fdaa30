"""The log: what went wrong is in it, it stays small, and only its user reads it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desktop.core.log import MAX_BYTES, OLD_FILES
from tests.support.other_systems import SYSTEM, only_on_linux
from tests.support.private_files import is_private

PROGRAM = """
import logging, sys, threading
from pathlib import Path
from desktop.core import log
from desktop.core.paths import Paths
home = Path(sys.argv[1])
log.setup_logging(Paths(config=home, data=home, state=home, runtime=home))
"""


def run(home: Path, code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM + code, str(home)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def log(home: Path) -> str:
    return (home / "logs" / "intone.log").read_text(encoding="utf-8")


def test_own_logs_from_info_libraries_from_warning(tmp_path: Path) -> None:
    code = (
        "logging.getLogger('library').setLevel(logging.DEBUG)\n"  # as OpenAI's client does by OPENAI_LOG
        "for name in ('desktop.x', 'models.x', 'library'):\n"
        "    for level in (logging.DEBUG, logging.INFO, logging.WARNING):\n"
        "        logging.getLogger(name).log(level, '%s', f'<{name} {level}>')\n"
    )
    done = run(tmp_path, code)
    said = log(tmp_path)
    assert [line.split("<")[1] for line in said.splitlines()] == [
        "desktop.x 20>",
        "desktop.x 30>",
        "models.x 20>",
        "models.x 30>",
        "library 30>",
    ]
    assert done.stderr == ""


def test_uncaught_exception_logged_in_any_thread(tmp_path: Path) -> None:
    code = (
        "def fall(): raise LookupError('what was said')\n"
        "thread = threading.Thread(target=fall)\n"
        "thread.start()\n"
        "thread.join()\n"
        "try:\n"
        "    raise OSError(28, 'what was said')\n"
        "except OSError as error:\n"
        "    raise ArithmeticError('what was said') from error\n"
    )
    done = run(tmp_path, code)
    assert done.returncode == 1
    for told in (log(tmp_path), done.stderr):
        for part in ("LookupError\n", "ArithmeticError\n", "OSError: No space left on device\n", "in fall\n"):
            assert part in told
        assert "what was said" not in told, "a text may be what was dictated"


@pytest.mark.parametrize(
    "code",
    [
        "class Ends:\n    def __del__(self): raise LookupError('what was said')\nends = Ends()\ndel ends\n",
        "import ctypes\n@ctypes.CFUNCTYPE(None)\ndef call(): raise LookupError('what was said')\ncall()\n",
        "import asyncio\nasync def fall(): raise LookupError('what was said')\n"
        "async def lose(): asyncio.create_task(fall()); await asyncio.sleep(0)\nasyncio.run(lose())\n",
        "import asyncio\nasync def lose():\n"
        "    asyncio.get_running_loop().create_future().set_exception(LookupError('what was said'))\n"
        "asyncio.run(lose())\n",
    ],
    ids=["finalizer", "native callback", "task", "future"],
)
def test_exception_that_nobody_can_catch_logged_without_its_text(tmp_path: Path, code: str) -> None:
    done = run(tmp_path, code)
    assert "LookupError\n" in log(tmp_path)
    assert "what was said" not in log(tmp_path) + done.stderr


def test_line_that_the_disk_does_not_take_is_not_written_to_standard_error(tmp_path: Path) -> None:
    only_on_linux(SYSTEM)
    full = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
    done = run(tmp_path, f"{full}logging.getLogger('desktop').warning('%s', LookupError('what was said'))")
    assert (done.returncode, done.stderr, log(tmp_path)) == (0, "", "")


def test_exception_group_and_cycle_logged_once(tmp_path: Path) -> None:
    code = (
        "one, two = KeyError('what was said'), ValueError('what was said')\n"
        "one.__cause__, two.__cause__ = two, one\n"
        "logging.getLogger('desktop').error('failed', exc_info=ExceptionGroup('what was said', [one, two]))\n"
    )
    run(tmp_path, code)
    told = log(tmp_path)
    assert (told.count("KeyError"), told.count("ValueError"), told.count("ExceptionGroup")) == (1, 1, 1)
    assert "what was said" not in told


def test_the_files_stay_few_small_and_private(tmp_path: Path) -> None:
    run(tmp_path, "for _ in range(600): logging.getLogger('desktop').info('x' * 10_000)")
    files = list((tmp_path / "logs").iterdir())
    assert len(files) == OLD_FILES + 1
    assert all(file.stat().st_size <= MAX_BYTES for file in files)
    assert all(map(is_private, files))
    assert is_private(tmp_path / "logs")


def test_a_folder_that_cannot_be_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "logs").touch()
    done = run(tmp_path, "")
    assert done.returncode == 1
    assert "desktop.core.errors.UserError: The log" in done.stderr
