"""The services that turn speech into words, by the names that the settings have for them.

Imported only where one is chosen: it brings an HTTP client and WebSockets, for which an app that keeps everything on
its machine need not wait.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from desktop.network import Client, Secret, Service, address
from desktop.ports import Recognizer
from desktop.recognizers.asked import Asked
from desktop.recognizers.deepgram import Deepgram
from desktop.recognizers.deepgram_live import DeepgramLive
from desktop.recognizers.in_script import InScript
from desktop.recognizers.openai import OpenAI
from desktop.recognizers.openai_live import OpenAILive
from desktop.recognizers.pieces import Limited, Pieces
from desktop.settings_tree import AUTO, Settings

NAMES = ("openai", "openai-live", "deepgram", "deepgram-live", "compatible")
"""The values of `recognizer.engine` that are services."""


def service(name: str, settings: Settings) -> Service:
    """Whom the engine called `name` asks."""
    engines = settings.engines
    match name:
        case "openai":
            there = Service("OpenAI", address.openai(engines.openai.url), Secret("openai"))
        case "openai-live":
            there = Service("OpenAI", address.openai_live(engines.openai_live.url), Secret("openai"))
        case "deepgram":
            there = Service("Deepgram", address.deepgram(engines.deepgram.url), Secret("deepgram"), "Token")
        case "deepgram-live":
            chosen = engines.deepgram_live
            url = address.deepgram_live(chosen.url, chosen.model)
            there = Service("Deepgram", url, Secret("deepgram"), "Token")
        case _:
            url = address.openai(engines.compatible.url)
            there = Service(urlsplit(url).hostname or "", url, Secret("compatible"), optional=True)
    return replace(there, plain_keys=settings.network.plain_keys == "on")


def recognizer(name: str, settings: Settings, client: Client, languages: tuple[str, ...] | None = None) -> Recognizer:
    """The engine called `name` as the settings have it; `languages` go before theirs, none meaning any."""
    if languages is None:
        languages = tuple(code for code in settings.recognizer.language if code != AUTO)
    chosen = getattr(settings.engines, name.replace("-", "_"))
    asked = Asked(chosen.model, languages, settings.vocabulary.words)
    there = service(name, settings)
    one: Limited
    match name:
        case "openai":
            one = OpenAI(client, there, asked)
        case "openai-live":
            batch = OpenAI(client, service("openai", settings), replace(asked, model=settings.engines.openai.model))
            one = OpenAILive(client, there, asked, batch)
        case "deepgram":
            one = Deepgram(client, there, asked)
        case "deepgram-live":
            one = DeepgramLive(client, there, asked)
        case _:
            one = OpenAI(client, there, asked, compatible=True)
    return InScript(Pieces(one), settings.recognizer.chinese)
