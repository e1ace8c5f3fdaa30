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

from desktop.core.types import Frame, Segment, SentData, Transcript
from desktop.network.client import ServiceAnswer, ServiceClient
from desktop.network.endpoint import Service
from desktop.network.errors import invalid_answer_error
from desktop.network.provider_models import estimate_cost_usd, find_provider_model, recommend_model
from desktop.network.timing import ExchangeTiming
from desktop.settings.schema import AUTO
from desktop.stt.cloud.audio_upload import EncodedRecording
from desktop.stt.cloud.encoding import AudioEncoder, choose_encoder
from desktop.stt.cloud.request import CloudRequest, limit_keyterms, to_iso_codes
from desktop.stt.cloud.upload import ANSWER_TIMEOUT_S, AudioUpload

MULTI_LANGUAGES = {"de", "en", "es", "fr", "hi", "it", "ja", "nl", "pt", "ru"}
"""Languages that Nova transcribes mixed within a sentence (`language=multi`)."""


class DeepgramRecognizer:
    """`desktop.core.interfaces.Recognizer` by Deepgram's pre-recorded API.

    `service.url` is the base with its version (`desktop.network.endpoint`). `encoding`, `phases`, `answer_timeout_s`:
    as in `desktop.stt.cloud.openai.OpenAIRecognizer`.
    """

    engine = "deepgram"

    limit_s = 3600.0
    """Maximum seconds of a recording, far below Deepgram's limits per file: 2 GB and ten minutes of its work."""

    def __init__(
        self,
        client: ServiceClient,
        service: Service,
        request: CloudRequest,
        *,
        encoding: type[AudioEncoder] | None = None,
        answer_timeout_s: float = ANSWER_TIMEOUT_S,
    ) -> None:
        self.phases: ExchangeTiming | None = None
        self._client = client
        self._service = service
        model = recommend_model(self.engine, {}, date.today()) if request.model == AUTO else request.model
        self._request = replace(request, model=model)
        self._model = find_provider_model(self.engine, model)
        self._encoding = encoding
        self._answer_timeout_s = answer_timeout_s

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        """See `desktop.core.interfaces.Recognizer`. Partial transcripts have no words, only what was sent so far."""
        host = urlsplit(self._service.url).hostname or ""
        uplinks = self._client.uplinks
        bit_s = uplinks.speed_bit_s(self._service.host)
        outgoing = EncodedRecording((self._encoding or choose_encoder(host, bit_s, self._model.formats))())

        def report_progress() -> None:
            on_partial(Transcript(sent=self._describe_sent(outgoing)))

        upload = AudioUpload(
            self._service,
            outgoing,
            self._open_connection,
            partial(self._post, outgoing),
            uplinks,
            report_progress,
            answer_timeout_s=self._answer_timeout_s,
        )
        try:
            answer = await upload.send(speech)
        finally:
            report_progress()  # whatever the result, it has left the machine
        duration_s = round(outgoing.duration_s, 3)
        if answer is None:
            return Transcript(duration_s=duration_s, engine=self.engine)
        upload.note_timing(answer)
        self.phases = answer.timing
        text, language = self._parse_answer(answer)
        languages = self._request.languages
        return Transcript(
            text=text,
            stable_length=len(text),
            language=languages[0] if len(languages) == 1 else language,
            segments=(Segment(0.0, duration_s, text),) if text else (),
            duration_s=duration_s,
            engine=self.engine,
            model=self._request.model,
            sent=self._describe_sent(outgoing),
        )

    def _describe_sent(self, outgoing: EncodedRecording) -> tuple[SentData, ...]:
        cost = estimate_cost_usd(self._model, outgoing.duration_s)
        return (
            (SentData(self._service.host, "speech", outgoing.sent_bytes, cost_usd=cost),) if outgoing.sent_bytes else ()
        )

    async def _open_connection(self) -> None:
        """Open the connection. The list of models needs no key; that of the key's projects reveals a wrong one."""
        await self._client.warm(self._service, "/projects")

    async def _post(self, outgoing: EncodedRecording) -> ServiceAnswer:
        return await self._client.request(
            self._service,
            "POST",
            f"/listen?{urlencode(build_query(self._request, self._model.keywords))}",
            headers={"Content-Type": outgoing.encoding.media_type},
            body=outgoing.stream_body,
        )

    def _parse_answer(self, answer: ServiceAnswer) -> tuple[str, str]:
        try:
            channel = DeepgramResponse.model_validate_json(answer.content).results.channels[0]
        except ValidationError as error:
            raise invalid_answer_error(self._service) from error
        code = channel.detected_language[:2] if isinstance(channel.detected_language, str) else ""
        return channel.alternatives[0].transcript.strip(), code


def build_query(request: CloudRequest, takes_keyterms: bool) -> list[tuple[str, str]]:
    """Return the query of the request; `takes_keyterms` is whether the model supports key terms.

    Without a language, Deepgram would transcribe everything as English.
    """
    languages = to_iso_codes(request.languages)
    if len(languages) == 1:
        language = ("language", languages[0])
    elif languages and MULTI_LANGUAGES.issuperset(languages):
        language = ("language", "multi")
    else:
        language = ("detect_language", "true")
    parameters = [
        ("model", request.model),
        language,
        ("smart_format", "true"),
        ("punctuate", "true"),
        ("mip_opt_out", "true"),
    ]
    return [*parameters, *(("keyterm", word) for word in (limit_keyterms(request.words) if takes_keyterms else []))]


class DeepgramAlternative(BaseModel):
    """A transcript."""

    transcript: str


class DeepgramChannel(BaseModel):
    """The one channel of the audio."""

    alternatives: list[DeepgramAlternative] = Field(min_length=1)
    detected_language: Any = None


class DeepgramResults(BaseModel):
    """The results of a request."""

    channels: list[DeepgramChannel] = Field(min_length=1)


class DeepgramResponse(BaseModel):
    """The parsed part of an answer."""

    results: DeepgramResults
