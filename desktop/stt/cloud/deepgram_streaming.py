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

from desktop.core.text import join
from desktop.stt.cloud.sound import seconds
from desktop.stt.cloud.talk import TroubleError, Words

FINALIZE_S = 0.8
"""Seconds to wait for the answer to Finalize: it takes 0.1 to 0.3 s and a round trip."""

NEAR_S = 0.02
"""Tolerance in seconds: times in results are rounded to hundredths."""

FINALIZE, CLOSE, KEEP = (json.dumps({"type": kind}) for kind in ("Finalize", "CloseStream", "KeepAlive"))


class Alternative(BaseModel):
    """The words of a result."""

    transcript: str = ""
    languages: list[str] | None = None


class Channel(BaseModel):
    """The one channel of the audio."""

    alternatives: list[Alternative] = []


class Told(BaseModel):
    """The parsed part of Deepgram's messages (`Results`, `Metadata`, `Error`). Times are seconds of audio."""

    type: str
    start: float = 0.0
    duration: float = 0.0
    is_final: bool = False
    from_finalize: bool = False
    channel: Channel | list[int] | None = Field(default=None)
    variant: str = ""
    code: str | None = None
    description: str = ""


class Results:
    """See the module."""

    still = KEEP
    stuck = False

    def __init__(self, url: str) -> None:
        self.url = url
        self.audio_bytes = 0
        self._finals: list[str] = []
        self._interim = ""
        self._settled_s = 0.0
        self._language = ""
        self._ending = False
        self._finalized = False
        self._over = False

    @property
    def words(self) -> Words:
        """See `StreamingProtocol`."""
        settled = join(self._finals)
        return Words(join([settled, self._interim]), settled, self._settled_s, self._language)

    @property
    def done(self) -> bool:
        """See `StreamingProtocol`."""
        reached = self._settled_s >= seconds(self.audio_bytes) - NEAR_S
        return self._over or (self._ending and (self._finalized or reached))

    def opening(self) -> Sequence[str]:
        """Return nothing: all options are in the URL. See `StreamingProtocol`."""
        return []

    def sound(self, pcm: bytes) -> Sequence[bytes]:
        """See `StreamingProtocol`."""
        self.audio_bytes += len(pcm)
        return [pcm]

    def ending(self) -> Iterator[tuple[str, float]]:
        """See `StreamingProtocol`."""
        self._ending = True
        yield FINALIZE, FINALIZE_S
        yield CLOSE, inf

    def told(self, message: str) -> None:
        """See `StreamingProtocol`."""
        told = Told.model_validate_json(message)
        match told.type:
            case "Results":
                self._result(told)
            case "Metadata":
                self._over = self._ending
            case "Error":
                raise trouble(told)
            case _:
                pass

    def hung_up(self) -> bool:
        """See `StreamingProtocol`. Returns false: `Metadata` comes before a proper end."""
        return False

    def _result(self, told: Told) -> None:
        if not isinstance(told.channel, Channel):
            raise ValueError("a result without its channel")
        best = told.channel.alternatives[0] if told.channel.alternatives else Alternative()
        self._language = best.languages[0] if best.languages else self._language
        if told.is_final:
            self._finals.append(best.transcript)
            self._interim = ""
            self._settled_s = max(self._settled_s, told.start + told.duration)
        elif told.start >= self._settled_s - NEAR_S:
            self._interim = best.transcript
        self._finalized = self._finalized or (self._ending and told.from_finalize)


def trouble(told: Told) -> TroubleError:
    """Convert an `Error` message: either the request or the service is at fault."""
    ours = "Schema" in told.variant or "CLIENT" in (told.code or "")
    return TroubleError(400 if ours else 500, told.description)
