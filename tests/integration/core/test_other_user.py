"""Another user of this machine, with everything they may do: none of what the app keeps is theirs to read."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from desktop.app.ipc import acquire_lock, serve_commands
from desktop.audio.spool_file import SpoolFile
from desktop.core.ipc_client import Reply
from desktop.core.paths import Paths
from desktop.core.permissions import restrict_all
from desktop.core.types import Outcome
from desktop.credentials import store
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.paste.apps import load_paste_rules
from desktop.settings import store as settings_store
from desktop.settings.schema import HistorySettings
from models.download import download_model
from models.store import ModelStore
from tests.support.hub import model, serving

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else"),
]

NOBODY = 65534
SECRET = "the words of somebody"

LOOK = """
import json, os, socket, sys
read, listed = [], []
for path in sys.argv[1:]:
    try:
        if os.path.isdir(path):
            listed += [path for _ in os.listdir(path)]
        elif path.endswith(".sock"):
            socket.socket(socket.AF_UNIX).connect(path)
            read.append(path)
        else:
            open(path, "rb").read(1)
            read.append(path)
    except OSError:
        pass
print(json.dumps([read, listed]))
"""


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Paths]:
    """A home that another user may walk to, and a usual umask, which the app does not rely on alone."""
    before = os.umask(0o022)
    with tempfile.TemporaryDirectory() as name:
        above = Path(name)
        above.chmod(0o755)
        folder = above / "intone"
        monkeypatch.setenv("INTONE_HOME", str(folder))
        yield Paths(config=folder / "config", data=folder / "data", state=folder / "state", runtime=folder / "run")
    os.umask(before)


def seen_by_nobody(paths: list[Path]) -> tuple[list[str], list[str]]:
    """Which of these another user can read, and which list."""
    python = os.path.realpath(sys.executable)
    told = subprocess.run(
        [python, "-I", "-c", LOOK, *map(str, paths)],
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        capture_output=True,
        cwd="/",
        check=True,
    )
    read, listed = json.loads(told.stdout)
    return read, listed


def keep_everything(home: Paths) -> SpoolFile:
    """Write all that the app writes of a person; the take that is still being spoken."""
    history = HistoryStore(home.history)
    memory = DictationRecorder(home, history)
    began = datetime(2026, 5, 4, tzinfo=UTC)
    with memory.spool.create(began) as take:
        take.write(np.full(1600, 0.1, np.float32))
        memory.record(
            HistoryEntry(started_at=began, text=SECRET, raw_text=SECRET, delivery=Outcome.INSERTED),
            take,
            HistorySettings(),
        )
    settings_store.write_setting(home.settings, "history.exclude", "keepassxc")
    store.store_key("openai", "sk-somebody", unencrypted=True)
    history.export(home.data / "export.jsonl")
    with memory.spool.create(began) as spoken:
        spoken.write(np.full(1600, 0.1, np.float32))
    return spoken


async def never(command: str) -> Reply:
    raise AssertionError(command)


async def test_another_user_can_read_none_of_it(home: Paths) -> None:
    take = keep_everything(home)
    lock = acquire_lock(home)
    assert lock is not None
    with lock:
        async with serve_commands(home, never):
            with HistoryStore(home.history)._open() as held:  # so that the log beside it is there
                held.execute("BEGIN IMMEDIATE")
                held.execute("DELETE FROM dictation")
                held.execute("SELECT count(*) FROM dictation").fetchone()
                files = [path for path in home.config.parent.rglob("*") if not path.is_dir()]
                names = {path.suffix for path in files}
                assert names >= {".db", ".db-wal", ".db-shm", ".flac", ".take", ".toml", ".jsonl", ".sock", ".lock"}
                assert take.path in files
                assert seen_by_nobody([*files, *home.config.parent.rglob("*")]) == ([], [])
                for path in home.config.parent.rglob("*"):
                    if path.is_dir():
                        assert stat.S_IMODE(path.stat().st_mode) == 0o700, path
                    else:
                        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
                held.execute("ROLLBACK")


async def test_file_is_private_even_in_an_open_folder(home: Paths) -> None:
    keep_everything(home)
    for folder in (home.config.parent, *(path for path in home.config.parent.rglob("*") if path.is_dir())):
        folder.chmod(0o755)
    files = [path for path in home.config.parent.rglob("*") if not path.is_dir()]
    assert len(files) >= 6
    assert seen_by_nobody(files)[0] == []


async def test_what_was_open_to_everybody_is_closed(home: Paths) -> None:
    keep_everything(home)
    (home.data / "export.jsonl").unlink()  # which is the user's own, as others that Intone does not name
    above = home.config.parent
    for path in (above, *above.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    everything = sorted(path for path in above.rglob("*"))
    read, listed = seen_by_nobody(everything)
    assert len(read) + len(set(listed)) == len(everything)
    assert restrict_all(home) == []
    assert store.find_key("openai") == "sk-somebody"
    assert seen_by_nobody(everything) == ([], [])


async def test_fetched_files_are_not_writable_by_others(home: Paths) -> None:
    os.umask(0o077)  # as the app has it
    with serving() as hub:
        folder = await download_model("tiny", ModelStore(home.models, {"tiny": model()}), hub=hub.address)
    for path in (home.models, folder, *folder.iterdir()):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


async def test_settings_that_another_user_has_put_there_are_not_used(tmp_path: Path) -> None:
    settings, rules = tmp_path / "settings.toml", tmp_path / "applications.toml"
    settings.write_text('[hooks]\nafter = "theirs"\n')
    rules.write_text("[editor]\nenter = true\n")
    assert settings_store.load_settings(settings).settings.hooks.after == "theirs"
    assert load_paste_rules(rules).find_rule("editor", "").enter
    for file in (settings, rules):
        os.chown(file, NOBODY, NOBODY)
    loaded = settings_store.load_settings(settings)
    assert (loaded.settings.hooks.after, loaded.is_safe_mode) == ("", True)
    assert not load_paste_rules(rules).find_rule("editor", "").enter


async def test_settings_to_which_a_link_of_the_user_leads_are_used_whoever_has_them(tmp_path: Path) -> None:
    named, settings = tmp_path / "named.toml", tmp_path / "settings.toml"
    named.write_text('[hooks]\nafter = "mine"\n')
    os.chown(named, NOBODY, NOBODY)  # as root's files are, in a sandbox that knows the user alone
    settings.symlink_to(named)
    assert settings_store.load_settings(settings).settings.hooks.after == "mine"
    os.chown(settings, NOBODY, NOBODY, follow_symlinks=False)
    assert settings_store.load_settings(settings).is_safe_mode
