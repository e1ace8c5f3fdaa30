"""What packaging/server reads and writes of OpenAI's transcriptions, and when a model is replaced, without Ray."""

from __future__ import annotations

import io
import json
import pickle
import re
import sys
import threading
import tomllib
from pathlib import Path
from typing import Any

import anyio
import av
import httpx2
import numpy as np
import pytest
import soundfile
import yaml
from starlette.datastructures import UploadFile
from starlette.requests import Request

sys.path.append(str(Path(__file__).parents[3] / "packaging/server"))
import transcription
from transcription import MAX_BYTES, RATE_HZ, RefusedError, Transcription, Whisper, decode, read_form

from desktop.network.endpoint import Service, ServiceKey
from desktop.network.errors import refusal_error
from desktop.network.provider_models import find_provider_model
from desktop.stt.cloud.encoding import AudioEncoder, FlacEncoder, OpusEncoder, WavEncoder
from desktop.stt.cloud.openai import build_fields
from desktop.stt.cloud.request import CloudRequest
from tests.support.cloud.words import MODEL
from tests.support.desk import until

ROOT = Path(__file__).parents[3]

PAUSE_S = 60.0

HEARD = {"language": "en", "duration": 1.0, "text": "Hello.", "segments": []}


SDP = b"""v=0
o=- 0 0 IN IP4 127.0.0.1
s=x
c=IN IP4 127.0.0.1
t=0 0
m=audio 45454 RTP/AVP 0
a=rtpmap:0 PCMU/8000
"""
"""Has FFmpeg listen on the port, and wait."""


class Upload:
    """A request that arrives in pieces of 64 kB: `taken` is how many bytes the server took of it."""

    def __init__(self, size: int = 10, headers: dict[str, str] | None = None, **fields: str) -> None:
        sent = httpx2.Request("POST", "https://localhost", data=fields, files={"file": ("a.wav", bytes(size))})
        chosen = {"content-type": sent.headers["content-type"], **(headers or {})}
        self._body, self.taken = sent.read(), 0
        scope = {"type": "http", "method": "POST", "headers": [(a.encode(), b.encode()) for a, b in chosen.items()]}
        self.request = Request(scope, self._receive)

    async def _receive(self) -> dict[str, Any]:
        piece = self._body[self.taken : self.taken + 65536]
        self.taken += len(piece)
        return {"type": "http.request", "body": piece, "more_body": self.taken < len(self._body)}


@pytest.mark.anyio
async def test_what_intone_sends_is_read() -> None:
    request = CloudRequest("auto", ("en",), ("Zanzibar", "Quetzal"))
    fields = dict(build_fields("whisper-1", find_provider_model("compatible", "whisper-1"), request))
    asked, file = await read_form(Upload(**fields).request, PAUSE_S)
    assert asked.options() == {"language": "en", "initial_prompt": "Zanzibar, Quetzal"}
    assert (asked.model, len(file)) == ("whisper-1", 10)
    assert json.loads(bytes(asked.response(HEARD).body)) == {"text": "Hello."}


@pytest.mark.parametrize(
    ("style", "body"), [("text", b"Hello.\n"), ("verbose_json", json.dumps(HEARD, separators=(",", ":")).encode())]
)
def test_an_answer_is_as_it_is_asked_for(style: Any, body: bytes) -> None:
    assert bytes(Transcription(model="whisper-1", response_format=style).response(HEARD).body) == body


@pytest.mark.parametrize(("asked", "options"), [("0", {}), ("0.4", {"temperature": 0.4})])
def test_temperature_zero_is_whispers_own_steps(asked: str, options: dict[str, Any]) -> None:
    assert Transcription.model_validate({"model": "whisper-1", "temperature": asked}).options() == options


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("size", "fields", "status", "param"),
    [
        (0, {"model": "whisper-1"}, 400, "file"),
        (MAX_BYTES + 1, {"model": "whisper-1"}, 413, "file"),
        (10, {}, 400, "model"),
        (10, {"model": "whisper-1", "response_format": "srt"}, 400, "response_format"),
        (10, {"model": "whisper-1", "temperature": "2"}, 400, "temperature"),
        (10, {"model": "whisper-1", "temperature": "nan"}, 400, "temperature"),
        (10, {"model": "whisper-1", "stream": "true"}, 400, "stream"),
        (10, {"model": "whisper-1", "timestamp_granularities[]": "word"}, 400, "timestamp_granularities[]"),
    ],
)
async def test_what_is_not_done_is_refused(size: int, fields: dict[str, str], status: int, param: str) -> None:
    with pytest.raises(RefusedError) as refused:
        await read_form(Upload(size, **fields).request, PAUSE_S)
    assert (refused.value.status, refused.value.body["error"]["param"]) == (status, param)
    assert refused.value.body["error"]["message"]


class HalfUpload(Upload):
    """A request of which the last byte never arrives; `is_gone`: its client has left."""

    is_gone = False

    async def _receive(self) -> dict[str, Any]:
        if self.taken and self.is_gone:
            return {"type": "http.disconnect"}
        if self.taken:
            await anyio.sleep_forever()
        self.taken = len(self._body) - 1
        return {"type": "http.request", "body": self._body[:-1], "more_body": True}


@pytest.mark.anyio
@pytest.mark.parametrize(("max_pause_s", "is_gone"), [(0.01, False), (PAUSE_S, True)])
async def test_a_form_that_stops_arriving_is_refused(max_pause_s: float, is_gone: bool) -> None:
    half = HalfUpload(model="whisper-1")
    half.is_gone = is_gone
    with pytest.raises(RefusedError, match="did not arrive") as refused:
        await read_form(half.request, max_pause_s)
    assert (refused.value.status, half.taken > 0) == (408, True)


@pytest.mark.anyio
async def test_a_form_without_a_file_is_refused() -> None:
    with pytest.raises(RefusedError, match="no file"):
        await read_form(Upload(0, model="whisper-1").request, PAUSE_S)


@pytest.mark.parametrize("encoder", [FlacEncoder, OpusEncoder, WavEncoder])
def test_what_intone_encodes_is_decoded(encoder: type[AudioEncoder]) -> None:
    tone = (0.3 * np.sin(2 * np.pi * 440 * np.arange(2 * RATE_HZ) / RATE_HZ)).astype(np.float32)
    writer = encoder()
    audio = decode(writer.encode(tone) + writer.finish())
    assert abs(len(audio) - len(tone)) < RATE_HZ // 10
    assert abs(float(np.sqrt((audio**2).mean())) - 0.3 / 2**0.5) < 0.02


@pytest.mark.parametrize("container", ["wav", "flac", "ogg", "webm", "matroska", "mp4", "mp3"])
def test_a_container_of_other_clients_is_decoded(container: str) -> None:
    codec = {"wav": "pcm_s16le", "flac": "flac", "mp4": "aac", "mp3": "libmp3lame"}.get(container, "libopus")
    file = io.BytesIO()
    with av.open(file, "w", format=container) as output:
        stream = output.add_stream(codec, rate=48_000, layout="mono")
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 48_000), np.int16), "s16", "mono")
        silence.rate = 48_000
        resampler = av.AudioResampler(stream.format, "mono", 48_000, stream.frame_size or 1024)
        for frame in [*resampler.resample(silence), *resampler.resample(None), None]:
            output.mux(stream.encode(frame))
    assert abs(len(decode(file.getvalue())) - RATE_HZ) < RATE_HZ // 10


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "file",
    [b"", b"no sound", b"RIFF\x00\x00\x00\x00WAVE", SDP, b"ffconcat version 1.0\nfile secret.wav\n"],
    ids=["empty", "text", "cut", "a port", "another file"],
)
def test_what_holds_no_sound_is_refused(file: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    soundfile.write(tmp_path / "secret.wav", np.zeros(RATE_HZ, np.float32), RATE_HZ)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RefusedError, match="no sound"):
        decode(file)


@pytest.mark.anyio
async def test_a_body_too_large_is_refused_as_soon_as_it_is_known() -> None:
    streamed = Upload(2 * MAX_BYTES, model="whisper-1")
    with pytest.raises(RefusedError) as refused:
        await read_form(streamed.request, PAUSE_S)
    assert (refused.value.status, streamed.taken - MAX_BYTES <= 65536) == (413, True)
    told = Upload(2 * MAX_BYTES, {"content-length": str(2 * MAX_BYTES)}, model="whisper-1")
    with pytest.raises(RefusedError):
        await read_form(told.request, PAUSE_S)
    assert told.taken <= 65536


@pytest.mark.anyio
async def test_the_largest_body_is_held_in_memory() -> None:
    upload = Upload(MAX_BYTES - 1000, model="whisper-1")
    async with upload.request.form() as form:
        assert isinstance(file := form["file"], UploadFile)
        assert file._in_memory, "no file was written"
    assert len((await read_form(Upload(MAX_BYTES - 1000, model="whisper-1").request, PAUSE_S))[1]) == MAX_BYTES - 1000


class HangingModel:
    """One that answers nothing until `may_end`."""

    supported_languages = ("en",)

    def __init__(self) -> None:
        self.may_end, self.asked = threading.Event(), 0

    def transcribe(self, audio: Any, **options: Any) -> tuple[list[Any], Any]:
        self.asked += 1
        self.may_end.wait(30)
        return [], type("Info", (), {"language": "en", "duration": len(audio) / RATE_HZ})


@pytest.mark.anyio
async def test_a_model_that_hangs_when_it_is_probed_is_unhealthy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcription, "PROBE_S", 0.0)
    whisper = Whisper({"model_size_or_path": str(MODEL), "device": "cpu"}, {})
    await whisper.check_health()
    whisper.model = hanging = HangingModel()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(whisper.check_health)
        await anyio.to_thread.run_sync(until, lambda: hanging.asked, "it is probed")
        with pytest.raises(RuntimeError, match="does not answer"):
            await whisper.check_health()
        hanging.may_end.set()
    await whisper.check_health()


@pytest.mark.anyio
async def test_a_model_at_work_is_healthy_for_longer_than_a_probe_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcription, "PROBE_S", 0.0)
    whisper = Whisper({"model_size_or_path": str(MODEL), "device": "cpu"}, {})
    whisper.model = hanging = HangingModel()
    file = io.BytesIO()
    soundfile.write(file, np.zeros(RATE_HZ, np.int16), RATE_HZ, format="FLAC")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(whisper.transcribe, file.getvalue(), {})
        await anyio.to_thread.run_sync(until, lambda: hanging.asked, "it is at work")
        await whisper.check_health()
        hanging.may_end.set()


def test_a_long_recording_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcription, "MAX_S", 60)
    file = io.BytesIO()
    soundfile.write(file, np.zeros(61 * RATE_HZ, np.int16), RATE_HZ, format="FLAC")
    with pytest.raises(RefusedError, match="longer than 1 minutes") as refused:
        decode(file.getvalue())
    assert refused.value.status == 413


def test_a_refusal_survives_the_way_between_processes() -> None:
    refused = pickle.loads(pickle.dumps(RefusedError(503, "Busy.", "server_busy", retry_after_s=5)))  # noqa: S301
    assert (refused.status, refused.headers) == (503, {"Retry-After": "5"})
    assert refused.body["error"] == {"message": "Busy.", "type": "server_error", "param": None, "code": "server_busy"}


def test_intone_says_that_a_full_server_is_busy() -> None:
    code = re.search(r'503, "[^"]+", "(\w+)"', (ROOT / "packaging/server/speech.py").read_text())
    assert code is not None
    refused = RefusedError(503, "The server is busy.", code[1], retry_after_s=5)
    body = json.dumps(refused.body, separators=(",", ":")).encode()  # as JSONResponse writes it
    there = Service("The team's server", "https://localhost/v1", ServiceKey("compatible", lambda name: ""))
    problem = refusal_error(there, 503, {"retry-after": "5"}, body)
    assert str(problem).startswith("The team's server is busy. It asks to wait 5 s.")


def test_the_application_is_at_most_200_lines() -> None:
    lines = [line for file in (ROOT / "packaging/server").glob("*.py") for line in file.read_text().splitlines()]
    assert len(lines) <= 200


def test_the_configuration_logs_nothing_and_is_for_this_machine_alone() -> None:
    config = yaml.safe_load((ROOT / "packaging/server/speech.yaml").read_text())
    assert config["http_options"]["host"] == "127.0.0.1"
    assert config["logging_config"] == {"log_level": "WARNING", "enable_access_log": False}
    assert all(each.get("max_queued_requests", 1) > 0 for each in config["applications"][0]["deployments"])


def test_the_servers_model_is_the_one_that_the_app_pins() -> None:
    deployed = yaml.safe_load((ROOT / "packaging/server/speech.yaml").read_text())
    model = deployed["applications"][0]["args"]["model"]
    pinned = tomllib.loads((ROOT / "models/catalog.toml").read_text())[model["model_size_or_path"]]
    assert model["revision"] == pinned["hub"]["revision"]
