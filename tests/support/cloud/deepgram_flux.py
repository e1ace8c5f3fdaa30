"""Deepgram's Flux: audio reported as turns. A turn ends in a pause (unless `eot_threshold` is 1), by ForceEndTurn, or
after `eot_timeout_ms` of silence; its transcript is that of the whole turn, each time.

Where the protocol's description is silent, the server is: ForceEndTurn outside of a turn is not answered, and after
CloseStream the rest is sent as an Update and not as an EndOfTurn. There is no KeepAlive.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
from starlette.websockets import WebSocket

from desktop.core.types import RATE_HZ, Audio
from tests.support.cloud.deepgram_rules import words
from tests.support.cloud.deepgram_socket import Session
from tests.support.cloud.faults import At
from tests.support.cloud.line import Ended
from tests.support.cloud.phrase_recognizer import Hearing, Phrase

if TYPE_CHECKING:
    from tests.support.cloud.deepgram import Deepgram

SILENT = 0.005
"""Root mean square of silence."""


class Flux(Session):
    """See the module."""

    def __init__(self, server: Deepgram, socket: WebSocket) -> None:
        super().__init__(server, socket)
        self._sequence = self._turn = 0
        self._began_s = self._silent_s = 0.0
        self._said: list[str] = []
        self._started = False
        self.hearing = Hearing(server.words, self._known, self._guessed)

    def does(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """See `Session`."""
        return {"ForceEndTurn": self._force, "CloseStream": self._close}

    async def begin(self) -> None:
        """Connected."""
        await self._send({"type": "Connected"})

    async def misunderstood(self, frame: str) -> None:
        """Fatal."""
        await self._send({"type": "Error", "code": "UNPARSABLE_CLIENT_MESSAGE", "description": "Not understood."})
        await self.line.close(1008, "UNPARSABLE_CLIENT_MESSAGE")

    async def hear(self, sound: Audio) -> None:
        """Hear on, and have the turn end where it has been silent for long enough."""
        await super().hear(sound)
        silent = len(sound) == 0 or float(np.sqrt(np.mean(np.square(sound)))) < SILENT
        patience_s = int(self._asked.get("eot_timeout_ms", "5000")) / 1000
        before, self._silent_s = self._silent_s, self._silent_s + len(sound) / RATE_HZ if silent else 0.0
        if before < patience_s <= self._silent_s and self._started:
            self._start(self._time_out())

    async def _time_out(self) -> None:
        async with self._in_order:
            with suppress(Ended):
                await self._end_turn("timeout")

    async def _force(self) -> None:
        await self.ended(At.ENDING, lambda: self._end_turn("manual"))

    async def _close(self) -> None:
        await self.ended(At.CLOSING, self._end)

    async def _end(self) -> None:
        await self.hearing.finish()
        await self.line.close(1000)

    async def _end_turn(self, trigger: str) -> None:
        await self.hearing.finish()
        if self._started:
            await self._tell_end(trigger)

    async def _known(self, phrase: Phrase) -> None:
        if phrase.text:
            self._said.append(phrase.text)
            await self._tell_more(phrase, " ".join(self._said))
        ends = phrase.paused and float(self._asked.get("eot_threshold", "0.7")) < 1
        if ends and self._started:
            with suppress(Ended):
                await self._tell_end("model")

    async def _guessed(self, phrase: Phrase) -> None:
        if phrase.text:
            await self._tell_more(phrase, " ".join([*self._said, phrase.text]))

    async def _tell_more(self, phrase: Phrase, text: str) -> None:
        began, self._started = not self._started, True
        if began:
            self._began_s = phrase.start_s
        with suppress(Ended):
            await self._tell("StartOfTurn" if began else "Update", text, 0.1)

    async def _tell_end(self, trigger: str) -> None:
        text = " ".join(self._said)
        if "eager_eot_threshold" in self._asked:
            await self._tell("EagerEndOfTurn", text, 0.6)
        await self._tell("EndOfTurn", text, 0.9, trigger=trigger)
        self._said, self._started = [], False
        self._turn += 1

    async def _tell(self, event: str, text: str, sure: float, **more: str) -> None:
        end_s = self.hearing.duration_s - self.hearing.open_s
        said = words(text, self._began_s, end_s - self._began_s)
        told = {
            "type": "TurnInfo",
            "event": event,
            "turn_index": self._turn,
            "audio_window_start": self._began_s,
            "audio_window_end": end_s,
            "transcript": text,
            "words": [{**word, "word": word.pop("punctuated_word")} for word in said],
            "end_of_turn_confidence": sure,
        }
        await self._send({**told, **more})

    async def _send(self, event: dict[str, Any]) -> None:
        sequence, self._sequence = self._sequence, self._sequence + 1
        await self.line.send({**event, "request_id": self.request, "sequence_id": sequence})
