"""Transcribe with Deepgram's streaming API, by Nova or, for models named `flux...`, by Flux.

Deepgram trains its models on audio unless a request opts out: every request here does.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable
from dataclasses import replace
from datetime import date
from functools import partial
from urllib.parse import urlencode

from desktop.core.interfaces import Recognizer
from desktop.core.types import RATE_HZ, Frame, Transcript
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service
from desktop.network.provider_models import estimate_cost_usd, find_provider_model, recommend_model
from desktop.network.websockets import WebSockets
from desktop.settings.schema import AUTO
from desktop.stt.cloud.deepgram_flux import FluxProtocol
from desktop.stt.cloud.deepgram_nova import NovaProtocol
from desktop.stt.cloud.request import CloudRequest, limit_keyterms, to_iso_codes
from desktop.stt.cloud.streaming import (
    DEFAULT_TIMEOUTS,
    CloudStream,
    StreamingEndpoint,
    StreamingTimeouts,
    transcribe_stream,
)

FLUX_PREFIX = "flux"

AUDIO_PARAMETERS = {"encoding": "linear16", "sample_rate": str(RATE_HZ)}


class DeepgramStreamingRecognizer:
    """`desktop.core.interfaces.Recognizer` by Deepgram's streaming API. `service.url` is the socket's, from
    `desktop.network.endpoint.deepgram_stream_url`.

    `batch` transcribes the same audio if the answer does not come.
    """

    engine = "deepgram-live"
    limit_s = 50 * 60.0

    def __init__(
        self,
        client: ServiceClient,
        service: Service,
        request: CloudRequest,
        batch: Recognizer | None = None,
        timeouts: StreamingTimeouts = DEFAULT_TIMEOUTS,
    ) -> None:
        self._sockets = WebSockets(client.ssl_context)
        self._service = service
        model = recommend_model(self.engine, {}, date.today()) if request.model == AUTO else request.model
        self._request = replace(request, model=model)
        self._batch = batch
        self._timeouts = timeouts

    async def aclose(self) -> None:
        """Return when every socket is closed."""
        await self._sockets.aclose()

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        """See `desktop.core.interfaces.Recognizer`."""
        request = self._request
        is_flux = request.model.startswith(FLUX_PREFIX)
        url = f"{self._service.url}?{urlencode(build_flux_query(request) if is_flux else build_nova_query(request))}"
        endpoint = StreamingEndpoint(
            self._sockets,
            self._service,
            partial(FluxProtocol if is_flux else NovaProtocol, url),
            self.engine,
            request.model,
            request.languages[0] if len(request.languages) == 1 else "",
            partial(estimate_cost_usd, find_provider_model(self.engine, request.model)),
        )
        return await transcribe_stream(
            CloudStream(endpoint, on_partial, self._timeouts), speech, self._timeouts, self._batch
        )


def build_nova_query(request: CloudRequest) -> list[tuple[str, str]]:
    """Return the query for Nova.

    `endpointing` is the milliseconds of silence after which text is made final; the default of 10 cuts sentences to
    pieces. A single language is named; for several, or any, `multi` detects each as it comes.
    """
    languages = to_iso_codes(request.languages)
    return [
        ("model", request.model),
        *AUDIO_PARAMETERS.items(),
        ("channels", "1"),
        ("interim_results", "true"),
        ("endpointing", "300"),
        ("smart_format", "true"),
        ("punctuate", "true"),
        ("mip_opt_out", "true"),
        ("language", languages[0] if len(languages) == 1 else "multi"),
        *_build_keyterms(request),
    ]


def build_flux_query(request: CloudRequest) -> list[tuple[str, str]]:
    """Return the query for Flux; `FluxProtocol` explains why turn detection is off.

    Only the multilingual model accepts language hints.
    """
    hints = to_iso_codes(request.languages) if request.model.endswith("multi") else ()
    return [
        ("model", request.model),
        *AUDIO_PARAMETERS.items(),
        ("eot_threshold", "1.0"),
        ("mip_opt_out", "true"),
        *(("language_hint", language) for language in hints),
        *_build_keyterms(request),
    ]


def _build_keyterms(request: CloudRequest) -> list[tuple[str, str]]:
    """Return the user's own words if the model accepts them."""
    is_supported = find_provider_model(DeepgramStreamingRecognizer.engine, request.model).keywords
    return [("keyterm", word) for word in limit_keyterms(request.words)] if is_supported else []
