"""The app's first start, its second, its sudden end and its good one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from signal import SIGABRT

import pytest

from desktop import __version__
from desktop.core.process import TRY_START
from tests.conftest import Clip
from tests.e2e.conftest import MODELS
from tests.e2e.test_main_job import processes
from tests.support.desk import Desk, read_until, until
from tests.support.words import error_rate


@pytest.fixture
def bare_desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk on which Intone is not running yet."""
    with Desk(tmp_path / "desk") as desk:
        yield desk


def test_missing_model_is_fetched_and_speech_kept(bare_desk: Desk, clips: list[Clip], tmp_path: Path) -> None:
    desk, file = bare_desk, tmp_path / "text"
    desk.start()
    until(desk.status, "it answers")
    status = desk.status()
    assert (status["state"], status["ready"]) == ("starting", False)
    desk.open_qt_editor(file)
    desk.dictate(clips[4].path)
    (row,) = desk.wait_rows(1, timeout_s=240)
    assert row["delivery"] == "inserted"
    assert error_rate(clips[4].text, row["text"]) <= 0.2
    read_until(file, lambda text: text == row["text"])
    desk.wait_ready()


def test_a_start_closes_what_others_could_read(bare_desk: Desk) -> None:
    desk = bare_desk
    (desk.home / "keys.toml").write_text('deepgram = "sk-0123456789abcdef"\n')
    for folder in ("audio", "spool", "models"):
        (desk.home / folder).mkdir()
    (desk.home / "history.cleared").touch()
    ours = [desk.home / name for name in ("audio", "spool", "models", "keys.toml", "settings.toml", "history.cleared")]
    for path in (desk.home, *ours):
        path.chmod(0o755 if path.is_dir() else 0o644)
    desk.start()
    until(desk.status, "it answers")
    assert [path.name for path in ours if path.stat().st_mode & 0o077] == []
    assert desk.home.stat().st_mode & 0o077 == 0o055, "which is the user's own here"


def test_try_start_loads_qts_platform_and_shows_nothing(bare_desk: Desk) -> None:
    desk = bare_desk
    before = sorted(desk.home.iterdir()), desk.windows()
    tried = desk.intone(TRY_START)
    assert (tried.returncode, tried.stdout, tried.stderr) == (0, f"intone {__version__}\n", "")
    assert (sorted(desk.home.iterdir()), desk.windows()) == before
    desk.environ["QT_QPA_PLATFORM"] = "missing"
    tried = desk.intone(TRY_START)
    assert (tried.returncode, tried.stdout) == (-SIGABRT, "")


def test_second_start_shows_history_and_quit_ends_all(bare_desk: Desk, tmp_path: Path) -> None:
    desk = bare_desk
    (desk.home / "models").symlink_to(MODELS)
    desk.start()
    desk.wait_ready()
    terminal = desk.open_xterm(tmp_path / "text")
    assert desk.intone().returncode == 0
    until(lambda: desk.focused() not in (0, terminal), "another window has the focus")
    title = subprocess.run(
        ["xdotool", "getwindowname", str(desk.focused())], env=desk.environ, capture_output=True, text=True, check=True
    ).stdout
    assert "history" in title
    assert desk.app is not None
    (child,) = processes(desk.app.pid, b"stt.local.worker")
    assert desk.intone("quit").returncode == 0
    assert desk.app.wait(timeout=10) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    stopped = desk.intone("status", "--json")
    assert (stopped.returncode, stopped.stdout) == (1, "")
    assert "not running" in stopped.stderr
