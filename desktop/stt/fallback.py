"""Choose between the answer of a service and that of the local model.

`choose_answer` is pure and contains the whole policy. The user has released the key and waits for the text. So the
deadline ends nothing: after it the service loses its precedence, and the first answer with words wins. An empty answer
counts only if both agree, since the speech is discarded then: a lost sentence costs more than a strange one, and
silence need not be quick.
"""

from __future__ import annotations

import logging
import math
from collections.abc import AsyncIterable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from typing import Literal

import anyio
from anyio.streams.memory import MemoryObjectSendStream

from desktop.audio.buffer import AudioBuffer
from desktop.core.errors import RecognizerError, ServiceError, UserError
from desktop.core.interfaces import AudioReader, Recognizer
from desktop.core.messages import Message
from desktop.core.tasks import Notifier
from desktop.core.text import remove_invisible
from desktop.core.types import RATE_HZ, Frame, SentData, Transcript

logger = logging.getLogger(__name__)

type FallbackPolicy = Literal["fallback", "best", "fastest"]
"""How to choose between two answers.

`fallback`: the service's answer, the local one if it fails or is late. `best`: the better of those available at the
deadline. `fastest`: the first.
"""

type RecognizerAnswer = Transcript | UserError | None
"""The answer of one recognizer; None while it is pending."""

SERVICE_ALONE_S = 10.0
"""Seconds beyond the deadline that a service is waited for without a local answer.

A text after ten seconds is better than none, and the recording is kept anyway. Audio from a file is still being sent
then: the time in which more of it is accepted does not count, and a quarter of its length is added for the answer.
"""

MIN_LETTER_SHARE = 0.5
"""Share of the local text's letters below which a service's text has lost something: engines differ by a few
percent."""

NO_LOCAL_MODEL = RecognizerError("local-model-missing")


@dataclass(frozen=True, slots=True)
class FallbackRules:
    """The policy, the seconds from the end of speech to the deadline, and the service's name."""

    policy: FallbackPolicy
    deadline_s: float
    name: str


def choose_answer(
    rules: FallbackRules, service: RecognizerAnswer, local: RecognizerAnswer, is_late: bool
) -> RecognizerAnswer:
    """Return the answer to use now, None to wait. `is_late`: the deadline has passed.

    If both failed it is the service's error, since it was chosen; likewise if the service failed and the local text is
    empty. Silence is confirmed (`silence_confirmed`) if both texts are empty; an empty one of the service alone is
    checked later (`desktop.stt.silence`). The local transcript gets `notes` on why it was used, except with `fastest`.
    """
    match service, local:
        case Transcript(), Transcript():
            if not service.text and local.text:
                return _with_reason(local, Message("recognizer-heard-nothing", service=rules.name))
            if rules.policy == "best" and count_letters(service.text) < MIN_LETTER_SHARE * count_letters(local.text):
                return _with_reason(local, Message("recognizer-sent-less", service=rules.name))
            return service if service.text else replace(service, silence_confirmed=True)
        case Transcript(), None if not service.text or (rules.policy == "best" and not is_late):
            return None
        case Transcript(), _:
            return service
        case UserError(), Transcript() if local.text:
            return _with_reason(local, Message("problem-title", problem=service.message))
        case UserError(), Transcript() | UserError():
            return service
        case None, Transcript() if rules.policy == "fastest" and local.text:
            return local
        case None, Transcript() if is_late and local.text:
            return _with_reason(local, Message("service-late", service=rules.name, seconds=f"{rules.deadline_s:g}"))
        case _:
            return None


def compute_give_up_time(late_at: float, last_sent_s: float, audio_s: float) -> float:
    """Return the time at which a service without a local answer is given up.

    It is late at `late_at`. `last_sent_s` is when it last accepted more of the `audio_s` seconds of audio, in seconds
    after the end of speech (negative before it).
    """
    return late_at + max(0.0, last_sent_s) + SERVICE_ALONE_S + audio_s / 4


def count_letters(text: str) -> int:
    """Return the number of letters and digits in `text`, which does not depend on punctuation style."""
    return sum(character.isalnum() for character in text)


def _with_reason(transcript: Transcript, reason: Message) -> Transcript:
    return replace(transcript, notes=(reason, Message("local-text-used")))


class FallbackRecognizer:
    """`desktop.core.interfaces.Recognizer` that gives all speech to `service` and, if there is one, to `local`, and
    chooses by the rules."""

    def __init__(self, service: Recognizer, local: Recognizer | None, rules: FallbackRules) -> None:
        self._service = service
        self._local = local
        self._rules = rules

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        """See `desktop.core.interfaces.Recognizer`."""
        session = _FallbackSession(self._rules, on_partial)
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(session.run_recognizer, "service", self._service, session.open_reader(speech))
                if self._local is None:
                    session.answers["local"] = NO_LOCAL_MODEL
                else:
                    tasks.start_soon(session.run_recognizer, "local", self._local, session.open_reader(speech))
                await session.feed(speech)
                answer = await session.wait_for_answer()
                tasks.cancel_scope.cancel()
        except* UserError as problems:
            raise problems.exceptions[0] from None
        return replace(session.add_voice(answer), sent=session.sent)


class _FallbackSession:
    """One dictation."""

    def __init__(self, rules: FallbackRules, on_partial: Callable[[Transcript], None]) -> None:
        self.answers: dict[str, RecognizerAnswer] = {"service": None, "local": None}
        self.sent: tuple[SentData, ...] = ()
        self._rules = rules
        self._on_partial = on_partial
        self._service_streams = False
        self._shown = Transcript()
        self._voice_transcript = Transcript()
        self._feeds: list[MemoryObjectSendStream[Frame]] = []
        self._changed = Notifier()
        self._audio_s = 0.0
        self._last_sent_at = -math.inf

    def open_reader(self, speech: AsyncIterable[Frame]) -> AudioReader:
        """Return a reader of `speech`: a buffer's own, else one fed by `feed` from memory."""
        if isinstance(speech, AudioBuffer):
            return speech.open_reader()
        send, frames = anyio.create_memory_object_stream[Frame](math.inf)
        self._feeds.append(send)
        return frames

    async def feed(self, speech: AsyncIterable[Frame]) -> None:
        """Read `speech` to its end and pass it to the readers made here."""
        async for frame in speech:
            self._audio_s += len(frame) / RATE_HZ
            for feed in self._feeds:
                with suppress(anyio.BrokenResourceError):  # a recognizer that failed reads no more
                    feed.send_nowait(frame)
        for feed in self._feeds:
            await feed.aclose()

    async def run_recognizer(self, source: str, recognizer: Recognizer, frames: AudioReader) -> None:
        """Run `recognizer` and store its answer. An exception in one does not lose the answer of the other."""
        async with aclosing(frames):
            try:
                transcript = await recognizer.transcribe(frames, lambda partial: self._show_partial(source, partial))
                if source == "service":
                    transcript = _without_invisible(transcript)
            except UserError as problem:
                self.answers[source] = problem
            except Exception:
                logger.exception("one of two recognizers failed")
                self.answers[source] = RecognizerError("app-internal-error")
            else:
                self._note_transcript(transcript)
                self.answers[source] = transcript
            self._changed.notify()

    def add_voice(self, answer: Transcript) -> Transcript:
        """Return `answer`, a service's with the voice state that the local model measured so far."""
        heard = self._voice_transcript
        if answer.voice is not None or heard.voice is None:
            return answer
        return replace(answer, voice=heard.voice, voice_model=heard.voice_model or heard.model)

    async def wait_for_answer(self) -> Transcript:
        """Return the chosen answer, after the end of speech. Raises `UserError` if neither has one."""
        started_at = anyio.current_time()
        late_at = started_at + self._rules.deadline_s
        while True:
            now = anyio.current_time()
            give_up_at = compute_give_up_time(late_at, self._last_sent_at - started_at, self._audio_s)
            service, local = self.answers["service"], self.answers["local"]
            answer = choose_answer(self._rules, service, local, now >= late_at)
            if isinstance(answer, UserError):
                raise answer
            if answer is not None:
                return answer
            if now >= give_up_at and (local is not None or isinstance(service, Transcript)):
                raise self._timeout_error(now - started_at)
            wake_at = late_at if now < late_at else give_up_at if now < give_up_at else math.inf
            with anyio.CancelScope(deadline=wake_at):
                await self._changed.wait()

    def _timeout_error(self, waited_s: float) -> ServiceError:
        name, seconds = self._rules.name, f"{waited_s:.0f}"
        if self.answers["service"] is None:
            return ServiceError("recognizer-late", service=name, seconds=seconds)
        return ServiceError("recognizers-without-words", service=name, seconds=seconds)

    def _show_partial(self, source: str, partial: Transcript) -> None:
        """Show a partial transcript: the service's if it streams, else the local one."""
        self._note_transcript(partial)
        if source == "service" and partial.text:
            self._service_streams = True
            self._shown = _without_invisible(partial)
        elif source == "local" and not self._service_streams:
            self._shown = replace(partial, stable_length=0)
        self._on_partial(replace(self._shown, sent=self.sent))

    def _note_transcript(self, transcript: Transcript) -> None:
        if transcript.voice is not None:
            self._voice_transcript = transcript
        if transcript.sent:
            if _count_audio_bytes(transcript.sent) > _count_audio_bytes(self.sent):
                self._last_sent_at = anyio.current_time()
            self.sent = transcript.sent


def _without_invisible(transcript: Transcript) -> Transcript:
    """Return a service's transcript without invisible characters, which no speech has and a window may obey."""
    settled, rest = transcript.text[: transcript.stable_length], transcript.text[transcript.stable_length :]
    settled, rest = remove_invisible(settled), remove_invisible(rest)
    segments = tuple(replace(segment, text=remove_invisible(segment.text)) for segment in transcript.segments)
    return replace(transcript, text=settled + rest, stable_length=len(settled), segments=segments)


def _count_audio_bytes(sent: tuple[SentData, ...]) -> int:
    """Return the bytes of audio that left the machine."""
    return sum(part.audio_bytes for part in sent)
