"""The chosen engine is tried: over TLS to a vendor's server, with a recording or a voice."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile

from desktop.app.trials import LISTEN_S, EngineTrial, try_recognizer, try_with_recording, try_with_voice
from desktop.core.errors import ServiceError, UserError
from desktop.core.types import RATE_HZ, Outcome
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.settings.schema import DeepgramSettings, EnginesSettings, OpenAISettings, Settings
from desktop.stt.cloud.factory import create_recognizer
from tests.support.cloud import deepgram, openai
from tests.support.cloud.faults import At, refused
from tests.support.cloud.server import TEXT
from tests.support.cloud.speech_source import standing
from tests.support.cloud.tls_server import Served
from tests.support.fakes import FileMicrophone

KEY = "sk-test-0123456789"
SPOKEN = np.random.default_rng(3).normal(0, 0.05, round(6 * RATE_HZ)).astype(np.float32)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("DEEPGRAM_API_KEY", KEY)


@pytest.fixture
def history(tmp_path: Path) -> HistoryStore:
    """One dictation with a recording of half a second, and a newer one without any."""
    sound = tmp_path / "1.wav"
    soundfile.write(sound, SPOKEN[: RATE_HZ // 2], RATE_HZ)
    history = HistoryStore(tmp_path / "history.db")
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    history.add(HistoryEntry(started_at=at, raw_text="one", text="One.", delivery=Outcome.INSERTED, audio_path=sound))
    history.add(HistoryEntry(started_at=at, raw_text="two", text="Two.", delivery=Outcome.INSERTED))
    return history


def asking(served: Served) -> Settings:
    return Settings(
        engines=EnginesSettings(
            openai=OpenAISettings(url=f"{served.url}/v1"), deepgram=DeepgramSettings(url=served.url)
        )
    )


@pytest.mark.anyio
async def test_newest_recording_sent_with_receipt(history: HistoryStore) -> None:
    server = openai.OpenAI(key=KEY)
    async with standing(server) as (client, served):
        found = await try_with_recording(create_recognizer("openai", asking(served), client).transcribe, history)
    assert (found.text, found.engine, found.speech_s) == (TEXT, "openai", 0.5)
    assert found.release_ms > 0
    (sent,) = found.sent
    assert (sent.host, sent.purpose) == (f"localhost:{served.port}", "speech")
    assert sent.audio_bytes == len(server.asked[-1].audio)


@pytest.mark.anyio
async def test_voice_heard_briefly_then_microphone_closed() -> None:
    microphone, heard = FileMicrophone(SPOKEN), list[str]()
    server = deepgram.Deepgram(key=KEY)
    async with standing(server) as (client, served):
        engine = create_recognizer("deepgram", asking(served), client)
        found = await try_with_voice(engine.transcribe, microphone, lambda: heard.append("heard"))
    assert (found.text, found.engine) == (TEXT, "deepgram")
    assert heard == ["heard"]
    assert LISTEN_S <= found.speech_s < LISTEN_S + 0.1
    assert microphone.open_takes == 0


@pytest.mark.anyio
async def test_a_wrong_key_is_said_and_nobody_stands_in(history: HistoryStore) -> None:
    async with standing(openai.OpenAI(key="sk-another")) as (client, served):
        engine = create_recognizer("openai", asking(served), client)
        found = await try_recognizer(False, engine.transcribe, FileMicrophone(SPOKEN), history, lambda: None)
    assert isinstance(found, ServiceError)
    assert found.title == "OpenAI does not accept the key."


@pytest.mark.anyio
async def test_failed_trial_does_not_say_that_speech_is_kept(history: HistoryStore) -> None:
    server = openai.OpenAI(key=KEY, faults=[refused(At.TRANSCRIPTION, 503) for _ in range(2)])
    async with standing(server) as (client, served):
        engine = create_recognizer("openai", asking(served), client)
        found = await try_recognizer(False, engine.transcribe, FileMicrophone(SPOKEN), history, lambda: None)
    assert str(found) == "OpenAI has a problem of its own (status 503). Try again in a moment."


@pytest.mark.anyio
async def test_refused_voice_leaves_no_microphone_open(history: HistoryStore) -> None:
    microphone = FileMicrophone(SPOKEN)
    async with standing(openai.OpenAI(key="sk-another")) as (client, served):
        found = await try_recognizer(
            True, create_recognizer("openai", asking(served), client).transcribe, microphone, history, lambda: None
        )
    assert isinstance(found, ServiceError)
    assert microphone.open_takes == 0


@pytest.mark.anyio
async def test_without_a_recording_one_is_asked_to_speak(tmp_path: Path) -> None:
    async with standing(openai.OpenAI(key=KEY)) as (client, served):
        engine = create_recognizer("openai", asking(served), client)
        found = await try_recognizer(
            False, engine.transcribe, FileMicrophone(SPOKEN), HistoryStore(tmp_path / "history.db"), lambda: None
        )
    assert str(found) == "There is no recording that could be used. Say something instead."


class Broken:
    """A recognizer with a bug."""

    async def transcribe(self, speech, on_partial):
        raise RuntimeError("secret words")


@pytest.mark.anyio
async def test_a_bug_is_logged_and_still_answered(history: HistoryStore, caplog: pytest.LogCaptureFixture) -> None:
    found = await try_recognizer(True, Broken().transcribe, FileMicrophone(SPOKEN), history, lambda: None)
    assert not isinstance(found, EngineTrial)
    assert isinstance(found, UserError)
    assert "could not be tried" in caplog.text
