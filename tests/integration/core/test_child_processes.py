"""The app's own processes run our code, wherever the app was started; one that cannot be started ends nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import anyio
import pytest

from desktop.core import process
from desktop.core.errors import UserError
from desktop.llm.local_model import LocalModelFile
from desktop.llm.local_server import LocalLLMServer
from desktop.platforms import autostart
from desktop.stt.local.engine import WhisperEngine
from desktop.stt.local.engine_options import LocalEngineOptions
from desktop.stt.local.engine_status import EngineStatus
from models.store import ModelStore
from tests.support.other_systems import X11, only_on_linux

ROOT = Path(__file__).parents[3]

STARTING = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
"""

WHISPER = """
import asyncio
from desktop.stt.local.process import WorkerJobError, WorkerProcess

async def main():
    child = await WorkerProcess.start()
    try:
        await child.request(60, {"do": "this"}, max_missed=60)
    except WorkerJobError as error:
        print(error)
    await child.stop()

asyncio.run(main())
"""

CHAT = """
import asyncio
from pathlib import Path
from desktop.llm.local_model import LocalModelFile
from desktop.llm.local_server import LocalLLMServer
from desktop.core.errors import UserError

async def main():
    try:
        await LocalLLMServer.start(LocalModelFile("none", Path("/nowhere.gguf")))
    except UserError as problem:
        print(problem)

asyncio.run(main())
"""

KEEPER = """
import subprocess
from desktop.core.process import child_environ
from desktop.core.wait_for_exit import wait_command

command = wait_command("desktop.paste.x11.clipboard_restorer")
ran = subprocess.run(command, stdin=subprocess.DEVNULL, env=child_environ(), stderr=subprocess.PIPE, text=True)
print(ran.stderr)
"""


@pytest.mark.parametrize(
    ("starting", "said"),
    [
        (WHISPER, "unknown job 'this'"),
        (CHAT, "The language model none cannot be loaded"),
        (KEEPER, f"{ROOT}/desktop/paste/x11/clipboard_restorer.py"),
    ],
    ids=["whisper", "chat", "keeper"],
)
def test_same_named_folder_in_start_dir_is_not_run(tmp_path: Path, starting: str, said: str) -> None:
    if starting == KEEPER:
        only_on_linux(X11)
    for folder in ("", "stt", "stt/local", "llm", "paste", "paste/x11"):
        (tmp_path / "desktop" / folder).mkdir(exist_ok=True)
        theirs = f"open({str(tmp_path / 'run')!r}, 'w').close()\n"
        (tmp_path / "desktop" / folder / "__init__.py").write_text(theirs)
    command = [sys.executable, "-P", "-c", STARTING + starting]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=100, check=True)
    assert said in ran.stdout
    assert not (tmp_path / "run").exists()


def test_no_process_of_ours_is_started_without_it() -> None:
    for path in sorted((ROOT / "desktop").rglob("*.py")) + sorted((ROOT / "models").rglob("*.py")):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not re.search(r'sys\.executable, "-m"', line), f"{path}: {line}"


def test_autostart_command_is_absolute_with_safe_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert autostart.app_command() == (str(tmp_path / "python"), "-P", "-m", "desktop")


def test_users_python_path_stays_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/theirs")
    assert process.child_environ(A="b")["PYTHONPATH"].split(os.pathsep)[-1] == "/theirs"
    assert process.child_environ(A="b")["A"] == "b"


@pytest.mark.anyio
async def test_model_with_unstartable_process_is_retried(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("config.json", "model.bin", "tokenizer.json", "vocabulary.txt"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(FileNotFoundError) as missing:
        await anyio.run_process([str(tmp_path / "nowhere")])
    told: list[EngineStatus] = []
    news = anyio.Event()

    def tell(condition: EngineStatus) -> None:
        told.append(condition)
        news.set()

    engine = WhisperEngine(ModelStore(tmp_path / "models"), LocalEngineOptions(str(tmp_path)), tell)
    async with anyio.create_task_group() as tasks:
        with monkeypatch.context() as meanwhile, anyio.fail_after(60):
            meanwhile.setattr(sys, "executable", str(tmp_path / "nowhere"))
            tasks.start_soon(engine.run)
            await news.wait()
        problem = told[-1].problem
        assert problem is not None
        assert problem.title == f"The model {tmp_path.name} cannot be loaded: {missing.value.strerror}."
        news = anyio.Event()
        engine.on_model_arrived("")
        with anyio.fail_after(60):
            await news.wait()
        again = told[-1].problem
        assert again is not None
        assert again.title.startswith(f"The model {tmp_path.name} cannot be loaded: ")
        assert not again.title.endswith(f"{missing.value.strerror}."), "this one was started"
        tasks.cancel_scope.cancel()


@pytest.mark.anyio
async def test_unstartable_language_model_raises(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere"))
    with pytest.raises(UserError, match=r"^The language model some cannot be loaded\. Close something"):
        await LocalLLMServer.start(LocalModelFile("some", tmp_path / "some.gguf"))


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("nonsense", "made no sense"),
        ("[]", "made no sense"),
        ('{"url": null}', "made no sense"),
        ('{"error": "no memory"}', "no memory"),
    ],
)
async def test_local_server_broken_answer_is_a_problem(
    told: str, why: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    program = tmp_path / "python.cmd"
    if sys.platform == "win32":
        program.write_text(f"@set /p asked=\n@echo {told}\n@set /p asked=\n")
    else:
        program.write_text(f"#!/bin/sh\nread -r asked\nprintf '%s\\n' '{told}'\nread -r asked\n")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    with pytest.raises(UserError, match=r"^The language model some cannot be loaded\. Fetch it again"):
        await LocalLLMServer.start(LocalModelFile("some", tmp_path / "some.gguf"))
    assert why in caplog.text
    caplog.clear()
