"""Transcribe with OpenAI's API, or a compatible server's: one request, sent during the dictation.

The models differ in their fields (`network.provider_models`); an unknown field fails the request. Compatible servers
(`compatible`) get only the common fields: file, model, response_format, language, prompt. `temperature` is not sent: 0
would disable the fallback by which a Whisper behind the server escapes a loop.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from desktop.audio.vad import VoiceActivity
from desktop.core.errors import ServiceProblem
from desktop.core.types import RATE_HZ, Frame, Segment, Sent, Transcript
from desktop.network.client import Answer, Client
from desktop.network.endpoint import Service
from desktop.network.errors import senseless
from desktop.network.provider_models import TRANSCRIBES, Listing, Offer, cost_usd, listing, offer, recommended
from desktop.network.timing import Phases
from desktop.stt.cloud.encoding import Encoding, chosen
from desktop.stt.cloud.outgoing import Form, Outgoing
from desktop.stt.cloud.request import AUTO, Asked, codes, keywords
from desktop.stt.cloud.upload import ANSWER_S, Upload
from desktop.stt.local.guards import FLICKER_S, echoes
from desktop.stt.local.segmenter import VOICE

FILE_S, COMPATIBLE_S = 750.0, 540.0
"""Maximum seconds of a recording: 25 MB a file for audio that FLAC cannot compress; vLLM takes 600 s."""

UNNAMED = "whisper-1"
"""The model for a server that lists none (faster-whisper-server).

Every client of OpenAI knows this name, and such servers accept or ignore it.
"""


class OpenAI:
    """`core.interfaces.Recognizer`; see the module. `service.url` is the base with its version (`network.endpoint`).

    `encoding` is for comparisons; by default the network decides. `phases` are those of the last answer.
    `answer_timeout_s`: see `upload`.
    """

    def __init__(
        self,
        client: Client,
        service: Service,
        asked: Asked,
        *,
        compatible: bool = False,
        encoding: type[Encoding] | None = None,
        answer_s: float = ANSWER_S,
    ) -> None:
        self.engine = "compatible" if compatible else "openai"
        self.limit_s = COMPATIBLE_S if compatible else FILE_S
        self.phases: Phases | None = None
        self._client = client
        self._service = service
        self._asked = asked
        self._encoding = encoding
        self._answer_s = answer_s
        self._listing = Listing()

    async def transcribe(self, speech: AsyncIterable[Frame], show: Callable[[Transcript], None]) -> Transcript:
        """See `core.interfaces.Recognizer`. Partial transcripts have no words, only what was sent so far."""
        host = urlsplit(self._service.url).hostname or ""
        formats = offer(self.engine, self._asked.model).formats
        kind = self._encoding or chosen(host, self._client.uplinks.bit_s(self._service.host), formats)
        outgoing, voice, model = Outgoing(kind()), _Voice(), ""

        async def ask() -> Answer:
            nonlocal model
            model = await self._model()
            return await self._post(model, outgoing)

        def tell() -> None:
            show(Transcript(sent=self._sent(outgoing, model)))

        unknown = self._asked.model == AUTO and not self._listing.names
        uplinks = self._client.uplinks
        upload = Upload(
            self._service, outgoing, self._list, ask, uplinks, tell, answer_s=self._answer_s, patient=unknown
        )
        try:
            answer = await upload.send(voice.heard(speech) if self._asked.words else speech)
        finally:
            tell()  # whatever the result, it has left the machine
        duration_s = round(outgoing.duration_s, 3)
        if answer is None:
            return Transcript(duration_s=duration_s, engine=self.engine)
        upload.measure(answer)
        self.phases = answer.phases
        said = self._said(answer)
        text = said.text.strip()
        if voice.seconds < FLICKER_S and echoes(text, self._asked.words):
            text = ""
        languages = self._asked.languages
        return Transcript(
            text=text,
            settled=len(text),
            language=languages[0] if len(languages) == 1 else said.code,
            segments=(Segment(0.0, duration_s, text),) if text else (),
            duration_s=duration_s,
            engine=self.engine,
            model=model,
            sent=self._sent(outgoing, model),
        )

    def _sent(self, outgoing: Outgoing, model: str) -> tuple[Sent, ...]:
        cost = cost_usd(offer(self.engine, model), outgoing.duration_s)
        return (Sent(self._service.host, "speech", outgoing.sent, cost_usd=cost),) if outgoing.sent else ()

    async def _list(self) -> None:
        """Open the connection by requesting the list of models and their shutdown dates."""
        answer = await self._client.warm(self._service)
        if answer is not None:
            self._listing = listing(answer.content)

    async def _post(self, model: str, outgoing: Outgoing) -> Answer:
        form = Form(fields(model, offer(self.engine, model), self._asked), outgoing.encoding)
        return await self._client.ask(
            self._service,
            "POST",
            "/audio/transcriptions",
            headers={"Content-Type": form.content_type},
            body=partial(outgoing.body, form.before, form.after),
        )

    async def _model(self) -> str:
        if self._asked.model != AUTO:
            return self._asked.model
        if self.engine == "openai":
            return recommended(self.engine, self._listing.shutdowns, date.today())
        if not self._listing.names:
            with suppress(ServiceProblem):  # the error will show again in the transcription request
                self._listing = listing((await self._client.ask(self._service, "GET", "/models")).content)
        names = self._listing.names or (UNNAMED,)
        return next(filter(TRANSCRIBES.search, names), names[0])

    def _said(self, answer: Answer) -> Said:
        try:
            return Said.model_validate_json(answer.content)
        except ValidationError as error:
            raise senseless(self._service) from error


def fields(model: str, told: Offer, asked: Asked) -> list[tuple[str, str]]:
    """Return the form fields that `model` accepts, without the file."""
    languages = codes(asked.languages)
    wanted = [("model", model), ("response_format", "json")]
    if told.language == "plural":
        wanted += [("languages[]", code) for code in languages]
    elif told.language == "singular" and len(asked.languages) == 1:
        wanted += [("language", code) for code in languages]
    if told.keywords:
        wanted += [("keywords[]", word) for word in keywords(asked.words)]
    elif told.prompt and asked.words:
        wanted.append(("prompt", ", ".join(asked.words)))
    return wanted


class Said(BaseModel):
    """The parsed part of an answer. Languages come in many forms, or not at all."""

    text: str
    language: Any = None
    languages: Any = None

    @property
    def code(self) -> str:
        """The code of the first language given as a code; empty if there is none."""
        first = self.languages[0] if isinstance(self.languages, list) and self.languages else self.language
        code = first.get("code") if isinstance(first, dict) else first
        return code if isinstance(code, str) and len(code) == 2 else ""


class _Voice:
    """Counts the seconds of voice."""

    def __init__(self) -> None:
        self.seconds = 0.0

    async def heard(self, speech: AsyncIterable[Frame]) -> AsyncIterator[Frame]:
        """Yield `speech` unchanged while counting its voice."""
        voice = VoiceActivity()
        async for frame in speech:
            self.seconds += len(frame) / RATE_HZ if voice(frame) >= VOICE else 0.0
            yield frame
