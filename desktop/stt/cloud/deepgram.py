"""Transcribe with Deepgram's pre-recorded API: one request whose body is the audio, sent during the dictation.

All options are in the URL's query.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, Field, ValidationError

from desktop.core.types import Frame, Segment, Sent, Transcript
from desktop.network.client import Answer, Client
from desktop.network.endpoint import Service
from desktop.network.errors import senseless
from desktop.network.provider_models import cost_usd, offer, recommended
from desktop.network.timing import Phases
from desktop.stt.cloud.encoding import Encoding, chosen
from desktop.stt.cloud.outgoing import Outgoing
from desktop.stt.cloud.request import AUTO, Asked, codes, keyterms
from desktop.stt.cloud.upload import ANSWER_S, Upload

TOGETHER = {"de", "en", "es", "fr", "hi", "it", "ja", "nl", "pt", "ru"}
"""Languages that Nova transcribes mixed within a sentence (`language=multi`)."""


class Deepgram:
    """`core.interfaces.Recognizer`; see the module. `service.url` is the base with its version (`network.endpoint`).

    `encoding`, `phases`, `answer_timeout_s`: as in `openai.OpenAIRecognizer`.
    """

    engine = "deepgram"

    limit_s = 3600.0
    """Maximum seconds of a recording, far below Deepgram's limits per file: 2 GB and ten minutes of its work."""

    def __init__(
        self,
        client: Client,
        service: Service,
        asked: Asked,
        *,
        encoding: type[Encoding] | None = None,
        answer_s: float = ANSWER_S,
    ) -> None:
        self.phases: Phases | None = None
        self._client = client
        self._service = service
        model = recommended(self.engine, {}, date.today()) if asked.model == AUTO else asked.model
        self._asked = replace(asked, model=model)
        self._offer = offer(self.engine, model)
        self._encoding = encoding
        self._answer_s = answer_s

    async def transcribe(self, speech: AsyncIterable[Frame], show: Callable[[Transcript], None]) -> Transcript:
        """See `core.interfaces.Recognizer`. Partial transcripts have no words, only what was sent so far."""
        host = urlsplit(self._service.url).hostname or ""
        uplinks = self._client.uplinks
        bit_s = uplinks.bit_s(self._service.host)
        outgoing = Outgoing((self._encoding or chosen(host, bit_s, self._offer.formats))())

        def tell() -> None:
            show(Transcript(sent=self._sent(outgoing)))

        ask = partial(self._post, outgoing)
        upload = Upload(self._service, outgoing, self._open, ask, uplinks, tell, answer_s=self._answer_s)
        try:
            answer = await upload.send(speech)
        finally:
            tell()  # whatever the result, it has left the machine
        duration_s = round(outgoing.duration_s, 3)
        if answer is None:
            return Transcript(duration_s=duration_s, engine=self.engine)
        upload.measure(answer)
        self.phases = answer.phases
        text, language = self._said(answer)
        languages = self._asked.languages
        return Transcript(
            text=text,
            settled=len(text),
            language=languages[0] if len(languages) == 1 else language,
            segments=(Segment(0.0, duration_s, text),) if text else (),
            duration_s=duration_s,
            engine=self.engine,
            model=self._asked.model,
            sent=self._sent(outgoing),
        )

    def _sent(self, outgoing: Outgoing) -> tuple[Sent, ...]:
        cost = cost_usd(self._offer, outgoing.duration_s)
        return (Sent(self._service.host, "speech", outgoing.sent, cost_usd=cost),) if outgoing.sent else ()

    async def _open(self) -> None:
        """Open the connection. The list of models needs no key; that of the key's projects reveals a wrong one."""
        await self._client.warm(self._service, "/projects")

    async def _post(self, outgoing: Outgoing) -> Answer:
        return await self._client.ask(
            self._service,
            "POST",
            f"/listen?{urlencode(query(self._asked, self._offer.keywords))}",
            headers={"Content-Type": outgoing.encoding.media_type},
            body=outgoing.body,
        )

    def _said(self, answer: Answer) -> tuple[str, str]:
        try:
            channel = Told.model_validate_json(answer.content).results.channels[0]
        except ValidationError as error:
            raise senseless(self._service) from error
        code = channel.detected_language[:2] if isinstance(channel.detected_language, str) else ""
        return channel.alternatives[0].transcript.strip(), code


def query(asked: Asked, terms: bool) -> list[tuple[str, str]]:
    """Return the query of the request; `takes_keyterms` is whether the model supports key terms.

    Without a language, Deepgram would transcribe everything as English.
    """
    languages = codes(asked.languages)
    if len(languages) == 1:
        language = ("language", languages[0])
    elif languages and TOGETHER.issuperset(languages):
        language = ("language", "multi")
    else:
        language = ("detect_language", "true")
    wanted = [
        ("model", asked.model),
        language,
        ("smart_format", "true"),
        ("punctuate", "true"),
        ("mip_opt_out", "true"),
    ]
    return [*wanted, *(("keyterm", word) for word in (keyterms(asked.words) if terms else []))]


class Alternative(BaseModel):
    """A transcript."""

    transcript: str


class Channel(BaseModel):
    """The one channel of the audio."""

    alternatives: list[Alternative] = Field(min_length=1)
    detected_language: Any = None


class Results(BaseModel):
    """The results of a request."""

    channels: list[Channel] = Field(min_length=1)


class Told(BaseModel):
    """The parsed part of an answer."""

    results: Results
