"""OpenAI's Realtime transcription as a `Talk`: one session, one commit, one item whose text is awaited.

- The session is set up in the same breath as the first sound goes out: the server handles messages in order.
- No voice activity detection: the key decides when the turn ends.
- Deltas are a preview. The text is what `completed` says for the item that was committed; what comes for any other
  item answers another question. A server that commits by itself makes several items: theirs are joined in order.
- 24 kHz is the only rate that is taken: the sound is resampled as it goes, without a seam.
- The update's old shape, of the beta, is not spoken: OpenAI closes on it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import Any

import numpy as np
import soxr
from pydantic import BaseModel

from desktop.ports import RATE_HZ
from desktop.recognizers.talk import TroubleError, Words
from desktop.speech.text import join

RATE_OUT_HZ = 24_000

TRANSCRIPTION = "conversation.item.input_audio_transcription."

STATUS = {
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
"""The HTTP status that means the same as an error's code or type; 400 for others."""

NOTHING_TO_COMMIT = "input_audio_buffer_commit_empty"
"""The error's code where less than 100 ms is uncommitted: a server that commits by itself has been quicker."""


class Fault(BaseModel):
    """What is wrong."""

    type: str | None = None
    code: str | None = None
    message: str | None = None


class Language(BaseModel):
    """A language that was heard."""

    code: str


class Event(BaseModel):
    """What a server says, as far as it matters here."""

    type: str
    item_id: str = ""
    delta: str = ""
    transcript: str = ""
    languages: list[Language] | None = None
    error: Fault | None = None


class Items:
    """See the module. `transcription` is what the session is asked for: model, languages, keywords, prompt."""

    still = ""
    stuck = False

    def __init__(self, url: str, transcription: Mapping[str, Any]) -> None:
        self.url = url
        self.audio_bytes = 0
        self._transcription = transcription
        self._resampler = soxr.ResampleStream(RATE_HZ, RATE_OUT_HZ, 1, dtype="int16")
        self._previews: dict[str, str] = {}
        self._ours: list[str] = []
        self._finals: dict[str, str] = {}
        self._language = ""
        self._committing = False
        self._committed = False

    @property
    def words(self) -> Words:
        """See `Talk`. Nothing settles before the end."""
        others = [item for item in self._previews if item not in self._ours]
        texts = [self._finals.get(item, self._previews.get(item, "")) for item in (*self._ours, *others)]
        if self.done:
            text = join(self._finals[item] for item in self._ours)
            return Words(text, text, 0.0, self._language)
        return Words(join(texts), language=self._language)

    @property
    def done(self) -> bool:
        """See `Talk`."""
        return self._committed and all(item in self._finals for item in self._ours)

    def opening(self) -> Sequence[str]:
        """See `Talk`."""
        heard = {
            "format": {"type": "audio/pcm", "rate": RATE_OUT_HZ},
            "noise_reduction": None,
            "transcription": dict(self._transcription),
            "turn_detection": None,
        }
        session = {"type": "transcription", "audio": {"input": heard}}
        return [json.dumps({"type": "session.update", "session": session})]

    def sound(self, pcm: bytes) -> Sequence[str]:
        """See `Talk`."""
        return self._append(self._resampler.resample_chunk(np.frombuffer(pcm, "<i2")))

    def ending(self) -> Iterator[tuple[str, float]]:
        """See `Talk`."""
        for message in self._append(self._resampler.resample_chunk(np.zeros(0, np.int16), last=True)):
            yield message, 0.0
        self._committing = True
        yield json.dumps({"type": "input_audio_buffer.commit"}), inf

    def told(self, message: str) -> None:
        """See `Talk`."""
        event = Event.model_validate_json(message)
        match event.type.removeprefix(TRANSCRIPTION):
            case "input_audio_buffer.committed":
                self._ours.append(event.item_id)
                self._committed = self._committing
            case "delta":
                self._previews[event.item_id] = self._previews.get(event.item_id, "") + event.delta
            case "completed":
                self._finals[event.item_id] = event.transcript
                self._language = event.languages[0].code if event.languages else self._language
            case "failed" if event.item_id in self._ours:
                raise trouble(event.error or Fault())
            case "error" if self._committing and event.error and event.error.code == NOTHING_TO_COMMIT:
                self._committed = True
            case "error":
                raise trouble(event.error or Fault())
            case _:
                pass

    def hung_up(self) -> bool:
        """See `Talk`: a server that says goodbye before the text has lost it."""
        return False

    def _append(self, samples: Any) -> list[str]:
        if not len(samples):
            return []
        pcm = samples.astype("<i2").tobytes()
        self.audio_bytes += len(pcm)
        return [json.dumps({"type": "input_audio_buffer.append", "audio": base64.b64encode(pcm).decode()})]


def trouble(fault: Fault) -> TroubleError:
    """What an error or a failed transcription comes to."""
    status = next((STATUS[name] for name in (fault.code, fault.type) if name in STATUS), 400)
    return TroubleError(status, fault.message or "")
