"""What the chosen engine hears is written as the user writes it, with the fallback and without."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.audio.file import iterate_frames
from desktop.core.types import RATE_HZ
from desktop.network import openai_sdk
from desktop.settings.schema import CompatibleSettings, EnginesSettings, RecognizerSettings, Settings
from desktop.stt.local.engine_status import EngineStatus
from desktop.stt.recognition import ConfiguredRecognizer
from models.store import ModelStore
from tests.support.cloud import openai
from tests.support.cloud.speech_source import standing
from tests.support.cloud.words import Said

SPOKEN = np.random.default_rng(3).normal(0, 0.05, round(0.5 * RATE_HZ)).astype(np.float32)


@pytest.mark.anyio
@pytest.mark.parametrize(("chinese", "written"), [("traditional", "頭髮在裡面"), ("simplified", "头发在里面")])
async def test_text_of_a_service_is_in_the_chosen_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chinese: str, written: str
) -> None:
    monkeypatch.setenv("INTONE_COMPATIBLE_KEY", "a-key")
    async with standing(openai.OpenAI(Said("头髮在裡面"), compatible=True), tls=False) as (_, served):
        chosen = Settings(
            recognizer=RecognizerSettings(engine="compatible", language=("zh",), chinese=chinese),
            engines=EnginesSettings(compatible=CompatibleSettings(url=f"{served.url}/v1")),
        )
        recognition = ConfiguredRecognizer(ModelStore(tmp_path), chosen, lambda status: None)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(recognition.run)
            await anyio.wait_all_tasks_blocked()
            for transcribe in (recognition.transcribe, recognition.transcribe_without_fallback):
                heard = await transcribe(iterate_frames(SPOKEN), lambda partial: None)
                assert (heard.text, heard.stable_length) == (written, len(written))
                assert [segment.text for segment in heard.segments] == [written]
            tasks.cancel_scope.cancel()


@pytest.mark.anyio
async def test_client_that_cannot_be_loaded_is_the_service_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    openai_sdk._import_sdk.cache_clear()
    monkeypatch.setitem(sys.modules, "openai", None)
    monkeypatch.setenv("INTONE_COMPATIBLE_KEY", "a-key")
    problems: list[str] = []
    has_problem = anyio.Event()

    def on_change(status: EngineStatus) -> None:
        if status.problem is not None:
            problems.append(status.problem.code)
            has_problem.set()

    chosen = Settings(
        recognizer=RecognizerSettings(engine="compatible"),
        engines=EnginesSettings(compatible=CompatibleSettings(url="http://127.0.0.1:9/v1")),
    )
    recognition = ConfiguredRecognizer(ModelStore(tmp_path), chosen, on_change)
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(recognition.run)
            await has_problem.wait()
            await anyio.wait_all_tasks_blocked()
            tasks.cancel_scope.cancel()
    assert set(problems) == {"openai-client-unusable"}


@pytest.mark.anyio
@pytest.mark.parametrize("key", ["a-key", ""])
async def test_live_engine_goes_on_without_the_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    openai_sdk._import_sdk.cache_clear()
    monkeypatch.setitem(sys.modules, "openai", None)
    monkeypatch.setenv("OPENAI_API_KEY", key)
    statuses: list[EngineStatus] = []
    is_checked = anyio.Event()

    def on_change(status: EngineStatus) -> None:
        statuses.append(status)
        if status.note or status.problem:
            is_checked.set()

    chosen = Settings(recognizer=RecognizerSettings(engine="openai-live"))
    recognition = ConfiguredRecognizer(ModelStore(tmp_path), chosen, on_change)
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(recognition.run)
            await is_checked.wait()
            await anyio.wait_all_tasks_blocked()
            tasks.cancel_scope.cancel()
    codes = [message.code for message in statuses[-1].note]
    problem = statuses[-1].problem
    if key:
        assert (codes, problem) == (["openai-recording-unsendable"], None)
    else:
        assert (codes, problem and problem.code) == ([], "service-key-missing")


LOADED = """
import sys
from pathlib import Path
import anyio
from desktop.app import factory
from desktop.settings.schema import CompatibleSettings, EnginesSettings, RecognizerSettings, Settings
from desktop.stt.recognition import ConfiguredRecognizer
from models.store import ModelStore

async def main():
    engines = EnginesSettings(compatible=CompatibleSettings(url="http://127.0.0.1:9/v1"))
    settings = Settings(recognizer=RecognizerSettings(engine=sys.argv[1]), engines=engines)
    recognition = ConfiguredRecognizer(ModelStore(Path(sys.argv[2])), settings, lambda status: None)
    assert factory.create_llm_client(settings, recognition.get_client) is None
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(recognition.run)
        with anyio.move_on_after(60):
            while wanted and "openai.types.chat" not in sys.modules:
                await anyio.sleep(0)
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()

wanted = sys.argv[1] not in ("whisper", "deepgram")
anyio.run(main)
print("openai" in sys.modules)
"""


@pytest.mark.parametrize(
    ("engine", "loaded"),
    [("whisper", False), ("deepgram", False), ("compatible", True), ("openai", True)],
)
def test_openai_is_loaded_where_it_is_used_alone(tmp_path: Path, engine: str, loaded: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, engine, str(tmp_path)],
        env={**os.environ, "INTONE_HOME": str(tmp_path), "OPENAI_API_KEY": "a-key", "DEEPGRAM_API_KEY": "a-key"},
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == str(loaded), done.stderr
