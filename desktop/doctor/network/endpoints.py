"""Choose what to measure of a service, from the settings."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from desktop.core.errors import CredentialsProblem
from desktop.credentials import store as credentials
from desktop.doctor.network.probe import Endpoint
from desktop.network import provider_models as offers
from desktop.network import services
from desktop.settings.schema import AUTO, Settings

HEARERS = ("openai", "deepgram", "compatible")
"""Services that receive audio in requests."""


def endpoint(name: str, settings: Settings, uploads: bool) -> Endpoint:
    """Return the endpoint of the service called `name`, one of `services.NAMES`; with `uploads` noise may be sent to
    it. Blocks."""
    service = services.service(name, settings)
    model = _model(name, settings) if uploads and name in HEARERS else ""
    return Endpoint(
        name, service, services.listing(name), _socket(name, service.url, settings), _whence(name, settings), model
    )


def _socket(name: str, url: str, settings: Settings) -> str:
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


def _model(name: str, settings: Settings) -> str:
    chosen: str = getattr(settings.engines, name).model
    return offers.recommended(name, {}, date.today()) if chosen == AUTO and name == "openai" else chosen


def _whence(name: str, settings: Settings) -> str:
    try:
        if name == "polish":
            return credentials.found_for_polish(settings.polish.url).where
        return credentials.where(name.removesuffix("-live"))
    except CredentialsProblem as problem:
        return problem.title
