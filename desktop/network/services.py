"""The network services by their command-line names, built from the settings: address, key, and a free request to test
them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from desktop.core.errors import ServiceError, UserError
from desktop.core.messages import Message, Notes
from desktop.credentials import store
from desktop.network import endpoint
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.network.openai_sdk import OpenAIClient, load_openai
from desktop.settings.schema import LOCAL, Settings
from desktop.settings.store import get_setting

CLOUD_ENGINES = ("openai", "openai-live", "deepgram", "deepgram-live", "compatible")
"""The values of `recognizer.engine` that are services."""

SERVICE_NAMES = (*CLOUD_ENGINES, "polish")


def list_used_services(settings: Settings) -> tuple[str, ...]:
    """Return the services that a dictation uses with these settings."""
    engine = settings.recognizer.engine
    uses_llm = settings.polish.mode == "llm" or settings.emotion.engine == "llm" or bool(settings.hotkey.edit)
    uses_llm = uses_llm and settings.polish.url != LOCAL
    return (*((engine,) if engine in CLOUD_ENGINES else ()), *(("polish",) if uses_llm else ()))


def build_service(name: str, settings: Settings) -> Service:
    """Return the service called `name`, one of `SERVICE_NAMES`.

    Raises `UserError` where it is a local model, or has no usable address.
    """
    engines, plain = settings.engines, settings.network.plain_keys == "on"
    key = "polish.url" if name == "polish" else f"engines.{name.replace('-', '_')}.url"
    if name in SERVICE_NAMES and not get_setting(settings, key):
        raise UserError("service-address-unusable", key=key)
    match name:
        case "openai":
            return Service("OpenAI", endpoint.openai_base_url(engines.openai.url), ServiceKey(name), plain_keys=plain)
        case "openai-live":
            url = endpoint.openai_realtime_url(engines.openai_live.url)
            return Service("OpenAI", url, ServiceKey("openai"), plain_keys=plain)
        case "deepgram":
            url = endpoint.deepgram_base_url(engines.deepgram.url)
            return Service("Deepgram", url, ServiceKey(name), "Token", plain_keys=plain)
        case "deepgram-live":
            url = endpoint.deepgram_stream_url(engines.deepgram_live.url, engines.deepgram_live.model)
            return Service("Deepgram", url, ServiceKey("deepgram"), "Token", plain_keys=plain)
        case "compatible":
            url = endpoint.openai_base_url(engines.compatible.url)
            return _name_by_host(Service("", url, ServiceKey(name), is_key_optional=True, plain_keys=plain))
        case "polish" if settings.polish.url == LOCAL:
            raise UserError("polish-key-needless")
        case "polish":
            url = endpoint.openai_base_url(settings.polish.url)
            secret = ServiceKey(name, partial(store.find_polish_key, url))
            if store.is_openai_url(url):
                return Service("OpenAI", url, secret, plain_keys=plain)
            return _name_by_host(Service("", url, secret, is_key_optional=True, plain_keys=plain))
        case _:
            raise ValueError(f"no service is called {name}")


def probe_path(name: str) -> str:
    """Return a path below the service's address that needs a key, costs nothing and changes nothing."""
    return "/projects" if name == "deepgram" else "/models"


def _has_openai_interface(name: str) -> bool:
    return not name.startswith("deepgram")


async def load_client(name: str) -> Notes:
    """Load the library that asks the service called `name`, so that its first request need not wait for it.

    Returns what the service cannot do without it; raises `ServiceError` if it can do nothing.
    """
    if not _has_openai_interface(name):
        return ()
    try:
        await load_openai()
    except ServiceError:
        if name != "openai-live":  # its socket is ours (docs/adr/0014)
            raise
        return (Message("openai-recording-unsendable"),)
    return ()


async def check_access(client: ServiceClient, service: Service, name: str) -> None:
    """Make the free request to the service called `name`. Raises `ServiceError`, also for a wrong key."""
    if _has_openai_interface(name):
        await OpenAIClient(client, service).list_models()
    else:
        await client.request(service, "GET", probe_path(name))


def _name_by_host(service: Service) -> Service:
    return replace(service, name=service.host)
