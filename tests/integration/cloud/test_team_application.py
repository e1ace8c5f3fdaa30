"""`packaging/server/speech.py` on a real Ray Serve with a real model, behind Caddy: OpenAI's client, and ours."""

from __future__ import annotations

import io
import signal
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio
import httpx2
import numpy as np
import openai
import pytest
import soundfile
from faster_whisper import WhisperModel
from openai.types.audio import TranscriptionVerbose

from desktop.audio.file import iterate_frames, read_audio
from desktop.core.errors import ServiceError
from desktop.core.messages import render
from desktop.core.types import RATE_HZ, Audio, Transcript
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.stt.cloud.openai import OpenAIRecognizer
from desktop.stt.cloud.request import CloudRequest
from desktop.stt.fallback import FallbackRecognizer, FallbackRules
from tests.conftest import sentences
from tests.prove.proc import cpu_s
from tests.support.cloud.team_server import KEY, NOT_INSTALLED, RAY, Front, TeamServer, caddy, kill
from tests.support.cloud.words import MODEL
from tests.support.desk import until
from tests.support.stage import FakeRecognizer

pytestmark = [pytest.mark.skipif(not RAY.exists(), reason=NOT_INSTALLED), pytest.mark.timeout(600)]

AT_WORK_S = 1.0
"""Seconds of processor time that a replica uses for nothing but a recording."""

PROMPT = "Zanzibar, Quetzalcoatl."


@pytest.fixture(scope="module")
def server() -> Iterator[TeamServer]:
    with TeamServer(MODEL, deployment={"max_queued_requests": 1}) as running:
        yield running


@pytest.fixture(scope="module")
def front(server: TeamServer) -> Iterator[Front]:
    with caddy(server.port) as running:
        yield running


@pytest.fixture
def client(front: Front) -> Iterator[openai.OpenAI]:
    with asking(front) as client:
        yield client


def asking(front: Front) -> openai.OpenAI:
    http = httpx2.Client(verify=front.context)
    return openai.OpenAI(api_key=KEY, base_url=front.url, http_client=http, max_retries=0)


def transcribe(client: openai.OpenAI, audio: Audio) -> str:
    """Return the server's text, or its refusal's code."""
    try:
        return client.audio.transcriptions.create(file=flac(audio), model="whisper-1", language="en").text
    except openai.APIStatusError as refused:
        return str(refused.code)


@pytest.fixture(scope="module")
def audio() -> Audio:
    return read_audio(sentences()[1].path)


@pytest.fixture(scope="module")
def minutes() -> Audio:
    """What keeps a replica busy for seconds."""
    return np.concatenate([read_audio(sentence.path) for sentence in sentences()] * 2)


@pytest.fixture(scope="module")
def minutes_text(minutes: Audio) -> str:
    return heard_locally(minutes)


def flac(audio: Audio, name: str = "secretly-named.flac") -> tuple[str, bytes]:
    file = io.BytesIO()
    soundfile.write(file, audio, RATE_HZ, format="FLAC")
    return name, file.getvalue()


def heard_locally(audio: Audio) -> str:
    model = WhisperModel(str(MODEL), "cpu", compute_type="int8", cpu_threads=1)
    found, _ = model.transcribe(audio, language="en", beam_size=5, vad_filter=True, condition_on_previous_text=False)
    return "".join(segment.text for segment in found).strip()


def used_s(pid: int) -> float:
    """Return its processor time, 0 where it has ended."""
    try:
        return cpu_s(pid)
    except OSError:
        return 0.0


def until_loaded(client: openai.OpenAI) -> None:
    """Wait until a replica answers: the list of models does so before."""
    second = np.zeros(RATE_HZ, np.float32)
    until(lambda: transcribe(client, second) == "", "a replica has its model", 300)


def until_at_work(replicas: list[int]) -> None:
    """Wait until one of them decodes; all have their models."""
    before_s = {pid: cpu_s(pid) for pid in replicas}
    until(lambda: any(cpu_s(pid) - before_s[pid] > AT_WORK_S for pid in replicas), "a replica is at work")


def team(front: Front) -> Service:
    return Service("The team's server", front.url, ServiceKey("compatible", lambda name: KEY), is_key_optional=True)


def compatible(front: Front, client: ServiceClient) -> OpenAIRecognizer:
    return OpenAIRecognizer(client, team(front), CloudRequest("auto", ("en",), ("Zanzibar",)), is_compatible=True)


def ignore(_: Transcript) -> None:
    pass


def test_the_openai_client_gets_its_models_and_texts(client: openai.OpenAI, audio: Audio) -> None:
    assert [model.id for model in client.models.list()] == ["whisper-base", "whisper-1"]
    ask = client.audio.transcriptions.create
    expected = heard_locally(audio)
    assert ask(file=flac(audio), model="whisper-1", language="en", temperature=0).text == expected
    assert ask(file=flac(audio), model="whisper-1", response_format="text") == f"{expected}\n"
    whole = ask(file=flac(audio), model="whisper-1", response_format="verbose_json", prompt=PROMPT)
    assert isinstance(whole, TranscriptionVerbose)
    assert (whole.language, whole.duration, len(whole.segments or [])) == ("en", len(audio) / RATE_HZ, 1)
    assert ask(file=flac(np.zeros(RATE_HZ, np.float32)), model="whisper-1").text == "", "silence has no words"


@pytest.mark.anyio
async def test_the_compatible_engine_is_answered(front: Front, audio: Audio) -> None:
    client = ServiceClient(ssl_context=front.context)
    said = await compatible(front, client).transcribe(iterate_frames(audio), ignore)
    await client.aclose()
    assert (said.engine, said.model, said.language) == ("compatible", "whisper-base", "en")
    assert said.text == heard_locally(audio)


def test_what_is_not_done_is_said_in_openais_shape(client: openai.OpenAI, audio: Audio) -> None:
    ask = client.audio.transcriptions.create
    name, file = flac(audio)
    with pytest.raises(openai.BadRequestError, match="'json', 'text' or 'verbose_json'") as refused:
        ask(file=(name, file), model="whisper-1", response_format="srt")
    assert (refused.value.param, refused.value.type) == ("response_format", "invalid_request_error")
    with pytest.raises(openai.BadRequestError, match="no sound"):
        ask(file=(name, b"no sound at all"), model="whisper-1")
    with pytest.raises(openai.BadRequestError, match="does not know this language"):
        ask(file=(name, file), model="whisper-1", language="de")
    with pytest.raises(openai.NotFoundError, match="another model") as unknown:
        ask(file=(name, file), model="whisper-9")
    assert unknown.value.code == "model_not_found"
    with pytest.raises(openai.AuthenticationError):
        client.with_options(api_key="wrong").models.list()


def test_a_file_too_large_or_too_long_is_refused(client: openai.OpenAI) -> None:
    ask = client.audio.transcriptions.create
    with pytest.raises(openai.APIStatusError, match="larger than 25 MB") as refused:
        ask(file=("large.wav", bytes(25_000_001)), model="whisper-1")
    assert refused.value.status_code == 413
    long = np.zeros(31 * 60 * RATE_HZ, np.float32)
    with pytest.raises(openai.APIStatusError, match="longer than 30 minutes") as refused:
        ask(file=flac(long), model="whisper-1")
    assert refused.value.status_code == 413


@pytest.mark.anyio
async def test_a_full_server_is_busy_and_the_local_model_answers(
    front: Front, client: openai.OpenAI, audio: Audio, minutes: Audio
) -> None:
    file = flac(minutes)  # which takes its time: the server must still be full as Intone asks

    def ask(_: int) -> str:
        try:
            return client.audio.transcriptions.create(file=file, model="whisper-1", language="en").text
        except openai.InternalServerError as refused:
            return f"{refused.status_code} {refused.code} {refused.response.headers['Retry-After']}"

    intone = ServiceClient(ssl_context=front.context)
    recognizer = compatible(front, intone)
    local = FakeRecognizer()
    local.texts = ["Heard here."]
    with ThreadPoolExecutor(6) as threads:
        asked = [threads.submit(ask, number) for number in range(6)]
        until(lambda: any(each.done() for each in asked), "one is refused")
        with pytest.raises(ServiceError, match=r"The team's server is busy\. It asks to wait 5 s\."):
            await recognizer.transcribe(iterate_frames(audio), ignore)
        rules = FallbackRules("fallback", 1.5, "The team's server")
        said = await FallbackRecognizer(recognizer, local, rules).transcribe(iterate_frames(audio), ignore)
        answers = [each.result() for each in asked]
    await intone.aclose()
    assert render(said.notes).startswith("The team's server is busy.")
    assert said.text == "Heard here."
    assert "503 server_busy 5" in answers
    assert len({*answers}) == 2, "those that were taken have their text"


def test_a_replica_killed_as_it_decodes_costs_no_answer(
    server: TeamServer, client: openai.OpenAI, minutes: Audio, minutes_text: str
) -> None:
    until_loaded(client)
    before = server.replicas()
    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(transcribe, client, minutes)
        until_at_work(before)
        kill(before)
        assert asked.result() == minutes_text
    assert server.replicas() != before


def test_a_recording_that_ends_two_replicas_is_refused(
    server: TeamServer, client: openai.OpenAI, minutes: Audio
) -> None:
    kill(server.replicas())
    until_loaded(client)
    loading_s = max(map(used_s, server.replicas())) + AT_WORK_S
    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(transcribe, client, minutes)

        def is_over() -> bool:  # one that is killed before it has the recording does not count
            kill([pid for pid in server.replicas() if used_s(pid) > loading_s])
            return asked.done()

        until(is_over, "the recording is given up", 300)
        assert asked.result() == "model_ended"
    until_loaded(client)


def test_what_ray_holds_is_in_memory(server: TeamServer) -> None:
    (raylet,) = [command for command in server.processes().values() if "/raylet " in command]
    assert {"--plasma_directory=/dev/shm", "--fallback_directory=/dev/shm"} <= {*raylet.split()}
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    assert ["/dev/shm", "tmpfs"] in mounts


def test_no_word_prompt_name_or_key_is_logged_or_counted(
    server: TeamServer, front: Front, client: openai.OpenAI, audio: Audio
) -> None:
    text = client.audio.transcriptions.create(file=flac(audio), model="whisper-1", prompt=PROMPT).text
    secrets = ["Zanzibar", "secretly-named", KEY, server.token, text[:20]]
    written = [path.read_text(errors="replace") for path in [*server.logs(), front.log]]
    until(lambda: 'deployment="Whisper"' in httpx2.get(server.metrics).text, "the request is counted")
    assert any("speech" in log for log in written), "these are the logs"
    assert "server running" in written[-1]
    assert not [secret for secret in secrets for log in [*written, httpx2.get(server.metrics).text] if secret in log]


@pytest.fixture(scope="module")
def small_server(server: TeamServer) -> TeamServer:
    """The server from here on: a single dictation at a time, which may pause for seconds, and replicas that are soon
    found to hang."""
    before = server.replicas()
    server.settings = {"max_dictations": 1, "max_pause_s": 10}
    server.deployment = {"health_check_period_s": 1, "health_check_timeout_s": 3}
    server.deploy()
    until(lambda: server.replicas() and not {*before} & {*server.replicas()}, "the new one is deployed", 300)
    until(server.answers, "it answers", 300)
    return server


def test_a_replica_that_hangs_as_it_decodes_costs_no_answer(
    small_server: TeamServer, client: openai.OpenAI, minutes: Audio, minutes_text: str
) -> None:
    until_loaded(client)
    before = small_server.replicas()
    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(transcribe, client, minutes)
        until_at_work(before)
        kill(before, signal.SIGSTOP)
        assert asked.result() == minutes_text
    assert small_server.replicas() != before


@pytest.mark.anyio
async def test_a_half_sent_dictation_gives_its_place_back(small_server: TeamServer, front: Front, audio: Audio) -> None:
    client = ServiceClient(ssl_context=front.context)
    there, refusals = team(front), list[ServiceError]()
    begun = anyio.Event()

    async def half() -> AsyncIterator[bytes]:
        yield b"--x"
        begun.set()
        await anyio.sleep_forever()

    async def hold() -> None:
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        with pytest.raises(ServiceError) as refused:
            await client.request(there, "POST", "/audio/transcriptions", headers=headers, body=half)
        refusals.append(refused.value)

    await client.warm(there)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(hold)
        await begun.wait()
        await client.request(there, "GET", "/models")  # what was sent before has arrived
        with pytest.raises(ServiceError, match="is busy"):
            await compatible(front, client).transcribe(iterate_frames(audio), ignore)
    assert refusals[0].status == 408
    said = await compatible(front, client).transcribe(iterate_frames(audio), ignore)
    assert said.text == heard_locally(audio)
    await client.aclose()
