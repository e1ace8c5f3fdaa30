"""Create the cloud recognizers that the settings choose.

Imported only if one is chosen: it loads an HTTP client and WebSockets, which a local-only app does not need.
"""

from __future__ import annotations

from dataclasses import replace

from desktop.core.interfaces import Recognizer
from desktop.network import endpoint
from desktop.network.client import ServiceClient
from desktop.network.services import build_service
from desktop.settings.schema import AUTO, Settings, language_codes
from desktop.stt.cloud.chunking import ChunkingRecognizer, LimitedRecognizer
from desktop.stt.cloud.deepgram import DeepgramRecognizer
from desktop.stt.cloud.deepgram_streaming import DeepgramStreamingRecognizer
from desktop.stt.cloud.openai import OpenAIRecognizer
from desktop.stt.cloud.openai_realtime import OpenAIRealtimeRecognizer
from desktop.stt.cloud.request import CloudRequest


def create_recognizer(
    name: str, settings: Settings, client: ServiceClient, languages: tuple[str, ...] | None = None
) -> Recognizer:
    """Return the engine `name` (`desktop.network.services.CLOUD_ENGINES`) as configured; `languages` override the
    settings', empty for any."""
    if languages is None:
        languages = language_codes(settings.recognizer.language)
    chosen = getattr(settings.engines, name.replace("-", "_"))
    request = CloudRequest(chosen.model, languages, settings.vocabulary.words)
    service = build_service(name, settings)
    recognizer: LimitedRecognizer
    match name:
        case "openai":
            recognizer = OpenAIRecognizer(client, service, request)
        case "openai-live":
            # Same host: the user has not allowed another. A file's limit is reached much earlier.
            batch = OpenAIRecognizer(
                client,
                replace(service, url=endpoint.openai_base_url(service.url)),
                replace(request, model=AUTO),
            )
            recognizer = OpenAIRealtimeRecognizer(client, service, request, ChunkingRecognizer(batch))
        case "deepgram":
            recognizer = DeepgramRecognizer(client, service, request)
        case "deepgram-live":
            recognizer = DeepgramStreamingRecognizer(client, service, request)
        case _:
            recognizer = OpenAIRecognizer(client, service, request, is_compatible=True)
    return ChunkingRecognizer(recognizer)
