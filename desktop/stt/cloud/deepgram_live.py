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
from desktop.network.client import Client
from desktop.network.endpoint import Service
from desktop.network.provider_models import cost_usd, offer, recommended
from desktop.network.websockets import Sockets
from desktop.stt.cloud.deepgram_streaming import Results
from desktop.stt.cloud.deepgram_turns import Turns
from desktop.stt.cloud.request import AUTO, Asked, codes, keyterms
from desktop.stt.cloud.streaming import WAITS, Line, Take, Waits, answer

FLUX = "flux"

SOUND = {"encoding": "linear16", "sample_rate": str(RATE_HZ)}


class DeepgramLive:
    """`core.interfaces.Recognizer`; see the module. `service.url` is the socket's, from
    `network.endpoint.deepgram_stream_url`.

    `batch` transcribes the same audio if the answer does not come.
    """

    engine = "deepgram-live"
    limit_s = 50 * 60.0

    def __init__(
        self, client: Client, service: Service, asked: Asked, batch: Recognizer | None = None, waits: Waits = WAITS
    ) -> None:
        self._sockets = Sockets(client.context)
        self._service = service
        model = recommended(self.engine, {}, date.today()) if asked.model == AUTO else asked.model
        self._asked = replace(asked, model=model)
        self._batch = batch
        self._waits = waits

    async def aclose(self) -> None:
        """Return when every socket is closed."""
        await self._sockets.aclose()

    async def transcribe(self, speech: AsyncIterable[Frame], show: Callable[[Transcript], None]) -> Transcript:
        """See `core.interfaces.Recognizer`."""
        asked = self._asked
        flux = asked.model.startswith(FLUX)
        url = f"{self._service.url}?{urlencode(flux_query(asked) if flux else nova_query(asked))}"
        line = Line(
            self._sockets,
            self._service,
            partial(Turns if flux else Results, url),
            self.engine,
            asked.model,
            asked.languages[0] if len(asked.languages) == 1 else "",
            partial(cost_usd, offer(self.engine, asked.model)),
        )
        return await answer(Take(line, show, self._waits), speech, self._waits, self._batch)


def nova_query(asked: Asked) -> list[tuple[str, str]]:
    """Return the query for Nova.

    `endpointing` is the milliseconds of silence after which text is made final; the default of 10 cuts sentences to
    pieces. A single language is named; for several, or any, `multi` detects each as it comes.
    """
    languages = codes(asked.languages)
    return [
        ("model", asked.model),
        *SOUND.items(),
        ("channels", "1"),
        ("interim_results", "true"),
        ("endpointing", "300"),
        ("smart_format", "true"),
        ("punctuate", "true"),
        ("mip_opt_out", "true"),
        ("language", languages[0] if len(languages) == 1 else "multi"),
        *_keyterms(asked),
    ]


def flux_query(asked: Asked) -> list[tuple[str, str]]:
    """Return the query for Flux; `FluxProtocol` explains why turn detection is off.

    Only the multilingual model accepts language hints.
    """
    hints = codes(asked.languages) if asked.model.endswith("multi") else ()
    return [
        ("model", asked.model),
        *SOUND.items(),
        ("eot_threshold", "1.0"),
        ("mip_opt_out", "true"),
        *(("language_hint", language) for language in hints),
        *_keyterms(asked),
    ]


def _keyterms(asked: Asked) -> list[tuple[str, str]]:
    """Return the user's own words if the model accepts them."""
    taken = offer(DeepgramLive.engine, asked.model).keywords
    return [("keyterm", word) for word in keyterms(asked.words)] if taken else []
