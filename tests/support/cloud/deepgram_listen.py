"""Deepgram's stream: interim and final Results during speech, the rest at Finalize, Metadata at CloseStream.

A Finalize with no audio in the buffer is not answered, as it need not be in reality. Every final has the words of its
own stretch alone. Neither SpeechStarted nor UtteranceEnd is built.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.websockets import WebSocket

from tests.support.cloud.deepgram_rules import plain, words
from tests.support.cloud.deepgram_socket import Session
from tests.support.cloud.faults import At
from tests.support.cloud.line import Ended
from tests.support.cloud.phrase_recognizer import Hearing, Phrase

if TYPE_CHECKING:
    from tests.support.cloud.deepgram import Deepgram

UUID = "00000000-0000-4000-8000-000000000003"


class Listen(Session):
    """See the module."""

    def __init__(self, server: Deepgram, socket: WebSocket) -> None:
        super().__init__(server, socket)
        guess = self._guessed if self.asks("interim_results") else None
        self.hearing = Hearing(server.words, self._known, guess)

    def does(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """See `Session`."""
        return {"KeepAlive": self._keep, "Finalize": self._finalize, "CloseStream": self._close}

    async def misunderstood(self, frame: str) -> None:
        """The socket stays open."""
        told = {"type": "Error", "variant": "SchemaError", "description": "Could not parse the message."}
        await self.line.send({**told, "message": frame})

    async def _keep(self) -> None:
        """Nothing: that it came is enough."""

    async def _finalize(self) -> None:
        await self.ended(At.ENDING, self.hearing.finish)

    async def _close(self) -> None:
        await self.ended(At.CLOSING, self._end)

    async def _end(self) -> None:
        self.hearing.feed(self._pcm.rest())
        await self.hearing.finish()
        told = {
            "type": "Metadata",
            "transaction_key": "deprecated",
            "request_id": self.request,
            "sha256": hashlib.sha256(self.request.encode()).hexdigest(),
            "created": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "duration": self.audio_s,
            "channels": 1,
        }
        await self.line.send(told)
        await self.line.close(1000)

    async def _known(self, phrase: Phrase) -> None:
        await self._tell(phrase, final=True)

    async def _guessed(self, phrase: Phrase) -> None:
        await self._tell(phrase, final=False)

    async def _tell(self, phrase: Phrase, final: bool) -> None:
        said = words(phrase.text, phrase.start_s, phrase.duration_s)
        text = plain(phrase.text, self.asks("punctuate") or self.asks("smart_format"))
        best = {"transcript": text, "confidence": 0.98 if text else 0.0, "words": said}
        model = {"name": "general-nova-3", "version": "2026-01-01.0", "arch": "nova-3"}
        with suppress(Ended):
            await self.line.send(
                {
                    "type": "Results",
                    "channel_index": [0, 1],
                    "start": phrase.start_s,
                    "duration": phrase.duration_s,
                    "is_final": final,
                    "speech_final": phrase.paused,
                    "from_finalize": phrase.asked,
                    "channel": {"alternatives": [best]},
                    "metadata": {"request_id": self.request, "model_info": model, "model_uuid": UUID},
                }
            )
