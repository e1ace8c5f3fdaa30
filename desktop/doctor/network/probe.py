"""Measure one service: the connection with our own sockets, then requests with the app's client.

The client's timings alone do not suffice: it counts DNS and connection as one, and after a first request the system may
have cached the name. So the connection is measured first.
"""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import anyio
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidStatus, WebSocketException

from desktop.core.errors import ServiceError, UserError
from desktop.core.files import read_package_toml
from desktop.core.messages import Message
from desktop.core.text import make_printable
from desktop.doctor.network import upload
from desktop.doctor.network.connection import CreateSSLContext, ProbeStopped, measure_connection
from desktop.doctor.network.measurement import (
    NetworkFailure,
    ServiceMeasurement,
    Stage,
    StatusPage,
    WebSocketTimes,
    parse_headers,
)
from desktop.network import provider_models
from desktop.network.client import ServiceAnswer, ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.network.errors import refusal_error, service_error
from desktop.network.provider_models import TRANSCRIPTION_NAMES
from desktop.network.websockets import DirectConnect
from desktop.settings.schema import AUTO

REQUEST_TIMEOUT_S = 15.0
"""Timeout in seconds of a request."""

WARM_REQUESTS = 3
"""Number of requests on the kept connection; their median counts."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What to measure of the service called `name`.

    `path` is requested below its URL, `socket` is the URL of its WebSocket, if it has one. `key_location` says where
    its key is stored, or why that is unknown; `model` transcribes the uploaded noise: empty sends none, `auto` chooses
    the first listed model that transcribes.
    """

    name: str
    service: Service
    path: str = "/models"
    socket: str = ""
    key_location: Message | None = None
    model: str = ""


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """Known facts about a provider: `status` is the URL of its status page's JSON, `http` the HTTP version that it
    normally speaks."""

    status: str = ""
    http: str = ""


async def measure_service(
    endpoint: Endpoint,
    http: str = "2",
    create_ssl_context: CreateSSLContext = ssl.create_default_context,
    provider: ProviderFacts | None = None,
) -> ServiceMeasurement:
    """Measure everything. A failure is recorded as `failure`, beside what was measured before; `http` is as in the
    settings."""
    probe = _Probe(endpoint, http, create_ssl_context, provider or find_provider(endpoint.service.host))
    try:
        await probe.run()
    except ProbeStopped as stopped:
        probe.note(failure=replace(stopped.failure, message=stopped.failure.message.outside_dictation()))
    finally:
        await probe.client.aclose()
    return probe.measured


class _Probe:
    """One measurement in progress; `measured` grows."""

    def __init__(
        self, endpoint: Endpoint, http: str, create_ssl_context: CreateSSLContext, provider: ProviderFacts
    ) -> None:
        service = endpoint.service
        self.measured = ServiceMeasurement(
            endpoint.name,
            service.host,
            service.name,
            offered_http=http,
            usual_http=provider.http,
            key_location=endpoint.key_location,
        )
        self.client = ServiceClient(http, create_ssl_context())
        self._endpoint, self._provider, self._http = endpoint, provider, http
        self._create_ssl_context = create_ssl_context
        self._service = service
        self._missing_key: NetworkFailure | None = None
        self._model_list = b""

    def note(self, **values: Any) -> None:
        self.measured = replace(self.measured, **values)

    async def run(self) -> None:
        """Run all steps in order. Raises `ProbeStopped`."""
        if self._provider.status:
            self.note(status_page=await fetch_status_page(self.client, self._provider.status))
        await self._allow_missing_key()
        await measure_connection(
            self._service, self._http, self._create_ssl_context, lambda times: self.note(connection=times)
        )
        await (self._measure_socket() if self._endpoint.socket else self._measure_requests())
        if self._missing_key:
            raise ProbeStopped(self._missing_key)
        if self._endpoint.model:
            await self._measure_upload()

    async def _allow_missing_key(self) -> None:
        """Continue without a key if there is none: the connection can be measured without it, and the lack is reported
        afterwards."""
        try:
            await self._service.auth_headers()
        except UserError as problem:
            self._missing_key = NetworkFailure(Stage.KEY, problem.message)
            keyless = ServiceKey(self._service.secret.name, lambda name: "")
            self._service = replace(self._service, secret=keyless, is_key_optional=True)

    async def _measure_requests(self) -> None:
        """Send one request on a new connection, and some on the kept one."""
        cold = await self._request()
        self.note(cold=cold.timing, http=cold.timing.http)
        self._note_headers(cold.headers)
        self._require_success(cold.status, cold.headers, cold.content)
        warm = sorted(
            [await self._request() for _ in range(WARM_REQUESTS)], key=lambda answer: answer.timing.wait_s or 0.0
        )
        median = warm[WARM_REQUESTS // 2]
        self.note(warm=median.timing)
        self._note_headers(median.headers)
        self._model_list = median.content

    async def _request(self) -> ServiceAnswer:
        try:
            with anyio.fail_after(REQUEST_TIMEOUT_S):
                return await self.client.request(self._service, "GET", self._endpoint.path, allow_error_status=True)
        except (ServiceError, TimeoutError) as error:
            raise ProbeStopped(self._request_failure(error)) from error

    async def _measure_socket(self) -> None:
        """Open a WebSocket and ping it."""
        connected_at = 0.0

        class TimedConnection(ClientConnection):
            def connection_made(self, transport: Any) -> None:
                nonlocal connected_at
                connected_at = time.monotonic()
                super().connection_made(transport)

        context = None
        if urlsplit(self._endpoint.socket).scheme == "wss":
            context = self._create_ssl_context()
            context.set_alpn_protocols(["http/1.1"])
        headers, started_at = await self._service.auth_headers(), time.monotonic()
        try:
            async with DirectConnect(
                self._endpoint.socket,
                additional_headers=headers,
                user_agent_header="Intone",
                ssl=context,
                open_timeout=REQUEST_TIMEOUT_S,
                close_timeout=1.0,
                create_connection=TimedConnection,
            ) as socket:
                now = time.monotonic()
                self.note(websocket=WebSocketTimes(now - connected_at, now - started_at), http="HTTP/1.1")
                self._note_headers(socket.response.headers if socket.response else {})
                with anyio.fail_after(REQUEST_TIMEOUT_S):
                    await (await socket.ping())  # two awaits: for the ping to be sent, and for its answer
                self.note(websocket=WebSocketTimes(now - connected_at, now - started_at, time.monotonic() - now))
        except InvalidStatus as error:
            now, answer = time.monotonic(), error.response
            self.note(websocket=WebSocketTimes(now - connected_at, now - started_at), http="HTTP/1.1")
            self._note_headers(answer.headers)
            self._require_success(answer.status_code, answer.headers, bytes(answer.body or b""))
        except (WebSocketException, OSError, EOFError) as error:
            raise ProbeStopped(self._request_failure(error)) from error

    async def _measure_upload(self) -> None:
        """Measure the upload rate with noise."""
        facts_before, model = self.measured.facts, self._endpoint.model
        if model == AUTO:
            names = provider_models.parse_listing(self._model_list).names
            model = next(filter(TRANSCRIPTION_NAMES.search, names), "")
        try:
            with anyio.fail_after(upload.UPLOAD_TIMEOUT_S):
                size, answer = await upload.send_noise(self.client, self._service, self._endpoint.name, model)
        except (ServiceError, TimeoutError) as error:
            raise ProbeStopped(self._request_failure(error)) from error
        self._require_success(answer.status, answer.headers, answer.content)
        facts = parse_headers(answer.headers, datetime.now(UTC))
        self.note(
            upload=upload.compute_rate(size, answer.timing, facts, self.measured.connection.tcp_s or 0.0),
            facts=replace(
                facts_before,
                headers={**facts.headers, **facts_before.headers},
                exhausted_limits=facts.exhausted_limits or facts_before.exhausted_limits,
            ),
        )

    def _note_headers(self, headers: Mapping[str, str]) -> None:
        lower_case = {name.lower(): value for name, value in headers.items()}
        self.note(facts=parse_headers(lower_case, datetime.now(UTC)))

    def _require_success(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Stop at an error status, unless it only confirms the known lack of a key."""
        if not 200 <= status < 300 and not (self._missing_key and status in (401, 403)):
            problem = refusal_error(self._service, status, headers, body)
            raise ProbeStopped(NetworkFailure(Stage.REQUEST, problem.message, status))

    def _request_failure(self, error: Exception) -> NetworkFailure:
        problem = error if isinstance(error, ServiceError) else service_error(self._service, error)
        return NetworkFailure(Stage.REQUEST, problem.message)


async def fetch_status_page(client: ServiceClient, url: str) -> StatusPage:
    """Read the status page at `url`; a failure to reach it is not a failure of the service."""
    base, _, path = url.partition("/api/")
    service = Service("The status page", base, ServiceKey("", lambda name: ""), is_key_optional=True)
    try:
        with anyio.fail_after(REQUEST_TIMEOUT_S):
            answer = await client.request(service, "GET", f"/api/{path}")
        status = json.loads(answer.content)["status"]
        return StatusPage(make_printable(status["indicator"]), make_printable(status["description"]).rstrip("."))
    except ServiceError as error:
        return StatusPage("", "", error.message.outside_dictation())
    except TimeoutError:
        return StatusPage("", "", Message("status-page-silent"))
    except (ValueError, KeyError, TypeError, RecursionError):
        return StatusPage("", "", Message("status-page-invalid"))


def find_provider(host: str) -> ProviderFacts:
    """Return the facts known about `host`."""
    return ProviderFacts(**_load_providers().get(host, {}))


@cache
def _load_providers() -> dict[str, dict[str, str]]:
    return read_package_toml("desktop.doctor.network", "providers.toml")
