"""Everything is deleted from the command line during a dictation: what is being said stays, all else goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from desktop.audio.spool import Spool
from desktop.audio.spool_file import read_open_header
from desktop.core.types import FRAME_SAMPLES
from desktop.history.clearing import last_clearing
from tests.conftest import Clip
from tests.e2e.conftest import MODELS
from tests.support.desk import Desk, until


def test_dictation_survives_clear_and_kill(clips: list[Clip], tmp_path: Path) -> None:
    with Desk(tmp_path / "desk") as desk:
        (desk.home / "models").symlink_to(MODELS)
        desk.start()
        desk.wait_ready()
        desk.open_xterm(tmp_path / "text")
        desk.dictate(clips[4].path)
        desk.wait_rows(1)
        desk.press()
        desk.wait_state("listening")
        desk.say(clips[4].path)
        (being_said,) = (desk.home / "spool").glob("*.take")
        with Spool(desk.home / "spool").create(datetime.now(UTC) - timedelta(hours=1)) as older:
            older.write(np.full(FRAME_SAMPLES, 0.1, np.float32))
        cleared = desk.intone("history", "clear", "--yes")
        assert (cleared.returncode, cleared.stdout) == (0, "1 dictation deleted.\n")
        assert list((desk.home / "spool").iterdir()) == [being_said]
        assert list((desk.home / "audio").iterdir()) == []
        clearing = last_clearing(desk.home / "history.db")
        assert clearing is not None
        until(lambda: read_open_header(being_said).cleared == clearing.id, "the app has heard of it")
        assert desk.app is not None
        desk.app.kill()
        desk.app.wait(timeout=20)
        desk.release()
        desk.start()
        (row,) = desk.wait_rows(1, timeout_s=120)
        assert row["delivery"] == "recovered"
        assert row["text"]
