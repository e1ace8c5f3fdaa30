"""Create the cloud recognizers that the settings choose.

Imported only if one is chosen: it loads an HTTP client and WebSockets, which a local-only app does not need.
"""

from __future__ import annotations

from dataclasses import replace

from desktop.network import Client, address
from desktop.ports import Recognizer
from desktop.recognizers.asked import Asked
from desktop.recognizers.deepgram import Deepgram
from desktop.recognizers.deepgram_live import DeepgramLive
from desktop.recognizers.in_script import InScript
from desktop.recognizers.openai import OpenAI
from desktop.recognizers.openai_live import OpenAILive
from desktop.recognizers.pieces import Limited, Pieces
from desktop.services import service
from desktop.settings.tree import AUTO, Settings


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
