"""Measure all services and judge them, for the command line and the doctor's window.

The window runs this in its own process, unlike the other checks: API keys from the environment are not inherited by
child processes, and without them the answers would differ from those of a dictation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import anyio

from desktop.core.errors import CredentialsError, UserError
from desktop.core.messages import Message
from desktop.core.paths import find_paths
from desktop.credentials import store
from desktop.doctor.network import report
from desktop.doctor.network.measurement import ServiceMeasurement
from desktop.doctor.network.probe import Endpoint, measure_service
from desktop.doctor.network.verdict import NetworkVerdict, judge_all
from desktop.llm.prompts import count_prompt_tokens
from desktop.network import provider_models, services
from desktop.settings.live import load_in_force
from desktop.settings.schema import AUTO, Settings

UPLOAD_SERVICES = ("openai", "deepgram", "compatible")
"""Services that receive audio in requests."""


@dataclass(frozen=True, slots=True)
class NetworkReport:
    """The measurements of the services, the token counts of the prompts sent, and the verdict."""

    measured: Sequence[ServiceMeasurement]
    tokens: Mapping[str, int]
    verdict: NetworkVerdict

    def json(self) -> dict[str, Any]:
        """Return the report as JSON; see `build_report`."""
        return report.build_report(self.measured, self.tokens, self.verdict)

    def text(self, say: report.Say = str) -> str:
        """Return the report as text; see `format_report`."""
        return report.format_report(self.measured, self.tokens, self.verdict, say)


def measure_services(name: str = "", uploads: bool = False) -> NetworkReport:
    """Measure the configured services, or the one called `name`; `uploads` sends noise, charged like speech.

    Blocks for some seconds; do not call from a running event loop. Raises `UserError` where no service is configured.
    """
    settings = load_in_force(find_paths()).settings
    names = (name,) if name else services.list_used_services(settings)
    if not names:
        raise UserError("services-unused")
    endpoints = [create_endpoint(each, settings, uploads) for each in names]

    async def measure_each() -> list[ServiceMeasurement]:
        return [await measure_service(endpoint, settings.network.http) for endpoint in endpoints]

    measurements = anyio.run(measure_each)
    tokens = dict(count_prompt_tokens()) if "polish" in names else {}
    return NetworkReport(measurements, tokens, judge_all(measurements, tokens))


def create_endpoint(name: str, settings: Settings, uploads: bool) -> Endpoint:
    """Return the endpoint of the service called `name`, as in `services.build_service`; with `uploads` noise may be
    sent to it. Blocks."""
    service = services.build_service(name, settings)
    model = _choose_model(name, settings) if uploads and name in UPLOAD_SERVICES else ""
    return Endpoint(
        name,
        service,
        services.probe_path(name),
        _socket_url(name, service.url, settings),
        _key_location(name, settings),
        model,
    )


def _socket_url(name: str, url: str, settings: Settings) -> str:
    """Return the URL of the service's WebSocket with its required query; empty if it has none."""
    match name:
        case "openai-live":
            query = {} if "?" in url else {"intent": "transcription"}
        case "deepgram-live":
            model = settings.engines.deepgram_live.model
            query = {"model": model, "encoding": "linear16", "sample_rate": "16000"}
        case _:
            return ""
    return f"{url}?{urlencode(query)}" if query else url


def _choose_model(name: str, settings: Settings) -> str:
    chosen: str = getattr(settings.engines, name).model
    return provider_models.recommend_model(name, {}, date.today()) if chosen == AUTO and name == "openai" else chosen


def _key_location(name: str, settings: Settings) -> Message | None:
    try:
        if name == "polish":
            return store.look_up_polish_key(settings.polish.url).place
        return store.find_key_place(name.removesuffix("-live"))
    except CredentialsError as problem:
        return problem.message
