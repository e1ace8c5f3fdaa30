"""Choose what to measure of a service, from the settings."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from desktop.core.errors import CredentialsError
from desktop.credentials import store as credentials
from desktop.doctor.network.probe import Endpoint
from desktop.network import provider_models as offers
from desktop.network import services
from desktop.settings.schema import AUTO, Settings

UPLOAD_SERVICES = ("openai", "deepgram", "compatible")
"""Services that receive audio in requests."""


def create_endpoint(name: str, settings: Settings, uploads: bool) -> Endpoint:
    """Return the endpoint of the service called `name`, one of `services.NAMES`; with `uploads` noise may be sent to
    it. Blocks."""
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
    return offers.recommend_model(name, {}, date.today()) if chosen == AUTO and name == "openai" else chosen


def _key_location(name: str, settings: Settings) -> str:
    try:
        if name == "polish":
            return credentials.look_up_polish_key(settings.polish.url).place
        return credentials.find_key_place(name.removesuffix("-live"))
    except CredentialsError as problem:
        return problem.title
