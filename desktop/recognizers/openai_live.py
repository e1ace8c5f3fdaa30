"""OpenAI's Realtime transcription: the sound goes out while one speaks, so at the release only its end is to be heard.

A session lasts an hour at most. It costs about four times what the recorded audio does, which is why it is a choice.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from desktop.network import Client, Service
from desktop.network.sockets import Sockets
from desktop.ports import Frame, Recognizer, Transcript
from desktop.recognizers.asked import Asked, codes, keywords
from desktop.recognizers.live import WAITS, Line, Take, Waits, answer
from desktop.recognizers.offers import Offer, cost_usd, offer, recommended
from desktop.recognizers.openai_items import Items

AUTO = "auto"


class OpenAILive:
    """See the module. `service.url` is that of the socket, as `network.address.openai_live` makes it; a query of the
    user's own is kept, for the servers that want one.

    `batch` is asked for the same sound where the answer does not come. `shutdowns`: the days on which models end.
    """

    engine = "openai-live"
    limit_s = 50 * 60.0

    def __init__(
        self,
        client: Client,
        service: Service,
        asked: Asked,
        batch: Recognizer | None = None,
        shutdowns: Mapping[str, date] | None = None,
        waits: Waits = WAITS,
    ) -> None:
        self._sockets = Sockets(client.context)
        self._service = service
        self._asked = asked
        self._batch = batch
        self._shutdowns = shutdowns or {}
        self._waits = waits

    async def aclose(self) -> None:
        """Return when every socket is closed."""
        await self._sockets.aclose()

    async def transcribe(self, speech: AsyncIterable[Frame], show: Callable[[Transcript], None]) -> Transcript:
        """See `ports.Recognizer`."""
        model = self._asked.model
        if model == AUTO:
            model = recommended(self.engine, self._shutdowns, date.today())
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


def transcription(model: str, told: Offer, asked: Asked) -> dict[str, Any]:
    """What a session is asked for, as far as the model takes it: a field that it does not know fails the update."""
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
