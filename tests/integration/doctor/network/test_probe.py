"""The way to a service measured over real sockets: TLS, HTTP/2, WebSockets, and a relay that makes it long."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from desktop.core.messages import Message
from desktop.doctor.network.measurement import ServiceMeasurement, Stage, StatusPage
from desktop.doctor.network.probe import Endpoint, ProviderFacts, find_provider, measure_service
from desktop.doctor.network.report import build_report, format_report
from desktop.doctor.network.verdict import judge_all
from desktop.network.endpoint import Service, ServiceKey
from tests.support.cloud.deepgram import Deepgram
from tests.support.cloud.faults import At, refused
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.relay import relayed
from tests.support.cloud.tls_server import Served, serve, trusting

ROOT = Path(__file__).parents[4]
KEY = "sk-test-0123456789abcdef"
RTT_S = 0.2
LEAST_S = 0.95 * RTT_S
"""What a round trip takes by two clocks that are read at slightly different moments."""


@pytest.fixture(scope="module")
def openai() -> Iterator[tuple[OpenAI, Served]]:
    server = OpenAI(key=KEY)
    with serve(server) as served:
        yield server, served


def endpoint(url: str, key: str = KEY, **more: str) -> Endpoint:
    """OpenAI's transcriptions at `url`."""
    return Endpoint("openai", Service("OpenAI", f"{url}/v1", ServiceKey("openai", lambda name: key)), **more)


async def measured(one: Endpoint, http: str = "2", known: ProviderFacts | None = None) -> ServiceMeasurement:
    return await measure_service(one, http, trusting, known)


@pytest.mark.anyio
@pytest.mark.parametrize(("http", "spoken", "agreed"), [("2", "HTTP/2", "h2"), ("1.1", "HTTP/1.1", "http/1.1")])
async def test_every_stage_measured_cold_and_kept_alive(
    openai: tuple[OpenAI, Served], http: str, spoken: str, agreed: str
) -> None:
    found = await measured(endpoint(openai[1].url), http)
    way = found.connection
    assert None not in (way.dns_s, way.tcp_s, way.tls_s)
    assert (way.tls_version, way.alpn, way.issuer[:7]) == ("TLSv1.3", agreed, "trustme")
    assert found.http == spoken
    assert found.cold is not None
    assert found.warm is not None
    assert found.cold.tls_s is not None
    assert found.warm.tls_s is None
    assert found.facts.headers["x-ratelimit-remaining-requests"] == "499"
    assert found.facts.processing_s is not None
    assert found.failure is None
    assert judge_all([found]).usable


@pytest.mark.anyio
async def test_long_way_seen_in_exchanges_and_verdict(openai: tuple[OpenAI, Served]) -> None:
    with relayed(openai[1], rtt_s=RTT_S, up_bit_s=None) as relay:
        found = await measured(endpoint(relay.url))
    assert found.connection.tls_s is not None
    assert found.cold is not None
    assert found.warm is not None
    assert found.connection.tls_s >= 2 * LEAST_S, "the relay adds the handshake of TCP to the first bytes"
    assert found.warm.wait_s is not None
    assert LEAST_S <= found.warm.wait_s < found.cold.total_s
    assert judge_all([found]).owner == "network"


@pytest.mark.anyio
async def test_an_upload_tells_the_rate_of_the_link(openai: tuple[OpenAI, Served]) -> None:
    server, served = openai
    with relayed(served, rtt_s=0.02, up_bit_s=4e6) as relay:
        found = await measured(endpoint(relay.url, model="gpt-transcribe"))
    assert found.upload is not None
    assert not found.upload.at_least
    assert 2e6 < found.upload.bit_s < 5e6
    assert server.asked[-1].name == "noise.wav"
    assert found.upload.size > len(server.asked[-1].audio) > 300_000


@pytest.mark.anyio
async def test_deepgram_is_sent_noise_in_its_own_way() -> None:
    server = Deepgram(key=KEY)
    with serve(server) as served:
        service = Service("Deepgram", f"{served.url}/v1", ServiceKey("deepgram", lambda name: KEY), "Token")
        found = await measured(Endpoint("deepgram", service, "/projects", model="nova-3"))
    assert found.upload is not None
    assert server.paths()[-1] == "/v1/listen"
    assert found.facts.headers["dg-request-id"]


@pytest.mark.anyio
async def test_socket_measured_to_upgrade_and_ping(openai: tuple[OpenAI, Served]) -> None:
    with relayed(openai[1], rtt_s=RTT_S, up_bit_s=None) as relay:
        one = endpoint(relay.sockets, socket=f"{relay.sockets}/v1/realtime?intent=transcription")
        found = await measured(one)
    assert found.websocket is not None
    assert found.websocket.upgrade_s is not None
    assert found.websocket.total_s is not None
    assert found.websocket.pong_s is not None
    assert LEAST_S <= found.websocket.upgrade_s <= found.websocket.total_s - 2 * LEAST_S
    assert found.websocket.pong_s >= LEAST_S
    assert found.failure is None


@pytest.mark.anyio
async def test_a_key_that_a_socket_does_not_accept_is_said(openai: tuple[OpenAI, Served]) -> None:
    url = openai[1].sockets
    found = await measured(endpoint(url, "sk-wrong", socket=f"{url}/v1/realtime?intent=transcription"))
    assert found.websocket is not None
    assert found.failure is not None
    assert (found.failure.status, judge_all([found]).owner) == (401, "account")


@pytest.mark.anyio
async def test_without_key_way_is_still_measured(openai: tuple[OpenAI, Served]) -> None:
    found = await measured(endpoint(openai[1].url, key="", model="gpt-transcribe"))
    assert found.warm is not None
    assert found.upload is None
    assert found.failure is not None
    assert found.failure.message.title == "There is no key for OpenAI."
    assert judge_all([found]).owner == "account"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("status", "headers", "error", "whose", "says"),
    [
        (429, {"retry-after": "7"}, "rate_limit_exceeded", "account", "It asks to wait 7 s."),
        (429, {}, "insufficient_quota", "account", "out of credit"),
        (503, {}, "server_error", "service", "has a problem of its own (status 503)"),
        (404, {}, "not_found", "settings", "does not know this model or address"),
    ],
)
async def test_a_refusal_is_the_services_or_the_accounts(
    status: int, headers: dict[str, str], error: str, whose: str, says: str
) -> None:
    server = OpenAI(key=KEY, faults=[refused(At.MODELS, status, headers, error={"code": error})])
    with serve(server) as served:
        found = await measured(endpoint(served.url))
    assert found.cold is not None
    assert found.facts.retry_after_s == (7.0 if headers else None)
    assert judge_all([found]).owner == whose
    assert says in str(judge_all([found]).message)
    assert "kept" not in str(judge_all([found]).message)


@pytest.mark.anyio
async def test_an_account_without_credit_shows_at_the_upload() -> None:
    empty = refused(At.TRANSCRIPTION, 429, error={"code": "insufficient_quota"})
    with serve(OpenAI(faults=[empty])) as served:
        found = await measured(endpoint(served.url, model="gpt-transcribe"))
    assert (found.upload, judge_all([found]).owner) == (None, "account")
    assert "out of credit" in str(judge_all([found]).message)


@pytest.mark.anyio
async def test_intercepting_certificate_blames_network() -> None:
    stranger = trustme.CA().issue_cert("localhost")
    with serve(OpenAI(), certificate=stranger) as served:
        found = await measured(endpoint(served.url))
    assert found.failure is not None
    assert (found.failure.stage, judge_all([found]).owner) == (Stage.ENCRYPT, "network")
    assert found.connection.tcp_s is not None
    assert "not trusted" in found.failure.message.title


@pytest.mark.anyio
async def test_down_server_told_from_unknown_name() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    down = await measured(endpoint(f"https://127.0.0.1:{port}"))
    assert down.failure is not None
    assert (down.failure.stage, judge_all([down]).owner) == (Stage.CONNECT, "service")
    lost = await measured(endpoint("https://nowhere.invalid"))
    assert lost.failure is not None
    assert (lost.failure.stage, judge_all([lost]).owner) == (Stage.NAME, "network")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("body", "page"),
    [
        ({"status": {"indicator": "major", "description": "Partial outage."}}, StatusPage("major", "Partial outage")),
        ({"status": {"indicator": "none", "description": "A\x1b[2JB"}}, StatusPage("none", "A [2JB")),
        (["nothing"], StatusPage("", "", Message("status-page-invalid"))),
    ],
)
async def test_the_providers_status_page_is_asked(
    openai: tuple[OpenAI, Served], body: object, page: StatusPage
) -> None:
    async def status(request: Request) -> Response:
        return JSONResponse(body)

    with serve(Starlette(routes=[Route("/api/v2/status.json", status)])) as served:
        known = ProviderFacts(f"{served.url}/api/v2/status.json", "HTTP/2")
        found = await measured(endpoint(openai[1].url), known=known)
    assert (found.status_page, found.usual_http) == (page, "HTTP/2")
    assert ("Partial outage" in str(judge_all([found]).message)) == (page.indicator == "major")


@pytest.mark.anyio
async def test_unreachable_status_page_only_reported(openai: tuple[OpenAI, Served]) -> None:
    found = await measured(endpoint(openai[1].url), known=ProviderFacts("https://nowhere.invalid/api/v2/status.json"))
    assert found.status_page is not None
    assert "nowhere.invalid was not found" in str(found.status_page.failure)
    assert found.failure is None
    assert "status page: nowhere.invalid was not found" in format_report([found], {}, judge_all([found]))


def test_the_status_pages_are_known_by_host() -> None:
    assert find_provider("api.openai.com").status == "https://status.openai.com/api/v2/status.json"
    assert find_provider("api.deepgram.com").status
    assert find_provider("localhost:8000") == ProviderFacts()


def doctor(home: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if not name.endswith("_KEY")}
    done = subprocess.run(
        [sys.executable, "-m", "desktop", "doctor", *arguments],
        env={
            **known,
            "INTONE_HOME": str(home),
            "XDG_RUNTIME_DIR": str(home),
            "PYTHONPATH": str(ROOT),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            **environ,
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    return done


def test_the_command_measures_what_the_settings_use(openai: tuple[OpenAI, Served], tmp_path: Path) -> None:
    served = openai[1]
    (tmp_path / "settings.toml").write_text(
        f'[recognizer]\nengine = "openai-live"\n[engines.openai_live]\nurl = "{served.url}/v1"\n'
        f'[polish]\nmode = "llm"\nurl = "{served.url}/v1"\n'
    )
    done = doctor(tmp_path, "--network", "--json", OPENAI_API_KEY=KEY, INTONE_POLISH_KEY=KEY, **served.environ)
    told = json.loads(done.stdout)
    assert done.returncode == 0
    live, polish = told["endpoints"]
    assert (live["name"], polish["name"]) == ("openai-live", "polish")
    assert (live["upgrade_ms"] > 0, live["ping_ms"] > 0, polish["kept"]["first_byte_ms"] > 0) == (True, True, True)
    assert live["key"] == "the environment (OPENAI_API_KEY)"
    assert set(told["prompt_tokens"]) >= {"polish", "emotion"}
    assert told["usable"]
    assert told["verdict"]
    assert KEY not in done.stdout + done.stderr


def test_the_command_says_it_to_people(openai: tuple[OpenAI, Served], tmp_path: Path) -> None:
    served = openai[1]
    (tmp_path / "settings.toml").write_text(f'[engines.openai]\nurl = "{served.url}/v1"\n')
    (tmp_path / "keys.toml").write_text(f'openai = "{KEY}"\n')
    done = doctor(tmp_path, "--network", "openai", **served.environ)
    assert done.returncode == 0
    header, cold, kept, *_ = done.stdout.splitlines()
    assert header.split()[:4] == ["ms", "DNS", "TCP", "TLS"]
    assert (cold.split()[0], kept.split()[0]) == ("openai", "kept")
    assert "the key is in the file keys.toml, unencrypted" in done.stdout
    assert "upload: not measured; --upload sends 10 s of noise" in done.stdout
    assert "localhost" in done.stdout.splitlines()[-1], "the verdict comes last"
    (tmp_path / "keys.toml").unlink()
    lacking = doctor(tmp_path, "--network", "openai", **served.environ)
    assert lacking.returncode == 1
    assert "It is your account: There is no key for OpenAI." in lacking.stdout


def test_without_a_service_there_is_nothing_to_measure(tmp_path: Path) -> None:
    done = doctor(tmp_path, "--network")
    assert done.returncode == 1
    assert "The settings use no service, so nothing leaves this machine." in done.stderr


def test_report_unmeasured_has_no_figures() -> None:
    nothing = ServiceMeasurement("openai", "api.openai.com", "OpenAI")
    told = build_report([nothing], {}, judge_all([nothing]))["endpoints"][0]
    assert (told["dns_ms"], told["cold"], told["upload_mbit_s"], told["status_page"]) == (None, None, None, None)
