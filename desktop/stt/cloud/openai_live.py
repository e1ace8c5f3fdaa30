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

from desktop.core.errors import ServiceProblem
from desktop.core.interfaces import Recognizer
from desktop.core.types import Frame, Transcript
from desktop.network import address
from desktop.network.client import Client
from desktop.network.endpoint import Service
from desktop.network.provider_models import Offer, cost_usd, listing, offer, recommended
from desktop.network.websockets import Sockets
from desktop.stt.cloud.openai_realtime import Items
from desktop.stt.cloud.request import AUTO, Asked, codes, keywords
from desktop.stt.cloud.streaming import WAITS, Line, Take, Waits, answer

LIST_S = 1.0


class OpenAILive:
    """`core.interfaces.Recognizer`; see the module. `service.url` is the socket's, from
    `network.endpoint.openai_realtime_url`.

    A query in the user's URL is kept, for servers that need one. `batch` transcribes the same audio if the answer does
    not come.
    """

    engine = "openai-live"
    limit_s = 50 * 60.0

    def __init__(
        self,
        client: Client,
        service: Service,
        asked: Asked,
        batch: Recognizer | None = None,
        waits: Waits = WAITS,
    ) -> None:
        self._client = client
        self._sockets = Sockets(client.context)
        self._service = service
        self._asked = asked
        self._batch = batch
        self._shutdowns: Mapping[str, date] | None = None
        self._waits = waits

    async def aclose(self) -> None:
        """Return when every socket is closed."""
        await self._sockets.aclose()

    async def transcribe(self, speech: AsyncIterable[Frame], show: Callable[[Transcript], None]) -> Transcript:
        """See `core.interfaces.Recognizer`."""
        model = await self._model()
        told = offer(self.engine, model)
        url = self._service.url if "?" in self._service.url else f"{self._service.url}?intent=transcription"
        line = Line(
            self._sockets,
            self._service,
            partial(Items, url, transcription(model, told, self._asked)),
            self.engine,
            model,
            self._asked.languages[0] if len(self._asked.languages) == 1 else "",
            partial(cost_usd, told),
        )
        return await answer(Take(line, show, self._waits), speech, self._waits, self._batch)

    async def _model(self) -> str:
        """Return the model to use.

        For `auto` the service is asked once for shutdown dates; without an answer in `LIST_TIMEOUT_S`, during the
        dictation, the table decides.
        """
        if self._asked.model != AUTO:
            return self._asked.model
        if self._shutdowns is None:
            self._shutdowns = {}
            there = replace(self._service, url=address.openai(self._service.url))
            with suppress(ServiceProblem), anyio.move_on_after(LIST_S):
                self._shutdowns = listing((await self._client.ask(there, "GET", "/models")).content).shutdowns
        return recommended(self.engine, self._shutdowns, date.today())


def transcription(model: str, told: Offer, asked: Asked) -> dict[str, Any]:
    """Return the session's configuration with the fields that the model accepts: an unknown one fails the update."""
    wanted: dict[str, Any] = {"model": model}
    languages, words = codes(asked.languages), keywords(asked.words)
    if told.language == "plural" and languages:
        wanted["languages"] = list(languages)
    elif told.language == "singular" and len(languages) == 1:
        wanted["language"] = languages[0]
    if told.keywords and words:
        wanted["keywords"] = words
    elif told.prompt and words:
        wanted["prompt"] = ", ".join(words)
    return wanted
