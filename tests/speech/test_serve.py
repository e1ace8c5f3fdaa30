"""OpenAI's own client at a real `intone serve`, whose texts come from the app's own model."""

from __future__ import annotations

from pathlib import Path

import openai
import pytest
from anyio import to_thread

from desktop.history.store import HistoryStore
from desktop.settings.store import write_setting
from tests.conftest import Clip
from tests.speech.conftest import MODELS
from tests.support.endpoint import KEY, serving
from tests.support.lent_files import lend
from tests.support.running_engine import running, without_session
from tests.support.words import error_rate

pytestmark = pytest.mark.anyio


async def test_openais_client_gets_what_the_apps_model_hears(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clips: list[Clip]
) -> None:
    paths = without_session(tmp_path, monkeypatch)
    lend(MODELS, paths.models)
    write_setting(paths.settings, "recognizer.model", "tiny.en")

    def transcribe() -> list[str]:
        with serving(tmp_path) as served, openai.OpenAI(api_key=KEY, base_url=served.url, max_retries=0) as client:
            names = [model.id for model in client.models.list()]
            verbose = client.audio.transcriptions.create(
                file=clips[1].path, model=names[0], response_format="verbose_json", language="en"
            )
            assert verbose.segments
            assert 0 <= verbose.segments[0].start < verbose.segments[-1].end <= verbose.duration + 0.1
            flac = client.audio.transcriptions.create(file=clips[4].path, model="whisper-1").text
            return [*names, verbose.text, flac]

    async with running(paths) as engine:
        while not engine.recognition.local_status.loaded:
            await to_thread.run_sync(lambda: None)
        name, alias, first, second = await to_thread.run_sync(transcribe)
    assert (name, alias) == ("tiny.en", "whisper-1")
    assert error_rate(clips[1].text, first) <= 0.3
    assert error_rate(clips[4].text, second) <= 0.3
    assert HistoryStore(paths.history).rows() == []
