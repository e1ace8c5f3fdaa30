"""Transcribe with OpenAI's Realtime API: audio is sent during the dictation, so only its end is left at the release.

A session lasts an hour at most. It costs about four times as much as recorded audio, so it must be chosen.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import anyio

from desktop.core.errors import ServiceError
from desktop.core.interfaces import Recognizer
from desktop.core.types import Frame, Transcript
from desktop.network import address
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service
from desktop.network.provider_models import (
    ProviderModel,
    estimate_cost_usd,
    find_provider_model,
    parse_listing,
    recommend_model,
)
from desktop.network.websockets import WebSockets
from desktop.stt.cloud.openai_realtime import RealtimeProtocol
from desktop.stt.cloud.request import AUTO, CloudRequest, filter_keywords, to_iso_codes
from desktop.stt.cloud.streaming import (
    DEFAULT_TIMEOUTS,
    CloudStream,
    StreamingEndpoint,
    StreamingTimeouts,
    transcribe_stream,
)

LIST_TIMEOUT_S = 1.0


class OpenAIRealtimeRecognizer:
    """`core.interfaces.Recognizer`; see the module. `service.url` is the socket's, from
    `network.endpoint.openai_realtime_url`.

    A query in the user's URL is kept, for servers that need one. `batch` transcribes the same audio if the answer does
    not come.
    """

    engine = "openai-live"
    limit_s = 50 * 60.0

    def __init__(
        self,
        client: ServiceClient,
        service: Service,
        request: CloudRequest,
        batch: Recognizer | None = None,
        timeouts: StreamingTimeouts = DEFAULT_TIMEOUTS,
    ) -> None:
        self._client = client
        self._sockets = WebSockets(client.ssl_context)
        self._service = service
        self._request = request
        self._batch = batch
        self._shutdowns: Mapping[str, date] | None = None
        self._timeouts = timeouts

    async def aclose(self) -> None:
        """Return when every socket is closed."""
        await self._sockets.aclose()

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        """See `core.interfaces.Recognizer`."""
        model = await self._choose_model()
        options = find_provider_model(self.engine, model)
        url = self._service.url if "?" in self._service.url else f"{self._service.url}?intent=transcription"
        endpoint = StreamingEndpoint(
            self._sockets,
            self._service,
            partial(RealtimeProtocol, url, build_session(model, options, self._request)),
            self.engine,
            model,
            self._request.languages[0] if len(self._request.languages) == 1 else "",
            partial(estimate_cost_usd, options),
        )
        return await transcribe_stream(
            CloudStream(endpoint, on_partial, self._timeouts), speech, self._timeouts, self._batch
        )

    async def _choose_model(self) -> str:
        """Return the model to use.

        For `auto` the service is asked once for shutdown dates; without an answer in `LIST_TIMEOUT_S`, during the
        dictation, the table decides.
        """
        if self._request.model != AUTO:
            return self._request.model
        if self._shutdowns is None:
            self._shutdowns = {}
            there = replace(self._service, url=address.openai_base_url(self._service.url))
            with suppress(ServiceError), anyio.move_on_after(LIST_TIMEOUT_S):
                self._shutdowns = parse_listing((await self._client.request(there, "GET", "/models")).content).shutdowns
        return recommend_model(self.engine, self._shutdowns, date.today())


def build_session(model: str, options: ProviderModel, request: CloudRequest) -> dict[str, Any]:
    """Return the session's configuration with the fields that the model accepts: an unknown one fails the update."""
    session: dict[str, Any] = {"model": model}
    languages, words = to_iso_codes(request.languages), filter_keywords(request.words)
    if options.language == "plural" and languages:
        session["languages"] = list(languages)
    elif options.language == "singular" and len(languages) == 1:
        session["language"] = languages[0]
    if options.keywords and words:
        session["keywords"] = words
    elif options.prompt and words:
        session["prompt"] = ", ".join(words)
    return session
