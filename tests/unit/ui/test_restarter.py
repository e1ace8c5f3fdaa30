"""The app that is started anew gets what this one was started with, its keys among it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.ui.restarter import RESTARTED_VARIABLE, Restarter

PROGRAM = """\
import json, os, sys
from desktop.credentials.environment import remove_keys_from_environ
from desktop.ui.restarter import Restarter
remove_keys_from_environ()
restarter = Restarter(os.environ)
os.environ["QT_SCALE_FACTOR"] = "2"
os.environ["DEEPGRAM_API_KEY"] = "of a later time"
restarter.start_again([sys.executable, "-c", "import json, os; print(json.dumps([os.getpid(), dict(os.environ)]))"])
"""

FILES_PROGRAM = """\
import os, sys
from desktop.ui.restarter import Restarter
Restarter({}).start_again([sys.executable, "-c", "import os, sys; os.fstat(int(sys.argv[1]))", sys.argv[1]])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows starts a process beside this one")
def test_start_again_keeps_the_process_and_its_first_environment(tmp_path: Path) -> None:
    root = str(Path(__file__).parents[3])
    environ = {"PATH": "/usr/bin:/bin", "PYTHONPATH": root, "OPENAI_API_KEY": "secret", "HOME": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", PROGRAM], env=environ, stdout=subprocess.PIPE) as started:
        pid, found = json.loads(started.communicate(timeout=60)[0])
    assert pid == started.pid
    assert found["OPENAI_API_KEY"] == "secret"
    assert found[RESTARTED_VARIABLE] == "1"
    assert not {"QT_SCALE_FACTOR", "DEEPGRAM_API_KEY"} & found.keys()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows starts a process beside this one")
def test_start_again_hands_no_file_on(tmp_path: Path) -> None:
    environ = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[3]), "HOME": str(tmp_path)}
    with (tmp_path / "lock").open("w") as lock:
        command = [sys.executable, "-c", FILES_PROGRAM, str(lock.fileno())]
        ended = subprocess.run(command, env=environ, pass_fds=[lock.fileno()], stderr=subprocess.PIPE, text=True)
    assert "Bad file descriptor" in ended.stderr


def test_restarter_takes_the_mark_out_of_the_environment() -> None:
    environ = {RESTARTED_VARIABLE: "1"}
    assert Restarter(environ).was_restarted
    assert environ == {}
    assert not Restarter(environ).was_restarted
