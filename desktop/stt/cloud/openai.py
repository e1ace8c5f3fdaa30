"""Transcribe with OpenAI's API, or a compatible server's: one request, sent during the dictation.

The models differ in their fields (`desktop.network.provider_models`); an unknown field fails the request. Compatible
servers (`is_compatible`) get only the common fields: file, model, response_format, language, prompt. `temperature` is
not sent: 0 would disable the fallback by which a Whisper behind the server escapes a loop.
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
from desktop.core.errors import ServiceError
from desktop.core.types import RATE_HZ, Frame, Segment, SentData, Transcript
from desktop.network.client import ServiceAnswer, ServiceClient
from desktop.network.endpoint import Service
from desktop.network.errors import invalid_answer_error
from desktop.network.openai_sdk import OpenAIClient
from desktop.network.provider_models import (
    TRANSCRIPTION_NAMES,
    ModelListing,
    ProviderModel,
    estimate_cost_usd,
    find_provider_model,
    recommend_model,
)
from desktop.network.timing import ExchangeTiming
from desktop.settings.schema import AUTO
from desktop.stt.cloud.audio_upload import EncodedRecording, MultipartForm
from desktop.stt.cloud.encoding import AudioEncoder, choose_encoder
from desktop.stt.cloud.request import CloudRequest, filter_keywords, to_iso_codes
from desktop.stt.cloud.upload import ANSWER_TIMEOUT_S, AudioUpload
from desktop.stt.guards import FLICKER_VOICE_S, is_prompt_echo
from desktop.stt.segmenter import VOICE_THRESHOLD

OPENAI_LIMIT_S, COMPATIBLE_LIMIT_S = 750.0, 540.0
"""Maximum seconds of a recording: 25 MB a file for audio that FLAC cannot compress; vLLM takes 600 s."""

DEFAULT_COMPATIBLE_MODEL = "whisper-1"
"""The model for a server that lists none (faster-whisper-server).

Every client of OpenAI knows this name, and such servers accept or ignore it.
"""


class OpenAIRecognizer:
    """`desktop.core.interfaces.Recognizer` by one request for a recording.

    `service.url` is the base with its version (`desktop.network.endpoint`). `encoding` is for comparisons; by default
    the network decides. `phases` are those of the last answer. `answer_timeout_s`: see `upload`.
    """

    def __init__(
        self,
        client: ServiceClient,
        service: Service,
        request: CloudRequest,
        *,
        is_compatible: bool = False,
        encoding: type[AudioEncoder] | None = None,
        answer_timeout_s: float = ANSWER_TIMEOUT_S,
    ) -> None:
        self.engine = "compatible" if is_compatible else "openai"
        self.limit_s = COMPATIBLE_LIMIT_S if is_compatible else OPENAI_LIMIT_S
        self.phases: ExchangeTiming | None = None
        self._client = client
        self._openai = OpenAIClient(client, service)
        self._service = service
        self._request = request
        self._encoding = encoding
        self._answer_timeout_s = answer_timeout_s
        self._listing = ModelListing()

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        """See `desktop.core.interfaces.Recognizer`. Partial transcripts have no words, only what was sent so far."""
        host = urlsplit(self._service.url).hostname or ""
        formats = find_provider_model(self.engine, self._request.model).formats
        kind = self._encoding or choose_encoder(host, self._client.uplinks.speed_bit_s(self._service.host), formats)
        outgoing, voice, model = EncodedRecording(kind()), _VoiceCounter(), ""

        async def send_request() -> ServiceAnswer:
            nonlocal model
            model = await self._choose_model()
            return await self._post(model, outgoing)

        def report_progress() -> None:
            on_partial(Transcript(sent=self._describe_sent(outgoing, model)))

        is_model_unknown = self._request.model == AUTO and not self._listing.names
        upload = AudioUpload(
            self._service,
            outgoing,
            self._list_models,
            send_request,
            self._client.uplinks,
            report_progress,
            answer_timeout_s=self._answer_timeout_s,
            wait_for_connection=is_model_unknown,
        )
        try:
            answer = await upload.send(voice.count(speech) if self._request.words else speech)
        finally:
            report_progress()  # whatever the result, it has left the machine
        duration_s = round(outgoing.duration_s, 3)
        if answer is None:
            return Transcript(duration_s=duration_s, engine=self.engine)
        upload.note_timing(answer)
        self.phases = answer.timing
        response = self._parse_answer(answer)
        text = response.text.strip()
        if voice.seconds < FLICKER_VOICE_S and is_prompt_echo(text, self._request.words):
            text = ""
        languages = self._request.languages
        return Transcript(
            text=text,
            stable_length=len(text),
            language=languages[0] if len(languages) == 1 else response.language_code,
            segments=(Segment(0.0, duration_s, text),) if text else (),
            duration_s=duration_s,
            engine=self.engine,
            model=model,
            sent=self._describe_sent(outgoing, model),
        )

    def _describe_sent(self, outgoing: EncodedRecording, model: str) -> tuple[SentData, ...]:
        cost = estimate_cost_usd(find_provider_model(self.engine, model), outgoing.duration_s)
        return (
            (SentData(self._service.host, "speech", outgoing.sent_bytes, cost_usd=cost),) if outgoing.sent_bytes else ()
        )

    async def _list_models(self) -> None:
        """Open the connection by requesting the list of models and their shutdown dates."""
        self._listing = await self._openai.warm() or self._listing

    async def _post(self, model: str, outgoing: EncodedRecording) -> ServiceAnswer:
        form = MultipartForm(
            build_fields(model, find_provider_model(self.engine, model), self._request), outgoing.encoding
        )
        body = partial(outgoing.stream_body, form.before, form.after)
        return await self._openai.upload("/audio/transcriptions", form.content_type, body)

    async def _choose_model(self) -> str:
        if self._request.model != AUTO:
            return self._request.model
        if self.engine == "openai":
            return recommend_model(self.engine, self._listing.shutdowns, date.today())
        if not self._listing.names:
            with suppress(ServiceError):  # the error will show again in the transcription request
                self._listing = await self._openai.list_models()
        names = self._listing.names or (DEFAULT_COMPATIBLE_MODEL,)
        return next(filter(TRANSCRIPTION_NAMES.search, names), names[0])

    def _parse_answer(self, answer: ServiceAnswer) -> OpenAIResponse:
        try:
            return OpenAIResponse.model_validate_json(answer.content)
        except ValidationError as error:
            raise invalid_answer_error(self._service) from error


def build_fields(model: str, options: ProviderModel, request: CloudRequest) -> list[tuple[str, str]]:
    """Return the form fields that `model` accepts, without the file."""
    languages = to_iso_codes(request.languages)
    parameters = [("model", model), ("response_format", "json")]
    if options.language == "plural":
        parameters += [("languages[]", code) for code in languages]
    elif options.language == "singular" and len(request.languages) == 1:
        parameters += [("language", code) for code in languages]
    if options.keywords:
        parameters += [("keywords[]", word) for word in filter_keywords(request.words)]
    elif options.prompt and request.words:
        parameters.append(("prompt", ", ".join(request.words)))
    return parameters


class OpenAIResponse(BaseModel):
    """The parsed part of an answer. Languages come in many forms, or not at all."""

    text: str
    language: Any = None
    languages: Any = None

    @property
    def language_code(self) -> str:
        """The code of the first language given as a code; empty if there is none."""
        first = self.languages[0] if isinstance(self.languages, list) and self.languages else self.language
        code = first.get("code") if isinstance(first, dict) else first
        return code if isinstance(code, str) and len(code) == 2 else ""


class _VoiceCounter:
    """Counts the seconds of voice."""

    def __init__(self) -> None:
        self.seconds = 0.0

    async def count(self, speech: AsyncIterable[Frame]) -> AsyncIterator[Frame]:
        """Yield `speech` unchanged while counting its voice."""
        voice = VoiceActivity()
        async for frame in speech:
            self.seconds += len(frame) / RATE_HZ if voice(frame) >= VOICE_THRESHOLD else 0.0
            yield frame
