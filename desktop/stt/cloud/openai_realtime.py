"""Transcribe with OpenAI's Realtime API: audio is sent during the dictation, so only its end is left at the release.

A session lasts an hour at most. It costs about four times as much as recorded audio, so it must be chosen.
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import takewhile
from math import inf
from typing import Any

import anyio
import numpy as np
import soxr
from pydantic import BaseModel

from desktop.audio.levels import PauseDetector
from desktop.core.errors import ServiceError
from desktop.core.interfaces import Recognizer
from desktop.core.text import join_texts
from desktop.core.types import RATE_HZ, Frame, Transcript
from desktop.network import endpoint as network_endpoint
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service
from desktop.network.openai_sdk import OpenAIClient
from desktop.network.provider_models import (
    ProviderModel,
    estimate_cost_usd,
    find_provider_model,
    recommend_model,
)
from desktop.network.websockets import WebSockets
from desktop.settings.schema import AUTO
from desktop.stt.cloud.pcm_buffer import MIN_AUDIO_S, bytes_to_seconds
from desktop.stt.cloud.request import CloudRequest, filter_keywords, to_iso_codes
from desktop.stt.cloud.streaming import (
    DEFAULT_TIMEOUTS,
    CloudStream,
    StreamingEndpoint,
    StreamingTimeouts,
    transcribe_stream,
)
from desktop.stt.cloud.streaming_protocol import StreamedText, StreamingServiceError

REALTIME_RATE_HZ = 24_000

TRANSCRIPTION_PREFIX = "conversation.item.input_audio_transcription."

ERROR_STATUSES = {
    "invalid_api_key": 401,
    "authentication_error": 401,
    "insufficient_quota": 402,
    "billing_hard_limit_reached": 402,
    "permission_error": 403,
    "model_not_found": 404,
    "rate_limit_exceeded": 429,
    "rate_limit_error": 429,
    "server_error": 500,
    "internal_error": 500,
    "session_expired": 503,
}
"""HTTP status equivalent to an error's code or type; 400 for others."""

MIN_COMMIT_S, COMMIT_PAUSE_S = 30.0, 0.4
"""Pending seconds from which, and seconds of pause at which, audio is committed: Whisper never has more context."""

COMMIT_MESSAGE = json.dumps({"type": "input_audio_buffer.commit"})

MAX_ITEMS, MAX_CHARACTERS = 5_000, 2**21
"""Limits of one connection.

Two hours have 240 commits of ours, or 2,000 pauses at which a server commits, and less than a million characters, sent
twice, with the names of their items. More is invalid.
"""

EMPTY_COMMIT_ERROR = "input_audio_buffer_commit_empty"
"""Error code for less than 100 ms of uncommitted audio: the server has committed by itself before."""

LIST_TIMEOUT_S = 1.0
"""Seconds to wait for the list of models."""


class OpenAIRealtimeRecognizer:
    """`desktop.core.interfaces.Recognizer` by the Realtime API. `service.url` is the socket's, from
    `desktop.network.endpoint.openai_realtime_url`.

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
        """See `desktop.core.interfaces.Recognizer`."""
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

        For `auto` the service is asked once for shutdown dates. The table decides without them: where no answer comes
        in `LIST_TIMEOUT_S`, during the dictation, and where OpenAI's client, which asks, cannot be loaded.
        """
        if self._request.model != AUTO:
            return self._request.model
        if self._shutdowns is None:
            self._shutdowns = {}
            base = replace(self._service, url=network_endpoint.openai_base_url(self._service.url))
            with suppress(ServiceError), anyio.move_on_after(LIST_TIMEOUT_S):
                self._shutdowns = (await OpenAIClient(self._client, base).list_models()).shutdowns
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


class RealtimeProtocol:
    """The protocol of one connection as a `StreamingProtocol`: each commit becomes an item, whose text follows.

    - The session is configured together with the first audio: the server handles messages in order.
    - No voice activity detection: the key decides when the turn ends. A long dictation is also committed at pauses,
      once `MIN_COMMIT_S` is pending, so that little is left to transcribe at the release, and to resend on a new
      connection.
    - Deltas are a preview. The text is what `completed` reports for committed items, joined in their order, in
      whichever order they complete; other items belong to other requests. A server that commits by itself creates items
      that count.
    - 24 kHz is the only accepted rate: the audio is resampled as a continuous stream.
    - The beta's format of the session update is not used: OpenAI closes the connection on it.

    `transcription` is the session's configuration: model, languages, keywords, prompt.
    """

    keep_alive = ""
    is_stuck = False

    def __init__(self, url: str, transcription: Mapping[str, Any]) -> None:
        self.url = url
        self.audio_bytes = 0
        self._transcription = transcription
        self._resampler = soxr.ResampleStream(RATE_HZ, REALTIME_RATE_HZ, 1, dtype="int16")
        self._pauses = PauseDetector()
        self._input_bytes = 0
        self._commits: list[float] = []  # audio positions in seconds
        self._answered = 0
        self._items: list[tuple[str, float | None]] = []  # with the position of our commit, if it was ours
        self._previews: dict[str, str] = {}
        self._finals: dict[str, str] = {}
        self._language = ""
        self._characters = 0
        self._ending = False

    @property
    def result(self) -> StreamedText:
        """See `StreamingProtocol`. Settled text ends at a commit of ours: only there the audio position is known."""
        committed, is_done = [item for item, _ in self._items], self.is_done
        known = set(committed)
        final = list(takewhile(lambda item: item[0] in self._finals, self._items))
        while final and final[-1][1] is None and not is_done:
            final.pop()
        settled = join_texts(self._finals[item] for item, _ in final)
        uncommitted = [] if is_done else [item for item in self._previews if item not in known]
        rest = [*committed[len(final) :], *uncommitted]
        text = join_texts([settled, *(self._finals.get(item, self._previews.get(item, "")) for item in rest)])
        return StreamedText(text, settled, (final[-1][1] or 0.0) if final else 0.0, self._language)

    @property
    def is_done(self) -> bool:
        """See `StreamingProtocol`."""
        is_answered = self._ending and self._answered == len(self._commits)
        return is_answered and all(item in self._finals for item, _ in self._items)

    def opening_messages(self) -> Sequence[str]:
        """See `StreamingProtocol`."""
        audio_input = {
            "format": {"type": "audio/pcm", "rate": REALTIME_RATE_HZ},
            "noise_reduction": None,
            "transcription": dict(self._transcription),
            "turn_detection": None,
        }
        session = {"type": "transcription", "audio": {"input": audio_input}}
        return [json.dumps({"type": "session.update", "session": session})]

    def audio_messages(self, pcm: bytes) -> Sequence[str]:
        """See `StreamingProtocol`."""
        self._input_bytes += len(pcm)
        self._pauses.add_audio(pcm)
        messages = self._append(self._resampler.resample_chunk(np.frombuffer(pcm, "<i2")))
        if self._pending_s >= MIN_COMMIT_S and self._pauses.quiet_s >= COMMIT_PAUSE_S:
            messages.append(self._commit())
        return messages

    def ending_messages(self) -> Iterator[tuple[str, float]]:
        """See `StreamingProtocol`."""
        for message in self._append(self._resampler.resample_chunk(np.zeros(0, np.int16), last=True)):
            yield message, 0.0
        self._ending = True
        if self._pending_s >= MIN_AUDIO_S:
            yield self._commit(), inf

    def handle_message(self, message: str) -> None:
        """See `StreamingProtocol`."""
        event = RealtimeEvent.model_validate_json(message)
        self._characters += len(event.item_id) + len(event.delta) + len(event.transcript)
        if self._characters > MAX_CHARACTERS or max(map(len, (self._items, self._previews, self._finals))) > MAX_ITEMS:
            raise ValueError("words without end")
        match event.type.removeprefix(TRANSCRIPTION_PREFIX):
            case "input_audio_buffer.committed":
                is_ours = self._answered < len(self._commits)
                self._items.append((event.item_id, self._commits[self._answered] if is_ours else None))
                self._answered += is_ours
            case "delta":
                self._previews[event.item_id] = self._previews.get(event.item_id, "") + event.delta
            case "completed":
                self._finals[event.item_id] = event.transcript
                self._language = event.languages[0].code if event.languages else self._language
            case "failed" if event.item_id in [item for item, _ in self._items]:
                raise convert_realtime_error(event.error or RealtimeError())
            case "error" if event.error is not None and event.error.code == EMPTY_COMMIT_ERROR and self._commits:
                self._answered += 1
            case "error":
                raise convert_realtime_error(event.error or RealtimeError())
            case _:
                pass

    def handle_close(self) -> bool:
        """See `StreamingProtocol`. Returns false: a server that closes before the text is complete has lost it."""
        return False

    @property
    def _pending_s(self) -> float:
        return bytes_to_seconds(self._input_bytes) - (self._commits[-1] if self._commits else 0.0)

    def _commit(self) -> str:
        self._commits.append(bytes_to_seconds(self._input_bytes))
        return COMMIT_MESSAGE

    def _append(self, samples: Any) -> list[str]:
        if not len(samples):
            return []
        pcm = samples.astype("<i2").tobytes()
        self.audio_bytes += len(pcm)
        return [json.dumps({"type": "input_audio_buffer.append", "audio": base64.b64encode(pcm).decode()})]


class RealtimeError(BaseModel):
    """An error."""

    type: str | None = None
    code: str | None = None
    message: str | None = None


class RealtimeLanguage(BaseModel):
    """A detected language."""

    code: str


class RealtimeEvent(BaseModel):
    """The parsed part of a server's message."""

    type: str
    item_id: str = ""
    delta: str = ""
    transcript: str = ""
    languages: list[RealtimeLanguage] | None = None
    error: RealtimeError | None = None


def convert_realtime_error(error: RealtimeError) -> StreamingServiceError:
    """Convert an error or a failed transcription."""
    status = next((ERROR_STATUSES[name] for name in (error.code, error.type) if name in ERROR_STATUSES), 400)
    return StreamingServiceError(status, error.message or "")
