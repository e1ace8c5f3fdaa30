"""Deepgram's Flux protocol as a `StreamingProtocol`: turns, joined to the text.

Flux detects the end of a turn; with a held key the key decides that, so detection is off (`eot_threshold=1.0` in the
URL) and `ForceEndTurn` ends the turn at the release. A pause of `eot_timeout_ms` still ends one: the text is that of
all ended turns, in order.

`ForceEndTurn` is ignored between two turns, and ends a turn with what was transcribed so far, which may not be all that
was sent. So the end is reached when no turn is open and the transcription reaches the end of the audio sent. If the
turn ends before that, or not within `FORCE_TIMEOUT_S`, the stream is closed, which returns the rest.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from math import inf

from pydantic import BaseModel

from desktop.core.text import join_texts
from desktop.stt.cloud.deepgram_nova import CLOSE_MESSAGE
from desktop.stt.cloud.pcm_buffer import bytes_to_seconds
from desktop.stt.cloud.streaming_protocol import StreamedText, StreamingServiceError

FORCE_TIMEOUT_S = 0.8
"""Seconds to wait for the end of the turn."""

FLUX_TOLERANCE_S = 0.1
"""Tolerance in seconds: Flux works in steps of 80 ms, so less than one before the end counts as the end."""

FORCE_MESSAGE = json.dumps({"type": "ForceEndTurn"})


class FluxMessage(BaseModel):
    """The parsed part of Flux's messages (`TurnInfo`, `Error`). Times are seconds of audio."""

    type: str
    event: str = ""
    turn_index: int = 0
    audio_window_end: float = 0.0
    transcript: str = ""
    languages: list[str] | None = None
    code: str = ""
    description: str = ""


class FluxProtocol:
    """The protocol of one connection; see the module."""

    keep_alive = ""

    def __init__(self, url: str) -> None:
        self.url = url
        self.audio_bytes = 0
        self._ended: dict[int, str] = {}
        self._open = ""
        self._transcribed_s = 0.0
        self._settled_s = 0.0
        self._language = ""
        self._ending = False
        self._forced = False
        self._closing = False
        self._is_closed = False

    @property
    def result(self) -> StreamedText:
        """See `StreamingProtocol`."""
        settled = join_texts(self._ended[index] for index in sorted(self._ended))
        return StreamedText(join_texts([settled, self._open]), settled, self._settled_s, self._language)

    @property
    def is_done(self) -> bool:
        """See `StreamingProtocol`."""
        reached = self._transcribed_s >= bytes_to_seconds(self.audio_bytes) - FLUX_TOLERANCE_S
        return self._is_closed or (self._ending and not self._open and reached)

    @property
    def is_stuck(self) -> bool:
        """See `StreamingProtocol`."""
        return self._forced and not self._closing and not self.is_done

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
        yield FORCE_MESSAGE, FORCE_TIMEOUT_S
        self._closing = True
        yield CLOSE_MESSAGE, inf

    def handle_message(self, message: str) -> None:
        """See `StreamingProtocol`."""
        turn = FluxMessage.model_validate_json(message)
        if turn.type == "Error":
            raise StreamingServiceError(400 if "CLIENT" in turn.code else 500, turn.description)
        if turn.type != "TurnInfo":
            return
        self._language = turn.languages[0] if turn.languages else self._language
        self._transcribed_s = max(self._transcribed_s, turn.audio_window_end)
        if turn.event == "EndOfTurn":
            self._ended[turn.turn_index] = turn.transcript
            self._open = ""
            self._forced = self._ending
            self._settled_s = max(self._settled_s, turn.audio_window_end)
        elif turn.turn_index not in self._ended:
            self._open = turn.transcript

    def handle_close(self) -> bool:
        """See `StreamingProtocol`. The text of an open turn is final if we closed the stream."""
        self._is_closed = self._closing
        return self._is_closed
