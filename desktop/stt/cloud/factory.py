"""Create the cloud recognizers that the settings choose.

Imported only if one is chosen: it loads an HTTP client and WebSockets, which a local-only app does not need.
"""

from __future__ import annotations

from dataclasses import replace

from desktop.core.interfaces import Recognizer
from desktop.network import address
from desktop.network.client import Client
from desktop.network.services import service
from desktop.settings.schema import AUTO, Settings
from desktop.stt.cloud.chunking import Limited, Pieces
from desktop.stt.cloud.deepgram import Deepgram
from desktop.stt.cloud.deepgram_live import DeepgramLive
from desktop.stt.cloud.openai import OpenAI
from desktop.stt.cloud.openai_live import OpenAILive
from desktop.stt.cloud.request import Asked
from desktop.stt.in_script import InScript


def recognizer(name: str, settings: Settings, client: Client, languages: tuple[str, ...] | None = None) -> Recognizer:
    """Return the engine `name` (`network.services.CLOUD_ENGINES`) as configured; `languages` override the settings',
    empty for any."""
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
            # Same host: the user has not allowed another. A file's limit is reached much earlier.
            batch = OpenAI(client, replace(there, url=address.openai(there.url)), replace(asked, model=AUTO))
            one = OpenAILive(client, there, asked, Pieces(batch))
        case "deepgram":
            one = Deepgram(client, there, asked)
        case "deepgram-live":
            one = DeepgramLive(client, there, asked)
        case _:
            one = OpenAI(client, there, asked, compatible=True)
    return InScript(Pieces(one), settings.recognizer.chinese)
