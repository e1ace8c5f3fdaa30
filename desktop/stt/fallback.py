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

from desktop.core.errors import Problem, RecognizerProblem, ServiceProblem
from desktop.core.interfaces import Heard, Recognizer, Shared
from desktop.core.types import RATE_HZ, Frame, Sent, Transcript

logger = logging.getLogger(__name__)

type Policy = Literal["fallback", "best", "fastest"]
"""How to choose between two answers.

`fallback`: the service's answer, the local one if it fails or is late. `best`: the better of those available at the
deadline. `fastest`: the first.
"""

type Answer = Transcript | Problem | None
"""The answer of one recognizer; None while it is pending."""

ALONE_S = 10.0
"""Seconds beyond the deadline that a service is waited for without a local answer.

A text after ten seconds is better than none, and the recording is kept anyway. Audio from a file is still being sent
then: the time in which more of it is accepted does not count, and a quarter of its length is added for the answer.
"""

SHARE = 0.5
"""Share of the local text's letters below which a service's text has lost something: engines differ by a few
percent."""

ABSENT = RecognizerProblem("There is no local model.", "Install one: intone models pull base")


@dataclass(frozen=True, slots=True)
class Rules:
    """The policy, the seconds from the end of speech to the deadline, and the service's name."""

    policy: Policy
    deadline_s: float
    name: str


def decide(rules: Rules, service: Answer, local: Answer, late: bool) -> Answer:
    """Return the answer to use now, None to wait. `is_late`: the deadline has passed.

    If both failed it is the service's error, since it was chosen; likewise if the service failed and the local text is
    empty. An empty text is `agreed` if both are empty; an empty one of the service alone is checked later
    (`stt.silence`). The local transcript gets a `note` on why it was used, except with `fastest`.
    """
    match service, local:
        case Transcript() as said, Transcript() as heard:
            if not said.text and heard.text:
                return _noted(heard, f"{rules.name} heard nothing.")
            if rules.policy == "best" and letters(said.text) < SHARE * letters(heard.text):
                return _noted(heard, f"{rules.name} sent much less text.")
            return said if said.text else replace(said, agreed=True)
        case Transcript() as said, None if not said.text or (rules.policy == "best" and not late):
            return None
        case Transcript() as said, _:
            return said
        case Problem() as problem, Transcript() as heard if heard.text:
            return _noted(heard, problem.title)
        case Problem() as problem, Transcript() | Problem():
            return problem
        case None, Transcript() as heard if rules.policy == "fastest" and heard.text:
            return heard
        case None, Transcript() as heard if late and heard.text:
            return _noted(heard, f"{rules.name} did not answer in {rules.deadline_s:g} s.")
        case _:
            return None


def given_up_at(late_at: float, sending_s: float, heard_s: float) -> float:
    """Return the time at which a service without a local answer is given up.

    It is late at `late_at`. `last_sent_s` is when it last accepted more of the `audio_s` seconds of audio, in seconds
    after the end of speech (negative before it).
    """
    return late_at + max(0.0, sending_s) + ALONE_S + heard_s / 4


def letters(text: str) -> int:
    """Return the number of letters and digits in `text`, which does not depend on punctuation style."""
    return sum(character.isalnum() for character in text)


def _noted(heard: Transcript, why: str) -> Transcript:
    return replace(heard, note=f"{why} Used the local text.")


class Choice:
    """`core.interfaces.Recognizer` that gives all speech to `service` and, if there is one, to `local`, and chooses by
    the rules."""

    def __init__(self, service: Recognizer, local: Recognizer | None, rules: Rules) -> None:
        self._service = service
        self._local = local
        self._rules = rules

    async def transcribe(self, speech: AsyncIterable[Frame], show: Callable[[Transcript], None]) -> Transcript:
        """See `core.interfaces.Recognizer`."""
        take = _Take(self._rules, show)
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(take.ask, "service", self._service, take.ear(speech))
                if self._local is None:
                    take.answers["local"] = ABSENT
                else:
                    tasks.start_soon(take.ask, "local", self._local, take.ear(speech))
                await take.feed(speech)
                answer = await take.answer()
                tasks.cancel_scope.cancel()
        except* Problem as problems:
            raise problems.exceptions[0] from None
        return replace(take.voiced(answer), sent=take.sent)


class _Take:
    """One dictation."""

    def __init__(self, rules: Rules, show: Callable[[Transcript], None]) -> None:
        self.answers: dict[str, Answer] = {"service": None, "local": None}
        self.sent: tuple[Sent, ...] = ()
        self._rules = rules
        self._show = show
        self._service_tells = False
        self._shown = Transcript()
        self._voice = Transcript()
        self._ears: list[MemoryObjectSendStream[Frame]] = []
        self._news = anyio.Event()
        self._heard_s = 0.0
        self._sent_at = -math.inf

    def ear(self, speech: AsyncIterable[Frame]) -> Heard:
        """Return a reader of `speech`: its own if it supports several readers, else one fed by `feed` from memory."""
        if isinstance(speech, Shared):
            return speech.ear()
        send, frames = anyio.create_memory_object_stream[Frame](math.inf)
        self._ears.append(send)
        return frames

    async def feed(self, speech: AsyncIterable[Frame]) -> None:
        """Read `speech` to its end and pass it to the readers made here."""
        async for frame in speech:
            self._heard_s += len(frame) / RATE_HZ
            for ear in self._ears:
                with suppress(anyio.BrokenResourceError):  # a recognizer that failed reads no more
                    ear.send_nowait(frame)
        for ear in self._ears:
            await ear.aclose()

    async def ask(self, who: str, recognizer: Recognizer, frames: Heard) -> None:
        """Run `recognizer` and store its answer. An exception in one does not lose the answer of the other."""
        async with aclosing(frames):
            try:
                said = await recognizer.transcribe(frames, lambda partial: self._partly(who, partial))
            except Problem as problem:
                self.answers[who] = problem
            except Exception:
                logger.exception("one of two recognizers failed")
                self.answers[who] = RecognizerProblem("Something went wrong in Intone.", "The log says more.")
            else:
                self._count(said)
                self.answers[who] = said
            news, self._news = self._news, anyio.Event()
            news.set()

    def voiced(self, answer: Transcript) -> Transcript:
        """Return `answer`, a service's with the voice state that the local model measured so far."""
        if answer.voice is not None or self._voice.voice is None:
            return answer
        return replace(answer, voice=self._voice.voice, voice_model=self._voice.model)

    async def answer(self) -> Transcript:
        """Return the chosen answer, after the end of speech. Raises `UserError` if neither has one."""
        began_at = anyio.current_time()
        late_at = began_at + self._rules.deadline_s
        while True:
            now = anyio.current_time()
            over_at = given_up_at(late_at, self._sent_at - began_at, self._heard_s)
            service, local = self.answers["service"], self.answers["local"]
            found = decide(self._rules, service, local, now >= late_at)
            if isinstance(found, Problem):
                raise found
            if found is not None:
                return found
            if now >= over_at and (local is not None or isinstance(service, Transcript)):
                raise self._unanswered(now - began_at)
            wake_at = late_at if now < late_at else over_at if now < over_at else math.inf
            with anyio.CancelScope(deadline=wake_at):
                await self._news.wait()

    def _unanswered(self, waited_s: float) -> ServiceProblem:
        name, kept = self._rules.name, "What you said is kept. Try again."
        if self.answers["service"] is None:
            return ServiceProblem(f"{name} did not answer in {waited_s:.0f} s.", kept)
        return ServiceProblem(f"{name} heard nothing, and the local engine did not answer in {waited_s:.0f} s.", kept)

    def _partly(self, who: str, partial: Transcript) -> None:
        """Show a partial transcript: the service's if it streams, else the local one."""
        self._count(partial)
        if who == "service" and partial.text:
            self._service_tells = True
            self._shown = partial
        elif who == "local" and not self._service_tells:
            self._shown = replace(partial, settled=0)
        self._show(replace(self._shown, sent=self.sent))

    def _count(self, said: Transcript) -> None:
        if said.voice is not None:
            self._voice = said
        if said.sent:
            if _bytes(said.sent) > _bytes(self.sent):
                self._sent_at = anyio.current_time()
            self.sent = said.sent


def _bytes(sent: tuple[Sent, ...]) -> int:
    """Return the bytes of audio that left the machine."""
    return sum(part.audio_bytes for part in sent)
