"""Deepgram's Nova protocol as a `StreamingProtocol`: interim and final results, joined to the text.

A final result covers a stretch of the audio and will not change; an interim one is a guess at what follows the last
final, and is replaced by the next. The text is all finals in order, not the last one; `speech_final` only marks a
pause.

At the end `Finalize` makes the rest final. The result marked `from_finalize` is not guaranteed: with little pending
audio it may never come. So it is enough that the finals reach the end of the audio sent, and after `FINALIZE_TIMEOUT_S`
the stream is closed, which returns the rest and then `Metadata`, the last message.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from math import inf

from pydantic import BaseModel, Field

from desktop.core.text import join_texts
from desktop.stt.cloud.pcm_buffer import bytes_to_seconds
from desktop.stt.cloud.streaming_protocol import StreamedText, StreamingServiceError

FINALIZE_TIMEOUT_S = 0.8
"""Seconds to wait for the answer to Finalize: it takes 0.1 to 0.3 s and a round trip."""

NOVA_TOLERANCE_S = 0.02
"""Tolerance in seconds: times in results are rounded to hundredths."""

FINALIZE_MESSAGE, CLOSE_MESSAGE, KEEP_ALIVE_MESSAGE = (
    json.dumps({"type": kind}) for kind in ("Finalize", "CloseStream", "KeepAlive")
)


class NovaAlternative(BaseModel):
    """The words of a result, which may be none, unlike in `desktop.stt.cloud.deepgram.DeepgramAlternative`."""

    transcript: str = ""
    languages: list[str] | None = None


class NovaChannel(BaseModel):
    """The one channel of the audio."""

    alternatives: list[NovaAlternative] = []


class NovaMessage(BaseModel):
    """The parsed part of Deepgram's messages (`Results`, `Metadata`, `Error`). Times are seconds of audio."""

    type: str
    start: float = 0.0
    duration: float = 0.0
    is_final: bool = False
    from_finalize: bool = False
    channel: NovaChannel | list[int] | None = Field(default=None)
    variant: str = ""
    code: str | None = None
    description: str = ""


class NovaProtocol:
    """The protocol of one connection; see the module."""

    keep_alive = KEEP_ALIVE_MESSAGE
    is_stuck = False

    def __init__(self, url: str) -> None:
        self.url = url
        self.audio_bytes = 0
        self._finals: list[str] = []
        self._interim = ""
        self._settled_s = 0.0
        self._language = ""
        self._ending = False
        self._finalized = False
        self._is_closed = False

    @property
    def result(self) -> StreamedText:
        """See `StreamingProtocol`."""
        settled = join_texts(self._finals)
        return StreamedText(join_texts([settled, self._interim]), settled, self._settled_s, self._language)

    @property
    def is_done(self) -> bool:
        """See `StreamingProtocol`."""
        reached = self._settled_s >= bytes_to_seconds(self.audio_bytes) - NOVA_TOLERANCE_S
        return self._is_closed or (self._ending and (self._finalized or reached))

    def opening_messages(self) -> Sequence[str]:
        """Return nothing: all options are in the URL. See `StreamingProtocol`."""
        return []

    def audio_messages(self, pcm: bytes) -> Sequence[bytes]:
        """See `StreamingProtocol`."""
        self.audio_bytes += len(pcm)
        return [pcm]

    def ending_messages(self) -> Iterator[tuple[str, float]]:
        """See `StreamingProtocol`."""
        self._ending = True
        yield FINALIZE_MESSAGE, FINALIZE_TIMEOUT_S
        yield CLOSE_MESSAGE, inf

    def handle_message(self, message: str) -> None:
        """See `StreamingProtocol`."""
        parsed = NovaMessage.model_validate_json(message)
        match parsed.type:
            case "Results":
                self._handle_result(parsed)
            case "Metadata":
                self._is_closed = self._ending
            case "Error":
                raise convert_nova_error(parsed)
            case _:
                pass

    def handle_close(self) -> bool:
        """See `StreamingProtocol`. Returns false: `Metadata` comes before a proper end."""
        return False

    def _handle_result(self, message: NovaMessage) -> None:
        if not isinstance(message.channel, NovaChannel):
            raise ValueError("a result without its channel")
        best = message.channel.alternatives[0] if message.channel.alternatives else NovaAlternative()
        self._language = best.languages[0] if best.languages else self._language
        if message.is_final:
            self._finals.append(best.transcript)
            self._interim = ""
            self._settled_s = max(self._settled_s, message.start + message.duration)
        elif message.start >= self._settled_s - NOVA_TOLERANCE_S:
            self._interim = best.transcript
        self._finalized = self._finalized or (self._ending and message.from_finalize)


def convert_nova_error(message: NovaMessage) -> StreamingServiceError:
    """Convert an `Error` message: either the request or the service is at fault."""
    ours = "Schema" in message.variant or "CLIENT" in (message.code or "")
    return StreamingServiceError(400 if ours else 500, message.description)
