"""What packaging/server reads and writes of OpenAI's transcriptions, without a model or Ray."""

from __future__ import annotations

import io
import json
import pickle
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import yaml
from starlette.datastructures import FormData, UploadFile

sys.path.append(str(Path(__file__).parents[3] / "packaging/server"))
import transcription
from transcription import MAX_BYTES, RATE_HZ, RefusedError, Transcription, decode, read_form

from desktop.network.endpoint import Service, ServiceKey
from desktop.network.errors import refusal_error
from desktop.network.provider_models import find_provider_model
from desktop.stt.cloud.encoding import AudioEncoder, FlacEncoder, OpusEncoder, WavEncoder
from desktop.stt.cloud.openai import build_fields
from desktop.stt.cloud.request import CloudRequest

ROOT = Path(__file__).parents[3]

HEARD = {"language": "en", "duration": 1.0, "text": "Hello.", "segments": []}


def form(size: int = 10, **fields: str) -> FormData:
    file = UploadFile(io.BytesIO(bytes(size)), size=size, filename="speech.wav")
    return FormData([("file", file), *fields.items()])


@pytest.mark.anyio
async def test_what_intone_sends_is_read() -> None:
    request = CloudRequest("auto", ("en",), ("Zanzibar", "Quetzal"))
    fields = dict(build_fields("whisper-1", find_provider_model("compatible", "whisper-1"), request))
    asked, file = await read_form(form(**fields))
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
        await read_form(form(size, **fields))
    assert (refused.value.status, refused.value.body["error"]["param"]) == (status, param)
    assert refused.value.body["error"]["message"]


@pytest.mark.anyio
async def test_a_form_without_a_file_is_refused() -> None:
    with pytest.raises(RefusedError, match="no file"):
        await read_form(FormData([("file", "a text"), ("model", "whisper-1")]))


@pytest.mark.parametrize("encoder", [FlacEncoder, OpusEncoder, WavEncoder])
def test_what_intone_encodes_is_decoded(encoder: type[AudioEncoder]) -> None:
    tone = (0.3 * np.sin(2 * np.pi * 440 * np.arange(2 * RATE_HZ) / RATE_HZ)).astype(np.float32)
    writer = encoder()
    audio = decode(writer.encode(tone) + writer.finish())
    assert abs(len(audio) - len(tone)) < RATE_HZ // 10
    assert abs(float(np.sqrt((audio**2).mean())) - 0.3 / 2**0.5) < 0.02


@pytest.mark.parametrize("file", [b"", b"no sound", b"RIFF\x00\x00\x00\x00WAVE"])
def test_what_holds_no_sound_is_refused(file: bytes) -> None:
    with pytest.raises(RefusedError, match="no sound"):
        decode(file)


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
