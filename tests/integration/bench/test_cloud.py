"""Services compared over real sockets: what is left at the release, where it went, and how right the words are."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterable, Callable, Iterator
from pathlib import Path

import keyring
import numpy as np
import pytest
import soundfile
from keyring.backends import fail

from desktop.bench import cloud
from desktop.bench.cloud import CloudMeasurement, ExchangeLog, ReleaseRemainder
from desktop.bench.dataset import DatasetItem
from desktop.core.errors import ServiceError, UserError
from desktop.core.types import RATE_HZ, Frame, Transcript
from desktop.network import openai_sdk, services
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.settings.schema import Settings
from desktop.stt.cloud import openai
from desktop.stt.cloud.request import CloudRequest
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.relay import relayed
from tests.support.cloud.tls_server import serve, trusting
from tests.support.cloud.words import Said

RTT_S = 0.2
SPEECH = np.random.default_rng(0).normal(0, 0.1, RATE_HZ).astype(np.float32)


@pytest.fixture
def no_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    yield
    keyring.set_keyring(before)


class Naive:
    """Sends what it heard when it has heard everything, and nothing before."""

    def __init__(self, client: ServiceClient, service: Service) -> None:
        self._client, self._service = client, service

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        heard = b"".join([frame.tobytes() async for frame in speech])
        await self._client.request(self._service, "POST", "/audio/transcriptions", body=heard, allow_error_status=True)
        return Transcript("the words")


class Refusing:
    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        raise ServiceError("service-key-refused", service="Example", name="openai")


class Silent:
    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        raise ServiceError("service-silent", service="Example")


class Local:
    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        async for _ in speech:
            pass
        return Transcript("the words", model="base")


@pytest.mark.anyio
async def test_hidden_time_is_separated_from_rest_at_release() -> None:
    await services.load_client("openai")
    exchanges, server = ExchangeLog(), OpenAI(Said("the words"))
    with serve(server) as served, relayed(served, rtt_s=RTT_S, up_bit_s=None) as relay:
        service = Service("Example", f"{relay.url}/v1", ServiceKey("openai", lambda name: "sk-test"))
        client = ServiceClient(ssl_context=trusting(), on_exchange=exchanges)
        naive = await cloud.measure_trial("openai", Naive(client, service), "a", SPEECH, exchanges)
        await client.aclose()
        client = ServiceClient(ssl_context=trusting(), on_exchange=exchanges)
        engine = openai.OpenAIRecognizer(client, service, CloudRequest("gpt-transcribe"))
        ours = await cloud.measure_trial("openai", engine, "a", SPEECH, exchanges)
        await client.aclose()
    assert (naive.rest.hidden, ours.rest.hidden) == (False, True)
    assert ours.rest.upload_ms is not None
    assert ours.rest.wait_ms is not None
    assert naive.rest.upload_ms is not None
    assert ours.rest.wait_ms >= 990 * RTT_S
    assert naive.rest.upload_ms >= ours.rest.upload_ms + 1980 * RTT_S, "it waits for both handshakes"
    assert ours.release_to_text_ms is not None
    assert ours.release_to_text_ms >= ours.rest.upload_ms + ours.rest.wait_ms - 1
    assert (ours.text, ours.model, ours.sent_bytes) == ("the words", "gpt-transcribe", len(server.asked[-1].audio))
    assert ours.cost_usd == pytest.approx(0.0045 * len(SPEECH) / RATE_HZ / 60)


@pytest.mark.anyio
async def test_engines_hear_same_recordings_and_count_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTONE_HOME", str(tmp_path / "home"))
    for name in ("a", "b"):
        soundfile.write(tmp_path / f"{name}.wav", SPEECH[:4000], RATE_HZ)
    (tmp_path / "manifest.tsv").write_text("path\ttext\na.wav\tThe words.\nb.wav\tOther words.\n")
    made: list[str] = []

    def make(name: str, settings: Settings, client: ServiceClient) -> Local | Refusing:
        made.append(name)
        return Refusing() if name == "openai" else Local()

    report = await cloud.measure_cloud([tmp_path], ["openai", "deepgram"], None, 0, "", make)
    assert made == ["openai", "deepgram"]
    assert [(trial["engine"], trial["path"]) for trial in report["takes"]] == [
        ("openai", "a.wav"), ("deepgram", "a.wav"), ("openai", "b.wav"), ("deepgram", "b.wav"),
    ]  # fmt: skip
    refused, heard = report["engines"]
    assert (refused["failed"], refused["release_to_text_p50_ms"], refused["error_percent"]) == (2, None, None)
    assert (heard["failed"], heard["error_percent"]) == (0, 25.0)
    said = cloud.format_cloud(report)
    assert "openai, a.wav: Example does not accept the key." in said


@pytest.mark.anyio
async def test_what_an_engine_cannot_do_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    openai_sdk._import_sdk.cache_clear()
    monkeypatch.setitem(sys.modules, "openai", None)
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    soundfile.write(tmp_path / "a.wav", SPEECH[:1000], RATE_HZ)
    report = await cloud.measure_cloud(
        [tmp_path / "a.wav"], ["openai-live"], None, 0, "", lambda name, settings, client: Local()
    )
    assert [(row["engine"], row["failed"]) for row in report["engines"]] == [("openai-live", 0)]
    assert (
        "openai-live: Speech is sent live, but what is not answered cannot be sent again: the part of Intone that "
        "would send it again cannot be loaded. Install Intone again. The log says why.\n"
    ) in capsys.readouterr().err


@pytest.mark.anyio
async def test_failed_trial_does_not_say_that_speech_is_kept() -> None:
    trial = await cloud.measure_trial("openai", Silent(), "a", SPEECH, ExchangeLog())
    assert trial.problem == "Example did not answer in time. Try again in a moment."


def test_engine_row_has_cost_and_time_breakdown() -> None:
    trials = [
        CloudMeasurement(
            "deepgram",
            "a",
            3.0,
            "the words",
            "nova-3",
            300.0 + more,
            ReleaseRemainder(True, 20.0, 200.0 + more),
            5,
            0.002,
        )
        for more in (0.0, 100.0, 200.0)
    ]
    local = CloudMeasurement("whisper", "a", 3.0, "the words", "base", 250.0)
    report = cloud.build_cloud_report([*trials, local], {"a": DatasetItem("a", "the words")}, seed=0)
    row, ours = report["engines"]
    assert row == {
        "engine": "deepgram",
        "model": "nova-3",
        "takes": 3,
        "failed": 0,
        "release_to_text_p50_ms": 400.0,
        "release_to_text_p95_ms": 490.0,
        "handshakes_hidden": 3,
        "upload_rest_p50_ms": 20.0,
        "wait_p50_ms": 300.0,
        "error_percent": 0.0,
        "usd_per_min": 0.0043,
        "cost_usd": 0.006,
    }
    assert (ours["usd_per_min"], ours["handshakes_hidden"], ours["wait_p50_ms"]) == (0.0, None, None)
    assert cloud.format_cloud(report).splitlines()[1].split()[:3] == ["deepgram", "nova-3", "3"]


@pytest.mark.anyio
async def test_without_recordings_nothing_is_measured() -> None:
    with pytest.raises(UserError, match="no speech to measure with"):
        await cloud.measure_cloud([], [], None, 0, "", lambda name, settings, client: Local())


@pytest.mark.anyio
async def test_default_engines_have_key_or_reachable_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_keyring: None
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    monkeypatch.delenv("DEEPGRAM_API_KEY", raising=False)
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    soundfile.write(tmp_path / "a.wav", SPEECH[:1000], RATE_HZ)
    with serve(OpenAI(compatible=True), tls=False) as served:
        (tmp_path / "settings.toml").write_text(f'[engines.compatible]\nurl = "{served.url}"\n')
        report = await cloud.measure_cloud(
            [tmp_path / "a.wav"], [], None, 0, "", lambda name, settings, client: Local()
        )
    assert [row["engine"] for row in report["engines"]] == ["openai", "openai-live", "compatible"]


@pytest.mark.anyio
async def test_bad_address_stops_no_other_measurement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], no_keyring: None
) -> None:
    monkeypatch.setenv("DEEPGRAM_API_KEY", "test")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    soundfile.write(tmp_path / "a.wav", SPEECH[:1000], RATE_HZ)
    (tmp_path / "settings.toml").write_text(
        '[engines.compatible]\nurl = "http://127.0.0.1:114344/v1"\n'
        '[engines.deepgram]\nurl = "https://api.deepgram.com"\n'
        '[engines.deepgram_live]\nurl = "wss://api.deepgram.com"\n'
    )
    report = await cloud.measure_cloud([tmp_path / "a.wav"], [], None, 0, "", lambda name, settings, client: Local())
    assert [row["engine"] for row in report["engines"]] == ["deepgram", "deepgram-live"]
    said = capsys.readouterr().err
    assert "compatible is not measured. The address in engines.compatible.url cannot be used." in said
