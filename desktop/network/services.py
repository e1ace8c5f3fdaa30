"""The network services by their command-line names, built from the settings: address, key, and a free request to test
them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from desktop.core.errors import Problem
from desktop.credentials import store as credentials
from desktop.network import address
from desktop.network.endpoint import Secret, Service
from desktop.settings.schema import LOCAL, Settings
from desktop.settings.store import get

ENGINES = ("openai", "openai-live", "deepgram", "deepgram-live", "compatible")
"""The values of `recognizer.engine` that are services."""

NAMES = (*ENGINES, "polish")


def used(settings: Settings) -> tuple[str, ...]:
    """Return the services that a dictation uses with these settings."""
    chosen = settings.recognizer.engine
    chats = settings.polish.mode == "llm" or settings.emotion.engine == "llm" or bool(settings.hotkey.edit)
    chats = chats and settings.polish.url != LOCAL
    return (*((chosen,) if chosen in ENGINES else ()), *(("polish",) if chats else ()))


def service(name: str, settings: Settings) -> Service:
    """Return the service called `name`, one of `SERVICE_NAMES`.

    Raises `UserError` where it is a local model, or has no usable address.
    """
    engines, plain = settings.engines, settings.network.plain_keys == "on"
    key = "polish.url" if name == "polish" else f"engines.{name.replace('-', '_')}.url"
    if name in NAMES and not get(settings, key):
        raise Problem(f"The address in {key} cannot be used.", f"Mend it: `intone settings set {key} ADDRESS`.")
    match name:
        case "openai":
            return Service("OpenAI", address.openai(engines.openai.url), Secret(name), plain_keys=plain)
        case "openai-live":
            url = address.openai_live(engines.openai_live.url)
            return Service("OpenAI", url, Secret("openai"), plain_keys=plain)
        case "deepgram":
            url = address.deepgram(engines.deepgram.url)
            return Service("Deepgram", url, Secret(name), "Token", plain_keys=plain)
        case "deepgram-live":
            url = address.deepgram_live(engines.deepgram_live.url, engines.deepgram_live.model)
            return Service("Deepgram", url, Secret("deepgram"), "Token", plain_keys=plain)
        case "compatible":
            url = address.openai(engines.compatible.url)
            return _named_by_host(Service("", url, Secret(name), optional=True, plain_keys=plain))
        case "polish" if settings.polish.url == LOCAL:
            raise Problem("The model that polishes is on this machine, and needs no key.")
        case "polish":
            url = address.openai(settings.polish.url)
            secret = Secret(name, partial(credentials.find_for_polish, url))
            if credentials.is_openai(url):
                return Service("OpenAI", url, secret, plain_keys=plain)
            return _named_by_host(Service("", url, secret, optional=True, plain_keys=plain))
        case _:
            raise ValueError(f"no service is called {name}")


def listing(name: str) -> str:
    """Return a path below the service's address that needs a key, costs nothing and changes nothing."""
    return "/projects" if name == "deepgram" else "/models"


def _named_by_host(service: Service) -> Service:
    return replace(service, name=service.host)
