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
from typing import Any
from urllib.parse import urlsplit

import anyio
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidStatus, WebSocketException

from desktop.core.errors import Problem, ServiceProblem
from desktop.core.visible import visible
from desktop.doctor.network import upload
from desktop.doctor.network.measurement import Measured, Opened, Page, Stage, Trouble
from desktop.doctor.network.providers import Provider, provider
from desktop.doctor.network.told import told
from desktop.doctor.network.way import Stopped, Trust, way
from desktop.network import provider_models as offers
from desktop.network.client import Answer, Client
from desktop.network.endpoint import Secret, Service
from desktop.network.errors import explained, refused
from desktop.network.provider_models import TRANSCRIBES
from desktop.network.websockets import Straight
from desktop.settings.schema import AUTO

ANSWER_S = 15.0
"""Timeout in seconds of a request."""

WARM = 3
"""Number of requests on the kept connection; their median counts."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What to measure of the service called `name`.

    `path` is requested below its URL, `socket` is the URL of its WebSocket, if it has one. `key_location` says where
    its key is stored; `model` transcribes the uploaded noise: empty sends none, `auto` chooses the first listed model
    that transcribes.
    """

    name: str
    service: Service
    path: str = "/models"
    socket: str = ""
    whence: str = ""
    model: str = ""


async def measure(
    endpoint: Endpoint, http: str = "2", trust: Trust = ssl.create_default_context, known: Provider | None = None
) -> Measured:
    """Measure everything. A failure is recorded as `trouble`, beside what was measured before; `http` is as in the
    settings."""
    probe = _Probe(endpoint, http, trust, known or provider(endpoint.service.host))
    try:
        await probe.run()
    except Stopped as stopped:
        probe.note(trouble=stopped.trouble)
    finally:
        await probe.client.aclose()
    return probe.measured


class _Probe:
    """One measurement in progress; `measured` grows."""

    def __init__(self, endpoint: Endpoint, http: str, trust: Trust, known: Provider) -> None:
        service = endpoint.service
        self.measured = Measured(
            endpoint.name, service.host, service.name, wanted=http, usual=known.http, key=endpoint.whence
        )
        self.client = Client(http, trust())
        self._endpoint, self._known, self._trust, self._http = endpoint, known, trust, http
        self._service = service
        self._lacks: Trouble | None = None
        self._listed = b""

    def note(self, **found: Any) -> None:
        self.measured = replace(self.measured, **found)

    async def run(self) -> None:
        """Run all steps in order. Raises `ProbeStopped`."""
        if self._known.status:
            self.note(page=await page(self.client, self._known.status))
        await self._without_a_key_where_there_is_none()
        await way(self._service, self._http, self._trust, lambda known: self.note(way=known))
        await (self._socket() if self._endpoint.socket else self._requests())
        if self._lacks:
            raise Stopped(self._lacks)
        if self._endpoint.model:
            await self._upload()

    async def _without_a_key_where_there_is_none(self) -> None:
        """Continue without a key if there is none: the connection can be measured without it, and the lack is reported
        afterwards."""
        try:
            await self._service.headers()
        except Problem as problem:
            self._lacks = Trouble(Stage.KEY, problem.title, problem.remedy)
            keyless = Secret(self._service.secret.name, lambda name: "")
            self._service = replace(self._service, secret=keyless, optional=True)

    async def _requests(self) -> None:
        """Send one request on a new connection, and some on the kept one."""
        cold = await self._ask()
        self.note(cold=cold.phases, http=cold.phases.http)
        self._heard(cold.headers)
        self._refused(cold.status, cold.headers, cold.content)
        warm = sorted([await self._ask() for _ in range(WARM)], key=lambda answer: answer.phases.wait_s or 0.0)
        middle = warm[WARM // 2]
        self.note(warm=middle.phases)
        self._heard(middle.headers)
        self._listed = middle.content

    async def _ask(self) -> Answer:
        try:
            with anyio.fail_after(ANSWER_S):
                return await self.client.ask(self._service, "GET", self._endpoint.path, anyhow=True)
        except (ServiceProblem, TimeoutError) as error:
            raise Stopped(self._request_trouble(error)) from error

    async def _socket(self) -> None:
        """Open a WebSocket and ping it."""
        made_at = 0.0

        class Watched(ClientConnection):
            def connection_made(self, transport: Any) -> None:
                nonlocal made_at
                made_at = time.monotonic()
                super().connection_made(transport)

        context = None
        if urlsplit(self._endpoint.socket).scheme == "wss":
            context = self._trust()
            context.set_alpn_protocols(["http/1.1"])
        headers, began = await self._service.headers(), time.monotonic()
        try:
            async with Straight(
                self._endpoint.socket,
                additional_headers=headers,
                user_agent_header="Intone",
                ssl=context,
                open_timeout=ANSWER_S,
                close_timeout=1.0,
                create_connection=Watched,
            ) as socket:
                now = time.monotonic()
                self.note(opened=Opened(now - made_at, now - began), http="HTTP/1.1")
                self._heard(socket.response.headers if socket.response else {})
                with anyio.fail_after(ANSWER_S):
                    await (await socket.ping())  # two awaits: for the ping to be sent, and for its answer
                self.note(opened=Opened(now - made_at, now - began, time.monotonic() - now))
        except InvalidStatus as error:
            now, answer = time.monotonic(), error.response
            self.note(opened=Opened(now - made_at, now - began), http="HTTP/1.1")
            self._heard(answer.headers)
            self._refused(answer.status_code, answer.headers, bytes(answer.body or b""))
        except (WebSocketException, OSError, EOFError) as error:
            raise Stopped(self._request_trouble(error)) from error

    async def _upload(self) -> None:
        """Measure the upload rate with noise."""
        before, model = self.measured.told, self._endpoint.model
        if model == AUTO:
            names = offers.listing(self._listed).names
            model = next(filter(TRANSCRIBES.search, names), "")
        try:
            with anyio.fail_after(upload.PATIENCE_S):
                size, answer = await upload.send(self.client, self._service, self._endpoint.name, model)
        except (ServiceProblem, TimeoutError) as error:
            raise Stopped(self._request_trouble(error)) from error
        self._refused(answer.status, answer.headers, answer.content)
        after = told(answer.headers, datetime.now(UTC))
        self.note(
            upload=upload.rate(size, answer.phases, after, self.measured.way.tcp_s or 0.0),
            told=replace(before, headers={**after.headers, **before.headers}, spent=after.spent or before.spent),
        )

    def _heard(self, headers: Mapping[str, str]) -> None:
        small = {name.lower(): value for name, value in headers.items()}
        self.note(told=told(small, datetime.now(UTC)))

    def _refused(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Stop at an error status, unless it only confirms the known lack of a key."""
        if not 200 <= status < 300 and not (self._lacks and status in (401, 403)):
            problem = refused(self._service, status, headers, body)
            raise Stopped(Trouble(Stage.REQUEST, problem.title, problem.remedy, status))

    def _request_trouble(self, error: Exception) -> Trouble:
        problem = error if isinstance(error, ServiceProblem) else explained(self._service, error)
        return Trouble(Stage.REQUEST, problem.title, problem.remedy)


async def page(client: Client, url: str) -> Page:
    """Read the status page at `url`; a failure to reach it is not a failure of the service."""
    base, _, path = url.partition("/api/")
    there = Service("The status page", base, Secret("", lambda name: ""), optional=True)
    try:
        with anyio.fail_after(ANSWER_S):
            answer = await client.ask(there, "GET", f"/api/{path}")
        status = json.loads(answer.content)["status"]
        return Page(visible(status["indicator"]), visible(status["description"]).rstrip("."))
    except (ServiceProblem, TimeoutError) as error:
        return Page("", str(error) or "It did not answer in time.")
    except (ValueError, KeyError, TypeError, RecursionError):
        return Page("", "The status page gave an answer that makes no sense.")
