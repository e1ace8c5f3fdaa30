"""What the card of a model shows when its files cannot be read; damaged ones are in `test_model_downloads`."""

from __future__ import annotations

import errno
from pathlib import Path

import anyio
import pytest

from desktop.app.model_downloads import DownloadManager, ModelDownload
from models.staging import ProgressCallback
from models.store import ModelStore
from tests.support.hub import model
from tests.support.model_errors import raises_model_error

pytestmark = pytest.mark.anyio


class Unreadable(ModelStore):
    """A store on a disk that breaks."""

    def verify(self, name: str, progress: ProgressCallback = lambda done, total: None) -> None:
        progress(0, 1)
        raise OSError(errno.EIO, "Input/output error")


async def test_verify_of_unreadable_model_reports_and_ends(tmp_path: Path) -> None:
    seen = list[tuple[ModelDownload, ...]]()
    async with anyio.create_task_group() as group:
        downloads = DownloadManager(Unreadable(tmp_path, {"tiny": model()}), group.start_soon)
        downloads.watch(seen.append)
        with raises_model_error(r"^Model tiny cannot be read: Input/output error\. Fetch it again\."):
            await downloads.verify("tiny")
    assert any(fetch.verifying for fetches in seen for fetch in fetches)
    (told,) = seen[-1]
    assert not told.verifying
    assert told.problem is not None
