"""OpenAI's Realtime transcription over a WebSocket, in the shape it has since the beta one was turned off.

What it holds a client to: `intent=transcription` and no model in the URL, one `session.update` of the GA shape with
only what the model takes, 24 kHz PCM in base64, at least 100 ms of it before a commit. Words come as deltas while
speaking with the live models, and in `completed` with the `item_id` that `committed` named. Turns are the client's own:
voice detection is refused, for the live models as in reality, for the others because it isn't built here.

Points of faults, in order: `HANDSHAKE`, `ACCEPTED`, `CREATED`, `UPDATED`, `AUDIO`, `ENDING` (a commit has come),
`COMMITTED`. `Skip(At.ENDING)` leaves `committed` out, `Skip(At.COMMITTED)` the final words. Events for `Say`: `error`,
`failed`, `completed`.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import time
from collections.abc import Mapping
from contextlib import suppress
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from starlette.responses import Response
from starlette.websockets import WebSocket

from tests.support.cloud.faults import AUDIO_S, At
from tests.support.cloud.line import Ended, Line, parsed
from tests.support.cloud.openai_rules import LIVE, Wrong, no_model, wrong_hints
from tests.support.cloud.phrase_recognizer import Hearing, Phrase
from tests.support.cloud.words import Pcm

if TYPE_CHECKING:
    from tests.support.cloud.openai import OpenAI

PCM_HZ = 24_000
BIGGEST = 15 * 1024 * 1024
LEAST_S = 0.1
LONGEST_S = 3600.0
"""A session may be so long. It is counted in audio, as that comes faster than it was spoken in tests."""

STREAMING = ("gpt-live-transcribe", "gpt-realtime-whisper")
"""Models that send words during speech."""

HEARD = "conversation.item.input_audio_transcription"


def event(kind: str, **fields: Any) -> dict[str, Any]:
    """An event of the server's."""
    return {"type": kind, "event_id": f"event_{token_hex(10)}", **fields}


def error(wrong: Wrong, cause: str | None = None) -> dict[str, Any]:
    """The event for what is wrong; `cause` is the client's own event id."""
    return event("error", error={**wrong.event(), "event_id": cause})


def completed(item: str, text: str, seconds: float = 0.0) -> dict[str, Any]:
    """The final words of an item."""
    usage = {"type": "duration", "seconds": round(seconds, 2)}
    return event(f"{HEARD}.completed", item_id=item, content_index=0, transcript=text, usage=usage)


def failed(item: str, message: str = "Input transcription failed.") -> dict[str, Any]:
    """An item that could not be transcribed."""
    told = {"type": "server_error", "code": "transcription_failed", "message": message, "param": None}
    return event(f"{HEARD}.failed", item_id=item, content_index=0, error=told)


class Turn:
    """What is said between two commits."""

    def __init__(self, session: Session) -> None:
        self.item = f"item_{token_hex(10)}"
        self.seconds = 0.0
        self._session = session
        self._words: list[str] = []
        self._pcm = Pcm(PCM_HZ)
        self._hearing = Hearing(session.words, self._told)

    def feed(self, pcm: bytes) -> None:
        """Hear on."""
        self.seconds += len(pcm) / 2 / PCM_HZ
        self._hearing.feed(self._pcm.sound(pcm))

    async def finish(self) -> str:
        """All of its words."""
        self._hearing.feed(self._pcm.rest())
        await self._hearing.finish()
        return " ".join(self._words)

    def stop(self) -> None:
        """Hear no more."""
        self._hearing.stop()

    async def _told(self, phrase: Phrase) -> None:
        if phrase.text:
            delta = f" {phrase.text}" if self._words else phrase.text
            self._words.append(phrase.text)
            if self._session.streams:
                with suppress(Ended):
                    told = event(f"{HEARD}.delta", item_id=self.item, content_index=0, delta=delta)
                    await self._session.line.send(told)


class Session:
    """One connection. `updates` has the sessions that were asked for, `audio_s` the seconds of audio that came, `items`
    those committed, `took_s` how long each of them took from its commit to its words, `line.sent` what was told."""

    def __init__(self, server: OpenAI, socket: WebSocket) -> None:
        self.words = server.words
        self.line = Line(socket, server.faults)
        self.headers = dict(socket.headers)
        self.query = dict(socket.query_params)
        self.updates: list[dict[str, Any]] = []
        self.audio_s = 0.0
        self.items: list[str] = []
        self.took_s: list[float] = []
        self.over = False
        self._server = server
        self._model = ""
        self._turn: Turn | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def streams(self) -> bool:
        """Whether words are sent during speech."""
        return self._model in STREAMING

    async def run(self, refusal: Response | None) -> None:
        """From the handshake to the end."""
        try:
            await self._begin(refusal)
            async for frame in self.line.frames():
                with suppress(Ended):
                    await self._do(parsed(frame))
                self._server.tell()
        except Ended:
            async for _ in self.line.frames():
                pass
        finally:
            self.over = True
            for task in self._tasks:
                task.cancel()
            if self._turn:
                self._turn.stop()
            self._server.tell()

    async def _begin(self, refusal: Response | None) -> None:
        await self.line.accept(refusal)
        if "openai-beta" in self.headers:
            await self._beta()
        kind = "realtime" if "model" in self.query else "transcription"
        told = {"id": f"sess_{token_hex(10)}", "object": f"realtime.{kind}_session", "type": kind}
        await self.line.send(event("session.created", session=told))
        await self.line.meet(At.CREATED)

    async def _beta(self) -> None:
        await self.line.send(error(Wrong("The beta's shape is not served any more.", None, "beta_api_shape_disabled")))
        await self.line.close(4000, "beta_api_shape_disabled")
        raise Ended

    async def _do(self, told: dict[str, Any]) -> None:
        match told.get("type"):
            case "session.update":
                wrong = await self._update(told.get("session"))
            case "input_audio_buffer.append":
                wrong = await self._append(told.get("audio"))
            case "input_audio_buffer.commit":
                wrong = self._commit()
            case "input_audio_buffer.clear":
                self._turn, wrong = None, None
                await self.line.send(event("input_audio_buffer.cleared"))
            case "transcription_session.update":
                return await self._beta()
            case kind:
                wrong = Wrong(f"Invalid value: '{kind}'.", "type", "invalid_value")
        if wrong:
            await self.line.send(error(wrong, told.get("event_id")))

    async def _update(self, asked: Any) -> Wrong | None:
        if not isinstance(asked, dict):
            return Wrong("Missing required parameter: 'session'.", "session", "missing_required_parameter")
        self.updates.append(asked)
        if "model" in self.query or self.query.get("intent") != "transcription":
            return Wrong("A realtime session takes no transcription update.", "session.type", "invalid_value")
        if wrong := wrong_session(asked):
            return wrong
        model = asked["audio"]["input"]["transcription"]["model"]
        if self._model and self._model != model and self._turn:
            return Wrong("The model cannot change within an item.", "session.audio.input", "invalid_value")
        self._model = model
        await self.line.send(event("session.updated", session=asked))
        await self.line.meet(At.UPDATED)
        return None

    async def _append(self, audio: Any) -> Wrong | None:
        try:
            data = base64.b64decode(audio, validate=True)
        except (binascii.Error, TypeError, ValueError):
            return Wrong("The audio is not valid base64.", "audio", "invalid_value")
        if len(data) > BIGGEST or len(data) % 2:
            return Wrong("The audio is too long, or half a sample.", "audio", "invalid_value")
        before = self.audio_s
        self.audio_s += len(data) / 2 / PCM_HZ
        if self.audio_s > LONGEST_S:
            await self.line.send(error(Wrong("The session is over after 60 minutes.", None, "session_expired")))
            await self.line.close(1001, "session_expired")
            return None
        self._turn = self._turn or Turn(self)
        self._turn.feed(data)
        if before < AUDIO_S <= self.audio_s:
            await self.line.meet(At.AUDIO)
        return None

    def _commit(self) -> Wrong | None:
        turn = self._turn
        if turn is None or turn.seconds < LEAST_S:
            return Wrong("The buffer has less than 100 ms of audio.", None, "input_audio_buffer_commit_empty")
        self._turn = None
        before = self.items[-1] if self.items else None
        self.items.append(turn.item)
        task = asyncio.get_running_loop().create_task(self._complete(turn, before))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return None

    async def _complete(self, turn: Turn, before: str | None) -> None:
        began = time.perf_counter()
        with suppress(Ended):
            if not await self.line.meet(At.ENDING):
                named = event("input_audio_buffer.committed", item_id=turn.item, previous_item_id=before)
                await self.line.send(named)
                item = {"id": turn.item, "type": "message", "role": "user", "status": "completed"}
                item["content"] = [{"type": "input_audio", "transcript": None}]
                await self.line.send(event("conversation.item.added", item=item, previous_item_id=before))
                await self.line.send(event("conversation.item.done", item=item, previous_item_id=before))
            left_out = await self.line.meet(At.COMMITTED)
            if self._model and not left_out:
                text = await turn.finish()
                self.took_s.append(time.perf_counter() - began)
                await self.line.send(completed(turn.item, text, turn.seconds))
        self._server.tell()


KNOWN: Mapping[str, set[str]] = {
    "session": {"type", "audio", "include"},
    "session.audio": {"input"},
    "session.audio.input": {"format", "noise_reduction", "transcription", "turn_detection"},
    "session.audio.input.transcription": {"model", "language", "languages", "keywords", "prompt", "delay"},
}


def wrong_session(asked: dict[str, Any]) -> Wrong | None:
    """What is wrong with a session that is asked for."""
    here: Any = asked
    for path, names in KNOWN.items():
        here = asked
        for name in path.split(".")[1:]:
            here = here.get(name)
            if not isinstance(here, dict):
                return Wrong(f"Missing required parameter: '{path}'.", path, "missing_required_parameter")
        for name in here.keys() - names:
            return Wrong(f"Unknown parameter: '{path}.{name}'.", f"{path}.{name}", "unknown_parameter")
    if asked.get("type") != "transcription":
        return Wrong("The session's type has to be 'transcription'.", "session.type", "invalid_value")
    heard = asked["audio"]["input"]
    if heard.get("format") != {"type": "audio/pcm", "rate": PCM_HZ}:
        return Wrong("Only audio/pcm at 24000 is built here.", "session.audio.input.format", "invalid_value")
    if heard.get("turn_detection") is not None:
        return Wrong("Turn detection is not supported.", "session.audio.input.turn_detection", "invalid_value")
    chosen, where = heard["transcription"], "session.audio.input.transcription."
    accepts = LIVE.get(chosen.get("model"))
    if accepts is None:
        return no_model(str(chosen.get("model")))
    if "delay" in chosen and chosen["model"] != "gpt-realtime-whisper":
        return Wrong("'delay' is not supported with this model.", f"{where}delay", "unsupported_parameter")
    lists = {name: chosen.get(name) or [] for name in ("languages", "keywords")}
    return wrong_hints(accepts, lists, chosen.get("language"), bool(chosen.get("prompt")), where)
